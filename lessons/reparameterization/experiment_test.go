package reparameterization

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
)

func experiment() *lab.Experiment { return New(train.NewSources(content.FS)) }

func runOf(t *testing.T, turned ...string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), turned...)
}

// TestReparameterizationCounts recounts the parameters from the shapes.
func TestReparameterizationCounts(t *testing.T) {
	r := runOf(t, "width", "32", "rank", "3", "steps", "5", "batch", "16")
	widths := []int{64, 32, 32, 10}
	full, adapter := 0, 0
	for i := 1; i < len(widths); i++ {
		k, d := widths[i-1], widths[i]
		full += d*k + d
		adapter += 3 * (d + k)
	}
	if got := r.Real("params-full"); got != float64(full) {
		t.Errorf("full trains %v, want %d", got, full)
	}
	if got := r.Real("params-lora"); got != float64(adapter) {
		t.Errorf("LoRA trains %v, want %d", got, adapter)
	}
}

// TestFrozenStaysFrozen: whatever the optimizer, the problem and the scaling,
// LoRA writes to nothing that is frozen.
func TestFrozenStaysFrozen(t *testing.T) {
	for _, problem := range []string{"digits", "planted"} {
		for _, optimizer := range []string{"sgd", "momentum", "adam", "adamw"} {
			for _, scaling := range []string{"alpha/r", "alpha/sqrt-r"} {
				r := runOf(t, "problem", problem, "optimizer", optimizer, "scaling", scaling, "width", "16", "steps", "20", "learning-rate", "0.01")
				if f, ok := r.Find("frozen-change"); !ok || f.Real() != 0 {
					t.Errorf("%s, %s, %s: frozen weights changed by %v", problem, optimizer, scaling, f.Value)
				}
				if diff := r.Real("merge-difference"); !(diff < 1e-9) {
					t.Errorf("%s, %s, %s: merged and apart differ by %v", problem, optimizer, scaling, diff)
				}
			}
		}
	}
}

// TestFloorHolds: no rank's training ends below the closed form of that rank,
// and a long one comes near.
func TestFloorHolds(t *testing.T) {
	r := runOf(t, "problem", "planted", "width", "24", "steps", "1500", "batch", "4096", "rank", "4")
	floors, ranks := r.Table("floors").Column("loss"), r.Table("ranks")
	for i, loss := range ranks.Column("loss") {
		rank := int(ranks.At(i, "rank"))
		floor := floors[min(rank, len(floors)-1)]
		if loss < floor*(1-1e-12) {
			t.Errorf("rank %d ends at %v, below the floor %v", rank, loss, floor)
		}
	}
	if gap := r.Real("gap-to-floor"); !(gap < 0.01) {
		t.Errorf("rank 4 ends %v above its floor after 1500 full-batch steps", gap)
	}
	for i := 1; i < len(floors); i++ {
		if floors[i] > floors[i-1] {
			t.Errorf("the floor rises from rank %d to %d", i-1, i)
		}
	}
}

// TestDivergenceIsAFinding: a learning rate that is far too large ends in words,
// not in a crash, and nothing that is not a number is found.
func TestDivergenceIsAFinding(t *testing.T) {
	for _, problem := range []string{"planted", "digits"} {
		divergence(t, runOf(t, "problem", problem, "width", "16", "optimizer", "sgd", "learning-rate", "100", "steps", "200"))
	}
}

func divergence(t *testing.T, r *lab.Record) {
	f, ok := r.Find("diverged")
	if !ok || !strings.Contains(f.Text(), "smaller learning rate") {
		t.Fatalf("diverged: %v, %v", f.Value, ok)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("a diverged run cannot be written as JSON: %v", err)
	}
	for _, f := range r.Findings {
		if v := f.Real(); f.Spec.Kind == lab.KindReal && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%s is %v", f.Spec.Name, v)
		}
	}
}

