package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// filled is a journal with something of everything.
func filled(t *testing.T) *Journal {
	t.Helper()
	j := openNew(t)
	record(t, j, randomAnswers(rand.New(rand.NewPCG(1, 0)), 30)...)
	record(t, j, answer("odd", func(a *Answer) {
		a.Raw, a.Note, a.Contested, a.Seed = "a\x00\"<b>&\u2028\u2029", "rdk", true, 1<<64-1
		a.Settings = json.RawMessage(`{"html":"<&>","sep":"` + "\u2028" + `"}`)
	}))
	for page, lesson := range []string{"merging", "counting"} {
		if err := j.SetPosition(t.Context(), Position{lesson, page + 1, page == 0, noon}); err != nil {
			t.Fatal(err)
		}
	}
	for i, goal := range []string{"few-numbers", "broken-merge"} {
		if err := j.ReachGoal(t.Context(), Goal{"merging", goal, noon.Add(time.Duration(i) * time.Hour), "s", "merging", json.RawMessage(`{"rank":2}`)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		if _, err := j.RecordRun(t.Context(), Run{Time: noon.Add(time.Duration(i)), Experiment: "merging", Findings: json.RawMessage(`{"drift":1e-16}`)}); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

func importText(t *testing.T, j *Journal, text string) (Imported, error) {
	t.Helper()
	return j.Import(t.Context(), strings.NewReader(text))
}

func TestRoundTrip(t *testing.T) {
	from, to := filled(t), openNew(t)
	text := whole(t, from)
	if got := whole(t, from); got != text {
		t.Error("two exports of one journal differ")
	}
	got, err := importText(t, to, text)
	if want := (Imported{Answers: 31, Runs: 3, Lessons: 2, Goals: 2}); err != nil || got != want {
		t.Fatalf("imported %+v, %v; want %+v", got, err, want)
	}
	if got := whole(t, to); got != text {
		t.Errorf("after the import\n%s\nwant\n%s", got, text)
	}
	mine, theirs := must[[]Memory](t)(from.Memories(t.Context())), must[[]Memory](t)(to.Memories(t.Context()))
	if len(mine) == 0 || !reflect.DeepEqual(mine, theirs) {
		t.Errorf("memories %+v, want %+v", theirs, mine)
	}
	got, err = importText(t, to, text)
	if want := (Imported{Known: 38}); err != nil || got != want {
		t.Errorf("imported again %+v, %v; want %+v", got, err, want)
	}
	if got := whole(t, to); got != text {
		t.Error("the second import changed something")
	}
}

// Two machines: what each learnt is in both after exchanging exports.
func TestMerge(t *testing.T) {
	home, work := openNew(t), openNew(t)
	shared := record(t, home, answer("a", wrong))
	record(t, work, shared...)
	record(t, home, answer("a", after(24*time.Hour)), answer("b"))
	record(t, work, answer("a", after(12*time.Hour), wrong), answer("c"))
	if err := work.Contest(t.Context(), shared[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := home.SetPosition(t.Context(), Position{"merging", 5, true, noon}); err != nil {
		t.Fatal(err)
	}
	if err := work.SetPosition(t.Context(), Position{"merging", 2, false, noon.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*Journal{{home, work}, {work, home}} {
		if _, err := importText(t, pair[1], whole(t, pair[0])); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := whole(t, home), whole(t, work); a != b {
		t.Errorf("home has\n%s\nwork has\n%s", a, b)
	}
	a, b := must[[]Memory](t)(home.Memories(t.Context())), must[[]Memory](t)(work.Memories(t.Context()))
	if !reflect.DeepEqual(a, b) {
		t.Errorf("home remembers %+v, work %+v", a, b)
	}
	if got := must[[]Position](t)(home.Positions(t.Context())); got[0].Page != 2 || !got[0].Done {
		t.Errorf("position %+v, want the later page, done", got)
	}
	if got := must[[]Answer](t)(home.Answers(t.Context(), Filter{})); len(got) != 5 || !got[0].Contested && !got[1].Contested && !got[2].Contested {
		t.Errorf("answers %+v, want five, one contested", got)
	}
}

const head = `{"type":"loralab-journal","format":1}` + "\n"

const goodLine = `{"type":"answer","id":"X","time":"2026-03-01T12:00:00Z","kind":"drill","family":"a","seed":1,"answer":"4","status":"right","score":1,"rating":3}` + "\n"

// badImports are files that Import must refuse, with the line and words of the
// error.
func badImports() []struct {
	name, text string
	line       int
	says       string
} {
	replace := func(old, new string) string { return head + goodLine + strings.Replace(goodLine, old, new, 1) }
	return []struct {
		name, text string
		line       int
		says       string
	}{
		{"nothing", "", 1, "the end of the file"},
		{"blank lines", "\n\n\n", 3, "the end of the file"},
		{"no head", goodLine, 1, "first line of an export"},
		{"no JSON", "dear diary\n", 1, `"dear diary"`},
		{"another file", `{"name":"package"}`, 1, "first line of an export"},
		{"later format", `{"type":"loralab-journal","format":3,"extra":true}`, 1, "format 3"},
		{"no format", `{"type":"loralab-journal"}`, 1, "format 0"},
		{"broken line", head + goodLine + goodLine[:40] + "\n", 3, "a JSON object"},
		{"two values", head + goodLine + `{"type":"run"}{"type":"run"}`, 3, "a JSON object"},
		{"a list", head + "[1]", 2, "a JSON object"},
		{"unknown type", head + goodLine + "\n\n" + `{"type":"grade"}`, 5, `type "grade"`},
		{"second head", head + head, 2, `type "loralab-journal"`},
		{"unknown field", replace(`"seed":1`, `"seed":1,"mood":"calm"`), 3, "mood"},
		{"wrong kind of value", replace(`"seed":1`, `"seed":"one"`), 3, "seed"},
		{"negative seed", replace(`"seed":1`, `"seed":-1`), 3, "seed"},
		{"no id", replace(`"id":"X",`, ""), 3, "no id"},
		{"no family", replace(`"family":"a",`, ""), 3, "no family"},
		{"bad status", replace(`"right"`, `"great"`), 3, `"great"`},
		{"bad confidence", replace(`"seed":1`, `"seed":1,"confidence":"certain"`), 3, "certain"},
		{"bad score", replace(`"score":1`, `"score":2`), 3, "score is 2"},
		{"bad rating", replace(`"rating":3`, `"rating":9`), 3, "rating is 9"},
		{"bad time", replace("2026-03-01T12:00:00Z", "yesterday"), 3, "yesterday"},
		{"no time", replace(`"time":"2026-03-01T12:00:00Z",`, ""), 3, "1970"},
		{"another answer under the same id", replace(`"answer":"4"`, `"answer":"5"`), 3, "differs"},
		{"bad lesson", head + `{"type":"lesson","lesson":"a","page":0,"time":"2026-03-01T12:00:00Z"}`, 2, "page is 0"},
		{"bad run", head + `{"type":"run","id":"R","time":"2026-03-01T12:00:00Z"}`, 2, "no experiment"},
		{"bad goal", head + `{"type":"goal","lesson":"a","time":"2026-03-01T12:00:00Z","experiment":"e"}`, 2, "no id"},
		{"goal of no run", head + `{"type":"goal","lesson":"a","goal":"g","time":"2026-03-01T12:00:00Z"}`, 2, "no experiment"},
		{"not UTF-8", head + strings.Replace(goodLine, `"4"`, "\"\xff\"", 1), 2, "UTF-8"},
	}
}

func TestImportRefuses(t *testing.T) {
	j := filled(t)
	before := whole(t, j)
	for _, test := range badImports() {
		t.Run(test.name, func(t *testing.T) {
			got, err := importText(t, j, test.text)
			var bad *ImportError
			if !errors.As(err, &bad) || bad.Line != test.line || got != (Imported{}) {
				t.Fatalf("%+v, %v; want an error of line %d", got, err, test.line)
			}
			for _, want := range []string{test.says, fmt.Sprintf("line %d: ", test.line), "nothing was imported"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if whole(t, j) != before {
				t.Error("something was imported")
			}
		})
	}
}

func TestImportTakes(t *testing.T) {
	for name, text := range map[string]string{
		"carriage returns":   strings.ReplaceAll(head+goodLine, "\n", "\r\n"),
		"byte order mark":    "\uFEFF" + head + goodLine,
		"blank lines":        "\n" + head + "\n\n" + goodLine + "\n",
		"no last line end":   strings.TrimSuffix(head+goodLine, "\n"),
		"the same row twice": head + goodLine + goodLine,
		"another time zone":  strings.Replace(head+goodLine, "T12:00:00Z", "T14:00:00+02:00", 1),
	} {
		j := openNew(t)
		if _, err := importText(t, j, text); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := whole(t, j); got != head+goodLine {
			t.Errorf("%s: the journal holds\n%s", name, got)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }

func TestImportReportsReadErrors(t *testing.T) {
	j := openNew(t)
	_, err := j.Import(t.Context(), io.MultiReader(strings.NewReader(head+goodLine), brokenReader{}))
	if err == nil || !strings.Contains(err.Error(), "the pipe broke") {
		t.Errorf("error %v", err)
	}
	_, err = j.Import(t.Context(), io.MultiReader(strings.NewReader(head), bytes.NewReader(make([]byte, longestLine+1))))
	var bad *ImportError
	if !errors.As(err, &bad) || bad.Line != 2 || !strings.Contains(bad.Found, "16 MiB") {
		t.Errorf("error %v", err)
	}
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); len(got) != 0 {
		t.Errorf("%d answers were imported", len(got))
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestExportReportsWriteErrors(t *testing.T) {
	if err := filled(t).Export(t.Context(), brokenWriter{}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("error %v", err)
	}
}

// What the parser takes is what export would write of it: written and read
// again it is the same. What it refuses it refuses with a line number.
func FuzzImport(f *testing.F) {
	f.Add(head + goodLine)
	f.Add(exportV1)
	for _, bad := range badImports() {
		f.Add(bad.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := parseExport(strings.NewReader(text))
		if err != nil {
			var bad *ImportError
			if !errors.As(err, &bad) || bad.Line < 1 || bad.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("error %v", err)
			}
			return
		}
		var again bytes.Buffer
		lines := json.NewEncoder(&again)
		lines.SetEscapeHTML(false)
		write := func(line any) {
			if err := lines.Encode(line); err != nil {
				t.Fatal(err)
			}
		}
		write(exportHead{exportType, firstFormat})
		for i, row := range rows {
			rows[i].line = i + 2
			switch {
			case row.answer != nil:
				write(exportAnswer{answerType, *row.answer})
			case row.lesson != nil:
				write(exportLesson{lessonType, *row.lesson})
			case row.run != nil:
				write(exportRun{runType, *row.run})
			}
		}
		back, err := parseExport(&again)
		if err != nil {
			t.Fatalf("its own export is refused: %v", err)
		}
		if len(rows) != len(back) || len(rows) > 0 && !reflect.DeepEqual(rows, back) {
			t.Fatalf("read back %+v, want %+v", back, rows)
		}
	})
}
