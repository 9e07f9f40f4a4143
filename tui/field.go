package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

// longestCluster is how many runes one character on the screen may be made of.
// The longest emoji have ten; a heap of accents on one letter may have
// thousands, and every redraw measures them all again.
const longestCluster = 10

// field is where the learner types: one line, where up and down bring back
// what was typed earlier, or several lines for sentences. Line and area are
// bubbles' own; field keeps what goes into them clean and within its limit.
type field struct {
	limit int // in runes
	rows  int

	line textinput.Model // where rows is 1
	area textarea.Model  // where rows is more

	history []string // the newest first
	back    int      // how far back in the history, 0 is what is being typed
	draft   string
}

// newField returns an empty field without focus, of that many rows, which takes
// at most limit runes.
func newField(placeholder string, limit, rows int) field {
	f := field{limit: limit, rows: rows}
	if f.single() {
		f.line = textinput.New()
		f.line.Prompt = "› "
		f.line.Placeholder = placeholder
		f.line.CharLimit = limit
		// bubbles 2.2.1 reads past the end of the text here; cutWord does it instead.
		f.line.KeyMap.DeleteWordForward.SetEnabled(false)
		f.line.KeyMap.Paste.SetEnabled(false)
		return f
	}
	f.area = textarea.New()
	f.area.Prompt = "› "
	f.area.ShowLineNumbers = false
	f.area.CharLimit = 0 // bubbles counts cells here: none for an accent, two for a wide letter
	f.area.Placeholder = placeholder
	f.area.SetHeight(rows)
	f.area.KeyMap.InsertNewline.SetEnabled(false) // enter commits
	f.area.KeyMap.Paste.SetEnabled(false)
	return f
}

// remember sets what up and down bring back on a single line, the newest first.
func (f *field) remember(history []string) { f.history, f.back = history, 0 }

func (f *field) single() bool { return f.rows <= 1 }

func (f *field) focus() tea.Cmd {
	if f.single() {
		return f.line.Focus()
	}
	return f.area.Focus()
}

func (f *field) blur() {
	f.line.Blur()
	f.area.Blur()
}

// value returns what was typed, without the space around it.
func (f *field) value() string {
	before, after := f.split()
	return strings.TrimSpace(before + after)
}

// setValue replaces what was typed; the cursor is at its end.
func (f *field) setValue(text string) { f.put(clean(text, f.limit, f.single()), "") }

// update takes a key, a paste, or a message of the cursor's. A field without
// focus takes nothing.
func (f *field) update(msg tea.Msg) tea.Cmd {
	if !f.line.Focused() && !f.area.Focused() {
		return nil
	}
	switch press := msg.(type) {
	case tea.PasteMsg:
		msg = tea.PasteMsg{Content: clean(press.Content, f.room(), f.single())}
	case tea.KeyPressMsg:
		if press.String() == "ctrl+v" {
			return pasteClipboard
		}
		if f.single() && f.pressLine(press) {
			return nil
		}
		if press.Text != "" && utf8.RuneCountInString(press.Text) > f.room() {
			return nil
		}
	}
	var cmd tea.Cmd
	if f.single() {
		f.line, cmd = f.line.Update(msg)
	} else {
		f.area, cmd = f.area.Update(msg)
	}
	f.settle()
	return cmd
}

// pressLine handles the keys that bubbles' line does not, or does wrong.
func (f *field) pressLine(press tea.KeyPressMsg) bool {
	switch press.String() {
	case "up":
		f.recall(1)
	case "down":
		f.recall(-1)
	case "alt+d", "alt+delete", "ctrl+delete":
		f.cutWord()
	default:
		return false
	}
	return true
}

// pasteClipboard pastes where the terminal leaves ctrl+v to the program. It is
// bubbles' own command but for the message, which a field can clean.
func pasteClipboard() tea.Msg {
	text, err := clipboard.ReadAll()
	if err != nil {
		return nil // no clipboard here
	}
	return tea.PasteMsg{Content: text}
}