// TestRunObeysSettings: the record says under which settings it came about, and
// another seed is another record.
func TestRunObeysSettings(t *testing.T) {
	a := runOf(t, "problem", "planted", "width", "16", "steps", "30")
	b := runOf(t, "problem", "planted", "width", "16", "steps", "30", "seed", "8")
	if a.Real("loss-lora") == b.Real("loss-lora") {
		t.Error("another seed gives the same loss")
	}
	if b.Settings.Seed() != 8 || a.Settings.Equal(b.Settings) {
		t.Error("the record does not keep its settings")
	}
}

func TestRunNeedsItsData(t *testing.T) {
	e := New(train.NewSources(fstest.MapFS{}))
	_, err := e.Do(context.Background(), e.Defaults(), nil)
	if err == nil || !strings.Contains(err.Error(), "data/digits.csv.gz") {
		t.Errorf("without digits: %v", err)
	}
}

// TestRank95IsTheSmallest looks in the table of ranks for those that recover 95 %
// of what full fine-tuning gains: the finding is the smallest of them, and none
// where there is none.
func TestRank95IsTheSmallest(t *testing.T) {
	several := 0
	for _, turned := range [][]string{
		{"problem", "planted", "width", "24", "steps", "300", "planted-rank", "2", "noise", "0"},
		{"width", "24", "steps", "200"},
		{"width", "24", "steps", "200", "shift", "mirror", "seed", "2"},
		{"width", "24", "steps", "200", "learning-rate", "0.00001"}, // too slow for any rank
	} {
		r := runOf(t, turned...)
		gain := func(loss, accuracy float64) float64 {
			if r.Settings.Text("problem") == "digits" {
				return accuracy - r.Real("accuracy-before")
			}
			return r.Real("loss-before") - loss
		}
		enough := recovered * gain(r.Real("loss-full"), r.Real("accuracy-full"))
		var ranks []float64
		all := r.Table("ranks")
		for i, rank := range all.Column("rank") {
			if gain(all.At(i, "loss"), all.At(i, "accuracy")) >= enough {
				ranks = append(ranks, rank)
			}
		}
		f, ok := r.Find("rank-95")
		if ok != (len(ranks) > 0) || ok && f.Real() != slices.Min(ranks) {
			t.Errorf("%v: rank-95 is %v, enough are %v", turned, f.Value, ranks)
		}
		if len(ranks) > 1 {
			several++
		}
		low := len(ranks) > 0 && slices.Min(ranks)*lowRankShare <= 24
		if got := labtest.Text(t, r, "low-rank"); got != lab.YesNo(low) {
			t.Errorf("%v: low-rank is %s, enough are %v", turned, got, ranks)
		}
	}
	if several < 2 {
		t.Errorf("in %d runs more than one rank is enough: too few to tell the smallest", several)
	}
}

// TestForgetting: what is forgotten is the base's accuracy on the first task less what is
// left; with the adapter off nothing is, to the last bit.
func TestForgetting(t *testing.T) {
	e := experiment()
	r := runOf(t, "width", "16", "steps", "40")
	for _, name := range []string{"on", "off", "full"} {
		want := 100 * (r.Real("accuracy-base") - r.Real("accuracy-upright-"+name))
		if got := r.Real("forgotten-" + name); got != want {
			t.Errorf("forgotten-%s is %v, want %v", name, got, want)
		}
	}
	if r.Real("forgotten-off") != 0 || r.Real("off-changed") != 0 {
		t.Errorf("adapter off: %v points forgotten, %v outputs changed", r.Real("forgotten-off"), r.Real("off-changed"))
	}
	if r.Real("forgotten-on") < 10 || r.Real("forgotten-full") < 10 {
		t.Errorf("forgotten %v and %v: too little for this test", r.Real("forgotten-on"), r.Real("forgotten-full"))
	}
	if got, want := train.Latest(r, loraReads, train.FirstTask), r.Real("accuracy-upright-on"); got != want {
		t.Errorf("the curve of forgetting ends at %v, want %v", got, want)
	}
	rows := e.Figure(r, "forgotten").Images.Rows
	for i, c := range rows[0].Readings[0].Captions {
		if off := rows[0].Readings[3].Captions[i]; off != c {
			t.Errorf("image %d: the base reads %+v, the adapter off %+v", i, c, off)
		}
	}
}
