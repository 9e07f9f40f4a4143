package plots

import (
	"cmp"
	"fmt"
	"strings"

	"loralab/lora/number"
)

func (c barChart) table(b *strings.Builder, maxRows int) {
	head := []string{plain(cmp.Or(c.fig.XLabel, "name"))}
	for _, s := range c.bars.Series {
		head = append(head, plain(cmp.Or(s.Name, cmp.Or(c.fig.YLabel, "value"))))
		if len(s.Before) > 0 {
			head = append(head, "before")
		}
	}
	totals := c.bars.Stacked && len(c.bars.Series) > 1
	if totals {
		head = append(head, "total")
	}
	rows := [][]string{head}
	shown := min(len(c.bars.Names), maxRows)
	written := func(values []float64, i int) string {
		if i >= len(values) || !finite(values[i]) {
			return "-"
		}
		return number.TightUnit(tabled(values[i]), plain(c.bars.Unit))
	}
	for i, name := range c.bars.Names[:shown] {
		row := []string{plain(name)}
		for _, s := range c.bars.Series {
			row = append(row, written(s.Values, i))
			if len(s.Before) > 0 {
				row = append(row, written(s.Before, i))
			}
		}
		if totals {
			up, down, _ := c.bars.total(i)
			row = append(row, number.TightUnit(tabled(up+down), plain(c.bars.Unit)))
		}
		rows = append(rows, row)
	}
	align(b, rows, 1)
	if rest := len(c.bars.Names) - shown; rest > 0 {
		fmt.Fprintf(b, "and %d more\n", rest)
	}
}
