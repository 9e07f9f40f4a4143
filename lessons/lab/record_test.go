package lab_test

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

func TestRecordJSON(t *testing.T) {
	e := labtest.Experiment()
	rec := e.Start(e.Defaults(), nil)
	track := rec.Series("lora", 2, "loss", "accuracy")
	track.Add(0, 2.5, 0.1)
	track.Add(1, 1.5, math.NaN())
	rec.Report("speed", 12.5)
	rec.Report("count", 20)
	rec.Report("loss", math.Inf(1)) // no finding
	rec.Report("size", []int{4, 64})
	got, err := json.Marshal(rec.Record())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"experiment":"test","settings":{"rank":4,"rate":0.01,"shift":"rot90","schemes":["a","b"],"sigma":1,"seed":7},` +
		`"findings":{"count":{"kind":"count","value":20},` +
		`"speed":{"kind":"real","value":12.5,"measured":true},"size":{"kind":"shape","value":[4,64]}},` +
		`"frames":[{"series":"lora","step":0,"loss":2.5,"accuracy":0.1},{"series":"lora","step":1,"loss":1.5,"accuracy":null}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, ok := rec.Record().Lasting().Find("speed"); ok {
		t.Error("Lasting keeps a measured finding")
	}
}

func TestRecorderThins(t *testing.T) {
	const most = 242 // and the first and last step with 240 between
	for _, planned := range []int{1, 10, 240, 241, 1000, 99999} {
		e := labtest.Experiment()
		rec := e.Start(e.Defaults(), nil)
		track := rec.Series("x", planned, "loss")
		for step := 0; step <= planned; step++ {
			if track.Keeps(step) {
				track.Add(step, float64(step))
			} else {
				track.Add(step)
			}
		}
		frames := rec.Record().Series[0].Frames
		if len(frames) > most {
			t.Errorf("%d steps: %d frames kept, want at most %d", planned, len(frames), most)
		}
		if first, last := frames[0], frames[len(frames)-1]; first.Step != 0 || last.Step != planned {
			t.Errorf("%d steps: frames from %d to %d", planned, first.Step, last.Step)
		}
	}
}

// TestRecorderSideBySide lets several goroutines emit at once: the order of the
// series is that of their announcement, whoever is first.
func TestRecorderSideBySide(t *testing.T) {
	e := labtest.Experiment()
	var mu sync.Mutex
	seen := 0
	rec := e.Start(e.Defaults(), func(lab.Progress) { mu.Lock(); seen++; mu.Unlock() })
	names := []string{"a", "b", "c"}
	var tracks []*lab.Track
	for _, n := range names {
		tracks = append(tracks, rec.Series(n, 50, "v"))
	}
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Go(func() {
			for step := 0; step <= 50; step++ {
				track.Add(step, 1)
				rec.Record()
			}
		})
	}
	wg.Wait()
	for i, s := range rec.Record().Series {
		if s.Name != names[i] || len(s.Frames) != 51 {
			t.Errorf("series %d is %s with %d frames", i, s.Name, len(s.Frames))
		}
	}
	if seen != 3*51 {
		t.Errorf("watched %d steps, want %d", seen, 3*51)
	}
}

// TestAside: an aside keeps steps that its track keeps, and nobody counts or sees them.
func TestAside(t *testing.T) {
	e := labtest.Experiment()
	var last lab.Progress
	seen := 0
	rec := e.Start(e.Defaults(), func(p lab.Progress) { last = p; seen++ })
	track := rec.Series("x", 400, "v")
	aside := track.Aside("beside x", "w")
	for step := 0; step <= 400; step++ {
		if aside.Keeps(step) {
			if !track.Keeps(step) {
				t.Fatalf("step %d is kept by the aside alone", step)
			}
			aside.Add(step, 1)
		}
		track.Add(step, 1)
	}
	if seen != 401 || last.Done != 400 || last.Total != 400 {
		t.Errorf("seen %d steps, at the end %+v", seen, last)
	}
	series := rec.Record().Series
	if n := len(series[1].Frames); series[1].Name != "beside x" || n < 30 || n > 61 || series[1].Frames[n-1].Step != 400 {
		t.Errorf("%s: %d frames", series[1].Name, n)
	}
}

func TestFindingText(t *testing.T) {
	for _, row := range []struct {
		name  string
		spec  lab.Spec
		value any
		want  string
	}{
		{"count", lab.Spec{Kind: lab.KindCount}, int64(16777216), "16,777,216"},
		{"negative count", lab.Spec{Kind: lab.KindCount}, int64(-1234), "-1,234"},
		{"short count", lab.Spec{Kind: lab.KindCount}, int64(999), "999"},
		{"percent", lab.Spec{Kind: lab.KindReal, Percent: true, Digits: 3}, 0.97222, "97.2 %"},
		{"all of it", lab.Spec{Kind: lab.KindReal, Percent: true, Digits: 3}, 1.0, "100 %"},
		{"nats", lab.Spec{Kind: lab.KindReal, Unit: "nats"}, 0.012345, "0.01235 nats"},
		{"exact zero", lab.Spec{Kind: lab.KindReal}, 0.0, "0"},
		{"tiny", lab.Spec{Kind: lab.KindReal, Digits: 2}, 1.34e-15, "1.3e-15"},
		{"large", lab.Spec{Kind: lab.KindReal, Digits: 3}, 123456.7, "123,457"},
		{"shape", lab.Spec{Kind: lab.KindShape}, []int{128, 64}, "128×64"},
		{"text", lab.Spec{Kind: lab.KindText}, "yes", "yes"},
		{"matrix", lab.Spec{Kind: lab.KindMatrix, Digits: 2}, [][]float64{{1, 2}, {3, 0.5}}, "1.0 2.0; 3.0 0.50"},
		{"not a number", lab.Spec{Kind: lab.KindReal}, math.NaN(), "NaN"},
	} {
		if got := (lab.Finding{Spec: row.spec, Value: row.value}).Text(); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestDoChecksSettings(t *testing.T) {
	e := labtest.Experiment()
	e.Check = func(lab.Settings) error { return context.DeadlineExceeded }
	e.Run = func(context.Context, lab.Settings, *lab.Recorder) error { t.Error("it ran"); return nil }
	if _, err := e.Do(t.Context(), e.Defaults(), nil); err == nil {
		t.Error("no error")
	}
}
