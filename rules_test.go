package loralab_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mostLines is how long a Go file may be, outside tests.
const mostLines = 400

// longer are files that may be longer, and why.
var longer = map[string]string{}

// TestFilesAreShort keeps a file to one construct, and each package to a comment
// that says what it is for.
func TestFilesAreShort(t *testing.T) {
	documented := map[string]bool{} // by folder
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go"):
			return nil
		}
		folder := filepath.Dir(file)
		test := strings.HasSuffix(file, "_test.go")
		if test && folder != "." { // the package at the root is tests alone
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		documented[folder] = documented[folder] || strings.TrimSpace(parsed.Doc.Text()) != ""
		lines, reason := bytes.Count(text, []byte("\n")), longer[filepath.ToSlash(file)]
		switch {
		case !test && lines > mostLines && reason == "":
			t.Errorf("%s has %d lines, want at most %d: which two constructs are in it?", file, lines, mostLines)
		case lines <= mostLines && reason != "":
			t.Errorf("%s is excused for its length (%s) and has %d lines", file, reason, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(documented) < 20 {
		t.Fatalf("%d packages: this test looks in the wrong place", len(documented))
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment: what is it for?", folder)
		}
	}
}
