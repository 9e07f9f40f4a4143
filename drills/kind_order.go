package drills

import (
	"strings"

	"loralab/drills/options"
	"loralab/drills/verdict"
)

// orderForm asks for all items in their order.
type orderForm struct {
	line
	optionList
	relation string
}

// OrderKind asks for several items in their order.
const OrderKind Kind = "order"

func (orderForm) kind() Kind       { return OrderKind }
func (f orderForm) keys() []string { return append(f.optionList.keys(), "relation") }

func (f orderForm) placeholder() string {
	reversed := make([]int, len(f.all))
	for i := range reversed {
		reversed[i] = len(f.all) - 1 - i
	}
	return "all letters in order, such as " + letters(reversed)
}

func (orderForm) parse(r reader, p *part) form {
	f := orderForm{optionList: r.optionList(), relation: r.text("relation")}
	if p.computed() == (len(f.right) > 0) {
		r.wrong("kind", "an order has either a key that is computed or an answer, all ids in order")
	}
	if len(f.right) > 0 && len(f.right) != len(f.all) {
		r.wrong("answer", "want all %d ids, found %d", len(f.all), len(f.right))
	}
	return f
}

func (f orderForm) build(p *part, d drawing, q *Part) error {
	shuffled, right, err := f.shuffle(p, d, q)
	if err != nil {
		return err
	}
	if len(right) != len(f.all) {
		return p.fields.Errorf("key", "the order has %d of %d items", len(right), len(f.all))
	}
	g := options.Order{Items: q.Options, Relation: f.relation, Key: right}
	for _, m := range p.misconceptions {
		ids := strings.Fields(m.answer)
		if len(ids) != len(f.all) {
			return m.fields.Errorf("answer", "want all %d ids in order", len(f.all))
		}
		order, missing := places(shuffled, ids)
		if missing != "" {
			return m.fields.Errorf("answer", "%q is the id of no item", missing)
		}
		g.Misconceptions = append(g.Misconceptions, verdict.Misconception{Note: m.note, Answer: letters(order), Words: d.fill(m.words)})
		q.expected = append(q.expected, expected{m.note, letters(order), m.fields, "note"})
	}
	q.grader, q.answer, q.Key = g, letters(right), g.Write(right)
	return nil
}

// final is a misconception, as in a recall.
func (orderForm) final(p *part, v verdict.Verdict) bool { return p.misconceives(v.Note) }

// letters writes an order in the letters of its items.
func letters(order []int) string {
	all := make([]string, len(order))
	for i, k := range order {
		all[i] = options.Letter(k)
	}
	return strings.Join(all, " ")
}
