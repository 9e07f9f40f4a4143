package plots

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// placed is a text of a drawing. The box of a turned one is meaningless.
type placed struct {
	text   string
	turned bool
	box    vg.Rectangle
}

func upright(texts []placed) []placed {
	return slices.DeleteFunc(texts, func(p placed) bool { return p.turned })
}

func boxes(texts []placed) []vg.Rectangle {
	var all []vg.Rectangle
	for _, p := range texts {
		all = append(all, p.box)
	}
	return all
}

// svgTexts returns the texts of a drawing, each with the box of its digits and
// capitals.
func svgTexts(t *testing.T, svg string) []placed {
	t.Helper()
	var texts []placed
	var groups []bool // of each open group, whether it turns what it contains
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		tok, err := d.Token()
		if err != nil {
			return texts
		}
		if end, ok := tok.(xml.EndElement); ok && end.Name.Local == "g" {
			groups = groups[:len(groups)-1]
			continue
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local == "g" {
			groups = append(groups, slices.ContainsFunc(start.Attr, func(a xml.Attr) bool {
				return a.Name.Local == "transform" && strings.Contains(a.Value, "rotate")
			}))
			continue
		}
		if start.Name.Local != "text" {
			continue
		}
		var x, y, size float64
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "x":
				fmt.Sscan(a.Value, &x)
			case "y":
				fmt.Sscan(a.Value, &y)
			case "style":
				if _, rest, ok := strings.Cut(a.Value, "font-size:"); ok {
					number, _, _ := strings.Cut(rest, "px")
					fmt.Sscan(number, &size)
				}
			}
		}
		var text string
		if err := d.DecodeElement(&text, &start); err != nil {
			t.Fatal(err)
		}
		if size == 0 {
			t.Fatalf("no size in %v", start)
		}
		w, _, _ := (printed{}).Box(text, font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)})
		// Boxes are only compared: it does not matter that y is negated.
		texts = append(texts, placed{text, slices.Contains(groups, true), vg.Rectangle{Min: vg.Point{X: vg.Length(x), Y: vg.Length(-y)}, Max: vg.Point{X: vg.Length(x) + w, Y: vg.Length(-y + 0.7*size)}}})
	}
}
