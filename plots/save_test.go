package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
)

func TestPNG(t *testing.T) {
	accent := LightInk().Series[0]
	for _, f := range samples() {
		switch f.ID {
		case "loss", "trade", "weights", "memory", "similarity", "empty": // one of each kind
		default:
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			img := decode(t, []*Figure{f})
			if size := img.Bounds().Size(); size != image.Pt(960, 600) {
				t.Fatalf("size %v", size)
			}
			colors := map[color.RGBA]int{}
			for y := 0; y < 600; y += 3 {
				for x := 0; x < 960; x += 3 {
					colors[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
				}
			}
			if len(colors) < 5 {
				t.Errorf("only %d colours: nothing is drawn", len(colors))
			}
			if f.Heat == nil && !f.Empty() && colors[accent] < 5 {
				t.Errorf("the accent colour is missing")
			}
		})
	}
}

func decode(t *testing.T, figs []*Figure) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, "png", figs); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestTiles(t *testing.T) {
	all := samples()
	for n, want := range map[int]image.Point{2: {1920, 600}, 3: {1920, 1200}} {
		if size := decode(t, all[:n]).Bounds().Size(); size != want {
			t.Errorf("%d figures: %v, want %v", n, size, want)
		}
	}
}

func TestSVG(t *testing.T) {
	for _, f := range samples() {
		var b bytes.Buffer
		if err := encode(&b, "svg", []*Figure{f}); err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		d := xml.NewDecoder(&b)
		for {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.ID, err)
			}
			if chars, ok := tok.(xml.CharData); ok {
				text.Write(chars)
				text.WriteByte(' ')
			}
		}
		// The caption may be broken into lines: its words are there in order.
		got := strings.Join(strings.Fields(text.String()), " ")
		for _, want := range []string{f.Title, f.XLabel, f.YLabel, f.Caption} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in the drawing: %s", f.ID, want, got)
			}
		}
	}
}

func TestPDF(t *testing.T) {
	page := func(title string) []byte {
		var b bytes.Buffer
		if err := encode(&b, "pdf", []*Figure{{Title: title, Lines: samples()[2].Lines}}); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.Contains(b.Bytes(), []byte("%%EOF")) {
			t.Fatalf("no PDF: %.40q", b.Bytes())
		}
		return b.Bytes()
	}
	// Text beyond the code page of PDF is drawn as outlines, which are long.
	if latin, greek := len(page("DDDDDDDDDD")), len(page("ΔΔΔΔΔΔΔΔΔΔ")); greek < latin+100 {
		t.Errorf("%d bytes with Greek, %d without: no outlines", greek, latin)
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	figs := samples()[2:3]
	for _, format := range Formats() {
		path := filepath.Join(dir, "fig."+strings.ToUpper(format))
		for range 2 { // over nothing, and over itself
			if err := Save(path, figs); err != nil {
				t.Fatal(err)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v, %v", format, info, err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != len(Formats()) {
		t.Errorf("left behind: %v", files)
	}
}

func TestSaveThroughLink(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	target, link := filepath.Join(other, "real.svg"), filepath.Join(dir, "fig.svg")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err) // not everybody may make links on Windows
	}
	if err := Save(link, samples()[2:3]); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if data, err := os.ReadFile(target); err != nil || !bytes.Contains(data, []byte("<svg")) {
		t.Errorf("the target holds %.40q, %v", data, err)
	}
	if files, _ := os.ReadDir(other); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestSaveRefuses(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder.png")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{folder: "a folder"}
	for name, target := range map[string]string{"to-folder.png": folder, "to-nothing.png": filepath.Join(dir, "gone"), "to-itself.png": filepath.Join(dir, "to-itself.png")} {
		link := filepath.Join(dir, name)
		if err := os.Symlink(target, link); err != nil {
			t.Skip(err)
		}
		paths[link] = map[string]string{"to-folder.png": "a folder", "to-nothing.png": "leads nowhere", "to-itself.png": "leads nowhere"}[name]
	}
	before, _ := os.ReadDir(dir)
	for path, want := range paths {
		if err := Save(path, samples()[2:3]); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error with %q", path, err, want)
		}
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("left behind: %v", after)
	}
}

func TestSaveErrors(t *testing.T) {
	dir := t.TempDir()
	kept := filepath.Join(dir, "kept.gif")
	if err := os.WriteFile(kept, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(dir, "folder.png") // a folder cannot be replaced
	if err := os.MkdirAll(filepath.Join(blocked, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		figs       []*Figure
		says       []string
	}{
		{"unknown", kept, samples(), []string{kept, `"gif"`, "png, svg, pdf"}},
		{"none", filepath.Join(dir, "fig"), samples(), []string{"no format", ".png", ".svg", ".pdf"}},
		{"no figures", filepath.Join(dir, "fig.png"), nil, []string{"no figures"}},
		{"no folder", filepath.Join(dir, "missing", "fig.png"), samples(), []string{"missing"}},
		{"a folder", blocked, samples()[:1], []string{"folder.png"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Save(tt.path, tt.figs)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
	if got, _ := os.ReadFile(kept); string(got) != "mine" {
		t.Errorf("the old file is now %q", got)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
	if err := encode(failing{}, "svg", samples()[:1]); !errors.Is(err, errFull) {
		t.Errorf("a writer's error is lost: %v", err)
	}
}

var errFull = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestMissingGlyphs(t *testing.T) {
	fnt := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 10}
	for in, want := range map[string]string{
		"ΔW, ‖∂L/∂A‖, α·r": "ΔW, ‖∂L/∂A‖, α·r",
		"∇L ∈ ℓ":           "grad L  in  ℓ",
		"10⁻¹":             "10^-¹",
		"a\tb":             "a b",
		"中":                "?",
	} {
		if got := (printed{}).substitute(in, fnt); got != want {
			t.Errorf("%q is printed as %q, want %q", in, got, want)
		}
	}
}
