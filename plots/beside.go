package plots

import "fmt"

// comparer is a kind that can show the run before beside the run of now. A kind
// without it is shown as it is now.
type comparer interface {
	// beside returns the figure of now with what before shows of the same kind.
	beside(before *Figure) *Figure
}

// Beside returns a figure that shows a run and the one before it on one scale: the
// old lines and points faint with "before: " to their names, the old values in the
// rows of the bars, the old matrix beside the new. Where the two are of different
// kinds, or before is nil or empty, it is now alone.
func Beside(before, now *Figure) *Figure {
	if before == nil || before.Empty() || fmt.Sprintf("%T", before.kind()) != fmt.Sprintf("%T", now.kind()) {
		return now
	}
	if k, ok := now.kind().(comparer); ok {
		return k.beside(before)
	}
	return now
}

// beforeName is what a series of the run before is called.
func beforeName(name string) string {
	if name == "" {
		return ""
	}
	return "before: " + name
}
