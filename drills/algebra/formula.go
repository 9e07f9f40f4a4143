package algebra

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"loralab/drills/verdict"
	"loralab/lora/number"
)

// Formula asks for a scalar as a formula, such as r·(d+k).
type Formula struct {
	Key     string   // the formula, in the grammar of the learner
	Symbols []Symbol // every name that may be used, in the order in which they are shown
	Seed    uint64   // of the points

	// Live are the values of the symbols in the layer that the question is about:
	// one more point, whose value is shown.
	Live map[string]float64

	Whose          string // whose the truth is, default "the layer has"
	Misconceptions []verdict.Misconception
}

// formulaAnswer is a formula as a learner wrote it.
type formulaAnswer struct {
	left string // the name before the equals sign, "" if there is none
	echo string

	sides []*expr // N = r(d+k) = rd + rk has two
}

// tree is the formula that a chain of equals signs arrives at.
func (a formulaAnswer) tree() *expr { return a.sides[len(a.sides)-1] }

// names returns the names in all sides.
func (a formulaAnswer) names() []string {
	var all []string
	for _, side := range a.sides {
		all = append(all, side.names()...)
	}
	return all
}

// readFormula reads a formula over the names of the question: r(d+k), rd + rk,
// 2dr, \frac{dk}{d+k}, N = d² + α/√r.
func readFormula(text string, words *vocabulary) (formulaAnswer, *verdict.ReadError) {
	if err := verdict.CheckLength(text); err != nil {
		return formulaAnswer{}, err
	}
	sides := strings.Split(trimSentence(strings.ReplaceAll(text, "==", "=")), "=")
	answer := formulaAnswer{}
	for i, side := range sides {
		tree, err := readSide(side, words)
		named := err != nil || tree.op == opName
		if i == 0 && len(sides) > 1 && named && leftSide(side) {
			answer.left = strings.TrimSpace(strings.TrimRight(side, ":& "))
			continue
		}
		if err != nil {
			return formulaAnswer{}, err
		}
		answer.sides = append(answer.sides, tree)
	}
	answer.echo = joinSides(answer.left, answer.sides)
	return answer, nil
}

func readSide(text string, words *vocabulary) (*expr, *verdict.ReadError) {
	if strings.TrimSpace(text) == "" {
		return nil, verdict.Unreadable("incomplete", -1, "nothing stands beside the equals sign")
	}
	tokens, err := scan(text, dialect{words: words, code: true})
	if err != nil {
		return nil, err
	}
	return (&parser{tokens: tokens, scalar: everyScalar}).whole()
}

// leftSide tells whether what stands before an equals sign can be the name of
// what is computed: "N", "trainable params". It need not be known.
func leftSide(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && len(s) <= 60 && !strings.ContainsAny(s, "+*/^()·×")
}

func joinSides(left string, sides []*expr) string {
	var all []string
	if left != "" {
		all = append(all, left)
	}
	for _, side := range sides {
		all = append(all, side.String())
	}
	return strings.Join(all, " = ")
}

// trimSentence takes off the full stop of a sentence.
func trimSentence(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutSuffix(s, "."); ok {
		s = strings.TrimSpace(rest)
	}
	return s
}

// pointsDrawn is how many points of distinct primes a formula is evaluated at.
// One suffices to refute; two formulas of the degree people write that agree
// at twelve agree everywhere.
const pointsDrawn = 12

// point is a value for every symbol.
type point map[string]*big.Rat

// drawPoints returns points whose values are distinct primes, the smallest
// for the symbols that are Small. The first points are drawn from the smallest
// primes, so that a counterexample can be checked by hand.
func drawPoints(seed uint64, symbols []Symbol) []point {
	rng := rand.New(rand.NewPCG(seed, 0x70_6f_69_6e_74))
	points := make([]point, pointsDrawn)
	for i := range points {
		pool := primes(len(symbols) + 1 + 2*i)
		rng.Shuffle(len(pool), func(a, b int) { pool[a], pool[b] = pool[b], pool[a] })
		drawn := pool[:len(symbols)]
		low := slices.Sorted(slices.Values(drawn))
		p := point{}
		for _, s := range symbols {
			if s.Small {
				p[canonical(s.Name)], low = big.NewRat(low[0], 1), low[1:]
			}
		}
		for _, v := range drawn {
			for _, s := range symbols {
				if name := canonical(s.Name); slices.Contains(low, v) && p[name] == nil {
					p[name] = big.NewRat(v, 1)
					break
				}
			}
		}
		points[i] = p
	}
	return points
}

// primes returns the first n primes.
func primes(n int) []int64 {
	var found []int64
	for c := int64(2); len(found) < n; c++ {
		if !slices.ContainsFunc(found, func(p int64) bool { return c%p == 0 }) {
			found = append(found, c)
		}
	}
	return found
}

// at writes a point in the order of the symbols: d=7, k=3, r=2.
func (p point) at(symbols []Symbol, used []string) string {
	var parts []string
	for _, s := range symbols {
		name := canonical(s.Name)
		if v := p[name]; v != nil && slices.Contains(used, name) {
			parts = append(parts, shown(name)+"="+quantity{rat: v}.String())
		}
	}
	return strings.Join(parts, ", ")
}

// covers tells whether every name has a value.
func (p point) covers(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return p[name] == nil })
}

