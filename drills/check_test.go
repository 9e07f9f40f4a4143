package drills

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/content"
	"loralab/lessons"
)

// TestTaught: what the bank asks, some page teaches.
func TestTaught(t *testing.T) {
	laboratory := lessons.NewLaboratory(content.FS)
	course, err := lessons.ParseLessons(content.FS, laboratory)
	if err != nil {
		t.Fatal(err)
	}
	b := loadBank(t)
	if untaught, err := b.CheckTaught(course); err != nil || len(untaught) > 0 {
		t.Errorf("no page teaches %v; %v", untaught, err)
	}

	const page = "---\nid: counting\nstep: 1\ntitle: T\nquestion: q?\nexperiment: counting\n---\n# Page\n\n```teaches\nfamilies: [counting/growth, counting/grwoth]\n```\n"
	course, err = lessons.ParseLessons(fstest.MapFS{"lessons/1.md": {Data: []byte(page)}}, laboratory)
	if err != nil {
		t.Fatal(err)
	}
	untaught, err := b.CheckTaught(course)
	if len(untaught) != len(b.Families())-1 || slices.Contains(untaught, "counting/growth") {
		t.Errorf("%d of %d are not taught", len(untaught), len(b.Families()))
	}
	if err == nil || !strings.HasPrefix(err.Error(), `lessons/1.md:11:29: unknown family "counting/grwoth"; near it are counting/growth`) {
		t.Errorf("a family that is not there: %v", err)
	}
}
