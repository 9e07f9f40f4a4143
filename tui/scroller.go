package tui

// scroller is a text of which a window is seen. bubbles' viewport would do it with
// keys and styles of its own, which the screens would have to take away again.
type scroller struct {
	lines  []string
	height int // of the window
	top    int // the first line that is seen
	least  int // the window may begin here although little follows
}

// set changes the text and the window; what is seen stays as far as it can.
func (s *scroller) set(lines []string, height int) {
	s.lines, s.height = lines, max(height, 1)
	s.to(s.top)
}

// to scrolls to a line, or as far as there is text.
func (s *scroller) to(line int) {
	s.top = min(max(line, 0), max(len(s.lines)-s.height, s.least, 0))
}

// begin scrolls to where something begins: what stands before it would be half of a
// paragraph.
func (s *scroller) begin(line int) {
	s.least = 0
	if line < len(s.lines) {
		s.least = max(line, 0)
	}
	s.to(line)
}

// more reports whether there is text below what is seen.
func (s *scroller) more() bool { return s.top+s.height < len(s.lines) }

// page scrolls by pages; two lines of the one before stay in view.
func (s *scroller) page(by int) { s.to(s.top + by*max(s.height-2, 1)) }

// fits reports whether all of the text is seen.
func (s *scroller) fits() bool { return len(s.lines) <= s.height }

// seen returns the window. Its last line says so where there is more.
func (s *scroller) seen(st styles) []string {
	seen := append([]string(nil), s.lines[s.top:min(s.top+s.height, len(s.lines))]...)
	if s.more() && s.height > 1 {
		seen[s.height-1] = st.muted.Render("↓ pgdn: more")
	}
	return seen
}
