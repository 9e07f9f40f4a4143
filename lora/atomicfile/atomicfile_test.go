package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func content(s string) func(File) error {
	return func(f File) error {
		_, err := io.WriteString(f, s)
		return err
	}
}

// holds checks what the files of a folder hold, and that there are no others.
func holds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, known := want[e.Name()]; !known {
			t.Errorf("%s is left behind", e.Name())
		}
	}
	for name, wanted := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != wanted || err != nil {
			t.Errorf("%s holds %.40q (%v), want %q", name, got, err, wanted)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	for _, row := range []struct {
		content string
		replace bool
	}{{"one", false}, {"two", true}, {"", true}} {
		if err := Write(path, row.replace, content(row.content)); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"out": row.content})
	}
	err := Write(path, true, func(f File) error {
		if _, err := f.WriteAt([]byte("end"), 6); err != nil {
			return err
		}
		_, err := f.Write([]byte("begin "))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string]string{"out": "begin end"})
}

// Whatever goes wrong, the old file stays and no part does.
func TestFailures(t *testing.T) {
	failure := errors.New("no more")
	half := strings.Repeat("half", 1<<18)
	for name, fails := range map[string]func(File) error{
		"in the middle": func(f File) error {
			io.WriteString(f, half)
			return failure
		},
		"of the file, hidden": func(f File) error {
			io.WriteString(f, half)
			f.WriteAt([]byte("x"), -1)
			return nil
		},
		"of the file, behind another": func(f File) error {
			f.WriteAt([]byte("x"), -1)
			return fmt.Errorf("something went wrong")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "out")
			says := func(err error) {
				t.Helper()
				if name == "in the middle" && !errors.Is(err, failure) || err == nil {
					t.Errorf("error %v", err)
				}
				if strings.HasPrefix(name, "of the file") && (err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), "negative")) {
					t.Errorf("error %v, want the file's", err)
				}
			}
			says(Write(path, false, fails))
			holds(t, dir, nil)
			if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
				t.Fatal(err)
			}
			says(Write(path, true, fails))
			holds(t, dir, map[string]string{"out": "old"})
		})
	}
	t.Run("a panic", func(t *testing.T) {
		dir := t.TempDir()
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
			holds(t, dir, nil)
		}()
		Write(filepath.Join(dir, "out"), false, func(f File) error { panic("halfway") })
	})
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	refused := func(path string, replace bool, want string) {
		t.Helper()
		called := false
		err := Write(path, replace, func(File) error { called = true; return nil })
		if err == nil || called || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, called %v; want a refusal with %q before the work", path, err, called, want)
		}
		if checked := Check(path, replace); checked == nil || checked.Error() != err.Error() {
			t.Errorf("Check says %v, Write %v", checked, err)
		}
	}
	refused(file, false, "file already exists")
	if err := Check(file, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want one that is fs.ErrExist", err)
	}
	if err := errors.Join(Check(file, true), Check(filepath.Join(dir, "new"), false)); err != nil {
		t.Error(err)
	}
	for _, replace := range []bool{false, true} {
		refused(dir, replace, "a folder, not a regular file")
		refused(filepath.Join(dir, "no", "out"), replace, "there is no folder "+filepath.Join(dir, "no"))
		refused(filepath.Join(file, "out"), replace, "") // Windows and unix put it otherwise
	}
	if err := os.Symlink(filepath.Join(dir, "nothing"), link); err != nil {
		t.Skip(err)
	}
	refused(link, true, "leads nowhere")
	os.Remove(link)
	holds(t, dir, map[string]string{"file": "old"})
}

func TestThroughLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	link, target := filepath.Join(dir, "link"), filepath.Join(elsewhere, "target")
	if err := os.WriteFile(target, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	err := Write(link, true, func(f File) error {
		if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) != 2 {
			t.Errorf("%d files beside the target while writing: %v", len(entries), err)
		}
		return content("new")(f)
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, elsewhere, map[string]string{"target": "new"})
	if to, err := os.Readlink(link); err != nil || to != target {
		t.Errorf("the link leads to %q: %v", to, err)
	}
}

// What appears while the file is written is looked at again.
func TestWhatAppearsMeanwhile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "late")
	err := Write(path, false, func(f File) error { return os.WriteFile(path, []byte("first"), 0o666) })
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v", err)
	}
	holds(t, dir, map[string]string{"late": "first"})
	os.Remove(path)
	if err := Write(path, true, func(f File) error { return os.Mkdir(path, 0o777) }); err == nil || !strings.Contains(err.Error(), "a folder") {
		t.Errorf("error %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	dir := t.TempDir()
	path, beside := filepath.Join(dir, "out"), filepath.Join(dir, "beside")
	mode := func(path string) fs.FileMode {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if err := os.WriteFile(beside, nil, 0o666); err != nil { // as the umask leaves it
		t.Fatal(err)
	}
	if err := Write(path, false, content("")); err != nil || mode(path) != mode(beside) {
		t.Errorf("a new file has the mode %v, another one %v: %v", mode(path), mode(beside), err)
	}
	for _, want := range []fs.FileMode{0o600, 0o664} {
		if err := os.Chmod(path, want); err != nil {
			t.Fatal(err)
		}
		if err := Write(path, true, content("")); err != nil || mode(path) != want {
			t.Errorf("mode %v, the old file had %v: %v", mode(path), want, err)
		}
	}
}

func TestLongName(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("é", 127) // 254 bytes; file systems allow 255
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
		t.Skip(err)
	}
	if err := Write(filepath.Join(dir, name), true, content("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string]string{name: "new"})
}

func TestFullDisk(t *testing.T) {
	for _, err := range []error{
		&fs.PathError{Op: "write", Path: "/tmp/.part", Err: syscall.ENOSPC},
		&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EDQUOT},
	} {
		if got := cause(err); !errors.Is(got, ErrFull) || strings.Contains(got.Error(), "part") {
			t.Errorf("%v becomes %v", err, got)
		}
	}
	other := &fs.PathError{Op: "write", Path: "/tmp/.part", Err: syscall.EIO}
	if got := cause(other); errors.Is(got, ErrFull) || !errors.Is(got, syscall.EIO) || strings.Contains(got.Error(), "part") {
		t.Errorf("%v becomes %v", other, got)
	}
}
