package counting

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"loralab/lessons/lab/labtest"
)

// TestCountingModels checks every model under both targets: sums that must
// agree, and PEFT's line read back.
func TestCountingModels(t *testing.T) {
	line := regexp.MustCompile(`^trainable params: ([\d,]+) \|\| all params: ([\d,]+) \|\| trainable%: ([\d.]+)$`)
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	model, _ := experiment().Defaults().Knob("model")
	for _, id := range model.Choices {
		trained := map[string]float64{}
		for _, targets := range []string{"default", "all-linear"} {
			t.Run(id+" "+targets, func(t *testing.T) {
				r := runOf(t, "d", "8", "k", "8", "model", id, "targets", targets, "rank", "3")
				m := line.FindStringSubmatch(labtest.Text(t, r, "model-printed"))
				if m == nil {
					t.Fatalf("printed %q", labtest.Text(t, r, "model-printed"))
				}
				if number(m[1]) != r.Real("model-trainable") || number(m[2]) != r.Real("model-all") ||
					math.Abs(number(m[3])-100*r.Real("model-percent")) > 5.001e-5 {
					t.Errorf("printed %q, found %v of %v, %v", m[0], r.Real("model-trainable"), r.Real("model-all"), r.Real("model-percent"))
				}
				sum, full, matrices := 0.0, 0.0, 0.0
				modules := r.Table("module-params")
				for i, params := range modules.Column("params") {
					k, d, count := modules.At(i, "k"), modules.At(i, "d"), modules.At(i, "count")
					if params != count*3*(d+k) {
						t.Errorf("module %s: %v parameters", modules.Rows[i], params)
					}
					sum, full, matrices = sum+params, full+count*d*k, matrices+count
				}
				if sum != r.Real("model-trainable") || full != r.Real("model-full") || matrices != r.Real("adapted") {
					t.Errorf("modules sum to %v, %v, %v", sum, full, matrices)
				}
				if got := r.Real("model-all") - r.Real("model-trainable"); got != r.Real("model-total") {
					t.Errorf("all without the adapter is %v", got)
				}
				if names := strings.Split(labtest.Text(t, r, "module-names"), ", "); len(names) != modules.Len() || len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
					t.Errorf("names %v", names)
				}
				catalogue := r.Table("catalogue")
				for column, name := range map[string]string{"trainable": "model-trainable", "all": "model-all", "share": "model-percent"} {
					if got := catalogue.Cell(id, column); got != r.Real(name) {
						t.Errorf("the catalogue has %s %v, want %v", column, got, r.Real(name))
					}
				}
				trained[targets] = sum
				if f := r.Real("linear-factor"); targets == "all-linear" && f != sum/trained["default"] || f <= 1 {
					t.Errorf("linear factor %v, trained %v", f, trained)
				}
				if tied := labtest.Text(t, r, "tied") == "yes"; tied != (r.Real("total-untied") > r.Real("model-total")) {
					t.Errorf("tied %v, but %v and %v", tied, r.Real("total-untied"), r.Real("model-total"))
				}
			})
		}
	}
}

// TestCountingPublished has lines that other people's programs printed.
func TestCountingPublished(t *testing.T) {
	for _, row := range []struct {
		turned []string
		name   string
		want   string
	}{
		{nil, "model-printed", "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"},
		{[]string{"targets", "all-linear", "rank", "16"}, "model-printed", "trainable params: 39,976,960 || all params: 6,778,392,576 || trainable%: 0.5898"},
		{[]string{"model", "llama-3-8b", "targets", "all-linear", "rank", "16"}, "model-printed", "trainable params: 41,943,040 || all params: 8,072,204,288 || trainable%: 0.5196"},
		{nil, "packed-all", "3,504,607,232"}, // of a 4-bit model, by PEFT before it knew packed weights
	} {
		if got := labtest.Text(t, runOf(t, append(row.turned, "d", "8", "k", "8")...), row.name); got != row.want {
			t.Errorf("%v: %s is %q, want %q", row.turned, row.name, got, row.want)
		}
	}
}

// TestCountingMemory counts again, parameter by parameter, what a byte is spent
// on.
func TestCountingMemory(t *testing.T) {
	for _, row := range []struct {
		dtype, optimizer string
		each             float64 // bytes a trained parameter: weight, gradient, state
		master           float64
	}{
		{"bf16", "sgd", 4, 4}, {"bf16", "momentum", 8, 4}, {"fp16", "adamw", 12, 4}, {"fp32", "adamw", 16, 0},
	} {
		t.Run(row.dtype+" "+row.optimizer, func(t *testing.T) {
			r := runOf(t, "d", "8", "k", "8", "dtype", row.dtype, "optimizer", row.optimizer)
			total, trained, wide := r.Real("model-total"), r.Real("model-trainable"), 2.0
			if row.dtype == "fp32" {
				wide = 4
			}
			for name, want := range map[string]float64{
				"bytes-full":       total * row.each,
				"bytes-master":     total * (row.each + row.master),
				"bytes-lora":       total*wide + trained*row.each,
				"bytes-checkpoint": trained * wide,
				"bytes-per-param":  row.each,
				"memory-full":      total * row.each / 1e9,
				"checkpoint-fp32":  trained * 4 / 1e6,
				"frozen-share":     total * wide / (total*wide + trained*row.each),
			} {
				if got := r.Real(name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
			memory := r.Table("memory")
			for _, way := range memory.Rows {
				sum := 0.0
				for _, part := range memory.Columns {
					sum += memory.Cell(way, part)
				}
				if sum != r.Real("bytes-"+way) {
					t.Errorf("parts of %s sum to %v", way, sum)
				}
			}
			// What QLoRA saves is the linear weights in 4 bits instead of dtype.
			linear := total - r.Real("base-kept")*1e9/wide
			if got, want := r.Real("bytes-lora")-r.Real("bytes-qlora"), linear*(wide-r.Real("nf4-bits")/8); math.Abs(got/want-1) > 1e-6 {
				t.Errorf("QLoRA saves %v bytes, want about %v", got, want)
			}
			if got := labtest.Text(t, r, "largest-lora"); got != "weights" {
				t.Errorf("the largest part of LoRA is %s", got)
			}
		})
	}
	for optimizer, want := range map[string]string{"sgd": "weights and gradients", "adamw": "optimizer state"} {
		if got := labtest.Text(t, runOf(t, "d", "8", "k", "8", "optimizer", optimizer), "largest-full"); got != want {
			t.Errorf("%s: the largest part is %s, want %s", optimizer, got, want)
		}
	}
}
