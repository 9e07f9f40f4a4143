package loralab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fence is a block of code, its language and its text: between four backticks,
// where there are three in it, or between three.
var fence = regexp.MustCompile("(?ms)^````([a-z]*)\n(.*?)^````$|^```([a-z]*)\n(.*?)^```$")

// blocks returns the texts of a document's blocks of code in a language.
func blocks(t *testing.T, file, language string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range fence.FindAllStringSubmatch(string(text), -1) {
		if block[1]+block[3] == language {
			all = append(all, block[2]+block[4])
		}
	}
	return all
}

// commands returns the lines of a document's shell blocks, without comments.
func commands(t *testing.T, file string) []string {
	t.Helper()
	var all []string
	for _, block := range blocks(t, file, "sh") {
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			line, _, _ = strings.Cut(line, "#")
			all = append(all, strings.TrimSpace(line))
		}
	}
	if len(all) < 5 {
		t.Fatalf("%s has %d commands: its blocks are not read", file, len(all))
	}
	return all
}

// word is an argument: in double quotes, or without a space.
var word = regexp.MustCompile(`"([^"]*)"|(\S+)`)

// TestReadmeCommands runs every command that the README shows, as a reader
// would, from an empty folder.
func TestReadmeCommands(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "loralab")
	if out, err := exec.Command("go", "build", "-o", bin, "./cmd/loralab").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, line := range commands(t, "README.md") {
		t.Run(line, func(t *testing.T) {
			var fields []string
			for _, m := range word.FindAllStringSubmatch(line, -1) {
				fields = append(fields, m[1]+m[2])
			}
			switch {
			case line == "go test ./...":
				return // it is what runs now
			case line == "go run ./cmd/loralab", line == "loralab tour":
				return // the tour: the script of that name runs that of a small course
			case line == "loralab check":
				return // the tests of drills and of lessons check the same content, the script check runs the command
			case fields[0] != "loralab":
				t.Fatalf("do not know how to run %q", line)
			}
			t.Parallel()
			cmd := exec.Command(bin, fields[1:]...)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "LORALAB_JOURNAL="+filepath.Join(cmd.Dir, "journal.db"))
			if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestReadmeKeys compares the README's table with the keys of the program: every
// key that a screen names is explained.
func TestReadmeKeys(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("tui/keys.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`bind\("([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		if !strings.Contains(string(text), "`"+m[1]+"`") {
			t.Errorf("the README does not explain the key %s", m[1])
		}
	}
}

// TestReadmePictures: the pictures that the README names are there, and no others.
func TestReadmePictures(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	there, err := filepath.Glob("docs/pictures/*")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`docs/pictures/[a-z0-9-]+\.svg`).FindAllString(string(text), -1)
	if len(named) < 3 {
		t.Errorf("the README names the pictures %v: they are not read", named)
	}
	for _, name := range named {
		if !slices.Contains(there, filepath.FromSlash(name)) {
			t.Errorf("the README shows %s, which is not there: scripts/pictures.sh makes it", name)
		}
	}
	for _, file := range there {
		if !slices.Contains(named, filepath.ToSlash(file)) {
			t.Errorf("%s is in no place of the README", file)
		}
	}
}
