package loralab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// commands returns the lines of the README's shell blocks, without comments.
func commands(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			line, _, _ = strings.Cut(line, "#")
			all = append(all, strings.TrimSpace(line))
		}
	}
	if len(all) < 5 {
		t.Fatalf("the README has %d commands: its blocks are not read", len(all))
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
	for _, line := range commands(t) {
		t.Run(line, func(t *testing.T) {
			var fields []string
			for _, m := range word.FindAllStringSubmatch(line, -1) {
				fields = append(fields, m[1]+m[2])
			}
			switch {
			case line == "go test ./...":
				return // it is what runs now
			case line == "go run ./cmd/loralab":
				fields = []string{"loralab"}
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
