package main

import (
	"slices"
	"testing"
)

func TestHang(t *testing.T) {
	for _, test := range []struct {
		head, text    string
		width, indent int
		want          []string
	}{
		{"", "one two three", 8, 0, []string{"one two", "three"}},
		{"why: ", "one two three four", 12, 4, []string{"why: one two", "    three", "    four"}},
		{"- ", "a\nb c", 10, 2, []string{"- a", "  b c"}},
		{"", "run --set planted-rank=2 --seed 7", 20, 0, []string{"run --set", "planted-rank=2", "--seed 7"}},
		{"", "", 10, 0, []string{""}},
	} {
		if got := hang(test.head, test.text, test.width, test.indent); !slices.Equal(got, test.want) {
			t.Errorf("hang(%q, %q) = %q, want %q", test.head, test.text, got, test.want)
		}
	}
}
