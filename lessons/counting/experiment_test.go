package counting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
)

func experiment() *lab.Experiment { return New(train.Sources{}) }

func runOf(t *testing.T, turned ...string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), turned...)
}

func TestCountingSweep(t *testing.T) {
	for _, row := range []struct{ d, k, r string }{{"64", "10", "3"}, {"64", "10", "300"}, {"1", "1", "1"}, {"700", "900", "8"}} {
		r := runOf(t, "d", row.d, "k", row.k, "rank", row.r)
		x, y := r.Curve("rank sweep", "parameters")
		s := r.Settings
		for i := range x {
			if want := x[i] * (s.Real("d") + s.Real("k")); y[i] != want {
				t.Errorf("%+v: %v at rank %v, want %v", row, y[i], x[i], want)
			}
		}
		if want := max(min(s.Real("d"), s.Real("k")), s.Real("rank")); len(x) < 2 || x[0] != 0 || x[len(x)-1] != want {
			t.Errorf("%+v: ranks %v, want 0 to %v", row, x, want)
		}
	}
}

func TestCountingIsDeterministic(t *testing.T) {
	var texts []string
	for _, seed := range []string{"7", "7", "8"} {
		r := runOf(t, "d", "300", "k", "200", "seed", seed)
		r.Settings = labtest.Settings(t, experiment()) // the seed is all that may differ
		b, err := json.Marshal(r.Lasting())
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Error("two runs differ")
	}
}

// TestCountingFindsAll: every declared finding is found, in every setting.
func TestCountingFindsAll(t *testing.T) {
	e := experiment()
	for _, turned := range [][]string{{"rank", "65536"}, {"dtype", "fp32", "optimizer", "adamw8bit"}, {"model", "gpt2", "targets", "all-linear"}} {
		r := runOf(t, append(turned, "d", "16", "k", "8")...)
		for _, spec := range e.Findings {
			if _, ok := r.Find(spec.Name); !ok {
				t.Errorf("%v: nothing found for %s", turned, spec.Name)
			}
		}
	}
}

func TestCountingRefuses(t *testing.T) {
	s := experiment().Defaults()
	for knob, value := range map[string]string{"rank": "0", "d": "65537", "k": "-1", "model": "llama-9", "targets": "q_porj", "dtype": "int4", "optimizer": "lion", "bias": "maybe"} {
		if _, err := s.With(knob, value); err == nil || !strings.Contains(err.Error(), "knob "+knob) {
			t.Errorf("%s=%s: %v", knob, value, err)
		}
	}
}

func TestCountingObeysContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	last := 0
	_, err := experiment().Do(ctx, labtest.Settings(t, experiment(), "d", "64", "k", "64"), func(p lab.Progress) {
		if last = p.Step; p.Step == 5 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || last != 5 {
		t.Errorf("stopped after step %d with %v", last, err)
	}
}

func Example() {
	e := experiment()
	r, err := e.Do(context.Background(), e.Defaults(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"params-lora", "params-full", "ratio", "break-even", "printed-no-bias", "printed-bias"} {
		f, _ := r.Find(name)
		fmt.Printf("%s: %s\n", f.Spec.Label, f.Text())
	}
	// Output:
	// numbers that LoRA trains: 65,536
	// numbers in W: 16,777,216
	// times fewer than W: 256 ×
	// rank at which A and B hold as much as W: 2048
	// printed for the layer without a bias: 65,536 / 16,842,752 (0.39%)
	// printed for the layer with a bias: 65,536 / 16,846,848 (0.39%)
}
