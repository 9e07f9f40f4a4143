package lora_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// snapshot holds copies of all numbers of a network, layer after layer.
type snapshot struct{ w, bias, a, b [][]float64 }

func snap(net *lora.Network) snapshot {
	var s snapshot
	for _, l := range net.Layers {
		s.w = append(s.w, slices.Clone(numbers(l.W)))
		s.bias = append(s.bias, slices.Clone(l.Bias))
		for _, name := range l.Adapters() {
			s.a = append(s.a, slices.Clone(numbers(l.Adapter(name).A)))
			s.b = append(s.b, slices.Clone(numbers(l.Adapter(name).B)))
		}
	}
	return s
}

func wantSame(t *testing.T, what string, got, want [][]float64) {
	t.Helper()
	for i := range want {
		wantBits(t, fmt.Sprintf("%s %d", what, i), got[i], want[i])
	}
}

// run takes steps and returns the losses before each.
func run(t *testing.T, trainer *lora.Trainer, steps int) []float64 {
	t.Helper()
	var all []float64
	for range steps {
		loss, err := trainer.Step()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, loss)
	}
	return all
}

// modes are the ways in which a network is trained.
var modes = []struct {
	name  string
	full  bool
	batch int
}{
	{"LoRA", false, 0},
	{"LoRA, mini-batches", false, 8},
	{"full", true, 0},
	{"full, mini-batches", true, 8},
}

func TestFrozenStaysFrozen(t *testing.T) {
	for _, m := range modes {
		for _, rule := range rules {
			for _, loss := range losses {
				t.Run(fmt.Sprintf("%s %v %v", m.name, rule, loss), func(t *testing.T) {
					net := network([]int{4, 6, 6, 3}, lora.GELU, 0, 2)
					net.Layers[1].Bias = nil
					net.Layers[0].Attach("asleep", anAdapter(6, 4, 3, 9))
					net.Layers[0].Activate("a")
					before := snap(net)
					o := lora.NewOptimizer(rule, 0.01)
					o.WeightDecay = 0.01 // decay too is for what is trained only
					run(t, lora.NewTrainer(net, task(4, 3, 20), lora.Training{
						Loss: loss, Full: m.full, Optimizer: o, Batch: m.batch, Order: lora.Stream(1, "order")}), 25)
					after := snap(net)

					if m.full {
						wantSame(t, "A", after.a, before.a)
						wantSame(t, "B", after.b, before.b)
						for i := range before.w {
							if slices.Equal(after.w[i], before.w[i]) || i != 1 && slices.Equal(after.bias[i], before.bias[i]) {
								t.Errorf("layer %d was not trained", i)
							}
						}
						return
					}
					wantSame(t, "W", after.w, before.w)
					wantSame(t, "bias", after.bias, before.bias)
					const asleep = 1 // the adapters are layer 0's a and asleep, layer 2's a
					wantBits(t, "A of the adapter that is not active", after.a[asleep], before.a[asleep])
					wantBits(t, "B of the adapter that is not active", after.b[asleep], before.b[asleep])
					for _, i := range []int{0, 2} {
						if slices.Equal(after.a[i], before.a[i]) || slices.Equal(after.b[i], before.b[i]) {
							t.Errorf("adapter %d was not trained", i)
						}
					}
				})
			}
		}
	}
}

// The promise of a warm step, at the size of the digits.
func TestStepAllocatesNothing(t *testing.T) {
	for _, m := range []struct {
		name     string
		full     bool
		batch, n int
	}{
		{"LoRA, batch 64", false, 64, 200},
		{"full, batch 64", true, 64, 200},
		{"LoRA, all of 1400", false, 0, 1400},
		{"full, all of 1400", true, 0, 1400},
	} {
		for _, rule := range rules {
			t.Run(fmt.Sprintf("%s %v", m.name, rule), func(t *testing.T) {
				net := lora.NewNetwork([]int{64, 128, 128, 10}, lora.ReLU, lora.Stream(1, "network"))
				for i, l := range net.Layers {
					d, k := l.Dims()
					l.Attach("a", anAdapter(d, k, 4, uint64(i)))
				}
				trainer := lora.NewTrainer(net, task(64, 10, m.n), lora.Training{
					Loss: lora.CrossEntropy, Full: m.full, Optimizer: lora.NewOptimizer(rule, 1e-4),
					Batch: m.batch, Order: lora.Stream(1, "order")})
				run(t, trainer, 1)
				steps := 10 // more than an epoch of mini-batches
				if m.batch == 0 {
					steps = 1
				}
				// What is counted is the whole process's, the runtime's own work among
				// it, and the mean is rounded down: over many runs only what every run
				// allocates is left.
				if n := testing.AllocsPerRun(10, func() { walk(trainer, steps) }); n != 0 {
					t.Errorf("%v allocations in %d steps", n, steps)
				}
			})
		}
	}
}

