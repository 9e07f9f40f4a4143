package drills

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"loralab/drills/verdict"
	"loralab/lessons"
)

// TestAnswers grades what people write: see the comment in the files.
func TestAnswers(t *testing.T) {
	bank, err := ParseBank(os.DirFS("../content"), contentSteps(t), lessons.NewLaboratory(os.DirFS("../content")))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			words := strings.Fields(section.Name)
			family, err := bank.Family(words[0])
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			seed, _ := strconv.ParseUint(words[1], 10, 64)
			part, _ := strconv.Atoi(words[2])
			q, err := family.Instance(seed)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(section.Data)) {
				if strings.TrimSpace(line) == "" {
					continue
				}
				want, answer, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
				t.Run(section.Name+" "+answer, func(t *testing.T) {
					status, note, _ := strings.Cut(want, " ")
					r, err := q.Grade(strings.ReplaceAll(answer, "⏎", "\n"), part)
					if err != nil {
						t.Fatal(err)
					}
					if r.Status.String() != status || note != "" && r.Note != note {
						t.Errorf("%s: %v (%s), want %s\nread as %s\n%s", answer, r.Status, r.Note, want, r.Echo, r.Feedback)
					}
				})
			}
		}
	}
}

// An answer that does as well does not mend what was said wrong.
func TestOtherAnswersMendNothing(t *testing.T) {
	q, err := loadBank(t).Find("recall/without-looking").Instance(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		part         int
		answer, note string
		status       verdict.Status
	}{
		{1, "W' = W + (α/r)BA; A: r×k, B: d×r", "right", verdict.Right},
		{1, "h = Wx + BAx and so W' = W + (α/r)BA. A: r×k, B: d×r", "page-scale-forgotten", verdict.Partial},
		{4, "W′ = W + (α/r) B A", "right", verdict.Right},
		{4, "The overhead stays, the adapter cannot be merged into W. W′ = W + (α/r)BA", "page-cannot-merge", verdict.Wrong},
	} {
		r, err := q.Grade(row.answer, row.part)
		if err != nil || r.Status != row.status || r.Note != row.note {
			t.Errorf("%s: %v (%s), %v; want %v (%s)\n%s", row.answer, r.Status, r.Note, err, row.status, row.note, r.Feedback)
		}
	}
}
