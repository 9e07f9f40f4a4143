package models

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Targets says which modules get an adapter. The zero value means the family's
// default, see [Model.DefaultTargets].
type Targets struct {
	AllLinear bool     // every linear module except the output layer
	Names     []string // otherwise modules of these names, or whose names end in ".name"
}

// ParseTargets reads "q_proj,v_proj" or "all-linear"; "" is the default. As
// in PEFT's list a name is no regular expression: it stands for every
// module whose full name is it or ends in a dot and it. A number in place of
// the layer, as in layers.0.self_attn.q_proj, picks single layers.
func ParseTargets(s string) (Targets, error) {
	var t Targets
	if strings.TrimSpace(s) == "" {
		return t, nil
	}
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			return Targets{}, fmt.Errorf("models: targets: found %q with an empty name, expected names with commas between, or all-linear", s)
		case name == "all-linear":
			t.AllLinear = true
		case !slices.Contains(t.Names, name):
			t.Names = append(t.Names, name)
		}
	}
	if t.AllLinear && t.Names != nil {
		return Targets{}, fmt.Errorf("models: targets: found %q, expected all-linear alone or names alone", s)
	}
	return t, nil
}

// named reports whether a module of this full name is meant by target.
func named(full, target string) bool {
	rest, ok := strings.CutSuffix(full, target)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}

// RankPattern gives single modules another rank, as PEFT's rank_pattern. Rules
// are tried in order and the first that matches wins. The zero value has no
// rules.
type RankPattern struct{ rules []rankRule }

type rankRule struct {
	key  string
	re   *regexp.Regexp
	rank int64
}

// ParseRankPattern reads rules such as "q_proj=16,.*mlp.*=4": a name or regular
// expression, then the rank. The expression must match the module's full name or
// what follows one of its dots, to the end; this is PEFT's rule
// (.*\.)?(key)$ and makes "q_proj" match every q_proj. Commas
// inside brackets belong to the expression.
func ParseRankPattern(s string) (RankPattern, error) {
	var p RankPattern
	if strings.TrimSpace(s) == "" {
		return p, nil
	}
	const want = "expected rules such as q_proj=16,.*mlp.*=4, with ranks of 1 or more"
	for _, rule := range splitRules(s) {
		i := strings.LastIndexByte(rule, '=')
		if i < 0 {
			return RankPattern{}, fmt.Errorf("models: rank pattern: found %q without a rank, %s", rule, want)
		}
		key := strings.TrimSpace(rule[:i])
		rank, err := strconv.ParseInt(strings.TrimSpace(rule[i+1:]), 10, 64)
		if key == "" || err != nil || rank < 1 {
			return RankPattern{}, fmt.Errorf("models: rank pattern: found %q, %s", rule, want)
		}
		re, err := regexp.Compile(key) // alone first: an unbalanced bracket must not pair with ours
		if err == nil {
			re, err = regexp.Compile(`^(?:.*\.)?(?:` + key + `)$`)
		}
		if err != nil {
			return RankPattern{}, fmt.Errorf("models: rank pattern: %q is not a regular expression: %s", key, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		p.rules = append(p.rules, rankRule{key, re, rank})
	}
	return p, nil
}

// splitRules splits at commas outside of brackets, so that [0-9]{1,2} stays
// whole.
func splitRules(s string) []string {
	var rules []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth <= 0 {
				rules = append(rules, strings.TrimSpace(s[start:i]))
				start = i + 1
			}
		}
	}
	return append(rules, strings.TrimSpace(s[start:]))
}

// rank returns the rank of the module and the rule that gave it, -1 for none.
func (p RankPattern) rank(module string, otherwise int64) (rank int64, rule int) {
	for i, r := range p.rules {
		if r.re.MatchString(module) {
			return r.rank, i
		}
	}
	return otherwise, -1
}
