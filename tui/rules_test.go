package tui

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"loralab/content"
	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/plots"
)

// ruleLooks are the sizes and inks under which every screen is held to the rules.
func ruleLooks() []Look {
	var all []Look
	for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 40}} {
		for _, ink := range []Look{{}, {Mono: true}, {Mono: true, ASCII: true}} {
			ink.Width, ink.Height = size[0], size[1]
			if !ink.ASCII || ink.Width == 80 { // it stands for the other sizes, which take their time
				all = append(all, ink)
			}
		}
	}
	return all
}

func (l Look) String() string {
	text := fmt.Sprintf("%dx%d", l.Width, l.Height)
	switch {
	case l.ASCII:
		text += " ascii"
	case l.Mono:
		text += " mono"
	}
	return text
}

// sight is a screen as a rule sees it.
type sight struct {
	name   string
	look   Look
	frame  string   // as it is sent to the terminal
	lines  []string // without colour
	text   string   // lines, joined
	help   bool     // the list of keys is shown
	bench  bool
	lesson *lessonScreen // nil on other screens
	page   *lessons.Page // of the lesson
	panel  *panel        // nil where no figure is in view
	fig    *plots.Figure // that is drawn, nil where none is
}

// moment is the last part of the name: "read", "watch".
func (s *sight) moment() string { return s.name[strings.LastIndex(s.name, "-")+1:] }

// rule is something that holds of every screen. It returns what breaks it.
type rule struct {
	name  string
	holds func(*sight) []string
}

