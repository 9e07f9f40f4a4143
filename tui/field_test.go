package tui

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

// chord returns the key press that a binding names: "alt+d", "ctrl+left", "x".
func chord(t testing.TB, name string) tea.KeyPressMsg {
	t.Helper()
	var press tea.KeyPressMsg
	rest, more := name, true
	for more {
		more = false
		for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt, "shift+": tea.ModShift, "super+": tea.ModSuper} {
			if after, ok := strings.CutPrefix(rest, prefix); ok && after != "" {
				press.Mod |= mod
				rest, more = after, true
			}
		}
	}
	code, ok := map[string]rune{"home": tea.KeyHome, "end": tea.KeyEnd, "delete": tea.KeyDelete}[rest]
	if !ok {
		code, ok = keyCodes[rest]
	}
	if !ok {
		code, _ = utf8.DecodeRuneInString(rest)
	}
	press.Code = code
	if press.Mod == 0 && !ok {
		press.Text = rest
	}
	if press.String() != name {
		t.Fatalf("no key is called %q: this is %q", name, press.String())
	}
	return press
}

// boundKeys are the keys that bubbles' line and area do something for, and a
// letter, an accent and a wide letter.
func boundKeys() []string {
	keys := []string{"x", "\u0301", "中"}
	for _, keymap := range []any{textinput.DefaultKeyMap(), textarea.DefaultKeyMap()} {
		for _, b := range reflect.ValueOf(keymap).Fields() {
			for _, k := range b.Interface().(key.Binding).Keys() {
				if k != "ctrl+v" && !slices.Contains(keys, k) { // what comes of it depends on the machine's clipboard
					keys = append(keys, k)
				}
			}
		}
	}
	return keys
}

func focused(rows int) field {
	f := newField("a number", 60, rows)
	f.focus()
	return f
}

// TestFieldTakesEveryKey presses every key at every place of texts that have
// tripped editors: bubbles 2.2.1 reads past the end of a line at alt+d.
func TestFieldTakesEveryKey(t *testing.T) {
	texts := []string{
		"", "ab", "  ab  cd ", "e\u0301a\u0301 o\u0308", "\u0301\u0301", "中文 漢", "a\u0301中\u200d👩\u200d🚀 x", "0123456789 b", "a\nb c\n\nd",
	}
	keys := boundKeys()
	for _, rows := range []int{1, 3} {
		for _, width := range []int{12, 1} {
			f := focused(rows)
			f.view(width)
			for _, text := range texts {
				text = clean(text, 60, rows == 1)
				for at := range utf8.RuneCountInString(text) + 1 {
					for _, name := range keys {
						pressAt(t, &f, text, at, width, name)
					}
				}
			}
		}
	}
}

// pressAt presses a key with the cursor after that many runes, and draws.
func pressAt(t *testing.T, f *field, text string, at, width int, name string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("rows %d, %q, cursor at %d, width %d, %s: %v", f.rows, text, at, width, name, r)
		}
	}()
	f.put(cutAt(text, at))
	if before, after := f.split(); before+after != text || utf8.RuneCountInString(before) != at {
		t.Fatalf("rows %d, %q: the cursor was put at %d and is after %q, before %q", f.rows, text, at, before, after)
	}
	f.update(chord(t, name))
	for _, line := range strings.Split(f.view(width), "\n") {
		if w := ansi.StringWidth(line); w > max(width, 3) {
			t.Fatalf("rows %d, %q, cursor at %d, %s: a line of %d columns on %d: %q", f.rows, text, at, name, w, width, line)
		}
	}
}

func TestFieldDeletesTheNextWord(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{"a", "b", "a|"}, // the crash of bubbles
		{"", "ab cd", "| cd"},
		{"ab", " cd ef", "ab| ef"},
		{"ab ", "  cd", "ab |"},
		{"ab", "", "ab|"},
		{"", "", "|"},
		{"", "e\u0301a 中", "| 中"},
		{"x", "   ", "x|"},
	} {
		for _, name := range []string{"alt+d", "alt+delete", "ctrl+delete"} {
			for _, rows := range []int{1, 3} {
				f := focused(rows)
				f.put(test.before, test.after)
				f.update(chord(t, name))
				before, after := f.split()
				if got := before + "|" + after; got != test.want {
					t.Errorf("rows %d: %s in %q makes %q, want %q", rows, name, test.before+"|"+test.after, got, test.want)
				}
			}
		}
	}
}

