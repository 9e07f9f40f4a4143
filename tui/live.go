package tui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"loralab/lessons/lab"
)

// frameEvery is the shortest time between two snapshots of a run. A terminal
// shows no more, and drawing takes part of the processor from the training.
const frameEvery = time.Second / 30

// slowFrame is how long slow motion holds each frame of a record: a series of
// 200 frames then lasts about ten seconds.
const slowFrame = time.Second / 20

// live is a run under way. The goroutine that computes leaves its newest
// snapshot in a mailbox of one place, dropping the one that was not picked up,
// so it never waits for the screen. A run is told from every other by its address:
// a snapshot that comes late, after another run has begun anywhere, is nobody's.
type live struct {
	started time.Time
	mail    chan snapshot
	cancel  context.CancelFunc
	gate    *gate
}

// snapshot is what the screen sees of a run.
type snapshot struct {
	of       *live
	record   *lab.Record
	progress lab.Progress
	done     bool
	err      error         // only with done; context.Canceled after a cancel
	took     time.Duration // without pauses; 0 where slow motion leaves it open
}

// stepped brings a snapshot to Update.
type stepped snapshot

// startRun starts the experiment and returns the handle and the command that
// waits for the first snapshot.
func startRun(e *lab.Experiment, s lab.Settings, slow bool) (*live, tea.Cmd) {
	ctx, cancel := context.WithCancel(context.Background())
	l := &live{started: time.Now(), mail: make(chan snapshot, 1), cancel: cancel, gate: newGate(slow)}
	go l.compute(ctx, e, s)
	return l, l.await()
}

func (l *live) compute(ctx context.Context, e *lab.Experiment, s lab.Settings) {
	defer close(l.mail)
	var rec *lab.Recorder
	var mu sync.Mutex // a sweep reports from several goroutines; posting has one producer at a time
	var next time.Time
	var last lab.Progress
	rec = e.Start(s, func(p lab.Progress) {
		held := p.Kept && l.gate.paused()
		mu.Lock()
		last = p
		if now := time.Now(); held || !now.Before(next) {
			next = now.Add(frameEvery)
			l.post(snapshot{of: l, record: rec.Record(), progress: p})
		}
		mu.Unlock()
		if p.Kept {
			l.gate.wait(ctx)
		}
	})
	err := e.Validate(s)
	if err == nil {
		err = lab.Catch(func() error { return e.Run(ctx, s, rec) })
	}
	l.post(snapshot{of: l, record: rec.Record(), progress: last, done: true, err: err, took: l.gate.own(time.Since(l.started))})
}

func (l *live) post(s snapshot) {
	select {
	case <-l.mail:
	default:
	}
	l.mail <- s
}

// await waits for the next snapshot; it ends without one when the run has ended.
func (l *live) await() tea.Cmd {
	return func() tea.Msg {
		if s, ok := <-l.mail; ok {
			return stepped(s)
		}
		return nil
	}
}

// gate lets a run through, holds it, lets single frames through, or slows it.
type gate struct {
	mu    sync.Mutex
	open  chan struct{} // closed while the run may go on
	once  chan struct{} // a token lets one frame through a closed gate
	slow  bool
	since time.Time     // when it was closed
	held  time.Duration // how long it was closed before
	slept bool          // it was slow at least once: how long the run takes says nothing
}

func newGate(slow bool) *gate {
	g := &gate{open: make(chan struct{}), once: make(chan struct{}, 1), slow: slow}
	close(g.open)
	return g
}

func (g *gate) paused() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
		return false
	default:
		return true
	}
}

func (g *gate) pause(hold bool) {
	if hold == g.paused() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if hold {
		g.open, g.since = make(chan struct{}), time.Now()
	} else {
		close(g.open)
		g.held += time.Since(g.since)
	}
}

// own is what a run that took so long took itself: without its pauses, and 0 where
// that cannot be told.
func (g *gate) own(took time.Duration) time.Duration {
	paused := g.paused()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.slept:
		return 0
	case paused:
		took -= time.Since(g.since)
	}
	return max(took-g.held, time.Nanosecond)
}

func (g *gate) setSlow(slow bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.slow = slow
}

// step lets one frame through while the gate is closed.
func (g *gate) step() {
	select {
	case g.once <- struct{}{}:
	default:
	}
}

// wait is called by the run at each frame that the record keeps, and only
// there, so that a single step always shows something new.
func (g *gate) wait(ctx context.Context) {
	g.mu.Lock()
	open, slow := g.open, g.slow
	g.slept = g.slept || slow
	g.mu.Unlock()
	select {
	case <-open:
	default:
		select {
		case <-open:
		case <-g.once:
		case <-ctx.Done():
		}
		return
	}
	if slow {
		timer := time.NewTimer(slowFrame)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}
