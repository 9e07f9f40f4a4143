package plots

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// written are digits of UCI's optdigits: a character for each pixel, 0 to G, and a
// slash after each row.
var written = [...]string{
	"0004FC00/003GFE00/008D8G00/0016FB00/018DF100/09GG5000/03DGGB50/0003BG90",
	"007FD100/08D6F400/021DD000/002FB100/0001CC10/00001A80/00845E90/007DD900",
	"0001B000/00078000/001D6220/007F0980/05GA0G60/04FGDG10/0003FA00/0002G400",
	"00CA0000/00EGGE00/00DGFA10/00BGG700/00047G70/00004G90/0054CG40/009GGA00",
	"0078DGF1/00774BC0/00008D10/0488FF60/02BFF400/000G5000/009F1000/00D50000",
	"00BC0000/02GGGD00/03GCAE00/01G1CF00/00DG9F20/000309B0/00009F40/009CD300",
}

const shows = "234579"

func digit(i int, turned bool) Picture {
	var p Picture
	for _, line := range strings.Split(written[i], "/") {
		var row []float64
		for _, char := range line {
			row = append(row, float64(strings.IndexRune("0123456789ABCDEFG", char))/16)
		}
		p = append(p, row)
	}
	if !turned {
		return p
	}
	q := make(Picture, len(p))
	for y := range p {
		for x := range p {
			q[y] = append(q[y], p[x][len(p)-1-y])
		}
	}
	return q
}

// readings are what three readers make of six digits, upright and turned.
func readings() *Figure {
	line := func(name string, style Style, total, reads string) Reading {
		l := Reading{Name: name, Style: style, Total: total}
		for i, char := range reads {
			c := Caption{Text: string(char), More: fmt.Sprintf("%d %%", 99-9*i), Verdict: Wrong}
			if char == rune(shows[i]) {
				c.Verdict = Right
			}
			l.Captions = append(l.Captions, c)
		}
		return l
	}
	f := &Figure{ID: "digits", Title: "what the network reads, step 400", Caption: "Each reader sees the same images.", Images: &Images{
		Names: strings.Split(shows, ""), Totals: "of 360",
		Rows: []ImageRow{
			{Name: "upright", Readings: []Reading{line("base", 1, "97.5 %", "234579")}},
			{Name: "turned", Readings: []Reading{line("base", 1, "11.1 %", "534847"), line("full", 2, "97.8 %", "234579"), line("LoRA, r = 4", 0, "96.9 %", "234578")}},
		}}}
	for i := range written {
		f.Images.Rows[0].Pictures = append(f.Images.Rows[0].Pictures, digit(i, false))
		f.Images.Rows[1].Pictures = append(f.Images.Rows[1].Pictures, digit(i, true))
	}
	return f
}

// In 76 × 13 cells six digits fit in two rows, with all that is read in them and how
// sure; where there is less room, no line is left out.
func TestImagesLeaveNoLineOut(t *testing.T) {
	f := readings()
	for name, ink := range map[string]Ink{"dark": DarkInk(), "light": LightInk(), "mono": MonoInk(), "ascii": Ink{Mono: true, ASCII: true}} {
		for rows := 13; rows >= 8; rows-- {
			drawn := ansi.Strip(f.Cells(76, rows, ink))
			for _, want := range []string{"upright", "turned", "base", "full", "LoRA, r = 4", "97.5 %", "11.1 %", "97.8 %", "96.9 %", "of 360"} {
				if !strings.Contains(drawn, want) {
					t.Errorf("%s, %d rows: %q is left out:\n%s", name, rows, want, drawn)
				}
			}
			if sure := strings.Count(drawn, " 54 %"); sure != 4 && name != "ascii" {
				t.Errorf("%s, %d rows: it is said %d times how sure the last reading is:\n%s", name, rows, sure, drawn)
			}
		}
	}
	if rows := f.Rows(); !strings.ContainsRune(ansi.Strip(f.Cells(76, rows, DarkInk())), 0x2800|0x34) {
		t.Errorf("at the %d rows that it asks for it draws no dots", rows)
	}
}

// Each pixel of a picture is its grey: half a cell, or two characters.
func TestImagePixels(t *testing.T) {
	f := &Figure{Images: &Images{Rows: []ImageRow{{Pictures: []Picture{{{0, 1}, {1, 0}, {0.5, 2}, {-1, 0}}}}}}}
	for name, tt := range map[string]struct {
		cols, rows int
		ink        Ink
		want       string
	}{
		"mono":         {5, 2, MonoInk(), "▄▀   \n▀▀   "},
		"mono shades":  {7, 4, MonoInk(), "  ██   \n██     \n▒▒██   \n       "},
		"ascii":        {5, 2, Ink{Mono: true, ASCII: true}, "o\"   \n\"\"   "},
		"ascii shades": {7, 4, Ink{Mono: true, ASCII: true}, "  @@   \n@@     \n++@@   \n       "},
	} {
		if got := f.Cells(tt.cols, tt.rows, tt.ink); got != tt.want {
			t.Errorf("%s:\n%q, want\n%q", name, got, tt.want)
		}
	}
	dark := DarkInk()
	paper, stroke := dark.grey(0), dark.grey(1)
	if got, want := f.Cells(3, 2, dark), fmt.Sprintf("\x1b[38;2;%d;%d;%d;48;2;%d;%d;%dm▀", paper.R, paper.G, paper.B, stroke.R, stroke.G, stroke.B); !strings.HasPrefix(got, want) {
		t.Errorf("the first cell is %q, want %q", got, want)
	}
}

