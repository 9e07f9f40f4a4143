package lessons

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/lora/libm"
	"loralab/lora/number"
)

// tally is what a class said to one question.
type tally struct {
	ask     Predict
	guesses []Guess // numbers from the least to the greatest, choices in their order
	total   int
}

func newTally(ask Predict, guesses []Guess) tally {
	t := tally{ask: ask}
	order := func(a, b Guess) int {
		if len(ask.Choices) > 0 {
			return cmp.Compare(ask.choice(a.echo), ask.choice(b.echo))
		}
		return cmp.Compare(a.value, b.value)
	}
	guesses = slices.Clone(guesses)
	slices.SortStableFunc(guesses, order)
	for _, g := range guesses {
		t.total += g.Count
		if n := len(t.guesses); n > 0 && order(t.guesses[n-1], g) == 0 {
			t.guesses[n-1].Count += g.Count
			continue
		}
		t.guesses = append(t.guesses, g)
	}
	return t
}

// written is a guessed number with its unit, in the unit that is shown.
func (p Predict) written(v float64) string {
	return number.WithUnit(bareGuess(v), shownUnit(p.Finding))
}

func bareGuess(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return number.Minus(number.Count(int64(v)))
	}
	return number.Minus(number.Short(v, 4))
}

// span is a guess, or the least and the greatest of several: "40–60 %".
func (p Predict) span(lo, hi float64) string {
	if lo == hi {
		return p.written(lo)
	}
	return bareGuess(lo) + "–" + p.written(hi)
}

// String is the tally in one line: "12 guesses, 40–90 %, median 52 %", or
// "yes 12, no 7".
func (t tally) String() string {
	if t.total == 0 {
		return "nothing yet"
	}
	if len(t.ask.Choices) > 0 {
		var parts []string
		for _, g := range t.guesses {
			parts = append(parts, fmt.Sprintf("%s %d", g.echo, g.Count))
		}
		return strings.Join(parts, ", ")
	}
	lo, hi := t.guesses[0].value, t.guesses[len(t.guesses)-1].value
	text := guessed(t.total) + ", " + t.ask.span(lo, hi)
	if lo != hi {
		text += ", median " + t.ask.written(median(t.guesses))
	}
	return text
}

func guessed(n int) string {
	if n == 1 {
		return "1 guess"
	}
	return fmt.Sprintf("%d guesses", n)
}

// right says how the class did: how many were right, and of numbers which guess came
// nearest.
func (t tally) right(r *lab.Record) string {
	if t.total == 0 {
		return ""
	}
	right, nearest := 0, -1
	truth := math.NaN()
	if f, ok := r.Find(t.ask.Finding.Name); ok {
		truth = shownValue(f)
	}
	for i, g := range t.guesses {
		if g.Grade(r).Right {
			right += g.Count
		}
		if nearest < 0 || math.Abs(g.value-truth) < math.Abs(t.guesses[nearest].value-truth) {
			nearest = i
		}
	}
	text := fmt.Sprintf("%d of %d right", right, t.total)
	if len(t.ask.Choices) == 0 && !math.IsNaN(truth) {
		text += ", nearest " + t.ask.written(t.guesses[nearest].value)
	}
	return text
}

// median is the guess in the middle, or the mean of the two there. Guesses are sorted.
func median(guesses []Guess) float64 {
	total := 0
	for _, g := range guesses {
		total += g.Count
	}
	at := func(nth int) float64 {
		for _, g := range guesses {
			if nth -= g.Count; nth < 0 {
				return g.value
			}
		}
		return math.NaN()
	}
	return float64(at((total-1)/2)/2) + float64(at(total/2)/2)
}

// mostMarks is how many marks a figure gets: more could not be told apart.
const mostMarks = 3

// marks are the guesses as figures show them. Numbers that lie near each other share
// one mark, at their median, which says how many they are and from where to where.
func (t tally) marks() []show.Guess {
	var all []show.Guess
	if len(t.ask.Choices) > 0 {
		for _, g := range t.guesses {
			all = append(all, show.Guess{Finding: t.ask.Finding.Name, Word: g.echo, Label: fmt.Sprintf("%d say %s", g.Count, g.echo)})
		}
		return all
	}
	for _, group := range gather(t.guesses, t.scale(), mostMarks) {
		n := 0
		for _, g := range group {
			n += g.Count
		}
		all = append(all, show.Guess{Finding: t.ask.Finding.Name, Value: keptValue(t.ask.Finding, median(group)),
			Label: guessed(n) + " " + t.ask.span(group[0].value, group[len(group)-1].value)})
	}
	return all
}

// wide is from which ratio of the greatest to the least guess on a scale is
// logarithmic.
const wide = 30

// scale is where a guess stands between the least and the greatest: by its size or,
// where sizes are very different, by its logarithm. Shares stand between 0 and 100.
func (t tally) scale() func(float64) float64 {
	if t.total == 0 {
		return func(v float64) float64 { return v }
	}
	lo, hi := t.guesses[0].value, t.guesses[len(t.guesses)-1].value
	switch {
	case t.ask.Finding.Percent && lo >= 0 && hi <= 100:
		return func(v float64) float64 { return v / 100 }
	case lo > 0 && hi/lo >= wide:
		return func(v float64) float64 { return libm.Log(v/lo) / libm.Log(hi/lo) }
	case hi > lo:
		return func(v float64) float64 { return (v - lo) / (hi - lo) }
	}
	return func(v float64) float64 { return v }
}

// apart is how far apart two groups of guesses are at least, on their scale.
const apart = 0.1

// gather puts sorted guesses that lie near each other into groups, at most so many.
func gather(guesses []Guess, scale func(float64) float64, most int) [][]Guess {
	var groups [][]Guess
	for _, g := range guesses {
		groups = append(groups, []Guess{g})
	}
	for len(groups) > 1 {
		gap := func(i int) float64 {
			before := groups[i]
			return scale(groups[i+1][0].value) - scale(before[len(before)-1].value)
		}
		least := 0
		for i := range len(groups) - 1 {
			if gap(i) < gap(least) {
				least = i
			}
		}
		if len(groups) <= most && !(gap(least) < apart) {
			break
		}
		groups[least] = slices.Concat(groups[least], groups[least+1])
		groups = slices.Delete(groups, least+1, least+2)
	}
	return groups
}
