package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/number"
	"loralab/lora/peft"
)

// adapterComparison is what adapter prints of two adapters.
type adapterComparison struct {
	First      *adapterReport   `json:"first"`
	Second     *adapterReport   `json:"second"`
	Modules    []comparedModule `json:"modules"`
	Unlike     []string         `json:"other_shapes,omitempty"` // in both, with other d or k
	Broken     []string         `json:"not_finite,omitempty"`   // in both, not finite in one
	OnlyFirst  []string         `json:"only_in_first,omitempty"`
	OnlySecond []string         `json:"only_in_second,omitempty"`
}

// comparedModule is what is said of a module that both have.
type comparedModule struct {
	Name    string    `json:"name"`
	Rank1   int       `json:"r1"`
	Rank2   int       `json:"r2"`
	Inputs  *subspace `json:"phi_a,omitempty"`  // left out where A is zero in one
	Outputs *subspace `json:"phi_b,omitempty"`  // left out where B is zero in one
	Cosine  *float64  `json:"cosine,omitempty"` // of the updates; left out where one is zero
}

// subspace is φ(i, j) for all directions of two factors.
type subspace struct {
	First  float64     `json:"phi_1_1"`
	All    float64     `json:"phi_r1_r2"` // of all directions that the factors have
	Chance float64     `json:"chance"`    // what All is for random directions, in the mean
	Grid   [][]float64 `json:"phi"`       // φ(i, j) at [i−1][j−1]
}

// newSubspace sums up a grid of φ in a space of n dimensions.
func newSubspace(phi *mat.Dense, n int) *subspace {
	if phi == nil {
		return nil
	}
	rows, cols := phi.Dims()
	s := &subspace{First: phi.At(0, 0), All: phi.At(rows-1, cols-1), Chance: float64(max(rows, cols)) / float64(n)}
	for i := range rows {
		s.Grid = append(s.Grid, slices.Clone(phi.RawRowView(i)))
	}
	return s
}

func compareAdapters(ctx context.Context, paths []string, a, b *peft.Adapter, stderr io.Writer) (*adapterComparison, error) {
	r := new(adapterComparison)
	var err error
	if r.First, err = inspectAdapter(ctx, paths[0], a, stderr); err != nil {
		return nil, err
	}
	if r.Second, err = inspectAdapter(ctx, paths[1], b, stderr); err != nil {
		return nil, err
	}
	type pair struct{ first, second int }
	var pairs []pair
	second := map[string]int{}
	for j, m := range b.Modules {
		second[m.Name] = j
	}
	for i, m := range a.Modules {
		j, ok := second[m.Name]
		delete(second, m.Name)
		if !ok {
			r.OnlyFirst = append(r.OnlyFirst, m.Name)
			continue
		}
		d1, k1, _ := m.Dims()
		d2, k2, _ := b.Modules[j].Dims()
		switch {
		case d1 != d2 || k1 != k2:
			r.Unlike = append(r.Unlike, m.Name)
		case r.First.Modules[i].Spectrum == nil || r.Second.Modules[j].Spectrum == nil:
			r.Broken = append(r.Broken, m.Name)
		default:
			pairs = append(pairs, pair{i, j})
		}
	}
	for _, m := range b.Modules {
		if _, left := second[m.Name]; left {
			r.OnlySecond = append(r.OnlySecond, m.Name)
		}
	}
	if len(pairs) == 0 && len(r.Broken) == 0 {
		return nil, usagef("%s and %s have no module of the same name and shape to compare: the first has %s, the second %s",
			printable(paths[0]), printable(paths[1]), someOf(namesOf(a), 3), someOf(namesOf(b), 3))
	}
	r.Modules = make([]comparedModule, len(pairs))
	return r, each(ctx, stderr, "comparing", len(pairs), runtime.GOMAXPROCS(0), func(n int) error {
		m1, m2 := a.Modules[pairs[n].first], b.Modules[pairs[n].second]
		f1, err := a.Factors(m1)
		if err != nil {
			return fmt.Errorf("%s: module %s: %w", printable(paths[0]), printable(m1.Name), err)
		}
		f2, err := b.Factors(m2)
		if err != nil {
			return fmt.Errorf("%s: module %s: %w", printable(paths[1]), printable(m2.Name), err)
		}
		d, k, r1 := m1.Dims()
		_, _, r2 := m2.Dims()
		overlap := peft.Compare(f1, f2)
		c := comparedModule{Name: m1.Name, Rank1: r1, Rank2: r2, Inputs: newSubspace(overlap.Inputs, k), Outputs: newSubspace(overlap.Outputs, d)}
		if !math.IsNaN(overlap.Cosine) {
			c.Cosine = &overlap.Cosine
		}
		r.Modules[n] = c
		return nil
	})
}

