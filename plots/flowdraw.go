package plots

import (
	"slices"
	"strings"
)

// flowPen draws a flow on one kind of surface. Places are in cells from the top left.
type flowPen interface {
	text(col, row int, text string, tone flowTone)
	wire(arrow bool, corners ...[2]int)
	sum(col, row int)
	frame(col, row, cols, rows int, codes []string)
	block(x0, y0, x1, y1 float64, zero bool)
	// heat draws numbers on a scale to top, around 0 or from it; nil are not there yet.
	heat(z [][]float64, diverging bool, top float64, col, row, cols, rows int)
}

type flowTone uint8

const (
	toneText flowTone = iota
	toneMuted
	toneMark
	toneWay // on a way, which it interrupts
)

func (f flowKind) build(ch *chart) drawing {
	if f.empty() {
		return ch.blank()
	}
	ch.plot.HideAxes()
	ch.plot.X.Max, ch.plot.Y.Max = 1, 1
	return flowDrawing{ch, f.data}
}

// flowDrawing is a flow on its plot.
type flowDrawing struct {
	ch   *chart
	data *Flow
}

// draw draws everything at the places of a plan.
func (d flowDrawing) draw(p flowPlan, pen flowPen) {
	s := &flowScene{flowDrawing: d, pen: pen}
	s.draw(p)
}

// flowScene is a flow while it is drawn.
type flowScene struct {
	flowDrawing
	pen   flowPen
	below []string // parts that have no room beside their names for what was predicted of them
}

func (d *flowScene) draw(p flowPlan) {
	f, pen := d.data, d.pen
	d.input(p)
	pen.frame(p.weight, 1, p.weightW, p.weightH, f.Weight.Codes)
	label := d.labelled(p.weight, 0, p.cols-p.weight-textWidth(f.Out.label())-textWidth(f.Main.Note)-3, f.Weight.Name, d.inside(p)...)
	behind := p.weight + p.weightW + 2
	top := largest(0, [][]float64{f.Main.Values, f.Side.Values, f.Out.Values})
	d.strip(f.Main, top, behind-1, 1, 1, p.weightH)
	note := f.Main.Note
	if note == "" {
		note = f.Main.Name
	}
	if f.detour() {
		pen.wire(false, [2]int{behind, 1}, [2]int{p.sum, 1})
		pen.text(max(behind+1, p.weight+textWidth(label)+2), 0, note, toneText)
		d.detour(p, top)
		pen.wire(true, [2]int{p.sum, 1}, [2]int{p.out - 1, 1})
		pen.sum(p.sum, 1)
	} else {
		pen.wire(true, [2]int{behind, p.main}, [2]int{p.out - 1, p.main})
		if at := max(behind+1, p.weight+textWidth(label)+2); p.main > 1 {
			pen.text(behind+1, p.main-1, note, toneText)
		} else {
			pen.text(at, 0, note, toneText)
		}
	}
	d.strip(f.Out, top, p.out, 1, p.outW, p.weightH)
	name, room := f.Out.label(), p.cols
	at := min(p.out-1, p.cols-textWidth(name+d.mark(f.Out.Name)))
	if at <= p.weight+textWidth(label) { // what was predicted of it stands below
		at, room = min(p.out-1, p.cols-textWidth(name)), textWidth(name)+1
	}
	d.labelled(at, 0, room, f.Out.Name, name)
	if n := f.Out.Note; n != "" {
		pen.text(min(p.out-1, p.cols-textWidth(n)), 1+p.weightH, n, toneText)
	}
	d.legend(p)
}

// input draws what goes in, and its ways into the weight and the detour.
func (d *flowScene) input(p flowPlan) {
	in, pen := d.data.In, d.pen
	z := column(in.Values)
	if p.image {
		z = nil
		for i := 0; i+in.Width <= len(in.Values); i += in.Width {
			z = append(z, in.Values[i:i+in.Width])
		}
	}
	pen.heat(z, !p.image, largest(0, z), p.in, p.inTop, p.inW, p.inH)
	label := in.label()
	if textWidth(label) >= p.weight-p.in {
		label = in.Name
	}
	pen.text(p.in, p.inTop-1, label, toneText)
	if textWidth(in.Note) <= p.fork-p.in {
		pen.text(p.in, p.inTop+p.inH, in.Note, toneMuted)
	}
	pen.wire(true, [2]int{p.in + p.inW + 1, p.inAt}, [2]int{p.weight - 1, p.inAt})
	if d.data.detour() {
		low := p.down + p.downH - 1
		pen.wire(true, [2]int{p.fork, p.inAt}, [2]int{p.fork, low}, [2]int{p.weight - 1, low})
	}
}

