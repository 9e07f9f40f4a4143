package plots

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"loralab/lora/atomicfile"
)

// A figure in a file is 480 × 300 points; as PNG, at 144 dots an inch, 960 × 600.
const (
	pageW vg.Length = 480
	pageH vg.Length = 300
	dpi             = 144
)

// Formats lists the formats that [Save] knows.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// Save draws figures into a file whose extension names the format (png, svg,
// pdf); several are tiled on one page. The file is replaced as a whole, as
// [atomicfile.Write] says: nothing half-written is ever seen under its name.
func Save(path string, figs []*Figure) error {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if err := check(format, figs); err != nil {
		return fmt.Errorf("plots: save %s: %w", path, err)
	}
	err := atomicfile.Write(path, true, func(f atomicfile.File) error {
		w := bufio.NewWriter(f)
		if err := encode(w, format, figs); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return w.Flush()
	})
	if err != nil {
		return fmt.Errorf("plots: save %w", err)
	}
	return nil
}

func check(format string, figs []*Figure) error {
	known := false
	for _, f := range Formats() {
		known = known || f == format
	}
	switch {
	case format == "":
		return fmt.Errorf("no format; the file's name must end in .%s", strings.Join(Formats(), ", ."))
	case !known:
		return fmt.Errorf("unknown format %q (formats: %s)", format, strings.Join(Formats(), ", "))
	case len(figs) == 0:
		return errors.New("no figures to draw")
	}
	return nil
}

func encode(w io.Writer, format string, figs []*Figure) error {
	cols := int(math.Ceil(math.Sqrt(float64(len(figs)))))
	rows := (len(figs) + cols - 1) / cols
	wide, high := vg.Length(cols)*pageW, vg.Length(rows)*pageH
	var c vg.CanvasWriterTo
	switch format {
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(wide, high), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(LightInk().Ground))}
	case "svg":
		c = vgsvg.New(wide, high)
	default:
		c = vgpdf.New(wide, high)
	}
	page := draw.NewCanvas(c, wide, high)
	page.SetColor(LightInk().Ground)
	fillRect(page, 0, 0, wide, high)
	for i, f := range figs {
		x, y := vg.Length(i%cols)*pageW, high-vg.Length(i/cols+1)*pageH
		f.drawTile(draw.Canvas{Canvas: page, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x + 16, Y: y + 10}, Max: vg.Point{X: x + pageW - 16, Y: y + pageH - 14},
		}})
	}
	if format == "svg" {
		var buf bytes.Buffer
		if _, err := c.WriteTo(&buf); err != nil {
			return err
		}
		// Where the fonts of gonum are not installed, one of the same widths.
		_, err := w.Write(bytes.ReplaceAll(buf.Bytes(), []byte("font-family:Liberation Sans;"),
			[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")))
		return err
	}
	_, err := c.WriteTo(w)
	return err
}

// drawTile draws the plot with its caption beneath.
func (f *Figure) drawTile(c draw.Canvas) {
	if f.Caption != "" {
		ink := LightInk()
		sty := text.Style{
			Color: ink.Muted, Handler: printed{}, XAlign: draw.XLeft, YAlign: draw.YBottom,
			Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: 9.5},
		}
		lines := wrapText(f.Caption, func(s string) bool { return sty.Width(s) <= c.Size().X })
		for i := len(lines) - 1; i >= 0; i-- {
			c.FillText(sty, c.Min, lines[i])
			c.Min.Y += 12
		}
		c.Min.Y += 6
	}
	f.Plot().Draw(c)
}

// wrapText breaks a sentence into lines that fit.
func wrapText(s string, fits func(string) bool) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		switch {
		case line == "":
			line = word
		case fits(line + " " + word):
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
