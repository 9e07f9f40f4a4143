package tui

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"loralab/content"
	"loralab/drills/journal"
	"loralab/lessons"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// driver drives the program without a terminal: it types keys, and says where the
// screen does not show what it should.
type driver struct {
	*headless
	t *testing.T
}

func open(t *testing.T, width, height int, o Options) *driver {
	t.Helper()
	lab := lessons.NewLaboratory(content.FS)
	all, err := lessons.ParseLessons(content.FS, lab)
	if err != nil {
		t.Fatal(err)
	}
	if o.Notebook == nil {
		if o.Notebook, err = lessons.NewNotebook(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if o.Glossary, err = lessons.ReadGlossary(content.FS); err != nil {
		t.Fatal(err)
	}
	o.Lessons, o.Lab = all, lab
	return &driver{t: t, headless: newHeadless(t.Context(), New(o), width, height)}
}

// openBook opens the journal in a file, and a notebook that writes to it.
func openBook(t *testing.T, file string) (*lessons.Notebook, *journal.Journal) {
	t.Helper()
	j, err := journal.Open(t.Context(), file, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	book, err := lessons.NewNotebook(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return book, j
}

// lesson is the lesson that is shown; it is a mistake in the test if none is.
func (d *driver) lesson() *lessonScreen { return d.app.on.(*lessonScreen) }

// drill is the drill or the interview that is shown.
func (d *driver) drill() *drillScreen { return d.app.on.(*drillScreen) }

// screen is what is shown, without colour.
func (d *driver) screen() string { return ansi.Strip(d.app.View().Content) }

// until lets messages come in until the screen shows the text and no deed is under way.
func (d *driver) until(text string) {
	d.t.Helper()
	hang := time.After(60 * time.Second)
	for !strings.Contains(d.screen(), text) {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		case <-hang:
			d.t.Fatalf("the screen never shows %q:\n%s", text, d.screen())
		}
	}
	d.settle() // a run that has ended is written down before its scene comes
}

func (d *driver) shows(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if !strings.Contains(d.screen(), text) {
			d.t.Errorf("the screen does not show %q:\n%s", text, d.screen())
		}
	}
}

// timings differ from run to run and are blanked in golden screens.
var timings = regexp.MustCompile(`done in [0-9.]+ m?s|[0-9.,]+ steps/s`)

// golden compares the screen with testdata/<name>.golden.
func (d *driver) golden(name string) {
	d.t.Helper()
	d.compare(name, d.screen())
}

func (d *driver) compare(name, screen string) {
	d.t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) != d.app.env.height {
		d.t.Errorf("%s: %d lines on a screen of %d", name, len(lines), d.app.env.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > d.app.env.width {
			d.t.Errorf("%s: line %d is %d wide on a screen of %d: %q", name, i+1, w, d.app.env.width, line)
		}
		lines[i] = strings.TrimRight(timings.ReplaceAllString(line, "(timing)"), " ")
	}
	got := strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	if runtime.GOARCH != "amd64" {
		d.t.Logf("%s: not compared: the compiler fuses multiply and add on %s, so late digits of a training differ", name, runtime.GOARCH)
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	if got != string(want) {
		d.t.Errorf("%s differs from %s (go test ./tui -update writes it anew). Got:\n%s", name, file, got)
	}
}
