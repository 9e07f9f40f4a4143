package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"loralab/lora"
	"loralab/lora/number"
)

func (r *adapterReport) print(out io.Writer) error {
	p := &printer{}
	p.wrap("", r.title())
	p.line("")
	r.printModules(p)
	p.line("")
	r.printKinds(p)
	p.line("")
	r.printTotals(p)
	printRemarks(p, r.Remarks)
	return p.to(out)
}

// printModules prints a line for each module. The name comes last: of all
// columns it alone has no bound.
func (r *adapterReport) printModules(p *printer) {
	names := make([]string, len(r.Modules))
	for i, m := range r.Modules {
		names[i] = m.Name
	}
	names, left := withoutPrefix(names)
	rows := [][]string{{"r", "s", "‖s·B·A‖", "stable", "effective", "90 %", "99 %", "module"}}
	for i, m := range r.Modules {
		row := []string{strconv.Itoa(m.Rank), short(m.Scale), m.norm(), "·", "·", "·", "·", names[i]}
		if s := m.Spectrum; s != nil && s.Norm > 0 {
			row[3], row[4] = fmt.Sprintf("%.2f", s.StableRank), fmt.Sprintf("%.2f", s.EffectiveRank)
			row[5], row[6] = strconv.Itoa(s.Rank90), strconv.Itoa(s.Rank99)
		}
		rows = append(rows, row)
	}
	p.table(rows)
	p.wrap("", "Directions of s·B·A, of r: stable is Σσ²/σ₁², effective exp of the entropy of σ/Σσ; 90 % and 99 % are the smallest ranks that hold so much of Σσ²."+left)
}

// norm writes ‖s·B·A‖, or why there is none.
func (m adapterModule) norm() string {
	switch {
	case m.NonFinite > 0:
		return "NaN, ∞"
	case m.AZero && m.BZero:
		return "A = B = 0"
	case m.AZero:
		return "A = 0"
	case m.BZero:
		return "B = 0"
	case m.Scale == 0:
		return "s = 0"
	case m.Spectrum == nil:
		return "overflow"
	}
	return short(m.Spectrum.Norm)
}

func (r *adapterReport) printKinds(p *printer) {
	rows := [][]string{{"modules", "α", "s", "A", "B", "type", "share", "kind"}}
	for _, k := range r.Kinds {
		share := "·"
		if r.Norm > 0 {
			share = fmt.Sprintf("%.1f %%", 100*k.Share)
		}
		rows = append(rows, []string{strconv.Itoa(k.Modules), exact(k.Alpha), short(k.Scale), shapeText(k.A), shapeText(k.B), k.DType, share, printable(k.Kind)})
	}
	p.table(rows)
	p.line("Share is that of Σ‖s·B·A‖² over all modules.")
}

// printTotals says what the adapter is as a whole. It comes after the tables,
// which may be longer than a screen.
func (r *adapterReport) printTotals(p *printer) {
	p.line("%s, %s trained parameters, %s bytes", number.Plural(len(r.Modules), "module"), number.Count(int64(r.Params)), number.Count(r.Bytes))
	line := "s = " + r.scaling()
	if r.Modules[0].Rank == 1 || r.mixed() {
		line += "."
	} else {
		line += fmt.Sprintf(" (%s would be %s).", r.otherRule(), short(r.Modules[0].Other))
	}
	p.wrap("", line)
	if targets := r.targets(); targets != "" {
		p.wrap("", targets)
	}
	if r.Norm > 0 {
		p.line("√Σ‖s·B·A‖² = %s, the norm of all updates together.", short(r.Norm))
	}
	if r.Rank99 != nil {
		line := fmt.Sprintf("Rank %d holds 99 %% of Σσ² in every module", r.Rank99.Every)
		if r.Rank99.Half < r.Rank99.Every {
			line += fmt.Sprintf(", rank %d in half of them", r.Rank99.Half)
		}
		p.wrap("", line+".")
	}
}

func (r *adapterReport) title() string {
	title := "LoRA adapter"
	if r.DoRA {
		title = "DoRA adapter"
	}
	if r.BaseModel != "" {
		title += " of " + printable(r.BaseModel)
	}
	if r.TaskType != "" {
		title += ", " + printable(r.TaskType)
	}
	return title
}

// scaling says how s comes about.
func (r *adapterReport) scaling() string {
	if r.mixed() {
		return r.Rule + ", which differs between modules"
	}
	m, root := r.Modules[0], ""
	if r.Rule == lora.AlphaOverSqrtR.String() {
		root = "√"
	}
	return fmt.Sprintf("%s = %s/%s%d = %s", r.Rule, exact(m.Alpha), root, m.Rank, short(m.Scale))
}

// mixed reports whether modules differ in r or α.
func (r *adapterReport) mixed() bool {
	m := r.Modules[0]
	return slices.ContainsFunc(r.Modules, func(o adapterModule) bool { return o.Rank != m.Rank || o.Alpha != m.Alpha })
}

func (r *adapterReport) otherRule() string {
	if rule := lora.AlphaOverR.String(); r.Rule != rule {
		return rule
	}
	return lora.AlphaOverSqrtR.String()
}

func (r *adapterReport) targets() string {
	switch {
	case r.TargetPattern != "":
		return "target_modules: " + printable(r.TargetPattern)
	case len(r.TargetModules) > 0:
		return "target_modules: " + someOf(r.TargetModules, 24)
	}
	return ""
}

// withoutPrefix takes off the parts that all names begin with, and returns a
// sentence that says so, "" if there are none.
func withoutPrefix(names []string) (short []string, left string) {
	prefix := ""
	if len(names) > 1 {
		prefix = names[0]
		for _, name := range names[1:] {
			n := 0
			for n < min(len(prefix), len(name)) && prefix[n] == name[n] {
				n++
			}
			prefix = prefix[:strings.LastIndexByte(prefix[:n], '.')+1]
		}
	}
	if prefix != "" {
		left = " All names begin with " + printable(prefix+"…")
	}
	for _, name := range names {
		short = append(short, printable(strings.TrimPrefix(name, prefix)))
	}
	return short, left
}

// someOf lists the first names, quoted where they do not print.
func someOf(names []string, most int) string {
	var shown []string
	for _, name := range names[:min(most, len(names))] {
		shown = append(shown, printable(name))
	}
	list := strings.Join(shown, ", ")
	if more := len(names) - most; more > 0 {
		list += fmt.Sprintf(" and %s more", number.Count(int64(more)))
	}
	return list
}

// short writes a number with four digits.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// exact writes a number that somebody chose.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// table prints rows in columns, the last one to the left and the others to the
// right.
func (p *printer) table(rows [][]string) {
	wide := widths(rows)
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row[:len(row)-1] {
			b.WriteString(strings.Repeat(" ", wide[i]-ansi.StringWidth(cell)))
			b.WriteString(cell + "  ")
		}
		p.line("%s", b.String()+row[len(row)-1])
	}
}
