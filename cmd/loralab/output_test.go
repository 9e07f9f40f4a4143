package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// smallContent is a folder with one short lesson and one question.
func smallContent(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"lessons/1.md": oneLesson, "drills/one.yaml": oneQuestion} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const oneLesson = `---
id: reparameterization
step: 1
title: Reparameterization
question: is it?
experiment: reparameterization
---

# Count

A layer of 16×16, rank {{knob rank}}.

` + "```run" + `
set: {problem: planted, width: 16, rank: 2, steps: 30, planted-rank: 2, noise: 0}
figures: [loss]
table: [params-lora]
` + "```" + `

Done.
`

// TestNoCommandHidesThatItsOutputIsLost runs every command with a full device as
// its standard output. A new command needs a row.
func TestNoCommandHidesThatItsOutputIsLost(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no device that is always full: ", err)
	}
	defer full.Close()
	bin, err := exec.LookPath("loralab")
	if err != nil {
		t.Skip("the program is on the path only under testscript.Main") // never in this package
	}
	model, _ := modelFile(t)
	dir := t.TempDir()
	export := filepath.Join(dir, "export.jsonl")
	if err := os.WriteFile(export, []byte(`{"type":"loralab-journal","format":1}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	quantized := filepath.Join(dir, "nf4.safetensors")
	if _, err := runQuantize(t, model, "-o", quantized); err != nil {
		t.Fatal(err)
	}
	content := "--content=" + smallContent(t)
	arguments := map[string][]string{
		"loralab":                       {content},
		"loralab adapter":               {quantized},
		"loralab ask":                   {},
		"loralab check":                 {content},
		"loralab completion":            {"--help"}, // it is not run without a shell
		"loralab completion bash":       {},
		"loralab completion fish":       {},
		"loralab completion powershell": {},
		"loralab completion zsh":        {},
		"loralab count":                 {},
		"loralab drill":                 {content},
		"loralab experiments":           {},
		"loralab glossary":              {},
		"loralab grade":                 {content, "reparameterization/one", "--answer=24"},
		"loralab help":                  {},
		"loralab interview":             {content},
		"loralab journal":               {"--help"}, // it is not run without a subcommand
		"loralab journal export":        {},
		"loralab journal import":        {export},
		"loralab journal path":          {},
		"loralab lesson":                {content, "1"},
		"loralab present":               {content},
		"loralab quantize":              {model},
		"loralab run":                   {"reparameterization", "--set=problem=planted", "--set=width=16", "--set=steps=20"},
		"loralab screens":               {content, "--only=home", "-o=" + filepath.Join(dir, "screens")},
		"loralab stats":                 {content},
		"loralab tour":                  {content},
	}
	root := newRoot()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var all []*cobra.Command
	for todo := []*cobra.Command{root}; len(todo) > 0; todo = todo[1:] {
		all = append(all, todo[0])
		todo = append(todo, todo[0].Commands()...)
	}
	for _, c := range all {
		path := c.CommandPath()
		t.Run(path, func(t *testing.T) {
			args, ok := arguments[path]
			if !ok {
				t.Fatal("a new command: give it a row with arguments under which it prints something")
			}
			cmd := exec.Command(bin, append(strings.Fields(path)[1:], args...)...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "TERM=dumb", "LORALAB_JOURNAL="+filepath.Join(dir, "journal.db"))
			cmd.Stdout = full
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("it ended with %v, want exit status 1", err)
			}
			if said := stderr.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "can't be written: no space left on device") {
				t.Errorf("it said %q, want one line about the output", said)
			}
		})
	}
}

// failing is a writer that takes some bytes and then fails.
type failing struct {
	room int
	err  error
}

func (f *failing) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, f.err
	}
	return n, nil
}

// What a command does is called off when nobody can see it any more, and a
// reader that has left, such as head, is not a failure to speak of.
func TestOutputThatFailsEndsTheCommand(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		says string
	}{
		{"a full disk", syscall.ENOSPC, "loralab: the output is not complete, standard output can't be written: no space left on device\n"},
		{"a broken pipe", syscall.EPIPE, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var calledOff bool
			root := &cobra.Command{Use: "loralab", RunE: func(cmd *cobra.Command, _ []string) error {
				io.WriteString(cmd.OutOrStdout(), "first line\n")
				io.WriteString(cmd.OutOrStdout(), "second line\n")
				select {
				case <-cmd.Context().Done(): // what would take long ends
					calledOff = true
				case <-time.After(30 * time.Second): // a bound on a hang, not a timing
				}
				return cmd.Context().Err()
			}}
			root.SetArgs([]string{})
			var stderr strings.Builder
			status := execute(context.Background(), root, &failing{len("first line\n"), test.err}, &stderr)
			if status != 1 || stderr.String() != test.says || !calledOff {
				t.Errorf("status %d, said %q, called off %v; want 1, %q, true", status, stderr.String(), calledOff, test.says)
			}
		})
	}
}

// Ctrl+C ends what takes long with one line.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{
		{"check"},
		{"run", "reparameterization"},
		{"screens", "-o", filepath.Join(t.TempDir(), "screens")},
		{"tour"},
	} {
		root := newRoot()
		root.SetArgs(args)
		var stdout, stderr strings.Builder
		if status := execute(ctx, root, &stdout, &stderr); status != 1 || stderr.String() != "loralab: interrupted\n" {
			t.Errorf("%v: status %d, said %q", args, status, stderr.String())
		}
	}
}
