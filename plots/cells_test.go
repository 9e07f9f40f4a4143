package plots

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./plots -update writes it)", err)
	}
	if string(want) != got {
		t.Errorf("%s differs (go test ./plots -update rewrites it); got:\n%s", path, got)
	}
}

func TestGolden(t *testing.T) {
	for _, f := range samples() {
		t.Run(f.ID, func(t *testing.T) {
			var b strings.Builder
			for _, size := range [][2]int{{40, 10}, {60, 12}, {80, 20}, {110, 30}} {
				fmt.Fprintf(&b, "%d × %d\n%s\n\n", size[0], size[1], f.Cells(size[0], size[1], MonoInk()))
			}
			blocks, ascii := MonoInk(), MonoInk()
			blocks.Blocks, ascii.ASCII = true, true
			fmt.Fprintf(&b, "blocks\n%s\n\nASCII\n%s\n\ntable\n%s", f.Cells(60, 12, blocks), f.Cells(76, 14, ascii), f.Table(6))
			golden(t, f.ID, b.String())
		})
	}
}

func TestGoldenColour(t *testing.T) {
	for _, f := range samples() {
		if f.ID == "loss" || f.ID == "memory" || f.ID == "similarity" || f.ID == "digits" {
			golden(t, f.ID+"-dark", strings.ReplaceAll(f.Cells(60, 12, DarkInk()), "\x1b", "␛")+"\n")
		}
	}
}

// Figures without fills have the same characters with and without colour.
func TestColourIsNotNeeded(t *testing.T) {
	for _, f := range samples() {
		if f.Heat != nil || f.Bars != nil || f.Images != nil || f.Product != nil || f.Flow != nil {
			continue
		}
		if dark, mono := ansi.Strip(f.Cells(80, 20, DarkInk())), f.Cells(80, 20, MonoInk()); dark != mono {
			t.Errorf("%s: colour draws other characters:\n%s\n%s", f.ID, dark, mono)
		}
	}
}

func inks() map[string]Ink {
	blocks := DarkInk()
	blocks.Blocks = true
	return map[string]Ink{"dark": DarkInk(), "light": LightInk(), "mono": MonoInk(), "blocks": blocks, "zero": {},
		"ascii": {Mono: true, ASCII: true}, "coloured ascii": asciiInk()}
}

func asciiInk() Ink {
	ink := DarkInk()
	ink.ASCII = true
	return ink
}

