package lessons

import (
	"fmt"
	"strings"
	"testing"

	"loralab/lessons/lab"
)

// What classes are asked for in these tests.
var (
	askPercent = Predict{Brief: "digits read", Finding: lab.Spec{Name: "accuracy", Kind: lab.KindReal, Percent: true}, Points: 5}
	askBytes   = Predict{Finding: lab.Spec{Name: "memory", Kind: lab.KindReal, Unit: "GB"}, Within: 0.05}
	askCount   = Predict{Finding: lab.Spec{Name: "params", Kind: lab.KindCount}}
	askChoice  = Predict{Finding: lab.Spec{Name: "fastest", Kind: lab.KindText}, Choices: []string{"gaussian", "kaiming", "gaussian 1/r"}}
)

// TestReadGuesses: everything that a teacher may type is read as it is meant, or
// asked back.
func TestReadGuesses(t *testing.T) {
	for _, c := range []struct {
		ask        Predict
		text, said string
		wrong      string // what the error says
	}{
		{askPercent, "40, 55 60", "40 55 60", ""},
		{askPercent, "40,55,60", "40 55 60", ""},
		{askPercent, "400,500", "400 500", ""},
		{askPercent, "40 % 55% ; 60", "40 55 60", ""},
		{askPercent, "75: 12, 40:3 60", "75×12 40×3 60", ""},
		{askPercent, "75 : 12", "75×12", ""},
		{askPercent, "52.5", "52.5", ""},
		{askPercent, "0.5", "", "Write 50"},
		{askPercent, "40, many", "", "many"},
		{askPercent, "40: x", "", "behind the colon"},
		{askPercent, "40: 0", "", "behind the colon"},
		{askPercent, " ", "", "no guess"},
		{askPercent, ",;", "", "no guess"},
		{askBytes, "2 GB 900 MB 3", "2 0.9 3", ""},
		{askBytes, "0,5", "", "one number or several"},
		{askCount, "2,304", "", "2,304 can be one number or several"},
		{askCount, "2, 304", "2 304", ""},
		{askCount, "2,30", "2 30", ""},
		{askCount, "4*(64 + 128) 1536", "768 1536", ""},
		{askCount, "2 ^ 10 · 2", "2048", ""},
		{askCount, "10 -5", "10 -5", ""},
		{askChoice, "a 12, b 7", "gaussian×12 kaiming×7", ""},
		{askChoice, "a12 b: 7 c", "gaussian×12 kaiming×7 gaussian 1/r", ""},
		{askChoice, "Kaiming, gaussian 1/r 3", "kaiming gaussian 1/r×3", ""},
		{askChoice, "a 0 b", "kaiming", ""},
		{askChoice, "a a b", "gaussian gaussian kaiming", ""},
		{askChoice, "d 3", "", "a to c"},
		{askChoice, "12", "", "none of the choices"},
		{askChoice, "a 99999", "", "so many"},
		{askChoice, "a 0", "", "nobody"},
	} {
		guesses, err := ReadGuesses(c.ask, c.text)
		switch {
		case c.wrong == "" && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%q: %v, want an error that says %q", c.text, err, c.wrong)
		case c.wrong == "" && said(guesses) != c.said:
			t.Errorf("%q is read as %q, want %q", c.text, said(guesses), c.said)
		}
	}
}

func said(guesses []Guess) string {
	var all []string
	for _, g := range guesses {
		text := g.echo
		if len(g.Ask.Choices) == 0 {
			text = fmt.Sprint(g.value)
		}
		if g.Count > 1 {
			text += fmt.Sprintf("×%d", g.Count)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// FuzzReadGuesses: a line is read or refused with a reason, and what is read can be
// summed up and drawn.
func FuzzReadGuesses(f *testing.F) {
	for _, text := range []string{"40, 55 60", "75: 12", "a 12, b 7", "gaussian 1/r 3", "2,304", "9e307 -9e307", "::", "· × 1", "0:1", "1e-300, 1e300"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, ask := range []Predict{askPercent, askBytes, askCount, askChoice} {
			guesses, err := ReadGuesses(ask, text)
			if (err == nil) == (len(guesses) == 0) {
				t.Fatalf("%q: %d guesses and %v", text, len(guesses), err)
			}
			if err != nil {
				continue
			}
			tally := newTally(ask, guesses)
			n := 0
			for _, g := range guesses {
				n += g.Count
			}
			if tally.total != n || tally.String() == "" {
				t.Errorf("%q: %d guesses, summed up as %d: %s", text, n, tally.total, tally)
			}
			if marks := tally.marks(); len(marks) == 0 || len(ask.Choices) == 0 && len(marks) > mostMarks {
				t.Errorf("%q: %d marks", text, len(marks))
			}
			if figure := tally.figure(nil); figure.Table(6) == "" {
				t.Errorf("%q: no figure", text)
			}
		}
	})
}

// TestTally: guesses that lie near each other share a mark, which says how many and
// from where to where.
func TestTally(t *testing.T) {
	for _, c := range []struct {
		ask         Predict
		text, whole string
		marks       string
	}{
		{askPercent, "52", "1 guess, 52 %", "1 guess 52 %@0.52"},
		{askPercent, "40 52 55 60 90", "5 guesses, 40–90 %, median 55 %", "1 guess 40 %@0.4 3 guesses 52–60 %@0.55 1 guess 90 %@0.9"},
		{askPercent, "10 11 12 40 41 42 43 70 99 98", "10 guesses, 10–99 %, median 41.5 %", "3 guesses 10–12 %@0.11 5 guesses 40–70 %@0.42 2 guesses 98–99 %@0.985"},
		{askPercent, "75:12 75 20", "14 guesses, 20–75 %, median 75 %", "1 guess 20 %@0.2 13 guesses 75 %@0.75"},
		{askCount, "10 100 1000 100000", "4 guesses, 10–100,000, median 550", "2 guesses 10–100@55 1 guess 1,000@1000 1 guess 100,000@100000"},
		{askChoice, "b 7, a 2 b", "gaussian 2, kaiming 8", "2 say gaussian@gaussian 8 say kaiming@kaiming"},
	} {
		guesses, err := ReadGuesses(c.ask, c.text)
		if err != nil {
			t.Fatal(err)
		}
		tally := newTally(c.ask, guesses)
		var marks []string
		for _, m := range tally.marks() {
			at := m.Word
			if at == "" {
				at = fmt.Sprint(m.Value)
			}
			marks = append(marks, m.Label+"@"+at)
		}
		if got := strings.Join(marks, " "); tally.String() != c.whole || got != c.marks {
			t.Errorf("%q: %s\n%s\nwant %s\n%s", c.text, tally, got, c.whole, c.marks)
		}
	}
}