// ASCII alone, at every size.
func TestImagesASCII(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {76, 13}, {120, 40}, {240, 60}} {
		for _, r := range readings().Cells(size[0], size[1], Ink{Mono: true, ASCII: true}) {
			if r > 0x7e {
				t.Fatalf("%v: %q", size, r)
			}
		}
	}
}

// Groups show fewer pictures where there is less room, each as many.
func TestImageGroups(t *testing.T) {
	f := readings()
	f.Images.Groups = []string{"even", "odd"}
	for cols, want := range map[int]int{76: 6, 60: 4, 30: 2} {
		drawn := ansi.Strip(f.Cells(cols, 14, DarkInk()))
		line := drawn[strings.Index(drawn, "full"):]
		if got := strings.Count(line[:strings.IndexByte(line, '\n')], "✓"); got != want {
			t.Errorf("%d columns: %d pictures, want %d:\n%s", cols, got, want, drawn)
		}
		if !strings.Contains(drawn, "even") || !strings.Contains(drawn, "odd") {
			t.Errorf("%d columns: a group is not named:\n%s", cols, drawn)
		}
	}
}

// A prediction stands at the line that it is of, before there are pictures too.
func TestImageMarks(t *testing.T) {
	f := readings()
	f.Marks = []Mark{{Row: "LoRA, r = 4", Value: 85, Label: "you 85 %"}, {Row: "turned: base", Label: "you 20 %"}, {Row: "LoRA, r = 4", Truth: true, Label: "the run 96.9 %"}}
	for _, cols := range []int{76, 100} {
		drawn := ansi.Strip(f.Cells(cols, 13, DarkInk()))
		if strings.Count(drawn, "you 85 %") != 1 || strings.Count(drawn, "you 20 %") != 1 || strings.Contains(drawn, "the run") {
			t.Errorf("%d columns:\n%s", cols, drawn)
		}
	}
	for i := range f.Images.Rows {
		f.Images.Rows[i].Pictures = make([]Picture, len(written))
	}
	if drawn := ansi.Strip(f.Cells(76, 13, DarkInk())); !f.Empty() || !strings.Contains(drawn, "you 85 %") || strings.Contains(drawn, noData) {
		t.Errorf("without pictures (empty %v):\n%s", f.Empty(), drawn)
	}
}

// In comparison a line that has changed has below it what it was.
func TestImagesBeside(t *testing.T) {
	before, now := readings(), readings()
	line := &now.Images.Rows[1].Readings[2]
	line.Captions[5], line.Total = Caption{Text: "9", More: "88 %", Verdict: Right}, "98.1 %"
	both := Beside(before, now)
	drawn := both.Cells(76, 14, MonoInk())
	if strings.Count(drawn, "before: ") != 1 || !strings.Contains(drawn, "before: LoRA, r = 4") || !strings.Contains(drawn, "96.9 %") || !strings.Contains(drawn, "98.1 %") || !strings.Contains(drawn, "8 ✗") {
		t.Errorf("in comparison:\n%s", drawn)
	}
	before.Images.Rows[1].Pictures[0] = digit(1, true)
	if rows := Beside(before, now).Images.Rows; len(rows[1].Readings) != 4 || rows[1].Readings[3].Captions != nil || rows[1].Readings[3].Total != "96.9 %" {
		t.Errorf("what was read in other pictures is shown: %+v", rows[1].Readings)
	}
	if len(now.Images.Rows[1].Readings) != 3 {
		t.Error("the figure of now has changed")
	}
}

// Where six pictures do not fit beside each other, fewer are drawn, down to four.
func TestImagesShowFewer(t *testing.T) {
	for cols, want := range map[int]int{76: 6, 66: 5, 57: 4, 118: 5} {
		drawn := readings().Cells(cols, 14+cols/10, MonoInk())
		line := drawn[strings.Index(drawn, "full"):]
		if got := strings.Count(line[:strings.IndexByte(line, '\n')], "✓"); got != want || !strings.ContainsAny(drawn, "▀▓") {
			t.Errorf("%d columns: %d pictures, want %d:\n%s", cols, got, want, drawn)
		}
	}
}
