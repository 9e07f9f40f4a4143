package lessons

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
)

var update = flag.Bool("update", false, "write the digests of this machine's records to testdata")

// TestTheSameRecordAnywhere runs every experiment for a short while and compares
// each finding and each series, to the last bit, with those of the machine that
// wrote the file. Another processor, and another way to compile (GOAMD64, GOARCH),
// must find the same. Only a change of an experiment changes the file, by -update.
func TestTheSameRecordAnywhere(t *testing.T) {
	const file = "testdata/same_anywhere.txt"
	var got []string
	for _, e := range NewLaboratory(content.FS) {
		s := shortened(t, e)
		got = append(got, digests(t, e, s, "")...)
		if _, ok := s.Knob("problem"); ok {
			got = append(got, digests(t, e, turn(t, s, "problem", "planted"), " planted")...)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("only here: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("only in %s: %s", file, line)
		}
	}
}

// digests has a line for each finding and each series of a record.
func digests(t *testing.T, e *lab.Experiment, s lab.Settings, suffix string) []string {
	t.Helper()
	r, err := e.Do(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r = r.Lasting()
	var lines []string
	add := func(name string, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		digest := fnv.New64a()
		digest.Write(text)
		lines = append(lines, fmt.Sprintf("%s%s: %s %016x", e.ID, suffix, name, digest.Sum64()))
	}
	for _, f := range r.Findings {
		add(f.Spec.Name, f)
	}
	for _, series := range r.Series {
		add("series "+series.Name, series)
	}
	return lines
}
