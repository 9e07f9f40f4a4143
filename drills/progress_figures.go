package drills

import (
	"fmt"
	"math"
	"time"

	"loralab/drills/journal"
	"loralab/plots"
)

// ProgressFigures draws what [Progress] counts: how sure against how often
// right, what is known by step and by depth, answers by day.
func ProgressFigures(s journal.Stats) []*plots.Figure {
	return []*plots.Figure{calibrationFigure(s), groupFigure("steps", "What sticks, by step", s.Steps), groupFigure("depths", "What sticks, by depth", s.Depths), daysFigure(s)}
}

// calibrationFigure shows the share of right answers at each confidence. Its
// interval is drawn too: three answers are no reason to think oneself badly
// calibrated.
func calibrationFigure(s journal.Stats) *plots.Figure {
	zero, full, left, right := 0.0, 100.0, 0.5, 3.5
	f := &plots.Figure{
		ID: "calibration", Title: "How sure, how often right",
		Caption: "The better you know what you know, the steeper the points rise from guess to sure.",
		XLabel:  "1 guess, 2 think, 3 sure", YLabel: "right (%)", XMin: &left, XMax: &right, YMin: &zero, YMax: &full,
	}
	shares := plots.Points{Name: "share of answers right"}
	interval := plots.Line{Name: "95 % interval", Style: 1}
	for i, level := range s.Calibration {
		if level.Answers == 0 {
			continue
		}
		x := float64(i + 1)
		shares.X, shares.Y = append(shares.X, x), append(shares.Y, 100*level.Share)
		shares.Labels = append(shares.Labels, fmt.Sprintf("%s %d/%d", level.Confidence, level.Right, level.Answers))
		interval.X = append(interval.X, x, x, x)
		interval.Y = append(interval.Y, 100*level.Low, 100*level.High, math.NaN())
	}
	if len(shares.X) > 0 {
		f.Points, f.Lines = []plots.Points{shares}, []plots.Line{interval}
	}
	return f
}

func groupFigure(id, title string, groups []journal.Group) *plots.Figure {
	bars := &plots.Bars{Stacked: true, Horizontal: true, Series: []plots.BarSeries{
		{Name: "known", Style: 0}, {Name: "learning", Style: 1}, {Name: "shaky", Style: 2}, {Name: "not asked yet", Style: 3},
	}}
	for _, g := range groups {
		bars.Names = append(bars.Names, g.Name)
		for i, n := range []int{g.Known, g.Families - g.Unseen - g.Known - g.Shaky, g.Shaky, g.Unseen} {
			bars.Series[i].Values = append(bars.Series[i].Values, float64(n))
		}
	}
	return &plots.Figure{ID: id, Title: title, YLabel: "questions", Bars: bars,
		Caption: "Shaky is what was likely forgotten by now, or was forgotten before and has not held for a week since."}
}

// shownDays is how many days of the calendar the figure of answers covers.
const shownDays = 14

// daysFigure counts the answers of the last two weeks. Days without any are
// shown as what they are, rest.
func daysFigure(s journal.Stats) *plots.Figure {
	bars := &plots.Bars{Stacked: true, Series: []plots.BarSeries{{Name: "right", Style: 0}, {Name: "not right", Style: 2}}}
	f := &plots.Figure{ID: "days", Title: "Answers by day", Caption: "The last two weeks.", YLabel: "answers"}
	byDate := map[string]journal.Day{}
	for _, d := range s.Days {
		byDate[d.Date] = d
	}
	total := 0
	for back := shownDays - 1; back >= 0; back-- {
		day := s.At.AddDate(0, 0, -back)
		d := byDate[day.Format(time.DateOnly)]
		total += d.Answers
		bars.Names = append(bars.Names, day.Format("2 Jan"))
		bars.Series[0].Values = append(bars.Series[0].Values, float64(d.Right))
		bars.Series[1].Values = append(bars.Series[1].Values, float64(d.Answers-d.Right))
	}
	if total > 0 {
		f.Bars = bars
	}
	return f
}
