package plots

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// planeMarks are the marks of a plane that have a value: lines across and upwards.
type planeMarks []planeMark

type planeMark struct {
	Mark
	beyond int // -1 or 1 where it is too far out to be on the axis
	gap    int // of what was predicted: 1 + the index of what came out, 0 without
}

// marks are the figure's, placed on the axes of its plot.
func (f plane) marks(p *plot.Plot) planeMarks {
	var all planeMarks
	for _, m := range f.Marks {
		if math.IsNaN(m.Value) {
			continue
		}
		axis, log := p.Y, f.YLog
		if m.Across {
			axis, log = p.X, f.XLog
		}
		pm := planeMark{Mark: m}
		switch {
		case m.Value > axis.Max:
			pm.beyond, pm.Value = 1, axis.Max
		case m.Value < axis.Min || log && !(m.Value > 0):
			pm.beyond, pm.Value = -1, axis.Min
		}
		if arrows := []rune("↓↑"); pm.beyond != 0 {
			if m.Across {
				arrows = []rune("←→")
			}
			pm.Label += " " + string(arrows[(pm.beyond+1)/2])
		}
		all = append(all, pm)
	}
	for i := range all {
		for k := i + 1; k < len(all) && !all[i].Truth; k++ {
			if all[k].Truth && all[k].Across == all[i].Across && all[k].Row == all[i].Row {
				all[i].gap = k + 1
				break
			}
		}
	}
	return all
}

// pointed is the name of a line or a level with what points at it: "LoRA ◂ you".
func (f plane) pointed(name string) string {
	pointed := name
	for _, m := range f.Marks {
		if math.IsNaN(m.Value) && slices.Contains(m.rows(), name) {
			pointed += " " + unbroken("◂ "+m.Label)
		}
	}
	return pointed
}

// shown reports whether the legend has a row of that name.
func (f plane) shown(name string) bool {
	return slices.ContainsFunc(f.Lines, func(l Line) bool { return l.Name == name }) ||
		slices.ContainsFunc(f.Levels, func(l Level) bool { return l.Name == name }) ||
		slices.ContainsFunc(f.Points, func(p Points) bool { return p.Name == name })
}

// add puts the marks onto the plot of a chart and into its legend. On cells those
// across the x axis have their labels beneath it instead.
func (marks planeMarks) add(ch *chart, f plane) {
	_, cells := ch.plot.TextHandler.(cellText)
	for _, m := range marks {
		u := &rule{m, ch.ink}
		ch.plot.Add(u)
		if m.Label != "" && !(cells && m.Across) {
			ch.add(entry{name: m.Label, sample: u, width: lineSample, at: m.Value, rank: markRank, strong: m.Truth})
		}
	}
	for _, m := range marks {
		if m.gap == 0 || m.Across || !cells {
			continue
		}
		truth := marks[m.gap-1]
		if m.beyond == 0 && truth.beyond == 0 && m.Value != truth.Value {
			ch.add(entry{name: "gap", value: short(math.Abs(m.Value - truth.Value)), sample: gapSample{ch.ink}, width: lineSample,
				at: between(m.Value, truth.Value, f.YLog), rank: gapRank, extra: true})
		}
	}
	for _, m := range f.Marks {
		if !math.IsNaN(m.Value) {
			continue
		}
		for _, row := range m.rows() {
			if !f.shown(row) {
				ch.add(entry{name: strings.TrimSpace(row + " ◂ " + m.Label)})
			}
		}
	}
}

// between is the middle of two values as it is drawn.
func between(a, b float64, log bool) float64 {
	if log {
		return math.Sqrt(a) * math.Sqrt(b)
	}
	return a/2 + b/2
}

// rule is a plot.Plotter for a mark: a line across the data, or upwards. On
// cells it is drawn where nothing else is: the data stay whole.
type rule struct {
	mark planeMark
	ink  *Ink
}

// The strokes of marks on cells, across and upwards: of what was predicted, and of
// what came out.
const (
	saidAcross, truthAcross = '╌', '━'
	saidUp, truthUp         = '┆', '┃'
)

// Plot implements plot.Plotter.
func (u *rule) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.X.Norm(u.mark.Value), p.Y.Norm(u.mark.Value)
	at := y
	if u.mark.Across {
		at = x
	}
	if !(at > -1e-9 && at < 1+1e-9) {
		return
	}
	r := inset(c.Rectangle)
	from, to := clamp(r, vg.Point{X: r.Min.X, Y: atY(c, y)}), clamp(r, vg.Point{X: r.Max.X, Y: atY(c, y)})
	if u.mark.Across {
		from, to = clamp(r, vg.Point{X: atX(c, x), Y: r.Min.Y}), clamp(r, vg.Point{X: atX(c, x), Y: r.Max.Y})
	}
	if s := sheetOf(c); s != nil {
		left, low := s.at(from)
		right, high := s.at(to)
		for col := left; col <= right; col++ {
			for row := high; row <= low; row++ {
				s.under(col, row, u.char())
			}
		}
		return
	}
	c.StrokeLine2(u.style(), from.X, from.Y, to.X, to.Y)
}

// char is what the line is drawn with on cells.
func (u *rule) char() rune {
	switch {
	case u.mark.Across && u.mark.Truth:
		return truthUp
	case u.mark.Across:
		return saidUp
	case u.mark.Truth:
		return truthAcross
	}
	return saidAcross
}

func (u *rule) style() draw.LineStyle {
	sty := draw.LineStyle{Color: u.ink.Text, Width: 1.5}
	if !u.mark.Truth {
		sty.Width, sty.Dashes = 1, []vg.Length{4, 3}
	}
	return sty
}

