//go:build unix

package plots

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestSaveLeavesPipes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.png")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if err := Save(path, samples()[2:3]); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("Save into a pipe: %v", err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is gone: %v, %v", info, err)
	}
}

// A file that cannot be written to its end is not there at all, and an old one
// is what it was.
//
// The system's limit holds for a whole process, and the testing package keeps a file
// of its own: the limit is set in a process that does nothing else.
func TestSaveLeavesNoHalf(t *testing.T) {
	const alone = "LORALAB_TEST_SMALL_FILES"
	if os.Getenv(alone) == "" {
		again := exec.Command(os.Args[0], "-test.run=^TestSaveLeavesNoHalf$")
		again.Env = append(os.Environ(), alone+"=1")
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	const most = 4000 // bytes that the system lets a file have
	dir := t.TempDir()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // then writing beyond it is an error
	defer signal.Reset(syscall.SIGXFSZ)
	formats := []string{"png", "svg"} // on the way to a PDF gonum writes files of its own
	for _, format := range formats {
		path, old := filepath.Join(dir, "new."+format), filepath.Join(dir, "old."+format)
		if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		small := limit
		small.Cur = most
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
			t.Skip(err)
		}
		errs := []error{Save(path, samples()), Save(old, samples())}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		for _, err := range errs {
			if !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "/.") {
				t.Errorf("%s: %v, want that the file is too large", format, err)
			}
		}
		if got, _ := os.ReadFile(old); string(got) != "old" {
			t.Errorf("the old %s is now %d bytes", format, len(got))
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != len(formats) {
		t.Errorf("left behind: %v", files)
	}
}
