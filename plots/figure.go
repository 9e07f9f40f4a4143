// Package plots holds the figures of the laboratory.
//
// A [Figure] is data: series, bars, a heat map. It becomes one *plot.Plot of
// gonum.org/v1/plot, and that plot is drawn on every surface: as PNG, SVG or
// PDF by gonum's back ends, and as terminal cells by a vg.Canvas of our own.
// For those who read with their ears, [Figure.Table] prints the same data as
// plain text.
//
// The package knows neither terminals nor files of the learner: colours come
// in as an [Ink], and a drawing goes out as a string.
package plots

import "math"

// Figure is one chart, as data. The zero value of a field leaves it out.
//
// A figure is a heat map if Heat is set, else bars if Bars is set, else a
// plane with x and y axes that holds the histogram, rugs, lines, levels and
// points together.
//
// NaN and infinite values, and values of a magnitude above 1e300, are gaps.
type Figure struct {
	ID      string // lower-case with hyphens, e.g. "loss"
	Title   string // short
	Caption string // one sentence: what to look at; printed in files and tables, not on cells

	XLabel, YLabel string // with units: "step", "loss (nats)"; for bars YLabel names the values

	// XLog and YLog make an axis logarithmic. Values <= 0 are then left out of
	// the drawing, never out of the data. For bars YLog is the values' axis.
	XLog, YLog bool

	// Fixed ends of an axis; nil takes them from the data. A live chart fixes
	// XMax to the planned steps, so that nothing but the line moves.
	XMin, XMax, YMin, YMax *float64

	Lines  []Line
	Levels []Level
	Points []Points
	Hist   *Hist
	Rugs   []Rug
	Bars   *Bars
	Heat   *Heat
}

// Line is a curve through (X[i], Y[i]); the shorter slice sets its length.
// The line of Style 0 is drawn last, over the others.
type Line struct {
	Name  string
	X, Y  []float64
	Style Style
	Faint bool // the last run, for comparison
}

// Level is a horizontal reference line: a floor, a target. Its value is
// printed beside its name in the legend.
type Level struct {
	Name  string
	Y     float64
	Style Style
}

// Points is a scatter, each point with an optional label.
type Points struct {
	Name   string
	X, Y   []float64
	Labels []string
	Style  Style
}

// Hist is a histogram: Counts[i] lies between Edges[i] and Edges[i+1].
type Hist struct {
	Name          string
	Edges, Counts []float64
	Style         Style
}

// Rug is a row of marks beneath the plane, named at its left: the levels of a
// number format beneath the weights that they must represent.
type Rug struct {
	Name  string
	X     []float64
	Style Style
}

// Bars are named categories with one value for each series, printed at the
// bar's end with its unit. Upright bars lie down where their names do not fit.
type Bars struct {
	Names               []string
	Series              []BarSeries
	Stacked, Horizontal bool
	Unit                string // follows each value: "%" directly, words after a space
}

// BarSeries holds the value of each category.
type BarSeries struct {
	Name   string
	Values []float64
	Style  Style
}

// Heat is a matrix, row 0 at the top. Rows may differ in length: what lacks
// is a gap. A matrix larger than the surface is reduced: a cell then shows the
// entry of largest magnitude of its block where the scale is diverging (a mean
// would cancel the signs), else the mean.
type Heat struct {
	Z                  [][]float64
	RowNames, ColNames []string
	Diverging          bool     // a scale with 0 in its middle, the signs told apart
	Values             bool     // print the number in each cell, where it fits
	Digits             int      // digits after the point of those numbers
	Min, Max           *float64 // ends of the scale, nil = from the data
}

// Empty reports whether there is nothing to draw yet. Levels alone are
// nothing: they wait for the data that they are to be compared with.
func (f *Figure) Empty() bool {
	switch {
	case f.Heat != nil:
		for _, row := range f.Heat.Z {
			for _, z := range row {
				if finite(z) {
					return false
				}
			}
		}
		return true
	case f.Bars != nil:
		for _, s := range f.Bars.Series {
			for i, v := range s.Values {
				if i < len(f.Bars.Names) && visible(v, f.YLog) {
					return false
				}
			}
		}
		return true
	}
	for _, l := range f.Lines {
		if f.anyVisible(l.X, l.Y) {
			return false
		}
	}
	for _, p := range f.Points {
		if f.anyVisible(p.X, p.Y) {
			return false
		}
	}
	for _, r := range f.Rugs {
		for _, x := range r.X {
			if visible(x, f.XLog) {
				return false
			}
		}
	}
	return f.Hist == nil || f.Hist.bins() == 0
}

func (f *Figure) anyVisible(xs, ys []float64) bool {
	for i := range min(len(xs), len(ys)) {
		if visible(xs[i], f.XLog) && visible(ys[i], f.YLog) {
			return true
		}
	}
	return false
}

// bins returns how many leading bins have finite, rising edges.
func (h *Hist) bins() int {
	n := max(0, min(len(h.Counts), len(h.Edges)-1))
	for i := range n {
		if !finite(h.Edges[i]) || !finite(h.Edges[i+1]) || h.Edges[i+1] <= h.Edges[i] {
			return i
		}
	}
	return n
}

// dims returns the rows and the longest row of the matrix.
func (h *Heat) dims() (rows, cols int) {
	for _, row := range h.Z {
		cols = max(cols, len(row))
	}
	return len(h.Z), cols
}

// finite reports whether v can be placed on an axis. The bound keeps the
// length of every axis finite too.
func finite(v float64) bool { return math.Abs(v) <= 1e300 }

func visible(v float64, log bool) bool { return finite(v) && (!log || v > 0) }
