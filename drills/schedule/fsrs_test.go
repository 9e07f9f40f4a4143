package schedule

import (
	"math"
	"testing"
	"time"
)

var epoch = time.Date(2022, 11, 29, 12, 30, 0, 0, time.UTC)

// near fails unless got equals want to the digits want was published with.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.8g, want %.8g ± %g", what, got, want, tolerance)
	}
}

func TestFactor(t *testing.T) {
	_, factor := DefaultParameters().curve()
	near(t, "factor", factor, 0.9803464944134797, 1e-15)
}

// The histories are those of the test files of py-fsrs, go-fsrs and fsrs-rs.
func TestHistories(t *testing.T) {
	noShortTerm := DefaultParameters()
	noShortTerm.Weights[17], noShortTerm.Weights[18], noShortTerm.Weights[19] = 0, 0, 0
	for _, test := range []struct {
		name         string
		p            Parameters
		ratings      []Rating
		days         []int
		stabilities  []float64 // after each review; one value: after the last
		difficulties []float64
		tolerance    float64
		interval     int // 0: not stated
	}{
		{
			name: "forgotten at first sight, then known", p: DefaultParameters(),
			ratings: []Rating{1, 3, 3, 3, 3, 3}, days: []int{0, 0, 1, 3, 8, 21},
			stabilities:  []float64{0.21200, 0.24669, 2.02148, 7.86370, 21.91771, 53.62690},
			difficulties: []float64{6.4133, 6.40212, 6.39094, 6.37978, 6.36863, 6.35749},
			tolerance:    6e-6, interval: 54,
		},
		{
			name: "one more good on the first day", p: DefaultParameters(),
			ratings: []Rating{1, 3, 3, 3, 3, 3, 3}, days: []int{0, 0, 0, 1, 3, 8, 21},
			stabilities: []float64{54.0393}, difficulties: []float64{6.3464}, tolerance: 6e-5,
		},
		{
			name: "w17 to w19 zero", p: noShortTerm,
			ratings: []Rating{1, 3, 3, 3, 3, 3}, days: []int{0, 0, 1, 3, 8, 21},
			stabilities: []float64{53.3351}, difficulties: []float64{6.3575}, tolerance: 6e-5,
		},
		{
			name: "all ratings, Hard on the same day", p: DefaultParameters(),
			ratings: []Rating{1, 2, 3, 4, 3, 3}, days: []int{0, 0, 1, 3, 8, 21},
			stabilities: []float64{51.0810}, difficulties: []float64{6.7493}, tolerance: 6e-5,
		},
		{
			name: "two lapses after years", p: DefaultParameters(),
			ratings:      []Rating{3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3},
			days:         []int{0, 3, 14, 57, 196, 586, 1559, 10, 1, 3, 5, 9, 15},
			stabilities:  []float64{2.3065, 13.8269, 56.9567, 196.2353, 586.4835, 1559.3567, 9.8832, 1.3527, 2.392, 4.8562, 8.7624, 15.186, 25.1362},
			difficulties: []float64{2.1181, 2.1112, 2.1043, 2.0975, 2.0906, 2.0837, 7.3832, 9.1251, 9.1112, 9.0973, 9.0835, 9.0696, 9.0558},
			tolerance:    6e-5, interval: 25,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s State
			now := epoch
			first := len(test.ratings) - len(test.stabilities)
			for i, rating := range test.ratings {
				now = now.Add(time.Duration(test.days[i]) * Day)
				s = test.p.Next(s, rating, now)
				if i < first {
					continue
				}
				near(t, "stability", s.Stability, test.stabilities[i-first], test.tolerance)
				near(t, "difficulty", s.Difficulty, test.difficulties[i-first], test.tolerance)
			}
			if got := test.p.Interval(s.Stability); test.interval != 0 && got != test.interval {
				t.Errorf("interval = %d, want %d", got, test.interval)
			}
			if s.Reps != len(test.ratings) || !s.Last.Equal(now) {
				t.Errorf("reps %d, last %v; want %d, %v", s.Reps, s.Last, len(test.ratings), now)
			}
		})
	}
}

func TestOneReview(t *testing.T) {
	p := DefaultParameters()
	for _, test := range []struct {
		name       string
		rating     Rating
		stability  float64
		difficulty float64
		interval   int
	}{
		{"again", Again, 1.391987, 8.341762, 1},
		{"hard", Hard, 23.246875, 6.665995, 23},
		{"good", Good, 32.026729, 4.990228, 32},
		{"easy", Easy, 51.253862, 3.314461, 51},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := State{Phase: Review, Stability: 10, Difficulty: 5, Last: epoch}
			after := p.Next(before, test.rating, epoch.Add(10*Day))
			near(t, "stability", after.Stability, test.stability, 6e-7)
			near(t, "difficulty", after.Difficulty, test.difficulty, 6e-7)
			if got := p.Interval(after.Stability); got != test.interval {
				t.Errorf("interval = %d, want %d", got, test.interval)
			}
		})
	}
}

