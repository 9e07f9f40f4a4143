package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of ten gigabytes is not read into memory to find that it is no lesson.
func TestContentHasASensibleSize(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int64{"largest.md": largestContent, "larger.md": largestContent + 1} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(dir, name), size); err != nil {
			t.Fatal(err)
		}
	}
	folder := regularFS{os.DirFS(dir)}
	if names, err := fs.Glob(folder, "*.md"); err != nil || len(names) != 2 {
		t.Errorf("lists %q, %v", names, err)
	}
	file, err := folder.Open("largest.md")
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	if _, err := folder.Open("larger.md"); err == nil || !strings.Contains(err.Error(), "larger.md: it has 16777217 bytes, want at most 16777216") {
		t.Errorf("error %v", err)
	}
}
