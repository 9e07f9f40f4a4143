package plots

import "slices"

func (f plane) beside(before *Figure) *Figure {
	both := *f.Figure
	both.Lines, both.Points, both.Levels = nil, nil, nil
	for _, l := range before.Lines {
		l.Faint, l.Name = true, beforeName(l.Name)
		both.Lines = append(both.Lines, l)
	}
	for _, p := range before.Points {
		p.Faint, p.Name, p.Labels = true, beforeName(p.Name), nil
		both.Points = append(both.Points, p)
	}
	for _, l := range before.Levels {
		// A level that has not moved is the level of both.
		if !slices.ContainsFunc(f.Levels, func(now Level) bool { return now.Name == l.Name && now.Y == l.Y }) {
			l.Faint, l.Name = true, beforeName(l.Name)
			both.Levels = append(both.Levels, l)
		}
	}
	for _, r := range before.Rugs {
		if !slices.ContainsFunc(f.Rugs, func(now Rug) bool { return now.Name == r.Name && slices.Equal(now.X, r.X) }) {
			r.Name = beforeName(r.Name)
			both.Rugs = append(slices.Clip(both.Rugs), r)
		}
	}
	// Drawn last, on top.
	both.Lines, both.Points, both.Levels = append(both.Lines, f.Lines...), append(both.Points, f.Points...), append(both.Levels, f.Levels...)
	if before.XMax != nil && f.XMax != nil && *before.XMax > *f.XMax { // of runs of different length the longer
		both.XMax = before.XMax
	}
	return &both
}
