package drills

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"loralab/lessons/lab"
)

// place is where something is read in the record of a run: a finding, or an entry
// of one that is a table. Each of its texts may hold names that are drawn.
type place struct {
	finding string
	row     string // the name of a row, or column=value
	column  string
}

func (p place) String() string {
	return strings.TrimSpace(strings.Join([]string{p.finding, p.row, p.column}, " "))
}

// fill puts the numbers of a question in.
func (p place) fill(v values) place { return place{v.raw(p.finding), v.raw(p.row), v.raw(p.column)} }

// read returns what the run found there; an entry of a table as a real.
func (p place) read(r *lab.Record) (lab.Finding, error) {
	f, ok := r.Find(p.finding)
	if !ok {
		return f, fmt.Errorf("it found no %s", p.finding)
	}
	if f.Spec.Kind != lab.KindMatrix {
		return f, nil
	}
	t := r.Table(p.finding)
	if !slices.Contains(t.Columns, p.column) {
		return f, fmt.Errorf("%s has no column %q (columns: %s)", p.finding, p.column, strings.Join(t.Columns, ", "))
	}
	if name, text, ok := strings.Cut(p.row, "="); ok {
		value, err := strconv.ParseFloat(text, 64)
		if err != nil || !slices.Contains(t.Columns, name) || t.Where(name, value).Len() != 1 {
			return f, fmt.Errorf("%s has not one row with %s", p.finding, p.row)
		}
		return p.entry(f, t.Where(name, value).At(0, p.column)), nil
	}
	if !slices.Contains(t.Rows, p.row) {
		return f, fmt.Errorf("%s has no row %q (rows: %s)", p.finding, p.row, strings.Join(t.Rows, ", "))
	}
	return p.entry(f, t.Cell(p.row, p.column)), nil
}

func (p place) entry(table lab.Finding, x float64) lab.Finding {
	spec := lab.Spec{Name: p.String(), Kind: lab.KindReal, Digits: table.Spec.Digits, Percent: table.Spec.Percent}
	return lab.Finding{Spec: spec, Value: x}
}

// shown is a number as it is shown: a share in percent.
func shown(f lab.Finding) float64 {
	if f.Spec.Percent {
		return 100 * f.Real()
	}
	return f.Real()
}

// read returns the truth of a part that a run decides.
func (p *part) read(v values, r *lab.Record) (truth, error) {
	if p.first != "" {
		return p.ranked(v, r)
	}
	f, err := p.place.fill(v).read(r)
	if err != nil {
		return truth{}, err
	}
	switch value := f.Value.(type) {
	case string:
		return truth{option: value}, nil
	case int64:
		n := count(value)
		if p.kind == ChoiceKind {
			n.option = strconv.FormatInt(value, 10)
		}
		return n, nil
	}
	return realTruth(shown(f)), nil
}

// ranked puts the options in the order of what the run found for each. If two of
// them are alike the run does not decide.
func (p *part) ranked(v values, r *lab.Record) (truth, error) {
	list := p.form.(interface{ list() optionList }).list()
	found := map[string]float64{}
	var ids []string
	for _, o := range list.all {
		f, err := o.place.fill(v).read(r)
		if err != nil {
			return truth{}, err
		}
		found[o.id] = shown(f)
		ids = append(ids, o.id)
	}
	slices.SortStableFunc(ids, func(a, b string) int {
		sign := 1
		if found[a] < found[b] {
			sign = -1
		} else if found[a] == found[b] {
			return 0
		}
		if p.first == greatest {
			return -sign
		}
		return sign
	})
	for i, id := range ids[1:] {
		if found[id] == found[ids[i]] && (i == 0 || p.kind == OrderKind) {
			return truth{}, fmt.Errorf("it finds %s and %s alike", ids[i], id)
		}
	}
	if p.kind == ChoiceKind {
		return truth{option: ids[0]}, nil
	}
	return truth{order: ids}, nil
}

// What stands first in the order of findings.
const (
	least    = "least"
	greatest = "greatest"
)

// unknownTruth stands for the truth of a part while its run is under way: answers
// are read by a grader that has it, and judged by none.
func (p *part) unknownTruth() truth {
	t := truth{count: new(big.Int)}
	if listed, ok := p.form.(interface{ list() optionList }); ok {
		for _, o := range listed.list().all {
			t.order = append(t.order, o.id)
		}
		if p.kind == ChoiceKind {
			t.option = t.order[0]
		}
	}
	return t
}

// reference is {{find NAME}} or, of a table, {{find NAME ROW COLUMN}}: it may hold
// drawn names.
var reference = regexp.MustCompile(`\{\{\s*find\s+((?:[^{}]|\{\{[^{}]*\}\})*?)\s*\}\}`)

// parseReference reads what stands behind "find".
func parseReference(text string) (place, error) {
	switch words := strings.Fields(text); len(words) {
	case 1:
		return place{finding: words[0]}, nil
	case 3:
		return place{words[0], words[1], words[2]}, nil
	}
	return place{}, fmt.Errorf("want {{find NAME}}, or {{find NAME ROW COLUMN}} of a table, found {{find %s}}", text)
}

// found is what a run has found, for the texts of its question.
type found struct {
	record  *lab.Record
	missing error // the first reference that came to nothing
}

// resolve replaces every reference in a text whose names are filled. Without a
// record it returns the text as it is.
func (f *found) resolve(text string, write func(lab.Finding) string) string {
	if f == nil || f.record == nil {
		return text
	}
	return reference.ReplaceAllStringFunc(text, func(match string) string {
		at, err := parseReference(reference.FindStringSubmatch(match)[1])
		var what lab.Finding
		if err == nil {
			what, err = at.read(f.record)
		}
		if err != nil {
			if f.missing == nil {
				f.missing = err
			}
			return match
		}
		return write(what)
	})
}

// fill and raw are those of [values], with what the run found.
func (d drawing) fill(text string) string {
	return d.found.resolve(d.values.fill(text), lab.Finding.Text)
}

func (d drawing) raw(text string) string {
	return d.found.resolve(d.values.raw(text), func(f lab.Finding) string {
		if text, ok := f.Value.(string); ok {
			return text
		}
		return strconv.FormatFloat(shown(f), 'f', -1, 64)
	})
}

// expression writes an answer that is computed of names and findings in numbers.
func (d drawing) expression(text string) string { return d.insert(d.raw(text)) }
