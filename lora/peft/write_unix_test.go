//go:build unix

package peft

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWriteFileOverPipe(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	refuses(t, pipe, "a pipe, not a regular file")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	refuses(t, link, "a pipe, not a regular file")
}

// What appears while the file is written is looked at again.
func TestWriteFileOverPipeThatAppears(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	for _, force := range []bool{false, true} {
		os.Remove(pipe)
		err := WriteFile(pipe, force, func(io.Writer) error { return syscall.Mkfifo(pipe, 0o666) })
		if err == nil || !strings.Contains(err.Error(), "a pipe") {
			t.Errorf("force %v: error %v, want a refusal", force, err)
		}
		if stat, err := os.Lstat(pipe); err != nil || stat.Mode().Type() != os.ModeNamedPipe {
			t.Errorf("force %v: the pipe is gone: %v", force, err)
		}
	}
}
