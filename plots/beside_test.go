package plots

import (
	"strings"
	"testing"
)

func TestBeside(t *testing.T) {
	lines := func(y float64) *Figure {
		return &Figure{Lines: []Line{{Name: "LoRA", X: []float64{0, 1, 2}, Y: []float64{0, y, y}}}, Levels: []Level{{Name: "target", Y: 1}, {Name: "floor", Y: y / 2}}}
	}
	bars := func(v float64) *Figure {
		return &Figure{Bars: &Bars{Names: []string{"full", "LoRA"}, Unit: "%", Series: []BarSeries{{Name: "accuracy", Values: []float64{50, v}}}}}
	}
	groups := func(v float64) *Figure {
		f := bars(v)
		f.Bars.Series = append(f.Bars.Series, BarSeries{Name: "error", Values: []float64{1, 2 * v}, Style: 1})
		return f
	}
	heat := func(v float64) *Figure { return &Figure{Heat: &Heat{Z: [][]float64{{0, v}, {v, 1}}}} }
	named := func(v float64) *Figure {
		f := heat(v)
		f.Heat.Values, f.Heat.Digits, f.Heat.RowNames = true, 1, []string{"rot90", "mirror"}
		return f
	}
	thin := func(v float64) *Figure {
		return &Figure{Product: &Product{Name: "BA", Scale: 1, Left: Factor{Name: "B", Z: [][]float64{{1}, {v}}}, Top: Factor{Name: "A", Z: [][]float64{{1, 0.5}}}}}
	}
	layer := func(v float64) *Figure {
		f := flowSample(128, 64, int(v)/10)
		f.Flow.Out.Note = "‖h‖ " + exact(v)
		return f
	}
	for name, tt := range map[string]struct {
		kind func(float64) *Figure
		want []string
	}{
		"lines":  {lines, []string{"LoRA", "before: LoRA", "target", "floor", "before: floor"}},
		"bars":   {bars, []string{"50%", "80%", "before 30%", "╎"}},
		"groups": {groups, []string{"80%", "before 30%", "160%", "before 60%"}},
		"matrix": {heat, []string{"before", "now"}},
		"thin":   {thin, []string{"BA 2×2 ±80", "before: BA ±30"}},
		"layer":  {layer, []string{"A 8×64", "‖h‖ 80", "before: A 3×64, ‖BAx‖ 5.13"}},
		"named":  {named, []string{"before: rot90", "before: mirror", "80.0", "30.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			both := Beside(tt.kind(30), tt.kind(80))
			for _, ink := range inks() {
				for _, size := range markSizes {
					checkCells(t, both, size[0], size[1], ink)
				}
			}
			drawn := both.Cells(76, 14, MonoInk())
			for _, want := range tt.want {
				if !strings.Contains(drawn, want) {
					t.Errorf("no %q:\n%s", want, drawn)
				}
			}
			if name == "lines" && strings.Count(drawn, "target") != 1 {
				t.Errorf("a level that has not moved is there twice:\n%s", drawn)
			}
			var b strings.Builder
			if err := encode(&b, "svg", []*Figure{both}); err != nil {
				t.Error(err)
			}
			if now := tt.kind(80); Beside(nil, now) != now || Beside(&Figure{}, now) != now || name != "bars" && Beside(bars(1), now) == nil {
				t.Error("nothing to compare with")
			}
		})
	}
}
