package algebra

import (
	"math/big"
	"strings"

	"loralab/drills/verdict"
)

// nounUnit is the unit of plain counts: nouns such as "parameters" may follow.
const nounUnit = "numbers"

// unit is one unit of measurement: factor of them make the dimension's base.
type unit struct {
	dimension string
	num, den  int64
}

// units by spelling. Capital and small letters differ, as they must: Gb are
// bits. A small gb is taken for the bytes that people mean.
var units = func() map[string]unit {
	u := map[string]unit{
		"%": {"ratio", 1, 100}, "percent": {"ratio", 1, 100}, "per cent": {"ratio", 1, 100}, "pct": {"ratio", 1, 100}, "‰": {"ratio", 1, 1000},
		"×": {"ratio", 1, 1}, "times": {"ratio", 1, 1}, "x": {"ratio", 1, 1},
		"B": {"data", 1, 1}, "byte": {"data", 1, 1}, "bytes": {"data", 1, 1}, "bit": {"data", 1, 8}, "bits": {"data", 1, 8},
		"dB": {"level", 1, 1}, "db": {"level", 1, 1}, "decibel": {"level", 1, 1}, "decibels": {"level", 1, 1},
		"nats": {"nats", 1, 1}, "nat": {"nats", 1, 1},
		"s": {"time", 1, 1}, "sec": {"time", 1, 1}, "seconds": {"time", 1, 1}, "min": {"time", 60, 1},
		"ms": {"time", 1, 1e3}, "µs": {"time", 1, 1e6}, "μs": {"time", 1, 1e6}, "us": {"time", 1, 1e6}, "ns": {"time", 1, 1e9},
	}
	thousand, kibi := int64(1), int64(1)
	for _, prefix := range []string{"k", "M", "G", "T"} {
		thousand, kibi = thousand*1000, kibi*1024
		big, low := strings.ToUpper(prefix), strings.ToLower(prefix)
		for _, spelling := range []string{prefix + "B", big + "B", low + "b"} {
			u[spelling] = unit{"data", thousand, 1}
		}
		for _, spelling := range []string{big + "iB", low + "ib", low + "iB"} {
			u[spelling] = unit{"data", kibi, 1}
		}
		for _, spelling := range []string{big + "b", prefix + "bit", big + "bit"} {
			u[spelling] = unit{"data", thousand, 8}
		}
	}
	for _, noun := range []string{
		nounUnit, "number", "parameters", "parameter", "params", "param", "weights", "values", "entries", "elements", "scalars",
		"trainable parameters", "trainable params", "trainable weights", "trained parameters", "in total", "total",
	} {
		u[noun] = unit{"count", 1, 1}
	}
	return u
}()

// multipliers scale the number before them. The round ones are fit for a
// rounded count only, for k may be meant as 1000 or as 1024.
var multipliers = map[string]struct {
	num   int64
	round bool
}{
	"k": {1e3, true}, "K": {1e3, true}, "thousand": {1e3, true},
	"M": {1e6, true}, "million": {1e6, true}, "mio": {1e6, true},
	"G": {1e9, true}, "bn": {1e9, true}, "billion": {1e9, true}, "B": {1e9, true},
	"T": {1e12, true}, "trillion": {1e12, true},
	"Ki": {1 << 10, false}, "Mi": {1 << 20, false}, "Gi": {1 << 30, false},
}

// measure is a value with a unit, as written.
type measure struct {
	value   quantity // in the question's unit
	literal *literal // if it is a single literal
	factor  *big.Rat // what the literal was multiplied by
	round   string   // the round multiplier, such as k
	unit    string   // the unit as written
	tree    *expr
}

func (m measure) echo() string {
	text := m.tree.String()
	if m.literal != nil && m.literal.comma {
		text += " (decimal comma)"
	}
	if m.round != "" {
		text += m.round
	}
	if m.unit != "" && m.unit != "%" {
		return text + " " + m.unit
	}
	return text + m.unit
}

// approximately are the words that may stand before a number.
var approximately = []string{"=", "≈", "~", "approximately", "approx.", "approx", "about", "ca.", "roughly", "exactly", "\\approx", "≃"}

