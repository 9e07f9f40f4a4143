package journal

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// closedJournal is the path of a journal with some answers that nobody has open.
func closedJournal(t *testing.T) string {
	t.Helper()
	j := openNew(t)
	var answers []Answer
	for i := range 40 {
		answers = append(answers, answer(fmt.Sprint("family ", i), func(a *Answer) { a.Raw = strings.Repeat("x", 200) }))
	}
	record(t, j, answers...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return j.Path()
}

// edit changes bytes of a file.
func edit(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	content := must[[]byte](t)(os.ReadFile(path))
	if err := os.WriteFile(path, change(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sqlFile runs SQL on a file, which need not be a journal.
func sqlFile(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// snapshot is every file under a folder with its content.
func snapshot(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, _ := os.ReadFile(path) // a link to nothing has none
		files[path] = string(content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Whatever stands where the journal should be is reported, in words, and left
// byte for byte as it was, with nothing new beside it.
func TestWhatIsNotAJournalStays(t *testing.T) {
	write := func(content string) func(*testing.T) string {
		return func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "journal.db")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	spoilt := func(change func([]byte) []byte) func(*testing.T) string {
		return func(t *testing.T) string {
			path := closedJournal(t)
			edit(t, path, change)
			return path
		}
	}
	for _, test := range []struct {
		name    string
		make    func(*testing.T) string
		problem Problem
		says    []string
	}{
		{"empty", write(""), Empty, []string{"0 bytes", "remove it"}},
		{"text", write("dear diary, today I learnt about LoRA\n"), Damaged, []string{"not a database", "copy"}},
		{"long text", write(strings.Repeat("dear diary\n", 1000)), Damaged, []string{"not a database"}},
		{"magic and nothing else", write("SQLite format 3\x00"), Damaged, []string{"not a database"}},
		{"a page of 0xff", spoilt(func(b []byte) []byte {
			copy(b[4096:8192], bytes.Repeat([]byte{0xff}, 4096))
			return b
		}), Damaged, []string{"damaged", ".recover", "nothing was changed"}},
		{"cut short", spoilt(func(b []byte) []byte { return b[:len(b)/2] }), Damaged, []string{"damaged"}},
		{"magic gone", spoilt(func(b []byte) []byte { b[0] = 'X'; return b }), Damaged, []string{"not a database"}},
		{"version 0", spoilt(func(b []byte) []byte { clear(b[60:64]); return b }), Damaged, []string{"version is 0"}},
		{"newer", func(t *testing.T) string {
			path := closedJournal(t)
			sqlFile(t, path, "PRAGMA user_version = 99")
			return path
		}, Newer, []string{"version 99", fmt.Sprint("up to ", len(migrations())), "update loralab"}},
		{"newer by one", func(t *testing.T) string {
			path := closedJournal(t)
			sqlFile(t, path, fmt.Sprint("PRAGMA user_version = ", len(migrations())+1))
			return path
		}, Newer, []string{fmt.Sprint("version ", len(migrations())+1), "update loralab"}},
		{"another program's", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "photos.db")
			sqlFile(t, path, "CREATE TABLE photos (name TEXT); INSERT INTO photos VALUES ('cat'); PRAGMA application_id = 4711")
			return path
		}, Foreign, []string{"another program", "0x1267"}},
		{"unmarked", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "notes.db")
			sqlFile(t, path, "PRAGMA journal_mode = WAL; CREATE TABLE answers (id TEXT)")
			return path
		}, Foreign, []string{"another program", "0x0"}},
		{"folder", func(t *testing.T) string { return t.TempDir() }, NotAFile, []string{"is a folder", "--journal"}},
		{"name of a folder to be", func(t *testing.T) string {
			return filepath.Join(t.TempDir(), "new") + string(filepath.Separator)
		}, NotAFile, []string{"names a folder", filepath.Join("new", "journal.db")}},
		{"link to nothing", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "journal.db")
			if err := os.Symlink("gone.db", path); err != nil {
				t.Skip(err)
			}
			return path
		}, NotAFile, []string{"link to gone.db"}},
		{"under a file", func(t *testing.T) string {
			return filepath.Join(write("text")(t), "journal.db")
		}, Unreadable, []string{"can't be reached"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := test.make(t)
			folder := filepath.Dir(path)
			if test.name == "under a file" || test.name == "name of a folder to be" {
				folder = filepath.Dir(folder)
			}
			before := snapshot(t, folder)
			for name, open := range map[string]func(context.Context, string, Options) (*Journal, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
				j, err := open(t.Context(), path, Options{})
				if err == nil {
					j.Close()
				}
				var found *FileError
				if !errors.As(err, &found) || found.Problem != test.problem || found.Path != path {
					t.Fatalf("%s: error %v (%+v), want problem %d", name, err, found, test.problem)
				}
				for _, want := range append(test.says, path, "journal: ") {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %q does not say %q", name, err, want)
					}
				}
				if after := snapshot(t, folder); !reflect.DeepEqual(after, before) {
					t.Errorf("%s changed the folder: %d files, before %d", name, len(after), len(before))
				}
			}
		})
	}
}