// detour draws the two thin matrices and the way through them.
func (d *flowScene) detour(p flowPlan, top float64) {
	f, pen := d.data, d.pen
	low := p.down + p.downH - 1
	labels := func(m Matrix) []string { // the second is for little room
		zero := ""
		if m.Zero {
			zero = " = 0"
		}
		notes := strings.Join(append([]string{""}, m.Notes...), " ")
		return []string{m.label() + zero + notes, m.Name + zero + notes, m.label()}
	}
	thick := max(thinnest, float64(float64(f.Down.Rows)*p.unit))
	foot := float64(p.down + p.downH)
	pen.block(float64(p.weight), foot-thick, float64(p.weight)+max(thinnest, min(float64(p.weightW), float64(2*p.unit)*float64(f.Down.Cols))), foot, f.Down.Zero)
	d.labelled(p.weight, p.down-1, p.up-p.weight, f.Down.Name, labels(f.Down)...)

	pen.wire(true, [2]int{p.weight + p.weightW + 1, low}, [2]int{p.mid - 1, low})
	var mid [][]float64
	if len(f.Mid.Values) > 0 {
		mid = pick([][]float64{f.Mid.Values}, []int{0}, thinned(len(f.Mid.Values), p.midW))
	}
	pen.heat(mid, true, largest(0, mid), p.mid, low, p.midW, 1)
	pen.wire(true, [2]int{p.mid + p.midW, low}, [2]int{p.up - 1, low})

	left := float64(p.up)
	pen.block(left, float64(p.upTop), left+max(thinnest, float64(2*p.unit)*float64(f.Up.Cols)), float64(p.upTop+p.weightH), f.Up.Zero)
	d.labelled(p.up, p.upTop-1, p.sum-p.up, f.Up.Name, labels(f.Up)...)
	behind := p.up + p.upW + 2
	d.strip(f.Side, top, behind-1, p.upTop, 1, p.weightH)
	pen.wire(false, [2]int{behind, p.side}, [2]int{p.sum, p.side}, [2]int{p.sum, 1})
	if f.Factor != "" {
		pen.text(behind+1, p.side, " "+f.Factor+" ", toneWay)
	}
	note, row := f.Side.Note, p.side-1
	if note == "" {
		note = f.Side.Name
	}
	if row < p.upTop {
		row-- // above the name of Up
	}
	d.labelled(behind+1, row, p.sum-behind-1, f.Side.Name, note)
}

// strip draws a vector from top to bottom. Each half of a cell shows one of its values.
func (d *flowScene) strip(s Signal, top float64, col, row, cols, rows int) {
	values := make([]float64, 0, 2*rows)
	for i := range 2 * rows {
		if n := len(s.Values); n > 0 {
			values = append(values, s.Values[i*n/(2*rows)])
		}
	}
	d.pen.heat(column(values), true, top, col, row, cols, rows)
}

