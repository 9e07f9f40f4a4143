package plots

import (
	"fmt"
	"strings"
)

// Flow is a linear layer at work on one input: In goes through Weight and, where Down
// and Up have names, on a detour through Down and then Up. Out is the sum of both.
// Matrices are drawn in proportion: what has twice as many numbers is twice as large.
type Flow struct {
	In, Out  Signal
	Weight   Matrix // d×k
	Main     Signal // behind Weight
	Down, Up Matrix // r×k and d×r
	Mid      Signal // between the two
	Side     Signal // behind Up
	Factor   string // of the detour: "×2"; "" for none
	Before   string // what a run before came to, where two are compared
}

// Matrix is a weight of a [Flow].
type Matrix struct {
	Name       string
	Rows, Cols int
	Trained    bool     // drawn filled, else as an outline
	Zero       bool     // all of it is 0
	Notes      []string // short: "frozen", "∂ 0.83"
	Codes      []string // of a quantized weight: rows of characters that fill its outline
}

// Signal is a vector on its way through a [Flow].
type Signal struct {
	Name   string
	Size   int
	Values []float64 // all of it or some; nil where there are none yet
	Width  int       // of an image, whose rows Values are; 0 for none
	Note   string    // short: "‖Wx‖ 8.42"
}

// flowKind is the kind for a layer at work.
type flowKind struct {
	fig  *Figure
	data *Flow
}

func (f flowKind) empty() bool { return f.data.Weight.Rows <= 0 || f.data.Weight.Cols <= 0 }

// rows are those at which every name has a row of its own.
func (flowKind) rows() int { return flowRows }

// beside says what the run before came to.
func (f flowKind) beside(before *Figure) *Figure {
	now, old := *f.data, before.Flow
	var parts []string
	if now.detour() && old.detour() && now.Down.label() != old.Down.label() {
		parts = append(parts, old.Down.label())
	}
	for _, note := range []string{old.Side.Note, old.Out.Note} {
		if note != "" {
			parts = append(parts, note)
		}
	}
	now.Before = beforeName(strings.Join(parts, ", "))
	both := *f.fig
	both.Flow = &now
	return &both
}

// detour reports whether there is something beside the weight.
func (f *Flow) detour() bool { return f.Up.Name != "" && f.Down.Name != "" }

// both names the two matrices of the detour, as a [Mark] does.
func (f *Flow) both() string { return f.Down.Name + " and " + f.Up.Name }

// label is what stands at a matrix: its name, its size and what fits of its notes.
func (m *Matrix) label() string { return fmt.Sprintf("%s %d×%d", m.Name, m.Rows, m.Cols) }

// label is what stands at a vector: its name and its size.
func (s *Signal) label() string {
	if s.Size <= 0 {
		return s.Name
	}
	return fmt.Sprintf("%s %d", s.Name, s.Size)
}

// table says in sentences what goes where.
func (f flowKind) table(b *strings.Builder, _ int) {
	d := f.data
	signal := func(s Signal) string {
		text := s.Name
		if s.Size > 0 {
			text += fmt.Sprintf(", %d numbers", s.Size)
		}
		if s.Note != "" {
			text += ", " + s.Note
		}
		return plain(text)
	}
	matrix := func(m Matrix) string {
		notes := append([]string{fmt.Sprintf("%d×%d", m.Rows, m.Cols)}, m.Notes...)
		if m.Trained {
			notes = append(notes, "trained")
		}
		if m.Zero {
			notes = append(notes, "all 0")
		}
		return plain(m.Name + " (" + strings.Join(notes, ", ") + ")")
	}
	fmt.Fprintf(b, "in: %s\n", signal(d.In))
	fmt.Fprintf(b, "through %s: %s\n", matrix(d.Weight), signal(d.Main))
	if d.detour() {
		fmt.Fprintf(b, "beside it through %s: %s\n", matrix(d.Down), signal(d.Mid))
		by := ""
		if d.Factor != "" {
			by = ", " + plain(d.Factor)
		}
		fmt.Fprintf(b, "then through %s%s: %s\n", matrix(d.Up), by, signal(d.Side))
		fmt.Fprintf(b, "out, the sum: %s\n", signal(d.Out))
	} else {
		fmt.Fprintf(b, "out: %s\n", signal(d.Out))
	}
	if d.Before != "" {
		fmt.Fprintln(b, plain(d.Before))
	}
}