// clusterSizes are the runes of each character.
func clusterSizes(text string) (sizes []int) {
	for g := uniseg.NewGraphemes(text); g.Next(); {
		sizes = append(sizes, len(g.Runes()))
	}
	return sizes
}

func TestFieldCleansAPaste(t *testing.T) {
	marks := strings.Repeat("\u0301", 5000)
	for _, test := range []struct{ name, paste, line, area string }{
		{"plain", "rank 4", "rank 4", "rank 4"},
		{"newlines", "a\nb\r\nc\rd", "a b c d", "a\nb\nc\nd"},
		{"tab", "a\tb", "a b", "a b"},
		{"escape", "a\x1b[31mb\x00\x7f\u0085c", "a[31mbc", "a[31mbc"},
		{"not UTF-8", "a\xff\xfeb", "ab", "ab"},
		{"five kilobytes of accents", "x" + marks + "y", "x" + marks[:2*9] + "y", "x" + marks[:2*9] + "y"},
		{"accents on nothing", marks, marks[:2*10], marks[:2*10]},
		{"an endless emoji", strings.Repeat("👩\u200d", 3000), strings.Repeat("👩\u200d", 5), strings.Repeat("👩\u200d", 5)},
		{"too long", strings.Repeat("中", 100), strings.Repeat("中", 60), strings.Repeat("中", 60)},
	} {
		for _, rows := range []int{1, 3} {
			f := focused(rows)
			f.update(tea.PasteMsg{Content: test.paste})
			want := test.line
			if rows > 1 {
				want = test.area
			}
			if got := f.value(); got != want {
				t.Errorf("%s, rows %d: kept %d runes, %.80q; want %.80q", test.name, rows, utf8.RuneCountInString(got), got, want)
			}
		}
	}
}

// TestFieldStaysClean makes heaps of accents by other ways than a paste.
func TestFieldStaysClean(t *testing.T) {
	accent := chord(t, "\u0301")
	for _, rows := range []int{1, 3} {
		check := func(f *field, how string) {
			t.Helper()
			before, after := f.split()
			for _, n := range clusterSizes(before + after) {
				if n > longestCluster {
					t.Errorf("rows %d: %s makes a character of %d runes", rows, how, n)
				}
			}
			if n := utf8.RuneCountInString(before + after); n > 60 {
				t.Errorf("rows %d: %s makes %d runes where 60 are allowed", rows, how, n)
			}
		}
		f := focused(rows)
		f.setValue("a")
		for range 100 {
			f.update(accent)
		}
		check(&f, "typing")

		heap := strings.Repeat("\u0301", 9)
		f.put("a"+heap+"b", heap+"c")
		f.update(chord(t, "backspace"))
		check(&f, "deleting a letter between heaps")
		if before, _ := f.split(); before != "a"+heap {
			t.Errorf("rows %d: the cursor is after %q", rows, before)
		}

		f.put("", "a"+heap)
		for range 100 {
			f.update(accent)
			f.update(chord(t, "left"))
		}
		check(&f, "typing at the start")

		for range 100 {
			f.update(chord(t, "中"))
			f.update(chord(t, "left"))
		}
		check(&f, "typing to the limit")
	}
}

func TestFieldKeepsItsLimitAtTheCursor(t *testing.T) {
	for _, rows := range []int{1, 3} {
		f := focused(rows)
		f.put(strings.Repeat("a", 30), strings.Repeat("b", 28))
		f.update(tea.PasteMsg{Content: "12345"})
		if got, want := f.value(), strings.Repeat("a", 30)+"12"+strings.Repeat("b", 28); got != want {
			t.Errorf("rows %d: a paste at the limit makes %q, want %q", rows, got, want)
		}
		f.update(chord(t, "x"))
		if got := f.value(); strings.Contains(got, "x") || len(got) != 60 {
			t.Errorf("rows %d: typed over the limit: %q", rows, got)
		}
	}
}

