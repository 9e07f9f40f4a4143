package plots

import (
	"strconv"
	"strings"
)

// shortenAll shortens the names of one figure to a width in cells, each in its
// middle, so that those that differ still do: the ends grow or shrink until
// no two read alike. Where no such cut is found they differ by a number at their
// end.
func shortenAll(names []string, width int) []string {
	short := make([]string, len(names))
	for head := (width - 1) - (width-1)/2; head >= 0 && width > 1; head-- {
		for _, at := range [...]int{head, width - 1 - head} {
			for i, name := range names {
				short[i] = fitMiddle(name, width, at)
			}
			if distinct(names, short) {
				return short
			}
		}
	}
	for i, name := range names {
		short[i] = fitMiddle(name, width, width-1)
	}
	if distinct(names, short) || width < 3 {
		return short
	}
	for i, name := range names {
		if tail := strconv.Itoa(i + 1); textWidth(name) > width {
			short[i] = fitText(name, width-len(tail)) + tail
		}
	}
	return short
}

// distinct reports whether names that differ are still different when shortened.
func distinct(names, short []string) bool {
	from := map[string]string{}
	for i, s := range short {
		if other, ok := from[s]; ok && other != names[i] {
			return false
		}
		from[s] = names[i]
	}
	return true
}

// fitMiddle shortens a text to a width in cells, with an ellipsis behind its first
// head cells. What is cut is a word's end rather than a space.
func fitMiddle(s string, width, head int) string {
	total := textWidth(s)
	if total <= width {
		return s
	}
	if width <= 1 {
		return fitText(s, width)
	}
	tail := width - 1 - head
	var first, last strings.Builder
	at := 0
	eachCluster(s, func(cluster string, w int) {
		switch {
		case at+w <= head:
			first.WriteString(cluster)
		case at >= total-tail:
			last.WriteString(cluster)
		}
		at += w
	})
	return strings.TrimRight(first.String(), " ") + "…" + strings.TrimLeft(last.String(), " ")
}
