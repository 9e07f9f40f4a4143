package picture

import (
	"encoding/xml"
	"image/color"
	"strings"
	"testing"
)

func draw(t *testing.T, frame string, width, height int) string {
	t.Helper()
	ground := Ground{Paper: color.RGBA{0x10, 0x11, 0x12, 255}, Text: color.RGBA{0xe0, 0xe1, 0xe2, 255}}
	svg := string(SVG(frame, "a <b>", width, height, ground))
	if err := xml.Unmarshal([]byte(svg), new(struct{ XMLName xml.Name })); err != nil {
		t.Fatalf("%v in\n%s", err, svg)
	}
	return svg
}

// TestPicture draws one of each thing, in a cell whose place is known: 9 by 20, after
// an edge of 10.
func TestPicture(t *testing.T) {
	for _, test := range []struct{ what, frame, want string }{
		{"text, as wide as its cells", "ab c", `<text x="10" y="25" textLength="36" fill="#e0e1e2">ab c</text>`},
		{"its colour and weight", "\x1b[1;38;2;255;0;1mx\x1b[m", `textLength="9" fill="#ff0001" font-weight="bold">x</text>`},
		{"columns apart", "ab  c", `<text x="46" y="25" textLength="9"`},
		{"a second line", "a\n b", `<text x="19" y="45"`},
		{"what XML takes for itself", "<&", `>&lt;&amp;</text>`},
		{"a symbol in the middle of its cell", "a✓", `<text x="23.5" y="25" text-anchor="middle" fill="#e0e1e2">✓</text>`},
		{"a title", "", "<title>a &lt;b&gt;</title>"},
		{"reversed", "\x1b[7mx\x1b[m", `<path fill="#e0e1e2" d="M10 10h9v20h-9z"/>`},
		{"two reversed, in one", "\x1b[7mx \x1b[m", `<path fill="#e0e1e2" d="M10 10h18v20h-18z"/>`},
		{"a block", " █", `<path fill="#e0e1e2" shape-rendering="crispEdges" d="M19 10h9v20h-9z"/>`},
		{"half a block, from below", "▄", `d="M10 20h9v10h-9z"/>`},
		{"the other half", "▀", `d="M10 10h9v10h-9z"/>`},
		{"eighths from the left", "▍", `d="M10 10h3.38v20h-3.38z"/>`},
		{"quadrants", "▞", `d="M14.5 10h4.5v10h-4.5zM10 20h4.5v10h-4.5z"/>`},
		{"a shade", "▒", `fill-opacity="0.5" shape-rendering="crispEdges" d="M10 10h9v20h-9z"/>`},
		{"braille: first and last dot", "⢁", `stroke-linecap="round" fill="none" d="M12.25 12.5h0M16.75 27.5h0"/>`},
		{"a line across, two arms", "─", `d="M10 19.37h5.13v1.26h-5.13zM13.87 19.37h5.13v1.26h-5.13z"/>`},
	} {
		if svg := draw(t, test.frame, 6, 2); !strings.Contains(svg, test.want) {
			t.Errorf("%s: no %s in\n%s", test.what, test.want, svg)
		}
	}
}

// TestEveryShapeIsAShape: no block, braille cell or line that figures use is left to
// a font.
func TestEveryShapeIsAShape(t *testing.T) {
	shapes := "─│┌┐└┘├┤┬┴┼━┃┄┈╌"
	for r := rune(0x2580); r <= 0x259f; r++ {
		shapes += string(r)
	}
	for r := rune(0x2801); r <= 0x28ff; r++ {
		shapes += string(r)
	}
	for _, r := range shapes {
		if svg := draw(t, string(r), 1, 1); strings.Contains(svg, "<text") || !strings.Contains(svg, "<path") {
			t.Errorf("%c is not drawn:\n%s", r, svg)
		}
	}
}
