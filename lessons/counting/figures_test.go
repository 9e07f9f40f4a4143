package counting

import (
	"math"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lora/models"
)

// TestCountingFigures draws finished records and records cut off at every
// frame and every finding.
func TestCountingFigures(t *testing.T) {
	e := experiment()
	for _, turned := range [][]string{nil, {"model", "gpt2", "targets", "all-linear"}, {"dtype", "fp32"}, {"rank", "100"}} {
		r := runOf(t, append(turned, "d", "48", "k", "32")...)
		for _, id := range e.Plots {
			f := e.Figure(r, id)
			if f == nil || f.Empty() || f.Title == "" || f.Caption == "" || f.YLabel == "" && f.Flow == nil {
				t.Errorf("%v: figure %s: %+v", turned, id, f)
			}
		}
	}
	r := runOf(t, "d", "48", "k", "32")
	drawAll := func(r *lab.Record) {
		for _, f := range e.Figures(r) {
			f.Table(4)
			f.Plot()
		}
	}
	for n := range r.Findings {
		cut := *r
		cut.Findings = r.Findings[:n]
		drawAll(&cut)
		cut.Findings = r.Findings[n:]
		drawAll(&cut)
	}
	for n := range r.Series[0].Frames {
		cut := *r
		cut.Series = []lab.Series{r.Series[0]}
		cut.Series[0].Frames = r.Series[0].Frames[:n]
		drawAll(&cut)
	}
	drawAll(&lab.Record{Experiment: e.ID, Settings: e.Defaults()})
}

// TestCountingModelsFigure: every model once, by size, the chosen one marked.
func TestCountingModelsFigure(t *testing.T) {
	r := runOf(t, "d", "8", "k", "8", "model", "gpt2-xl")
	bars := experiment().Figure(r, "models").Bars
	last, marked := int64(0), 0
	for i, name := range bars.Names {
		id, chosen := strings.CutPrefix(name, "→ ")
		if chosen {
			marked++
		}
		m, err := models.Find(id)
		if err != nil || chosen != (id == "gpt2-xl") || m.Total() < last {
			t.Fatalf("bar %d is %q: %v", i, name, err)
		}
		last = m.Total()
		tally, err := models.Count(m, models.Adapter{Rank: 8})
		if err != nil || math.Abs(tally.Percent-bars.Series[0].Values[i]) > 1e-12 {
			t.Errorf("%s: %v %%, want %v, %v", id, bars.Series[0].Values[i], tally.Percent, err)
		}
	}
	if len(bars.Names) != len(models.Catalogue()) || marked != 1 {
		t.Errorf("%d bars, %d marked", len(bars.Names), marked)
	}
}

func TestCountingMemoryFigureSums(t *testing.T) {
	for dtype, ways := range map[string][]string{"bf16": {"full", "master", "lora", "qlora"}, "fp32": {"full", "lora", "qlora"}} {
		r := runOf(t, "d", "8", "k", "8", "dtype", dtype)
		bars := experiment().Figure(r, "memory").Bars
		if len(bars.Names) != len(ways) {
			t.Fatalf("%s: bars %v", dtype, bars.Names)
		}
		for i, way := range ways {
			sum := 0.0
			for _, s := range bars.Series {
				sum += s.Values[i]
			}
			if want := r.Real("memory-" + way); math.Abs(sum-want) > 1e-9*want {
				t.Errorf("%s: bar %s is %v GB, want %v", dtype, bars.Names[i], sum, want)
			}
		}
	}
}
