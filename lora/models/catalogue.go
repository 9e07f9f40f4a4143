package models

import (
	"fmt"
	"strings"
)

// entry is a model of the catalogue: what its config.json says, as far as it
// decides parameters, in the same form.
type entry struct {
	id     string
	title  string
	hub    string // where its config.json is published
	config string
}

func entries() []entry {
	return []entry{
		{"gpt2", "GPT-2", "openai-community/gpt2",
			`{"model_type":"gpt2","n_embd":768,"n_layer":12,"n_head":12,"n_positions":1024,"vocab_size":50257}`},
		{"gpt2-medium", "GPT-2 medium", "openai-community/gpt2-medium",
			`{"model_type":"gpt2","n_embd":1024,"n_layer":24,"n_head":16,"n_positions":1024,"vocab_size":50257}`},
		{"gpt2-large", "GPT-2 large", "openai-community/gpt2-large",
			`{"model_type":"gpt2","n_embd":1280,"n_layer":36,"n_head":20,"n_positions":1024,"vocab_size":50257}`},
		{"gpt2-xl", "GPT-2 XL", "openai-community/gpt2-xl",
			`{"model_type":"gpt2","n_embd":1600,"n_layer":48,"n_head":25,"n_positions":1024,"vocab_size":50257}`},
		{"llama-65b", "LLaMA 65B", "huggyllama/llama-65b",
			`{"model_type":"llama","hidden_size":8192,"num_hidden_layers":80,"num_attention_heads":64,
			  "intermediate_size":22016,"vocab_size":32000,"tie_word_embeddings":false}`},
		{"llama-2-7b", "Llama 2 7B", "meta-llama/Llama-2-7b-hf",
			`{"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":32,
			  "intermediate_size":11008,"vocab_size":32000,"tie_word_embeddings":false}`},
		{"llama-2-13b", "Llama 2 13B", "meta-llama/Llama-2-13b-hf",
			`{"model_type":"llama","hidden_size":5120,"num_hidden_layers":40,"num_attention_heads":40,"num_key_value_heads":40,
			  "intermediate_size":13824,"vocab_size":32000,"tie_word_embeddings":false}`},
		{"llama-2-70b", "Llama 2 70B", "meta-llama/Llama-2-70b-hf",
			`{"model_type":"llama","hidden_size":8192,"num_hidden_layers":80,"num_attention_heads":64,"num_key_value_heads":8,
			  "intermediate_size":28672,"vocab_size":32000,"tie_word_embeddings":false}`},
		{"llama-3-8b", "Llama 3 8B", "meta-llama/Meta-Llama-3-8B",
			`{"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
			  "intermediate_size":14336,"vocab_size":128256,"tie_word_embeddings":false}`},
		{"llama-3-70b", "Llama 3 70B", "meta-llama/Meta-Llama-3-70B",
			`{"model_type":"llama","hidden_size":8192,"num_hidden_layers":80,"num_attention_heads":64,"num_key_value_heads":8,
			  "intermediate_size":28672,"vocab_size":128256,"tie_word_embeddings":false}`},
		{"mistral-7b", "Mistral 7B", "mistralai/Mistral-7B-v0.1",
			`{"model_type":"mistral","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
			  "intermediate_size":14336,"vocab_size":32000,"tie_word_embeddings":false}`},
		{"qwen2.5-7b", "Qwen2.5 7B", "Qwen/Qwen2.5-7B",
			`{"model_type":"qwen2","hidden_size":3584,"num_hidden_layers":28,"num_attention_heads":28,"num_key_value_heads":4,
			  "intermediate_size":18944,"vocab_size":152064,"tie_word_embeddings":false}`},
		{"qwen2.5-72b", "Qwen2.5 72B", "Qwen/Qwen2.5-72B",
			`{"model_type":"qwen2","hidden_size":8192,"num_hidden_layers":80,"num_attention_heads":64,"num_key_value_heads":8,
			  "intermediate_size":29568,"vocab_size":152064,"tie_word_embeddings":false}`},
		{"gemma-2-9b", "Gemma 2 9B", "google/gemma-2-9b",
			`{"model_type":"gemma2","hidden_size":3584,"num_hidden_layers":42,"num_attention_heads":16,"num_key_value_heads":8,
			  "head_dim":256,"intermediate_size":14336,"vocab_size":256000}`},
		{"phi-3-mini", "Phi-3 mini", "microsoft/Phi-3-mini-4k-instruct",
			`{"model_type":"phi3","hidden_size":3072,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":32,
			  "intermediate_size":8192,"vocab_size":32064,"tie_word_embeddings":false}`},
	}
}

// model builds the entry. The data is part of the program, so a mistake in it
// is a programmer's and panics.
func (e entry) model() *Model {
	m, err := ParseConfig(strings.NewReader(e.config))
	if err != nil {
		panic(fmt.Sprintf("models: catalogue %s: %v", e.id, err))
	}
	m.ID, m.Title = e.id, e.title
	return m
}

// Catalogue returns all models known by name, by family and size.
func Catalogue() []*Model {
	var all []*Model
	for _, e := range entries() {
		all = append(all, e.model())
	}
	return all
}

// Find returns the model of the catalogue with the given id, such as
// llama-2-7b, or with the given name on the Hugging Face hub, such as
// meta-llama/Llama-2-7b-hf. Case does not matter. The error for any other name
// lists the ids.
func Find(id string) (*Model, error) {
	var ids []string
	for _, e := range entries() {
		if strings.EqualFold(id, e.id) || strings.EqualFold(id, e.hub) {
			return e.model(), nil
		}
		ids = append(ids, e.id)
	}
	return nil, fmt.Errorf("models: unknown model %q; known are %s (for others give their config.json)", id, strings.Join(ids, ", "))
}
