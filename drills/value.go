package drills

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"

	"loralab/drills/algebra"
	"loralab/lora/number"
)

// value is what a name of a question stands for: a number or a word.
type value struct {
	text   string  // as it is read: 4096, 0.5, llama-2-7b
	number float64 // of a number
	word   bool
}

// values are all names of one question.
type values map[string]value

func wordValue(text string) value { return value{text: text, word: true} }

func numberValue(x float64) value {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return value{text: strconv.FormatFloat(x, 'f', -1, 64), number: x}
	}
	return value{text: strconv.FormatFloat(x, 'g', -1, 64), number: x}
}

func countValue(n *big.Int) value {
	f, _ := new(big.Float).SetInt(n).Float64()
	return value{text: n.String(), number: f}
}

// shown writes a value for a reader: 65,536, 0.3891.
func (v value) shown() string {
	if v.word {
		return v.text
	}
	if n, err := strconv.ParseInt(v.text, 10, 64); err == nil {
		if n >= -9999 && n <= 9999 {
			return v.text
		}
		return number.Count(n)
	}
	if len(v.text) <= 6 { // 0.125 is the number, not an approximation of it
		return v.text
	}
	return number.Scientific(strconv.FormatFloat(v.number, 'g', 4, 64))
}

// int returns a whole number. The families that ask for a quantity have been
// checked to draw it.
func (v values) int(name string) int { return int(v[name].number) }

// named matches a name in an expression. The letters of numbers such as 1e6 and
// of √ are none.
var named = regexp.MustCompile(`[\pL_][\pL\pN_]*`)

// insert writes the values of all names of an expression in their place: with
// d = 8 it makes r*(d+k) into r*((8)+k).
func (v values) insert(expression string) string {
	return named.ReplaceAllStringFunc(expression, func(name string) string {
		if x, ok := v[name]; ok {
			if x.word {
				return x.text
			}
			return "(" + x.text + ")"
		}
		return name
	})
}

// evaluate computes an expression of numbers and names.
func (v values) evaluate(expression string) (value, error) {
	text := v.insert(expression)
	if exact, err := algebra.ParseCount(text, "", false); err == nil {
		return countValue(exact.Value), nil
	}
	x, err := algebra.ParseReal(text, "")
	if err != nil {
		return value{}, fmt.Errorf("%s: %w", expression, err)
	}
	return numberValue(x.Value), nil
}

// placeholder is {{name}} in a text.
var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// fill replaces every {{name}} of a text that is shown to the learner.
func (v values) fill(text string) string { return v.replace(text, value.shown) }

// raw replaces every {{name}} of a text that is read by a grader.
func (v values) raw(text string) string {
	return v.replace(text, func(x value) string { return x.text })
}

// live returns the values of the symbols that the question has drawn.
func (v values) live(symbols []string) map[string]float64 {
	live := map[string]float64{}
	for _, s := range symbols {
		if x, ok := v[s]; ok && !x.word {
			live[s] = x.number
		} else if x, ok := v["alpha"]; s == "α" && ok {
			live[s] = x.number
		}
	}
	return live
}

func (v values) replace(text string, write func(value) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		if x, ok := v[placeholder.FindStringSubmatch(match)[1]]; ok {
			return write(x)
		}
		return match // the parser has refused it
	})
}

// placeholders returns the names in {{…}} of a text.
func placeholders(text string) []string {
	return unresolved(text, func(string) bool { return false })
}

// unresolved returns the names in {{…}} of a text that are not known.
func unresolved(text string, known func(string) bool) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !known(m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}
