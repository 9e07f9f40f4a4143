package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The test binary plays other programs when this variable names a part.
const roleVariable = "LORALAB_JOURNAL_TEST_ROLE"

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "write":
		err = playWriter(os.Args[1], os.Args[2], os.Args[3])
	case "open":
		err = playOpener(os.Args[1])
	default:
		err = errors.New("no such part")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// playWriter records answers one by one (without end if count is 0) and prints
// the id of each once Record returned.
func playWriter(path, name, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	ctx := context.Background()
	j, err := Open(ctx, path, Options{Busy: 30 * time.Second})
	if err != nil {
		return err
	}
	for i := 0; n == 0 || i < n; i++ {
		kept, err := j.Record(ctx, answer("family "+strconv.Itoa(i%3), after(time.Duration(i)*time.Second), func(a *Answer) { a.Session = name }))
		if err != nil {
			return err
		}
		fmt.Println(kept[0].ID)
	}
	return j.Close()
}

// playOpener prints what is the matter with a journal, as a number; 0 if
// nothing is. Then it prints the same for reading only.
func playOpener(path string) error {
	for _, open := range []func(context.Context, string, Options) (*Journal, error){Open, OpenReadOnly} {
		j, err := open(context.Background(), path, Options{})
		var found *FileError
		switch {
		case errors.As(err, &found):
			fmt.Println(int(found.Problem), err)
			continue
		case err != nil:
			return err
		}
		answers, err := j.Answers(context.Background(), Filter{})
		if err != nil {
			return err
		}
		fmt.Println(0, len(answers))
		if err := j.Close(); err != nil {
			return err
		}
	}
	return nil
}

// play prepares this test binary in another part.
func play(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestKilledProgramLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	printed := map[string]bool{}
	for round := range 3 {
		writer := play(t, "write", path, "w", "0")
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		for count := 0; ; count++ {
			line, err := lines.ReadString('\n')
			if err != nil {
				break // dead; a last line without its end was cut off
			}
			printed[strings.TrimSpace(line)] = true
			if count == 20+round {
				if err := writer.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := writer.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
	}
	if len(printed) < 60 {
		t.Fatalf("only %d answers were confirmed", len(printed))
	}
	j := openAt(t, path)
	answers := must[[]Answer](t)(j.Answers(t.Context(), Filter{}))
	for _, a := range answers {
		delete(printed, a.ID)
	}
	if len(printed) > 0 {
		t.Errorf("%d confirmed answers are gone: %v", len(printed), printed)
	}
	checkMemory(t, j)
}

// checkMemory fails unless the memory is what replaying the answers gives.
func checkMemory(t *testing.T, j *Journal) {
	t.Helper()
	before := must[[]Memory](t)(j.Memories(t.Context()))
	if err := j.Replay(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := must[[]Memory](t)(j.Memories(t.Context()))
	if len(before) == 0 || fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("memory %v\nreplayed %v", before, after)
	}
}

// Two programs write at once, from the moment when there is no file yet.
func TestTwoProgramsAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	const each = 100
	writers := []*exec.Cmd{play(t, "write", path, "left", strconv.Itoa(each)), play(t, "write", path, "right", strconv.Itoa(each))}
	for _, w := range writers {
		if err := w.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range writers {
		if err := w.Wait(); err != nil {
			t.Error(err)
		}
	}
	j := openAt(t, path)
	for _, name := range []string{"left", "right"} {
		if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{Session: name})); len(got) != each {
			t.Errorf("%s wrote %d answers that are there, want %d", name, len(got), each)
		}
	}
	checkMemory(t, j)
	j.Close()
	if files := listing(t, filepath.Dir(path)); len(files) != 1 {
		t.Errorf("the folder holds %q, want the journal alone", files)
	}
}
