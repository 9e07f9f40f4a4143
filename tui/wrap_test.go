package tui

import (
	"strings"
	"testing"
)

// TestWrapKeepsValues: at no width does a line end within a value, and nothing but
// line breaks changes.
func TestWrapKeepsValues(t *testing.T) {
	const text = "off by 1.4e-14 or 30.8 %, that is 3.79 × and 20.9 dB where s = α/r"
	for width := 12; width < 70; width++ {
		lines := wrap(text, width)
		if got := strings.Join(lines, " "); got != text {
			t.Errorf("at %d columns: %q", width, got)
		}
		for _, value := range []string{"1.4e-14", "30.8 %,", "3.79 ×", "20.9 dB", "s = α/r"} {
			if !strings.Contains(strings.Join(lines, "\n"), value) {
				t.Errorf("at %d columns %q is broken: %q", width, value, lines)
			}
		}
	}
}