// readMeasure reads an expression of numbers with an optional unit, and
// returns it in the unit wanted. A dimension of "count" takes nouns.
func readMeasure(text, wanted, kept string) (measure, *verdict.ReadError) {
	m := measure{factor: big.NewRat(1, 1)}
	body := strings.TrimFunc(text, func(c rune) bool { return isSpace(c) || c == '$' })
	body = strings.ReplaceAll(body, `\%`, "%")
	for again := true; again; {
		again = false
		for _, word := range approximately {
			if rest, ok := strings.CutPrefix(body, word); ok {
				body, again = strings.TrimLeftFunc(rest, isSpace), true
			}
		}
	}
	target, known := units[kept]
	if !known {
		target = unit{kept, 1, 1} // a unit of the question's own, such as steps
	}
	number, spelled, u, hasUnit := cutUnit(body, kept, target)
	m.unit = spelled
	if hasUnit {
		switch {
		case u.dimension == target.dimension:
			m.factor.SetFrac64(u.num*target.den, u.den*target.num)
		case u.dimension == "ratio" && wanted == "" && target.dimension != "count":
			m.factor.SetFrac64(u.num, u.den)
		default:
			if wanted == "" {
				return m, verdict.Unreadable("unit", -1, "a plain number is asked; %s is not read here", verdict.Quoted(spelled))
			}
			return m, verdict.Unreadable("unit", -1, "the answer is asked in %s; %s cannot be turned into it", wanted, verdict.Quoted(spelled))
		}
		body = number
	}
	if number, word := cutWord(body, func(w string) bool { _, ok := multipliers[w]; return ok }); word != "" {
		scale := multipliers[word]
		m.factor.Mul(m.factor, new(big.Rat).SetInt64(scale.num))
		body = number
		if m.round = word; !scale.round {
			m.round, m.unit = "", strings.TrimSpace(word+" "+m.unit)
		}
	}
	tokens, err := scan(body, dialect{words: newVocabulary(nil), times: true, code: true})
	if err != nil {
		return m, err
	}
	p := &parser{tokens: tokens, scalar: everyScalar}
	if m.tree, err = p.whole(); err != nil {
		return m, err
	}
	value, failure := evaluate(m.tree, nil)
	if failure != nil {
		return m, verdict.Unreadable(failureNote(failure), -1, "%s %s", verdict.Quoted(body), failure)
	}
	literal := m.tree
	if literal.op == opNeg {
		literal = literal.kids[0]
	}
	if literal.op == opNumber {
		m.literal = literal.num
	}
	if value.rat != nil {
		value = quantity{rat: new(big.Rat).Mul(value.rat, m.factor)}
	} else {
		value = quantity{root: new(big.Float).SetPrec(rootPrecision).Mul(value.root, quantity{rat: m.factor}.float())}
	}
	m.value = value
	return m, nil
}

func failureNote(err error) string {
	switch err {
	case errTooLarge:
		return "too-large"
	case errUndefined, errRoot:
		return "undefined"
	}
	return "power"
}

// measureSides cuts "N = 8·8192 = 65,536" at its equals signs, without the name.
func measureSides(text string) []string {
	sides := strings.FieldsFunc(strings.TrimLeft(text, "=≈ "), func(c rune) bool { return c == '=' || c == '≈' })
	if len(sides) > 1 && letterAt(strings.TrimSpace(sides[0])) && plainWord(strings.NewReplacer(" ", "", "#", "", ":", "").Replace(sides[0])) {
		sides = sides[1:]
	}
	if len(sides) == 0 {
		return []string{text}
	}
	return sides
}

// cutUnit cuts the unit off the end of a text. kept is the question's unit,
// which is always known, in the singular too.
func cutUnit(text, kept string, target unit) (number, spelled string, u unit, ok bool) {
	find := func(word string) (unit, bool) {
		if word == kept || kept != "" && strings.TrimSuffix(strings.ToLower(word), "s") == strings.TrimSuffix(strings.ToLower(kept), "s") {
			if found, ok := units[word]; ok {
				return found, true
			}
			return target, true
		}
		if word == "x" || word == "×" {
			found := units[word]
			return found, target.dimension == "ratio" || kept == ""
		}
		if word == "B" && target.dimension != "data" { // billions
			return unit{}, false
		}
		found, ok := units[word]
		return found, ok
	}
	number, spelled = cutWord(text, func(word string) bool { _, ok := find(word); return ok })
	if spelled == "" {
		return text, "", unit{}, false
	}
	u, _ = find(spelled)
	return number, spelled, u, true
}

// cutWord cuts the longest known word off the end of a text. Something stands
// before it: a space, a digit or a parenthesis that closes.
func cutWord(text string, known func(string) bool) (before, word string) {
	for i := range text { // from the left: the longest comes first
		if i == 0 || len(text)-i > 32 {
			continue
		}
		left := strings.TrimRightFunc(text[:i], isSpace)
		c := left[max(0, len(left)-1):]
		apart := len(left) < i || c == ")" || c == "}" || c == "." || digitsAt(c) == 1
		if apart && left != "" && known(text[i:]) {
			return left, text[i:]
		}
	}
	return text, ""
}
