package source_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/lessons/source"
)

func TestRead(t *testing.T) {
	fsys := fstest.MapFS{
		"lessons/a.md": {Data: []byte("12345")},
		"b.md":         {Mode: fs.ModeDevice},
		"c.md":         {Mode: fs.ModeSocket},
	}
	if text, err := source.Read(fsys, "lessons/a.md", 5); string(text) != "12345" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for _, row := range []struct{ file, want string }{
		{"lessons/a.md", "lessons/a.md:1:1: the file is larger than 4 bytes, the most that is read"},
		{"lessons", "lessons:1:1: this is a folder, want a regular file"},
		{"b.md", "b.md:1:1: this is a device, want a regular file"},
		{"c.md", "c.md:1:1: this is a socket, want a regular file"},
		{"d.md", "d.md:1:1: file does not exist"},
	} {
		_, err := source.Read(fsys, row.file, 4)
		if err == nil || err.Error() != row.want {
			t.Errorf("got  %v\nwant %s", err, row.want)
		}
	}
	if _, err := source.Read(fsys, "d.md", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cause is lost: %v", err)
	}
}

// endless is a file that says it is empty, as those of /proc do, and never ends.
type endless struct{ fstest.MapFS }

type endlessFile struct{ fs.File }

func (e endless) Open(name string) (fs.File, error) {
	f, err := e.MapFS.Open(name)
	return endlessFile{f}, err
}

func (endlessFile) Read(p []byte) (int, error) { return len(p), nil }

func TestReadEndless(t *testing.T) {
	_, err := source.Read(endless{fstest.MapFS{"a": {}}}, "a", source.MaxText)
	if err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("read to its end: %v", err)
	}
}

func TestReadTextIsText(t *testing.T) {
	files := fstest.MapFS{
		"plain.md":  {Data: []byte("α/r\tis s\r\nand so on\n")},
		"escape.md": {Data: []byte("one\ntwo \x1b[31mred\n")},
		"c1.md":     {Data: []byte("\u009b2J")},
		"latin.md":  {Data: []byte("\xe4")},
	}
	for file, want := range map[string]string{
		"plain.md": "", "escape.md": "escape.md:2:5: control character U+001B", "c1.md": "c1.md:1:1: control character U+009B", "latin.md": "not UTF-8",
	} {
		_, err := source.ReadText(files, file)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
