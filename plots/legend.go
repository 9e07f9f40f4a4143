package plots

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/plot"
)

// entry is a row of the legend: a sample, a name and, of a line or a level, a value.
type entry struct {
	name   string
	value  string
	sample plot.Thumbnailer // nil: a name alone
	width  int              // of the sample on cells

	// On cells a legend beside the data has the entry beside its place on the y axis.
	// Where two want one row, the one of the lower rank has it.
	at   float64
	rank rank

	extra  bool // left out where the others would not fit beside it
	strong bool
}

// rank is which entries come first to their place.
type rank int

const (
	anywhere rank = iota // in the order of the figure
	markRank
	levelRank
	lineRank
	gapRank
)

// The widths of samples on cells. That of a line shows a whole period of its dash.
const (
	markSample = 1
	fillSample = 2
	lineSample = 5
)

// name adds a row to the legend, unless the name is empty.
func (ch *chart) name(name string, sample plot.Thumbnailer, width int) {
	ch.add(entry{name: name, sample: sample, width: width})
}

func (ch *chart) add(e entry) {
	if e.name != "" || e.value != "" {
		ch.legend = append(ch.legend, e)
	}
}

// text is what stands beside the sample.
func (e entry) text() string {
	if e.value == "" {
		return e.name
	}
	return e.name + " " + strings.TrimSpace(e.value)
}

// block is an entry of the column with the lines that its text takes.
type block struct {
	entry
	lines []string
	row   int
}

// legendColumn is the legend at the right of the data. Its entries are put down
// when the data have their places.
type legendColumn struct {
	x, right, sample int
	blocks           []block
	placed           bool
}

// legend makes room for the names of the series: in a column at the right where the
// sheet is wide, else in rows above the data, never over it. Names are whole
// wherever they fit at all.
func (l *layout) legend(entries []entry) {
	if len(entries) == 0 || l.rows() < 4 || l.cols() < 16 {
		return
	}
	wide := l.sheet.cols >= 70 || l.sheet.cols >= 58 && l.rows() < 18 // where rows are few, columns have to do
	if wide && l.reserveColumn(entries) {
		return
	}
	needed := slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.extra })
	if len(needed) < len(entries) && wide && l.reserveColumn(needed) {
		return
	}
	l.legendRows(needed)
}

// reserveColumn takes the column, unless the entries need more rows than there are.
func (l *layout) reserveColumn(entries []entry) bool {
	sample, name, value, longest := 0, 0, 0, 0
	for _, e := range entries {
		sample, name, value = max(sample, e.width), max(name, textWidth(e.name)), max(value, textWidth(e.value))
		longest = max(longest, textWidth(e.text()))
	}
	most := l.cols() * 2 / 5
	lead := sample + 1
	if sample == 0 {
		lead = 0
	}
	width := longest
	if value > 0 && name+1+value <= most-lead { // values beneath each other
		width = name + 1 + value
	}
	width = min(width, most-lead)
	c := &legendColumn{right: l.right, x: l.right - lead - width, sample: lead}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	names = shortenWords(names, width)
	rows := 0
	for i, e := range entries {
		b := block{entry: e}
		e.name = names[i]
		b.lines = wrapLabel(e.text(), width)
		if e.value != "" && len(b.lines) == 1 {
			gap := max(width-textWidth(e.name)-textWidth(e.value), 1)
			b.lines[0] = broken(e.name) + strings.Repeat(" ", gap) + e.value
		}
		rows += len(b.lines)
		c.blocks = append(c.blocks, b)
	}
	if rows > l.rows()-2 {
		return false
	}
	l.right, l.column = c.x-2, c
	return true
}

// shortenWords shortens names that hold a word wider than the column, which cannot
// be wrapped.
func shortenWords(names []string, width int) []string {
	for _, name := range names {
		for _, word := range strings.Fields(name) {
			if textWidth(word) > width {
				return shortenAll(names, width)
			}
		}
	}
	return names
}

