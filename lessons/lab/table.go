package lab

import (
	"fmt"
	"slices"
)

// Table is a matrix that is read by names: of its columns, and of its rows where
// they have some. The zero Table has nothing in it and no name is wrong there:
// a run that is under way has not found it yet. Elsewhere a name that the table
// does not have is a mistake in the program and panics with an [*Undeclared].
type Table struct {
	Columns []string // nil in a report: as the Spec declares them
	Rows    []string // nil where the numbers in the first columns tell rows apart
	Values  [][]float64
}

// Len returns the number of rows.
func (t Table) Len() int { return len(t.Values) }

// At returns an entry of the row with that index, from 0.
func (t Table) At(row int, column string) float64 {
	return t.Values[row][t.column(column)]
}

// Cell returns an entry of the row with that name.
func (t Table) Cell(row, column string) float64 {
	return t.At(index("row", row, t.Rows), column)
}

// Column returns the entries of a column, in a slice of their own.
func (t Table) Column(name string) []float64 {
	if t.Len() == 0 {
		return nil
	}
	c := t.column(name)
	values := make([]float64, t.Len())
	for i, row := range t.Values {
		values[i] = row[c]
	}
	return values
}

// Where returns the rows that have that value in a column.
func (t Table) Where(column string, value float64) Table {
	kept := Table{Columns: t.Columns}
	for i, v := range t.Column(column) {
		if v != value {
			continue
		}
		kept.Values = append(kept.Values, t.Values[i])
		if t.Rows != nil {
			kept.Rows = append(kept.Rows, t.Rows[i])
		}
	}
	return kept
}

func (t Table) column(name string) int { return index("column", name, t.Columns) }

func index(what, name string, declared []string) int {
	i := slices.Index(declared, name)
	if i < 0 {
		panic(&Undeclared{what, name, declared})
	}
	return i
}

// check panics with a [*Mismatch] where the matrix is not as large as its names
// say.
func (t Table) check(finding string) {
	if t.Rows != nil && len(t.Rows) != len(t.Values) {
		panic(&Mismatch{"finding", finding, fmt.Sprintf("%d rows", len(t.Values)), fmt.Sprintf("a row for each of %v", t.Rows)})
	}
	for i, row := range t.Values {
		if t.Columns != nil && len(row) != len(t.Columns) {
			panic(&Mismatch{"finding", finding, fmt.Sprintf("%d values in row %d", len(row), i), fmt.Sprintf("a value for each of %v", t.Columns)})
		}
	}
}
