package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestWordsOfThePage: t explains the words of a page, any key leads back, and where
// something is being typed it is a letter.
func TestWordsOfThePage(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("enter")
	page := d.screen()
	d.press("t")
	d.golden("words-80x24")
	d.press("down", "pgdown", "up", "pgup")
	d.shows("The words of this page")
	d.send(tea.WindowSizeMsg{Width: 60, Height: 12})
	d.shows("scroll")
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	d.press("esc")
	if d.screen() != page {
		t.Errorf("after the words the page is not what it was:\n%s", d.screen())
	}
	d.press("4", "t")
	if strings.Contains(d.screen(), "The words of this page") {
		t.Error("a letter of an answer shows the words")
	}
	d.press("ctrl+u", "esc", "t")
	d.shows("LoRA, by running it") // home has no words
}
