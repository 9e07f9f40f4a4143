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

import (
	"math"
	"strings"
)

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

// kind is what a figure shows: a plane, bars, a matrix. The header, the legend, the
// files and the cells are shared. A further kind is a type with these methods in
// files of its own, a field of [Figure] and a case in Figure.kind; nothing else
// asks which kind a figure is.
type kind interface {
	// empty reports whether there is nothing to draw yet.
	empty() bool

	// build puts the data onto the plot of a chart: ends and ticks of the axes,
	// plotters, rows of the legend. Where it is empty it returns [chart.blank].
	build(ch *chart) drawing

	// table writes data that is not empty as plain text, with [align]. What it
	// samples has up to maxRows rows, which is at least 1.
	table(b *strings.Builder, maxRows int)
}

// drawing is a kind on its plot. What is left to do depends on the surface.
type drawing interface {
	// onPage finishes the plot for the back ends of gonum.
	onPage()

	// onCells draws into the cells that the header and the legend have left: at
	// least one.
	onCells(l *layout)
}

func (f *Figure) kind() kind {
	switch {
	case f.Heat != nil:
		return heatMap{f, f.Heat}
	case f.Bars != nil:
		return barChart{f, f.Bars}
	}
	return plane{f}
}

// Empty reports whether there is nothing to draw yet. Levels alone are
// nothing: they wait for the data that they are to be compared with.
func (f *Figure) Empty() bool { return f.kind().empty() }

// finite reports whether v can be placed on an axis. The bound keeps the
// length of every axis finite too.
func finite(v float64) bool { return math.Abs(v) <= 1e300 }

func visible(v float64, log bool) bool { return finite(v) && (!log || v > 0) }
