package models

import (
	"strings"
	"testing"

	"loralab/lora/number"
)

// The totals are published ones where there are any (Llama-2-7B, Llama-3-8B,
// Qwen2.5-72B, Gemma-2-9b); PEFT's own printouts are in count_test.go.
var known = []struct {
	id       string
	total    int64
	default8 int64 // rank 8 on PEFT's default targets
	linear16 int64 // rank 16 on all-linear
}{
	{"gpt2", 124_439_808, 294_912, 2_359_296},
	{"gpt2-medium", 354_823_168, 786_432, 6_291_456},
	{"gpt2-large", 774_030_080, 1_474_560, 11_796_480},
	{"gpt2-xl", 1_557_611_200, 2_457_600, 19_660_800},
	{"llama-2-7b", 6_738_415_616, 4_194_304, 39_976_960},
	{"llama-2-13b", 13_015_864_320, 6_553_600, 62_586_880},
	{"llama-2-70b", 68_976_648_192, 16_384_000, 207_093_760},
	{"llama-3-8b", 8_030_261_248, 3_407_872, 41_943_040},
	{"llama-3-70b", 70_553_706_496, 16_384_000, 207_093_760},
	{"mistral-7b", 7_241_732_096, 3_407_872, 41_943_040},
	{"qwen2.5-7b", 7_615_616_512, 2_523_136, 40_370_176},
	{"qwen2.5-72b", 72_706_203_648, 16_384_000, 210_534_400},
	{"gemma-2-9b", 9_241_705_984, 4_472_832, 54_018_048},
	{"phi-3-mini", 3_821_079_552, 3_145_728, 25_165_824},
	// The QLoRA paper's largest. d = ff/2.6875 = 8192, 80 layers: by hand,
	// 80·(4·d² + 3·d·ff + 2·d) + 2·32000·d + d, and r·(8·d + 3·(d+ff)) a layer.
	{"llama-65b", 65_285_660_672, 8 * 80 * 2 * 2 * 8192, 16 * 80 * (8*8192 + 3*(8192+22016))},
}

func TestCatalogue(t *testing.T) {
	if got, want := len(Catalogue()), len(known); got != want {
		t.Errorf("catalogue has %d models, the table %d", got, want)
	}
	for _, row := range known {
		t.Run(row.id, func(t *testing.T) {
			m, err := Find(row.id)
			if err != nil {
				t.Fatal(err)
			}
			if m.Total() != row.total {
				t.Errorf("total %s, want %s", number.Count(m.Total()), number.Count(row.total))
			}
			var sum int64
			for _, g := range m.Groups {
				sum += g.Params()
			}
			if sum != row.total {
				t.Errorf("groups sum to %d, want %d", sum, row.total)
			}
			if len(m.Notes) > 0 {
				t.Errorf("catalogue entry leaves something to assume: %q", m.Notes)
			}
			tally, err := Count(m, Adapter{Rank: 8})
			if err != nil {
				t.Fatal(err)
			}
			if tally.Trainable != row.default8 {
				t.Errorf("default r8: %s, want %s", number.Count(tally.Trainable), number.Count(row.default8))
			}
			tally, err = Count(m, Adapter{Rank: 16, Targets: Targets{AllLinear: true}})
			if err != nil {
				t.Fatal(err)
			}
			if tally.Trainable != row.linear16 {
				t.Errorf("all-linear r16: %s, want %s", number.Count(tally.Trainable), number.Count(row.linear16))
			}
			if tally.All != row.total+row.linear16 {
				t.Errorf("all %d", tally.All)
			}
		})
	}
}

func TestFind(t *testing.T) {
	for _, id := range []string{"llama-2-7b", "Llama-2-7B", "meta-llama/Llama-2-7b-hf"} {
		m, err := Find(id)
		if err != nil || m.ID != "llama-2-7b" {
			t.Errorf("Find(%q) = %v, %v", id, m, err)
		}
	}
	_, err := Find("llama-9")
	if err == nil {
		t.Fatal("llama-9 was found")
	}
	for _, row := range known {
		if !strings.Contains(err.Error(), row.id) {
			t.Errorf("the error does not list %s: %v", row.id, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
}

func TestModulesOfGemma(t *testing.T) {
	m, err := Find("gemma-2-9b")
	if err != nil {
		t.Fatal(err)
	}
	// As PyTorch prints the module: q_proj Linear(3584, 4096), k and v
	// Linear(3584, 2048), o Linear(4096, 3584), MLP 3584 to 14336.
	want := []Group{
		{Name: "model.embed_tokens", Kind: Embedding, In: 256000, Out: 3584, Count: 1},
		{Name: "model.layers.*.self_attn.q_proj", Kind: Linear, In: 3584, Out: 4096, Count: 42},
		{Name: "model.layers.*.self_attn.k_proj", Kind: Linear, In: 3584, Out: 2048, Count: 42},
		{Name: "model.layers.*.self_attn.v_proj", Kind: Linear, In: 3584, Out: 2048, Count: 42},
		{Name: "model.layers.*.self_attn.o_proj", Kind: Linear, In: 4096, Out: 3584, Count: 42},
		{Name: "model.layers.*.mlp.gate_proj", Kind: Linear, In: 3584, Out: 14336, Count: 42},
		{Name: "model.layers.*.mlp.up_proj", Kind: Linear, In: 3584, Out: 14336, Count: 42},
		{Name: "model.layers.*.mlp.down_proj", Kind: Linear, In: 14336, Out: 3584, Count: 42},
		{Name: "model.layers.*.input_layernorm", Kind: Norm, In: 1, Out: 3584, Count: 42},
		{Name: "model.layers.*.post_attention_layernorm", Kind: Norm, In: 1, Out: 3584, Count: 42},
		{Name: "model.layers.*.pre_feedforward_layernorm", Kind: Norm, In: 1, Out: 3584, Count: 42},
		{Name: "model.layers.*.post_feedforward_layernorm", Kind: Norm, In: 1, Out: 3584, Count: 42},
		{Name: "model.norm", Kind: Norm, In: 1, Out: 3584, Count: 1},
		{Name: "lm_head", Kind: Head, In: 3584, Out: 256000, Count: 1, Tied: true},
	}
	if len(m.Groups) != len(want) {
		t.Fatalf("%d groups, want %d", len(m.Groups), len(want))
	}
	for i, g := range m.Groups {
		if g != want[i] {
			t.Errorf("group %d: %+v, want %+v", i, g, want[i])
		}
	}
}

func TestTargetNames(t *testing.T) {
	for _, row := range []struct{ id, names string }{
		{"gpt2", "c_attn attn.c_proj c_fc mlp.c_proj wte wpe lm_head"},
		{"llama-3-8b", "q_proj k_proj v_proj o_proj gate_proj up_proj down_proj embed_tokens lm_head"},
		{"phi-3-mini", "o_proj qkv_proj gate_up_proj down_proj embed_tokens lm_head"},
	} {
		m, err := Find(row.id)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(m.TargetNames(), " "); got != row.names {
			t.Errorf("%s: %s, want %s", row.id, got, row.names)
		}
		for _, name := range m.TargetNames() {
			if _, err := Count(m, Adapter{Rank: 1, Targets: Targets{Names: []string{name}}}); err != nil {
				t.Errorf("%s lists %s as a target: %v", row.id, name, err)
			}
		}
	}
}
