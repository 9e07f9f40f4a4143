package lessons

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

// linkedLaboratory is two experiments that find their own rank, ten times over.
func linkedLaboratory() lab.Laboratory {
	var l lab.Laboratory
	for _, id := range []string{"test", "other"} {
		e := labtest.Experiment()
		e.ID = id
		e.Run = func(_ context.Context, s lab.Settings, rec *lab.Recorder) error {
			rec.Series("steps", 2).Add(1)
			rec.Report("count", 10*s.Whole("rank"))
			return nil
		}
		l = append(l, e)
	}
	return l
}

const (
	linkedFirst  = "---\nid: first\nstep: 1\ntitle: A\nquestion: q?\nexperiment: test\n---\n# Where it is\n\n```run\nset: {rank: 3}\nfigures: [loss]\n```\n\n# No run\n\ntext\n"
	linkedSecond = "---\nid: second\nstep: 2\ntitle: B\nquestion: q?\nexperiment: test\n---\n# Summary\n\n```predict\nask: How many?\nfinding: count\nbecause: \"see {{page first/Where it is}}\"\n```\n\n```run\nexperiment: other\nset: {rank: 5}\nfigures: [loss]\n```\n\nLINK\n\n# Later\n\n```run\nfigures: [loss]\n```\n"
)

func linkedCourse(link string) (Course, error) {
	return ParseLessons(fstest.MapFS{
		"lessons/1.md": {Data: []byte(linkedFirst)},
		"lessons/2.md": {Data: []byte(strings.Replace(linkedSecond, "LINK", link, 1))},
	}, linkedLaboratory())
}

// TestLinks: a page says what another page has found, under that page's settings, and
// where it is.
func TestLinks(t *testing.T) {
	course, err := linkedCourse("{{count}}, {{count of first/Where it is}} ({{count bare of first/Where it is}}), {{knob rank}}, {{page first/Where it is}}.")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Course{course, must(course.Remember(linkedLaboratory()))} {
		p := c[1].Pages[0]
		if p.Experiment.ID != "other" || c[1].Pages[1].Experiment.ID != "test" {
			t.Errorf("the pages run %s and %s", p.Experiment.ID, c[1].Pages[1].Experiment.ID)
		}
		for range 2 {
			r, err := p.Experiment.Do(t.Context(), p.Run().Settings, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, b := range p.Blocks {
				if prose, ok := b.(Prose); ok {
					got += prose.Resolve(r)
				}
			}
			if want := "50, 30 (30), 5, lesson 1, page 1."; got != want {
				t.Errorf("it says %q, want %q", got, want)
			}
		}
		if got := p.Predictions()[0].Because; got != "see lesson 1, page 1" {
			t.Errorf("the explanation says %q", got)
		}
	}
}

func must(c Course, _ lab.Laboratory) Course { return c }

// TestLinksThatLeadNowhere: a page that was renamed, and what else may be wrong.
func TestLinksThatLeadNowhere(t *testing.T) {
	for link, want := range map[string]string{
		"{{page first/Where it was}}":                                    `lessons/2.md:22:3: lesson first has no page "Where it was" (pages: Where it is; No run)`,
		"so {{count of first/Where it was}}":                             `lessons/2.md:22:6: lesson first has no page "Where it was"`,
		"{{count of third/Where it is}}":                                 `lessons/2.md:22:3: unknown step "third" (steps: 1 first, 2 second)`,
		"{{cuont of first/Where it is}}":                                 `lessons/2.md:22:3: unknown finding "cuont" (findings of test: count`,
		"{{count of first/No run}}":                                      `lesson 1, page 2 has no run`,
		"{{count of second/Later}}":                                      `lesson 2, page 2 comes later`,
		"{{speed of first/Where it is}}":                                 `is a matrix or a timing`,
		"{{count of second/Summary}} and {{count of first/Where it is}}": `lesson 2, page 1 itself speaks of other pages`,
	} {
		if _, err := linkedCourse(link); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", link, err, want)
		}
	}
}
