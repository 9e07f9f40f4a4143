package drills

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"loralab/lessons/source"
)

// draw is a name whose value is drawn at random: one of a list, or a whole
// number of a range.
type draw struct {
	name         string
	choices      []value
	low, by, num int // low, low+by, … of num numbers, where there are no choices
}

// readDraw reads "4..64", "64..1024 by 64" or the values of a list.
func readDraw(it source.Item) (draw, error) {
	d := draw{name: it.Key}
	if lowText, rest, ok := strings.Cut(it.Text, ".."); ok {
		highText, byText, stepped := strings.Cut(rest, " by ")
		low, err1 := strconv.Atoi(strings.TrimSpace(lowText))
		high, err2 := strconv.Atoi(strings.TrimSpace(highText))
		d.low, d.by = low, 1
		var err3 error
		if stepped {
			d.by, err3 = strconv.Atoi(strings.TrimSpace(byText))
		}
		if err1 != nil || err2 != nil || err3 != nil || d.by < 1 || high < low {
			return d, it.Errorf("%s: %q is no range such as 4..64 or 64..1024 by 64", it.Key, it.Text)
		}
		d.num = (high-low)/d.by + 1
		return d, nil
	}
	for text := range strings.SplitSeq(it.Text, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			return d, it.Errorf("%s: a value is missing; want a list such as [2, 4, 8] or a range such as 4..64", it.Key)
		}
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			d.choices = append(d.choices, numberValue(x))
		} else {
			d.choices = append(d.choices, wordValue(text))
		}
	}
	return d, nil
}

func (d draw) from(rng *rand.Rand) value {
	if len(d.choices) > 0 {
		return d.choices[rng.IntN(len(d.choices))]
	}
	return numberValue(float64(d.low + d.by*rng.IntN(d.num)))
}

// constraint is what drawn values must satisfy together: "distinct d k r", or
// a comparison such as r*(d+k) < d*k.
type constraint struct {
	distinct    []string
	left, right string
	relation    string
}

var relations = []string{"!=", "<=", ">=", "==", "<", ">"}

func readConstraint(it source.Item) (constraint, error) {
	if names, ok := strings.CutPrefix(it.Text, "distinct "); ok {
		return constraint{distinct: strings.Fields(names)}, nil
	}
	for _, r := range relations {
		if left, right, ok := strings.Cut(it.Text, r); ok {
			return constraint{left: left, relation: r, right: right}, nil
		}
	}
	return constraint{}, it.Errorf("%q is no constraint such as \"distinct d k r\" or \"r < d\"", it.Text)
}

func (c constraint) holds(v values) (bool, error) {
	if len(c.distinct) > 0 {
		var seen []string
		for _, name := range c.distinct {
			x, ok := v[name]
			if !ok {
				return false, fmt.Errorf("distinct: %s is not drawn", name)
			}
			if slices.Contains(seen, x.text) {
				return false, nil
			}
			seen = append(seen, x.text)
		}
		return true, nil
	}
	left, err := v.side(c.left)
	if err != nil {
		return false, err
	}
	right, err := v.side(c.right)
	if err != nil {
		return false, err
	}
	switch c.relation {
	case "!=":
		return left.text != right.text, nil
	case "==":
		return left.text == right.text, nil
	case "<":
		return left.number < right.number, nil
	case "<=":
		return left.number <= right.number, nil
	case ">":
		return left.number > right.number, nil
	default:
		return left.number >= right.number, nil
	}
}

// side is a name, which may stand for a word, or an expression.
func (v values) side(text string) (value, error) {
	if x, ok := v[strings.TrimSpace(text)]; ok {
		return x, nil
	}
	return v.evaluate(text)
}

// drawLimit bounds how often values are drawn anew until the constraints
// hold; a family that needs more has constraints that are too narrow.
const drawLimit = 2000

// drawn draws the values of a family from its own stream, so that questions can
// be added without changing others.
func (f *Family) drawn(rng *rand.Rand) (values, error) {
	for range drawLimit {
		v := values{}
		for _, d := range f.draws {
			v[d.name] = d.from(rng)
		}
		ok := true
		for _, c := range f.where {
			holds, err := c.holds(v)
			if err != nil {
				return nil, err
			}
			if ok = ok && holds; !ok {
				break
			}
		}
		if ok {
			return v, nil
		}
	}
	return nil, fmt.Errorf("no values of %s satisfy its constraints in %d draws", f.ID, drawLimit)
}