// Thumbnail implements plot.Thumbnailer.
func (u *rule) Thumbnail(c *draw.Canvas) {
	if s := sheetOf(c.Canvas); s != nil {
		col, row := s.at(c.Center())
		wide := int(c.Size().X / cellW)
		for i := range wide {
			s.put(col-wide/2+i, row, string(u.char()), u.ink.Text, false)
		}
		return
	}
	c.StrokeLine2(u.style(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
}

// under puts a character into a cell that shows nothing yet or a fill. Of two
// marks in one cell each has every other pair of columns or rows.
func (s *sheet) under(col, row int, char rune) {
	c := s.cell(col, row)
	if c == nil || c.dots != 0 {
		return
	}
	switch c.text {
	case 0:
	case saidAcross, truthAcross:
		if col&2 == 0 {
			return
		}
	case saidUp, truthUp:
		if row&2 == 0 {
			return
		}
	default:
		return
	}
	s.put(col, row, string(char), s.ink.Text, false)
}

// gapSample is the sample of the gap between two marks, as the axis shows it.
type gapSample struct{ ink *Ink }

// Thumbnail implements plot.Thumbnailer.
func (g gapSample) Thumbnail(c *draw.Canvas) {
	if s := sheetOf(c.Canvas); s != nil {
		col, row := s.at(c.Center())
		s.put(col, row, "┃", g.ink.Text, false)
	}
}

// onAxes draws what a plane on cells shows of its marks beside the data: the gap as
// a heavy piece of the axis, and beneath the x axis the labels.
func (marks planeMarks) onAxes(a *axes) {
	if !a.fit {
		return
	}
	s := a.layout.sheet
	for _, m := range marks {
		if m.gap == 0 {
			continue
		}
		truth := marks[m.gap-1].Value
		if m.Across {
			from, to := a.colOf(m.Value), a.colOf(truth)
			for col := min(from, to); col <= max(from, to) && from != to; col++ {
				s.heavy(col, a.line)
			}
			continue
		}
		from, to := a.rowOf(m.Value), a.rowOf(truth)
		for row := min(from, to); row <= max(from, to) && from != to; row++ {
			s.heavy(a.first-1, row)
		}
	}
	below := a.layout.bottom - a.ch.under
	if a.ch.under == 0 || a.end != below {
		return
	}
	for _, t := range marks.labels(a.colOf, a.layout.left, s.cols) {
		if t.row < a.ch.under {
			s.put(t.at, below+t.row, t.text, s.ink.Text, t.strong)
		}
	}
}

// heavyAxis has the characters of an axis in heavy.
var heavyAxis = map[rune]string{'│': "┃", '┤': "┨", '─': "━", '┬': "┯", '└': "┗"}

// heavy makes a cell of an axis heavy.
func (s *sheet) heavy(col, row int) {
	if c := s.cell(col, row); c != nil && heavyAxis[c.text] != "" {
		s.put(col, row, heavyAxis[c.text], s.ink.Text, false)
	}
}

// label is the label of a mark on the x axis, in a row beneath it.
type label struct {
	at, row int
	text    string
	strong  bool
}

// labels places the labels of the marks on the x axis between two columns: with the
// arrow head in the mark's column, in as few rows as keep them apart. Marks in one
// column share a label.
func (marks planeMarks) labels(colOf func(float64) int, left, right int) []label {
	type pin struct {
		col    int
		text   string
		strong bool
	}
	var pins []pin
	for _, m := range marks {
		if !m.Across {
			continue
		}
		col := colOf(m.Value)
		if i := slices.IndexFunc(pins, func(p pin) bool { return p.col == col }); i >= 0 {
			pins[i].text += " · " + m.Label
			continue
		}
		pins = append(pins, pin{col, m.Label, m.Truth})
	}
	slices.SortStableFunc(pins, func(a, b pin) int { return cmp.Compare(a.col, b.col) })
	var placed []label
	for i, p := range pins {
		w := textWidth(p.text) + 2
		after, before := label{p.col, 0, "▲ " + p.text, p.strong}, label{p.col - w + 1, 0, p.text + " ▲", p.strong}
		tries := []label{after, before}
		if i == 0 && len(pins) > 1 { // away from the next one
			tries = []label{before, after}
		}
		found := false
		for row := 0; row < len(pins) && !found; row++ {
			for _, try := range tries {
				try.row = row
				clear := try.at >= left && try.at+w <= right
				for _, q := range placed {
					clear = clear && (q.row != row || try.at >= q.at+textWidth(q.text)+1 || q.at >= try.at+w+1)
				}
				if clear {
					placed, found = append(placed, try), true
					break
				}
			}
		}
		if !found { // wider than the sheet
			after.row = len(pins) - 1
			placed = append(placed, after)
		}
	}
	return placed
}

// rowsBelow is how many rows the labels beneath the x axis take, if the data have
// about so many columns.
func (marks planeMarks) rowsBelow(p *plot.Plot, cols int) int {
	colOf := func(v float64) int { return 5 + int(p.X.Norm(v)*float64(max(cols-1, 1))) }
	return highest(marks.labels(colOf, 0, cols+6))
}

// rowsOf is the same where the columns are known.
func (marks planeMarks) rowsOf(a *axes) int {
	return highest(marks.labels(a.colOf, a.layout.left, a.layout.sheet.cols))
}

func highest(labels []label) (rows int) {
	for _, t := range labels {
		rows = max(rows, t.row+1)
	}
	return rows
}
