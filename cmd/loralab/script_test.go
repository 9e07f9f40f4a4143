package main

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"loralab/tui"
)

// TestMain lets the test binary be the program: scripts and the terminal tests
// run it as "loralab", and as "loralab-brittle" with a screen that panics.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"loralab": func() { os.Exit(execute(context.Background(), newRoot(), os.Stdout, os.Stderr)) },
		"loralab-brittle": func() {
			l := newLaboratory()
			l.wrap = func(a tui.App) tui.Guardable { return brittle{a} }
			os.Exit(execute(context.Background(), l.root(), os.Stdout, os.Stderr))
		},
	})
}

// TestScripts runs testdata/script/*.txtar: command lines with what they print.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"refuse": refuse, "lasting": lasting},
		Setup: func(env *testscript.Env) error {
			env.Setenv("LORALAB_JOURNAL", env.WorkDir+"/journal.db")
			return nil
		},
	})
}

// refuse runs the program and wants exit status 2, nothing on standard output
// and one line on standard error that fits the pattern.
func refuse(ts *testscript.TestScript, _ bool, args []string) {
	if err := ts.Exec("loralab", args[1:]...); err == nil {
		ts.Fatalf("loralab %v: no error", args[1:])
	} else if !strings.Contains(err.Error(), "exit status 2") {
		ts.Fatalf("loralab %v: %v, want exit status 2", args[1:], err)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("loralab %v printed %q", args[1:], out)
	}
	said := strings.TrimSuffix(ts.ReadFile("stderr"), "\n")
	if strings.Contains(said, "\n") || !regexp.MustCompile(args[0]).MatchString(said) {
		ts.Fatalf("loralab %v said %q, want one line that fits %q", args[1:], said, args[0])
	}
}

// lasting compares two records without their measured findings.
func lasting(ts *testscript.TestScript, _ bool, args []string) {
	var records [2]map[string]any
	for i := range records {
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[i])), &records[i]))
		for name, f := range records[i]["findings"].(map[string]any) {
			if f.(map[string]any)["measured"] == true {
				delete(records[i]["findings"].(map[string]any), name)
			}
		}
	}
	if !reflect.DeepEqual(records[0], records[1]) {
		ts.Fatalf("%s and %s differ", args[0], args[1])
	}
}