// place puts the entries down between two rows: each beside its place on the y axis,
// if that is free, and the others in what is left, from the top.
func (c *legendColumn) place(l *layout, top, bottom int, rowOf func(y float64) int) {
	if c == nil || c.placed {
		return
	}
	c.placed = true
	taken := map[int]bool{}
	free := func(row, n int) bool {
		for i := range n {
			if row+i < top || row+i >= bottom || taken[row+i] {
				return false
			}
		}
		return true
	}
	order := make([]int, len(c.blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := c.blocks[i], c.blocks[j]
		if a.rank == anywhere && b.rank == anywhere {
			return 0
		}
		return cmp.Or(a.turn()-b.turn(), cmp.Compare(b.at, a.at)) // the higher one above
	})
	last := top
	for _, i := range order {
		b := &c.blocks[i]
		n := len(b.lines)
		want := last
		if b.rank != anywhere && rowOf != nil {
			want = rowOf(b.at)
		}
		b.row = -1
		for off := 0; off <= bottom-top && b.row < 0; off++ {
			for _, row := range [...]int{want + off, want - off} {
				if free(row, n) {
					b.row = row
					break
				}
			}
		}
		if b.row < 0 { // torn apart by others: any rows will do
			continue
		}
		for k := range n {
			taken[b.row+k] = true
		}
		if b.rank == anywhere {
			last = b.row + n
		}
	}
	for _, b := range c.blocks {
		if b.row < 0 {
			continue
		}
		l.entry(c.x, b.row, b.entry)
		for k, line := range b.lines {
			l.sheet.put(c.x+c.sample, b.row+k, line, l.ink.Text, b.strong)
		}
	}
}

// turn is when an entry takes its place: those without one come last.
func (b block) turn() int {
	if b.rank == anywhere {
		return int(gapRank) + 1
	}
	return int(b.rank)
}

// legendRows puts the legend into rows above the data.
func (l *layout) legendRows(entries []entry) {
	texts := make([][]string, len(entries))
	for i, e := range entries {
		texts[i] = wrapLabel(e.text(), l.cols()-e.width-1)
	}
	least := 6 // rows that the data keep
	if l.rows() < 12 {
		least = 4
	}
	budget := l.rows() - least
	if budget <= 0 {
		return
	}
	if l.flow(entries, texts, false) > budget { // shorter names, so many in a row
		perRow := (len(entries) + budget - 1) / budget
		width := l.cols()/perRow - entries[0].width - 3
		if width < 3 {
			return
		}
		whole := make([]string, len(entries))
		for i, e := range entries {
			whole[i] = broken(e.text())
		}
		for i, name := range shortenAll(whole, width) {
			texts[i] = []string{name}
		}
	}
	l.named = true
	l.top += min(budget, l.flow(entries, texts, true))
	if l.rows() >= 13 {
		l.top++
	}
}

// wrapLabel breaks a label into lines of a width in cells, but not where it is
// [unbroken].
func wrapLabel(s string, width int) []string {
	lines := wrapText(s, func(line string) bool { return textWidth(line) <= width })
	for i, line := range lines {
		lines[i] = broken(line)
	}
	return lines
}

// flow draws the legend in rows, or only counts the rows that it takes. An entry of
// more than one line has these to itself.
func (l *layout) flow(entries []entry, texts [][]string, draw bool) (rows int) {
	x, y := l.left, l.top
	for i, e := range entries {
		lead := e.width + 1
		if e.width == 0 {
			lead = 0
		}
		w := 0
		for _, line := range texts[i] {
			w = max(w, lead+textWidth(line))
		}
		if x > l.left && (x+w > l.right || len(texts[i]) > 1) {
			x, y = l.left, y+1
		}
		if draw {
			l.entry(x, y, e)
			for k, line := range texts[i] {
				l.sheet.put(x+lead, y+k, line, l.ink.Text, e.strong)
			}
		}
		x += w + 2
		if n := len(texts[i]); n > 1 {
			x, y = l.right+1, y+n-1
		}
	}
	return y - l.top + 1
}

func (l *layout) entry(x, y int, e entry) {
	if e.sample == nil {
		return
	}
	area := l.sheet.area(x, y, e.width, 1)
	e.sample.Thumbnail(&area)
}

// unbroken keeps a text on one line where the legend is wrapped; broken undoes it.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }
func broken(s string) string   { return strings.ReplaceAll(s, "\u00a0", " ") }