// A newer program that was killed leaves its work in the file beside the
// journal; that too must stay.
func TestNewerJournalWithWorkLeftBehind(t *testing.T) {
	path := closedJournal(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	// Copied while open, as a crash would leave it.
	crashed := filepath.Join(t.TempDir(), "journal.db")
	for _, suffix := range []string{"", "-wal"} {
		if err := os.WriteFile(crashed+suffix, must[[]byte](t)(os.ReadFile(path+suffix)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := snapshot(t, filepath.Dir(crashed))
	if before[crashed+"-wal"] == "" {
		t.Fatal("nothing was left behind")
	}
	_, err = Open(t.Context(), crashed, Options{})
	var found *FileError
	if !errors.As(err, &found) || found.Problem != Newer {
		t.Fatalf("error %v", err)
	}
	after := snapshot(t, filepath.Dir(crashed))
	for _, name := range []string{crashed, crashed + "-wal"} {
		if after[name] != before[name] {
			t.Errorf("%s was changed", name)
		}
	}
}

func TestLocked(t *testing.T) {
	path := closedJournal(t)
	holder, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	patient := Options{Busy: 50 * time.Millisecond}
	reader, err := Open(t.Context(), path, patient)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tx, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, err = reader.Record(t.Context(), answer("a"))
	var found *FileError
	if !errors.As(err, &found) || found.Problem != Locked || !strings.Contains(err.Error(), "50ms") {
		t.Errorf("recording: %v", err)
	}
	if _, err := Open(t.Context(), path, patient); !errors.As(err, &found) || found.Problem != Locked {
		t.Errorf("opening: %v", err)
	}
	if got, err := reader.Answers(t.Context(), Filter{}); err != nil || len(got) != 40 {
		t.Errorf("reading beside the lock: %d answers, %v", len(got), err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	record(t, reader, answer("a"))
}

func TestExclusivelyLocked(t *testing.T) {
	path := closedJournal(t)
	holder, err := sql.Open("sqlite", path+"?_pragma=locking_mode(EXCLUSIVE)&_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	tx, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	before := must[[]byte](t)(os.ReadFile(path))
	for name, open := range map[string]func(context.Context, string, Options) (*Journal, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
		_, err := open(t.Context(), path, Options{Busy: 50 * time.Millisecond})
		var found *FileError
		if !errors.As(err, &found) || found.Problem != Locked {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(before, must[[]byte](t)(os.ReadFile(path))) {
		t.Error("the file was changed")
	}
}

func TestFullDisk(t *testing.T) {
	j := openNew(t)
	record(t, j, answer("a"))
	if _, err := j.db.Exec("PRAGMA max_page_count = 1"); err != nil { // SQLite raises it to the present size
		t.Fatal(err)
	}
	_, err := j.Record(t.Context(), answer("b", func(a *Answer) { a.Raw = strings.Repeat("x", 100_000) }))
	var found *FileError
	if !errors.As(err, &found) || found.Problem != Full || !strings.Contains(err.Error(), "make room") {
		t.Errorf("error %v", err)
	}
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); len(got) != 1 {
		t.Errorf("%d answers, want the one that was confirmed", len(got))
	}
}

func TestMissingFolderIsMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "journal.db")
	j := openAt(t, path)
	record(t, j, answer("a"))
	if info := must[os.FileInfo](t)(os.Stat(path)); info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the answers: %v", info.Mode())
	}
	if _, err := Open(t.Context(), "", Options{}); err == nil {
		t.Error("an empty name was taken")
	}
}

func TestThroughALink(t *testing.T) {
	path := closedJournal(t)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	j := openAt(t, link)
	record(t, j, answer("new"))
	j.Close()
	if got := must[[]Answer](t)(openAt(t, path).Answers(t.Context(), Filter{})); len(got) != 41 {
		t.Errorf("%d answers, want 41", len(got))
	}
}

// A copy onto a file system without hard links must not replace a file.
func TestCopyNew(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "from"), filepath.Join(folder, "to")
	if err := os.WriteFile(from, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyNew(from, to); err != nil {
		t.Fatal(err)
	}
	if got := must[[]byte](t)(os.ReadFile(to)); string(got) != "content" {
		t.Errorf("copied %q", got)
	}
	edit(t, from, func([]byte) []byte { return []byte("other") })
	if err := copyNew(from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want one that is fs.ErrExist", err)
	}
	if got := must[[]byte](t)(os.ReadFile(to)); string(got) != "content" {
		t.Errorf("the file was replaced: %q", got)
	}
}

// fixtureV1 is a journal as version 1 wrote it. It stays as it is when later
// versions come; what they add must find its place.
const fixtureV1 = `
PRAGMA application_id = 1282363969;
PRAGMA user_version = 1;
CREATE TABLE answers (id TEXT PRIMARY KEY, time INTEGER NOT NULL, session TEXT NOT NULL, kind TEXT NOT NULL, family TEXT NOT NULL,
	part INTEGER NOT NULL, seed INTEGER NOT NULL, answer TEXT NOT NULL, echo TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL,
	note TEXT NOT NULL, confidence INTEGER NOT NULL, hints INTEGER NOT NULL, contested INTEGER NOT NULL, rating INTEGER NOT NULL,
	experiment TEXT NOT NULL, settings TEXT NOT NULL) STRICT;
CREATE INDEX answers_by_family ON answers (family, time, id);
CREATE INDEX answers_by_time ON answers (time, id);
CREATE TABLE memory (family TEXT PRIMARY KEY, phase INTEGER NOT NULL, step INTEGER NOT NULL, stability REAL NOT NULL, difficulty REAL NOT NULL,
	last INTEGER NOT NULL, due INTEGER NOT NULL, reps INTEGER NOT NULL, lapses INTEGER NOT NULL, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE lessons (lesson TEXT PRIMARY KEY, page INTEGER NOT NULL, done INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE runs (id TEXT PRIMARY KEY, time INTEGER NOT NULL, session TEXT NOT NULL, experiment TEXT NOT NULL, settings TEXT NOT NULL,
	findings TEXT NOT NULL) STRICT;
CREATE INDEX runs_by_time ON runs (time, id);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO answers VALUES
	('A1', 1772366400000, 's', 'drill', 'merging/latency', 2, -1, 'W + BA', 'W + B·A', 'wrong', 0, 'forgot-alpha', 3, 1, 1, 1, '', ''),
	('A2', 1772366460000, 's', 'prediction', 'merging/latency', 0, 5, '0', '0', 'right', 1, '', 1, 0, 0, 3, 'merging', '{"rank":4}');
INSERT INTO lessons VALUES ('merging', 3, 1, 1772366400000);
INSERT INTO runs VALUES ('R1', 1772366400000, 's', 'merging', '{"rank":4}', '{"drift":0}');
`

// whole reads everything there is in a journal.
func whole(t *testing.T, j *Journal) string {
	t.Helper()
	var out bytes.Buffer
	if err := j.Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const exportV1 = `{"type":"loralab-journal","format":1}
{"type":"answer","id":"A1","time":"2026-03-01T12:00:00Z","session":"s","kind":"drill","family":"merging/latency","part":2,"seed":18446744073709551615,"answer":"W + BA","echo":"W + B·A","status":"wrong","score":0,"note":"forgot-alpha","confidence":"sure","hints":1,"contested":true,"rating":1}
{"type":"answer","id":"A2","time":"2026-03-01T12:01:00Z","session":"s","kind":"prediction","family":"merging/latency","seed":5,"answer":"0","echo":"0","status":"right","score":1,"confidence":"guess","rating":3,"experiment":"merging","settings":{"rank":4}}
{"type":"lesson","lesson":"merging","page":3,"done":true,"time":"2026-03-01T12:00:00Z"}
{"type":"run","id":"R1","time":"2026-03-01T12:00:00Z","session":"s","experiment":"merging","settings":{"rank":4},"findings":{"drift":0}}
`

func TestMigrationFromVersion1(t *testing.T) {
	for name, open := range map[string]func(context.Context, string, Options) (*Journal, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.db")
			sqlFile(t, path, fixtureV1)
			j, err := open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			if got := whole(t, j); got != exportV1 {
				t.Errorf("the migrated journal is\n%s\nwant\n%s", got, exportV1)
			}
			var version int
			if err := j.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil || version != len(migrations()) {
				t.Errorf("version %d, %v; want %d", version, err, len(migrations()))
			}
			if name == "Open" {
				checkMemory(t, j)
			}
		})
	}
}

// The machinery with migrations that do not exist yet: all steps in order, one
// that fails leaves the version before it whole.
func TestMigrationSteps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	sqlFile(t, path, fixtureV1)
	good := append(migrations(), "ALTER TABLE answers ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")
	bad := append(slices.Clone(good), "CREATE TABLE half (x); INSERT INTO half VALUES (1); DROP TABLE runs; SELECT nonsense FROM nowhere")
	version := func() (v int) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRow("PRAGMA user_version").Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if _, err := open(t.Context(), path, Options{}, bad); err == nil {
		t.Fatal("nonsense was run")
	}
	if got := version(); got != len(good) {
		t.Errorf("after the failure version %d, want %d", got, len(good))
	}
	j, err := open(t.Context(), path, Options{}, good)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if got := whole(t, j); got != exportV1 {
		t.Errorf("the journal is\n%s", got)
	}
	var calm, half int
	if err := j.db.QueryRow("SELECT count(*) FROM answers WHERE mood = 'calm'").Scan(&calm); err != nil || calm != 2 {
		t.Errorf("%d rows have the new column, %v", calm, err)
	}
	if err := j.db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").Scan(&half); err != nil || half != 0 {
		t.Errorf("half a migration was left: %d, %v", half, err)
	}
}
