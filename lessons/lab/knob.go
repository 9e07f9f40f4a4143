package lab

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// KnobKind says what values a knob takes.
type KnobKind uint8

const (
	Whole  KnobKind = iota // a whole number from Min to Max
	Real                   // a number from Min to Max
	Choice                 // one of Choices
	Set                    // one or more of Choices, separated by commas, each once
)

// Knob is one setting of an experiment that a learner can turn.
type Knob struct {
	Name    string // lower case with hyphens: "planted-rank"
	Symbol  string // as formulas write it, "r"; may be empty
	Help    string // one line
	Kind    KnobKind
	Default string
	Min     float64
	Max     float64
	Choices []string
	Words   map[string]string // what a choice is called on a screen, where its name is not fit to be shown
	Ladder  []string          // of a number: the values that one key press steps through, ascending
	Only    string            // "problem=digits": the knob matters only under that choice; empty: always
}

// seedKnob is part of every experiment.
var seedKnob = Knob{
	Name: "seed", Help: "where all random numbers start: same seed and settings, same run",
	Kind: Whole, Default: "7", Min: 0, Max: 1 << 53,
	Ladder: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
}

// parse returns the canonical form of a value: "0.010" is kept as "0.01".
func (k Knob) parse(value string) (string, error) {
	value = strings.TrimSpace(value)
	switch k.Kind {
	case Whole:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || float64(n) < k.Min || float64(n) > k.Max {
			return "", k.refuse(value)
		}
		return strconv.FormatInt(n, 10), nil
	case Real:
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(x) || x < k.Min || x > k.Max {
			return "", k.refuse(value)
		}
		return formatReal(x), nil
	case Choice:
		if !slices.Contains(k.Choices, value) {
			return "", k.refuse(value)
		}
		return value, nil
	default:
		return k.parseSet(value)
	}
}

// parseSet keeps the order of Choices, so that one set has one spelling.
func (k Knob) parseSet(value string) (string, error) {
	given := strings.Split(value, ",")
	for i, g := range given {
		given[i] = strings.TrimSpace(g)
		if !slices.Contains(k.Choices, given[i]) || slices.Contains(given[:i], given[i]) {
			return "", k.refuse(value)
		}
	}
	var kept []string
	for _, c := range k.Choices {
		if slices.Contains(given, c) {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, ","), nil
}

// Word returns what a choice is called on a screen.
func (k Knob) Word(choice string) string {
	if word, ok := k.Words[choice]; ok {
		return word
	}
	return choice
}

// Allowed describes the values that the knob takes.
func (k Knob) Allowed() string { return k.allowed(k.Choices) }

// Offered is Allowed as a screen says it: choices by their words.
func (k Knob) Offered() string {
	words := make([]string, len(k.Choices))
	for i, choice := range k.Choices {
		words[i] = k.Word(choice)
	}
	return k.allowed(words)
}

func (k Knob) allowed(choices []string) string {
	switch k.Kind {
	case Whole:
		return fmt.Sprintf("a whole number from %s to %s", formatReal(k.Min), formatReal(k.Max))
	case Real:
		return fmt.Sprintf("a number from %s to %s", formatReal(k.Min), formatReal(k.Max))
	case Choice:
		return "one of " + strings.Join(choices, ", ")
	default:
		return "one or more, separated by commas, of " + strings.Join(choices, ", ")
	}
}

func (k Knob) refuse(value string) error {
	return fmt.Errorf("knob %s: %q is not allowed, want %s", k.Name, value, k.Allowed())
}

// Next returns the value one step up (by > 0) or down from value: the next rung
// of the ladder, the next choice. At the end it stays. A set has no order and
// is returned as it is.
func (k Knob) Next(value string, by int) string {
	if k.Kind == Choice {
		i := slices.Index(k.Choices, value) + by
		return k.Choices[min(max(i, 0), len(k.Choices)-1)]
	}
	x, err := strconv.ParseFloat(value, 64)
	if err != nil || len(k.Ladder) == 0 {
		return value
	}
	next := value
	for _, rung := range k.Ladder {
		y, _ := strconv.ParseFloat(rung, 64) // ladders are checked by a test
		if by > 0 && y > x {
			return rung
		}
		if by < 0 && y < x {
			next = rung
		}
	}
	return next
}

// Toggle returns the value of a set with one choice put in or taken out; a set
// keeps at least one.
func (k Knob) Toggle(value, choice string) string {
	given := strings.Split(value, ",")
	var kept []string
	for _, c := range k.Choices {
		if slices.Contains(given, c) != (c == choice) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return value
	}
	return strings.Join(kept, ",")
}

// formatReal writes x in the shortest form that reads back the same, with an
// exponent only where digits would run long.
func formatReal(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
