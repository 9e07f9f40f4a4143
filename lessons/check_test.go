package lessons

import (
	"strings"
	"testing"
	"testing/fstest"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/plots"
)

// TestContentTeaches: what ships has nothing that the check refuses.
func TestContentTeaches(t *testing.T) {
	course, err := ParseLessons(content.FS, laboratory(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := course.Check(); err != nil {
		t.Error(err)
	}
}

// TestAskedBeforeShown: the second page asks for what the first has shown.
func TestAskedBeforeShown(t *testing.T) {
	const (
		front = "---\nid: test\nstep: 1\ntitle: Test\nquestion: q?\nexperiment: test\n---\n"
		asks  = "# Second\n\n```predict\nask: How many?\nfinding: count\n```\n\n"
		runs  = "```run\nfigures: [loss]\n```\n"
	)
	for _, row := range []struct{ name, text, want string }{
		{"in the table", "# First\n```run\nfigures: [loss]\ntable: [share, count]\n```\n" + asks + runs, "the table (lessons/1.md:11)"},
		{"in the text", "# First\n" + runs + "\n\n\none\ntwo {{share}} {{count bare}}\n" + asks + runs, "the text (lessons/1.md:16)"},
		{"in another question", "# First\n```predict\nask: Share?\nfinding: share\npoints: 1\nbecause: \"of {{ count }}\"\n```\n" + runs + asks + runs, "an explanation (lessons/1.md:13)"},
		{"asked twice", "# First\n```predict\nask: How many?\nfinding: count\n```\n" + runs + asks + runs, "a question (lessons/1.md:11)"},
		{"in a figure", "# First\n```run\nfigures: [map]\n```\n" + asks + runs, "figure map (lessons/1.md:10)"},
		{"in a figure that the page does not show", "# First\n" + runs + asks + runs, ""},
		{"in its own table", "# First\n" + runs + asks + "```run\nfigures: [map]\ntable: [count]\n```\n{{count}}\n", ""},
		{"under other settings", "# First\n```run\nset: {rank: 8}\nfigures: [loss]\ntable: [count]\n```\n" + asks + runs, ""},
		{"under settings that only look different", "# First\n```run\nset: {sigma: 2}\nfigures: [loss]\ntable: [count]\n```\n" + asks + runs, "the table (lessons/1.md:12)"},
		{"later", "# First\n" + runs + asks + runs + "# Third\n```run\nfigures: [map]\ntable: [count]\n```\n", ""},
		{"twice on one page", "# First\n" + runs + asks + "```predict\nask: Again?\nfinding: count\n```\n" + runs, "a question"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := labtest.Experiment()
			e.Plots = []string{"loss", "map"}
			e.Figures = func(*lab.Record) []*plots.Figure {
				return []*plots.Figure{{ID: "loss"}, {ID: "map", Shows: []plots.Shown{{Name: "count"}}}}
			}
			course, err := ParseLessons(fstest.MapFS{"lessons/1.md": {Data: []byte(front + row.text)}}, lab.Laboratory{e})
			if err != nil {
				t.Fatal(err)
			}
			err = course.Check()
			if row.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("nothing is refused")
			}
			if got := err.Error(); !strings.Contains(got, "has shown it under the same settings, in "+row.want) || !strings.HasPrefix(got, "lessons/1.md:") {
				t.Errorf("got  %s\nwant … in %s", got, row.want)
			}
		})
	}
}