func TestSameDay(t *testing.T) {
	p := DefaultParameters()
	before := State{Phase: Review, Stability: 10, Difficulty: 5, Last: epoch}
	for _, after := range []time.Duration{0, time.Hour, Day - 1, -time.Hour} {
		hard := p.Next(before, Hard, epoch.Add(after))
		if hard.Stability != 10 {
			t.Errorf("Hard %v later leaves a stability of %v, want the 10 it was", after, hard.Stability)
		}
		if good := p.Next(before, Good, epoch.Add(after)); good.Stability < 10 {
			t.Errorf("Good %v later lowers the stability to %v", after, good.Stability)
		}
		if again := p.Next(before, Again, epoch.Add(after)); again.Stability >= 10 {
			t.Errorf("Again %v later leaves a stability of %v", after, again.Stability)
		}
	}
	if nextDay := p.Next(before, Hard, epoch.Add(Day)); nextDay.Stability <= 10 {
		t.Errorf("Hard a day later leaves a stability of %v, want more than 10", nextDay.Stability)
	}
}

func TestRecall(t *testing.T) {
	p := DefaultParameters()
	for _, test := range []struct{ t, s, want float64 }{
		{1, 10, 0.985682}, {5, 10, 0.940344}, {10, 10, 0.9}, {30, 10, 0.809388},
		{0, 10, 1}, {-3, 10, 1}, {0.5, 0.5, 0.9}, {36500, 36500, 0.9},
	} {
		near(t, "recall", p.Recall(test.t, test.s), test.want, 6e-7)
		s := State{Phase: Review, Stability: test.s, Last: epoch}
		near(t, "retrievability", p.Retrievability(s, epoch.Add(time.Duration(test.t*float64(Day)))), test.want, 6e-7)
	}
	if got := p.Retrievability(State{}, epoch); got != 0 {
		t.Errorf("a new family has retrievability %v, want 0", got)
	}
}

func TestInterval(t *testing.T) {
	for i, want := range []int{36500, 34793, 2508, 387, 90, 27, 9, 3, 1, 1} {
		p := DefaultParameters()
		p.Retention = float64(i+1) / 10
		if got := p.Interval(1); got != want {
			t.Errorf("at retention %v the interval is %d, want %d", p.Retention, got, want)
		}
	}
	p := DefaultParameters()
	p.MaxInterval = 100
	if got := p.Interval(5000); got != 100 {
		t.Errorf("interval %d, want the longest allowed, 100", got)
	}
}

func TestStabilityStaysInBounds(t *testing.T) {
	p := DefaultParameters()
	for _, rating := range []Rating{Again, Hard, Good, Easy} {
		var s State
		now := epoch
		for i := range 400 {
			s = p.Next(s, rating, now)
			if !(s.Stability >= 0.001 && s.Stability <= 36500) || !(s.Difficulty >= 1 && s.Difficulty <= 10) {
				t.Fatalf("rating %d, review %d: stability %v, difficulty %v", rating, i, s.Stability, s.Difficulty)
			}
			if !s.Due.After(now) {
				t.Fatalf("rating %d, review %d: due %v, reviewed %v", rating, i, s.Due, now)
			}
			now = now.Add(Day * time.Duration(1+i%50))
		}
	}
}

// Reviewing each time it falls due gives the days of py-fsrs and go-fsrs.
func TestAllDue(t *testing.T) {
	p := DefaultParameters()
	var s State
	now := epoch
	ratings := []Rating{3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3}
	phases := []Phase{Learning, Review, Review, Review, Review, Review, Relearning, Relearning, Review, Review, Review, Review, Review}
	for i, want := range []int{0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21} {
		s = p.Next(s, ratings[i], now)
		if got := int(s.Due.Sub(now) / Day); got != want || s.Phase != phases[i] {
			t.Errorf("review %d: %d days in phase %d, want %d days in phase %d", i, got, s.Phase, want, phases[i])
		}
		now = s.Due
	}
	if s.Lapses != 1 {
		t.Errorf("%d lapses, want 1: a miss while relearning is no new lapse", s.Lapses)
	}
}

