package lessons

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/toy"
)

// merging trains an adapter for each of several shifts on one base, and then
// does with them what is done with trained adapters: swap them, switch them
// off, merge and unmerge them, combine them, and time them.
func merging(digits digitsSource) *Experiment {
	e := &Experiment{
		ID:       "merging",
		Title:    "Merging",
		Question: "does it cost anything at inference?",
		Knobs:    mergingKnobs(),
		Findings: mergingFindings(),
		Plots:    []string{"swap", "precision", "latency", "drift", "swaps", "combine", "combine-error", "traps", "loss"},
		Check:    checkMerging,
		Figures:  mergingFigures,
	}
	e.Run = func(ctx context.Context, s Settings, rec *Recorder) error {
		return runMerging(ctx, digits, s, rec)
	}
	return e
}

// widestMerged bounds the hidden layers: the methods with svd take a full singular
// value decomposition of each, which takes many seconds from here on.
const widestMerged = 512

func mergingKnobs() []Knob {
	var methods []string
	for _, m := range lora.Methods() {
		methods = append(methods, m.String())
	}
	var precisions []string
	for _, p := range mergePrecisions() {
		precisions = append(precisions, p.name)
	}
	sizes := sizeKnobs()
	sizes[slices.IndexFunc(sizes, func(k Knob) bool { return k.Name == "width" })].Max = widestMerged
	return append([]Knob{
		{Name: "shifts", Help: "what the digits are changed into: an adapter for each; the first two are combined", Kind: Set,
			Default: "rot90,mirror,invert", Choices: toy.Shifts()},
		{Name: "rank", Symbol: "r", Help: "rank of the adapters", Kind: Whole, Default: "8", Min: 1, Max: 1024,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
		{Name: "alpha", Symbol: "α", Help: "the constant over the rank in the scaling", Kind: Real, Default: "16", Min: 0.001, Max: 4096,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64", "128"}},
		scalingKnob(),
		optimizerKnob(),
		{Name: "learning-rate", Symbol: "η", Help: "learning rate of the adapters", Kind: Real, Default: "0.003", Min: 1e-7, Max: 100,
			Ladder: []string{"0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"}},
		{Name: "steps", Help: "training steps of each adapter", Kind: Whole, Default: "400", Min: 1, Max: 100000,
			Ladder: []string{"50", "100", "200", "400", "800", "1600"}},
		{Name: "precision", Help: "format of the weights while merging", Kind: Choice, Default: "bf16", Choices: precisions},
		{Name: "swaps", Help: "how many times an adapter is merged and taken out again", Kind: Whole, Default: "12", Min: 1, Max: 1000,
			Ladder: []string{"1", "3", "6", "12", "24", "48", "96"}},
		{Name: "method", Help: "how two adapters are made into one", Kind: Choice, Default: "linear", Choices: methods},
		{Name: "weight", Help: "weight of each of the two adapters that are combined", Kind: Real, Default: "1", Min: -8, Max: 8,
			Ladder: []string{"0.25", "0.5", "0.7", "1", "1.5", "2"}},
		{Name: "density", Help: "share of the entries that ties, dare and magnitude-prune keep", Kind: Real, Default: "0.5", Min: 0.01, Max: 1,
			Ladder: []string{"0.1", "0.2", "0.3", "0.5", "0.7", "0.9", "1"}},
		{Name: "vote", Help: "how ties elects the sign of an entry: by the sum of the values, or by their number", Kind: Choice,
			Default: "total", Choices: []string{lora.VoteTotal.String(), lora.VoteFrequency.String()}},
	}, sizes...)
}

func checkMerging(s Settings) error {
	if shifts := s.Set("shifts"); len(shifts) < 2 {
		return fmt.Errorf("knob shifts: %q is one shift, want two or more: adapters are swapped and combined", shifts[0])
	}
	return nil
}

// mergeRun is what one run of merging works on.
type mergeRun struct {
	s    Settings
	rec  *Recorder
	base *lora.Network // never written to after the pretraining
	// shared is a copy of the base with every adapter beside it. Only the choice of
	// the active one changes; who merges works on a clone.
	shared *lora.Network
	names  []string    // of the shifts and of their adapters
	tests  []lora.Data // held-out digits, upright and then of each shift

	refused []string // what the library would not do
}

// mergeTracks are the series of a run: pretraining, a training for each
// shift, and the swaps in each precision.
type mergeTracks struct {
	pretrain  *Track
	shifts    []*Track
	precision []*Track
}

func announceMerging(s Settings, rec *Recorder) mergeTracks {
	t := mergeTracks{pretrain: rec.Series("pretraining", pretrainSteps, "loss", "accuracy")}
	for _, name := range s.Set("shifts") {
		t.shifts = append(t.shifts, rec.Sparse(name, s.Whole("steps"), "loss", "accuracy"))
	}
	for _, p := range mergePrecisions() {
		t.precision = append(t.precision, rec.Series("swaps in "+p.name, s.Whole("swaps"), "drift", "not restored"))
	}
	return t
}

func runMerging(ctx context.Context, digits digitsSource, s Settings, rec *Recorder) error {
	tracks := announceMerging(s, rec)
	b, err := pretrain(ctx, digits, s, tracks.pretrain)
	if err != nil {
		return err
	}
	m := &mergeRun{s: s, rec: rec, base: b.net, shared: b.net.Clone(), names: s.Set("shifts"), tests: []lora.Data{b.test}}
	whole, err := m.trainAll(ctx, b, tracks.shifts)
	if err != nil || !whole {
		return err
	}
	m.swap()
	m.switchOff()
	if err := m.inPrecisions(ctx, tracks.precision); err != nil {
		return err
	}
	if err := m.combineAll(ctx); err != nil {
		return err
	}
	m.traps()
	// Last and alone: nothing else computes while the clock runs.
	return m.measureLatency(ctx)
}

// refuse notes a merge or combination that the library would not do. The run
// goes on without it.
func (m *mergeRun) refuse(err error) {
	m.refused = append(m.refused, err.Error())
	m.rec.Find("refused", strings.Join(m.refused, "; "))
}

// finite is for the rows of a matrix, which are recorded whole or not at all.
func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// trainAll trains an adapter for each shift, side by side, and attaches them
// all to the shared network. It reports whether all came through.
func (m *mergeRun) trainAll(ctx context.Context, b *pretrained, tracks []*Track) (whole bool, err error) {
	tuned := make([]*lora.Network, len(m.names))
	outcomes := make([]outcome, len(m.names))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range m.names {
		shift, err := toy.ParseShift(name)
		if err != nil {
			return false, err
		}
		data, test := b.digits.Data(shift, m.s.Seed())
		m.tests = append(m.tests, test)
		if tuned[i], err = m.begin(name); err != nil {
			return false, err
		}
		g.Go(func() (err error) {
			t := lora.NewTrainer(tuned[i], data, lora.Training{Loss: lora.CrossEntropy, Optimizer: m.s.optimizer("learning-rate"),
				Batch: m.s.Whole("batch"), Order: lora.Stream(m.s.Seed(), "order for "+name)})
			outcomes[i], err = train(gctx, t, newExam(tuned[i], test, lora.CrossEntropy), tracks[i])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return false, err
	}
	m.rec.Find("first", m.names[0])
	m.rec.Find("second", m.names[1])
	m.rec.Find("accuracy-base", b.before.accuracy)
	m.rec.Find("params-base", m.base.Params())
	m.rec.Find("params-adapter", outcomes[0].params)
	m.rec.Find("adapters", len(m.names))
	whole = true
	for i, o := range outcomes {
		if o.diverged != nil {
			m.rec.Find("diverged", fmt.Sprintf("%s: %v", m.names[i], o.diverged))
			whole = false
		}
	}
	if whole {
		m.gather(tuned)
	}
	return whole, nil
}

// gather attaches every adapter to the shared network, and checks that there it
// computes what it did on the network that it was trained on.
func (m *mergeRun) gather(tuned []*lora.Network) {
	for i, net := range tuned {
		for j, l := range net.Layers {
			m.shared.Layers[j].Attach(m.names[i], l.Adapter(m.names[i]).Clone())
		}
	}
	different := 0
	for i, net := range tuned {
		m.shared.Activate(m.names[i])
		different += differentBits(m.shared.Predict(m.tests[0].X), net.Predict(m.tests[0].X))
	}
	m.rec.Find("swap-different", different)
}

// begin returns a copy of the base with an untrained adapter. Every shift has
// random numbers of its own: adapters that start from one A would share
// directions, which adapters that come from different people do not.
func (m *mergeRun) begin(name string) (*lora.Network, error) {
	net := m.base.Clone()
	start := lora.Init{Scheme: lora.Kaiming, Rank: m.s.Whole("rank"), Alpha: m.s.Real("alpha"), Rule: m.s.scaling()}
	return net, start.AttachAll(net, name, lora.Stream(m.s.Seed(), "adapter for "+name))
}

// swap judges every adapter on every shift, by activating one after the other
// on the shared network.
func (m *mergeRun) swap() {
	exams := make([]*exam, len(m.tests))
	for i, test := range m.tests {
		exams[i] = newExam(m.shared, test, lora.CrossEntropy)
	}
	sitAll := func() []float64 {
		row := make([]float64, len(exams))
		for i, e := range exams {
			_, row[i] = e.sit()
		}
		return row
	}
	m.shared.Deactivate()
	rows := [][]float64{sitAll()}
	for _, name := range m.names {
		m.shared.Activate(name)
		rows = append(rows, sitAll())
	}
	m.rec.Find("accuracies", rows)
	hardest := 0
	for i := range m.names {
		if rows[i+1][i+1] < rows[hardest+1][hardest+1] {
			hardest = i
		}
	}
	m.rec.Find("hardest", m.names[hardest])
	m.rec.Find("accuracy-hardest", rows[hardest+1][hardest+1])
	m.rec.Find("accuracy-before", rows[0][1])
	m.rec.Find("accuracy-first", rows[1][1])
	m.rec.Find("accuracy-second", rows[2][2])
	m.rec.Find("accuracy-wrong", rows[1][2])
	m.rec.Find("accuracy-none", rows[0][2])
	m.rec.Find("wrong-helps", yesNo(rows[1][2] > rows[0][2]))
	m.rec.Find("accuracy-upright", rows[1][0])
	m.rec.Find("base-change", largestChange(m.base, m.shared))
	changed := 0
	for i, l := range m.shared.Layers {
		changed += differentBits(l.W, m.base.Layers[i].W)
	}
	m.rec.Find("base-changed", changed)
}

// switchOff compares the shared network with its base, all adapters off, and
// reads off what a reference policy is needed for: how far training has moved.
func (m *mergeRun) switchOff() {
	outputs, different, apart := 0, 0, 0.0
	for _, test := range m.tests {
		m.shared.Deactivate()
		off, base := m.shared.Predict(test.X), m.base.Predict(test.X)
		d, n := base.Dims()
		outputs += d * n
		different += differentBits(off, base)
		apart = max(apart, largestDifference(off, base))
	}
	m.rec.Find("outputs", outputs)
	m.rec.Find("digits", m.tests[1].Len())
	m.rec.Find("off-changed", different)
	m.rec.Find("off-difference", apart)

	x := m.tests[1].X
	base := m.base.Predict(x)
	if fresh, err := m.begin(m.names[0]); err == nil {
		m.rec.Find("fresh-changed", differentBits(fresh.Predict(x), base))
		m.rec.Find("kl-start", meanDivergence(fresh.Predict(x), base))
	}
	m.shared.Activate(m.names[0])
	on := m.shared.Predict(x)
	m.shared.Deactivate()
	m.rec.Find("on-difference", largestDifference(on, base))
	m.rec.Find("kl-trained", meanDivergence(on, m.shared.Predict(x)))
	m.rec.Find("kl-error", math.Abs(meanDivergence(on, m.shared.Predict(x))-meanDivergence(on, base)))
}

// meanDivergence returns the mean over examples (columns) of KL(p‖q) in nats,
// for p and q the softmax of h and of ref.
func meanDivergence(h, ref *mat.Dense) float64 {
	d, n := h.Dims()
	sum := 0.0
	for j := range n {
		zp, zq := logSumExp(h, j), logSumExp(ref, j)
		for i := range d {
			lp, lq := h.At(i, j)-zp, ref.At(i, j)-zq
			sum += math.Exp(lp) * (lp - lq)
		}
	}
	return sum / float64(n)
}

// logSumExp returns ln Σᵢ exp(h[i,j]).
func logSumExp(h *mat.Dense, j int) float64 {
	d, _ := h.Dims()
	top := math.Inf(-1)
	for i := range d {
		top = max(top, h.At(i, j))
	}
	sum := 0.0
	for i := range d {
		sum += math.Exp(h.At(i, j) - top)
	}
	return top + math.Log(sum)
}

// differentBits counts the entries in which two matrices are not the same to
// the last bit.
func differentBits(a, b *mat.Dense) int {
	rows, cols := a.Dims()
	count := 0
	for i := range rows {
		for j := range cols {
			if math.Float64bits(a.At(i, j)) != math.Float64bits(b.At(i, j)) {
				count++
			}
		}
	}
	return count
}

// largestDifference returns max |a − b|.
func largestDifference(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return max(mat.Max(&diff), -mat.Min(&diff))
}