// recall brings back what was typed earlier; at the end, what is being typed.
func (f *field) recall(by int) {
	if len(f.history) == 0 {
		return
	}
	if f.back == 0 {
		f.draft = f.line.Value()
	}
	f.back = min(max(f.back+by, 0), len(f.history))
	text := f.draft
	if f.back > 0 {
		text = f.history[f.back-1]
	}
	f.setValue(text)
}

// cutWord deletes to the end of the next word, with the space before it.
func (f *field) cutWord() {
	before, after := f.split()
	after = strings.TrimLeftFunc(after, unicode.IsSpace)
	after = strings.TrimLeftFunc(after, func(r rune) bool { return !unicode.IsSpace(r) })
	f.put(before, after)
	f.settle()
}

// settle cleans what an edit has left: typing accent after accent, or deleting
// the letter between two heaps of them, makes a heap that no paste has brought.
func (f *field) settle() {
	before, after := f.split()
	whole := clean(before+after, f.limit, f.single())
	if whole == before+after {
		return
	}
	before = clean(before, f.limit, f.single()) // a prefix of whole: clean reads from left to right
	f.put(before, whole[len(before):])
}

// room is how many runes still fit.
func (f *field) room() int {
	before, after := f.split()
	return max(f.limit-utf8.RuneCountInString(before)-utf8.RuneCountInString(after), 0)
}

// split returns the text before and after the cursor.
func (f *field) split() (before, after string) {
	if f.single() {
		return cutAt(f.line.Value(), f.line.Position())
	}
	lines := strings.Split(f.area.Value(), "\n")
	row := f.area.Line()
	before, after = cutAt(lines[row], f.area.Column())
	before = strings.Join(append(lines[:row:row], before), "\n")
	after = strings.Join(append([]string{after}, lines[row+1:]...), "\n")
	return before, after
}

// cutAt cuts s after n runes.
func cutAt(s string, n int) (before, after string) {
	for i := range s {
		if n == 0 {
			return s[:i], s[i:]
		}
		n--
	}
	return s, ""
}

// put replaces the text, with the cursor between its two parts.
func (f *field) put(before, after string) {
	if f.single() {
		f.line.SetValue("") // else bubbles would keep the part that it shows of the old text
		f.line.SetValue(before + after)
		f.line.SetCursor(utf8.RuneCountInString(before))
		return
	}
	f.area.SetValue(after)
	f.area.MoveToBegin()
	f.area.InsertString(before)
}

// view draws the field on that many columns.
func (f *field) view(width int) string {
	if !f.single() {
		f.area.SetWidth(width)
		return f.area.View()
	}
	if inner := max(width-4, 8); inner != f.line.Width() {
		f.line.SetWidth(inner)
		before, after := f.split()
		f.put(before, after) // what is shown of the text is chosen anew
	}
	return ansi.Truncate(f.line.View(), width, "") // an emoji with the cursor in it takes more columns than bubbles counted
}

// clean returns what a field can show of a text, at most limit runes of it:
// without control characters, one line made of several where only one is
// wanted, and with at most longestCluster runes to a character. Cleaning twice
// changes nothing, and the clean text of a prefix is a prefix.
func clean(text string, limit int, single bool) string {
	var out strings.Builder
	var cluster []rune // the last character written
	kept := 0
	for i, r := range text {
		if kept == limit {
			break
		}
		if r == '\r' { // terminals send it for the newlines of a paste
			if strings.HasPrefix(text[i+1:], "\n") {
				continue
			}
			r = '\n'
		}
		switch {
		case r == '\t' || r == '\n' && single:
			r = ' '
		case r == '\n':
		case r == utf8.RuneError || unicode.IsControl(r):
			continue
		}
		if joins(cluster, r) {
			if len(cluster) == longestCluster {
				continue
			}
			cluster = append(cluster, r)
		} else {
			cluster = append(cluster[:0], r)
		}
		out.WriteRune(r)
		kept++
	}
	return out.String()
}

// joins reports whether r is part of the same character as the runes before it.
func joins(cluster []rune, r rune) bool {
	if len(cluster) == 0 {
		return false
	}
	_, rest, _, _ := uniseg.FirstGraphemeClusterInString(string(cluster)+string(r), -1)
	return rest == ""
}
