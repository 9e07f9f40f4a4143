package algebra

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Choice asks for one of several options, lettered a, b, c and numbered 1, 2, 3.
type Choice struct {
	Options []string
	Key     int // index from 0

	// Notes and Words answer the wrong options, by index; missing ones get
	// the note "choice".
	Notes, Words map[int]string
}

// ParseChoice reads b, B), (b), option b, 2 or the words of an option, and
// returns its index from 0. The error is a *ReadError.
func ParseChoice(text string, options []string) (int, error) {
	i, err := readChoice(text, options)
	if err != nil {
		return 0, err
	}
	return i, nil
}

func readChoice(text string, options []string) (int, *ReadError) {
	if err := tooLong(text); err != nil {
		return 0, err
	}
	for i, option := range options {
		if strings.EqualFold(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(option), " ")) {
			return i, nil
		}
	}
	found := -1
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		switch word {
		case "option", "answer", "choice", "number", "is", "the", "it", "s", "letter", "and", "or":
			continue
		}
		i, ok := itemNumber(word, len(options))
		if !ok {
			return 0, unreadable("choice", -1, "%s is none of the options; write %s", quoted(word), letters(len(options)))
		}
		if found >= 0 && found != i {
			return 0, unreadable("choice", -1, "one option is asked, and this names two; write %s", letters(len(options)))
		}
		found = i
	}
	if found < 0 {
		return 0, unreadable("choice", -1, "write %s", letters(len(options)))
	}
	return found, nil
}

// itemNumber reads a letter or a number of one of n items.
func itemNumber(word string, n int) (int, bool) {
	if len(word) == 1 && word[0] >= 'a' && word[0] <= 'z' {
		return int(word[0] - 'a'), int(word[0]-'a') < n
	}
	i, err := strconv.Atoi(word)
	return i - 1, err == nil && i >= 1 && i <= n
}

func letter(i int) string { return string(rune('a' + i)) }

func letters(n int) string {
	if n <= 1 {
		return "a"
	}
	all := make([]string, min(n, 26))
	for i := range all {
		all[i] = letter(i)
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// Grade compares the option.
func (q Choice) Grade(answer string) (Verdict, error) {
	if len(q.Options) > 26 || q.Key < 0 || q.Key >= len(q.Options) {
		return Verdict{}, broken("choice", fmt.Sprintf("option %d of %d", q.Key, len(q.Options)))
	}
	i, err := readChoice(answer, q.Options)
	if err != nil {
		return refuse(err), nil
	}
	echo := letter(i) + ") " + q.Options[i]
	if i == q.Key {
		return accept("right", echo), nil
	}
	feedback := []string{"yours " + echo, "it is " + letter(q.Key) + ") " + q.Options[q.Key]}
	if q.Words[i] != "" {
		feedback = append(feedback, q.Words[i])
	}
	return reject(first(q.Notes[i], "choice"), echo, feedback...), nil
}

// Order asks for an order of items.
type Order struct {
	Items []string // as shown, lettered and numbered in this order
	Key   []int    // indices from 0 in the right order

	// Relation is ">" if the order runs from the largest to the smallest,
	// "<" if from the smallest, "" if it is a sequence: it says what b<a means.
	Relation string
}

// ParseOrder reads 2 1 3, 2, 1, 3, bac or b>a>c and returns indices from 0.
// With a relation an order written the other way round is turned. The error
// is a *ReadError.
func ParseOrder(text string, items int, relation string) ([]int, error) {
	order, err := readOrder(text, items, relation)
	if err != nil {
		return nil, err
	}
	return order, nil
}

func readOrder(text string, items int, relation string) ([]int, *ReadError) {
	if err := tooLong(text); err != nil {
		return nil, err
	}
	text = strings.NewReplacer("->", " ", "=>", " ", "→", " ", "&gt;", ">", "≻", ">", "≥", ">", "≤", "<").Replace(text)
	hint := "write every item once, as in " + example(items)
	var words []string
	word := ""
	up, down := 0, 0
	flush := func() {
		if word != "" {
			words, word = append(words, word), ""
		}
	}
	for _, c := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			word += string(c)
			continue
		case c == '<':
			up++
		case c == '>':
			down++
		case isSpace(c) || strings.ContainsRune(",;()[].|/-–", c):
		default:
			return nil, unreadable("order", -1, "the sign %s is not read here; %s", quoted(string(c)), hint)
		}
		flush()
	}
	flush()
	if up > 0 && down > 0 {
		return nil, unreadable("order", -1, "both < and > are in it; use one of them")
	}
	if len(words) == 1 && items > 1 && items <= 9 && len(words[0]) == items { // 213, bac
		words = strings.Split(words[0], "")
	}
	var order []int
	for _, w := range words {
		if w == "and" || w == "then" {
			continue
		}
		i, ok := itemNumber(w, items)
		if !ok {
			return nil, unreadable("order", -1, "%s is none of the items; %s", quoted(w), hint)
		}
		if slices.Contains(order, i) {
			return nil, unreadable("order", -1, "%s is in it twice; %s", quoted(w), hint)
		}
		order = append(order, i)
	}
	if len(order) != items {
		return nil, unreadable("order", -1, "%d of %s; %s", len(order), plural(items, "item"), hint)
	}
	if relation == ">" && up > 0 || relation == "<" && down > 0 {
		slices.Reverse(order)
	}
	return order, nil
}

func example(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strconv.Itoa(n - i)
	}
	return strings.Join(all, " ")
}

// Grade compares the whole order. Where it parts is shown.
func (q Order) Grade(answer string) (Verdict, error) {
	sorted := slices.Sorted(slices.Values(q.Key))
	for i, k := range sorted {
		if i != k {
			return Verdict{}, broken("order", fmt.Sprintf("key %v is no order of %d items", q.Key, len(q.Items)))
		}
	}
	if len(q.Key) != len(q.Items) || len(q.Items) > 26 {
		return Verdict{}, broken("order", fmt.Sprintf("key %v is no order of %d items", q.Key, len(q.Items)))
	}
	got, err := readOrder(answer, len(q.Items), q.Relation)
	if err != nil {
		return refuse(err), nil
	}
	echo := q.write(got)
	if slices.Equal(got, q.Key) {
		return accept("right", echo), nil
	}
	feedback := []string{"yours " + echo, "it is " + q.write(q.Key)}
	reversed := slices.Clone(q.Key)
	slices.Reverse(reversed)
	if slices.Equal(got, reversed) {
		return reject("reversed", echo, append(feedback, "exactly the other way round")...), nil
	}
	for i := range got {
		if got[i] != q.Key[i] {
			feedback = append(feedback, fmt.Sprintf("they part at place %d: %s, not %s", i+1, q.Items[q.Key[i]], q.Items[got[i]]))
			break
		}
	}
	return reject("order", echo, feedback...), nil
}

func (q Order) write(order []int) string {
	names := make([]string, len(order))
	for i, k := range order {
		names[i] = q.Items[k]
	}
	sep := " " + q.Relation + " "
	if q.Relation == "" {
		sep = ", "
	}
	return strings.Join(names, sep)
}
