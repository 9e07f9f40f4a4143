package words

import "strings"

// stem cuts a word in small letters to what its forms share: initialised,
// initializing and initialization are all "initial". It need not be a word:
// patterns and answers go through the same function.
func stem(word string) string {
	if irregular, ok := irregulars[word]; ok {
		return irregular
	}
	for _, suffix := range []string{
		"isations", "izations", "isation", "ization", "isers", "izers", "iser", "izer", "ising", "izing", "ised", "ized", "ises", "izes", "ise", "ize",
	} {
		if rest, ok := strings.CutSuffix(word, suffix); ok && len(rest) >= 4 {
			return stemEnd(rest)
		}
	}
	for _, suffix := range []string{"edly", "ness", "able", "ably", "ing", "ers", "ed", "er", "ly"} {
		if rest, ok := strings.CutSuffix(word, suffix); ok && len(rest) >= 3 && strings.ContainsAny(rest, "aeiouy") {
			return stemEnd(undouble(rest))
		}
	}
	if rest, ok := strings.CutSuffix(word, "ies"); ok && len(rest) >= 3 {
		return rest + "y"
	}
	if rest, ok := strings.CutSuffix(word, "es"); ok && len(rest) >= 3 && strings.HasSuffix(strings.TrimRight(rest, "sh"), rest[:len(rest)-1]) || ok && strings.HasSuffix(rest, "o") {
		return stemEnd(rest)
	}
	if rest, ok := strings.CutSuffix(word, "s"); ok && len(rest) >= 3 && !strings.HasSuffix(rest, "s") && !strings.HasSuffix(rest, "u") && !strings.HasSuffix(rest, "i") {
		return stemEnd(rest)
	}
	return stemEnd(word)
}

// irregulars are the forms that no suffix explains, in words of this subject.
var irregulars = map[string]string{
	"frozen": "freez", "froze": "freez", "freeze": "freez", "freezes": "freez", "freezing": "freez",
	"learnt": "learn", "learned": "learn", "kept": "keep", "began": "begin", "begun": "begin", "begins": "begin", "beginning": "begin",
	"matrices": "matrix", "weights": "weight", "bias": "bias", "biases": "bias", "loss": "loss", "losses": "loss",
	"left": "leav", "leave": "leav", "leaves": "leav", "gave": "giv", "given": "giv", "grew": "grow", "grown": "grow",
	"does": "do", "did": "do", "has": "has", "was": "was", "is": "is", "this": "this", "never": "never", "other": "other",
	"number": "number", "numbers": "number", "layer": "layer", "layers": "layer", "adapter": "adapter", "adapters": "adapter",
	"optimizer": "optimizer", "optimiser": "optimizer", "optimizers": "optimizer", "parameter": "parameter", "parameters": "parameter",
	"order": "order", "either": "either", "neither": "neither", "whether": "whether", "rather": "rather", "only": "only", "early": "early", "under": "under", "over": "over", "after": "after",
}

func stemEnd(s string) string {
	if len(s) > 3 {
		s = strings.TrimSuffix(s, "e")
	}
	return s
}

// undouble turns dropp into drop.
func undouble(s string) string {
	n := len(s)
	if n > 3 && s[n-1] == s[n-2] && !strings.ContainsAny(s[n-1:], "lsz") {
		return s[:n-1]
	}
	return s
}
