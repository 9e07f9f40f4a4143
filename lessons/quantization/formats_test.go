package quantization

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"loralab/lora/quant"
)

// storedBits counts a tensor of n elements by hand.
func storedBits(n, width, block int, double bool) float64 {
	blocks := (n + block - 1) / block
	if !double {
		return float64(n*width + 32*blocks)
	}
	return float64(n*width + 8*blocks + 32*((blocks+255)/256) + 32)
}

func TestQuantizationBits(t *testing.T) {
	for _, row := range []struct {
		name   string
		turned []string
		width  int
	}{
		{"nf4", nil, 4},
		{"nf2 in large blocks", []string{"format", "nf2", "block", "4096"}, 2},
		{"int3 double", []string{"format", "int3", "block", "32", "double", "yes"}, 3},
		{"int8", []string{"format", "int8", "block", "128"}, 8},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := runOf(t, row.turned...)
			block, double := r.Settings.Whole("block"), r.Settings.Text("double") == "yes"
			var want float64
			all := 0
			for _, n := range []int{64 * 16, 16 * 16, 16 * 10} {
				want += storedBits(n, row.width, block, double)
				all += n
			}
			if got := r.Real("bits") * float64(all); math.Abs(got-want) > 1e-6 {
				t.Errorf("%v bits in all, want %v", got, want)
			}
			if got := r.Real("bytes"); got < want/8 || got > want/8+3 {
				t.Errorf("%v bytes, want %v and at most the rest of a byte for each of three tensors", got, want/8)
			}
			// In a matrix so large that only the rates matter.
			large := 1 << 24
			if got, want := r.Real("bits-large"), storedBits(large, row.width, block, double)/float64(large); math.Abs(got-want) > 1e-5 {
				t.Errorf("%v bits in a large matrix, want %v", got, want)
			}
		})
	}
}

// TestQuantizationFormats checks the sweep: the cost of each row by hand, and
// that more scales never leave a NormalFloat or an integer with more noise.
func TestQuantizationFormats(t *testing.T) {
	r := runOf(t, "weights", "gaussian", "width", "64")
	formats := r.Table("formats")
	if want := len(quant.Names()) * len(sweptBlocks) * 2; formats.Len() != want {
		t.Fatalf("%d rows, want %d", formats.Len(), want)
	}
	for i := range formats.Len() {
		at := func(column string) float64 { return formats.At(i, column) }
		width := codebook(formatNames()[int(at("format"))]).Bits()
		var bits, n float64
		for _, size := range []int{64 * 64, 64 * 64, 64 * 10} {
			bits += storedBits(size, width, int(at("block")), at("double") == 1)
			n += float64(size)
		}
		if math.Abs(at("bits")-bits/n) > 1e-9 {
			t.Errorf("row %d: %v bits, want %v", i, at("bits"), bits/n)
		}
	}
	for _, name := range formatNames() {
		snr := formats.Where("format", formatNumber(name)).Where("double", 0).Column("snr")
		for i := 1; i < len(snr); i++ {
			if snr[i] > snr[i-1]+0.5 {
				t.Errorf("%s: %v dB, with smaller blocks %v", name, snr[i], snr[i-1])
			}
		}
	}
	best := r.Real("snr-nf4")
	if f, _ := r.Find("best-4bit"); f.Text() != "nf4" || best < r.Real("snr-int4") || best < r.Real("snr-fp4") {
		t.Errorf("for normal weights the best is %s at %v dB", f.Text(), best)
	}
	if r.Real("snr-fp16") < r.Real("snr-bf16") || r.Real("snr-bf16") < r.Real("snr-rows") || r.Real("snr-rows") < best {
		t.Error("wider formats have more noise")
	}
}

// TestQuantizationDelta builds NF4 anew from the δ that is shown.
func TestQuantizationDelta(t *testing.T) {
	r := runOf(t)
	δ := math.Round(r.Real("delta")*1e7) / 1e7
	if δ != 0.9677083 {
		t.Errorf("δ is %v", δ)
	}
	normal := distuv.UnitNormal
	var levels []float64
	for i := range 7 {
		levels = append(levels, -normal.Quantile(δ-float64(i)*(δ-0.5)/7)/normal.Quantile(δ))
	}
	levels = append(levels, 0)
	for i := 7; i >= 0; i-- {
		levels = append(levels, normal.Quantile(δ-float64(i)*(δ-0.5)/8)/normal.Quantile(δ))
	}
	inside := 0
	for i, l := range quant.NF4().Levels() {
		if math.Abs(levels[i]-float64(l)) > 1e-6 {
			t.Errorf("level %d is %v, want %v", i, levels[i], l)
		}
		if math.Abs(levels[i]) < 0.5 {
			inside++
		}
	}
	if r.Real("levels-inside") != float64(inside) || r.Real("level-count") != 16 {
		t.Errorf("%v of %v levels inside, want %d of 16", r.Real("levels-inside"), r.Real("level-count"), inside)
	}
	if e := r.Real("entropy"); e < 3 || e > 4 {
		t.Errorf("%v bits of information in 4", e)
	}
}

// TestQuantizationOutlier holds the share of zeros against the normal
// distribution's.
func TestQuantizationOutlier(t *testing.T) {
	for _, size := range []string{"10", "20", "50"} {
		r := runOf(t, "outlier", size)
		σ := r.Settings.Real("outlier")
		levels := quant.NF4().Levels()
		below, above := float64(levels[6])/2*σ, float64(levels[8])/2*σ
		want := distuv.UnitNormal.CDF(above) - distuv.UnitNormal.CDF(below)
		if got := r.Real("outlier-zeros-4096"); math.Abs(got-want) > 0.01 {
			t.Errorf("outlier of %s σ: %v become 0, want %v", size, got, want)
		}
		if r.Real("outlier-error-4096") <= r.Real("outlier-error-64") || r.Real("outlier-error-64") < 1 {
			t.Errorf("outlier of %s σ: error × %v with large blocks, %v with small", size, r.Real("outlier-error-4096"), r.Real("outlier-error-64"))
		}
	}
}

// TestQuantizationWeights: the synthetic weights have the network's deviation
// and the tails that their names say.
func TestQuantizationWeights(t *testing.T) {
	q := halfRun(t, "width", "128")
	own := studiedWeights(q.s, q.p.Base)
	for _, kind := range []string{"gaussian", "heavy-tailed", "outliers"} {
		s, err := q.s.With("weights", kind)
		if err != nil {
			t.Fatal(err)
		}
		for i, synthetic := range studiedWeights(s, q.p.Base) {
			want, got := deviation(own[i].values), deviation(synthetic.values)
			largest := 0.0
			for _, v := range synthetic.values {
				largest = max(largest, math.Abs(float64(v))/want)
			}
			switch kind {
			case "gaussian":
				if math.Abs(got/want-1) > 0.1 || largest > 6 {
					t.Errorf("layer %d: deviation %v, want %v; largest %v", i+1, got, want, largest)
				}
			case "heavy-tailed":
				if largest < 6 {
					t.Errorf("layer %d: the largest is %v deviations", i+1, largest)
				}
			case "outliers":
				if math.Abs(largest-20) > 1e-4 {
					t.Errorf("layer %d: the outlier is %v deviations", i+1, largest)
				}
			}
		}
	}
}

func deviation(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(x)))
}
