package plots

import (
	"strings"
	"testing"
)

// labelled are figures of each kind whose axes have labels with units.
func labelled() map[string]*Figure {
	const x, y = "run (h)", "loss (nats)"
	bars := func(horizontal bool) *Bars {
		return &Bars{Names: []string{"full", "LoRA"}, Horizontal: horizontal, Unit: "GB", Series: []BarSeries{
			{Name: "weights", Values: []float64{13.5, 3.87}}, {Name: "gradients", Values: []float64{12.5, 0.08}, Style: 1}}}
	}
	return map[string]*Figure{
		"plane":           {XLabel: x, YLabel: y, Lines: []Line{{Name: "LoRA", X: []float64{0, 1, 2}, Y: []float64{3, 2, 1}}}},
		"vertical bars":   {XLabel: x, YLabel: y, Bars: bars(false)},
		"horizontal bars": {XLabel: x, YLabel: y, Bars: bars(true)},
		"matrix":          {XLabel: x, YLabel: y, Heat: &Heat{Z: [][]float64{{1, 2}, {3, 4}}}},
		"empty":           {XLabel: x, YLabel: y},
	}
}

// On a page the label of the horizontal axis is upright and that of the vertical
// one is turned. The values of horizontal bars are on the horizontal one.
func TestAxisLabelsInFiles(t *testing.T) {
	for name, f := range labelled() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := encode(&b, "svg", []*Figure{f}); err != nil {
				t.Fatal(err)
			}
			along, up := f.XLabel, f.YLabel
			if name == "horizontal bars" {
				along, up = up, along
			}
			found := map[string]int{}
			for _, p := range svgTexts(t, b.String()) {
				switch p.text {
				case along, up:
					found[p.text]++
					if p.turned != (p.text == up) {
						t.Errorf("%q is on the wrong axis", p.text)
					}
				}
			}
			if found[along] != 1 || found[up] != 1 {
				t.Errorf("labels are drawn %v times, want %q and %q once", found, along, up)
			}
			for _, value := range []string{"13.5 GB", "0.08 GB"} {
				if f.Bars != nil && !strings.Contains(b.String(), ">"+value+"<") {
					t.Errorf("the value %q is missing", value)
				}
			}
		})
	}
}

// On cells the label of the y axis, or of the values, is above the data at the
// left, and that of the x axis beneath the data. The names of horizontal bars need none.
func TestAxisLabelsOnCells(t *testing.T) {
	for name, f := range labelled() {
		t.Run(name, func(t *testing.T) {
			for _, size := range [][2]int{{50, 9}, {60, 14}, {80, 20}, {110, 30}} {
				out := f.Cells(size[0], size[1], MonoInk())
				lines := strings.Split(out, "\n")
				if !strings.HasPrefix(lines[0], f.YLabel+" ") || strings.Count(out, f.YLabel) != 1 {
					t.Errorf("%v: %q is not above the data:\n%s", size, f.YLabel, out)
				}
				below := strings.LastIndex(out, f.XLabel)
				if data := strings.LastIndexAny(out, "│└█"); name != "horizontal bars" && below < data || strings.Count(out, f.XLabel) > 1 {
					t.Errorf("%v: %q is not beneath the data:\n%s", size, f.XLabel, out)
				}
				for _, value := range []string{"13.5 GB", "0.08 GB"} {
					if f.Bars != nil && !strings.Contains(out, value) {
						t.Errorf("%v: the value %q is missing:\n%s", size, value, out)
					}
				}
			}
		})
	}
}

func TestAxisLabelsInTables(t *testing.T) {
	figs := labelled()
	for name, wants := range map[string][]string{
		"plane":         {"loss (nats) by run (h):", "run (h)  LoRA"},
		"vertical bars": {"run (h)  weights  gradients", "full     13.5 GB    12.5 GB", "LoRA     3.87 GB    0.08 GB"},
	} {
		for _, want := range wants {
			if got := figs[name].Table(0); !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, got)
			}
		}
	}
	one := &Figure{XLabel: "run (h)", YLabel: "loss (nats)", Bars: &Bars{Names: []string{"full"}, Series: []BarSeries{{Values: []float64{1}}}}}
	if got, want := one.Table(0), "run (h)  loss (nats)\nfull               1\n"; got != want {
		t.Errorf("one series:\n%s\nwant\n%s", got, want)
	}
}
