package lab

import "loralab/plots"

// Bar is a bar whose length is a finding.
type Bar struct {
	Name    string
	Finding string
	Value   float64 // where no finding is named: what is known before any run
}

// DrawBars gives a figure a bar for each of some findings, times scale (100 for a share
// in percent) and with a unit, and says that it shows them. Before the run the rows
// are there, without bars: a prediction has its row.
func (r *Record) DrawBars(f *plots.Figure, scale float64, unit string, style plots.Style, bars ...Bar) {
	f.Bars = &plots.Bars{Horizontal: true, Unit: unit, Series: []plots.BarSeries{{Style: style}}}
	values := &f.Bars.Series[0].Values
	for _, b := range bars {
		v := b.Value
		if b.Finding != "" {
			v = r.Real(b.Finding)
			f.Shows = append(f.Shows, plots.Shown{Name: b.Finding, Row: b.Name, Scale: scale})
		}
		f.Bars.Names, *values = append(f.Bars.Names, b.Name), append(*values, v*scale)
	}
}

// Percents fixes the values of a figure to the ends of a share in percent.
func Percents(f *plots.Figure) {
	low, high := 0.0, 100.0
	f.YMin, f.YMax = &low, &high
}