// TestEveryScreen goes through every page of every lesson, the bench, the drills and
// the rest at three sizes, with colour, without and in ASCII, after their runs, and
// holds each screen to the rules.
func TestEveryScreen(t *testing.T) {
	laboratory := lessons.NewLaboratory(content.FS)
	all, err := lessons.ParseLessons(content.FS, laboratory)
	if err != nil {
		t.Fatal(err)
	}
	book, err := lessons.NewNotebook(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	bank := sync.OnceValues(func() (*drills.Bank, error) { return drills.ParseBank(content.FS, all.Steps(), laboratory) })
	gallery := Gallery{Looks: ruleLooks(), Options: Options{Lessons: all, Lab: laboratory, Notebook: book, Bank: bank}}
	gallery.remember()
	inspector := newInspector(laboratory)
	groups := [][2]string{{"home", "home*"}, {"drills", "drill-*"}, {"interview", "interview-*"}, {"progress", "progress*"}}
	for _, l := range all {
		groups = append(groups, [2]string{l.ID, fmt.Sprintf("lesson-%d-*", l.Step)})
	}
	groups = append(groups, [2]string{"class", "present-*"}, [2]string{"bench", "bench-*"}) // whose runs are mostly those of pages
	for _, group := range groups {
		t.Run(group[0], func(t *testing.T) {
			g := gallery
			if group[0] == "bench" { // the figures of the pages again: without colour at one size
				g.Looks = slices.DeleteFunc(slices.Clone(g.Looks), func(l Look) bool { return l.Mono && l.Width != 80 })
			}
			g.Only = func(name string) bool { ok, _ := path.Match(group[1], name); return ok }
			err := g.visit(t.Context(), func(w *walker, name string, look Look) error {
				inspector.inspect(w, name, look)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			for _, broken := range inspector.report() {
				t.Error(broken)
			}
		})
	}
}

// inspector holds screens to the rules.
type inspector struct {
	rules  []rule
	broken []string            // what breaks a rule, and which
	where  map[string][]string // on which screens
}

func newInspector(all lab.Laboratory) *inspector {
	rules := slices.Concat(textRules(internalIDs(all)), figureRules(), pageRules())
	return &inspector{rules: rules, where: map[string][]string{}}
}

// inspect holds a screen to the rules.
func (i *inspector) inspect(w *walker, name string, look Look) {
	s := sightOf(w, name, look)
	for _, r := range i.rules {
		for _, what := range r.holds(s) {
			broken := r.name + ": " + what
			if i.where[broken] == nil {
				i.broken = append(i.broken, broken)
			}
			i.where[broken] = append(i.where[broken], fmt.Sprintf("%s at %s", name, look))
		}
	}
}

// report says what was broken since the last report, each with where it was met
// first.
func (i *inspector) report() (all []string) {
	for _, broken := range i.broken {
		at := i.where[broken]
		where := at[0]
		if more := len(at) - 1; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		all = append(all, broken+"   ("+where+")")
	}
	i.broken, i.where = nil, map[string][]string{}
	return all
}

func sightOf(w *walker, name string, look Look) *sight {
	s := &sight{name: name, look: look, frame: w.frame(look), help: w.app.help}
	s.text = ansi.Strip(s.frame)
	s.lines = strings.Split(s.text, "\n")
	switch on := w.app.on.(type) {
	case *lessonScreen:
		s.lesson, s.page = on, &on.walk.Lesson.Pages[on.page]
		if p := on.panel(); p != nil && on.panelHeight() > 0 && !s.help {
			s.panel = p
		}
	case *benchScreen:
		s.bench, s.panel = true, &on.panels[on.at]
	case *classScreen:
		if on.fig != nil && !s.help {
			s.panel, s.fig = on.panel(), on.fig
		}
		return s
	}
	if s.panel != nil && s.panel.drawn != "" {
		s.fig = s.panel.current()
	}
	return s
}

// textRules hold of all that is written.
func textRules(ids *regexp.Regexp) []rule {
	return []rule{
		{"fits the screen", func(s *sight) (bad []string) {
			if len(s.lines) != s.look.Height {
				bad = append(bad, fmt.Sprintf("%d lines", len(s.lines)))
			}
			for n, line := range s.lines {
				if w := ansi.StringWidth(line); w > s.look.Width {
					bad = append(bad, fmt.Sprintf("line %d is %d wide: %q", n+1, w, line))
				}
			}
			return bad
		}},
		{"ascii is seven bits", func(s *sight) []string {
			if !s.look.ASCII {
				return nil
			}
			return other(s.lines, func(r rune) bool { return r >= ' ' && r < 0x7f })
		}},
		{"mono has no colour", func(s *sight) []string {
			if s.look.Mono && regexp.MustCompile(`\x1b\[[0-9;]*[34]8;`).MatchString(s.frame) {
				return []string{"a colour is set"}
			}
			return nil
		}},
		{"no backslash", matches(`\`, `\\`)},
		{"no placeholder", matches(`▢{}%`, `▢|\{\{|\}\}|%!`)},
		{"nothing is cut", matches(`…`, `[\pL\pN·.-] ?…( |$)|[\pL\pN.-]…[\pL\pN.-]?$`)},
		{"no value is clipped", matches(`…`, `[0-9.]…( |$)|(^| )…[0-9.]`)},
		{"no internal name", func(s *sight) (bad []string) {
			for _, line := range s.lines {
				line = typedSettings.ReplaceAllString(line, "")
				if strings.Contains(line, "-") {
					bad = append(bad, ids.FindAllString(line, -1)...)
				}
			}
			slices.Sort(bad)
			return slices.Compact(bad)
		}},
		{"the keys end with help", func(s *sight) []string {
			last := s.lines[len(s.lines)-1]
			if !strings.HasSuffix(strings.TrimSpace(last), "? keys") && !strings.Contains(last, "any key") {
				return []string{last}
			}
			return nil
		}},
	}
}

// typedSettings are settings of a command, which stand as they are to be typed.
var typedSettings = regexp.MustCompile(`\S+=\S+`)

// matches is a rule that no line matches a pattern, which needs one of some
// characters.
func matches(some, pattern string) func(*sight) []string {
	p := regexp.MustCompile(pattern)
	return func(s *sight) (bad []string) {
		for _, line := range s.lines {
			if strings.ContainsAny(line, some) && p.MatchString(line) {
				bad = append(bad, strings.TrimSpace(line))
			}
		}
		return bad
	}
}

// other returns the characters that are not allowed, once each, with a line that has
// them.
func other(lines []string, allowed func(rune) bool) (bad []string) {
	met := map[rune]bool{}
	for _, line := range lines {
		for _, r := range line {
			if !allowed(r) && !met[r] {
				met[r] = true
				bad = append(bad, fmt.Sprintf("%q in %s", r, strings.TrimSpace(line)))
			}
		}
	}
	return bad
}