// checkCells tests what holds for every drawing: its size, and where colours end.
func checkCells(t *testing.T, f *Figure, cols, rows int, ink Ink) {
	t.Helper()
	got := f.Cells(cols, rows, ink)
	lines := strings.Split(got, "\n")
	if len(lines) != rows {
		t.Fatalf("%s at %d × %d: %d lines", f.ID, cols, rows, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w != cols {
			t.Fatalf("%s at %d × %d: line %d is %d wide: %q", f.ID, cols, rows, i, w, line)
		}
		if last := strings.LastIndexByte(line, '\x1b'); last >= 0 && !strings.HasPrefix(line[last:], "\x1b[m") {
			t.Fatalf("%s at %d × %d: line %d does not end its colours: %q", f.ID, cols, rows, i, line)
		}
	}
	if other := strings.IndexFunc(got, func(r rune) bool { return r > '~' }); ink.ASCII && other >= 0 {
		t.Fatalf("%s at %d × %d: not ASCII: %q", f.ID, cols, rows, got[other:])
	}
	if ink.Mono && strings.ContainsRune(got, '\x1b') {
		t.Fatalf("%s at %d × %d: SGR without colours", f.ID, cols, rows)
	}
}

func TestSizes(t *testing.T) {
	for name, ink := range inks() {
		t.Run(name, func(t *testing.T) {
			for _, f := range samples() {
				for rows := 1; rows <= 40; rows += 1 + rows/3 {
					for cols := 1; cols <= 140; cols += 1 + cols/3 {
						checkCells(t, f, cols, rows, ink)
					}
				}
			}
		})
	}
}

func TestNoSize(t *testing.T) {
	f := samples()[0]
	for _, tt := range []struct {
		cols, rows int
		want       string
	}{{0, 0, ""}, {10, 0, ""}, {0, 3, "\n\n"}, {-1, -1, ""}} {
		if got := f.Cells(tt.cols, tt.rows, DarkInk()); got != tt.want {
			t.Errorf("Cells(%d, %d) = %q, want %q", tt.cols, tt.rows, got, tt.want)
		}
	}
}

// oddFigures hold what data may contain though it should not.
func oddFigures() map[string]*Figure {
	nan, inf := math.NaN(), math.Inf(1)
	odd := []float64{1, nan, inf, -inf, 0, -3, 1e308, -1e308, 5e-324, 2, 2}
	hi, lo := -5.0, 7.0
	return map[string]*Figure{
		"nothing":     {},
		"no points":   {Lines: []Line{{}}, Points: []Points{{}}, Hist: &Hist{}, Rugs: []Rug{{}}},
		"no bars":     {Bars: &Bars{}},
		"no matrix":   {Heat: &Heat{}},
		"no images":   {Images: &Images{}},
		"no pictures": {Images: &Images{Groups: []string{"a", "b"}, Rows: []ImageRow{{}, {Name: "row", Readings: []Reading{{Name: "line"}}}}}},
		"odd pictures": {Images: &Images{Groups: []string{"a", "b", "c"}, Names: []string{"中"}, Rows: []ImageRow{{Name: "中\t", Pictures: []Picture{{{1, nan}, {}, {inf}}, nil},
			Readings: []Reading{{Name: "\x1b", Style: -3, Total: "1", Captions: []Caption{{}, {Text: "x\n", Verdict: Right}, {Text: "y"}}}}}}}},
		"empty rows":    {Heat: &Heat{Z: [][]float64{{}, {}}, Values: true}},
		"ragged":        {Heat: &Heat{Z: [][]float64{{1, nan}, {}, {2, inf, -4}}, Values: true, Digits: -2, RowNames: []string{"a"}, ColNames: []string{"x", "y", "z", "w"}}},
		"odd line":      {Lines: []Line{{X: odd, Y: odd}, {X: odd[:3], Y: odd}}, Levels: []Level{{Y: nan}, {Name: "l", Y: inf}}},
		"odd logs":      {XLog: true, YLog: true, Lines: []Line{{X: odd, Y: odd}}, Levels: []Level{{Name: "l", Y: -1}}, Points: []Points{{X: odd, Y: odd}}},
		"only negative": {XLog: true, YLog: true, Lines: []Line{{X: []float64{-1, -2}, Y: []float64{-1, 0}}}},
		"huge":          {Lines: []Line{{X: []float64{-1e300, 1e300}, Y: []float64{1e300, -1e300}}}},
		"tiny":          {Lines: []Line{{X: []float64{0, 5e-324}, Y: []float64{5e-324, 1e-323}}}},
		"tiny logs":     {XLog: true, YLog: true, Lines: []Line{{X: []float64{5e-324, 1}, Y: []float64{5e-324, 5e-324}}}},
		"close":         {Lines: []Line{{X: []float64{0, 1}, Y: []float64{1, 1 + 1e-15}}}},
		"crossed ends":  {XMin: &lo, XMax: &hi, YMin: &nan, YMax: &inf, Lines: []Line{{X: odd, Y: odd}}},
		"odd bars":      {Bars: &Bars{Names: []string{"a", "b", "c"}, Series: []BarSeries{{Values: odd}, {Values: []float64{nan}}, {}}}},
		"odd stack":     {Bars: &Bars{Names: []string{"a", "b"}, Stacked: true, Horizontal: true, Series: []BarSeries{{Values: odd[4:]}, {Values: []float64{-2, 3}}}}},
		"log bars":      {YLog: true, Bars: &Bars{Names: []string{"a", "b", "c"}, Series: []BarSeries{{Values: []float64{1, 1000, -1}}}}},
		"odd hist":      {Hist: &Hist{Edges: []float64{0, 1, 1, 2}, Counts: []float64{3, nan, 2}}},
		"odd rug":       {XLog: true, YLog: true, Rugs: []Rug{{Name: "r", X: odd}}},
		"odd product":   {Product: &Product{Scale: nan, Left: Factor{Z: [][]float64{{1, nan}, {}, {inf, 2, 3}}}, Top: Factor{Z: [][]float64{{1}, {-1e308, 2}}}, Beside: Factor{Name: "f", Z: [][]float64{{}, {1}}}}},
		"odd flow": {Flow: &Flow{In: Signal{Size: 8, Width: 3, Values: odd}, Weight: Matrix{Rows: 5, Cols: 7, Codes: []string{"", "☺☺☺"}},
			Down: Matrix{Name: "A", Rows: -1, Cols: 0}, Up: Matrix{Name: "中", Rows: 1 << 30, Cols: -4, Zero: true}, Main: Signal{Values: odd}, Mid: Signal{Values: []float64{nan}}}},
		"bare flow":    {Flow: &Flow{}, Marks: []Mark{{Row: "x"}}},
		"wide flow":    {Flow: &Flow{Weight: Matrix{Rows: 1, Cols: 1 << 30}, Down: Matrix{Name: "a", Rows: 1 << 30, Cols: 1}, Up: Matrix{Name: "b", Rows: 1, Cols: 1}}},
		"no product":   {Product: &Product{}},
		"bare product": {Product: &Product{Left: Factor{Rows: -3}, Top: Factor{Rows: 2, Cols: 1 << 20}, Beside: Factor{Name: "f"}}},
		"odd text": {Title: "a\tb\x1b[31mc\n", XLabel: "\xff\u200d👩\u200d🚀", YLabel: "x̂ 中文 🇩🇪🇫🇷 한글 क्षि", Lines: []Line{
			{Name: "中", X: []float64{1}, Y: []float64{1}}, {Name: "\u0301e\u0301\u00ad", X: []float64{2}, Y: []float64{1}}}},
		"negative style": {Lines: []Line{{X: []float64{1, 2}, Y: []float64{1, 2}, Style: -7}}, Rugs: []Rug{{X: []float64{1}, Style: 99}}},
	}
}

func TestOddData(t *testing.T) {
	for name, f := range oddFigures() {
		t.Run(name, func(t *testing.T) {
			for _, ink := range inks() {
				for _, size := range [][2]int{{1, 1}, {3, 2}, {10, 3}, {13, 5}, {40, 10}, {81, 21}} {
					checkCells(t, f, size[0], size[1], ink)
				}
			}
			f.Table(0)
			f.Table(1)
			var b strings.Builder
			if err := encode(&b, "svg", []*Figure{f}); err != nil {
				t.Error(err)
			}
			if strings.Contains(b.String(), "NaN") {
				t.Error("NaN in the drawing")
			}
		})
	}
}

func FuzzCells(f *testing.F) {
	f.Add([]byte("loss"), "title", "label", 40, 10, uint16(0))
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "中文", "x̂", 70, 9, uint16(0xffff))
	for _, odd := range []float64{math.NaN(), math.Inf(-1), 1e308, 5e-324, math.Copysign(0, -1)} {
		f.Add(binary.LittleEndian.AppendUint64(nil, math.Float64bits(odd)), "\u200d", "🇩🇪", 13, 4, uint16(0x0f3))
	}
	f.Fuzz(func(t *testing.T, data []byte, title, label string, cols, rows int, flags uint16) {
		cols, rows = cols&0x7f, rows&0x3f
		if cols == 0 || rows == 0 || len(data) > 4096 {
			return
		}
		var values []float64
		for i := 0; i < len(data); i += 8 {
			if i+8 <= len(data) && data[i]&1 == 0 {
				values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(data[i:])))
			} else {
				values = append(values, float64(int8(data[i])))
			}
		}
		flag := func(bit int) bool { return flags>>bit&1 == 1 }
		half := values[len(values)/2:]
		fig := &Figure{Title: title, XLabel: label, YLabel: title, XLog: flag(0), YLog: flag(1)}
		if flag(2) && len(values) > 1 {
			fig.XMax, fig.YMin = &values[0], &values[1]
		}
		switch flags >> 3 & 3 {
		case 0:
			fig.Bars = &Bars{Names: []string{title, label, "c"}, Unit: label, Stacked: flag(5), Horizontal: flag(6),
				Series: []BarSeries{{Name: title, Values: values}, {Name: label, Values: half, Style: 1}}}
		case 1:
			fig.Heat = &Heat{Z: [][]float64{values, half, half}, Diverging: flag(5), Values: flag(6), RowNames: []string{label}, ColNames: []string{title, label}}
		default:
			fig.Lines = []Line{{Name: label, X: values, Y: half}, {Name: title, X: half, Y: values, Style: Style(flags), Faint: flag(5)}}
			fig.Points = []Points{{Name: title, X: half, Y: half, Labels: []string{label, title}}}
			fig.Levels = []Level{{Name: title, Y: float64(int8(flags))}}
			if flag(6) {
				fig.Hist = &Hist{Edges: values, Counts: half}
				fig.Rugs = []Rug{{Name: label, X: values}, {Name: title, X: half}}
			}
		}
		if flag(9) {
			fig.Marks = []Mark{{Value: values[0], Label: title, Row: label}, {Value: values[len(values)-1], Label: label, Row: label, Truth: true},
				{Across: true, Value: values[0], Label: title}, {Across: true, Value: half[0], Label: label, Truth: true}, {Row: "c", Value: math.NaN(), Label: "you"}}
		}
		ink := DarkInk()
		ink.Mono, ink.Blocks, ink.ASCII = flag(7), flag(8), flag(10)
		checkCells(t, fig, cols, rows, ink)
		fig.Table(5)
	})
}

