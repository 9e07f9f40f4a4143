package quantization

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora/models"
	"loralab/plots"
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
		rows := experiment().Figure(r, "digits").Images.Rows
		if len(rows) != 1 || len(rows[0].Readings) != 3 {
			t.Fatalf("the figure has %d rows", len(rows))
		}
		for i := range rows[0].Pictures {
			base, wreck := rows[0].Readings[0].Captions[i], rows[0].Readings[1].Captions[i]
			if base.Verdict != plots.Right || wreck.Verdict != plots.Wrong {
				t.Errorf("image %d was chosen for what it shows: the base reads %+v, the wreck %+v", i, base, wreck)
			}
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
