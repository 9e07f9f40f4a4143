//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What was exported from the screen is named again when the screen is gone.
func TestExportedFiguresAreNamedOnLeaving(t *testing.T) {
	dir := t.TempDir()
	pictures := filepath.Join(dir, "pictures")
	t.Setenv("XDG_PICTURES_DIR", pictures)
	term := start(t, dir, 200, 30)
	term.sees("LoRA, by running it")
	term.types("b")
	term.sees("bench")
	term.types(" ")
	term.sees("done in")
	term.types("e")
	term.sees("written: ")
	term.types("\x03")
	term.ends()
	file := filepath.Join(pictures, "loralab-reparameterization-loss-seed7.png")
	term.sees("written: " + file)
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// A drill that waits for an answer ends on ctrl+c, as does its program.
func TestCtrlCEndsAPlainDrill(t *testing.T) {
	dir := t.TempDir()
	term := start(t, dir, 80, 24, "drill", "--plain", "--content", smallContent(t))
	term.sees("How many numbers")
	term.types("\x03")
	term.sees("No question answered")
	<-term.exited
}
