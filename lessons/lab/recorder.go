package lab

import (
	"fmt"
	"math"
	"sync"
)

// maxFrames bounds how many frames of a series a record keeps: two for every
// column of a wide terminal, so thinning is not seen.
const maxFrames = 240

// Progress is where a run stands.
type Progress struct {
	Series  string // the series that just took a step
	Step    int
	Planned int  // steps of this series
	Kept    bool // whether this step is a frame to look at: kept in the record, and not of a prelude
	Done    int  // steps of all series so far
	Total   int  // steps of all series that are announced
}

// Recorder collects what a run emits into a Record. It is safe for the several
// goroutines of a sweep.
type Recorder struct {
	mu     sync.Mutex
	specs  []Spec
	found  map[string]Finding
	base   Record // without series and findings
	series []*Track
	done   int
	watch  func(Progress)
}

// Track is one series while it is being recorded.
type Track struct {
	rec     *Recorder
	series  Series
	stride  int
	prelude bool
	aside   bool
}

// Series announces a series before it starts. All are announced first, in one
// goroutine, so that their order and the total of steps are known.
func (r *Recorder) Series(name string, planned int, columns ...string) *Track {
	return r.announce(name, planned, maxFrames, columns)
}

// Sparse is Series for one training of many, whose curve is not looked at
// closely: it keeps a tenth as many frames, and so their values are computed a
// tenth as often.
func (r *Recorder) Sparse(name string, planned int, columns ...string) *Track {
	return r.announce(name, planned, maxFrames/10, columns)
}

// Prelude is Series for work that comes before the question, such as pretraining
// the base: it is recorded, but stepping through a run skips it.
func (r *Recorder) Prelude(name string, planned int, columns ...string) *Track {
	t := r.announce(name, planned, maxFrames/10, columns)
	t.prelude = true
	return t
}

// Aside announces a series of what is looked at now and then during the steps of t:
// it takes no steps of its own, so that nobody waits for it or counts it. It keeps
// some of the steps that t keeps, a quarter as many as a Series, and is announced
// with all others.
func (t *Track) Aside(name string, columns ...string) *Track {
	a := t.rec.announce(name, t.series.Planned, maxFrames/4, columns)
	a.aside, a.stride = true, (a.stride+t.stride-1)/t.stride*t.stride
	return a
}

func (r *Recorder) announce(name string, planned, keep int, columns []string) *Track {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &Track{rec: r, stride: max(1, (planned+keep-1)/keep),
		series: Series{Name: name, Columns: columns, Planned: planned}}
	r.series = append(r.series, t)
	return t
}

// Name returns the name of the series.
func (t *Track) Name() string { return t.series.Name }

// Planned returns the last step, when all goes well.
func (t *Track) Planned() int { return t.series.Planned }

// Frames returns what is recorded so far, by step. It is for the goroutine that
// adds to the track.
func (t *Track) Frames() []Frame { return t.series.Frames }

// Keeps reports whether the record keeps that step: values that are
// expensive to compute need only be computed then.
func (t *Track) Keeps(step int) bool {
	return step%t.stride == 0 || step == t.series.Planned
}

// Add records a step, which must come in ascending order. Where the record
// does not keep the step, values may be left out. It may block while the
// watcher pauses the run.
func (t *Track) Add(step int, values ...float64) {
	kept := t.Keeps(step)
	if kept && len(values) != len(t.series.Columns) {
		panic(&Mismatch{"series", t.series.Name, fmt.Sprintf("%d values", len(values)), fmt.Sprintf("a value for each of %v", t.series.Columns)})
	}
	r := t.rec
	r.mu.Lock()
	if kept {
		t.series.Frames = append(t.series.Frames, Frame{step, append([]float64(nil), values...)})
	}
	if t.aside {
		r.mu.Unlock()
		return
	}
	if step > 0 {
		r.done++
	}
	p := Progress{t.series.Name, step, t.series.Planned, kept && !t.prelude, r.done, r.total()}
	watch := r.watch
	r.mu.Unlock()
	if watch != nil {
		watch(p)
	}
}

func (r *Recorder) total() int {
	sum := 0
	for _, t := range r.series {
		if !t.aside {
			sum += t.series.Planned
		}
	}
	return sum
}

// Report records a finding that the experiment declared. A real that is NaN or
// infinite is none, nor is a matrix with such an entry: a training that diverged
// has found no loss. A matrix is a [][]float64, or a Table where names of columns
// or rows depend on the settings. An undeclared name panics with an
// [*Undeclared], a value that does not fit its Spec with a [*Mismatch].
func (r *Recorder) Report(name string, value any) {
	if !recordable(value) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.specs {
		if s.Name == name {
			r.found[name] = newFinding(s, value)
			return
		}
	}
	names := make([]string, len(r.specs))
	for i, s := range r.specs {
		names[i] = s.Name
	}
	panic(&Undeclared{"finding", name, names})
}

func recordable(value any) bool {
	switch v := value.(type) {
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case [][]float64:
		for _, row := range v {
			for _, x := range row {
				if !recordable(x) {
					return false
				}
			}
		}
	case Table:
		return recordable(v.Values)
	}
	return true
}

// Record returns what there is so far. Frames are shared with the recorder:
// they are only ever appended, never changed.
func (r *Recorder) Record() *Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.base
	for _, t := range r.series {
		rec.Series = append(rec.Series, t.series)
	}
	for _, s := range r.specs {
		if f, ok := r.found[s.Name]; ok {
			rec.Findings = append(rec.Findings, f)
		}
	}
	return &rec
}
