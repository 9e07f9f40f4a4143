package algebra

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"loralab/drills/verdict"
)

// Symbol is a name that a question knows.
type Symbol struct {
	Name    string   // as shown: d, α, W, N_A; "alpha" is the same as "α"
	Aliases []string // further spellings; the usual ones are known (see usual)
	Small   bool     // kept below every other symbol when points are drawn, as a rank is
}

// Symbols returns the symbols of the given names. One called r is Small.
func Symbols(names ...string) []Symbol {
	symbols := make([]Symbol, len(names))
	for i, name := range names {
		symbols[i] = Symbol{Name: name, Small: name == "r"}
	}
	return symbols
}

// usual returns further spellings under which the symbols of this laboratory
// are met in papers and code. One that a question uses as a name of its own is
// no alias in that question.
func usual(name string) []string {
	switch name {
	case "α":
		return []string{"lora_alpha", "ɑ", "∝", "𝛼"}
	case "r":
		return []string{"rank", "lora_rank", "lora_r"}
	case "s":
		return []string{"scaling", "scale"}
	case "d":
		return []string{"d_out", "dout", "out_features", "fan_out"}
	case "k":
		return []string{"d_in", "din", "in_features", "fan_in"}
	case "n":
		return []string{"batch", "batch_size"}
	case "W":
		return []string{"W_0", "weight", "base_layer", "base_weight", "W_base", "base"}
	case "A":
		return []string{"lora_A", "loraA"}
	case "B":
		return []string{"lora_B", "loraB"}
	case "x":
		return []string{"X"}
	case "b":
		return []string{"bias"}
	case "ΔW":
		return []string{"Delta_W", "delta_W", "deltaW", "dW"}
	}
	return nil
}

var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
	"theta": "θ", "lambda": "λ", "mu": "μ", "rho": "ρ", "sigma": "σ", "tau": "τ",
	"phi": "φ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ",
}

// canonical is the one spelling under which a name is known.
func canonical(name string) string {
	if g, ok := greek[name]; ok {
		return g
	}
	if rest, ok := strings.CutPrefix(name, "Delta"); ok && rest != "" {
		return "Δ" + strings.TrimPrefix(rest, "_")
	}
	return strings.ReplaceAll(strings.ReplaceAll(flattenSubscripts(name), "'", "′"), "’", "′")
}

// flattenSubscripts writes W₀ as W_0.
func flattenSubscripts(name string) string {
	var b strings.Builder
	sub := false
	for _, c := range name {
		plain, ok := subscripts[c]
		if ok && !sub {
			b.WriteByte('_')
		}
		if sub = ok; ok {
			c = plain
		}
		b.WriteRune(c)
	}
	return b.String()
}

// shown writes a canonical name as it is read: W_0 as W₀, N_A as it is.
func shown(name string) string {
	base, sub, ok := strings.Cut(name, "_")
	if !ok || sub == "" {
		return name
	}
	var b strings.Builder
	b.WriteString(base)
	for _, c := range sub {
		if c < '0' || c > '9' {
			return name
		}
		b.WriteRune('₀' + c - '0')
	}
	return b.String()
}

// vocabulary is the names of one question with all their spellings.
type vocabulary struct {
	names   []string          // canonical, in the question's order
	spelled map[string]string // spelling to canonical name
	folded  map[string]string // the same in small letters; of two names the one named first
	longest int               // bytes of the longest spelling
}

func newVocabulary(symbols []Symbol) *vocabulary {
	v := &vocabulary{spelled: map[string]string{}, folded: map[string]string{}}
	for _, s := range symbols {
		v.add(canonical(s.Name))
	}
	for _, s := range symbols {
		name := canonical(s.Name)
		for _, alias := range s.Aliases {
			v.alias(canonical(alias), name)
		}
		for _, alias := range usual(name) {
			v.alias(alias, name)
		}
		for latin, letter := range greek {
			if strings.HasPrefix(name, letter) {
				v.alias(latin+strings.TrimPrefix(name, letter), name)
			}
		}
	}
	for _, s := range slices.Sorted(maps.Keys(v.spelled)) {
		if base, sub, ok := strings.Cut(s, "_"); ok && sub != "" && strings.Trim(sub, "0123456789") == "" {
			v.alias(base+sub, v.spelled[s]) // W0 for W_0
		}
	}
	return v
}