// live returns the learner's own values as a point; nil if there are none.
func (q Formula) live() (point, error) {
	if len(q.Live) == 0 {
		return nil, nil
	}
	p := point{}
	for name, v := range q.Live {
		r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', -1, 64))
		if !ok {
			return nil, broken("formula", fmt.Sprintf("live value %s = %v", name, v))
		}
		p[canonical(name)] = r
	}
	return p, nil
}

// Grade evaluates the answer and the key at every point. A mismatch is shown
// as the counterexample.
func (q Formula) Grade(answer string) (verdict.Verdict, error) {
	words := newVocabulary(q.Symbols)
	key, err := readFormula(q.Key, words)
	if err != nil {
		return verdict.Verdict{}, broken("formula", "key "+q.Key+": "+err.Text)
	}
	live, liveErr := q.live()
	if liveErr != nil {
		return verdict.Verdict{}, liveErr
	}
	got, err := readFormula(answer, words)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	if len(key.names()) > 0 && len(got.names()) == 0 {
		return verdict.Verdict{Status: verdict.Invalid, Note: "number-for-formula", Echo: got.echo,
			Feedback: []string{"a formula is asked, one that holds for every layer; the symbols are " + words.list()}}, nil
	}
	used := append(key.names(), got.names()...)
	var differ point
	var yours, truth []quantity
	agreed := 0
	points := drawPoints(q.Seed, q.Symbols)
	if !live.covers(used) {
		live = nil
	}
	if live != nil {
		points = append(points, live)
	}
	tree := got.tree()
	for _, side := range got.sides { // of a chain the side that is wrong is the answer
		if !agree(side, key.tree(), points) {
			tree = side
			break
		}
	}
	for _, p := range points {
		want, failure := evaluate(key.tree(), p)
		if errors.Is(failure, errUndefined) {
			continue // the key has no value there; other points decide
		}
		if failure != nil {
			return verdict.Verdict{}, broken("formula", "key "+q.Key+" "+failure.Error()+" at "+p.at(q.Symbols, used))
		}
		have, failure := evaluate(tree, p)
		if failure != nil {
			place := ""
			if len(tree.names()) > 0 {
				place = " at " + p.at(q.Symbols, used)
			}
			return verdict.Verdict{Status: verdict.Invalid, Note: failureNote(failure), Echo: got.echo,
				Feedback: []string{"yours " + failure.Error() + place}}, nil
		}
		yours, truth = append(yours, have), append(truth, want)
		if have.equal(want) {
			agreed++
		} else if differ == nil {
			differ = p
		}
	}
	if len(yours) == 0 {
		return verdict.Verdict{}, broken("formula", "key "+q.Key+" has a value nowhere")
	}
	if differ == nil {
		line := "the two agree at " + number.Plural(agreed, "point")
		if live != nil {
			line = "here " + live.at(q.Symbols, used) + ": " + truth[len(truth)-1].String()
		}
		return verdict.Accept("right", got.echo, line), nil
	}
	have, _ := evaluate(tree, differ)
	want, _ := evaluate(key.tree(), differ)
	feedback := []string{fmt.Sprintf("at %s yours gives %s, %s %s", differ.at(q.Symbols, used), have, whose(q.Whose), want)}
	if live != nil && !yours[len(yours)-1].equal(truth[len(truth)-1]) {
		feedback = append(feedback, fmt.Sprintf("here, at %s, yours gives %s, %s %s", live.at(q.Symbols, used), yours[len(yours)-1], whose(q.Whose), truth[len(truth)-1]))
	}
	for _, m := range q.Misconceptions {
		wrong, err := readFormula(m.Answer, words)
		if err != nil {
			return verdict.Verdict{}, broken("formula", "misconception "+m.Note+": "+err.Text)
		}
		if agree(wrong.tree(), tree, points) {
			return verdict.Reject(m.Note, got.echo, append(feedback, m.Words)...), nil
		}
	}
	note, why := constantRatio(yours, truth)
	if why != "" {
		feedback = append(feedback, why)
	}
	return verdict.Reject(note, got.echo, feedback...), nil
}

// agree tells whether two formulas have the same values wherever both have one.
func agree(a, b *expr, points []point) bool {
	met := false
	for _, p := range points {
		x, errX := evaluate(a, p)
		y, errY := evaluate(b, p)
		if errX != nil || errY != nil {
			continue
		}
		if met = true; !x.equal(y) {
			return false
		}
	}
	return met
}

// constantRatio recognizes an answer that is the key times a number, or one
// over it.
func constantRatio(yours, truth []quantity) (note, why string) {
	var ratio *big.Rat
	inverse := true
	for i := range yours {
		a, b := yours[i].rat, truth[i].rat
		if a == nil || b == nil || a.Sign() == 0 || b.Sign() == 0 {
			return "value", ""
		}
		inverse = inverse && new(big.Rat).Mul(a, b).Cmp(big.NewRat(1, 1)) == 0
		q := new(big.Rat).Quo(a, b)
		if ratio == nil {
			ratio = q
		} else if ratio.Cmp(q) != 0 {
			ratio = new(big.Rat) // no constant
		}
	}
	if inverse {
		return "reciprocal", "upside down: this is 1 over the truth"
	}
	if ratio.Sign() == 0 {
		return "value", ""
	}
	if note, why := nearMiss(ratio, big.NewRat(1, 1), exactly); note != "" {
		return note, why + ", everywhere"
	}
	return "factor", "everywhere " + quantity{rat: ratio}.String() + " times the truth"
}