// A peak of one step among very many stays visible.
func TestPeakStaysVisible(t *testing.T) {
	var xs, ys []float64
	for i := range 100_000 {
		xs, ys = append(xs, float64(i)), append(ys, 0)
	}
	ys[54_321] = 1
	top := strings.Split((&Figure{Lines: []Line{{X: xs, Y: ys}}}).Cells(60, 12, MonoInk()), "\n")[0]
	if !strings.ContainsFunc(top, isBraille) {
		t.Errorf("the peak is missing: %q", top)
	}
}

func isBraille(r rune) bool { return r > 0x2800 && r <= 0x28ff }

func TestGapsAndLonePoints(t *testing.T) {
	nan := math.NaN()
	f := &Figure{Lines: []Line{{X: []float64{0, 1, 2, 3, 4, 5}, Y: []float64{1, 1, nan, nan, 1, 1}}}}
	five := 5.0
	f.XMax = &five
	out := f.Cells(60, 9, MonoInk())
	for _, line := range strings.Split(out, "\n") {
		if i := strings.IndexFunc(line, isBraille); i >= 0 {
			if runes := []rune(line); isBraille(runes[len(runes)/2]) {
				t.Errorf("no gap in the middle:\n%s", out)
			}
		}
	}
	lone := &Figure{Lines: []Line{{X: []float64{3}, Y: []float64{3}}}}
	if out := lone.Cells(40, 10, MonoInk()); !strings.ContainsRune(out, '●') {
		t.Errorf("a single point is not drawn:\n%s", out)
	}
	constant := &Figure{Lines: []Line{{X: []float64{0, 1, 2}, Y: []float64{4, 4, 4}}}}
	if out := constant.Cells(40, 10, MonoInk()); !strings.ContainsFunc(out, isBraille) {
		t.Errorf("a constant is not drawn:\n%s", out)
	}
}

