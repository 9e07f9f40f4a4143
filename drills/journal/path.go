package journal

import (
	"errors"
	"path/filepath"
	"runtime"
)

// DefaultPath is the journal's file when none is named: LORALAB_JOURNAL if it
// is set, else loralab/journal.db under XDG_DATA_HOME, else in the system's
// usual place for a user's data: ~/.local/share, on macOS ~/Library/Application
// Support, on Windows %LocalAppData%. getenv is [os.Getenv] outside tests.
func DefaultPath(getenv func(string) string) (string, error) {
	return defaultPath(runtime.GOOS, getenv)
}

func defaultPath(system string, getenv func(string) string) (string, error) {
	if file := getenv("LORALAB_JOURNAL"); file != "" {
		return file, nil
	}
	// The XDG specification tells readers to ignore relative folders.
	if data := getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "loralab", "journal.db"), nil
	}
	switch home := getenv("HOME"); {
	case system == "windows" && getenv("LocalAppData") != "":
		return filepath.Join(getenv("LocalAppData"), "loralab", "journal.db"), nil
	case system == "windows" && getenv("USERPROFILE") != "":
		return filepath.Join(getenv("USERPROFILE"), "AppData", "Local", "loralab", "journal.db"), nil
	case system == "darwin" && home != "":
		return filepath.Join(home, "Library", "Application Support", "loralab", "journal.db"), nil
	case system != "windows" && home != "":
		return filepath.Join(home, ".local", "share", "loralab", "journal.db"), nil
	}
	return "", errors.New("journal: no place for it: none of LORALAB_JOURNAL, XDG_DATA_HOME and the home folder is set; name a file with LORALAB_JOURNAL or --journal")
}
