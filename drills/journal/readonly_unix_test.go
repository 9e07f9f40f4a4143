//go:build unix

package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user the opener runs as where the tests run as root, whom no
// permission stops.
const nobody = 65534

// openElsewhere opens a journal in another process that permissions bind, and
// returns what it says of Open and of OpenReadOnly.
func openElsewhere(t *testing.T, path string) (open, read string) {
	t.Helper()
	cmd := play(t, "open", path)
	if os.Geteuid() == 0 {
		// The folder of the test binary may be closed to others: take a copy.
		folder := t.TempDir()
		binary := filepath.Join(folder, "opener")
		if err := copyNew(cmd.Path, binary); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{filepath.Dir(folder), folder, binary} {
			if err := os.Chmod(name, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Path = binary
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	open, read, _ = strings.Cut(strings.TrimSpace(out.String()), "\n")
	return open, read
}

// ownedByOpener gives a folder and what is in it to the opener, closed to
// others or not as the modes say.
func ownedByOpener(t *testing.T, folder string, folderMode, fileMode os.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, entry := range append(listing(t, folder), ".") {
		path := filepath.Join(folder, entry)
		if os.Geteuid() == 0 {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		mode := fileMode
		if entry == "." {
			mode = folderMode
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(folder, 0o755) })
}

func TestReadOnlyFileAndFolder(t *testing.T) {
	problem := func(p Problem) string { return strconv.Itoa(int(p)) + " " }
	for _, test := range []struct {
		name             string
		missing          bool
		folder, file     os.FileMode
		opened, readOnly string // what each begins with
	}{
		{"all open", false, 0o755, 0o600, "0 40", "0 40"},
		{"file", false, 0o755, 0o400, problem(ReadOnly), "0 40"},
		{"folder", false, 0o555, 0o600, problem(ReadOnly), "0 40"},
		{"file and folder", false, 0o555, 0o400, problem(ReadOnly), "0 40"},
		{"folder without a journal", true, 0o555, 0, problem(ReadOnly), "0 0"},
		{"unreadable file", false, 0o755, 0, problem(Unreadable), problem(Unreadable)},
		{"unreadable folder", false, 0, 0o600, problem(Unreadable), problem(Unreadable)},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := closedJournal(t)
			folder := filepath.Dir(path)
			if test.missing {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
			before := snapshot(t, folder)
			ownedByOpener(t, folder, test.folder, test.file)
			opened, readOnly := openElsewhere(t, path)
			if !strings.HasPrefix(opened, test.opened) {
				t.Errorf("Open: %q, want %q", opened, test.opened)
			}
			if !strings.HasPrefix(readOnly, test.readOnly) {
				t.Errorf("OpenReadOnly: %q, want %q", readOnly, test.readOnly)
			}
			if err := os.Chmod(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			after := snapshot(t, folder)
			if len(after) < len(before) || before[path] != after[path] {
				t.Error("the journal was changed")
			}
		})
	}
}
