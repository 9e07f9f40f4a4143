package options

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"loralab/drills/verdict"
)

// Choice asks for one of several options, lettered a, b, c and numbered 1, 2, 3.
type Choice struct {
	Options []string
	Key     int // index from 0

	// Notes and Words answer the wrong options, by index; missing ones get
	// the note "choice".
	Notes, Words map[int]string
}

// Grade compares the option. It reads b, B), (b), option b, 2, the words of an
// option and how only one of them begins.
func (q Choice) Grade(answer string) (verdict.Verdict, error) {
	if len(q.Options) > most || q.Key < 0 || q.Key >= len(q.Options) {
		return verdict.Verdict{}, fmt.Errorf("options: a choice of option %d of %d", q.Key, len(q.Options))
	}
	i, err := q.read(answer)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	echo := Letter(i) + ") " + q.Options[i]
	if i == q.Key {
		return verdict.Accept("right", echo), nil
	}
	feedback := []string{"yours " + echo, "it is " + Letter(q.Key) + ") " + q.Options[q.Key]}
	return verdict.Reject(cmp.Or(q.Notes[i], "choice"), echo, append(feedback, q.Words[i])...), nil
}

// lettered is an option with its letter and anything after it: "b) neither of
// them".
var lettered = regexp.MustCompile(`^\s*\(?([a-zA-Z0-9])[).:]\s`)

func (q Choice) read(answer string) (int, *verdict.ReadError) {
	if m := lettered.FindStringSubmatch(answer); m != nil {
		answer = m[1]
	} else if i, ok := q.beginning(answer); ok {
		return i, nil
	}
	if err := verdict.CheckLength(answer); err != nil {
		return 0, err
	}
	for i, option := range q.Options {
		if strings.EqualFold(strings.Join(strings.Fields(answer), " "), strings.Join(strings.Fields(option), " ")) {
			return i, nil
		}
	}
	found := -1
	for _, word := range strings.FieldsFunc(strings.ToLower(answer), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		switch word {
		case "option", "answer", "choice", "number", "is", "the", "it", "s", "letter", "and", "or":
			continue
		}
		i, ok := index(word, len(q.Options))
		if !ok {
			return 0, verdict.Unreadable("choice", -1, "%s is none of the options; write %s", verdict.Quoted(word), letters(len(q.Options)))
		}
		if found >= 0 && found != i {
			return 0, verdict.Unreadable("choice", -1, "one option is asked, and this names two; write %s", letters(len(q.Options)))
		}
		found = i
	}
	if found < 0 {
		return 0, verdict.Unreadable("choice", -1, "write %s", letters(len(q.Options)))
	}
	return found, nil
}

// beginning returns the only option that begins with the words of the answer.
func (q Choice) beginning(answer string) (int, bool) {
	said, found := strings.ToLower(strings.Trim(answer, " .!")), -1
	if len(said) < 2 {
		return 0, false
	}
	for i, option := range q.Options {
		rest, ok := strings.CutPrefix(strings.ToLower(option), said)
		if !ok || rest != "" && unicode.IsLetter(rune(rest[0])) {
			continue
		}
		if found >= 0 {
			return 0, false
		}
		found = i
	}
	return found, found >= 0
}

// letters names the letters of n options: a, b or c.
func letters(n int) string {
	if n <= 1 {
		return Letter(0)
	}
	all := make([]string, n)
	for i := range all {
		all[i] = Letter(i)
	}
	return strings.Join(all[:n-1], ", ") + " or " + all[n-1]
}
