package words

import (
	"slices"
	"strings"
)

// matches tells whether one word of a clause is w.
func (w patternWord) matches(h token) bool {
	if len(w.names) > 0 && h.mention {
		for _, name := range w.names {
			if !slices.Contains(h.subjects, name) {
				return false
			}
		}
		return !h.excluded
	}
	if w.prefix {
		return strings.HasPrefix(h.lower, w.text)
	}
	return h.text == w.text && (len(w.names) == 0 || len(w.text) > 1)
}

// find returns the words from index start on at which an alternative holds in
// a clause; nil if none does. of restricts it to what is said of those
// subjects, whose mention then comes last.
func find(all []alternative, c *clause, start int, of []alternative) []int {
	for i := start; i < len(c.words); i++ {
		for _, a := range all {
			if at := a.at(c, i, asserted); at != nil {
				if who, ok := spokenOf(of, c, at[0]); ok {
					return append(at, who...)
				}
			}
		}
	}
	return nil
}

// at tells whether an alternative begins at word i, and returns its words. An
// outer "not" turns a group's words around.
func (a alternative) at(c *clause, i int, outer polarity) []int {
	want := a.polarity
	if outer == denied && want == asserted || outer == either {
		want = outer
	} else if outer == denied && want == denied {
		want = asserted
	}
	if a.group != nil {
		for _, inner := range a.group {
			if at := inner.at(c, i, want); at != nil {
				return at
			}
		}
		return nil
	}
	var at []int
	for k, w := range a.words {
		if i+k >= len(c.words) || !w.matches(c.words[i+k]) {
			return nil
		}
		at = append(at, i+k)
	}
	negated := c.words[at[len(at)-1]].negated
	if want == asserted && negated || want == denied && !negated {
		return nil
	}
	return at
}

// spokenOf tells whether word i is said of one of the subjects, and returns the
// mention if the clause has it.
func spokenOf(of []alternative, c *clause, i int) (who []int, ok bool) {
	if len(of) == 0 {
		return nil, true
	}
	mention, subjects, together := c.bound(i)
	if mention >= 0 {
		who = []int{mention}
	}
	for _, a := range of {
		all := !(together && c.words[i].negated && len(a.words[0].names) < len(subjects))
		for _, name := range a.words[0].names {
			all = all && slices.Contains(subjects, name)
		}
		if all {
			return who, true
		}
	}
	return nil, false
}

// inClause returns the words at which all items hold in one clause.
func inClause(items []item, c *clause) ([]int, bool) {
	var hits []int
	for _, it := range items {
		start := 0
		for _, a := range it {
			at := find(a.any, c, start, a.of)
			if a.absent {
				mentioned := slices.Clone(a.any)
				for i := range mentioned {
					mentioned[i].polarity = either
				}
				if find(mentioned, c, start, a.of) != nil {
					return nil, false
				}
				continue
			}
			if at == nil {
				return nil, false
			}
			hits = append(hits, at...)
			start = at[0] + 1
		}
	}
	return hits, true
}

// span is the words of clause number clause, from first to last, that hit.
type span struct{ clause, first, last int }

// joint finds clauses of one sentence, among those given, that match; every
// list of items may match any of them.
func joint(side [][]item, s sentence, among []int) ([]span, bool) {
	var spans []span
	for _, items := range side {
		found := false
		for _, i := range among {
			if hits, ok := inClause(items, &s[i]); ok {
				if len(hits) > 0 {
					spans = append(spans, span{i, slices.Min(hits), slices.Max(hits)})
				}
				found = true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return spans, true
}

// match finds the pattern in a sentence.
func (p *pattern) match(s sentence) ([]span, bool) {
	var all []int
	for i, c := range s {
		if p.hypothetical || !c.hypothetical {
			all = append(all, i)
		}
	}
	if p.sides[1] == nil {
		return joint(p.sides[0], s, all)
	}
	keep := func(clauses []int) []int {
		return slices.DeleteFunc(slices.Clone(clauses), func(i int) bool { return !slices.Contains(all, i) })
	}
	for _, pair := range causality(s) {
		effect, ok := joint(p.sides[0], s, keep(pair[0]))
		if !ok {
			continue
		}
		if cause, ok := joint(p.sides[1], s, keep(pair[1])); ok {
			return append(effect, cause...), true
		}
	}
	return nil, false
}

// causality returns the pairs of effect and cause in a sentence, each a run of
// clauses.
func causality(s sentence) [][2][]int {
	var runs [][]int
	for i, c := range s {
		if i == 0 || c.link != plainLink {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], i)
	}
	var pairs [][2][]int
	for k, run := range runs {
		switch s[run[0]].link {
		case effectLink:
			if k > 0 {
				pairs = append(pairs, [2][]int{run, runs[k-1]})
			}
		case causeLink:
			if k > 0 {
				pairs = append(pairs, [2][]int{runs[k-1], run})
			} else if len(run) > 1 { // because B is zero, BA is zero
				pairs = append(pairs, [2][]int{run[1:], run[:1]})
			}
		}
	}
	return pairs
}
