package quantization

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/models"
	"loralab/lora/quant"
)

func experiment() *lab.Experiment { return New(train.NewSources(content.FS)) }

// settings are the defaults with a narrow network and few steps, and then the
// given knobs.
func settings(t *testing.T, turned ...string) lab.Settings {
	t.Helper()
	return labtest.Settings(t, experiment(), append([]string{"width", "16", "steps", "5"}, turned...)...)
}

func runOf(t *testing.T, turned ...string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), append([]string{"width", "16", "steps", "5"}, turned...)...)
}

func TestQuantizationIsDeterministic(t *testing.T) {
	var first []byte
	for range 2 {
		got, err := json.Marshal(runOf(t, "format", "nf2", "double", "yes", "weights", "outliers").Lasting())
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		} else if !bytes.Equal(first, got) {
			t.Error("the same settings gave another record")
		}
	}
}

// TestQuantizationFindsAll: a run that goes well finds everything declared.
func TestQuantizationFindsAll(t *testing.T) {
	r := runOf(t)
	for _, spec := range experiment().Findings {
		if _, ok := r.Find(spec.Name); ok == (spec.Name == "diverged") {
			t.Errorf("finding %s: found is %v", spec.Name, ok)
		}
	}
}

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

// TestQuantizationFreezesBase: training leaves every weight on its code, and a
// single one that moved would be counted.
func TestQuantizationFreezesBase(t *testing.T) {
	for _, format := range []string{"nf4", "nf2", "dynamic8"} {
		if r := runOf(t, "format", format, "double", "yes", "steps", "20"); r.Real("base-changed") != 0 {
			t.Errorf("%s: %v weights moved", format, r.Real("base-changed"))
		}
	}
	q := halfRun(t)
	q.base.net.Layers[1].W.Set(0, 3, math.Nextafter(q.base.net.Layers[1].W.At(0, 3), 9))
	if moved := q.base.moved(q.base.net); moved != 1 {
		t.Errorf("one weight was moved by the smallest step there is, %d counted", moved)
	}
}

// halfRun goes through a run up to the quantized bases.
func halfRun(t *testing.T, turned ...string) *quantized {
	t.Helper()
	e, s := experiment(), settings(t, turned...)
	rec := e.Start(s, nil)
	b, err := train.Pretrain(t.Context(), train.NewSources(content.FS), s, rec.Series("pretraining", 20, "loss", "accuracy"))
	if err != nil {
		t.Fatal(err)
	}
	q := &quantized{rec: rec, s: s, p: &train.Problem{Base: b.Net, Before: b.Before, First: b.Test, Test: b.Test, Loss: lora.CrossEntropy}}
	if err := q.bases(t.Context()); err != nil {
		t.Fatal(err)
	}
	return q
}

