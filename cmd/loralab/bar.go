package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"loralab/lessons/lab"
)

// bar is a progress bar on one line of a terminal. On anything else it is
// silent.
type bar struct {
	mu    sync.Mutex
	w     io.Writer // nil: silent
	what  string
	next  time.Time
	drawn bool
}

func newBar(w io.Writer, what string) *bar {
	b := &bar{what: what}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		b.w = w
	}
	return b
}

// show draws the bar, at most ten times a second. It is called from the
// goroutines of the run.
func (b *bar) show(p lab.Progress) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if now.Before(b.next) || p.Total == 0 {
		return
	}
	b.next, b.drawn = now.Add(time.Second/10), true
	const width = 30
	full := p.Done * width / p.Total
	fmt.Fprintf(b.w, "\r%s %s%s %3d %% %-12s", b.what, strings.Repeat("━", full), strings.Repeat("─", width-full), p.Done*100/p.Total, p.Series)
}

// clear takes the bar away.
func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
