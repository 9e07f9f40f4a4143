package models

import (
	"reflect"
	"strings"
	"testing"

	"loralab/lora/number"
)

var targetRows = []struct {
	name, in string
	want     Targets
	err      string
}{
	{"none", "", Targets{}, ""},
	{"blank", "  ", Targets{}, ""},
	{"one", "q_proj", Targets{Names: []string{"q_proj"}}, ""},
	{"two with blanks", " q_proj , v_proj ", Targets{Names: []string{"q_proj", "v_proj"}}, ""},
	{"all", "all-linear", Targets{AllLinear: true}, ""},
	{"all and one", "all-linear,lm_head", Targets{}, "all-linear alone"},
	{"empty name", "q_proj,,v_proj", Targets{}, "empty name"},
	{"comma at the end", "q_proj,", Targets{}, "empty name"},
}

func TestParseTargets(t *testing.T) {
	for _, row := range targetRows {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseTargets(row.in)
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) {
					t.Errorf("got %v, %v; want an error with %q", got, err, row.err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, row.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, row.want)
			}
		})
	}
}

var patternRows = []struct {
	name, in string
	rules    string // key=rank, joined by blanks
	err      string
}{
	{"none", "", "", ""},
	{"two", "q_proj=16, .*mlp.*=4", "q_proj=16 .*mlp.*=4", ""},
	{"comma in braces", "[0-9]{1,2}.q_proj=16,v_proj=4", "[0-9]{1,2}.q_proj=16 v_proj=4", ""},
	{"comma in a class, bracket escaped", `[,a]\(=16,v_proj=4`, `[,a]\(=16 v_proj=4`, ""},
	{"equals in the key", "a=b=3", "a=b=3", ""},
	{"no rank", "q_proj", "", `"q_proj" without a rank`},
	{"no rank before another", "q_proj,v_proj=4", "", `"q_proj" without a rank`},
	{"no key", "=4", "", `found "=4"`},
	{"zero", "q_proj=0", "", "ranks of 1 or more"},
	{"negative", "q_proj=-4", "", "ranks of 1 or more"},
	{"word", "q_proj=many", "", "ranks of 1 or more"},
	{"trailing comma", "q_proj=4,", "", `"" without a rank`},
	{"broken expression", "(q=4", "", "not a regular expression"},
	{"unbalanced to fit ours", "a)|(b=4", "", "not a regular expression"},
}

func TestParseRankPattern(t *testing.T) {
	for _, row := range patternRows {
		t.Run(row.name, func(t *testing.T) {
			p, err := ParseRankPattern(row.in)
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %v, want one line with %q", err, row.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, r := range p.rules {
				rules = append(rules, r.key+"="+number.Count(r.rank))
			}
			if got := strings.Join(rules, " "); got != row.rules {
				t.Errorf("rules %q, want %q", got, row.rules)
			}
		})
	}
}

func FuzzParseTargets(f *testing.F) {
	for _, row := range targetRows {
		f.Add(row.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ParseTargets(in)
		if err != nil {
			return
		}
		for _, name := range got.Names {
			if name == "" || strings.ContainsRune(name, ',') || got.AllLinear {
				t.Errorf("%q gives %+v", in, got)
			}
		}
	})
}

func FuzzParseRankPattern(f *testing.F) {
	for _, row := range patternRows {
		f.Add(row.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		p, err := ParseRankPattern(in)
		if err != nil {
			return
		}
		if rank, _ := p.rank("model.layers.0.self_attn.q_proj", 8); rank < 1 {
			t.Errorf("%q gives rank %d", in, rank)
		}
	})
}
