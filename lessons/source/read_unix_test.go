//go:build unix

package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"loralab/lessons/source"
)

// TestReadOpensNoPipe: to open a named pipe waits for a writer, who never comes.
func TestReadOpensNoPipe(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "pipe.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pipe.md", filepath.Join(dir, "link.md")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"pipe.md", "link.md"} {
		_, err := source.Read(os.DirFS(dir), file, source.MaxText)
		if want := file + ":1:1: this is a named pipe, want a regular file"; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestReadFollowsLinks: a link to a file is read, one to a device is not.
func TestReadFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"good.md": "a.md", "zero.md": "/dev/zero", "lost.md": "nothing"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	fsys := os.DirFS(dir)
	if text, err := source.Read(fsys, "good.md", source.MaxText); string(text) != "text" || err != nil {
		t.Errorf("through a link: %q, %v", text, err)
	}
	for file, want := range map[string]string{
		"zero.md": "zero.md:1:1: this is a device, want a regular file",
		"lost.md": "lost.md:1:1: no such file or directory",
	} {
		if _, err := source.Read(fsys, file, source.MaxText); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
