package lessons

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"testing"
)

func TestRecordJSON(t *testing.T) {
	e := testExperiment()
	rec := e.Start(e.Defaults(), nil)
	track := rec.Series("lora", 2, "loss", "accuracy")
	track.Add(0, 2.5, 0.1)
	track.Add(1, 1.5, math.NaN())
	rec.Find("speed", 12.5)
	rec.Find("count", 20)
	rec.Find("loss", math.Inf(1)) // no finding
	rec.Find("size", []int{4, 64})
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
	for _, planned := range []int{1, 10, 240, 241, 1000, 99999} {
		e := testExperiment()
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
		if len(frames) > keptFrames+2 {
			t.Errorf("%d steps: %d frames kept, want at most %d", planned, len(frames), keptFrames+2)
		}
		if first, last := frames[0], frames[len(frames)-1]; first.Step != 0 || last.Step != planned {
			t.Errorf("%d steps: frames from %d to %d", planned, first.Step, last.Step)
		}
	}
}

// TestRecorderSideBySide lets several goroutines emit at once: the order of the
// series is that of their announcement, whoever is first.
func TestRecorderSideBySide(t *testing.T) {
	e := testExperiment()
	var mu sync.Mutex
	seen := 0
	rec := e.Start(e.Defaults(), func(Progress) { mu.Lock(); seen++; mu.Unlock() })
	names := []string{"a", "b", "c"}
	var tracks []*Track
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

func TestUndeclaredFindingPanics(t *testing.T) {
	e := testExperiment()
	rec := e.Start(e.Defaults(), nil)
	for name, value := range map[string]any{"nothing": 1, "count": 1.5, "answer": 3} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Find(%q, %v) did not panic", name, value)
				}
			}()
			rec.Find(name, value)
		}()
	}
}

func TestFindingText(t *testing.T) {
	for _, row := range []struct {
		name  string
		spec  Spec
		value any
		want  string
	}{
		{"count", Spec{Kind: KindCount}, 16777216, "16,777,216"},
		{"negative count", Spec{Kind: KindCount}, int64(-1234), "-1,234"},
		{"short count", Spec{Kind: KindCount}, 999, "999"},
		{"percent", Spec{Kind: KindReal, Percent: true, Digits: 3}, 0.97222, "97.2 %"},
		{"all of it", Spec{Kind: KindReal, Percent: true, Digits: 3}, 1.0, "100 %"},
		{"nats", Spec{Kind: KindReal, Unit: "nats"}, 0.012345, "0.01235 nats"},
		{"exact zero", Spec{Kind: KindReal}, 0.0, "0"},
		{"tiny", Spec{Kind: KindReal, Digits: 2}, 1.34e-15, "1.3e-15"},
		{"large", Spec{Kind: KindReal, Digits: 3}, 123456.7, "123,457"},
		{"shape", Spec{Kind: KindShape}, []int{128, 64}, "128×64"},
		{"text", Spec{Kind: KindText}, "yes", "yes"},
		{"matrix", Spec{Kind: KindMatrix, Digits: 2}, [][]float64{{1, 2}, {3, 0.5}}, "1.0 2.0; 3.0 0.50"},
		{"not a number", Spec{Kind: KindReal}, math.NaN(), "NaN"},
	} {
		if got := newFinding(row.spec, row.value).Text(); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestDoChecksSettings(t *testing.T) {
	e := testExperiment()
	e.Check = func(Settings) error { return context.DeadlineExceeded }
	e.Run = func(context.Context, Settings, *Recorder) error { t.Error("it ran"); return nil }
	if _, err := e.Do(t.Context(), e.Defaults(), nil); err == nil {
		t.Error("no error")
	}
}
