package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loralab/drills/journal"
	"loralab/lessons/show"
)

const oneQuestion = `families:
- id: reparameterization/one
  depth: conceptual
  title: Count
  draw: {d: [7], k: [5], r: [2]}
  prompt: How many numbers does LoRA train at d = {{d}}, k = {{k}}, r = {{r}}?
  kind: count
  key: lora-params
  misconceptions: [{note: product, answer: r*d*k, words: two factors}]
  hints: [one, two]
  why: because
  follow-ups: ["And in full?"]
`

// TestKilledDrillLosesNothing kills the program the moment it shows a verdict.
func TestKilledDrillLosesNothing(t *testing.T) {
	bin, err := exec.LookPath("loralab")
	if err != nil {
		t.Skip("the program is on the path only under testscript.Main") // never in this package
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "journal.db")
	if err := os.Mkdir(filepath.Join(dir, "drills"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "drills", "one.yaml"), []byte(oneQuestion), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "drill", "--plain", "--content", dir, "--journal", file)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Write([]byte("25\n3\n")) // the pipe stays open: the program waits for more
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "> Not quite." {
	}
	cmd.Process.Kill()
	cmd.Wait()

	ctx := context.Background()
	j, err := journal.Open(ctx, file, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	answers, err := j.Answers(ctx, journal.Filter{})
	if err != nil || len(answers) != 1 || answers[0].Raw != "25" || answers[0].Status != journal.Wrong || answers[0].Rating == 0 {
		t.Errorf("the journal has %+v, %v; want the answer that was shown as wrong", answers, err)
	}
}

func TestFutureDate(t *testing.T) {
	now := time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)
	for _, test := range []struct{ text, want, err string }{
		{"", "0001-01-01", ""},
		{"2026-11-25", "2026-11-25", ""},
		{"2027-02-28", "2027-02-28", ""},
		{"2026-11-24", "", "not in the future: want 2026-11-25 or later"},
		{"2026-11-01", "", "not in the future"},
		{"2027-02-30", "", "want a date such as 2026-12-24"},
		{"24.12.2026", "", "want a date such as"},
		{"tomorrow", "", "want a date such as"},
	} {
		got, err := futureDate("--interview-on", test.text, now)
		switch {
		case test.err == "" && (err != nil || got.Format(time.DateOnly) != test.want):
			t.Errorf("%q: %v, %v; want %s", test.text, got, err, test.want)
		case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%q: %v; want %q", test.text, err, test.err)
		}
	}
}

func TestCommand(t *testing.T) {
	for text, want := range map[string]show.Act{
		"?": show.Hint, "Hint": show.Hint, "skip": show.Pass, "stop": show.Stop, "quit": show.Stop, "q": show.Stop, "back": show.Back,
	} {
		if got, ok := command(text); got != want || !ok {
			t.Errorf("%q is read as %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "24", "b", "r(d+k)", "stop B from moving", "it skips nothing"} {
		if got, ok := command(text); ok {
			t.Errorf("%q is read as %d, and is an answer", text, got)
		}
	}
}
