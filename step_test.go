package loralab_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAStepIsAddedByItsOwnFiles adds a step as CONTRIBUTING.md says: a folder
// with its experiment, the line that names it, its lesson and its questions.
// Nothing else of the program changes, and every command and face knows it.
func TestAStepIsAddedByItsOwnFiles(t *testing.T) {
	dir := t.TempDir()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	named, err := os.ReadFile("lessons/laboratory.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(named), "\t\"loralab/lessons/counting\"\n", "\t\"loralab/lessons/counting\"\n\t\"loralab/lessons/doubling\"\n", 1)
	text = strings.Replace(text, "\tmerging.New,\n", "\tmerging.New,\n\tdoubling.New,\n", 1)
	if text == string(named) {
		t.Fatal("lessons/laboratory.go does not name the experiments one a line any more")
	}
	laboratory := filepath.Join(dir, "laboratory.go")
	if err := os.WriteFile(laboratory, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}

	// An overlay lets the go command see files that are not there.
	example := filepath.Join(root, "testdata", "newstep")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "lessons/laboratory.go"):          laboratory,
		filepath.Join(root, "lessons/doubling/experiment.go"): filepath.Join(example, "experiment.go.txt"),
		filepath.Join(root, "content/lessons/6-doubling.md"):  filepath.Join(example, "lesson.md"),
		filepath.Join(root, "content/drills/6-doubling.yaml"): filepath.Join(example, "questions.yaml"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "loralab")
	if out, err := exec.Command("go", "build", "-overlay", file, "-o", bin, "./cmd/loralab").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}

	// What the step brings is a content folder of its own, too.
	own := filepath.Join(dir, "content")
	for from, to := range map[string]string{"lesson.md": "lessons/6.md", "questions.yaml": "drills/6.yaml"} {
		text, err := os.ReadFile(filepath.Join(example, from))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(own, to)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}

	for _, test := range []struct {
		args  []string
		input string
		want  []string
	}{
		{[]string{"experiments"}, "", []string{"doubling", "what does twice the rank cost?"}},
		{[]string{"run", "doubling", "--set", "rank=3"}, "", []string{"parameters at rank 2r  480"}},
		{[]string{"lesson", "6"}, "640\n3\n", []string{"Step 6 of 6, page 1 of 1: Twice the rank", "Right: exactly.", "640 instead of 320"}},
		{[]string{"drill", "--step", "doubling", "-n", "1"}, "give up\n", []string{"Question 1 of 1. doubling, applied.", "Not answered."}},
		{[]string{"drill", "--step", "6", "-n", "1"}, "", []string{"Question 1 of 1. doubling, applied."}},
		{[]string{"ask"}, "", []string{"doubling/twice"}},
		{[]string{"check", own}, "", []string{"1 lesson with 1 page, 1 question: all in order"}},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(bin, append(test.args, "--journal", filepath.Join(t.TempDir(), "journal.db"))...)
			cmd.Stdin = strings.NewReader(test.input)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, want := range test.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
		})
	}
}
