package plots

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// A kind of figure is known to its own files and to figure.go, which lists the
// kinds: a further one touches nothing else. Its files begin with the same
// letters, as bars.go, barplot.go and barcells.go do.
func TestKindsKeepToTheirFiles(t *testing.T) {
	fset := token.NewFileSet()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			if files[path], err = parser.ParseFile(fset, path, nil, 0); err != nil {
				t.Fatal(err)
			}
		}
	}

	// The types of kinds and drawings, with the files that may name them.
	room := map[string]string{
		"heat": "heat", "bars": "bar", "plane": "plane", "chart": "chart",
		"images": "image", "imageplot": "image",
		"productplot": "product", "flow": "flow", "flowdraw": "flow", "flowpage": "flow",
	}
	homes := map[string]string{}
	kinds := 0
	for path, file := range files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "build" && fn.Name.Name != "onPage" {
				continue
			}
			name, ok := fn.Recv.List[0].Type.(*ast.Ident)
			if !ok {
				t.Fatalf("%s: the receiver of %s is no plain type", path, fn.Name.Name)
			}
			prefix, ok := room[strings.TrimSuffix(path, ".go")]
			if !ok {
				t.Fatalf("%s is in %s: name the prefix of its files in this test", name.Name, path)
			}
			homes[name.Name] = prefix
			if fn.Name.Name == "build" {
				kinds++
			}
		}
	}
	// The fields of Figure that hold what a kind shows.
	fields := map[string]string{"Heat": "heat", "Bars": "bar", "Lines": "plane", "Levels": "plane", "Points": "plane", "Hist": "plane", "Rugs": "plane", "Images": "image", "Product": "product", "Flow": "flow"}
	if kinds < 3 || len(homes) < 7 {
		t.Fatalf("found %d kinds, types %v: this test looks in the wrong place", kinds, homes)
	}

	for path, file := range files {
		called := map[ast.Expr]bool{} // methods that share a field's name
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				called[n.Fun] = true
			case *ast.SelectorExpr:
				if home := fields[n.Sel.Name]; home != "" && !called[n] && path != "figure.go" && !strings.HasPrefix(path, home) {
					t.Errorf("%v: .%s is what another kind shows", fset.Position(n.Pos()), n.Sel.Name)
				}
			case *ast.Ident:
				if home := homes[n.Name]; home != "" && path != "figure.go" && !strings.HasPrefix(path, home) {
					t.Errorf("%v: %s is a type of another kind", fset.Position(n.Pos()), n.Name)
				}
			}
			return true
		})
	}
}

// Which kind a figure is, where more than one is set.
func TestKindOfFigure(t *testing.T) {
	for name, tt := range map[string]struct {
		figure Figure
		want   string
	}{
		"nothing":         {Figure{}, "plots.plane"},
		"lines":           {Figure{Lines: []Line{{}}, Hist: &Hist{}}, "plots.plane"},
		"bars over lines": {Figure{Bars: &Bars{}, Lines: []Line{{}}}, "plots.barChart"},
		"heat over bars":  {Figure{Heat: &Heat{}, Bars: &Bars{}}, "plots.heatMap"},
		"images over all": {Figure{Images: &Images{}, Heat: &Heat{}, Lines: []Line{{}}}, "plots.imageKind"},
	} {
		if got := fmt.Sprintf("%T", tt.figure.kind()); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
