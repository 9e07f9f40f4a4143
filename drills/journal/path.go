package journal

import (
	"errors"
	"path/filepath"
	"runtime"
)

// DefaultPath is the journal's file when none is named: LORALAB_JOURNAL if it
// is set and not empty, else journal.db in the [DataFolder]. getenv is
// [os.Getenv] outside tests.
func DefaultPath(getenv func(string) string) (string, error) {
	return defaultPath(runtime.GOOS, getenv)
}

// DataFolder is where loralab keeps what is the user's: loralab under
// XDG_DATA_HOME, else in the system's usual place for a user's data:
// ~/.local/share, on macOS ~/Library/Application Support, on Windows
// %LocalAppData%. It need not exist. The error says that no such place is
// known. getenv is [os.Getenv] outside tests.
func DataFolder(getenv func(string) string) (string, error) {
	return dataFolder(runtime.GOOS, getenv)
}

func defaultPath(system string, getenv func(string) string) (string, error) {
	if file := getenv("LORALAB_JOURNAL"); file != "" {
		return file, nil
	}
	folder, err := dataFolder(system, getenv)
	if err != nil {
		return "", errors.New("journal: no place for it: none of LORALAB_JOURNAL, XDG_DATA_HOME and the home folder is set; name a file with LORALAB_JOURNAL or --journal")
	}
	return filepath.Join(folder, "journal.db"), nil
}

func dataFolder(system string, getenv func(string) string) (string, error) {
	// The XDG specification tells readers to ignore relative folders. A relative
	// home folder would be another one in every folder the program runs in.
	absolute := func(name string) string {
		if folder := getenv(name); filepath.IsAbs(folder) {
			return folder
		}
		return ""
	}
	if data := absolute("XDG_DATA_HOME"); data != "" {
		return filepath.Join(data, "loralab"), nil
	}
	switch home := absolute("HOME"); {
	case system == "windows" && absolute("LocalAppData") != "":
		return filepath.Join(absolute("LocalAppData"), "loralab"), nil
	case system == "windows" && absolute("USERPROFILE") != "":
		return filepath.Join(absolute("USERPROFILE"), "AppData", "Local", "loralab"), nil
	case system == "darwin" && home != "":
		return filepath.Join(home, "Library", "Application Support", "loralab"), nil
	case system != "windows" && home != "":
		return filepath.Join(home, ".local", "share", "loralab"), nil
	}
	return "", errors.New("journal: neither XDG_DATA_HOME nor the home folder is set")
}