// With fixed ends, what lies beyond them is cut off: it is not drawn over the header,
// the axes or the legend.
func TestNeverOutside(t *testing.T) {
	var xs, ys []float64
	for i := -50; i < 150; i++ {
		xs, ys = append(xs, float64(i)), append(ys, 50*math.Sin(float64(i)))
	}
	zero, hundred, ten := 0.0, 100.0, 10.0
	f := &Figure{XMin: &zero, XMax: &hundred, YMin: &zero, YMax: &ten, YLabel: "y", Lines: []Line{{X: xs, Y: ys}}}
	lines := strings.Split(f.Cells(50, 14, MonoInk()), "\n")
	for i, line := range lines {
		data := line
		if at := strings.IndexAny(line, "│┤"); i > 0 && at >= 0 {
			data = line[:at]
		} else if i > 0 && i < len(lines)-2 {
			t.Errorf("no axis in line %d: %q", i, line)
		}
		if strings.ContainsFunc(data, isBraille) {
			t.Errorf("line %d: drawn outside: %q", i, line)
		}
	}
}

func TestEmpty(t *testing.T) {
	for name, want := range map[string]bool{
		"nothing": true, "no points": true, "no bars": true, "no matrix": true, "empty rows": true, "only negative": true,
		"ragged": false, "odd line": false, "odd bars": false, "odd rug": false, "huge": false,
	} {
		f := oddFigures()[name]
		if f.Empty() != want {
			t.Errorf("%s: Empty() = %v", name, f.Empty())
		}
		if says := strings.Contains(f.Cells(60, 12, MonoInk()), noData); says != want {
			t.Errorf("%s: says %q: %v", name, noData, says)
		}
	}
}

