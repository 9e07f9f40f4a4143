package lessons

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

// TestContentGlossary: the glossary that ships goes with the course.
func TestContentGlossary(t *testing.T) {
	course, err := ParseLessons(content.FS, laboratory(t))
	if err != nil {
		t.Fatal(err)
	}
	g, err := ReadGlossary(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Check(course); err != nil {
		t.Error(err)
	}
	for _, l := range course {
		for _, p := range l.Pages {
			if len(g.On(p)) == 0 {
				t.Errorf("%s, page %q: no term", l.File, p.Title)
			}
		}
	}
}

func TestParseGlossary(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"whole", "terms:\n- {term: rank, aliases: [ranks], says: One., taught: test/A page}\n- {term: loss, says: Two.}\n", ""},
		{"no list", "rank: One.\n", `g.yaml:1:1: unknown key "rank" (keys: terms)`},
		{"a key misspelt", "terms:\n- {tern: rank, says: One.}\n", `g.yaml:2:4: unknown key "tern" (keys: term, aliases, says, taught)`},
		{"nothing said", "terms:\n- term: rank\n", `g.yaml:2:3: key "says" is missing`},
		{"twice", "terms:\n- {term: rank, says: One.}\n- {term: height, aliases: [rank], says: Two.}\n", `g.yaml:3:10: "rank" stands for "rank" already`},
		{"no sentence", "terms:\n- {term: rank, says: a number}\n", "g.yaml:2:22: rank: want sentences, the last ends with a full stop"},
		{"too much", "terms:\n- {term: rank, says: A. B et al. 2021. C. D.}\n", "g.yaml:2:22: rank: 4 sentences and 23 characters, want at most 3 and 360"},
		{"no page", "terms:\n- {term: rank, says: One., taught: test}\n", `g.yaml:2:36: "test": want the id of a lesson, a slash and the title of a page`},
		{"an empty alias", "terms:\n- {term: rank, aliases: [\"\"], says: One.}\n", "g.yaml:2:10: a term and its aliases are words, found an empty one"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ParseGlossary("g.yaml", row.text)
			if got := errorText(err); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	if g, err := ReadGlossary(fstest.MapFS{}); g != nil || err != nil {
		t.Errorf("a folder without a glossary: %v, %v", g, err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func small(t *testing.T) (Glossary, Course) {
	t.Helper()
	const text = "terms:\n" +
		"- {term: rank, aliases: [ranks, r], says: One., taught: test/First}\n" +
		"- {term: low rank, says: One.}\n" +
		"- {term: α, says: One.}\n" +
		"- {term: Adam, says: One.}\n" +
		"- {term: loss, says: One.}\n"
	g, err := ParseGlossary("g.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	const lesson = "---\nid: test\nstep: 1\ntitle: T\nquestion: q?\nexperiment: test\n---\n" +
		"# First\n\nRanks: α/r is s, and a low\nrank is {{knob rate}}. Adamant, glossy.\n\n" +
		"```predict\nask: How many?\nfinding: count\nbecause: \"By Adam.\"\n```\n\n```run\nfigures: [loss]\n```\n"
	course, err := ParseLessons(fstest.MapFS{"lessons/1.md": {Data: []byte(lesson)}}, lab.Laboratory{labtest.Experiment()})
	if err != nil {
		t.Fatal(err)
	}
	return g, course
}

// TestTermsOnAPage: whole words alone, over the ends of lines and in explanations;
// a reference is no text.
func TestTermsOnAPage(t *testing.T) {
	g, course := small(t)
	var names []string
	for _, term := range g.On(course[0].Pages[0]) {
		names = append(names, term.Name)
	}
	if want := []string{"rank", "α", "low rank", "Adam"}; !slices.Equal(names, want) {
		t.Errorf("found %q, want %q", names, want)
	}
	if l, page := g[0].Taught(course); l != course[0] || page != 1 {
		t.Errorf("rank is taught on page %d", page)
	}
	if l, page := g[1].Taught(course); l != nil || page != 0 {
		t.Errorf("low rank is taught on page %d", page)
	}
}

func TestFindTerm(t *testing.T) {
	g, _ := small(t)
	for name, want := range map[string]string{"rank": "rank", " Ranks ": "rank", "adam": "Adam", "α": "α"} {
		if term, err := g.Find(name); err != nil || term.Name != want {
			t.Errorf("%q: %q, %v", name, term.Name, err)
		}
	}
	for name, want := range map[string]string{
		"low ranks": `the glossary has no "low ranks"; near it are rank, low rank`,
		"zebra":     `the glossary has no "zebra" (without a name it lists its 5 terms)`,
		"":          `the glossary has no "" (without a name it lists its 5 terms)`,
	} {
		if _, err := g.Find(name); errorText(err) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCheckGlossary(t *testing.T) {
	g, course := small(t)
	if err := g.Check(course); err != nil {
		t.Error(err)
	}
	prose := course[0].Pages[0].Blocks[0].(Prose)
	for _, row := range []struct{ name, taught, markdown, want string }{
		{"no such page", "test/Frist", "r", `g.yaml:2:57: lesson test has no page "Frist" (pages: First)`},
		{"no such lesson", "tset/First", "r", `g.yaml:2:57: unknown step "tset" (steps: 1 test)`},
		{"a page without the term", "test/First", "nothing", `g.yaml:2:57: page "First" does not have the term "rank"`},
		{"a word that is no term", "test/First", "the *rank* and\nα of a *high\nrank* are not `*code*`, not **strong**.", `lessons/1.md:11:8: *high rank* marks a term, and the glossary has none of that name: add it, or mark nothing`},
		{"code", "test/First", "rank\n\n    2 *what* 3\n\nr*k*d", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			changed := slices.Clone(g)
			changed[0].Lesson, changed[0].Page, _ = strings.Cut(row.taught, "/")
			prose.Markdown = row.markdown
			course[0].Pages[0].Blocks[0] = prose
			if got := errorText(changed.Check(course)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	if err := Glossary(nil).Check(course); err != nil {
		t.Errorf("without a glossary: %v", err)
	}
}

// FuzzParseGlossary: a mistake has a place, and what is read can be found by each of
// its forms.
func FuzzParseGlossary(f *testing.F) {
	text, err := content.FS.ReadFile(glossaryFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("terms:\n- {term: rank, aliases: [ranks], says: One. Two., taught: test/A page}\n")
	f.Add("terms: [{term: \"\", says: \".\"}]")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseGlossary("g.yaml", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "g.yaml:") {
				t.Errorf("an error without a place: %v", err)
			}
			return
		}
		g.On(Page{Title: text})
		for _, term := range g {
			for _, form := range term.forms() {
				if found, err := g.Find(form); err != nil || found.Name != term.Name {
					t.Errorf("%q finds %q, %v", form, found.Name, err)
				}
			}
		}
	})
}
