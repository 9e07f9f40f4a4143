package plots

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// At rank 1 every row of the picture is the first one, mirrored or paler, or blank: what
// is left out on a small surface leaves the stripes whole.
func TestProductOfRankOneIsStriped(t *testing.T) {
	f := &Figure{ID: "one", Product: &Product{Name: "BA", Scale: 2,
		Left: Factor{Name: "B", Rows: 50, Cols: 1}, Top: Factor{Name: "A", Rows: 1, Cols: 70}}}
	for i := range 50 {
		f.Product.Left.Z = append(f.Product.Left.Z, []float64{float64(1 - i%2*2)})
	}
	row := make([]float64, 70)
	for j := range row {
		row[j] = float64(j%3 - 1)
	}
	f.Product.Top.Z = [][]float64{row}
	const margin = 7
	lines := strings.Split(f.Cells(60, 16, MonoInk()), "\n")
	mirror := strings.NewReplacer("≡", "█", "█", "≡")
	kinds := map[string]bool{}
	for _, line := range lines[2:15] {
		line = string([]rune(line)[margin:])
		if other := mirror.Replace(line); !kinds[other] {
			kinds[line] = true
		}
	}
	if len(kinds) != 1 || len(strings.Trim(strings.Join(lines[2:15], ""), " ")) == 0 {
		t.Errorf("%d kinds of row:\n%s", len(kinds), strings.Join(lines, "\n"))
	}
}

// A product and the matrix beside it share a scale, whose ends are printed under the
// names of both.
func TestProductSharesItsScale(t *testing.T) {
	f := &Figure{Product: &Product{Name: "BA", Scale: 3, Left: Factor{Name: "B", Z: [][]float64{{1}, {0}}}, Top: Factor{Name: "A", Z: [][]float64{{1, -0.5}}},
		Beside: Factor{Name: "full", Z: [][]float64{{0.25, 0.125}, {0.0625, 0}}}}}
	out := f.Cells(70, 12, MonoInk())
	for _, want := range []string{"BA 2×2 ±3", "full ±0.25", "−3 ", " 3 ", "one scale", "B ±1", "A ±1"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	f.Product.Largest, f.Product.Beside.Largest = 7, 0.5 // in the whole matrices
	if out := ansi.Strip(f.Cells(70, 12, DarkInk())); !strings.Contains(out, "BA 2×2 ±7") || !strings.Contains(out, "full ±0.5") || !strings.Contains(out, "−7 ") {
		t.Errorf("the whole matrices reach further:\n%s", out)
	}
	f.Product.Left.Z = [][]float64{{0}, {0}}
	if out := f.Cells(70, 12, MonoInk()); !strings.Contains(out, "B = 0") {
		t.Errorf("a factor of zeros:\n%s", out)
	}
}

// What is not drawn is counted.
func TestProductSaysWhatIsLeftOut(t *testing.T) {
	f := samples()[len(samples())-3]
	for _, tt := range []struct {
		cols, rows int
		want       string
	}{{76, 13, "8 of 128 rows, 32 of 64 columns"}, {160, 50, "32 of 128 rows"}} {
		if out := f.Cells(tt.cols, tt.rows, MonoInk()); f.ID != "product" || !strings.Contains(out, tt.want) {
			t.Errorf("%d × %d: %q is missing:\n%s", tt.cols, tt.rows, tt.want, out)
		}
	}
}
