package loralab_test

import (
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// The same seed gives the same record on every machine, to the last digit. Three
// things could break that, and a test here looks for each: a compiler that fuses
// x·y + z into one rounding, functions of the standard library that are assembly
// on one machine and Go on another, and gonum's, of which the same is true.

// reproducible are the packages whose results reach a record or a screen.
var reproducible = []string{"./lora/...", "./lessons/..."}

// mayFuse are the places whose contract is fused, as it is where the compiler
// does not fuse by itself: they call math.FMA.
var mayFuse = []string{"lora/gemm/gemm.go", "lora/gemm/portable.go"}

// fused matches the compiler's listing of an instruction that multiplies and
// adds floating-point numbers with one rounding.
var fused = regexp.MustCompile(`\(([^()]+\.go):(\d+)\)\s+(?:VFN?M(?:ADD|SUB)\S+|FN?M(?:ADD|SUB)[SD])\s`)

// TestNothingIsFused compiles for arm64, where Go fuses sums and differences, and
// looks at what comes out; amd64 of level v3 fuses sums alone. Write float64(x*y) + z: the conversion rounds, by the language's
// definition, so that no compiler may fuse.
func TestNothingIsFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for other machines")
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	// Package lessons itself reckons nothing, and brings the journal's SQLite, which
	// takes a minute to compile for another machine.
	packages := slices.DeleteFunc(goList(t, reproducible...), func(p string) bool { return p == "loralab/lessons" })
	cmd := exec.Command("go", append([]string{"build", "-gcflags=-S"}, packages...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH=arm64")
	listing, err := cmd.CombinedOutput() // the go command keeps it with what it built
	if err != nil {
		t.Fatalf("%v: %v\n%.2000s", cmd, err, listing)
	}
	meant, seen := 0, map[string]bool{}
	for _, found := range fused.FindAllSubmatch(listing, -1) {
		file, line := string(found[1]), string(found[2])
		if short, err := filepath.Rel(root, file); err == nil {
			file = filepath.ToSlash(short)
		}
		if allowed(file) {
			meant++
		} else if place := file + ":" + line; !seen[place] {
			seen[place] = true
			t.Errorf("%s: the compiler fuses a product and a sum: write float64(x*y) + z, or math.FMA and say so in mayFuse", place)
		}
	}
	if meant == 0 {
		t.Error("not even what is meant to be fused was found: this test no longer sees anything")
	}
}

func allowed(file string) bool {
	for _, f := range mayFuse {
		if file == f {
			return true
		}
	}
	return false
}

// differs are functions of the standard library that are assembly on some
// machines, or sums of products that a compiler may fuse; and what is the same
// everywhere. [math.Pow] is, for whole exponents, and [math.Erfinv] is used where
// its result is rounded to float32, with a test of every value.
var differs = map[string]string{
	"math.Exp": "libm.Exp", "math.Log": "libm.Log", "math.Log10": "libm.Log10", "math.Tanh": "libm.Tanh",
	"math.Erfc": "libm.Erfc", "math.Erf": "1 - libm.Erfc", "math.Hypot": "linalg.Norm",
	"(*math/rand/v2.Rand).NormFloat64": "lora.Normal", "math/rand/v2.NormFloat64": "lora.Normal",
	"math.Exp2": "", "math.Expm1": "", "math.Log2": "", "math.Log1p": "", "math.Sin": "", "math.Cos": "", "math.Sincos": "",
	"math.Tan": "", "math.Asin": "", "math.Acos": "", "math.Atan": "", "math.Atan2": "", "math.Sinh": "", "math.Cosh": "",
	"math.Cbrt": "", "math.Gamma": "", "math.Lgamma": "", "(*math/rand/v2.Rand).ExpFloat64": "", "math/rand/v2.ExpFloat64": "",
}

// gonum are the functions of gonum that round no more than once an entry, or not
// at all. Of others the last digits are the processor's.
var gonum = regexp.MustCompile(`^gonum\.org/v1/gonum/mat\.(NewDense|NewVecDense|NewDiagonalRect|DenseCopyOf|Col|Row|Max|Min|Equal|Formatted|Excerpt|Prefix|Squeeze)$|` +
	`^\(\*?gonum\.org/v1/gonum/mat\.(Dense|VecDense|Matrix|Transpose)\)\.` +
	`(Dims|At|Set|T|Copy|CloneFrom|Reset|ReuseAs|Zero|IsEmpty|Slice|Grow|Stack|Augment|RawMatrix|RawRowView|RowView|ColView|SetRow|SetCol|Len|AtVec|SetVec|` +
	`Add|Sub|Scale|MulElem|DivElem|Apply)$`)

// TestArithmeticIsOurs looks up every function that is called.
func TestArithmeticIsOurs(t *testing.T) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
	}, reproducible...)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 {
			t.Fatal(pkg.Errors[0])
		}
		for name, used := range pkg.TypesInfo.Uses {
			f, ok := used.(*types.Func)
			if !ok || f.Pkg() == nil {
				continue
			}
			at, called := pkg.Fset.Position(name.Pos()), f.FullName()
			if instead, found := differs[called]; found {
				t.Errorf("%v: %s has other last digits on other machines; the same on all: %q", at, called, instead)
			}
			if strings.HasPrefix(f.Pkg().Path(), "gonum.org/v1/gonum/") && !gonum.MatchString(called) {
				t.Errorf("%v: %s has other last digits on other machines; see lora/linalg", at, called)
			}
		}
	}
}
