package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/plots"
)

// exported brings the outcome of an export.
type exported struct {
	path string
	err  error
}

// export draws the figure that is shown into a new file in the folder of
// pictures.
func (p *panel) export() tea.Cmd {
	f := p.current()
	if p.trial.Record() == nil {
		f = nil
	}
	if f == nil {
		p.say("no figure to export here", false)
		return nil
	}
	folder := p.env.pictures
	name := fmt.Sprintf("loralab-%s-%s-seed%s", p.trial.Experiment.ID, f.ID, p.trial.Record().Settings.Text("seed"))
	return func() tea.Msg {
		path, err := saveNew(folder, name, ".png", []*plots.Figure{f})
		return exported{path, err}
	}
}

// exported says where the figure is. Of a path that is too long for the line the
// end is shown; all of it is printed when the screen is left.
func (p *panel) exported(e exported) {
	if e.err != nil {
		p.say(e.err.Error(), true)
		return
	}
	p.env.exported = append(p.env.exported, e.path)
	const written = "written: "
	path := e.path
	if over := len(written) + ansi.StringWidth(path) - p.width; over > 0 {
		path = ansi.TruncateLeft(path, over+1, "…")
	}
	p.say(written+path, false)
}

// Exported are the files to which figures were exported, in order.
func (a App) Exported() []string { return a.env.exported }

// saveNew draws figures into a file of that name, or with a number added to it
// where the name is taken: no file is overwritten. The folder is made if there
// is none.
func saveNew(folder, name, extension string, figures []*plots.Figure) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("no folder for pictures: %w", err)
	}
	for number := 1; ; number++ {
		path := filepath.Join(folder, name+extension)
		if number > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", name, number, extension))
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // takes the name
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		file.Close()
		if err := plots.Save(path, figures); err != nil {
			os.Remove(path)
			return "", err
		}
		return path, nil
	}
}