// TestQuantizationLoftQ holds what is said of LoftQ against the matrices
// themselves, PEFT's start among them.
func TestQuantizationLoftQ(t *testing.T) {
	for _, row := range []struct {
		name, rank, alpha, iterations string
	}{
		{"s = 2", "4", "8", "3"},
		{"s = 2, one iteration", "4", "8", "1"},
		{"s = 1", "4", "4", "3"},
		{"s = 0.5", "4", "2", "2"},
		{"more than full rank", "40", "80", "2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := halfRun(t, "format", "nf3", "rank", row.rank, "alpha", row.alpha, "loftq-iterations", row.iterations)
			if err := q.fitLoftQ(t.Context(), q.rec.Series("loftq", q.s.Whole("loftq-iterations"), "base", "start", "start-peft")); err != nil {
				t.Fatal(err)
			}
			r := q.rec.Record()
			s := r.Real("scaling-factor")
			before, after, peft := r.Real("loftq-before"), r.Real("loftq-after"), r.Real("loftq-peft")
			if got := q.fromW(q.base.net); !near(got, before) {
				t.Errorf("quantizing loses %v, want %v", before, got)
			}
			if got := q.fromW(q.loftqNet); !near(got, after) {
				t.Errorf("LoftQ leaves %v, want %v", after, got)
			}
			wrong := q.loftqNet.Clone()
			for _, l := range wrong.Layers { // A and B as if s were 1
				l.Active().A.Scale(math.Sqrt(s), l.Active().A)
				l.Active().B.Scale(math.Sqrt(s), l.Active().B)
			}
			if got := q.fromW(wrong); !near(got, peft) {
				t.Errorf("with the scaling left out %v is left, want %v", peft, got)
			}
			switch {
			case s == 1 && !near(peft, after):
				t.Errorf("with s = 1 PEFT leaves %v, LoftQ %v", peft, after)
			case s == 2 && row.iterations == "1" && !near(peft, before):
				t.Errorf("with s = 2 PEFT leaves %v, no correction %v", peft, before)
			case row.rank == "40" && after > 1e-6:
				t.Errorf("a correction of full rank leaves %v", after)
			case after > before:
				t.Errorf("LoftQ leaves %v of %v", after, before)
			}
			if helps := labtest.Text(t, r, "loftq-peft-helps"); (helps == "yes") != (s < 2) {
				t.Errorf("s = %v: does PEFT's start help? %s", s, helps)
			}
		})
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-7 }

// fromW returns how far the weights of net, its adapters merged, are from the
// network's before quantizing, as a share of their size.
func (q *quantized) fromW(net *lora.Network) float64 {
	var rest, size float64
	for i, l := range net.Layers {
		w := mat.DenseCopyOf(l.W)
		if a := l.Active(); a != nil {
			w.Add(w, a.Delta())
		}
		original := q.p.Base.Layers[i].W
		rest += math.Pow(frobenius(w, original), 2)
		size += math.Pow(mat.Norm(original, 2), 2)
	}
	return math.Sqrt(rest / size)
}

// TestQuantizationMerge: an update too small to reach another level changes no
// code, and of it arrives only what the scales take along, which follow the
// largest weight of each block.
func TestQuantizationMerge(t *testing.T) {
	r := runOf(t, "learning-rate", "0.0000001", "steps", "1")
	if r.Real("merge-codes") != 0 || r.Real("merge-bytes") != 0 || r.Real("merge-kept") > 0.2 {
		t.Errorf("%v codes in %v bytes changed, %v of the update kept", r.Real("merge-codes"), r.Real("merge-bytes"), r.Real("merge-kept"))
	}
	if e := r.Real("merge-error-4bit"); e > 1e-6 {
		t.Errorf("merging next to nothing into the codes moves the outputs by %v", e)
	}
	if e := r.Real("merge-error-original"); e < 0.01 {
		t.Errorf("the original's outputs are %v from the quantized base's", e)
	}

	r = runOf(t, "format", "nf3", "steps", "100")
	codes, all := r.Real("merge-codes"), r.Real("weights-count")
	if codes == 0 || codes/all != r.Real("merge-codes-share") || r.Real("merge-bytes") != codes {
		t.Errorf("%v codes of %v, a share of %v, in %v bytes", codes, all, r.Real("merge-codes-share"), r.Real("merge-bytes"))
	}
	r = runOf(t, "format", "nf4", "steps", "100")
	if codes, in := r.Real("merge-codes"), r.Real("merge-bytes"); in >= codes || 2*in < codes {
		t.Errorf("%v codes of 4 bits in %v bytes", codes, in)
	}
	merges := r.Table("merges")
	if nearest := slices.Min(merges.Column("error")); merges.Cell("dequantized", "error") != nearest {
		t.Errorf("merges %v: the dequantized base should be nearest", merges)
	}
}

