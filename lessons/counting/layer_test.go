package counting

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lora/models"
)

// TestCountingClassic is the layer that everybody prints, with PyTorch's own
// output for both kinds of layer.
func TestCountingClassic(t *testing.T) {
	for _, row := range []struct{ bias, all, bare string }{
		{"no", "16,842,752", "0"},
		{"yes", "16,846,848", "4,096"},
	} {
		r := runOf(t, "bias", row.bias)
		for name, want := range map[string]string{
			"params-lora": "65,536", "params-a": "32,768", "params-b": "32,768", "params-full": "16,777,216",
			"params-full-bias": "16,781,312", "params-bias": row.bare, "params-all": row.all,
			"shape-w": "4096×4096", "shape-a": "8×4096", "shape-b": "4096×8", "ratio": "256 ×",
			"break-even": "2048", "saving-rank": "2,047", "saves": "yes", "update-rank": "8",
			"printed-no-bias": "65,536 / 16,842,752 (0.39%)", "printed-bias": "65,536 / 16,846,848 (0.39%)",
			"peft-bias": "trainable params: 65,536 || all params: 16,846,848 || trainable%: 0.3890",
			"agrees":    "yes", "alpha-counts": "no",
		} {
			if got := labtest.Text(t, r, name); got != want {
				t.Errorf("bias %s: %s is %q, want %q", row.bias, name, got, want)
			}
		}
	}
}

// TestCountingBuilt holds the formulas against layers built in memory, and both
// against package models.
func TestCountingBuilt(t *testing.T) {
	for _, row := range []struct{ d, k, r int }{{1, 1, 1}, {64, 10, 3}, {10, 64, 3}, {7, 13, 20}, {512, 96, 5}, {96, 512, 96}} {
		for _, bias := range []bool{false, true} {
			c := countBuilt(row.d, row.k, row.r, bias)
			if f := countFormula(row.d, row.k, row.r, bias); c != f {
				t.Errorf("%+v, bias %v: built %+v, formulas %+v", row, bias, c, f)
			}
			tally, err := models.CountLayer(int64(row.d), int64(row.k), int64(row.r), bias)
			if err != nil {
				t.Fatal(err)
			}
			if int64(c.w+c.bias) != tally.Base || int64(c.a+c.b) != tally.Trainable || int64(c.w) != tally.Full {
				t.Errorf("%+v, bias %v: built %+v, tally %+v", row, bias, c, tally)
			}
		}
	}
}

// TestCountingSaves compares the findings on the break-even with counting at
// the ranks beside it.
func TestCountingSaves(t *testing.T) {
	for _, row := range []struct{ d, k int }{{1, 1}, {2, 2}, {64, 10}, {48, 48}, {7, 13}, {30, 6}} {
		fewer := func(r int) bool { c := countBuilt(row.d, row.k, r, false); return c.a+c.b < c.w }
		last := 0
		for r := 1; fewer(r); r++ {
			last = r
		}
		for _, r := range []int{max(last, 1), last + 1, max(row.d, row.k) + 1} {
			rec := runOf(t, "d", strconv.Itoa(row.d), "k", strconv.Itoa(row.k), "rank", strconv.Itoa(r))
			if got := rec.Real("saving-rank"); got != float64(last) {
				t.Errorf("%+v: saving rank %v, want %d", row, got, last)
			}
			if got := labtest.Text(t, rec, "saves"); got != lab.YesNo(fewer(r)) {
				t.Errorf("%+v at rank %d: saves %s", row, r, got)
			}
			if got := rec.Real("update-rank"); got > float64(min(row.d, row.k)) || got > float64(r) {
				t.Errorf("%+v at rank %d: an update of rank %v", row, r, got)
			}
			even := rec.Real("break-even")
			if even < float64(last) || even > float64(last+1) || math.Abs(even*float64(row.d+row.k)-float64(row.d*row.k)) > 1e-9 {
				t.Errorf("%+v: break-even %v beside %d", row, even, last)
			}
		}
	}
}

// TestCountingTooLarge: a layer that is not built is counted all the same.
func TestCountingTooLarge(t *testing.T) {
	r := runOf(t, "d", "65536", "k", "65536", "rank", "65536", "bias", "yes")
	if got := labtest.Text(t, r, "agrees"); !strings.HasPrefix(got, "not built") {
		t.Errorf("agrees: %s", got)
	}
	if got, want := r.Real("params-all"), math.Pow(2, 32)+math.Pow(2, 16)+math.Pow(2, 33); got != want {
		t.Errorf("%v parameters, want %v", got, want)
	}
}
