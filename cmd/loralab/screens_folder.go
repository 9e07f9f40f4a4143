package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"loralab/lora/atomicfile"
	"loralab/plots"
	"loralab/tui"
	"loralab/tui/picture"
)

// screensFolder is the folder that screens are written to. It keeps to the rule of
// [destination] for each file in it.
type screensFolder struct {
	name  string
	force bool
	kept  string // the file of the journal
	split bool   // a folder for each size
}

func (f *screensFolder) addTo(flags *pflag.FlagSet) {
	flags.StringVarP(&f.name, "output", "o", "", "the `folder` to write to; it is made if there is none")
	flags.BoolVar(&f.force, "force", false, "let -o overwrite screens that exist")
}

// prepare refuses what cannot be written before anything is run, and makes the
// folders.
func (f *screensFolder) prepare(looks []tui.Look, names []string, kept string) error {
	if f.name == "" {
		return errors.New("where to? -o FOLDER")
	}
	f.kept, f.split = kept, len(looks) > 1
	if parent := filepath.Dir(f.name); !isFolder(parent) {
		return fmt.Errorf("-o %s: there is no folder %s to make it in", printable(f.name), printable(parent))
	}
	for _, look := range looks {
		folder := f.of(look)
		if _, err := os.Stat(folder); err == nil && !isFolder(folder) {
			return fmt.Errorf("-o %s: %s is no folder", printable(f.name), printable(folder))
		}
		for _, name := range names {
			for _, extension := range extensions {
				if err := f.check(filepath.Join(folder, name+extension)); err != nil {
					return err
				}
			}
		}
	}
	for _, look := range looks {
		if err := os.MkdirAll(f.of(look), 0o777); err != nil {
			return fmt.Errorf("-o %s: %w", printable(f.name), err)
		}
	}
	return nil
}

// extensions are the files that a screen is written to.
var extensions = []string{".txt", ".svg"}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// check refuses a file that may not be written.
func (f *screensFolder) check(file string) error {
	if _, err := os.Lstat(file); err != nil {
		return nil // the folder may not be there yet
	}
	d := destination{flag: "-o", file: file, force: f.force}
	return d.check(f.kept)
}

// of is the folder of a look.
func (f *screensFolder) of(l tui.Look) string {
	if !f.split {
		return f.name
	}
	return filepath.Join(f.name, fmt.Sprintf("%dx%d", l.Width, l.Height))
}

// write writes a screen as text and as a picture.
func (f *screensFolder) write(s tui.Shot) error {
	lines := strings.Split(ansi.Strip(s.Frame), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	svg := picture.SVG(s.Frame, "loralab, "+strings.ReplaceAll(s.Name, "-", " "), s.Look.Width, s.Look.Height, ground(s.Look))
	for extension, content := range map[string][]byte{".txt": []byte(strings.Join(lines, "\n") + "\n"), ".svg": svg} {
		file := filepath.Join(f.of(s.Look), s.Name+extension)
		if err := f.check(file); err != nil { // a screen that goes on: its name was not known before
			return err
		}
		err := atomicfile.Write(file, f.force, func(w atomicfile.File) error {
			_, err := io.Copy(w, bytes.NewReader(content))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ground is what the pictures of a look stand on: what its figures assume.
func ground(l tui.Look) picture.Ground {
	ink := plots.DarkInk()
	if l.Theme == tui.Light {
		ink = plots.LightInk()
	}
	return picture.Ground{Paper: ink.Ground, Text: ink.Text}
}
