package lab_test

import (
	"strings"
	"testing"

	"loralab/lessons/lab/labtest"
)

func TestSettingsWith(t *testing.T) {
	for _, row := range []struct {
		name, knob, value string
		want              string // the value kept
		fault             string // part of the error
	}{
		{"whole", "rank", "8", "8", ""},
		{"whole with spaces", "rank", " 8 ", "8", ""},
		{"whole too small", "rank", "0", "", `knob rank: "0" is not allowed, want a whole number from 1 to 64`},
		{"whole too large", "rank", "65", "", "from 1 to 64"},
		{"whole that is a word", "rank", "eight", "", `"eight"`},
		{"whole with a point", "rank", "8.5", "", `"8.5"`},
		{"real", "rate", "0.010", "0.01", ""},
		{"real small", "rate", "1e-5", "1e-05", ""},
		{"real not a number", "rate", "NaN", "", `"NaN"`},
		{"real out of range", "rate", "-1", "", "a number from 1e-06 to 10"},
		{"choice", "shift", "mirror", "mirror", ""},
		{"choice unknown", "shift", "upside", "", "want one of rot90, mirror"},
		{"set in its own order", "schemes", "c, a", "a,c", ""},
		{"set twice the same", "schemes", "a,a", "", "one or more, separated by commas, of a, b, c"},
		{"set empty", "schemes", "", "", `""`},
		{"seed", "seed", "12", "12", ""},
		{"unknown knob", "rnak", "4", "", `unknown knob "rnak" (knobs: rank, rate, shift, schemes, sigma, seed)`},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := labtest.Experiment().Defaults()
			s, err := before.With(row.knob, row.value)
			if row.fault != "" {
				if err == nil || !strings.Contains(err.Error(), row.fault) {
					t.Fatalf("error %v, want one with %q", err, row.fault)
				}
				if !s.Equal(before) {
					t.Error("a refused value changed the settings")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Text(row.knob); got != row.want {
				t.Errorf("kept %q, want %q", got, row.want)
			}
		})
	}
}

func TestSettingsAreValues(t *testing.T) {
	a := labtest.Experiment().Defaults()
	b, err := a.With("rank", "8")
	if err != nil {
		t.Fatal(err)
	}
	if a.Whole("rank") != 4 || b.Whole("rank") != 8 {
		t.Errorf("ranks %d and %d, want 4 and 8", a.Whole("rank"), b.Whole("rank"))
	}
}

func TestSettingsJSON(t *testing.T) {
	got, err := labtest.Experiment().Defaults().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"rank":4,"rate":0.01,"shift":"rot90","schemes":["a","b"],"sigma":1,"seed":7}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestKnobNext(t *testing.T) {
	s := labtest.Experiment().Defaults()
	for _, row := range []struct {
		knob, value string
		by          int
		want        string
	}{
		{"rank", "4", 1, "8"}, {"rank", "4", -1, "2"}, {"rank", "8", 1, "8"}, {"rank", "1", -1, "1"},
		{"rank", "5", 1, "8"}, {"rank", "5", -1, "4"}, // between two rungs
		{"shift", "rot90", 1, "mirror"}, {"shift", "mirror", 1, "mirror"}, {"shift", "rot90", -1, "rot90"},
		{"schemes", "a,b", 1, "a,b"},
	} {
		k, _ := s.Knob(row.knob)
		if got := k.Next(row.value, row.by); got != row.want {
			t.Errorf("%s %s by %+d: got %s, want %s", row.knob, row.value, row.by, got, row.want)
		}
	}
}

func TestKnobToggle(t *testing.T) {
	k, _ := labtest.Experiment().Defaults().Knob("schemes")
	for _, row := range []struct{ value, choice, want string }{
		{"a,b", "c", "a,b,c"}, {"a,b", "a", "b"}, {"b", "b", "b"}, {"c", "a", "a,c"}, {"a", "nothing", "a"},
	} {
		if got := k.Toggle(row.value, row.choice); got != row.want {
			t.Errorf("%s with %s toggled: got %s, want %s", row.value, row.choice, got, row.want)
		}
	}
}

func TestMatters(t *testing.T) {
	s := labtest.Experiment().Defaults()
	sigma, _ := s.Knob("sigma")
	if s.Matters(sigma) {
		t.Error("sigma matters although shift is rot90")
	}
	if s, _ = s.With("shift", "mirror"); !s.Matters(sigma) {
		t.Error("sigma does not matter although shift is mirror")
	}
}

func TestAlike(t *testing.T) {
	e := labtest.Experiment()
	s := e.Defaults()
	for _, row := range []struct {
		turned []string
		want   bool
	}{
		{nil, true},
		{[]string{"sigma", "2"}, true}, // it matters under mirror alone
		{[]string{"rank", "8"}, false},
		{[]string{"shift", "mirror"}, false},
	} {
		other := labtest.Settings(t, e, row.turned...)
		if s.Alike(other) != row.want || other.Alike(s) != row.want {
			t.Errorf("alike to one with %v turned: %v, want %v", row.turned, !row.want, row.want)
		}
	}
}
