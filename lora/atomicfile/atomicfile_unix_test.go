//go:build unix

package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{pipe, link, os.DevNull} {
		err := Write(path, true, func(File) error { t.Error("called"); return nil })
		if err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, replace := range []bool{false, true} {
		os.Remove(pipe)
		err := Write(pipe, replace, func(File) error { return syscall.Mkfifo(pipe, 0o666) })
		if err == nil || !strings.Contains(err.Error(), "a pipe") {
			t.Errorf("replace %v: error %v, want a refusal of what appeared", replace, err)
		}
	}
	if stat, err := os.Lstat(pipe); err != nil || stat.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe is gone: %v", err)
	}
}
