package tui

import (
	"fmt"
	"math"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/show"
)

// typesetter sets what a machine shows as lines of a width.
type typesetter struct {
	st    styles
	width int
	inner bool // what is set belongs to one question
	rows  int  // that a figure may take
}

// blocks sets blocks one under the other: apart where something new begins, close
// where one belongs to the other.
func (t typesetter) blocks(all []show.Block) []string {
	all = show.Rewrite(all, t.st.say)
	var lines []string
	for i, b := range all {
		set := t.block(b)
		if l, ok := b.(show.Label); ok {
			set = t.label(l, names(all, i))
		}
		if len(set) == 0 {
			continue
		}
		if len(lines) > 0 && !t.adjoins(all[i-1], b) {
			lines = append(lines, "")
		}
		lines = append(lines, set...)
	}
	return lines
}

// adjoins reports whether a block belongs to the one before it.
func (t typesetter) adjoins(before, b show.Block) bool {
	switch b := b.(type) {
	case show.Label, show.Note, show.Options:
		return true
	case show.Question:
		return b.Title == ""
	case show.Verdict:
		_, label := before.(show.Label)
		return label && t.inner || b.Part > 1
	}
	return false
}

func (t typesetter) block(b show.Block) []string {
	switch b := b.(type) {
	case show.Heading:
		return []string{t.st.title.Render(b.Text)}
	case show.Prose:
		return strings.Split(renderMarkdown(b.Markdown, t.width, t.st), "\n")
	case show.Words:
		return t.wrapped(b.Text)
	case show.Options:
		return t.options(b)
	case show.Label:
		return t.label(b, ansi.StringWidth(b.Name))
	case show.Note:
		return t.indented("→ ", t.st.muted, b.Text)
	case show.Verdict:
		return t.verdict(b)
	case show.Table:
		return t.table(b)
	case show.Figure:
		return t.figure(b)
	case show.Question:
		return t.question(b)
	case show.Goal:
		return t.goal(b)
	}
	return nil
}

// wrapped breaks words into lines.
func (t typesetter) wrapped(text string) []string {
	return wrap(text, t.width)
}

// indented is a text behind a head; its further lines stand under its first.
func (t typesetter) indented(head string, style lipgloss.Style, text string) []string {
	room := ansi.StringWidth(head)
	lines := wrap(text, t.width-room)
	for i, line := range lines {
		if i > 0 {
			head = strings.Repeat(" ", room)
		}
		lines[i] = style.Render(head) + line
	}
	return lines
}

func (t typesetter) options(o show.Options) []string {
	var lines []string
	for i, item := range o.Items {
		head := fmt.Sprintf("  %d  ", i+1)
		if o.Lettered {
			head = fmt.Sprintf("  %c  ", 'a'+i)
		}
		lines = append(lines, t.indented(head, t.st.text, item)...)
	}
	return lines
}

// label sets a text behind a name that has so much room.
func (t typesetter) label(l show.Label, room int) []string {
	pad := strings.Repeat(" ", max(room-ansi.StringWidth(l.Name), 0))
	return strings.Split(l.Broken(func(text string) string {
		return strings.Join(t.indented("  "+l.Name+pad+"  ", t.st.muted, text), "\n")
	}), "\n")
}

// names is the room that the names of labels one under the other need, of which
// one is at i.
func names(all []show.Block, i int) int {
	wide := 0
	for _, step := range []int{-1, 1} {
		for j := i; j >= 0 && j < len(all); j += step {
			l, ok := all[j].(show.Label)
			if !ok {
				break
			}
			wide = max(wide, ansi.StringWidth(l.Name))
		}
	}
	return wide
}

// marked is the glyph of a mark; the word beside it says the same.
func (t typesetter) marked(m show.Mark) string {
	switch m {
	case show.Hit:
		return t.st.good.Render("✓")
	case show.Partly:
		return t.st.accent.Render("◐")
	case show.Missed:
		return t.st.bad.Render("✗")
	}
	return t.st.muted.Render("·")
}

func (t typesetter) verdict(v show.Verdict) []string {
	part := ""
	if v.Part > 0 {
		part = fmt.Sprintf("%d. ", v.Part)
	}
	head := t.marked(v.Mark) + " " + part + v.Word
	if v.Read != "" {
		head += t.st.muted.Render("   read as ") + v.Read
	}
	lines := []string{head}
	if ansi.StringWidth(head) > t.width {
		lines = t.indented(t.marked(v.Mark)+" ", t.st.text, part+v.Word)
		if v.Read != "" {
			lines = append(lines, t.indented("  read as ", t.st.muted, v.Read)...)
		}
	}
	for _, f := range v.Feedback {
		lines = append(lines, t.indented("  ", t.st.text, f)...)
	}
	return lines
}