func TestFieldRecallsWhatWasTyped(t *testing.T) {
	f := focused(1)
	f.remember([]string{"newest", "oldest"})
	f.setValue("draft")
	for _, step := range []struct{ key, want string }{
		{"up", "newest"}, {"up", "oldest"}, {"up", "oldest"}, {"down", "newest"}, {"down", "draft"}, {"down", "draft"},
	} {
		f.update(chord(t, step.key))
		if f.value() != step.want {
			t.Errorf("after %s: %q, want %q", step.key, f.value(), step.want)
		}
		if _, after := f.split(); after != "" {
			t.Errorf("after %s the cursor is before %q", step.key, after)
		}
	}
	none := focused(1)
	none.put("a", "b")
	none.update(chord(t, "up"))
	if before, after := none.split(); before != "a" || after != "b" {
		t.Errorf("without a history up makes %q|%q of a|b", before, after)
	}
}

func TestFieldWithoutFocusTakesNothing(t *testing.T) {
	for _, rows := range []int{1, 3} {
		f := focused(rows)
		f.put("a", "b")
		f.blur()
		f.update(chord(t, "x"))
		f.update(chord(t, "alt+d"))
		f.update(tea.PasteMsg{Content: "y"})
		if got := f.value(); got != "ab" {
			t.Errorf("rows %d: without focus it became %q", rows, got)
		}
	}
}

// TestFieldShowsItsCursor narrows the field under a long text: what is shown is
// the part around the cursor.
func TestFieldShowsItsCursor(t *testing.T) {
	f := focused(1)
	f.setValue(strings.Repeat("a", 30) + "END")
	f.view(60)
	if got := ansi.Strip(f.view(16)); !strings.Contains(got, "END") {
		t.Errorf("narrowed, the field shows %q", got)
	}
}

// FuzzClean: cleaning twice changes nothing, a prefix becomes a prefix, and
// neither a character nor the whole is longer than allowed.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "a\r\nb\t", "e\u0301\u0301", "👩\u200d👩\u200d", "🇩🇪🇩", "각\u1100\u1100\u1161", "\u0600a\u0600", "क\u094dक\u094dक", "\xff\x1b"} {
		f.Add(seed+strings.Repeat(seed, 20), 40, true)
		f.Add(seed, 3, false)
	}
	f.Fuzz(func(t *testing.T, text string, limit int, single bool) {
		limit = min(max(limit, 0), 1000)
		got := clean(text, limit, single)
		if again := clean(got, limit, single); again != got {
			t.Errorf("clean(%q) is %q, and cleaned again %q", text, got, again)
		}
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("clean(%q) keeps %d runes of %d", text, n, limit)
		}
		for _, n := range clusterSizes(got) {
			if n > longestCluster {
				t.Errorf("clean(%q) keeps a character of %d runes", text, n)
			}
		}
		for i := range got {
			if prefix := clean(got[:i], limit, single); prefix != got[:i] {
				t.Errorf("a prefix of the clean %q is cleaned to %q", got, prefix)
			}
		}
	})
}

// BenchmarkFieldRedraw is a key and a redraw after five kilobytes of accents
// were pasted; before they were cut it took most of a second.
func BenchmarkFieldRedraw(b *testing.B) {
	for _, rows := range []int{1, 3} {
		b.Run(map[int]string{1: "line", 3: "area"}[rows], func(b *testing.B) {
			f := newField("", 4096, rows)
			f.focus()
			f.update(tea.PasteMsg{Content: strings.Repeat("\u0301", 2500)})
			press := chord(b, "x")
			for b.Loop() {
				f.update(press)
				f.update(chord(b, "backspace"))
				f.view(80)
			}
		})
	}
}
