package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"h = Wx + (α/r)·BAx, 30 %\n\tnext": "h = Wx + (α/r)·BAx, 30 %\n\tnext",
		"\x1b]0;title\x07":                 `\u001b]0;title\u0007`,
		"\x7f\u009b31m":                    `\u007f\u009b31m`,
		"a\u202etxt.exe\u2066":             `a\u202etxt.exe\u2066`,
		"over\rwritten, line\r\n":          `over\u000dwritten, line` + "\r\n",
		"\xff, no UTF-8":                   "\xff, no UTF-8",
		`{"a":"b\\u001b"}`:                 `{"a":"b\\u001b"}`,
	} {
		if got := escape(text); got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}

// However a text is cut into writes, what comes out is the same.
func TestEscaperByTheByte(t *testing.T) {
	const text = "one · \u009b31m and \x1b[2J, “quoted” \U0001F9EA\xff\n"
	var out strings.Builder
	w := &escaper{w: &out}
	for i := range len(text) {
		if n, err := w.Write([]byte(text[i : i+1])); n != 1 || err != nil {
			t.Fatalf("writing byte %d: %d, %v", i, n, err)
		}
	}
	if out.String() != escape(text) {
		t.Errorf("by the byte %q, in one write %q", out.String(), escape(text))
	}
}

// Whatever the learner or a course has in a name, a value or a text, the
// terminal is not made to obey it.
func TestNothingForeignReachesTheTerminalRaw(t *testing.T) {
	const odd = "\x1b[31modd\u009b2J"
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("LORALAB_JOURNAL", odd+".db")
	course := filepath.Join(dir, odd)
	for name, text := range map[string]string{
		"drills/" + odd + ".yaml": strings.NewReplacer("title: Count", `title: "\e[31m"`, "prompt: How", `prompt: "\e]0;How\a`, "{{r}}?", `{{r}}?"`,
			"[one, two]", `["\e[2Jone", two]`, "why: because", `why: "\e[2J"`, "two factors", `"\e[2J"`).Replace(oneQuestion),
		"lessons/" + odd + ".md":    strings.NewReplacer("Done.", odd, "# Count", "# "+odd).Replace(oneLesson),
		"wrong/drills/" + odd:       "",
		"wrong/drills/a.yaml":       "families:\n- id: \"" + `\e[31m` + "\"\n",
		"wrong/lessons/" + odd:      "",
		"wrong/lessons/a.md":        "---\nid: " + odd + "\n---\n",
		"export.jsonl":              `{"type":"` + odd + `"}`,
		odd + ".json":               `{"model_type":"` + "\u009b2J" + `"}`,
		"taken" + odd + ".svg":      "",
		"folder" + odd + "/nothing": "",
	} {
		path := filepath.Join(dir, name)
		if strings.HasPrefix(name, "drills") || strings.HasPrefix(name, "lessons") {
			path = filepath.Join(course, name)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Skip("this system has no such file names: ", err)
		}
	}
	small := []string{"run", "reparameterization", "--set=problem=planted", "--set=width=16", "--set=steps=20"}
	for _, test := range []struct {
		args   []string
		status int
	}{
		{append(small, "--plot="+odd+".svg"), 0},
		{append(small, "--plot=taken"+odd+".svg"), 2},
		{append(small, "--plot="+odd+".gif"), 2},
		{append(small, "--plot=folder"+odd+"s/a.svg"), 2},
		{append(small, "--plot=a.svg", "--figure="+odd), 2},
		{append(small, "--set="+odd), 2},
		{append(small, "--set="+odd+"=1"), 2},
		{append(small, "--set=rank="+odd), 2},
		{[]string{"run", odd}, 2},
		{[]string{odd}, 2},
		{[]string{"--" + odd}, 2},
		{[]string{"tour", "--theme=" + odd}, 2},
		{[]string{"tour", "--content=" + odd}, 2},
		{[]string{"tour", "--content=" + odd + "s"}, 2},
		{[]string{"lesson", odd}, 2},
		{[]string{"lesson", "1", "--content=" + odd}, 2},
		{[]string{"drill", "--step=" + odd}, 2},
		{[]string{"drill", "--family=" + odd}, 2},
		{[]string{"drill", "--interview-on=" + odd}, 2},
		{[]string{"drill", "--content=" + odd}, 0},
		{[]string{"interview", "--content=" + odd}, 0},
		{[]string{"ask", "--content=" + odd}, 0},
		{[]string{"ask", odd}, 2},
		{[]string{"ask", "reparameterization/one", "--content=" + odd}, 0},
		{[]string{"grade", "reparameterization/one", "--content=" + odd, "--answer=" + odd}, 0},
		{[]string{"grade", "reparameterization/one", "--content=" + odd, "--answer=" + odd, "--json"}, 0},
		{[]string{"check", odd}, 2},
		{[]string{"check", "wrong"}, 2},
		{[]string{"stats", "--content=" + odd}, 0},
		{[]string{"stats", "--content=" + odd, "--json"}, 0},
		{[]string{"count", "--config=" + odd + ".json"}, 2},
		{[]string{"count", "--model=" + odd}, 2},
		{[]string{"quantize", odd}, 2},
		{[]string{"journal", "path"}, 0},
		{[]string{"journal", "export"}, 0},
		{[]string{"journal", "export", "-o", odd + ".jsonl"}, 0},
		{[]string{"journal", "export", "-o", odd + ".jsonl"}, 2},
		{[]string{"journal", "export", "-o", "folder" + odd}, 2},
		{[]string{"journal", "import", odd}, 2},
		{[]string{"journal", "import", "folder" + odd}, 2},
		{[]string{"journal", "import", "export.jsonl"}, 2},
		{[]string{"stats", "--journal=folder" + odd}, 2},
	} {
		root := newRoot()
		root.SetArgs(test.args)
		root.SetIn(strings.NewReader(odd + "\n24\n1\n\nstop\n"))
		var stdout, stderr strings.Builder
		status := execute(t.Context(), root, &stdout, &stderr)
		said := stdout.String() + stderr.String()
		if status != test.status {
			t.Errorf("%q: status %d, want %d: %s", test.args, status, test.status, stderr.String())
		}
		if i := strings.IndexFunc(said, obeyed); i >= 0 {
			t.Errorf("%q: prints %q", test.args, said[max(0, i-40):min(len(said), i+20)])
		}
		if said == "" {
			t.Errorf("%q: prints nothing", test.args)
		}
	}
}
