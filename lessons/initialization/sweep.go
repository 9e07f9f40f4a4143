package initialization

import (
	"context"
	"fmt"
	"math"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// scalingRanks are the ranks of the sweep. Findings about the trend
// leave the first out: at rank 1 a single random direction decides.
var scalingRanks = [...]int{1, 4, 16, 64}

// scalingRules are the two ways to make s of α and r.
var scalingRules = [...]struct {
	rule           lora.Scaling
	suffix, symbol string
}{
	{lora.AlphaOverR, "-alpha-r", "α/r"},
	{lora.AlphaOverSqrtR, "-alpha-sqrt-r", "α/√r"},
}

// sweepColumns are those of the findings sweep-…: the rank, the first gradients
// of B and of A, and the size of the update and the loss at the end.
var sweepColumns = [...]string{"rank", "gradient-b", "gradient-a", "update", "loss"}

// sweepTracks are the series of the sweep, by rule and rank.
type sweepTracks [len(scalingRules)][len(scalingRanks)]*lab.Track

func announceSweep(s lab.Settings, rec *lab.Recorder) sweepTracks {
	var t sweepTracks
	for i, rule := range scalingRules {
		for j, r := range scalingRanks {
			t[i][j] = rec.Sparse(fmt.Sprintf("%s, r = %d", rule.symbol, r), s.Whole("sweep-steps"), "loss", "accuracy")
		}
	}
	return t
}

// sweep trains at several ranks under both rules. It starts A as PEFT does,
// whatever schemes are compared: A's entries then do not depend on the rank.
type sweep struct {
	p      *train.Problem
	s      lab.Settings
	tracks sweepTracks
	swept  [len(scalingRules)][len(scalingRanks)]sweptRun
}

type sweptRun struct {
	train.Outcome
	update float64 // ‖ΔW‖ at the end
}

func (c *sweep) jobs() []job {
	var all []job
	for i := range scalingRules {
		for j := range scalingRanks {
			all = append(all, func(ctx context.Context) error { return c.run(ctx, i, j) })
		}
	}
	return all
}

// run trains under one rule at one rank.
func (c *sweep) run(ctx context.Context, i, j int) error {
	net, err := c.p.WithAdapter(c.s, scalingRules[i].rule, scalingRanks[j])
	if err != nil {
		return err
	}
	o, err := c.p.Adapt(ctx, net, c.s, optimizer(c.s, c.s.Real("ratio-b")), c.tracks[i][j])
	c.swept[i][j] = sweptRun{o, updateNorm(net, c.p.Base)}
	return err
}

// report reports the trend over the ranks under each rule, and returns the
// trainings that diverged.
func (c *sweep) report(rec *lab.Recorder) (failures []string) {
	least, steadier, measured := math.Inf(1), "", 0
	for i, rule := range scalingRules {
		rows, diverged := c.rows(i)
		failures = append(failures, diverged...)
		if len(rows) > 0 {
			rec.Report("sweep"+rule.suffix, rows)
		}
		if len(rows) < len(scalingRanks) {
			continue
		}
		swept := lab.Table{Columns: sweepColumns[:], Values: rows[1:]}
		growth := func(column string) float64 { return swept.At(swept.Len()-1, column) / swept.At(0, column) }
		rec.Report("gradient-growth"+rule.suffix, growth("gradient-b"))
		rec.Report("update-growth"+rule.suffix, growth("update"))
		loss := swept.Column("loss")
		spread := slices.Max(loss)/slices.Min(loss) - 1
		rec.Report("loss-spread"+rule.suffix, spread)
		if spread < least {
			least, steadier = spread, rule.symbol
		}
		measured++
	}
	if measured == len(scalingRules) {
		rec.Report("steadier", steadier)
	}
	return failures
}

// rows are the ranks of one rule that did not diverge.
func (c *sweep) rows(rule int) (rows [][]float64, failures []string) {
	for j, run := range c.swept[rule] {
		if run.Diverged != nil {
			failures = append(failures, fmt.Sprintf("%s: %v", c.tracks[rule][j].Name(), run.Diverged))
			continue
		}
		row := []float64{float64(scalingRanks[j]), run.Gradients[0].B, run.Gradients[1].A, run.update, run.Loss}
		if !train.Finite(row...) { // it diverged at the last step, which no further step could notice
			failures = append(failures, fmt.Sprintf("%s: the last step left numbers that are not finite", c.tracks[rule][j].Name()))
			continue
		}
		rows = append(rows, row)
	}
	return rows, failures
}
