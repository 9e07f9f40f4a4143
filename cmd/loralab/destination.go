package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
)

// destination is a file that a command writes, named by a flag and guarded by
// --force. Every command follows the same rule: what exists is overwritten only
// with --force, and what is not a regular file never is.
type destination struct {
	flag  string // as it is written: -o, --plot
	file  string // "" for none
	force bool
}

// addTo adds the flag and --force to a command's.
func (d *destination) addTo(flags *pflag.FlagSet, name, short, usage string) {
	d.flag = "--" + name
	if short != "" {
		d.flag = "-" + short
	}
	flags.StringVarP(&d.file, name, short, "", usage)
	flags.BoolVar(&d.force, "force", false, fmt.Sprintf("let %s overwrite a file that exists", d.flag))
}

// check refuses a file that may not be written, before anything is done that
// takes time. kept is the file of the journal, which is never overwritten.
func (d *destination) check(kept string) error {
	if d.file == "" {
		if d.force {
			return fmt.Errorf("--force goes with %s FILE", d.flag)
		}
		return nil
	}
	name := d.flag + " " + printable(d.file)
	there, err := os.Stat(d.file)
	if errors.Is(err, fs.ErrNotExist) {
		folder := filepath.Dir(d.file)
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: there is no folder %s to write to", name, printable(folder))
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if journal, err := os.Stat(kept); err == nil && os.SameFile(journal, there) {
		return fmt.Errorf("%s is the journal itself: name another file", name)
	}
	if !there.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", name)
	}
	if !d.force {
		return fmt.Errorf("%s exists: name another file, or overwrite it with --force", name)
	}
	return nil
}
