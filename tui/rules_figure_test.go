package tui

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/lab"
	"loralab/lora/ascii"
	"loralab/plots"
)

// leastPlotRows is how high the data of a figure are at 80×24.
const leastPlotRows = 10

// figureRules hold of every figure that is in view.
func figureRules() []rule {
	return []rule{
		{"a figure is drawn", func(s *sight) []string {
			if s.panel == nil || s.panel.drawn != "" || s.panel.trial.Record() == nil {
				return nil
			}
			return []string{"there is a record and no figure"}
		}},
		{"a figure has its rows", func(s *sight) []string {
			if s.fig == nil || s.fig.Flow != nil || s.panel.trial.Record() == nil { // a flow has no axis, but ways
				return nil
			}
			if n := plotRows(drawing(s)); n > 0 && n < leastPlotRows {
				return []string{fmt.Sprintf("%d rows of data, want %d", n, leastPlotRows)}
			}
			return nil
		}},
		{"no row is left out", func(s *sight) []string {
			if s.fig == nil {
				return nil
			}
			return regexp.MustCompile(`(…|~) ?\d+ more`).FindAllString(drawing(s), -1)
		}},
		{"every name is there", func(s *sight) (bad []string) {
			if s.fig == nil || s.fig.Empty() {
				return nil
			}
			text := drawing(s)
			for _, name := range namesIn(s.fig) {
				if written(name, text, s.look) == "" {
					bad = append(bad, name)
				}
			}
			return bad
		}},
		{"no two names are written alike", func(s *sight) (bad []string) {
			if s.fig == nil || s.fig.Empty() {
				return nil
			}
			text, by := drawing(s), map[string]string{}
			for _, name := range namesIn(s.fig) {
				form := written(name, text, s.look)
				if other, ok := by[form]; ok && form != "" {
					bad = append(bad, fmt.Sprintf("%q and %q are both %q", other, name, form))
				}
				by[form] = name
			}
			return bad
		}},
		{"series differ without colour", func(s *sight) (bad []string) {
			if s.fig == nil || s.fig.Empty() || !s.look.Mono {
				return nil
			}
			text, by := drawing(s), map[string]string{}
			for _, name := range lineNames(s.fig) {
				sample := sampleOf(written(name, text, s.look), text)
				if other, ok := by[sample]; ok && sample != "" {
					bad = append(bad, fmt.Sprintf("%q and %q are both drawn as %q", other, name, sample))
				}
				by[sample] = name
			}
			return bad
		}},
		{"the caption is there", func(s *sight) []string {
			if s.fig == nil || s.panel.trial.Record() == nil || s.fig.Caption == "" || s.bench || s.panel.of.Covered { // the bench explains the knob that is turned, and before a class no figure says what there will be to see
				return nil
			}
			first := strings.Join(strings.Fields(s.fig.Caption)[:3], " ")
			if !strings.Contains(s.text, asciiIf(first, s.look)) {
				return []string{s.fig.Caption}
			}
			return nil
		}},
	}
}

// drawing is the figure as it is drawn, without colour.
func drawing(s *sight) string { return ansi.Strip(s.panel.drawn) }

// axisLine is the line at the left of the data, heavy between a guess and the truth, and
// the corner below it.
var axisLine = regexp.MustCompile(`^[^│┤┃┨└┗|+]{0,20}([│┤┃┨└┗])`)

// plotRows is how many rows of data a drawing with axes has, 0 where it has none.
func plotRows(text string) int {
	n := 0
	for _, line := range strings.Split(text, "\n") {
		switch m := axisLine.FindStringSubmatch(line); {
		case m == nil:
		case m[1] == "└" || m[1] == "┗":
			return n
		default:
			n++
		}
	}
	return 0
}

// lineNames are the names of all that is drawn along an axis.
func lineNames(f *plots.Figure) (all []string) {
	for _, l := range f.Lines {
		all = append(all, l.Name)
	}
	for _, l := range f.Levels {
		all = append(all, l.Name)
	}
	for _, p := range f.Points {
		all = append(all, p.Name)
	}
	return slices.DeleteFunc(all, func(name string) bool { return name == "" })
}

// namesIn are all names that a figure shows, once each.
func namesIn(f *plots.Figure) []string {
	all := lineNames(f)
	if f.Bars != nil {
		all = append(all, f.Bars.Names...)
		for _, s := range f.Bars.Series {
			all = append(all, s.Name)
		}
	}
	if f.Heat != nil {
		all = append(all, f.Heat.RowNames...)
		all = append(all, f.Heat.ColNames...)
	}
	if l := f.Flow; l != nil {
		all = append(all, l.In.Name, l.Weight.Name+" ", l.Down.Name, l.Up.Name, l.Out.Name+" ", l.Out.Note)
		if l.Down.Name != "" { // there is a detour
			all = append(all, l.Main.Note, l.Side.Note)
		}
	}
	if p := f.Product; p != nil {
		all = append(all, p.Name, p.Left.Name, p.Top.Name, p.Beside.Name)
	}
	for _, m := range f.Marks {
		label := m.Label
		if m.Truth && f.Images != nil { // it is the number at the end of its row
			label = strings.TrimPrefix(label, "the run ")
		}
		all = append(all, label)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// written is how a name stands in a drawing: whole, or shortened in the middle; ""
// where it does not.
func written(name, text string, look Look) string {
	name = asciiIf(name, look)
	if strings.Contains(text, name) {
		return name
	}
	runes := []rune(name)
	for _, dots := range []string{"…", "...", "~"} {
		for keep := len(runes) - 1; keep >= 4; keep-- {
			for head := keep - 1; head >= 1; head-- {
				form := string(runes[:head]) + dots + string(runes[len(runes)-(keep-head):])
				if strings.Contains(text, form) {
					return form
				}
			}
		}
	}
	return ""
}

// sampleOf is what stands before a name in a legend.
func sampleOf(name, text string) string {
	if name == "" {
		return ""
	}
	for _, line := range strings.Split(text, "\n") {
		before, _, ok := strings.Cut(line, name)
		if !ok {
			continue
		}
		runes := []rune(before)
		return strings.TrimSpace(string(runes[max(len(runes)-6, 0):]))
	}
	return ""
}

// asciiIf is a text as a look writes it.
func asciiIf(text string, look Look) string {
	if !look.ASCII {
		return text
	}
	return ascii.Text(text)
}

// properNames are ids that are the field's own names: they may be read.
var properNames = map[string]bool{"low-rank": true, "break-even": true}

// internalIDs matches the ids of an experiment that have a hyphen and are no names
// that a learner would know: choices, findings, figures.
func internalIDs(all lab.Laboratory) *regexp.Regexp {
	met := map[string]bool{}
	add := func(id string) {
		if strings.Contains(id, "-") && !properNames[id] {
			met[id] = true
		}
	}
	for _, e := range all {
		for _, k := range e.Knobs {
			if k.Name == "model" || k.Name == "targets" {
				continue
			}
			for _, c := range k.Choices {
				add(c)
			}
		}
		for _, f := range e.Findings {
			add(f.Name)
		}
		for _, id := range e.Plots {
			add(id)
		}
	}
	var ids []string
	for id := range met {
		ids = append(ids, regexp.QuoteMeta(id))
	}
	slices.Sort(ids)
	return regexp.MustCompile(`\b(` + strings.Join(ids, "|") + `)\b`)
}
