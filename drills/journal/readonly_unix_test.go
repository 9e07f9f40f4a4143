//go:build unix

package journal

import (
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

// opener is the path of a program that opens a journal, for [openElsewhere].
func opener(t *testing.T) string {
	t.Helper()
	binary := must[string](t)(os.Executable())
	if os.Geteuid() != 0 {
		return binary
	}
	// The folder of the test binary may be closed to nobody: make a copy.
	folder := t.TempDir()
	for parent := filepath.Dir(filepath.Dir(folder)); parent != filepath.Dir(parent); parent = filepath.Dir(parent) {
		if must[os.FileInfo](t)(os.Stat(parent)).Mode().Perm()&1 == 0 {
			t.Skipf("running as root, and %s is closed to everyone else", parent)
		}
	}
	own := filepath.Join(folder, "opener")
	if err := copyNew(binary, own); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Dir(folder), folder, own} {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return own
}

// openElsewhere opens a journal in another process that permissions bind, and
// returns what it says of Open and of OpenReadOnly.
func openElsewhere(t *testing.T, binary, path string) (open, read string) {
	t.Helper()
	cmd := play(t, "open", path)
	cmd.Path = binary
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	out := must[[]byte](t)(cmd.Output())
	open, read, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
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
	binary := opener(t)
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
			opened, readOnly := openElsewhere(t, binary, path)
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
