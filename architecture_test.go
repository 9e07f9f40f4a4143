// Package loralab_test holds the rules of the repository as tests.
package loralab_test

import (
	"os/exec"
	"strings"
	"testing"
)

// floors are the rooms of the house by height; a room imports only lower ones. The
// longest path that fits decides. ARCHITECTURE.md draws them.
var floors = map[string]int{
	"loralab/lora/ascii":      0,
	"loralab/lora/number":     0,
	"loralab/lora/atomicfile": 0,
	"loralab/lora":            1,
	"loralab/plots":           1,
	"loralab/content":         1,
	"loralab/drills/verdict":  1,
	"loralab/drills/schedule": 1,
	"loralab/drills/algebra":  2,
	"loralab/drills/options":  2,
	"loralab/drills/words":    2,
	"loralab/drills/journal":  2,
	"loralab/lessons/source":  2,
	"loralab/lessons/lab":     2,
	"loralab/lessons/show":    3,
	"loralab/lessons/train":   3,
	"loralab/lessons/*":       4, // an experiment; none imports another
	"loralab/lessons":         5,
	"loralab/drills":          6,
	"loralab/tui":             7,
	"loralab/cmd/loralab":     8,
}

// room returns the room a package belongs to, and the room's floor.
func room(pkg string) (name string, floor int) {
	for path, height := range floors {
		if (pkg == path || strings.HasPrefix(pkg, path+"/")) && len(path) > len(name) {
			name, floor = path, height
		}
	}
	if step, ok := strings.CutPrefix(pkg, "loralab/lessons/"); ok && name == "loralab/lessons" {
		step, _, _ = strings.Cut(step, "/")
		return "loralab/lessons/" + step, floors["loralab/lessons/*"]
	}
	return name, floor
}

// goList runs go list with a format and returns its lines.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestImportsPointDownwards(t *testing.T) {
	for _, line := range goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		fields := strings.Fields(line)
		pkg := fields[0]
		if pkg == "loralab" {
			continue // this package: tests only
		}
		from, floor := room(pkg)
		if from == "" {
			t.Errorf("%s is in no room of the house: see ARCHITECTURE.md", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			to, below := room(imported)
			if to == "" || to == from {
				continue
			}
			if below >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", pkg, floor, imported, below)
			}
		}
	}
}

// TestMathematicsKnowsNoWorld keeps lora/ and plots/ free of terminals, clocks
// and the environment, directly or through a package of ours.
func TestMathematicsKnowsNoWorld(t *testing.T) {
	for _, pkg := range goList(t, "./lora/...", "./plots/...") {
		for _, line := range goList(t, "-f", "{{join .Imports \"\\n\"}}", pkg) {
			for _, barred := range []string{"charm.land", "github.com/spf13/cobra", "golang.org/x/term", "modernc.org/sqlite", "os/exec", "net", "time"} {
				if line == barred || strings.HasPrefix(line, barred+"/") {
					t.Errorf("%s imports %s", pkg, line)
				}
			}
		}
	}
}

// TestContentHasNoLogic keeps the content to embedding.
func TestContentHasNoLogic(t *testing.T) {
	if got := goList(t, "-f", "{{join .Imports \" \"}}", "./content"); strings.Join(got, " ") != "embed" {
		t.Errorf("content imports %q, want embed alone", got)
	}
}
