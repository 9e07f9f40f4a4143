package journal

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ownDiskVariable names the folder on which the test, run again in a process of
// its own, mounts a small disk that only that process sees.
const ownDiskVariable = "LORALAB_JOURNAL_TEST_DISK"

// A full disk is called that, whichever of its files SQLite could not write, and
// costs nothing that was confirmed.
func TestFullDiskIsSaidToBeFull(t *testing.T) {
	folder := os.Getenv(ownDiskVariable)
	if folder == "" {
		runOnItsOwnDisk(t)
		return
	}
	if err := syscall.Mount("none", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("no disk can be mounted: ", err)
	}
	path := filepath.Join(folder, "journal.db")
	j := openAt(t, path)
	record(t, j, answer("a"))

	rest := fill(t, folder)
	var err error
	for i := 0; err == nil; i++ { // until the room that the log has already is used up
		_, err = j.Record(t.Context(), answer(fmt.Sprint("b", i)))
	}
	saysFull(t, "Record", path, err)
	before := must[[]Answer](t)(j.Answers(t.Context(), Filter{}))
	if err := os.Remove(rest); err != nil {
		t.Fatal(err)
	}
	record(t, j, answer("c"))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	rest = fill(t, folder)
	_, err = Open(t.Context(), path, Options{})
	saysFull(t, "Open", path, err)
	other := filepath.Join(folder, "other.db")
	_, err = Open(t.Context(), other, Options{})
	saysFull(t, "Open of a new one", other, err)
	reader, err := OpenReadOnly(t.Context(), path, Options{})
	if err != nil {
		t.Fatalf("reading needs no room: %v", err)
	}
	after := must[[]Answer](t)(reader.Answers(t.Context(), Filter{}))
	if len(after) != len(before)+1 {
		t.Errorf("%d answers are kept, want %d", len(after), len(before)+1)
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Remove(rest); err != nil {
		t.Fatal(err)
	}
	record(t, openAt(t, path), answer("d"))
}

// runOnItsOwnDisk runs this test again where it may mount a disk.
func runOnItsOwnDisk(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), must[string](t)(os.Executable()), "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), ownDiskVariable+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch {
	case cmd.ProcessState == nil:
		t.Skip("no process of its own: ", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skip(string(out))
	}
}

func saysFull(t *testing.T, what, path string, err error) {
	t.Helper()
	var found *FileError
	if !errors.As(err, &found) || found.Problem != Full {
		t.Fatalf("%s: %v; want a FileError that the disk is full", what, err)
	}
	for _, want := range []string{path, "the disk is full", "make room", "is safe"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q does not say %q", what, err, want)
		}
	}
}

// fill makes a file that takes all the room there is.
func fill(t *testing.T, folder string) (name string) {
	t.Helper()
	file := must[*os.File](t)(os.CreateTemp(folder, "rest-*"))
	defer file.Close()
	for size := 64 << 10; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			size /= 2
		}
	}
	return file.Name()
}
