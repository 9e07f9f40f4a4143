package models

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"loralab/lora/number"
)

func count(t testing.TB, m *Model, on string, rank int64) *Tally {
	t.Helper()
	tally, err := Count(m, Adapter{Rank: rank, Targets: targets(t, on)})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// TestWorkedExamples are the 7B and 65B columns that papers and guides go by, in
// GB of 1e9 bytes with the digits given there.
func TestWorkedExamples(t *testing.T) {
	seven, big := find(t, "llama-2-7b"), find(t, "llama-65b")
	estimate := func(m *Model, on string, rank int64, o MemoryOptions) *Memory {
		t.Helper()
		est, err := Estimate(m, count(t, m, on, rank), o)
		if err != nil {
			t.Fatal(err)
		}
		return est
	}
	qv7 := estimate(seven, "q_proj,v_proj", 8, MemoryOptions{})
	all7 := estimate(seven, "all-linear", 64, MemoryOptions{})
	all65 := estimate(big, "all-linear", 64, MemoryOptions{})
	single7 := estimate(seven, "all-linear", 64, MemoryOptions{NF4: NF4{Block: 64}})
	single65 := estimate(big, "all-linear", 64, MemoryOptions{NF4: NF4{Block: 64}})
	added := func(b Budget) int64 { return b.Adapter + b.Gradients + b.Optimizer }

	for _, row := range []struct {
		what  string
		bytes int64
		gb    string
	}{
		{"7B bf16 weights", qv7.LoRA.Weights, "13.48"},
		{"7B full", qv7.Full.Total, "80.9"},
		{"7B full with master", qv7.FullMaster.Total, "107.8"},
		{"7B LoRA r8 q,v adds", added(qv7.LoRA), "0.050"},
		{"7B LoRA r64 all-linear adds", added(all7.LoRA), "1.92"},
		{"7B NF4 linears", single7.QLoRA.Quantized, "3.643"},
		{"7B NF4+DQ linears", all7.QLoRA.Quantized, "3.341"},
		{"7B rest in bf16", all7.QLoRA.Weights, "0.525"},
		{"7B QLoRA base", all7.QLoRA.Weights + all7.QLoRA.Quantized, "3.87"},
		{"65B bf16 weights", all65.LoRA.Weights, "130.6"},
		{"65B full", all65.Full.Total, "783.4"},
		{"65B full with master", all65.FullMaster.Total, "1044.6"},
		{"65B LoRA r64 all-linear adds", added(all65.LoRA), "9.59"},
		{"65B NF4 linears", single65.QLoRA.Quantized, "36.43"},
		{"65B NF4+DQ linears", all65.QLoRA.Quantized, "33.41"},
		{"65B rest in bf16", all65.QLoRA.Weights, "1.051"},
	} {
		decimals := len(row.gb) - strings.IndexByte(row.gb, '.') - 1
		if got := fmt.Sprintf("%.*f", decimals, float64(row.bytes)/1e9); got != row.gb {
			t.Errorf("%s: %s GB, want %s", row.what, got, row.gb)
		}
	}
}

func TestEstimate(t *testing.T) {
	const d, k, r = 640, 512, 4
	const w, ab = d * k, r * (d + k)
	m, err := Layer(d, k, true)
	if err != nil {
		t.Fatal(err)
	}
	tally := count(t, m, "", r)
	// Scales of the linear weight: 5,120 blocks of 64, in 20 blocks of 256.
	const nf4 = w/2 + 5120 + 20*4

	for _, row := range []struct {
		name                string
		o                   MemoryOptions
		full, master, lora_ int64
		qlora, checkpoint   int64
	}{
		{"defaults", MemoryOptions{},
			12 * (w + d), 16 * (w + d), 2*(w+d) + 12*ab, nf4 + 2*d + 12*ab, 2 * ab},
		{"fp32 needs no master", MemoryOptions{Dtype: FP32},
			16 * (w + d), 16 * (w + d), 4*(w+d) + 16*ab, nf4 + 4*d + 16*ab, 4 * ab},
		{"fp32 by another name", MemoryOptions{Dtype: "float32", Optimizer: "Adam"},
			16 * (w + d), 16 * (w + d), 4*(w+d) + 16*ab, nf4 + 4*d + 16*ab, 4 * ab},
		{"PEFT's fp32 adapter", MemoryOptions{Adapter: FP32},
			12 * (w + d), 16 * (w + d), 2*(w+d) + 16*ab, nf4 + 2*d + 16*ab, 4 * ab},
		{"sgd", MemoryOptions{Optimizer: SGD},
			4 * (w + d), 8 * (w + d), 2*(w+d) + 4*ab, nf4 + 2*d + 4*ab, 2 * ab},
		{"momentum", MemoryOptions{Optimizer: Momentum},
			8 * (w + d), 12 * (w + d), 2*(w+d) + 8*ab, nf4 + 2*d + 8*ab, 2 * ab},
		{"paged", MemoryOptions{Optimizer: PagedAdamW},
			12 * (w + d), 16 * (w + d), 2*(w+d) + 12*ab, nf4 + 2*d + 12*ab, 2 * ab},
		// W has 1,280 blocks of 256. The bias, A and B are below 4,096
		// elements, so their moments stay in fp32.
		{"adamw8bit", MemoryOptions{Optimizer: AdamW8bit},
			6*w + 1280*8 + 12*d, 10*w + 1280*8 + 16*d, 2*(w+d) + 12*ab, nf4 + 2*d + 12*ab, 2 * ab},
		{"single quantization", MemoryOptions{NF4: NF4{Block: 128}},
			12 * (w + d), 16 * (w + d), 2*(w+d) + 12*ab, w/2 + 2560*4 + 2*d + 12*ab, 2 * ab},
	} {
		t.Run(row.name, func(t *testing.T) {
			est, err := Estimate(m, tally, row.o)
			if err != nil {
				t.Fatal(err)
			}
			got := []int64{est.Full.Total, est.FullMaster.Total, est.LoRA.Total, est.QLoRA.Total, est.Checkpoint}
			want := []int64{row.full, row.master, row.lora_, row.qlora, row.checkpoint}
			for i, what := range []string{"full", "full with master", "lora", "qlora", "checkpoint"} {
				if got[i] != want[i] {
					t.Errorf("%s: %d bytes, want %d", what, got[i], want[i])
				}
			}
			if !strings.Contains(strings.Join(est.NotCounted, " "), "activations") {
				t.Error("activations are not named as not counted")
			}
		})
	}
}

// B of 2048×4 has 8,192 elements: two bytes each, and a scale a block of 256 for
// each moment.
func TestEightBitAdapter(t *testing.T) {
	m, err := Layer(2048, 2048, false)
	if err != nil {
		t.Fatal(err)
	}
	est, err := Estimate(m, count(t, m, "", 4), MemoryOptions{Optimizer: PagedAdamW8bit})
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(2 * (2*8192 + 2*4*32)); est.LoRA.Optimizer != want {
		t.Errorf("%d bytes of state, want %d", est.LoRA.Optimizer, want)
	}
	if got := len(est.NotCounted); got != 4 {
		t.Errorf("%d remarks on what is not counted, want 4 with the paging", got)
	}
}

func TestEstimateErrors(t *testing.T) {
	m, err := Layer(8, 8, false)
	if err != nil {
		t.Fatal(err)
	}
	tally := count(t, m, "", 1)
	for _, row := range []struct {
		name string
		o    MemoryOptions
		want string
	}{
		{"dtype", MemoryOptions{Dtype: "int8"}, `dtype: found "int8"`},
		{"adapter dtype", MemoryOptions{Adapter: "fp8"}, `dtype: found "fp8"`},
		{"optimizer", MemoryOptions{Optimizer: "lion"}, `optimizer: found "lion"`},
		{"block", MemoryOptions{NF4: NF4{Block: 48}}, "block: found 48"},
		{"small block", MemoryOptions{NF4: NF4{Block: 16}}, "block: found 16"},
		{"no block", MemoryOptions{NF4: NF4{Double: true}}, "block: found 0"},
	} {
		if _, err := Estimate(m, tally, row.o); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}

	// The parameters fit an int64, their bytes do not.
	wide, err := Layer(1<<31, 1<<31, false)
	if err != nil {
		t.Fatal(err)
	}
	if est, err := Estimate(wide, count(t, wide, "", 1), MemoryOptions{}); err == nil {
		t.Errorf("2^62 parameters take %d bytes", est.Full.Total)
	}
}

func TestNF4(t *testing.T) {
	for _, row := range []struct {
		q    NF4
		bits string
	}{
		{NF4{64, false}, "4.5"},
		{NF4{64, true}, "4.126953125"},
		{NF4{32, false}, "5"},
		{NF4{4096, true}, "4.001983642578125"},
	} {
		want, _ := new(big.Rat).SetString(row.bits)
		if got := row.q.BitsPerParam(); got.Cmp(want) != 0 {
			t.Errorf("%+v: %s bits, want %s", row.q, got.RatString(), row.bits)
		}
		// Whole superblocks cost exactly that, one element more costs a byte
		// and its scales.
		var c checked
		n := row.q.Block * superblock * 3
		got := new(big.Rat).SetInt64(8 * row.q.bytes(&c, n))
		if got.Cmp(want.Mul(want, big.NewRat(n, 1))) != 0 {
			t.Errorf("%+v: %s bits for %d parameters, want %s", row.q, got.RatString(), n, want.RatString())
		}
		more := int64(1 + 4)
		if row.q.Double {
			more = 1 + 1 + 4
		}
		if got := row.q.bytes(&c, n+1) - row.q.bytes(&c, n); got != more {
			t.Errorf("%+v: one element more costs %d bytes, want %d", row.q, got, more)
		}
	}
}

func TestPaperFigures(t *testing.T) {
	want := map[string]bool{ // by what is printed
		"1.2TB": false, "350GB": true, "35MB": false, "4.7M": true, "37.7M": true, "354.92M": false,
		"more than 780 GB": true, "less than 48 GB": true, "about 3 GB": true, "5,048 MB": false,
	}
	figures := PaperFigures()
	if len(figures) != len(want) {
		t.Errorf("%d figures, want %d", len(figures), len(want))
	}
	for _, f := range figures {
		agrees, known := want[f.Printed]
		if !known || f.Agrees != agrees {
			t.Errorf("%s: recount %s %s agrees: %v", f.Printed, number.Count(f.Recount), f.Unit, f.Agrees)
		}
		if f.Agrees == strings.Contains(f.Note, "not reconciled") {
			t.Errorf("%s: agrees %v but the note is %q", f.Printed, f.Agrees, f.Note)
		}
		if f.Source == "" || f.What == "" || f.How == "" || f.Note == "" {
			t.Errorf("%s: incomplete: %+v", f.Printed, f)
		}
	}

	m := find(t, "llama-2-7b")
	est, err := Estimate(m, count(t, m, "", 8), MemoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(est.Paper) != 1 || est.Paper[0].Printed != "5,048 MB" {
		t.Errorf("papers on %s: %+v", m.ID, est.Paper)
	}
}