func (v *vocabulary) add(name string) {
	if !slices.Contains(v.names, name) {
		v.names = append(v.names, name)
	}
	v.spell(name, name)
}

func (v *vocabulary) alias(spelling, name string) {
	if _, taken := v.spelled[spelling]; taken || spelling == "" {
		return
	}
	v.spell(spelling, name)
}

func (v *vocabulary) spell(spelling, name string) {
	v.spelled[spelling] = name
	if low := strings.ToLower(spelling); v.folded[low] == "" {
		v.folded[low] = name
	}
	v.longest = max(v.longest, len(spelling))
}

// with returns the vocabulary with further names, which hide aliases. They are
// the learner's own, so that they are not among those listed.
func (v *vocabulary) with(names ...string) *vocabulary {
	w := &vocabulary{slices.Clone(v.names), maps.Clone(v.spelled), maps.Clone(v.folded), v.longest}
	for _, name := range names {
		w.spell(name, name)
	}
	return w
}

// split cuts a word into as few names as possible; of two cuts of the same
// length the one whose first name is longer wins. It returns spellings.
func (v *vocabulary) split(word string, same func(a string) (string, bool)) ([]string, bool) {
	const none = 1 << 30
	cost := make([]int, len(word)+1) // pieces needed from here to the end
	take := make([]int, len(word)+1) // bytes of the first of them
	for i := len(word) - 1; i >= 0; i-- {
		cost[i] = none
		if !utf8.RuneStart(word[i]) {
			continue
		}
		for n := min(v.longest, len(word)-i); n > 0; n-- {
			if cost[i+n]+1 >= cost[i] {
				continue
			}
			if _, ok := same(word[i : i+n]); ok {
				cost[i], take[i] = cost[i+n]+1, n
			}
		}
	}
	if len(word) == 0 || cost[0] >= none {
		return nil, false
	}
	var pieces []string
	for i := 0; i < len(word); i += take[i] {
		pieces = append(pieces, word[i:i+take[i]])
	}
	return pieces, true
}

func (v *vocabulary) exact(spelling string) (string, bool) {
	name, ok := v.spelled[spelling]
	return name, ok
}

func (v *vocabulary) anyCase(spelling string) (string, bool) {
	if name, ok := v.spelled[spelling]; ok {
		return name, true
	}
	name, ok := v.folded[strings.ToLower(spelling)]
	return name, ok
}

// list names the symbols for a learner.
func (v *vocabulary) list() string {
	if len(v.names) == 0 {
		return "numbers only"
	}
	all := make([]string, len(v.names))
	for i, name := range v.names {
		all[i] = shown(name)
	}
	return strings.Join(all, ", ")
}

// unknown explains a word that is made of no names.
func (v *vocabulary) unknown(word string, at int) *verdict.ReadError {
	if len(v.names) == 0 {
		return verdict.Unreadable("unknown-symbol", at, "%s is not read here; write numbers and + − * / ^ ( )", verdict.Quoted(word))
	}
	if pieces, ok := v.split(word, v.anyCase); ok {
		meant := make([]string, len(pieces))
		for i, p := range pieces {
			name, _ := v.anyCase(p)
			meant[i] = shown(name)
		}
		return verdict.Unreadable("wrong-case", at, "%s: capital and small letters differ; did you mean %s? the symbols are %s",
			verdict.Quoted(word), strings.Join(meant, "·"), v.list())
	}
	if base, _, ok := strings.Cut(word, "′"); ok {
		return verdict.Unreadable("unknown-symbol", at, "%s is not a symbol here; for a transpose write %sᵀ or .T; the symbols are %s",
			verdict.Quoted(base+"′"), base, v.list())
	}
	if base := strings.TrimRight(word, "0123456789"); base != word {
		if _, ok := v.split(base, v.exact); ok {
			return verdict.Unreadable("unknown-symbol", at, "%s is not a symbol here; for a power write %s^%s; the symbols are %s", verdict.Quoted(word), base, word[len(base):], v.list())
		}
	}
	return verdict.Unreadable("unknown-symbol", at, "%s is not a symbol here; the symbols are %s", verdict.Quoted(word), v.list())
}
