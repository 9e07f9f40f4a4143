// Package plots holds the figures of the laboratory.
//
// A [Figure] is data: series, bars, a heat map. It becomes one *plot.Plot of
// gonum.org/v1/plot, and that plot is drawn on every surface: as PNG, SVG or
// PDF by gonum's back ends, and as terminal cells by a vg.Canvas of our own.
// [Figure.Table] prints the same data as plain text, for screen readers and logs.
//
// The package does not know what terminal it draws for: colours come in as an
// [Ink], and a drawing goes out as a string.
package plots

import (
	"math"
	"strings"
)

// Figure is one chart, as data. The zero value of a field leaves it out.
//
// A figure is pictures if Images is set, else a layer at work if Flow is set, else a
// product of matrices if Product is set, else a heat map if Heat is set, else a bar
// chart if Bars is set, else a plane: x and y axes with the histogram, rugs, lines,
// levels and points together.
//
// NaN, infinite values and values of a magnitude above 1e300 are not drawn: they
// leave a gap.
type Figure struct {
	ID      string // lower-case with hyphens, e.g. "loss"
	Title   string // short
	Caption string // one sentence: what to look at; printed in files and tables, not on cells

	XLabel, YLabel string // with units: "step", "loss (nats)"; for bars YLabel names the values

	// XLog and YLog make an axis logarithmic. Values <= 0 are then left out of
	// the drawing, never out of the data. For bars YLog is the values' axis.
	XLog, YLog bool

	// Fixed ends of an axis; nil takes them from the data. A chart of a run under
	// way fixes XMax to the planned steps, so that the axis stays still.
	XMin, XMax, YMin, YMax *float64

	// XTicks are the values that a sweep tests: the x axis of a plane reaches over
	// them and has its ticks there, before there are data too.
	XTicks []float64

	Lines   []Line
	Levels  []Level
	Points  []Points
	Hist    *Hist
	Rugs    []Rug
	Bars    *Bars
	Heat    *Heat
	Images  *Images
	Product *Product
	Flow    *Flow

	Shows []Shown // which named values it shows, and where
	Marks []Mark  // what was predicted of them, and what came out
}

// kind is what a figure shows: a plane, bars, a matrix. All else is shared: title
// and legend, saving to a file, drawing on cells. To add a kind, write a type with
// these methods in a file of its own, and give it a field of [Figure] and a case in
// Figure.kind. Nothing else asks which kind a figure is.
type kind interface {
	// empty reports whether there is nothing to draw yet.
	empty() bool

	// build puts the data onto the plot of a chart: ends and ticks of the axes,
	// plotters, rows of the legend. Where it is empty it returns [chart.blank].
	build(ch *chart) drawing

	// rows is how many rows of cells the data need at least, 0 where any will do.
	rows() int

	// table writes data that is not empty as plain text, with [align]; the marks
	// follow by themselves. What it samples has up to maxRows rows, which is at
	// least 1.
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
	case f.Images != nil:
		return imageKind{f, f.Images}
	case f.Flow != nil:
		return flowKind{f, f.Flow}
	case f.Product != nil:
		return product{f, f.Product}
	case f.Heat != nil:
		return heatMap{f, f.Heat}
	case f.Bars != nil:
		return barChart{f, f.Bars}
	}
	return plane{f}
}

// Empty reports whether there is nothing to draw yet. Levels do not count: they are
// there for data to be compared with.
func (f *Figure) Empty() bool { return f.kind().empty() }

// Rows is how many rows of cells the figure needs so that no bar and no row of a
// matrix is left out: its header and its legend among them. A plane fits into any.
func (f *Figure) Rows() int {
	const header, legend = 1, 2
	if rows := f.kind().rows(); rows > 0 && !f.Empty() {
		return header + legend + rows
	}
	return 0
}

// finite reports whether v can be placed on an axis. The bound keeps the
// difference of two such values finite too.
func finite(v float64) bool { return math.Abs(v) <= 1e300 }

// visible reports whether v can be placed on a linear or a logarithmic axis.
func visible(v float64, log bool) bool { return finite(v) && (!log || v > 0) }