// brief sets a prediction as one line or, where that has too little room, as two.
func (t typesetter) brief(b show.Brief, width int) []string {
	said := t.st.muted.Render("you ") + b.Said
	switch {
	case b.Truth != "" && b.Mark == show.Unanswered:
		said = t.st.muted.Render("not predicted · the run ") + b.Truth
	case b.Truth != "":
		said, _, _ = strings.Cut(b.Said, t.st.say(" · ")) // how sure comes second
		said = t.st.muted.Render("you ") + said + " " + strings.TrimRight(t.marked(b.Mark)+" "+b.Gap, " ") + t.st.muted.Render(" · the run ") + b.Truth
	}
	ask := t.st.strong.Render(t.st.say(b.Ask))
	if pad := width - ansi.StringWidth(ask) - ansi.StringWidth(said); pad >= 2 {
		return []string{ask + strings.Repeat(" ", pad) + said}
	}
	return []string{ansi.Truncate(ask, width, "…"), ansi.Truncate(said, width, "…")}
}

func (t typesetter) question(q show.Question) []string {
	t.inner = true
	lines := t.blocks(q.Blocks)
	switch {
	case q.Title == "" || len(lines) == 0:
	case !strings.HasSuffix(q.Title, "."):
		lines = append([]string{t.st.accent.Render(q.Title)}, lines...)
	default: // a number
		inner := typesetter{t.st, max(t.width-ansi.StringWidth(q.Title)-1, 1), true, t.rows}
		lines = inner.blocks(q.Blocks)
		for i := range lines {
			head := strings.Repeat(" ", ansi.StringWidth(q.Title))
			if i == 0 {
				head = t.st.strong.Render(q.Title)
			}
			lines[i] = head + " " + lines[i]
		}
	}
	if q.Answer != "" {
		lines = append(lines, t.indented("› ", t.st.muted, q.Answer)...)
	}
	return lines
}

// A figure among text is as high as the screen allows, within these rows, unless it
// needs more to leave nothing out: text can be scrolled.
const lowFigure, highFigure = 8, 12

func (t typesetter) figure(f show.Figure) []string {
	rows := max(min(max(t.rows, lowFigure), highFigure), f.Rows())
	return strings.Split(strings.TrimRight(f.Cells(max(t.width, 1), rows, t.st.ink), "\n"), "\n")
}

// barWidth is how wide a share is drawn.
const barWidth = 16

// table sets columns as wide as they need to be; the widest is broken into lines
// where the others leave it too little.
func (t typesetter) table(table show.Table) []string {
	var lines []string
	if table.Title != "" {
		lines = append(lines, t.st.strong.Render(table.Title))
	}
	rows := table.Rows
	if len(table.Head) > 0 {
		rows = append([][]string{table.Head}, rows...)
	}
	columns := widths(rows)
	room := t.width - 2
	if len(table.Shares) > 0 {
		room -= barWidth + 2
	}
	fit(columns, room)
	for i, row := range rows {
		heading := len(table.Head) > 0 && i == 0
		share := math.NaN()
		if len(table.Shares) > 0 && !heading {
			share = table.Shares[i-min(len(table.Head), 1)]
		}
		lines = append(lines, t.row(row, columns, share, len(table.Shares) > 0, heading)...)
	}
	return lines
}

func widths(rows [][]string) []int {
	var columns []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(columns) {
				columns = append(columns, 0)
			}
			columns[i] = max(columns[i], ansi.StringWidth(cell))
		}
	}
	return columns
}

// fit takes from the widest column what is too much for the room.
func fit(columns []int, room int) {
	sum, widest := 0, 0
	for i, c := range columns {
		sum += c + 2
		if c > columns[widest] {
			widest = i
		}
	}
	if over := sum - 2 - room; over > 0 && len(columns) > 0 {
		columns[widest] = max(columns[widest]-over, 8)
	}
}

func (t typesetter) row(row []string, columns []int, share float64, bars, heading bool) []string {
	cells := make([][]string, len(row))
	height := 1
	for i, cell := range row {
		cells[i] = wrap(cell, columns[i])
		height = max(height, len(cells[i]))
	}
	var lines []string
	for y := range height {
		line := "  "
		for i := range row {
			cell := ""
			if y < len(cells[i]) {
				cell = cells[i][y]
			}
			pad := strings.Repeat(" ", max(columns[i]-ansi.StringWidth(cell), 0))
			if heading {
				cell = t.st.muted.Render(cell)
			}
			if i > 0 && numeric(row[i]) {
				line += pad + cell + "  "
			} else {
				line += cell + pad + "  "
			}
			if i == 0 && bars {
				if y > 0 || math.IsNaN(share) {
					line += strings.Repeat(" ", barWidth+2)
				} else {
					line += bar(int(1000*share+0.5), 1000, barWidth, t.st) + "  "
				}
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// numeric reports whether a cell holds a number, which stands to the right.
func numeric(cell string) bool {
	return cell != "" && strings.Trim(cell, "0123456789.,% ") == ""
}
