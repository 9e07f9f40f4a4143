package lessons

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/content"
)

// TestCourseIsContent: a step more is a file more, and nothing else.
func TestCourseIsContent(t *testing.T) {
	l := NewLaboratory(content.FS)
	course, err := ParseLessons(content.FS, l)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"lessons/0.md": {Data: []byte("---\nid: counting-again\nstep: 9\ntitle: Again\nquestion: again?\nexperiment: counting\n---\n# Page\n\ntext\n")}}
	for _, lesson := range course {
		text, err := content.FS.ReadFile(lesson.File)
		if err != nil {
			t.Fatal(err)
		}
		fsys[lesson.File] = &fstest.MapFile{Data: text}
	}
	larger, err := ParseLessons(fsys, l)
	if err != nil {
		t.Fatal(err)
	}
	if want := append(course.Steps(), "counting-again"); !slices.Equal(larger.Steps(), want) {
		t.Errorf("steps %v, want %v", larger.Steps(), want)
	}
	for _, name := range []string{"9", "counting-again"} {
		if lesson, err := larger.Find(name); err != nil || lesson.Title != "Again" || lesson.Experiment.ID != "counting" {
			t.Errorf("%s: %v, %v", name, lesson, err)
		}
	}
	if _, err := course.Find("9"); err == nil || !strings.Contains(err.Error(), "1 "+course[0].ID+", 2 ") {
		t.Errorf("a step that is not there: %v", err)
	}
}
