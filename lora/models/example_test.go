package models_test

import (
	"fmt"
	"log"
	"strings"

	"loralab/lora/models"
	"loralab/lora/number"
)

// The classic layer: 4096×4096 at rank 8. PyTorch's nn.Linear has a bias unless
// told otherwise, and the bias is the whole difference between the two totals.
func ExampleCountLayer() {
	for _, bias := range []bool{false, true} {
		t, err := models.CountLayer(4096, 4096, 8, bias)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s  %.0f× fewer than %s\n", t.Tutorial(), t.Ratio, number.Count(t.Full))
	}
	// Output:
	// 65,536 / 16,842,752 (0.39%)  256× fewer than 16,777,216
	// 65,536 / 16,846,848 (0.39%)  256× fewer than 16,777,216
}

func ExampleCount() {
	m, err := models.Find("llama-3-8b")
	if err != nil {
		log.Fatal(err)
	}
	t, err := models.Count(m, models.Adapter{Rank: 8}) // PEFT's default targets
	if err != nil {
		log.Fatal(err)
	}
	for _, mod := range t.Modules {
		fmt.Printf("%s %d×%d: %d·%d·(%d+%d) = %s\n", mod.Short, mod.Out, mod.In,
			mod.Count, mod.Rank, mod.Out, mod.In, number.Count(mod.Params))
	}
	fmt.Println(t.PEFT())
	// Output:
	// q_proj 4096×4096: 32·8·(4096+4096) = 2,097,152
	// v_proj 1024×4096: 32·8·(1024+4096) = 1,310,720
	// trainable params: 3,407,872 || all params: 8,033,669,120 || trainable%: 0.0424
}

func ExampleParseConfig() {
	m, err := models.ParseConfig(strings.NewReader(`{
		"model_type": "qwen2", "hidden_size": 896, "num_hidden_layers": 24,
		"num_attention_heads": 14, "num_key_value_heads": 2, "intermediate_size": 4864,
		"vocab_size": 151936, "tie_word_embeddings": true}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Count(m.Total()), strings.Join(m.TargetNames(), " "))

	_, err = models.ParseConfig(strings.NewReader(`{"model_type": "rwkv"}`))
	fmt.Println(err)
	// Output:
	// 494,032,768 q_proj k_proj v_proj o_proj gate_proj up_proj down_proj embed_tokens lm_head
	// models: config: model_type: found "rwkv", expected one of the known families: gpt2, llama, mistral, qwen2, gemma2, phi3
}

func ExampleBreakEven() {
	exact, floor := models.BreakEven(64, 10)
	fmt.Println(exact, floor)
	// Output: 320/37 8
}

// What a 7B model takes to train in full, with LoRA and with QLoRA, activations
// apart.
func ExampleEstimate() {
	m, err := models.Find("llama-2-7b")
	if err != nil {
		log.Fatal(err)
	}
	t, err := models.Count(m, models.Adapter{Rank: 64, Targets: models.Targets{AllLinear: true}})
	if err != nil {
		log.Fatal(err)
	}
	est, err := models.Estimate(m, t, models.MemoryOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("full ", number.SI(est.Full.Total))
	fmt.Println("LoRA ", number.SI(est.LoRA.Total))
	fmt.Println("QLoRA", number.SI(est.QLoRA.Total))
	// Output:
	// full  80.86 GB
	// LoRA  15.40 GB
	// QLoRA 5.784 GB
}
