package train

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/libm"
	"loralab/lora/toy"
)

// HandfulSize is how many digits a handful has: what fits beside each other on a
// terminal of 80 columns.
const HandfulSize = 6

// Handful is a few held-out digits as each of several tasks shows them: upright,
// turned. It is there to be looked at.
type Handful struct {
	Tasks  []string
	X      *mat.Dense // 64×n, task after task, in each the same digits in the same order
	Labels []int      // of the columns of X
}

// NewHandful takes each digits, at most one of a class, that score highest: of two
// that are alike the one of the lower class, of one class the first image held out. The tests
// are those of the tasks, and their columns show the same digits.
func NewHandful(tasks []string, tests []lora.Data, each int, score func(j int) int) *Handful {
	best := map[int]int{} // by class
	labels := tests[0].Labels
	for j, label := range labels {
		if i, ok := best[label]; !ok || score(j) > score(i) {
			best[label] = j
		}
	}
	var classes []int
	for label := range best {
		classes = append(classes, label)
	}
	slices.SortFunc(classes, func(a, b int) int {
		if sa, sb := score(best[a]), score(best[b]); sa != sb {
			return sb - sa
		}
		return a - b
	})
	classes = classes[:min(each, len(classes))]
	slices.Sort(classes)
	k, _ := tests[0].X.Dims()
	h := &Handful{Tasks: tasks, X: mat.NewDense(k, len(tests)*len(classes), nil)}
	for _, test := range tests {
		for _, label := range classes {
			h.X.SetCol(len(h.Labels), mat.Col(nil, best[label], test.X))
			h.Labels = append(h.Labels, label)
		}
	}
	return h
}

// Tasks are what a digit is seen as: upright, and changed where the knob shift changes it.
func Tasks(s lab.Settings) []string {
	if shift := s.Text("shift"); shift != toy.Upright.String() {
		return []string{toy.Upright.String(), shift}
	}
	return []string{toy.Upright.String()}
}

// ReadRight returns which examples net reads right.
func ReadRight(net *lora.Network, data lora.Data) []bool {
	out := net.Predict(data.X)
	right := make([]bool, data.Len())
	for j, label := range data.Labels {
		right[j] = PredictedClass(out, j) == label
	}
	return right
}

// ReadRightBut scores digits for [NewHandful]: those that net reads right in first come
// first, and before them those that other reads wrong in second.
func ReadRightBut(net *lora.Network, first lora.Data, other *lora.Network, second lora.Data) func(j int) int {
	a, b := ReadRight(net, first), ReadRight(other, second)
	return func(j int) int {
		switch {
		case a[j] && !b[j]:
			return 2
		case a[j]:
			return 1
		}
		return 0
	}
}

// ReadColumns are the columns of an aside for what is read in a handful: of each image
// the digit that is read and its probability.
func ReadColumns(tasks []string, each int) []string {
	var columns []string
	for _, task := range tasks {
		for i := range each {
			columns = append(columns, readColumn(task, i), sureColumn(task, i))
		}
	}
	return columns
}

func readColumn(task string, i int) string { return fmt.Sprintf("%s %d", task, i+1) }
func sureColumn(task string, i int) string { return readColumn(task, i) + " p" }

// Reader returns a function that reads the handful with net, as [ReadColumns] names
// what it returns. It sees every later change of the network. Reading again allocates
// nothing; the slice is overwritten then.
func (h *Handful) Reader(net *lora.Network) func() []float64 {
	pass := lora.NewPass(net, len(h.Labels))
	values := make([]float64, 2*len(h.Labels))
	return func() []float64 {
		out := pass.Forward(h.X)
		for j := range h.Labels {
			digit := PredictedClass(out, j)
			p := libm.Exp(out.At(digit, j) - LogSumExp(out, j))
			values[2*j], values[2*j+1] = float64(digit), math.Round(p*1000)/1000
		}
		return values
	}
}

// Watch records into an aside of net's training what is read in the handful, with the
// [ReadColumns], and before that what else is measured then, a column each.
func (h *Handful) Watch(net *lora.Network, aside *lab.Track, more ...func() float64) Look {
	read := h.Reader(net)
	values := make([]float64, len(more)+2*len(h.Labels))
	return func(step int, _ *lora.Trainer) {
		if !aside.Keeps(step) {
			return
		}
		for i, measure := range more {
			values[i] = measure()
		}
		copy(values[len(more):], read())
		aside.Add(step, values...)
	}
}

// Watch records into an aside of net's training, with the [WatchColumns], what becomes
// of the first task and what is read in the handful.
func (p *Problem) Watch(h *Handful, net *lora.Network, aside *lab.Track) Look {
	first := NewEvaluator(net, p.First, p.Loss)
	return h.Watch(net, aside, func() float64 {
		_, accuracy := first.Evaluate()
		return accuracy
	})
}

// FirstTask is the column of an aside for the accuracy on the task that the base
// learned.
const FirstTask = "first task"

// WatchColumns are the columns of [Problem.Watch].
func WatchColumns(tasks []string, each int) []string {
	return append([]string{FirstTask}, ReadColumns(tasks, each)...)
}

// HandfulSpecs declares what [Handful.Report] reports.
func HandfulSpecs() []lab.Spec {
	return []lab.Spec{
		{Name: "handful", Label: "a few held-out digits: task, digit, what the base reads and its probability; a row an image", Kind: lab.KindMatrix,
			Columns: []string{"task", "digit", "read", "p"}},
		{Name: "handful-pixels", Label: "the pixels of these images, from 0 (paper) to 1 (ink), a row an image", Kind: lab.KindMatrix},
	}
}

// Report reports the images and what the base reads in them.
func (h *Handful) Report(rec *lab.Recorder, base *lora.Network) {
	reads := h.Reader(base)()
	var rows, pixels [][]float64
	for j, label := range h.Labels {
		rows = append(rows, []float64{float64(j * len(h.Tasks) / len(h.Labels)), float64(label), reads[2*j], reads[2*j+1]})
		pixels = append(pixels, mat.Col(nil, j, h.X))
	}
	rec.Report("handful", rows)
	rec.Report("handful-pixels", pixels)
}

// PredictedClass is the row of the largest entry of column j, the first of those alike.
func PredictedClass(h *mat.Dense, j int) int {
	d, _ := h.Dims()
	best := 0
	for i := 1; i < d; i++ {
		if h.At(i, j) > h.At(best, j) {
			best = i
		}
	}
	return best
}

// LogSumExp returns ln Σᵢ exp(h[i,j]).
func LogSumExp(h *mat.Dense, j int) float64 {
	d, _ := h.Dims()
	top := math.Inf(-1)
	for i := range d {
		top = max(top, h.At(i, j))
	}
	sum := 0.0
	for i := range d {
		sum += libm.Exp(h.At(i, j) - top)
	}
	return top + libm.Log(sum)
}