func TestLearningSteps(t *testing.T) {
	one := DefaultParameters()
	one.Learning = []time.Duration{4 * time.Minute}
	none := DefaultParameters()
	none.Learning, none.Relearning = nil, nil
	days := func(n int) time.Duration { return time.Duration(n) * Day }
	for _, test := range []struct {
		name    string
		p       Parameters
		ratings []Rating
		phase   Phase
		step    int
		wait    time.Duration
	}{
		{"again", DefaultParameters(), []Rating{1}, Learning, 0, time.Minute},
		{"hard waits between the steps", DefaultParameters(), []Rating{2}, Learning, 0, 330 * time.Second},
		{"good", DefaultParameters(), []Rating{3}, Learning, 1, 10 * time.Minute},
		{"easy", DefaultParameters(), []Rating{4}, Review, 0, days(8)},
		{"good, hard stays", DefaultParameters(), []Rating{3, 2}, Learning, 1, 10 * time.Minute},
		{"good, again falls back", DefaultParameters(), []Rating{3, 1}, Learning, 0, time.Minute},
		{"good, good", DefaultParameters(), []Rating{3, 3}, Review, 0, days(2)},
		{"one step, hard", one, []Rating{2}, Learning, 0, 6 * time.Minute},
		{"one step, good", one, []Rating{3}, Review, 0, days(2)},
		{"no steps, again", none, []Rating{1}, Review, 0, days(1)},
		{"no steps, lapse", none, []Rating{4, 1}, Review, 0, days(1)},
		{"lapse", DefaultParameters(), []Rating{4, 1}, Relearning, 0, 10 * time.Minute},
		{"lapse, good", DefaultParameters(), []Rating{4, 1, 3}, Review, 0, days(1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s State
			now := epoch
			for _, rating := range test.ratings {
				if s.Phase != New {
					now = s.Due
				}
				s = test.p.Next(s, rating, now)
			}
			if s.Phase != test.phase || s.Step != test.step || s.Due.Sub(now) != test.wait {
				t.Errorf("phase %d, step %d, due in %v; want %d, %d, %v", s.Phase, s.Step, s.Due.Sub(now), test.phase, test.step, test.wait)
			}
		})
	}
}

func TestNextRefusesOtherRatings(t *testing.T) {
	for _, rating := range []Rating{-1, 0, 5} {
		func() {
			defer func() {
				if got, ok := recover().(RatingError); !ok || got.Rating != rating {
					t.Errorf("rating %d: recovered %v, want a RatingError", rating, got)
				}
			}()
			DefaultParameters().Next(State{}, rating, epoch)
		}()
	}
}

func TestRate(t *testing.T) {
	for _, test := range []struct {
		right bool
		hints int
		want  Rating
	}{{true, 0, Good}, {true, 1, Again}, {false, 0, Again}, {false, 2, Again}} {
		if got := Rate(test.right, test.hints); got != test.want {
			t.Errorf("Rate(%v, %d) = %d, want %d", test.right, test.hints, got, test.want)
		}
	}
}

func TestShakyAndKnown(t *testing.T) {
	p := DefaultParameters()
	for _, test := range []struct {
		name         string
		s            State
		after        time.Duration
		shaky, known bool
	}{
		{"new", State{}, 0, false, false},
		{"learning", State{Phase: Learning, Stability: 2}, time.Hour, false, false},
		{"fresh", State{Phase: Review, Stability: 10}, Day, false, true},
		{"just due", State{Phase: Review, Stability: 10}, 10 * Day, false, true},
		{"long overdue", State{Phase: Review, Stability: 10}, 60 * Day, true, false},
		{"forgotten, a few days since", State{Phase: Review, Stability: 3, Lapses: 1}, Day, true, false},
		{"forgotten once, firm again", State{Phase: Review, Stability: 30, Lapses: 2}, Day, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.s.Last = epoch
			now := epoch.Add(test.after)
			if got := p.Shaky(test.s, now); got != test.shaky {
				t.Errorf("shaky %v, want %v", got, test.shaky)
			}
			if got := p.Known(test.s, now); got != test.known {
				t.Errorf("known %v, want %v", got, test.known)
			}
		})
	}
}

func TestFuzz(t *testing.T) {
	p := DefaultParameters()
	for _, test := range []struct{ days, low, high int }{
		{1, 1, 1}, {2, 2, 2},
		{3, 2, 4},      // reach 1.075
		{7, 5, 9},      // 1 + 4.5·0.15 = 1.675
		{20, 17, 23},   // 1.675 + 13·0.10 = 2.975
		{100, 93, 107}, // 2.975 + 80·0.05 = 6.975
		{36499, 34672, 36500},
	} {
		seen := map[int]bool{}
		for i := range 1000 {
			seen[p.fuzz(test.days, float64(i)/1000)] = true
		}
		if got := p.fuzz(test.days, 0); got != test.low {
			t.Errorf("fuzz of %d begins at %d, want %d", test.days, got, test.low)
		}
		if got := p.fuzz(test.days, math.Nextafter(1, 0)); got != test.high {
			t.Errorf("fuzz of %d ends at %d, want %d", test.days, got, test.high)
		}
		if width := test.high - test.low + 1; width < 20 && len(seen) != width {
			t.Errorf("fuzz of %d takes %d values, want all %d", test.days, len(seen), width)
		}
	}
}

