// Package loralab_test holds the rules of the repository as tests.
package loralab_test

import (
	"os/exec"
	"strings"
	"testing"
)

// floors are the packages by height; a package imports only lower floors. The
// longest prefix that fits decides.
var floors = map[string]int{
	"loralab/cmd/loralab": 5,
	"loralab/tui":         4,
	"loralab/drills":      3,
	"loralab/lessons":     2,
	"loralab/plots":       1,
	"loralab/lora":        1,
	"loralab/lora/number": 0,
	"loralab/content":     1,
}

// room returns the top-level room a package belongs to.
func room(pkg string) string {
	best := ""
	for name := range floors {
		if (pkg == name || strings.HasPrefix(pkg, name+"/")) && len(name) > len(best) {
			best = name
		}
	}
	return best
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
		from := room(pkg)
		if from == "" {
			t.Errorf("%s is in no room of the house: see ARCHITECTURE.md", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			to := room(imported)
			if to == "" || to == from {
				continue
			}
			if floors[to] >= floors[from] {
				t.Errorf("%s (floor %d) imports %s (floor %d)", pkg, floors[from], imported, floors[to])
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