// legend says in the last row what the drawing means, and what was predicted of the
// whole of it.
func (d *flowScene) legend(p flowPlan) {
	f, pen := d.data, d.pen
	row := p.rows - 1
	parts := d.below // with what was predicted of them
	for _, m := range d.ch.fig.Marks {
		if !d.placed(m.Row) && !slices.Contains(parts, m.Row) {
			parts = append(parts, m.Row)
		}
	}
	var marks []string
	for _, part := range parts {
		text := d.predicted(part)
		if part != "" {
			text = part + ": " + text
		}
		marks = append(marks, "◂ "+text)
	}
	used := 0
	write := func(text string, tone flowTone) {
		pen.text(used, row, fitText(text, p.cols-used), tone)
		used += textWidth(text) + 2
	}
	if len(marks) > 0 {
		write(strings.Join(marks, "  "), toneMark)
	}
	shared := f.detour() && row == p.down+p.downH // the name of Mid stands here
	if f.detour() && !(shared && used > p.mid) {
		name := f.Mid.label()
		if room := max(p.up-p.mid, midText); textWidth(name) > room {
			name = fitText(f.Mid.Name, room) // its size stands at A and at B
		}
		pen.text(p.mid, p.down+p.downH, name, toneMuted)
	}
	aside := func(text string) {
		if text != "" && (!shared || used+textWidth(text) < p.mid) {
			write(text, toneMuted)
		}
	}
	if shared && used < p.mid-2 {
		aside(fitText(f.Before, p.mid-used-1))
	} else {
		aside(f.Before)
	}
	if !f.detour() {
		return
	}
	if p.tooThick > 1.5 {
		aside(f.both() + " drawn " + short(float64(int(p.tooThick+0.5))) + "× too thick")
	}
	signs := []string{"█ trained", "□ frozen"}
	if strings.Contains(strings.Join(append(f.Up.Notes, f.Down.Notes...), ""), "∂") {
		signs = append(signs, "∂ ‖gradient‖")
	}
	if shared && used <= p.mid {
		used = max(used, p.mid+midText+1)
	}
	for len(signs) > 0 && textWidth(strings.Join(signs, "  ")) > p.cols-used {
		signs = signs[:len(signs)-1]
	}
	if text := strings.Join(signs, "  "); text != "" {
		pen.text(p.cols-textWidth(text), row, text, toneMuted)
		pen.text(p.cols-textWidth(text), row, "█", toneMark)
	}
}

// midText is the room of the name of what is between the two thin matrices.
const midText = 6

// inside writes the notes of the weight that fit into it, and returns what may be its
// label: with the first note where none fits.
func (d *flowScene) inside(p flowPlan) (labels []string) {
	w := d.data.Weight
	var fit []string
	for _, note := range w.Notes {
		if textWidth(note) <= p.weightW-2 && len(fit) < p.weightH-2 && len(w.Codes) == 0 {
			fit = append(fit, note)
		}
	}
	for i, note := range fit {
		d.pen.text(p.weight+(p.weightW-textWidth(note))/2, 1+(p.weightH-len(fit))/2+i, note, toneMuted)
	}
	if len(fit) == 0 && len(w.Notes) > 0 {
		labels = append(labels, w.label()+"  "+w.Notes[0])
	}
	return append(labels, w.label())
}

// labelled writes the first label of a part that has room, if it can together with what
// was predicted of it. The last label is for the least room: rather than with that, the
// prediction stands below. It returns what it wrote.
func (d *flowScene) labelled(col, row, room int, part string, labels ...string) string {
	mark := d.mark(part)
	for _, label := range labels[:max(1, len(labels)-1)] {
		if textWidth(label+mark) < room {
			d.pen.text(col, row, label, toneText)
			d.pen.text(col+textWidth(label), row, mark, toneMark)
			return label + mark
		}
	}
	if mark != "" {
		d.below = append(d.below, part)
	}
	for _, label := range labels {
		if textWidth(label) < room {
			d.pen.text(col, row, label, toneText)
			return label
		}
	}
	label := fitText(labels[len(labels)-1], room)
	d.pen.text(col, row, label, toneText)
	return label
}

// placed reports whether a part has a name of its own in the drawing.
func (d flowDrawing) placed(row string) bool {
	f := d.data
	switch row {
	case "":
		return false
	case f.Weight.Name, f.Out.Name:
		return true
	case f.Down.Name, f.Up.Name, f.Side.Name:
		return f.detour()
	}
	return false
}

// mark is what was predicted of a part, and what came out.
func (d flowDrawing) mark(row string) string {
	if text := d.predicted(row); row != "" && text != "" {
		return " ◂ " + text
	}
	return ""
}

// predicted joins the labels of all marks of a part.
func (d flowDrawing) predicted(row string) string {
	var labels []string
	for _, m := range d.ch.fig.Marks {
		if m.Row == row {
			labels = append(labels, m.Label)
		}
	}
	return strings.Join(labels, " · ")
}

// column makes a matrix of one column.
func column(values []float64) [][]float64 {
	var z [][]float64
	for _, v := range values {
		z = append(z, []float64{v})
	}
	return z
}
