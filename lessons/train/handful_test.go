package train_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// TestHandfulIsChosenByScore: of each digit the first image that scores highest, and
// the digits that score highest, in their order.
func TestHandfulIsChosenByScore(t *testing.T) {
	labels := []int{3, 1, 1, 0, 3, 2, 0}
	x, y := mat.NewDense(1, len(labels), []float64{0, 1, 2, 3, 4, 5, 6}), mat.NewDense(1, len(labels), []float64{10, 11, 12, 13, 14, 15, 16})
	scores := []int{0, 1, 2, 1, 2, 0, 1}
	h := train.NewHandful([]string{"a", "b"}, []lora.Data{{X: x, Labels: labels}, {X: y, Labels: labels}}, 3, func(j int) int { return scores[j] })
	if want := []int{0, 1, 3, 0, 1, 3}; !slices.Equal(h.Labels, want) {
		t.Errorf("labels %v, want %v", h.Labels, want)
	}
	if got, want := mat.Row(nil, 0, h.X), []float64{3, 2, 4, 13, 12, 14}; !slices.Equal(got, want) {
		t.Errorf("images %v, want %v", got, want)
	}
}

// TestReaderReads: what a reader returns is the largest output and its probability, it
// sees changes of the network and allocates nothing.
func TestReaderReads(t *testing.T) {
	net := lora.NewNetwork([]int{2, 3}, lora.ReLU, lora.Stream(1, "test"))
	net.Layers[0].W.Copy(mat.NewDense(3, 2, []float64{1, 0, 0, 2, 0, 0}))
	clear(net.Layers[0].Bias)
	h := &train.Handful{Tasks: []string{"a"}, X: mat.NewDense(2, 2, []float64{1, 0, 0, 1}), Labels: []int{0, 1}}
	read := h.Reader(net)
	if got, want := read(), []float64{0, 0.576, 1, 0.787}; !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	net.Layers[0].W.Set(2, 0, 5)
	if got := read(); got[0] != 2 {
		t.Errorf("after a change it reads %v", got)
	}
	if n := testing.AllocsPerRun(10, func() { read() }); n > 0 {
		t.Errorf("a reading allocates %v times", n)
	}
}

// TestImagesOfARecord: pictures are the pixels that were recorded, turned ones turned,
// and before a run there is paper for them.
func TestImagesOfARecord(t *testing.T) {
	e := experiment()
	e.Findings = train.HandfulSpecs()
	s := labtest.Settings(t, e, "width", "8")
	tasks := []string{"upright", "rot90"}
	rows := []train.Task{{Name: "upright", Readings: []train.Reading{{Name: "base", Total: 0.5}}}, {Name: "rot90", Readings: []train.Reading{{Name: "LoRA", Aside: "reads", Total: math.NaN()}}}}
	rec := e.Start(s, nil)
	if images := train.Images(rec.Record(), tasks, 2, rows); len(images.Rows) != 2 || len(images.Rows[1].Pictures) != 2 || images.Rows[1].Pictures[0] != nil || images.Rows[0].Readings[0].Total != "50.0 %" {
		t.Errorf("before the run: %+v", images)
	}
	track := rec.Series("lora", 4, "loss", "accuracy")
	aside := track.Aside("reads", train.WatchColumns(tasks, 2)...)
	b, err := train.Pretrain(t.Context(), train.NewSources(content.FS), s, rec.Prelude("pretraining", train.PretrainSteps, "loss", "accuracy"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Shifted(s)
	if err != nil {
		t.Fatal(err)
	}
	h := train.NewHandful(tasks, []lora.Data{p.First, p.Test}, 2, train.ReadRightBut(p.Base, p.First, p.Base, p.Test))
	h.Report(rec, p.Base)
	net, err := p.WithAdapter(s, train.Scaling(s), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Adapt(t.Context(), net, s, train.Optimizer(s, "learning-rate"), track, p.Watch(h, net, aside)); err != nil {
		t.Fatal(err)
	}
	images := train.Images(rec.Record(), tasks, 2, rows)
	upright, turned := images.Rows[0].Pictures[0], images.Rows[1].Pictures[0]
	for y := range 8 {
		for x := range 8 {
			if upright[y][x] != turned[7-x][y] {
				t.Fatalf("the turned digit is not the upright one, turned:\n%v\n%v", upright, turned)
			}
		}
	}
	base, reads := images.Rows[0].Readings[0].Captions, images.Rows[1].Readings[0].Captions
	if len(base) != 2 || base[0].Verdict != plots.Right || base[0].Text != images.Names[0] || !strings.HasSuffix(base[0].More, " %") {
		t.Errorf("the base reads %+v, of digits chosen because it reads them right: %v", base, images.Names)
	}
	if out := net.Predict(h.X); len(reads) != 2 || reads[0].Text != string(rune('0'+argmax(mat.Col(nil, 2, out)))) {
		t.Errorf("LoRA reads %+v", reads)
	}
	var series lab.Series
	for _, s := range rec.Record().Series {
		if s.Name == "reads" {
			series = s
		}
	}
	if got := train.Latest(rec.Record(), "reads", train.FirstTask); got != lora.Accuracy(net.Predict(p.First.X), p.First.Labels) || len(series.Frames) != 5 {
		t.Errorf("of the first task %v is left, in %d frames", got, len(series.Frames))
	}
}

func argmax(x []float64) int { return slices.Index(x, slices.Max(x)) }
