package tui

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/drills"
	"loralab/lessons/lab"
)

// randomKeys are what a learner, or a cat, may press anywhere, but for ctrl+c.
var randomKeys = strings.Fields(`
	alt+d alt+delete ctrl+delete alt+backspace ctrl+w ctrl+k ctrl+u ctrl+left ctrl+right alt+left alt+right
	home end delete backspace left right up down pgup pgdown enter tab shift+tab
	ctrl+a ctrl+e ctrl+b ctrl+f ctrl+d ctrl+h ctrl+t ctrl+n ctrl+p alt+b alt+f alt+c alt+l alt+u
	a b c d e f g h i j k l m n o p r s t u v w x y z A B I ? [ ] + - * / ( ) = . 0 1 2 3 4 5 9 ` + "\u0301 中 ΔW")

// randomPastes are what may come from a clipboard.
var randomPastes = []string{
	"2344", "", " ", "\n", "4*(64+128)\r\n+4*256\r", "x" + strings.Repeat("\u0301", 5000), strings.Repeat("中 ", 3000),
	"\x1b[31mred\x1b[m\x00\x03", "👩\u200d👩\u200d👧", "\xff\xfe", "B is zero\nso the\tupdate is zero",
}

// randomMsg is the next thing that happens at the terminal.
func randomMsg(t *testing.T, r *rand.Rand) tea.Msg {
	switch r.IntN(20) {
	case 0:
		return tea.PasteMsg{Content: randomPastes[r.IntN(len(randomPastes))]}
	case 1:
		return tea.WindowSizeMsg{Width: 1, Height: 1}
	case 2, 3:
		sizes := []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 140, Height: 40}, {Width: 20, Height: 6}, {Width: 3, Height: 50}, {}}
		return sizes[r.IntN(len(sizes))]
	case 4:
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case 5:
		if r.IntN(4) == 0 { // seldom: it leaves the screen
			return tea.KeyPressMsg{Code: tea.KeyEscape}
		}
	}
	name := randomKeys[r.IntN(len(randomKeys))]
	if len([]rune(name)) == 2 { // two letters of one key
		return tea.KeyPressMsg{Code: tea.KeyExtended, Text: name}
	}
	if name >= "A" && name <= "Z" {
		return tea.KeyPressMsg{Code: rune(name[0] - 'A' + 'a'), ShiftedCode: rune(name[0]), Text: name, Mod: tea.ModShift}
	}
	return chord(t, name)
}

// briefLab has the experiments of the laboratory, of which none computes: on the
// bench random keys begin hundreds of runs.
func briefLab(all lab.Laboratory) lab.Laboratory {
	brief := make(lab.Laboratory, len(all))
	for i, e := range all {
		short := *e
		short.Run = func(ctx context.Context, _ lab.Settings, _ *lab.Recorder) error {
			<-ctx.Done()
			return ctx.Err()
		}
		brief[i] = &short
	}
	return brief
}

// TestRandomKeys presses keys at random on every screen, and draws each time. A
// seed that fails is told, with the keys that led there.
func TestRandomKeys(t *testing.T) {
	screens := []struct {
		name string
		open func(*testing.T) *driver
	}{
		{"home", func(t *testing.T) *driver { return open(t, 80, 24, Options{Theme: Dark}) }},
		{"help", func(t *testing.T) *driver { d := open(t, 80, 24, Options{Theme: Dark}); d.press("?"); return d }},
		{"prediction", func(t *testing.T) *driver { d := open(t, 80, 24, Options{Theme: Dark}); d.press("enter"); return d }},
		{"bench", func(t *testing.T) *driver {
			d := open(t, 100, 30, Options{Theme: Dark})
			d.app.options.Lab = briefLab(d.app.options.Lab)
			d.press("b")
			return d
		}},
		{"drill", func(t *testing.T) *driver { return openDrills(t, 80, 24, Options{}) }},
		{"sentences", func(t *testing.T) *driver {
			return openDrills(t, 80, 24, Options{Start: Start{Drill: &drills.SittingOptions{Family: "reparameterization/why-low-rank", Seed: 5, Now: fixedNow}}})
		}},
		{"interview", func(t *testing.T) *driver {
			return openDrills(t, 80, 24, Options{Start: Start{Interview: &drills.InterviewOptions{Seed: 1, Now: fixedNow}}})
		}},
		{"progress", func(t *testing.T) *driver {
			d := openDrills(t, 80, 24, Options{})
			d.press("esc")
			d.until("progress")
			d.press("p")
			return d
		}},
	}
	for _, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			for seed := range uint64(2) {
				d := screen.open(t)
				d.app.env.pictures = t.TempDir()
				press(t, d, rand.New(rand.NewPCG(seed, 0)), seed)
			}
		})
	}
}

// press lets 150 random things happen, and what comes of them.
func press(t *testing.T, d *driver, r *rand.Rand, seed uint64) {
	t.Helper()
	var happened []string
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("seed %d: %s", seed, strings.Join(happened, " "))
			panic(p)
		}
	}()
	for range 150 {
		msg := randomMsg(t, r)
		happened = append(happened, fmt.Sprintf("%.20v", msg))
		d.send(msg)
		d.settle()
		for len(d.msgs) > 0 {
			d.send(<-d.msgs)
		}
		width := d.app.env.width
		for _, line := range strings.Split(d.screen(), "\n") {
			if w := ansi.StringWidth(line); width >= 20 && w > width {
				t.Fatalf("seed %d: %d columns on a screen of %d, %q, after %s", seed, w, width, line, strings.Join(happened, " "))
			}
		}
	}
}