func namesOf(a *peft.Adapter) []string {
	var names []string
	for _, m := range a.Modules {
		names = append(names, m.Name)
	}
	return names
}

func (r *adapterComparison) print(out io.Writer) error {
	p := &printer{}
	var names []string
	for _, m := range r.Modules {
		names = append(names, m.Name)
	}
	for i, one := range []*adapterReport{r.First, r.Second} {
		p.wrap([]string{"first   ", "second  "}[i], fmt.Sprintf("%s: %s, s = %s, √Σ‖s·B·A‖² = %s", printable(one.Path), number.Plural(len(one.Modules), "module"), one.scaling(), short(one.Norm)))
	}
	p.line("")
	names, left := withoutPrefix(names)
	rows := [][]string{
		{"", "", "A reads", "", "B writes", "", "", ""},
		{"r₁", "r₂", "φ(1,1)", "φ(r₁,r₂)", "φ(1,1)", "φ(r₁,r₂)", "cosine", "module"},
	}
	for i, m := range r.Modules {
		cosine := "·"
		if m.Cosine != nil {
			cosine = share3(*m.Cosine)
		}
		rows = append(rows, slices.Concat([]string{strconv.Itoa(m.Rank1), strconv.Itoa(m.Rank2)}, m.Inputs.cells(), m.Outputs.cells(), []string{cosine, names[i]}))
	}
	if len(r.Modules) > 0 {
		p.table(rows)
		p.wrap("", "φ(i,j): how much of the first i directions of one lies in the first j of the other, 0 to 1. "+
			"Random directions: "+r.chance()+". Cosine: of the two updates s·B·A, 1 if they are the same but for their size."+left)
		p.line("")
	}
	p.line("%s compared", number.Plural(len(r.Modules), "module"))
	for _, apart := range []struct {
		what  string
		names []string
	}{
		{"only in the first", r.OnlyFirst}, {"only in the second", r.OnlySecond},
		{"in both, but of other shapes", r.Unlike}, {"in both, but not finite in one", r.Broken},
	} {
		if len(apart.names) > 0 {
			p.wrap("", fmt.Sprintf("%s %s: %s", number.Plural(len(apart.names), "module"), apart.what, someOf(apart.names, 3)))
		}
	}
	for i, one := range []*adapterReport{r.First, r.Second} {
		for _, remark := range one.Remarks {
			if remark.Level == "warning" {
				p.line("")
				p.wrap([]string{"warning, first: ", "warning, second: "}[i], remark.Text)
			}
		}
	}
	return p.to(out)
}

// cells writes φ of the first directions and of all.
func (s *subspace) cells() []string {
	if s == nil {
		return []string{"·", "·"}
	}
	return []string{share3(s.First), share3(s.All)}
}

// share3 writes a share or cosine with three decimals.
func share3(v float64) string {
	return strconv.FormatFloat(math.Round(1000*v)/1000+0, 'f', 3, 64) // +0: no −0.000
}

// chance says what φ(r₁,r₂) would be for random directions.
func (r *adapterComparison) chance() string {
	span := func(of func(comparedModule) *subspace) string {
		least, most := math.Inf(1), math.Inf(-1)
		for _, m := range r.Modules {
			if s := of(m); s != nil {
				least, most = min(least, s.Chance), max(most, s.Chance)
			}
		}
		switch {
		case least > most:
			return "·"
		case short(least) == short(most):
			return short(least)
		}
		return short(least) + " to " + short(most)
	}
	return fmt.Sprintf("φ(r₁,r₂) near %s for A, %s for B",
		span(func(m comparedModule) *subspace { return m.Inputs }), span(func(m comparedModule) *subspace { return m.Outputs }))
}
