package plots

import (
	"fmt"
	"strings"
)

// Images is rows of small grey pictures and, below each picture, what was read in it,
// a line for each reader. Where room is short the pictures get smaller, then they
// become dots, then words: no row and no line is left out.
type Images struct {
	Names  []string   // what the pictures show, for tables and where there is no room for pictures
	Groups []string   // over the pictures, which are dealt to them evenly; each group may show fewer
	Rows   []ImageRow // of as many pictures each
	Totals string     // heads what stands at the end of lines: "of 360"
}

// ImageRow is pictures beside each other, and what is read in them.
type ImageRow struct {
	Name     string // "turned"
	Pictures []Picture
	Readings []Reading
}

// Picture is rows of grey from 0, paper, to 1, ink. Values beyond are drawn as the
// nearer of the two. A picture without rows is empty paper.
type Picture [][]float64

// Reading is what one reader reads in the pictures of a row.
type Reading struct {
	Name     string // the reader: "LoRA"
	Style    Style
	Captions []Caption // one a picture
	Total    string    // at the end of the line: "96.9 %"
}

// Caption is what one reader reads in one picture. The zero value is nothing yet.
type Caption struct {
	Text    string // short: "7"
	More    string // where there is room: "98 %"
	Verdict Verdict
}

// Verdict is whether something was read right.
type Verdict uint8

const (
	Unjudged Verdict = iota
	Right
	Wrong
)

// sign is the glyph of a verdict. It needs no colour.
func (v Verdict) sign(ascii bool) string {
	switch {
	case v == Right && ascii:
		return " ok"
	case v == Wrong && ascii:
		return " no"
	case v == Right:
		return " ✓"
	case v == Wrong:
		return " ✗"
	}
	return ""
}

// words is the verdict in a sentence.
func (v Verdict) words() string { return [...]string{"", ", right", ", wrong"}[v] }

// imageKind is the kind for pictures.
type imageKind struct {
	fig    *Figure
	images *Images
}

func (k imageKind) empty() bool {
	for _, row := range k.images.Rows {
		for _, p := range row.Pictures {
			if len(p) > 0 {
				return false
			}
		}
	}
	return true
}

// rows counts pictures drawn as dots.
func (k imageKind) rows() int {
	_, high := k.images.pixels()
	return k.images.height((high + 3) / 4)
}

// pixels is the size of the largest picture.
func (m *Images) pixels() (wide, high int) {
	for _, row := range m.Rows {
		for _, p := range row.Pictures {
			high = max(high, len(p))
			for _, line := range p {
				wide = max(wide, len(line))
			}
		}
	}
	if wide == 0 || high == 0 {
		return 8, 8 // of empty paper
	}
	return wide, high
}

// count is how many pictures a row has.
func (m *Images) count() int {
	n := 0
	for _, row := range m.Rows {
		n = max(n, len(row.Pictures))
	}
	return n
}

// groups is how many groups the pictures are in, at least one.
func (m *Images) groups() int { return min(max(1, len(m.Groups)), max(1, m.count())) }

// height is the lines that all rows take with pictures of so many.
func (m *Images) height(band int) int {
	lines := 0
	if len(m.Groups) > 0 {
		lines++
	}
	for _, row := range m.Rows {
		lines += max(band, 1) + len(row.Readings)
	}
	return lines
}

// caption returns what a line says of a picture.
func (l Reading) caption(i int) Caption {
	if i < len(l.Captions) {
		return l.Captions[i]
	}
	return Caption{}
}

// grey is the share of ink at a pixel.
func (p Picture) grey(x, y int) float64 {
	if y < 0 || y >= len(p) || x < 0 || x >= len(p[y]) || !finite(p[y][x]) {
		return 0
	}
	return min(1, max(0, p[y][x]))
}

func (k imageKind) build(ch *chart) drawing {
	if len(k.images.Rows) == 0 {
		return ch.blank()
	}
	p := ch.plot
	p.HideAxes()
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	return imageDrawing{ch, k.images}
}

// table is a sentence for each picture: grey pixels say nothing to a screen reader.
func (k imageKind) table(b *strings.Builder, _ int) {
	m := k.images
	for i := range m.count() {
		fmt.Fprintf(b, "image %d", i+1)
		if per := m.count() / m.groups(); len(m.Groups) > 0 && per > 0 {
			fmt.Fprintf(b, ", %s", plain(m.Groups[min(i/per, len(m.Groups)-1)]))
		}
		if i < len(m.Names) {
			fmt.Fprintf(b, ", a %s", plain(m.Names[i]))
		}
		for _, row := range m.Rows {
			var said []string
			for _, line := range row.Readings {
				c := line.caption(i)
				if c.Text == "" {
					continue
				}
				words := line.Name + " reads " + c.Text + c.Verdict.words()
				if c.More != "" {
					words += " (" + c.More + ")"
				}
				said = append(said, words)
			}
			if len(said) > 0 {
				b.WriteString("; ")
				if row.Name != "" {
					fmt.Fprintf(b, "%s: ", plain(row.Name))
				}
				b.WriteString(plain(strings.Join(said, "; ")))
			}
		}
		b.WriteByte('\n')
	}
	for _, row := range m.Rows {
		for _, line := range row.Readings {
			if line.Total != "" {
				fmt.Fprintln(b, plain(strings.Trim(row.Name+", "+line.Name+": "+line.Total+" "+m.Totals, ", ")))
			}
		}
	}
}
