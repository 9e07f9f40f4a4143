package lab

import (
	"context"
	"sync"
)

// Remember returns the experiment as one that runs each settings once: whoever runs
// the same settings again is given the record of the first time, at once and without
// progress. It is for a way through the whole course, whose pages share many runs.
func Remember(e *Experiment) *Experiment {
	var mu sync.Mutex
	known := map[string]*Record{}
	once := *e
	once.Run = func(ctx context.Context, s Settings, rec *Recorder) error {
		run := e.CommandLine(s)
		mu.Lock()
		record := known[run]
		mu.Unlock()
		if record != nil {
			rec.replay(record)
			return ctx.Err()
		}
		if err := e.Run(ctx, s, rec); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		known[run] = rec.Record()
		return nil
	}
	return &once
}

// replay takes over what a run of the same experiment has found.
func (r *Recorder) replay(of *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range of.Series {
		r.series = append(r.series, &Track{rec: r, stride: 1, series: s})
	}
	for _, f := range of.Findings {
		r.found[f.Spec.Name] = f
	}
}
