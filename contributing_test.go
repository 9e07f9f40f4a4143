package loralab_test

import (
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notRun are commands of CONTRIBUTING.md that this test does not run, by how they
// begin, and why not.
var notRun = []struct{ prefix, reason string }{
	{"mkdir ", "changes the tree"},
	{"cp ", "changes the tree; what is copied is there, see TestDocumentsNameWhatIsThere"},
	{".ci/run", "runs this test"},
	{"go test ", "the tests run anyway; that they exist, TestContributingCommands looks up"},
	{"go run ./cmd/loralab lesson 6", "after its walk; TestAStepIsAddedByItsOwnFiles runs it"},
	{"go run ./cmd/loralab drill --step doubling", "after its walk; TestAStepIsAddedByItsOwnFiles runs it"},
	{"go run ./cmd/loralab run doubling", "after its walk; TestAStepIsAddedByItsOwnFiles runs it"},
	{"go run ./cmd/loralab ask counting/", "asks a question that the walk adds"},
	{"go run ./cmd/loralab grade counting/", "answers a question that the walk adds"},
	{"go run ./cmd/loralab run counting --set layers=", "turns a knob that the walk adds"},
	{"go run ./cmd/loralab run counting --plot factors.svg", "draws a figure that the walk adds"},
	{"go run ./cmd/loralab check", "TestBank and TestEveryScreen check as much"},
}

// TestContributingCommands runs what can be run, and looks up the tests that are
// named by the rest.
func TestContributingCommands(t *testing.T) {
	used := map[string]bool{}
	for _, line := range commands(t, "CONTRIBUTING.md") {
		if tests, ok := strings.CutPrefix(line, "go test "); ok {
			lookUpTests(t, line, strings.Fields(tests))
		}
		i := slices.IndexFunc(notRun, func(n struct{ prefix, reason string }) bool { return strings.HasPrefix(line, n.prefix) })
		if i >= 0 {
			used[notRun[i].prefix] = true
			continue
		}
		args := strings.Fields(line)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "LORALAB_JOURNAL="+t.TempDir()+"/journal.db")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	for _, n := range notRun {
		if !used[n.prefix] {
			t.Errorf("%q is excused (%s), but CONTRIBUTING.md does not have it", n.prefix, n.reason)
		}
	}
}

// lookUpTests looks for the tests and fuzz targets that a command names in the
// folder that it names.
func lookUpTests(t *testing.T, line string, args []string) {
	t.Helper()
	folder := args[0]
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	source := ""
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "_test.go") {
			text, err := os.ReadFile(folder + "/" + file.Name())
			if err != nil {
				t.Fatal(err)
			}
			source += string(text)
		}
	}
	for _, name := range regexp.MustCompile(`(Test|Fuzz)[A-Za-z]+`).FindAllString(line, -1) {
		if !strings.Contains(source, "func "+name) { // -run takes the beginning of a name
			t.Errorf("%s: no %s in %s", line, name, folder)
		}
	}
	if strings.Contains(line, "-update") && !strings.Contains(source, `flag.Bool("update"`) {
		t.Errorf("%s: the tests of %s have no flag -update", line, folder)
	}
}

// TestContributingEdits holds the walks to the code: the lines that an edit
// stands between, or replaces, are in a file that the text names, one after
// another, once.
func TestContributingEdits(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	edits := blocks(t, "CONTRIBUTING.md", "diff")
	if len(edits) < 10 {
		t.Fatalf("%d edits: they are not read", len(edits))
	}
	for _, edit := range edits {
		var before []string
		for _, line := range strings.Split(strings.TrimRight(edit, "\n"), "\n") {
			if !strings.HasPrefix(line, "+") {
				before = append(before, line[1:])
			}
		}
		found := 0
		for _, file := range named(string(text)) {
			if !strings.HasSuffix(file, ".go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err == nil {
				found += strings.Count(string(source), "\n"+strings.Join(before, "\n")+"\n")
			}
		}
		if found != 1 {
			t.Errorf("these lines stand %d times in the files that CONTRIBUTING.md names:\n%s", found, strings.Join(before, "\n"))
		}
	}
}

// TestContributingIsFormatted reads the Go files that the walks add.
func TestContributingIsFormatted(t *testing.T) {
	files := blocks(t, "CONTRIBUTING.md", "go")
	if len(files) < 4 {
		t.Fatalf("%d files: they are not read", len(files))
	}
	for _, file := range files {
		formatted, err := format.Source([]byte(file))
		if err != nil || string(formatted) != file {
			t.Errorf("not as gofmt writes it (%v):\n%s", err, file)
		}
	}
}

// added are paths that the walks make.
var added = []string{
	"lessons/counting/figures_factors.go", "plots/words.go", "drills/kind_digits.go", "tui/about.go",
}

// path matches what looks like a path of the repository in code marks.
var path = regexp.MustCompile("`(\\.?[a-z0-9_-]+(?:/[A-Za-z0-9_.-]+)*/?|[A-Za-z0-9_/.-]+\\.(?:go|md|txt|yaml))`")

// roots are the folders at the top: what begins with none of them is a word.
var roots = regexp.MustCompile(`^(\.ci|cmd|content|drills|lessons|lora|plots|scripts|testdata|tui)(/|$)|\.(go|md)$`)

// named returns the paths that a document names.
func named(text string) []string {
	var all []string
	for _, m := range path.FindAllStringSubmatch(text, -1) {
		if roots.MatchString(m[1]) && !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}

// TestDocumentsNameWhatIsThere looks up every path.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	for _, document := range []string{"CONTRIBUTING.md", "ARCHITECTURE.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		paths := named(string(text))
		for _, line := range commands(t, "CONTRIBUTING.md") {
			if args := strings.Fields(line); document == "CONTRIBUTING.md" && args[0] == "cp" {
				paths = append(paths, args[1])
			}
		}
		if len(paths) < 10 {
			t.Errorf("%s names %d paths: they are not read", document, len(paths))
		}
		for _, p := range paths {
			if slices.Contains(added, p) {
				continue
			}
			if !isThere(t, p) {
				t.Errorf("%s names %s, which is not there", document, p)
			}
		}
	}
}

// isThere looks for a path or, where a document names a file within a folder that
// it speaks of, for a file of that name anywhere.
func isThere(t *testing.T, p string) bool {
	t.Helper()
	if _, err := os.Stat(p); err == nil || strings.Contains(p, "/") {
		return err == nil
	}
	found := false
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		found = found || filepath.Base(file) == p
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
