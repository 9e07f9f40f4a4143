package schedule

import (
	"fmt"
	"math"
	"time"
)

// Parameters fix one scheduler: the weights of the memory model and what the
// learner wants from it. The zero value is of no use; start from
// [DefaultParameters].
type Parameters struct {
	// Weights are w0 to w20 of FSRS-6.
	Weights [21]float64
	// Retention is the chance of recall at which a question is due, in (0, 1].
	Retention float64
	// MaxInterval is the longest interval, in days.
	MaxInterval int
	// Learning and Relearning are the delays before a new question, or one
	// forgotten, is trusted to intervals of days.
	Learning, Relearning []time.Duration
	// Fuzz spreads intervals of three days and more, so that what was learnt on
	// one day does not all come back on one day. What it draws depends on Seed
	// and the review alone.
	Fuzz bool
	Seed uint64
}

// DefaultParameters are the published FSRS-6 weights, which py-fsrs, go-fsrs
// and fsrs-rs share, at 90 % retention, without fuzz.
func DefaultParameters() Parameters {
	return Parameters{
		Weights: [21]float64{
			0.212, 1.2931, 2.3065, 8.2956,
			6.4133, 0.8334, 3.0194, 0.001,
			1.8722, 0.1666, 0.796,
			1.4835, 0.0614, 0.2629, 1.6483,
			0.6014, 1.8729,
			0.5425, 0.0912, 0.0658,
			0.1542,
		},
		Retention:   0.9,
		MaxInterval: maxStability,
		Learning:    []time.Duration{time.Minute, 10 * time.Minute},
		Relearning:  []time.Duration{10 * time.Minute},
	}
}

// Validate reports the first parameter out of range.
func (p Parameters) Validate() error {
	for i, w := range p.Weights {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return fmt.Errorf("schedule: weight w%d is %v; a finite number is expected", i, w)
		}
	}
	if p.Weights[20] <= 0 {
		return fmt.Errorf("schedule: weight w20 is %v; the forgetting curve needs it above 0", p.Weights[20])
	}
	if !(p.Retention > 0 && p.Retention <= 1) {
		return fmt.Errorf("schedule: retention is %v; it must be above 0 and at most 1", p.Retention)
	}
	if p.MaxInterval < 1 || p.MaxInterval > maxStability {
		return fmt.Errorf("schedule: the longest interval is %d days; it must be 1 to %d", p.MaxInterval, maxStability)
	}
	for _, steps := range [][]time.Duration{p.Learning, p.Relearning} {
		for _, step := range steps {
			if step < 0 {
				return fmt.Errorf("schedule: a learning step is %v; it must not be negative", step)
			}
		}
	}
	return nil
}
