//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

const (
	ctrlC = "\x03"
	f2    = "\x1bOQ"
	f3    = "\x1bOR"
)

// predicting opens the first lesson, where a number is typed.
func predicting(t *testing.T, name, dir string) *terminal {
	t.Helper()
	term := startProgram(t, name, dir, 100, 30)
	term.sees("LoRA, by running it", "enter open")
	term.types("\r")
	term.sees("How many numbers does LoRA train", "enter commit")
	return term
}

// TestSignalsRestoreTheTerminal: a terminal that is closed and a program that is
// told to end are a quit.
func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			term := predicting(t, "loralab", dir)
			if err := term.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			term.endsWith(128 + int(sig))

			again := start(t, dir, 80, 24) // the journal was closed as it should be
			again.sees("◐ 1", "page 1 of 10")
			again.types("q")
			again.ends()
		})
	}
}

// TestErrorsAskTheTerminalNothing: an error is printed, and no answer of the
// terminal is waited for.
func TestErrorsAskTheTerminalNothing(t *testing.T) {
	term := start(t, t.TempDir(), 80, 24, "run", "nothing")
	term.endsWith(2)
	if sent := term.sent.String(); !strings.Contains(sent, "unknown experiment") || strings.Contains(sent, ansi.RequestBackgroundColor) {
		t.Errorf("the program sent %q", sent)
	}
}

// TestInterruptFromOutside: kill -INT is ctrl+c.
func TestInterruptFromOutside(t *testing.T) {
	term := predicting(t, "loralab", t.TempDir())
	if err := term.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	term.ends()
}

// TestCtrlCAtAnyMoment quits while a run is under way, while it is held, with
// help open, and while a command does not end.
func TestCtrlCAtAnyMoment(t *testing.T) {
	run := func(term *terminal) {
		term.types("b")
		term.sees("bench", "space run")
		term.types("v ") // in slow motion, so that it is still under way
		term.sees("slow", "x cancel")
	}
	for _, moment := range []struct {
		name string
		to   func(*terminal)
	}{
		{"home", func(*terminal) {}},
		{"help", func(term *terminal) { term.types("?"); term.sees("Keys", "any key") }},
		{"a run", run},
		{"a run that is held", func(term *terminal) { run(term); term.types(" "); term.sees("paused") }},
		{"a command", func(term *terminal) { term.types(f3 + "?"); term.sees("Keys") }},
		{"help over a run", func(term *terminal) { run(term); term.types("?"); term.sees("Keys", "any key") }},
	} {
		t.Run(moment.name, func(t *testing.T) {
			term := startProgram(t, "loralab-brittle", t.TempDir(), 100, 30)
			term.sees("LoRA, by running it", "enter open")
			moment.to(term)
			term.types(ctrlC)
			term.ends()
		})
	}
}

// TestUnfinishedPaste: a paste that was begun and is not ended does not take
// ctrl+c, however the terminal writes it.
func TestUnfinishedPaste(t *testing.T) {
	for name, key := range map[string]string{"byte": ctrlC, "kitty": "\x1b[99;5u", "xterm": "\x1b[27;5;99~"} {
		t.Run(name, func(t *testing.T) {
			term := predicting(t, "loralab", t.TempDir())
			term.types(pasteStart + "2344")
			term.types(key)
			term.ends()
		})
	}
}

// TestLongPaste: what is pasted in many reads, with what looks like keys in it,
// is one paste, and goes on being typed into.
func TestLongPaste(t *testing.T) {
	term := predicting(t, "loralab", t.TempDir())
	term.types(pasteStart + strings.Repeat("\x01\x03", 9000) + "2343" + pasteEnd)
	term.types("\x7f")
	term.types("4\r")
	term.sees("you say 2,344", "how sure?")
	term.types(ctrlC)
	term.ends()
}

// TestPanicOnTheTerminal: what was typed is kept through a panic, and when it
// cannot go on the terminal is as it was.
func TestPanicOnTheTerminal(t *testing.T) {
	dir := t.TempDir()
	term := predicting(t, "loralab-brittle", dir)
	term.types("2343")
	term.sees("› 2343")
	term.types(f2)
	term.sees("internal error, report in", "› 2343")
	term.types("\x7f4")
	term.sees("› 2344")
	term.types(f2 + f2)
	term.endsWith(1)
	if got := term.String(); !strings.Contains(strings.ReplaceAll(got, "\n", ""), "broken at f2") {
		t.Errorf("the end says nothing of the error:\n%s", got)
	}
	files, err := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%d reports, %v; want 3", len(files), err)
	}
	last, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"typed and not sent:\n2344\n", "broken at f2", "brittle.Update"} {
		if !strings.Contains(string(last), text) {
			t.Errorf("the report does not say %q:\n%s", text, last)
		}
	}
}