// The samples in the legend differ without colour, for lines, bars and points.
func TestStylesDiffer(t *testing.T) {
	xs := []float64{0, 1, 2}
	for name, ink := range inks() {
		for kind, figure := range map[string]func(Style) *Figure{
			"line":   func(s Style) *Figure { return &Figure{Lines: []Line{{Name: "n", X: xs, Y: xs, Style: s}}} },
			"points": func(s Style) *Figure { return &Figure{Points: []Points{{Name: "n", X: xs, Y: xs, Style: s}}} },
			"bars": func(s Style) *Figure {
				return &Figure{Bars: &Bars{Names: []string{"a", "b", "c"}, Series: []BarSeries{{Name: "n", Values: xs, Style: s}, {Name: "m", Values: xs, Style: s}}}}
			},
		} {
			if kind == "bars" && !ink.shaded() {
				continue // fills alone differ by colour, and by their place in a group
			}
			seen := map[string]Style{}
			for style := Style(0); style < 8; style++ {
				line := strings.Split(ansi.Strip(figure(style).Cells(60, 12, ink)), "\n")[0]
				if other, ok := seen[line]; ok {
					t.Errorf("%s, %s: styles %d and %d look alike: %q", name, kind, other, style, line)
				}
				seen[line] = style
			}
		}
	}
}

// Lines that lie on each other are all seen, by their markers and, with colours, by
// these.
func TestLinesOnEachOther(t *testing.T) {
	var xs, ys []float64
	for i := range 200 {
		xs, ys = append(xs, float64(i)), append(ys, 1)
	}
	f := &Figure{}
	for style := Style(0); style < 4; style++ {
		f.Lines = append(f.Lines, Line{Name: fmt.Sprint("line ", style), X: xs, Y: ys, Style: style})
	}
	for name, ink := range inks() {
		var row string // of the data
		for _, line := range strings.Split(ansi.Strip(f.Cells(76, 14, ink)), "\n") {
			if at := strings.IndexAny(line, "│┤|+"); at >= 0 && strings.ContainsAny(line[at+1:50], "●*") {
				row = string([]rune(line)[:48])
			}
		}
		for style := Style(0); style < 4; style++ {
			m := style.mark()
			if !strings.ContainsRune(row, m.char) && !strings.ContainsRune(row, m.ascii) {
				t.Errorf("%s: no marker of line %d: %q", name, style, row)
			}
		}
	}
}

func benchFigure() *Figure {
	f := &Figure{Title: "Loss", XLabel: "step", YLabel: "loss (nats)"}
	for s := range 3 {
		l := Line{Name: fmt.Sprint("r = ", s+1), Style: Style(s)}
		for i := range 500 {
			l.X = append(l.X, float64(i))
			l.Y = append(l.Y, math.Exp(-float64(i)/100)+0.1*math.Sin(float64(i*(s+7))))
		}
		f.Lines = append(f.Lines, l)
	}
	return f
}

func BenchmarkCells(b *testing.B) {
	f, ink := benchFigure(), DarkInk()
	b.ReportAllocs()
	for b.Loop() {
		f.Cells(80, 20, ink)
	}
}

func BenchmarkCellsHeat(b *testing.B) {
	f, ink := &Figure{Heat: &Heat{Diverging: true}}, DarkInk()
	for i := range 128 {
		row := make([]float64, 256)
		for j := range row {
			row[j] = math.Sin(float64(i * j))
		}
		f.Heat.Z = append(f.Heat.Z, row)
	}
	b.ReportAllocs()
	for b.Loop() {
		f.Cells(80, 20, ink)
	}
}
