package lessons

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

// TestParseLesson reads testdata/lessons/*.txtar: each archive is a lesson and
// what is to be said of it, the errors line by line or "ok".
func TestParseLesson(t *testing.T) {
	files, err := filepath.Glob("testdata/lessons/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			lesson, want := archive.Files[i], archive.Files[i+1]
			t.Run(lesson.Name, func(t *testing.T) {
				_, err := ParseLesson(lesson.Name, string(lesson.Data), lab.Laboratory{labtest.Experiment()})
				got := "ok\n"
				if err != nil {
					got = err.Error() + "\n"
				}
				if got != string(want.Data) {
					t.Errorf("got:\n%swant:\n%s", got, want.Data)
				}
			})
		}
	}
}

func TestParseLessonsReportsAllFiles(t *testing.T) {
	good := "---\nid: a\nstep: 1\ntitle: A\nquestion: q?\nexperiment: test\n---\n# Page\n\ntext\n"
	fsys := fstest.MapFS{
		"lessons/1.md": {Data: []byte(good)},
		"lessons/2.md": {Data: []byte(good)},
		"lessons/3.md": {Data: []byte("no front matter")},
	}
	_, err := ParseLessons(fsys, lab.Laboratory{labtest.Experiment()})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"lessons/2.md:1:1: id \"a\" and step 1", "lessons/3.md:1:1: want front matter"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	if _, err := ParseLessons(fstest.MapFS{}, nil); err == nil {
		t.Error("an empty folder is no error")
	}
}

func TestResolve(t *testing.T) {
	e := labtest.Experiment()
	rec := e.Start(e.Defaults(), nil)
	rec.Report("count", 2344)
	rec.Report("share", 0.9722)
	p := Prose{Markdown: "r = {{knob rank}}, {{count}} numbers, {{ share }} or {{share bare}}, {{loss}}."}
	if got, want := p.Resolve(rec.Record()), "r = 4, 2,344 numbers, 97.22 % or 97.22, ▢."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestResolveStartsNoList: a number at the start of a line, with a full stop, is
// a sentence. In code a backslash would be shown.
func TestResolveStartsNoList(t *testing.T) {
	e := labtest.Experiment()
	rec := e.Start(e.Defaults(), nil)
	rec.Report("count", 0)
	for _, row := range []struct{ markdown, want string }{
		{"{{count}}. Not small: {{count}}.\n{{count}}. Again.", "0\\. Not small: 0.\n0\\. Again."},
		{"rank of\n{{knob rank}}) or\n  {{knob rank}}{{count}}.", "rank of\n4\\) or\n  40\\."},
		{"{{count}}, {{count}}", "0, 0"},
		{"1. {{count}}.", "1. 0."},
		{"text\n\n    {{count}}. code\n\n```\n{{count}}. code\n```\n{{count}}.", "text\n\n    0. code\n\n```\n0. code\n```\n0\\."},
	} {
		if got := (Prose{Markdown: row.markdown}).Resolve(rec.Record()); got != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}

func FuzzParseLesson(f *testing.F) {
	files, _ := filepath.Glob("testdata/lessons/*.txtar")
	for _, file := range files {
		if archive, err := txtar.ParseFile(file); err == nil {
			for _, x := range archive.Files {
				f.Add(string(x.Data))
			}
		}
	}
	if text, err := os.ReadFile("../content/lessons/1-reparameterization.md"); err == nil {
		f.Add(string(text))
	}
	l := lab.Laboratory{labtest.Experiment()}
	f.Fuzz(func(t *testing.T, text string) {
		lesson, err := ParseLesson("f.md", text, l)
		if (lesson == nil) == (err == nil) {
			t.Errorf("lesson %v, error %v", lesson, err)
		}
		if err != nil && !strings.Contains(err.Error(), "f.md:") {
			t.Errorf("an error without a place: %v", err)
		}
		if lesson == nil {
			return
		}
		e := lesson.Experiment
		r := e.Start(e.Defaults(), nil).Record()
		for _, page := range lesson.Pages {
			for _, b := range page.Blocks {
				if p, ok := b.(Prose); ok {
					p.Resolve(r)
				}
			}
		}
	})
}
