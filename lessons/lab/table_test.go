package lab_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

// tables is a record of an experiment with a matrix whose columns are declared
// (map), one whose names come with the value (grid), and a picture.
func tables(t *testing.T) *lab.Recorder {
	t.Helper()
	e := labtest.Experiment()
	e.Findings = []lab.Spec{
		{Name: "map", Kind: lab.KindMatrix, Columns: []string{"rank", "loss"}},
		{Name: "grid", Kind: lab.KindMatrix},
		{Name: "picture", Kind: lab.KindMatrix},
		{Name: "count", Kind: lab.KindCount},
	}
	rec := e.Start(e.Defaults(), nil)
	rec.Report("map", [][]float64{{1, 0.5}, {2, 0.25}, {2, 0.125}})
	rec.Report("grid", lab.Table{Columns: []string{"upright", "turned"}, Rows: []string{"none", "a"}, Values: [][]float64{{1, 2}, {3, 4}}})
	rec.Report("picture", [][]float64{{1, 2, 3}, {4}})
	return rec
}

func TestTableIsReadByNames(t *testing.T) {
	r := tables(t).Record()
	ranks := r.Table("map")
	if got := ranks.Column("loss"); !slices.Equal(got, []float64{0.5, 0.25, 0.125}) {
		t.Errorf("loss %v", got)
	}
	if ranks.Len() != 3 || ranks.At(1, "rank") != 2 || ranks.Where("rank", 2).At(1, "loss") != 0.125 || ranks.Where("rank", 3).Len() != 0 {
		t.Errorf("table %v", ranks)
	}
	grid := r.Table("grid")
	if grid.Cell("a", "upright") != 3 || grid.Where("turned", 4).Cell("a", "upright") != 3 {
		t.Errorf("grid %v", grid)
	}
	grid.Column("turned")[0] = 9
	if r.Table("grid").At(0, "turned") != 2 {
		t.Error("a column that is changed changes the record")
	}
	if nothing := r.Table("count"); nothing.Len() != 0 || nothing.Column("rank") != nil || nothing.Where("rank", 1).Len() != 0 {
		t.Errorf("what is not found is %v", nothing)
	}
	if got := r.Matrix("picture"); len(got) != 2 || len(got[0]) != 3 {
		t.Errorf("picture %v", got)
	}
}

// TestMistakesPanic: names and values that do not fit are mistakes of the
// program, and say what would have fitted.
func TestMistakesPanic(t *testing.T) {
	rec := tables(t)
	r := rec.Record()
	for _, row := range []struct {
		name string
		do   func()
		want string // of the message
	}{
		{"column", func() { r.Table("map").Column("lss") }, `no column "lss", declared are: rank, loss`},
		{"row", func() { r.Table("grid").Cell("b", "upright") }, `no row "b", declared are: none, a`},
		{"row where none has a name", func() { r.Table("map").Cell("b", "rank") }, `no row "b"`},
		{"finding", func() { rec.Report("mpa", [][]float64{{1, 2}}) }, `no finding "mpa", declared are: map, grid, picture, count`},
		{"knob", func() { r.Settings.Text("rnak") }, `no knob "rnak", declared are: rank, rate`},
		{"kind of a knob", func() { r.Settings.Whole("shift") }, `knob shift: got "rot90", want a whole number`},
		{"kind of a knob, real", func() { r.Settings.Real("shift") }, `knob shift: got "rot90", want a number`},
		{"kind of a finding", func() { rec.Report("count", 1.5) }, "finding count: got a float64, want a count"},
		{"no kind", func() { rec.Report("count", true) }, "finding count: got a bool"},
		{"matrix for a count", func() { rec.Report("count", [][]float64{{1}}) }, "finding count: got a lab.Table, want a count"},
		{"too few columns", func() { rec.Report("map", [][]float64{{1, 2}, {3}}) }, "finding map: got 1 values in row 1, want a value for each of [rank loss]"},
		{"too many rows", func() { rec.Report("grid", lab.Table{Rows: []string{"a"}, Values: [][]float64{{1}, {2}}}) }, "got 2 rows, want a row for each of [a]"},
		{"values of a frame", func() { rec.Series("s", 1, "loss", "accuracy").Add(0, 1) }, "series s: got 1 values, want a value for each of [loss accuracy]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			defer func() {
				err, _ := recover().(error)
				if err == nil || !strings.Contains(err.Error(), row.want) {
					t.Fatalf("panic %v, want %q", err, row.want)
				}
				undeclared, mismatch := (*lab.Undeclared)(nil), (*lab.Mismatch)(nil)
				if !errors.As(err, &undeclared) && !errors.As(err, &mismatch) {
					t.Errorf("%T has no type of ours", err)
				}
			}()
			row.do()
		})
	}
}

func TestTableJSON(t *testing.T) {
	rec := tables(t)
	rec.Report("picture", lab.Table{Values: [][]float64{{math.Inf(1)}}}) // no finding: the one before stays
	text, err := json.Marshal(rec.Record())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"map":{"kind":"matrix","value":[[1,0.5],[2,0.25],[2,0.125]],"columns":["rank","loss"]}`,
		`"grid":{"kind":"matrix","value":[[1,2],[3,4]],"columns":["upright","turned"],"rows":["none","a"]}`,
		`"picture":{"kind":"matrix","value":[[1,2,3],[4]]}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}
