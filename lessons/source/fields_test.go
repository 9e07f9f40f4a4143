package source_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"loralab/lessons/source"
)

// TestFieldsRefuse: the first line of every piece is line 10 of the file.
func TestFieldsRefuse(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"unknown key", "ask: a\nasks: b", `f.md:11:1: unknown key "asks" (keys: ask, set, list)`},
		{"twice", "ask: a\nask: b", `f.md:11:1: key "ask" stands twice`},
		{"missing", "list: [a]", `f.md:10:1: key "ask" is missing`},
		{"empty", "", `f.md:10:1: key "ask" is missing`},
		{"only a comment", "# nothing", `f.md:10:1: key "ask" is missing`},
		{"no mapping", "- a", `f.md:10:1: want lines of "key: value"`},
		{"two colons", "ask: a: b", "f.md:10:7: mapping values are not allowed in this context"},
		{"a tab", "ask: a\n\tset: b", "f.md:11:1: found a tab character that violates indentation, while scanning a plain scalar from 10:6"},
		{"not closed", "ask: [a", "f.md:11:1: did not find expected ',' or ']', while parsing a flow sequence from 10:6"},
		{"unknown anchor", "ask: *a", "f.md:10:6: unknown anchor 'a' referenced"},
		{"second document", "ask: a\n---\nask: b", `f.md:11:1: a second document begins: want no line "---" here`},
		{"not UTF-8", "ask: \xff", "f.md:10:1: invalid leading UTF-8 octet (value: 255)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := source.Piece{File: "f.md", Line: 10, Text: row.text}.Fields("ask!", "set", "list")
			if err == nil || err.Error() != row.want {
				t.Fatalf("got  %v\nwant %s", err, row.want)
			}
			if at := (*source.Error)(nil); !errors.As(err, &at) || at.File != "f.md" {
				t.Errorf("%T is no Error", err)
			}
		})
	}
}

func TestFieldsRead(t *testing.T) {
	f, err := source.Piece{File: "f.md", Line: 10, Text: "ask: > \n  two\n  words\nset: {rank: 4, schemes: [a, b]}\nlist: one\nn: 0.25\nmaps: [{x: 1}, {x: 2}]"}.
		Fields("ask!", "set", "list", "n", "maps", "absent")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := f.Text("ask"); text != "two words" || err != nil {
		t.Errorf("text %q, %v", text, err)
	}
	set, err := f.Pairs("set")
	if err != nil || len(set) != 2 || set[0].Key != "rank" || set[0].Text != "4" || set[1].Text != "a,b" {
		t.Errorf("pairs %v, %v", set, err)
	}
	if err := set[1].Errorf("wrong"); err.Error() != "f.md:13:16: wrong" {
		t.Error(err)
	}
	if list, err := f.List("list"); err != nil || len(list) != 1 || list[0].Text != "one" {
		t.Errorf("list %v, %v", list, err)
	}
	if n, err := f.Number("n"); n != 0.25 || err != nil {
		t.Errorf("number %v, %v", n, err)
	}
	maps, err := f.Maps("maps", "x!")
	if err != nil || len(maps) != 2 {
		t.Fatalf("maps %v, %v", maps, err)
	}
	if x, _ := maps[1].Number("x"); x != 2 || !maps[1].Has("x") {
		t.Errorf("x is %v", x)
	}
	if f.Line("n") != 15 || f.Line("absent") != 0 || f.Has("absent") {
		t.Errorf("n stands in line %d, what is absent in %d", f.Line("n"), f.Line("absent"))
	}
}

// TestFieldsOfAnotherForm asks for every value in the forms that it does not
// have.
func TestFieldsOfAnotherForm(t *testing.T) {
	f, err := source.Piece{File: "f.md", Line: 1, Text: "word: a\nlist: [[a]]\nset: {a: {b: c}}"}.Fields("word", "list", "set")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, read := range []func() error{
		func() error { _, err := f.Number("word"); return err },
		func() error { _, err := f.Text("list"); return err },
		func() error { _, err := f.List("list"); return err },
		func() error { _, err := f.Pairs("word"); return err },
		func() error { _, err := f.Pairs("set"); return err },
		func() error { _, err := f.Maps("word"); return err },
	} {
		if err := read(); err != nil {
			got = append(got, err.Error())
		}
	}
	want := []string{
		`f.md:1:7: word: "a" is not a number`, "f.md:2:7: list: want one value", "f.md:2:8: list: want a list of plain values",
		`f.md:1:7: word: want lines of "name: value"`, "f.md:3:10: a: want a plain value", "f.md:1:7: word: want a list",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
