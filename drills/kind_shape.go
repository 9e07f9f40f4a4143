package drills

import (
	"strings"

	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
)

// shapeForm asks for the shapes of matrices.
type shapeForm struct {
	line
	shapes  []algebra.Shaped
	symbols []string
}

func (shapeForm) kind() Kind     { return "shape" }
func (shapeForm) keys() []string { return []string{"key!", "shapes!", "symbols!"} }

func (f shapeForm) placeholder() string {
	return "rows × columns, as in " + f.shapes[0].Name + ": …×…"
}

func (shapeForm) parse(r reader, _ *part) form {
	f := shapeForm{symbols: r.texts("symbols")}
	for _, it := range r.pairs("shapes") {
		f.shapes = append(f.shapes, algebra.Shaped{Name: it.Key, Dims: it.Text})
	}
	if len(f.shapes) == 0 && r.Has("shapes") {
		r.wrong("shapes", "want lines of \"name: rows×columns\"")
	}
	return f
}

func (f shapeForm) build(p *part, d drawing, q *Part) error {
	if err := f.check(p, d); err != nil {
		return err
	}
	q.grader = algebra.Shape{
		Key: f.shapes, Symbols: algebra.Symbols(f.symbols...), Live: d.live(f.symbols), Seed: d.seed, Misconceptions: p.expect(q, d, d.raw),
	}
	all := make([]string, len(f.shapes))
	for i, s := range f.shapes {
		all[i] = s.Name + ": " + s.Dims
	}
	q.Key = strings.Join(all, ", ")
	q.answer = q.Key
	return nil
}

// check compares the shapes in symbols with those of what was built.
func (f shapeForm) check(p *part, d drawing) error {
	for _, s := range f.shapes {
		want, ok := d.truth.shapes[s.Name]
		if !ok {
			return p.fields.Errorf("shapes", "%s has no shape of %s", p.key, s.Name)
		}
		rows, cols, _ := strings.Cut(s.Dims, "×")
		for i, side := range []string{rows, cols} {
			have, err := d.evaluate(side)
			if err != nil {
				return p.fields.Errorf("shapes", "%s: %w", s.Name, err)
			}
			if have.number != float64(want[i]) {
				return p.fields.Errorf("shapes", "%s is %s here, and %d×%d was built", s.Name, d.insert(s.Dims), want[0], want[1])
			}
		}
	}
	return nil
}

func (f shapeForm) find(g verdict.Grader, text string) (verdict.Verdict, error) {
	names := make([]string, len(f.shapes))
	for i, s := range f.shapes {
		names[i] = s.Name
	}
	return words.FindShapes(g, text, names)
}