// TestQuantizationRecoversWreck: two bits ruin the network, and an adapter on
// it, the base untouched, brings most of it back.
func TestQuantizationRecoversWreck(t *testing.T) {
	if testing.Short() {
		t.Skip("a run of full size")
	}
	for _, seed := range []string{"1", "7"} {
		r := runOf(t, "width", "128", "steps", "200", "format", "nf2", "block", "4096", "seed", seed)
		if r.Real("accuracy-lost-nf4") > 3 || r.Real("accuracy-lost") < 20 || r.Real("accuracy-qlora") < 0.9 {
			t.Errorf("seed %s: nf4 loses %v points, nf2 %v, and an adapter on it reads %v", seed,
				r.Real("accuracy-lost-nf4"), r.Real("accuracy-lost"), r.Real("accuracy-qlora"))
		}
		if f, _ := r.Find("merge-closest"); f.Text() != "dequantized in 16 bits" {
			t.Errorf("seed %s: closest is %s", seed, f.Text())
		}
	}
}

// TestQuantizationMemory counts the models again from their shapes.
func TestQuantizationMemory(t *testing.T) {
	for _, row := range []struct {
		turned []string
		bits   float64
	}{
		{nil, 4 + 32.0/64},
		{[]string{"double", "yes"}, 4 + 8.0/64 + 32.0/(64*256)},
		{[]string{"block", "1024", "format", "int8"}, 4 + 32.0/1024}, // NF4 whatever the format
	} {
		r := runOf(t, row.turned...)
		for _, m := range memoryModels {
			model, err := models.Find(m.id)
			if err != nil {
				t.Fatal(err)
			}
			linear := int64(0)
			for _, g := range model.Linears() {
				linear += g.In * g.Out * g.Count
			}
			want := []float64{2 * float64(model.Total()), float64(linear) * row.bits / 8, 2 * float64(model.Total()-linear)}
			for j, column := range []string{"16bit", "quantized", "kept"} {
				if got := r.Table("memory").Cell(m.id, column); math.Abs(got-want[j]) > 1e-6*want[j] {
					t.Errorf("%v: %s, %s: %v bytes, want %v", row.turned, m.id, column, got, want[j])
				}
			}
			if ratio := r.Real("memory-" + m.size + "-ratio"); math.Abs(ratio-want[0]/(want[1]+want[2])) > 1e-5 {
				t.Errorf("%v: %s: %v times smaller", row.turned, m.id, ratio)
			}
		}
	}
	// Dettmers et al. 2023, section 3: about 3 GB for a 65B model.
	if saved := runOf(t).Real("double-saves-65b"); math.Abs(saved-3.02) > 0.005 {
		t.Errorf("double quantization saves %v GB", saved)
	}
}

// TestQuantizationDiverges: learning rates without measure are a finding.
func TestQuantizationDiverges(t *testing.T) {
	for _, rate := range []string{"1", "100"} {
		for _, alpha := range []string{"8", "4096"} {
			r := runOf(t, "optimizer", "sgd", "learning-rate", rate, "alpha", alpha, "steps", "60", "format", "nf2")
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("rate %s, α %s: %v", rate, alpha, err)
			}
			for _, f := range experiment().Figures(r) {
				f.Table(4)
			}
			if _, ok := r.Find("diverged"); !ok && rate == "100" {
				t.Errorf("rate %s, α %s: nothing diverged", rate, alpha)
			}
		}
	}
}

func TestQuantizationRefuses(t *testing.T) {
	e := experiment()
	s := settings(t, "block", "100")
	_, err := e.Do(t.Context(), s, nil)
	if err == nil || !strings.Contains(err.Error(), "knob block: 100 is not allowed, want a power of two") {
		t.Errorf("block 100: %v", err)
	}
	for knob, value := range map[string]string{"format": "nf5", "block": "16", "double": "maybe", "weights": "none", "width": "512", "loftq-iterations": "0", "shift": "sideways"} {
		if _, err := e.Defaults().With(knob, value); err == nil || !strings.Contains(err.Error(), "knob "+knob) {
			t.Errorf("%s=%s: %v", knob, value, err)
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
