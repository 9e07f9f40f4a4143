package plots

import (
	"cmp"
	"fmt"
	"math"
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
	for i, name := range c.bars.Names[:shown] {
		row := []string{plain(name)}
		for _, s := range c.bars.Series {
			if i < len(s.Values) && finite(s.Values[i]) {
				row = append(row, number.TightUnit(tabled(s.Values[i]), plain(c.bars.Unit)))
			} else {
				row = append(row, "-")
			}
			if len(s.Before) > 0 {
				v := math.NaN()
				if i < len(s.Before) {
					v = s.Before[i]
				}
				row = append(row, number.TightUnit(tabled(v), plain(c.bars.Unit)))
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