// walk takes steps and keeps nothing: that would allocate.
func walk(trainer *lora.Trainer, steps int) {
	for range steps {
		if _, err := trainer.Step(); err != nil {
			panic(err)
		}
	}
}

func TestSameSeedSameRun(t *testing.T) {
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			once := func(seed uint64) ([]float64, snapshot) {
				net := network([]int{4, 8, 3}, lora.ReLU, 0, 1)
				losses := run(t, lora.NewTrainer(net, task(4, 3, 30), lora.Training{
					Loss: lora.CrossEntropy, Full: m.full, Optimizer: lora.NewOptimizer(lora.Adam, 0.01),
					Batch: m.batch, Order: lora.Stream(seed, "order")}), 40)
				return losses, snap(net)
			}
			losses, end := once(1)
			again, endAgain := once(1)
			wantBits(t, "losses", again, losses)
			wantSame(t, "W", endAgain.w, end.w)
			wantSame(t, "A", endAgain.a, end.a)
			wantSame(t, "B", endAgain.b, end.b)
			other, _ := once(2)
			if same := slices.Equal(other, losses); same != (m.batch == 0) {
				t.Errorf("another order of mini-batches gives the same losses: %v", same)
			}
		})
	}
}

// With a learning rate of 0 the loss of a batch depends on its examples alone:
// the mean over an epoch is then the loss of all examples, if each is seen once.
func TestEpochSeesEveryExampleOnce(t *testing.T) {
	net := network([]int{4, 3}, lora.ReLU, 0)
	data := task(4, 3, 12)
	all := lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0)}).Measure()
	trainer := lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0), Batch: 3, Order: lora.Stream(1, "order")})
	first := trainer.Measure()
	var epochs [][]float64
	for epoch := range 5 {
		losses := run(t, trainer, 4)
		mean := 0.0
		for _, l := range losses {
			mean += l / 4
		}
		if math.Abs(mean/all-1) > 1e-13 {
			t.Errorf("epoch %d: mean loss %v, want %v", epoch, mean, all)
		}
		epochs = append(epochs, losses)
	}
	if slices.Equal(epochs[0], epochs[1]) {
		t.Error("the second epoch has the order of the first")
	}
	if epochs[0][0] != first {
		t.Errorf("measured %v before the first step, which then saw %v", first, epochs[0][0])
	}

	// 12 = 2·5 + 2: what is left of an epoch is dropped, and no batch is short.
	trainer = lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0), Batch: 5, Order: lora.Stream(1, "order")})
	run(t, trainer, 7)
	if trainer.Steps() != 7 {
		t.Errorf("%d steps, want 7", trainer.Steps())
	}
	// A batch of all examples takes them in order, and needs no Order.
	whole := lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0), Batch: 12})
	if got := run(t, whole, 1)[0]; got != all {
		t.Errorf("a batch of all: loss %v, want %v", got, all)
	}
}

func TestDivergence(t *testing.T) {
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			net := network([]int{4, 5, 3}, lora.ReLU, 0, 1)
			o := lora.NewOptimizer(lora.SGD, 1e10)
			trainer := lora.NewTrainer(net, task(4, 3, 20), lora.Training{
				Full: m.full, Optimizer: o, Batch: m.batch, Order: lora.Stream(1, "order")})
			last := math.NaN()
			for step := 1; step < 1000; step++ {
				before := snap(net)
				loss, err := trainer.Step()
				if err == nil {
					last = loss
					continue
				}
				var diverged *lora.Diverged
				if !errors.As(err, &diverged) {
					t.Fatalf("error %v", err)
				}
				if diverged.Step != step || diverged.Last != last || !(math.IsNaN(loss) || math.IsInf(loss, 0)) || trainer.Steps() != step-1 {
					t.Errorf("step %d, %d taken: %+v, loss %v", step, trainer.Steps(), diverged, loss)
				}
				for _, word := range []string{fmt.Sprintf("step %d", step), "smaller learning rate", "1e+10"} {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("%q does not say %q", err, word)
					}
				}
				if _, again := trainer.Step(); again != err {
					t.Errorf("the next step says %v", again)
				}
				after := snap(net)
				wantSame(t, "W", after.w, before.w)
				wantSame(t, "bias", after.bias, before.bias)
				wantSame(t, "A", after.a, before.a)
				wantSame(t, "B", after.b, before.b)
				return
			}
			t.Fatal("it did not diverge")
		})
	}
}

