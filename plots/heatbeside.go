package plots

import (
	"math"
	"slices"
)

// beside puts two matrices onto one scale: with numbers the old rows below the new
// ones, else the old matrix left of the new one.
func (h heatMap) beside(before *Figure) *Figure {
	both, heat, old := *h.fig, *h.heat, before.Heat
	if heat.Values && len(heat.RowNames) == len(heat.Z) {
		heat.Z, heat.RowNames = nil, nil
		for i, name := range h.heat.RowNames {
			heat.Z, heat.RowNames = append(heat.Z, h.heat.Z[i]), append(heat.RowNames, name)
			if at := slices.Index(old.RowNames, name); at >= 0 && at < len(old.Z) {
				heat.Z, heat.RowNames = append(heat.Z, old.Z[at]), append(heat.RowNames, beforeName(name))
			}
		}
		both.Heat = &heat
		return &both
	}
	_, left := old.dims()
	rows, right := heat.dims()
	gap := max(1, (left+right)/24)
	heat.Z = nil
	for i := range max(rows, len(old.Z)) {
		row := make([]float64, left+gap+right)
		for j := range row {
			row[j] = math.NaN()
		}
		if i < len(old.Z) {
			copy(row, old.Z[i])
		}
		if i < rows {
			copy(row[left+gap:], h.heat.Z[i])
		}
		heat.Z = append(heat.Z, row)
	}
	heat.ColNames = make([]string, left+gap+right)
	heat.ColNames[left/2], heat.ColNames[left+gap+right/2] = "before", "now"
	both.Heat = &heat
	return &both
}
