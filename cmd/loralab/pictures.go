package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"

	"loralab/drills/journal"
)

// picturesFolder is where figures are exported to from the screen: where the
// user keeps pictures, or else beside the journal's usual place. It is
// XDG_PICTURES_DIR, from the environment or from user-dirs.dirs (see xdg-user-dirs
// on freedesktop.org), then Pictures in the home folder if there is one, then
// the data folder. "" says that no such place is known. getenv is [os.Getenv]
// outside tests.
func picturesFolder(getenv func(string) string) string {
	home := getenv("HOME")
	if home == "" {
		home = getenv("USERPROFILE") // Windows
	}
	// The specification wants absolute folders, and says "none" by the home folder.
	usable := func(folder string) bool {
		return filepath.IsAbs(folder) && filepath.Clean(folder) != filepath.Clean(home) && escape(folder) == folder
	}
	if folder := getenv("XDG_PICTURES_DIR"); usable(folder) {
		return folder
	}
	if folder := configuredPictures(getenv("XDG_CONFIG_HOME"), home); usable(folder) {
		return folder
	}
	folder := filepath.Join(home, "Pictures")
	if info, err := os.Stat(folder); err == nil && info.IsDir() && usable(folder) {
		return folder
	}
	if folder, err := journal.DataFolder(getenv); err == nil && usable(folder) {
		return folder
	}
	return ""
}

// configuredPictures is the folder of pictures in the user's user-dirs.dirs; ""
// where there is none.
func configuredPictures(config, home string) string {
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	file, err := openRegular(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return ""
	}
	defer file.Close()
	return parsePictures(file, home)
}

// parsePictures reads XDG_PICTURES_DIR from lines of the form
// XDG_PICTURES_DIR="$HOME/folder" or ="/folder", with shell escapes.
func parsePictures(r io.Reader, home string) (folder string) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		value, found := strings.CutPrefix(strings.TrimSpace(lines.Text()), "XDG_PICTURES_DIR=")
		if !found {
			continue
		}
		value, opened := strings.CutPrefix(value, `"`)
		value, closed := strings.CutSuffix(value, `"`)
		if !opened || !closed {
			continue
		}
		below, relative := strings.CutPrefix(value, "$HOME")
		if below = unescape(below); relative && (below == "" || below[0] == '/') {
			folder = filepath.Join(home, below)
		} else if !relative {
			folder = unescape(value)
		}
	}
	return folder
}

// unescape takes the backslashes away that a shell would.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
