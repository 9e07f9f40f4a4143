package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestAdapterScript runs testdata/adapter.txtar, with the adapter that PEFT made
// (lora/peft/testdata) in the folder "peft".
func TestAdapterScript(t *testing.T) {
	made := filepath.Join("..", "..", "lora", "peft", "testdata", "adapter")
	testscript.Run(t, testscript.Params{
		Files: []string{filepath.Join("testdata", "adapter.txtar")},
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"refuse": refuse},
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(filepath.Join(env.WorkDir, "peft"), os.DirFS(made))
		},
	})
}