// Before the first step it is not the learning rate.
func TestDivergedFromTheStart(t *testing.T) {
	for _, loss := range losses {
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			data := task(4, 3, 5)
			data.X.Set(1, 2, bad)
			net := network([]int{4, 5, 3}, lora.ReLU, 0)
			before := snap(net)
			_, err := lora.NewTrainer(net, data, lora.Training{Loss: loss, Optimizer: lora.NewOptimizer(lora.Adam, 0.01)}).Step()
			var diverged *lora.Diverged
			if !errors.As(err, &diverged) || diverged.Step != 1 {
				t.Fatalf("%v in the examples: error %v", bad, err)
			}
			if strings.Contains(err.Error(), "learning rate") || !strings.Contains(err.Error(), "examples") {
				t.Errorf("%v in the examples: %q", bad, err)
			}
			wantSame(t, "A", snap(net).a, before.a)
		}
	}
}

func TestTrainingInFullSwitchesAdaptersOff(t *testing.T) {
	net := network([]int{4, 3}, lora.ReLU, 0)
	trainer := lora.NewTrainer(net, task(4, 3, 5), lora.Training{Full: true, Optimizer: lora.NewOptimizer(lora.SGD, 0.1)})
	if net.Layers[0].Active() != nil {
		t.Error("an adapter is active")
	}
	if got := trainer.Params(); got != net.Params() {
		t.Errorf("%d parameters trained, the network has %d", got, net.Params())
	}
}

func TestGradientNorms(t *testing.T) {
	net := network([]int{4, 5, 3}, lora.Tanh, 0, 1)
	trainer := lora.NewTrainer(net, task(4, 3, 6), lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0.1)})
	trainer.Measure()
	var a, b float64
	for _, g := range trainer.Gradients() {
		a, b = math.Hypot(a, mat.Norm(g.A, 2)), math.Hypot(b, mat.Norm(g.B, 2))
	}
	gotA, gotB := trainer.GradientNorms()
	if math.Abs(gotA/a-1) > 1e-14 || math.Abs(gotB/b-1) > 1e-14 {
		t.Errorf("norms %v and %v, want %v and %v", gotA, gotB, a, b)
	}
	if got, want := trainer.Params(), net.AdapterParams(); got != want {
		t.Errorf("%d parameters trained, the adapters have %d", got, want)
	}
}

// A run from start to end: whoever changes what is drawn, the order of batches, a
// loss, a gradient or an optimizer, changes these numbers.
func TestGoldenRun(t *testing.T) {
	net := lora.NewNetwork([]int{6, 10, 4}, lora.GELU, lora.Stream(42, "weights"))
	start := lora.Init{Scheme: lora.Kaiming, Rank: 2, Alpha: 4, Rule: lora.AlphaOverSqrtR}
	if err := start.AttachAll(net, "golden", lora.Stream(42, "adapter")); err != nil {
		t.Fatal(err)
	}
	o := lora.NewOptimizer(lora.AdamW, 0.02)
	o.RatioB = 4
	trainer := lora.NewTrainer(net, task(6, 4, 24), lora.Training{
		Loss: lora.CrossEntropy, Optimizer: o, Batch: 10, Order: lora.Stream(42, "order")})
	losses := run(t, trainer, 40)
	for step, want := range map[int]float64{
		0: 1.309798231256, 1: 1.330884896346, 2: 1.275590975191, 5: 1.203872589707,
		10: 1.193556206943, 20: 0.742778494798, 39: 0.612915725139,
	} {
		if math.Abs(losses[step]-want) > 1e-9 {
			t.Errorf("loss before step %d: %.12f, want %.12f", step+1, losses[step], want)
		}
	}
}