func TestFuzzDependsOnSeedAndReviewOnly(t *testing.T) {
	p := DefaultParameters()
	p.Fuzz = true
	before := State{Phase: Review, Stability: 100, Difficulty: 5, Last: epoch}
	due := map[time.Time]bool{}
	for seed := range uint64(30) {
		p.Seed = seed
		once, twice := p.Next(before, Good, epoch.Add(100*Day)), p.Next(before, Good, epoch.Add(100*Day))
		if once != twice {
			t.Fatalf("seed %d: the same review gives %v and %v", seed, once, twice)
		}
		due[once.Due] = true
	}
	if len(due) < 5 {
		t.Errorf("30 seeds spread over %d days only", len(due))
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultParameters().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Parameters){
		"weight":        func(p *Parameters) { p.Weights[3] = math.NaN() },
		"decay":         func(p *Parameters) { p.Weights[20] = 0 },
		"retention 0":   func(p *Parameters) { p.Retention = 0 },
		"retention NaN": func(p *Parameters) { p.Retention = math.NaN() },
		"retention 1.1": func(p *Parameters) { p.Retention = 1.1 },
		"interval 0":    func(p *Parameters) { p.MaxInterval = 0 },
		"interval long": func(p *Parameters) { p.MaxInterval = 36501 },
		"step":          func(p *Parameters) { p.Relearning = []time.Duration{-1} },
	} {
		p := DefaultParameters()
		spoil(&p)
		if p.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCapInterval(t *testing.T) {
	for _, test := range []struct {
		name     string
		interval time.Duration
		left     time.Duration // until the interview; 0: no interview
		want     time.Duration
	}{
		{"none", 30 * Day, 0, 30 * Day},
		{"a fifth", 30 * Day, 50 * Day, 10 * Day},
		{"shorter already", 4 * Day, 50 * Day, 4 * Day},
		{"a learning step", 10 * time.Minute, 50 * Day, 10 * time.Minute},
		{"at least a day", 30 * Day, 3 * Day, Day},
		{"tomorrow", 30 * Day, 12 * time.Hour, Day},
		{"passed", 30 * Day, -Day, 30 * Day},
	} {
		t.Run(test.name, func(t *testing.T) {
			var interview time.Time
			if test.left != 0 {
				interview = epoch.Add(test.left)
			}
			if got := CapInterval(test.interval, epoch, interview); got != test.want {
				t.Errorf("capped to %v, want %v", got, test.want)
			}
			s := State{Last: epoch, Due: epoch.Add(test.interval)}
			if got := s.DueBy(interview).Sub(epoch); got != test.want {
				t.Errorf("due after %v, want %v", got, test.want)
			}
		})
	}
}

func TestWilson(t *testing.T) {
	for _, test := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 0, 0, 1},
		// Newcombe, "Two-sided confidence intervals for the single proportion",
		// Statistics in Medicine 17 (1998), table I, method 3.
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		low, high := Wilson(test.k, test.n)
		near(t, "low", low, test.low, 6e-5)
		near(t, "high", high, test.high, 6e-5)
	}
}

func TestCalibrate(t *testing.T) {
	outcomes := []Outcome{{Guess, false}, {Guess, true}, {Sure, true}, {Sure, true}, {Sure, false}, {Sure, true}, {0, true}}
	levels := Calibrate(outcomes)
	want := []Level{
		{Confidence: Guess, Answers: 2, Right: 1, Share: 0.5},
		{Confidence: Think, Low: 0, High: 1},
		{Confidence: Sure, Answers: 4, Right: 3, Share: 0.75},
	}
	if len(levels) != len(want) {
		t.Fatalf("%d levels, want %d", len(levels), len(want))
	}
	for i, level := range levels {
		want[i].Low, want[i].High = Wilson(want[i].Right, want[i].Answers)
		if level != want[i] {
			t.Errorf("level %+v, want %+v", level, want[i])
		}
	}
}

func TestConfidenceText(t *testing.T) {
	for c := Confidence(0); c <= Sure; c++ {
		text, err := c.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Confidence
		if err := back.UnmarshalText(text); err != nil || back != c {
			t.Errorf("%q reads back as %v, %v; want %v", text, back, err, c)
		}
	}
	var c Confidence
	if err := c.UnmarshalText([]byte("certain")); err == nil {
		t.Error("«certain» was read")
	}
	if _, err := Confidence(7).MarshalText(); err == nil {
		t.Error("7 was written")
	}
}
