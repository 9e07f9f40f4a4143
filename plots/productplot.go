package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"loralab/lora/ascii"
)

func (p product) build(ch *chart) drawing {
	if p.empty() {
		return ch.blank()
	}
	ch.plot.HideAxes()
	ch.plot.X.Max, ch.plot.Y.Max = 1, 1
	d := p.data
	all := productDrawing{ch: ch, data: d, entries: d.entries()}
	all.left, all.top = largest(d.Left.Largest, d.Left.Z), largest(d.Top.Largest, d.Top.Z)
	all.own, all.beside = largest(d.Largest, all.entries), largest(d.Beside.Largest, d.Beside.Z)
	return all
}

// productDrawing is a product on its plot, with the largest magnitude of each matrix.
type productDrawing struct {
	ch                     *chart
	data                   *Product
	entries                [][]float64
	left, top, own, beside float64
}

// picture is a matrix as a heat map on a scale from −top to top, chosen rows and
// columns alone; nil where it has no numbers yet. The colour goes with the root of an
// entry's magnitude: products have few large entries, and the others would all look
// alike. The root of a matrix of rank 1 still is one.
func (d productDrawing) picture(z [][]float64, rows, cols []int, top float64) *heatPlot {
	if len(z) == 0 || len(rows) == 0 || len(cols) == 0 {
		return nil
	}
	if top == 0 {
		top = 1 // all of it is 0, the middle of any scale
	}
	picked := pick(z, rows, cols)
	for _, row := range picked {
		for j, v := range row {
			row[j] = math.Copysign(math.Sqrt(min(1, math.Abs(v)/top)), v)
		}
	}
	return scaledHeat(picked, true, 1, d.ch.ink)
}

// shared is the scale of the product and of what stands beside it.
func (d productDrawing) shared() float64 { return max(d.own, d.beside) }

// besides reports whether there is a matrix beside the product.
func (d productDrawing) besides() bool { return d.data.Beside.Name != "" }

// factors says how large the factors are and that each has a scale of its own.
func (d productDrawing) factors() []string {
	return []string{d.data.Left.Name + " is " + d.data.Left.whole() + ", " + d.data.Top.Name + " is " + d.data.Top.whole(), "each on its own scale"}
}

// title is the name of the product with its size and its span.
func (d productDrawing) title() string {
	size := Factor{Rows: d.data.Left.Rows, Cols: d.data.Top.Cols, Z: d.entries}
	return d.named(d.data.Name+" "+size.whole(), d.entries, d.own)
}

// named is a matrix with what stands above it.
func (d productDrawing) named(name string, z [][]float64, top float64) string {
	if len(z) > 0 && top == 0 {
		name += " = 0"
	} else if len(z) > 0 {
		name += " " + span(top)
	}
	if d.ch.ink.ASCII {
		return ascii.Text(name)
	}
	return name
}

func (d productDrawing) onPage() { d.ch.plot.Add(productPage{d}) }

// productPage is a plot.Plotter that draws the matrices on a page.
type productPage struct{ productDrawing }

// Plot implements plot.Plotter.
func (d productPage) Plot(c draw.Canvas, p *plot.Plot) {
	const line, gap = vg.Length(14), vg.Length(18)
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XLeft, draw.YBottom
	write := func(x, y vg.Length, text string) { c.FillText(sty, vg.Point{X: x, Y: y}, text) }
	rows, cols, r := d.data.sizes()
	leftName, topName := d.named(d.data.Left.Name, d.data.Left.Z, d.left), d.named(d.data.Top.Name, d.data.Top.Z, d.top)
	margin := max(sty.Width(leftName), sty.Width(topName)) + 8
	wide := c.Size().X - margin
	if d.besides() {
		wide = (wide - gap) / 2
	}
	high := min(c.Size().Y/4, max(2*line, vg.Length(r)*6)) // of Top, and of two lines of text
	first, second := c.Min.X+margin, c.Min.X+margin+wide+gap
	upper := c.Max.Y - high - line // of the product
	lower := c.Min.Y + line
	all := func(n int) []int { return thinned(n, min(n, 256)) }
	show := func(h *heatPlot, x0, y0, x1, y1 vg.Length) {
		area := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}}
		if h != nil {
			h.Plot(area, p)
			return
		}
		strokeRect(area, draw.LineStyle{Color: d.ch.ink.Muted, Width: 0.5}, area.Min, area.Max)
	}
	show(d.picture(d.data.Top.Z, all(r), all(cols), d.top), first, c.Max.Y-high, first+wide, c.Max.Y)
	thin := min(margin-8, max(8, vg.Length(r)*6))
	show(d.picture(d.data.Left.Z, all(rows), all(r), d.left), first-8-thin, lower, first-8, upper)
	show(d.picture(d.entries, all(rows), all(cols), d.shared()), first, lower, first+wide, upper)
	write(c.Min.X, c.Max.Y-line, topName)
	write(c.Min.X, upper+3, leftName)
	write(first, upper+3, d.title())
	if d.besides() {
		show(d.picture(d.data.Beside.Z, all(rows), all(cols), d.shared()), second, lower, second+wide, upper)
		write(second, upper+3, d.named(d.data.Beside.Name, d.data.Beside.Z, d.beside))
		for i, text := range d.factors() {
			write(second, c.Max.Y-line*vg.Length(i+1), text)
		}
	}
	write(first, c.Min.Y, strings.TrimSpace(d.marks()+"  "+d.note(rows, cols, r, func(string) bool { return true })))
}

// marks is what was predicted of the product as a whole, and what came out.
func (d productDrawing) marks() string {
	var all []string
	for _, m := range d.ch.fig.Marks {
		all = append(all, "◂ "+m.Label)
	}
	return strings.Join(all, "  ")
}

// note says what the scale is of and what is left out, in the most words that fit.
func (d productDrawing) note(rows, cols, ranks int, fits func(string) bool) string {
	which := d.data.sampled(rows, cols, ranks)
	texts := []string{which, "a sample"}
	if which == "" {
		texts = nil
	}
	if d.besides() && len(d.entries) > 0 {
		texts = append([]string{strings.TrimSuffix("one scale · "+which, " · ")}, texts...)
	}
	for _, text := range texts {
		if fits(text) {
			return text
		}
	}
	return ""
}
