package reparameterization

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lora"
	"loralab/plots"
)

// TestSamplesKeepTheRank: rows and columns that are left out leave the rank as it is.
func TestSamplesKeepTheRank(t *testing.T) {
	const d, k, r = 100, 150, 2
	b, a := mat.NewDense(d, r, nil), mat.NewDense(r, k, nil)
	for i := range d {
		b.SetRow(i, []float64{math.Sin(float64(i)), math.Cos(float64(i * i))})
	}
	for j := range k {
		a.Set(0, j, math.Sin(float64(3*j)))
		a.Set(1, j, math.Cos(float64(j)))
	}
	var m mat.Dense
	m.Mul(b, a)
	rows, cols := drawn(r)
	sample := sampled(&m, rows, cols)
	if len(sample) != 32 || len(sample[0]) != 64 {
		t.Fatalf("%d rows, %d columns", len(sample), len(sample[0]))
	}
	part := mat.NewDense(len(sample), len(sample[0]), nil)
	for i, row := range sample {
		part.SetRow(i, row)
	}
	if sigma := lora.SingularValues(part); sigma[1] < 1e-3*sigma[0] || sigma[2] > 1e-12*sigma[0] {
		t.Errorf("singular values %v, want two of them", sigma[:3])
	}
	// The factors' samples are of the same rows and columns.
	left, top := sampled(b, rows, r), sampled(a, r, cols)
	for i, row := range sample {
		for j, want := range row {
			if got := left[i][0]*top[0][j] + left[i][1]*top[1][j]; math.Abs(got-want) > 1e-12 {
				t.Fatalf("entry %d, %d of the samples is %v, of the product %v", i, j, got, want)
			}
		}
	}
	for _, r := range []int{1, 8, 64, 1024} {
		if rows, cols := drawn(r); r*(rows+cols)+rows*cols > 1<<15 {
			t.Errorf("rank %d: a record keeps %d×%d", r, rows, cols)
		}
	}
}

// TestProductIsLive: the figure of a run under way shows A and B as they stand.
func TestProductIsLive(t *testing.T) {
	e := experiment()
	s := labtest.Settings(t, e, "width", "16", "rank", "1", "steps", "8", "batch", "16")
	var rec *lab.Recorder
	seen := map[string]bool{}
	rec = e.Start(s, func(at lab.Progress) {
		if at.Series == "lora" {
			f := e.Figure(rec.Record(), "product")
			seen[f.Cells(76, 13, plots.DarkInk())] = true
			if out := f.Cells(76, 13, plots.MonoInk()); at.Step == 0 && !strings.Contains(out, "B = 0") {
				t.Errorf("B is zero at step 0:\n%s", out)
			}
		}
	})
	if err := e.Run(t.Context(), s, rec); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 9 {
		t.Errorf("9 steps draw %d different figures", len(seen))
	}
	if out := e.Figure(&lab.Record{Settings: s}, "product").Cells(76, 13, plots.MonoInk()); !strings.Contains(out, "B is 16×1") || !strings.Contains(out, "····") {
		t.Errorf("before the run:\n%s", out)
	}
}
