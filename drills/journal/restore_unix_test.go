//go:build unix

package journal

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// families are the families answered, in the order of the answers.
func families(t *testing.T, j *Journal) []string {
	t.Helper()
	var names []string
	for _, a := range must[[]Answer](t)(j.Answers(t.Context(), Filter{})) {
		names = append(names, a.Family)
	}
	slices.Sort(names)
	return names
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

// What is written after the file was deleted or replaced is in the file that has
// the name then, with everything else there was.
func TestJournalThatIsDeletedWhileOpen(t *testing.T) {
	for _, test := range []struct {
		name string
		lose func(t *testing.T, path string)
		also []string // families that are there afterwards beside a, b and c
	}{
		{"the file", func(t *testing.T, path string) { remove(t, path) }, nil},
		{"its folder", func(t *testing.T, path string) { remove(t, filepath.Dir(path)) }, nil},
		{"the file and its log", func(t *testing.T, path string) { remove(t, path, path+"-wal", path+"-shm") }, nil},
		{"renamed", func(t *testing.T, path string) {
			if err := os.Rename(path, path+".old"); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"replaced by another journal", func(t *testing.T, path string) {
			other := openNew(t)
			record(t, other, answer("other"))
			if err := errors.Join(other.Close(), os.Rename(other.Path(), path)); err != nil {
				t.Fatal(err)
			}
		}, []string{"other"}},
		{"begun anew by another program", func(t *testing.T, path string) {
			remove(t, path)
			other := openAt(t, path) // and kept open: its log has the name of ours
			record(t, other, answer("other"))
		}, []string{"other"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "folder", "journal.db")
			j := openAt(t, path)
			record(t, j, answer("a"))
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			j = openAt(t, path)
			record(t, j, answer("b"))
			if j.Restored() {
				t.Error("restored before anything happened")
			}
			test.lose(t, path)
			record(t, j, answer("c"))
			if !j.Restored() {
				t.Error("it is not said that the journal was written again")
			}
			want := append([]string{"a", "b", "c"}, test.also...)
			if got := families(t, j); !slices.Equal(got, want) {
				t.Errorf("the open journal has %q, want %q", got, want)
			}
			checkMemory(t, j)
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			again := openAt(t, path)
			if got := families(t, again); !slices.Equal(got, want) {
				t.Errorf("the file has %q, want %q", got, want)
			}
			record(t, again, answer("d"))
		})
	}
}

// The last answer before the end is kept too; a journal in which nothing was
// written is not brought back.
func TestJournalThatIsDeletedBeforeClose(t *testing.T) {
	path := closedJournal(t)
	j := openAt(t, path)
	record(t, j, answer("last"))
	remove(t, path)
	if err := j.Close(); err != nil || !j.Restored() {
		t.Fatalf("closing: %v, restored %v", err, j.Restored())
	}
	if got := families(t, openAt(t, path)); len(got) != 41 {
		t.Errorf("%d answers, want 41", len(got))
	}

	path = closedJournal(t)
	j = openAt(t, path)
	remove(t, path)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the learner deleted it, and it is there again")
	}
}

// The file may go in the middle of a write, too.
func TestJournalThatIsDeletedDuringAWrite(t *testing.T) {
	path := closedJournal(t)
	j := openAt(t, path)
	during := must[Answer](t)(answer("during", func(a *Answer) { a.ID = "during" }).normal())
	err := j.update(t.Context(), func(tx *sql.Tx) error {
		remove(t, path)
		return insertAnswer(t.Context(), tx, during)
	})
	if err != nil || !j.Restored() {
		t.Fatalf("error %v, restored %v", err, j.Restored())
	}
	if got := families(t, openAt(t, path)); len(got) != 41 || !slices.Contains(got, "during") {
		t.Errorf("%d answers, want 41 and among them the one that was being written", len(got))
	}
}

// Where something else has the name the answer is not confirmed, and what is
// there stays.
func TestJournalThatIsReplacedBySomethingElse(t *testing.T) {
	path := closedJournal(t)
	j := openAt(t, path)
	record(t, j, answer("a"))
	remove(t, path)
	if err := os.WriteFile(path, []byte("dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := j.Record(t.Context(), answer("b"))
	var found *FileError
	if !errors.As(err, &found) || found.Problem != Damaged || !strings.Contains(err.Error(), "deleted or replaced while it was open") {
		t.Fatalf("error %v", err)
	}
	if got := must[[]byte](t)(os.ReadFile(path)); string(got) != "dear diary" {
		t.Errorf("the file holds %q", got)
	}
	remove(t, path) // as the message advises
	record(t, j, answer("b"))
	if got := families(t, j); len(got) != 42 {
		t.Errorf("%d answers, want 42", len(got))
	}
}

// A journal that was deleted leaves its log behind if its program was killed.
// SQLite would apply that to the next journal of this name.
func TestLogOfADeletedJournalIsNotApplied(t *testing.T) {
	path := closedJournal(t)
	j := openAt(t, path)
	record(t, j, answer("a"))
	log := must[[]byte](t)(os.ReadFile(path + "-wal"))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	remove(t, path)
	if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := openAt(t, path)
	if got := families(t, fresh); len(got) != 0 {
		t.Errorf("a new journal has the answers %q", got)
	}
	record(t, fresh, answer("b"))
}
