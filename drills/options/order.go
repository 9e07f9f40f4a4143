package options

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"loralab/drills/verdict"
)

// Order asks for all items in their order.
type Order struct {
	Items []string // as shown, lettered and numbered in this order
	Key   []int    // indices from 0 in the right order

	// Relation is ">" if the order runs from the largest to the smallest,
	// "<" if from the smallest, "" if it is a sequence: it says what b<a means.
	Relation string

	Misconceptions []verdict.Misconception
}

// Grade compares the whole order and shows where the two part. It reads 2 1 3,
// bac, b>a>c and the items themselves; with a relation an order written the
// other way round is turned.
func (q Order) Grade(answer string) (verdict.Verdict, error) {
	every := make([]int, len(q.Items))
	for i := range every {
		every[i] = i
	}
	if len(q.Items) > most || !slices.Equal(slices.Sorted(slices.Values(q.Key)), every) {
		return verdict.Verdict{}, fmt.Errorf("options: the key %v is no order of %d items", q.Key, len(q.Items))
	}
	got, err := q.read(answer)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	echo := q.Write(got)
	if slices.Equal(got, q.Key) {
		return verdict.Accept("right", echo), nil
	}
	note, where := q.parting(got)
	feedback := []string{"yours " + echo, "it is " + q.Write(q.Key), where}
	for _, m := range q.Misconceptions {
		wrong, err := q.read(m.Answer)
		if err != nil {
			return verdict.Verdict{}, fmt.Errorf("options: misconception %s: %w", m.Note, err)
		}
		if slices.Equal(wrong, got) {
			return verdict.Reject(m.Note, echo, append(feedback, m.Words)...), nil
		}
	}
	return verdict.Reject(note, echo, feedback...), nil
}

// parting says where a wrong order leaves the key.
func (q Order) parting(got []int) (note, where string) {
	reversed := slices.Clone(q.Key)
	slices.Reverse(reversed)
	if slices.Equal(got, reversed) {
		return "reversed", "exactly the other way round"
	}
	i := 0
	for got[i] == q.Key[i] {
		i++
	}
	return "order", fmt.Sprintf("they part at place %d: %s, not %s", i+1, q.Items[q.Key[i]], q.Items[got[i]])
}

// Write writes an order with the names of the items.
func (q Order) Write(order []int) string {
	names := make([]string, len(order))
	for i, k := range order {
		names[i] = q.Items[k]
	}
	if q.Relation == "" {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, " "+q.Relation+" ")
}

// signs are the arrows and comparisons that are read, as < and > or as spaces.
var signs = strings.NewReplacer("->", " ", "=>", " ", "→", " ", "&gt;", ">", "≻", ">", "≥", ">", "≤", "<")

func (q Order) read(answer string) ([]int, *verdict.ReadError) {
	answer = q.lettered(answer)
	if err := verdict.CheckLength(answer); err != nil {
		return nil, err
	}
	n := len(q.Items)
	hint := "write every item once, as in " + example(n)
	var items []string
	item := ""
	up, down := 0, 0
	flush := func() {
		if item != "" {
			items, item = append(items, item), ""
		}
	}
	for _, c := range strings.ToLower(signs.Replace(answer)) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			item += string(c)
			continue
		case c == '<':
			up++
		case c == '>':
			down++
		case unicode.IsSpace(c) || strings.ContainsRune(",;()[].|/-–\u200b\ufeff\u2060", c): // the last three are spaces without a width
		default:
			return nil, verdict.Unreadable("order", -1, "the sign %s is not read here; %s", verdict.Quoted(string(c)), hint)
		}
		flush()
	}
	flush()
	if up > 0 && down > 0 {
		return nil, verdict.Unreadable("order", -1, "both < and > are in it; use one of them")
	}
	if len(items) == 1 && n > 1 && n <= 9 && len(items[0]) == n { // 213, bac
		items = strings.Split(items[0], "")
	}
	var order []int
	for _, word := range items {
		if word == "and" || word == "then" {
			continue
		}
		i, ok := index(word, n)
		if !ok {
			return nil, verdict.Unreadable("order", -1, "%s is none of the items; %s", verdict.Quoted(word), hint)
		}
		if slices.Contains(order, i) {
			return nil, verdict.Unreadable("order", -1, "%s is in it twice; %s", verdict.Quoted(word), hint)
		}
		order = append(order, i)
	}
	if len(order) != n {
		return nil, verdict.Unreadable("order", -1, "%d of %d items; %s", len(order), n, hint)
	}
	if q.Relation == ">" && up > 0 || q.Relation == "<" && down > 0 {
		slices.Reverse(order)
	}
	return order, nil
}

// lettered writes items that are spelled out as their letters, the longest
// first, since one may contain another.
func (q Order) lettered(answer string) string {
	places := make([]int, len(q.Items))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int { return cmp.Compare(len(q.Items[j]), len(q.Items[i])) })
	for _, i := range places {
		answer = strings.ReplaceAll(answer, q.Items[i], " "+Letter(i)+" ")
	}
	return answer
}

// example is an order of n items, the last one first.
func example(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strconv.Itoa(n - i)
	}
	return strings.Join(all, " ")
}
