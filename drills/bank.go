package drills

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// Bank is all question families.
type Bank struct {
	steps    []string
	families []*Family
	computer *computer
	runs     runs
}

// ParseBank reads the families of every YAML file in the folder "drills" of fsys,
// for a course of the given steps. All mistakes of all files are reported at
// once, each a [*source.Error].
//
// A file is a list of families. A family has an id, a depth, a title, a prompt,
// two hints, a why and one to three follow-ups ("… → id" leads to another
// family). Its step is the first part of its id, unless it names another.
//
//	draw    name: range or list; what is drawn      {d: 64..512 by 64, r: [2, 4]}
//	where   what must hold of it                    [distinct d k r, r*(d+k) < d*k]
//	let     further names for the texts             {s: alpha/r, lora: = lora-params}
//	kind    count, real, shape, formula, equation, choice, order or recall
//	key     the quantity of the laboratory that is the truth, by its name
//	run     an experiment of the laboratory, settings that may hold drawn names, and the
//	        figure to show: {experiment: merging, set: {rank: "{{r}}"}, figure: swap}
//	finding instead of the key what that run finds, by its name; row and column where
//	        it is a table. A choice or an order may have a finding for each option and
//	        say which comes first: least or greatest
//	parts   instead of the kind and what belongs to it, several of them, each with an ask
//
// {{name}} stands for a value in every text. {{find NAME}} stands for a finding
// where the run is over: in the why, and in misconceptions and what is said to them. Misconceptions are answers that
// people give, each with a stable note and words of its own: expressions in the
// drawn names for numbers, otherwise what a learner would write.
//
// The experiments are those of laboratory, which may be nil where no question names
// one. Any step may ask for any quantity: what a step is about is up to the content.
// Where steps is nil the course is that of the steps that the questions name, in
// the order in which they do.
func ParseBank(fsys fs.FS, steps []string, laboratory lab.Laboratory) (*Bank, error) {
	files, err := fs.Glob(fsys, "drills/*.yaml")
	if err != nil {
		return nil, err // only a malformed pattern
	}
	if len(files) == 0 {
		return nil, errors.New("no questions found: want YAML files in a folder named drills")
	}
	known, err := quantities()
	if err != nil {
		return nil, err
	}
	b := &Bank{steps: slices.Clone(steps), computer: &computer{known: known}}
	var wrong []error
	for _, file := range files {
		text, err := source.ReadText(fsys, file)
		if err != nil {
			return nil, err
		}
		families, err := parseFile(file, text, &parser{known: known, steps: steps, laboratory: laboratory})
		if err != nil {
			wrong = append(wrong, err)
		}
		for _, f := range families {
			if b.Find(f.ID) != nil {
				wrong = append(wrong, f.fields.Errorf("id", "%s stands twice", f.ID))
			}
			f.bank = b
			if steps == nil && !slices.Contains(b.steps, f.Step) {
				b.steps = append(b.steps, f.Step)
			}
			b.families = append(b.families, f)
		}
	}
	if len(wrong) == 0 { // or a follow-up may name a family whose file did not parse
		for _, f := range b.families {
			for _, u := range f.followUps {
				if u.Family != "" && b.Find(u.Family) == nil {
					wrong = append(wrong, f.fields.Errorf("follow-ups", "%s leads to %q, which does not exist", f.ID, u.Family))
				}
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	slices.SortStableFunc(b.families, func(x, y *Family) int { return b.stepIndex(x.Step) - b.stepIndex(y.Step) })
	return b, nil
}

// Steps returns the steps of the course in their order.
func (b *Bank) Steps() []string { return slices.Clone(b.steps) }

func (b *Bank) stepIndex(step string) int { return slices.Index(b.steps, step) }

// Families returns all families, in the order of the steps.
func (b *Bank) Families() []*Family { return slices.Clone(b.families) }

// Select returns the families of a step and a depth; "" is any.
func (b *Bank) Select(step string, depth Depth) []*Family {
	var all []*Family
	for _, f := range b.families {
		if (step == "" || f.Step == step) && (depth == "" || f.Depth == depth) {
			all = append(all, f)
		}
	}
	return all
}

// Find returns the family of an id, nil if there is none.
func (b *Bank) Find(id string) *Family {
	for _, f := range b.families {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// UnknownFamily is the error of an id that the bank does not have.
type UnknownFamily struct {
	ID   string
	Near []string
}

func (e *UnknownFamily) Error() string {
	return fmt.Sprintf("unknown family %q; near it are %s", e.ID, strings.Join(e.Near, ", "))
}

// Family returns the family of an id. The error is an [*UnknownFamily].
func (b *Bank) Family(id string) (*Family, error) {
	if f := b.Find(id); f != nil {
		return f, nil
	}
	ids := make([]string, len(b.families))
	for i, f := range b.families {
		ids[i] = f.ID
	}
	return nil, &UnknownFamily{id, nearest(id, ids)}
}

// nearest returns the few names that are most like one, the most alike first.
func nearest(name string, all []string) []string {
	const few = 4
	pairs := func(s string) map[string]bool {
		set := map[string]bool{}
		runes := []rune(" " + strings.ToLower(s) + " ")
		for i := range len(runes) - 1 {
			set[string(runes[i:i+2])] = true
		}
		return set
	}
	want := pairs(name)
	alike := func(s string) float64 { // Dice's coefficient of pairs of letters
		have, common := pairs(s), 0
		for p := range want {
			if have[p] {
				common++
			}
		}
		return 2 * float64(common) / float64(len(want)+len(have))
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b string) int {
		x, y := alike(a), alike(b)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a, b)
	})
	return sorted[:min(few, len(sorted))]
}

var _ error = (*source.Error)(nil) // what ParseBank's errors are
