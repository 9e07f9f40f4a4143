package plots

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func drawn(cols, rows int, ink Ink, f func(c draw.Canvas, s *sheet)) string {
	s := newSheet(cols, rows, &ink)
	vg.Initialize(s)
	f(draw.New(s), s)
	return s.String()
}

func TestCanvas(t *testing.T) {
	black := draw.LineStyle{Color: color.Black, Width: 1}
	for _, tt := range []struct {
		name       string
		cols, rows int
		draw       func(c draw.Canvas, s *sheet)
		want       string
	}{
		{"a row of dots", 4, 1, func(c draw.Canvas, _ *sheet) { c.StrokeLine2(black, 0, 11, 23, 11) }, "⠉⠉⠉⠉"},
		{"a column of dots", 1, 2, func(c draw.Canvas, _ *sheet) { c.StrokeLine2(black, 1, 0.1, 1, 23.9) }, "⡇\n⡇"},
		{"no width, no stroke", 2, 1, func(c draw.Canvas, _ *sheet) { c.StrokeLine2(draw.LineStyle{}, 0, 6, 12, 6) }, "  "},
		{"a dash", 4, 1, func(c draw.Canvas, _ *sheet) {
			c.StrokeLine2(draw.LineStyle{Color: color.Black, Width: 1, Dashes: []vg.Length{6, 6}}, 0, 11, 23.9, 11)
		}, "⠉ ⠉ "},
		{"cells", 3, 2, func(c draw.Canvas, _ *sheet) { fillRect(c, 6, 0, 18, 12) }, "   \n ██"},
		{"eighths to the right", 3, 1, func(c draw.Canvas, _ *sheet) { fillRect(c, 0, 0, 6+6*3.0/8, 12) }, "█▍ "},
		{"eighths upward", 1, 2, func(c draw.Canvas, _ *sheet) { fillRect(c, 0, 0, 6, 12+12*5.0/8) }, "▅\n█"},
		{"the upper half", 1, 1, func(c draw.Canvas, _ *sheet) { fillRect(c, 0, 6, 6, 12) }, "▀"},
		{"a small value is visible", 2, 1, func(c draw.Canvas, _ *sheet) { fillRect(c, 0, 0, 0.01, 12) }, "▏ "},
		{"text", 6, 1, func(c draw.Canvas, s *sheet) { s.put(1, 0, "ΔW中", color.RGBA{}, false) }, " ΔW中 "},
		{"text is cut at the edge", 4, 1, func(c draw.Canvas, s *sheet) { s.put(2, 0, "abcd", color.RGBA{}, false) }, "  ab"},
		{"half of a wide character goes with the other", 4, 1, func(c draw.Canvas, s *sheet) {
			s.put(0, 0, "中中", color.RGBA{}, false)
			s.put(1, 0, "xy", color.RGBA{}, false)
		}, " xy "},
		{"moved and turned", 4, 1, func(c draw.Canvas, _ *sheet) {
			c.Push()
			c.Translate(vg.Point{X: 23.9, Y: 11})
			c.Rotate(math.Pi)
			c.Scale(2, 1)
			c.StrokeLine2(black, 0, 0, 11.9, 0)
			c.Pop()
		}, "⠉⠉⠉⠉"},
		{"an image in halves", 2, 1, func(c draw.Canvas, _ *sheet) {
			img := image.NewRGBA(image.Rect(0, 0, 2, 2))
			img.Set(0, 0, color.White)
			c.DrawImage(vg.Rectangle{Max: vg.Point{X: 12, Y: 12}}, img)
		}, "██"},
		{"a disc", 2, 1, func(c draw.Canvas, _ *sheet) {
			c.DrawGlyph(draw.GlyphStyle{Color: color.Black, Radius: 6, Shape: draw.CircleGlyph{}}, vg.Point{X: 6, Y: 6})
		}, "⢾⡷"},
		{"a speck", 2, 1, func(c draw.Canvas, _ *sheet) {
			c.DrawGlyph(draw.GlyphStyle{Color: color.Black, Radius: 0.5, Shape: draw.CircleGlyph{}}, vg.Point{X: 3.5, Y: 11})
		}, "⠈ "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := drawn(tt.cols, tt.rows, MonoInk(), tt.draw); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// The plotters of gonum draw on cells too.
func TestForeignPlotters(t *testing.T) {
	p := plot.New()
	p.TextHandler = cellText{}
	line, err := plotter.NewLine(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}})
	if err != nil {
		t.Fatal(err)
	}
	fn := plotter.NewFunction(math.Sqrt)
	p.Add(line, fn)
	for _, sty := range []*draw.TextStyle{&p.X.Tick.Label, &p.Y.Tick.Label, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.Title.TextStyle, &p.Legend.TextStyle} {
		sty.Handler = cellText{}
	}
	out := drawn(40, 12, MonoInk(), func(c draw.Canvas, _ *sheet) { p.Draw(c) })
	if !strings.ContainsFunc(out, isBraille) || !strings.Contains(out, "0.5") {
		t.Errorf("got\n%s", out)
	}
}

func TestPalettesAreLegible(t *testing.T) {
	contrast := func(a, b color.RGBA) float64 {
		x, y := luminance(a)+0.05, luminance(b)+0.05
		return max(x, y) / min(x, y)
	}
	for name, ink := range map[string]Ink{"dark": DarkInk(), "light": LightInk()} {
		for i, c := range ink.Series {
			if got := contrast(c, ink.Ground); got < 3 {
				t.Errorf("%s: series %d has a contrast of %.2f", name, i, got)
			}
		}
		for _, c := range []color.RGBA{ink.Text, ink.Muted} {
			if got := contrast(c, ink.Ground); got < 4.5 {
				t.Errorf("%s: text %v has a contrast of %.2f", name, c, got)
			}
		}
		for i := range 101 {
			for _, diverging := range []bool{false, true} {
				c := scaleColor(float64(i)/100, diverging, &ink)
				if got := contrast(textOn(c), c); got < 4.5 {
					t.Errorf("%s: numbers on %v have a contrast of %.2f", name, c, got)
				}
			}
		}
	}
}

// Without colour, no character stands for positive and for negative values.
func TestShadesKeepSigns(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		negative := map[rune]bool{}
		for i := range 100 {
			negative[scaleShade(float64(i)/200, true, ascii)] = true
		}
		for i := 116; i <= 200; i++ {
			if s := scaleShade(float64(i)/200, true, ascii); negative[s] {
				t.Errorf("%q stands for positive and for negative values", s)
			}
		}
	}
}

func TestReduce(t *testing.T) {
	z := [][]float64{{1, -4, 2}, {3, math.NaN(), 2}}
	for _, tt := range []struct {
		diverging      bool
		r0, r1, c0, c1 int
		want           float64
		ok             bool
	}{
		{true, 0, 2, 0, 2, -4, true},
		{false, 0, 2, 0, 2, 0, true},
		{false, 0, 2, 2, 3, 2, true},
		{false, 1, 2, 1, 2, 0, false},
		{true, 0, 1, 5, 6, 0, false},
	} {
		h := newHeatPlot(&Heat{Z: z, Diverging: tt.diverging}, &Ink{})
		if got, ok := h.reduce(tt.r0, tt.r1, tt.c0, tt.c1); math.Abs(got-tt.want) > 1e-15 || ok != tt.ok {
			t.Errorf("%+v: %v, %v", tt, got, ok)
		}
	}
}
