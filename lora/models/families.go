package models

// shape is what the configuration of any family comes down to.
type shape struct {
	d         int64 // hidden size
	layers    int64
	heads     int64
	kv        int64 // key and value heads
	headDim   int64
	ff        int64 // width inside the MLP
	vocab     int64
	positions int64 // learned positions (gpt2 only)

	tied     bool // the output layer is the input embedding
	attnBias bool
	mlpBias  bool
}

// family is what its modelling code fixes: module names, which biases exist,
// and what a silent configuration means. Read in transformers'
// models/<family>/{configuration,modeling}_<family>.py.
type family struct {
	name    string
	class   string // stem of the class names in "architectures"
	targets []string
	tied    bool  // default of tie_word_embeddings
	kv      int64 // default of num_key_value_heads if the key is absent; 0 = as many as heads
	headDim int64 // default of head_dim if the key is absent; 0 = hidden size / heads

	hasAttnBias, hasMLPBias bool // whether attention_bias, mlp_bias are read
	gpt2Keys                bool // n_embd, n_layer, n_head, n_inner, n_positions

	groups func(shape) []Group
}

// families lists the known families. It is a function, not a variable, so that
// nobody can change the list.
func families() []family {
	qv := []string{"q_proj", "v_proj"}
	return []family{
		{name: "gpt2", class: "GPT2", targets: []string{"c_attn"}, tied: true, gpt2Keys: true, groups: gpt2},
		{name: "llama", class: "Llama", targets: qv, hasAttnBias: true, hasMLPBias: true, groups: llama},
		{name: "mistral", class: "Mistral", targets: qv, kv: 8, groups: llama},
		{name: "qwen2", class: "Qwen2", targets: qv, kv: 32, groups: qwen2},
		{name: "gemma2", class: "Gemma2", targets: qv, tied: true, kv: 4, headDim: 256, hasAttnBias: true, groups: gemma2},
		{name: "phi3", class: "Phi3", targets: []string{"qkv_proj"}, groups: phi3},
	}
}

// perLayer builds the groups that repeat in every layer.
type perLayer struct {
	prefix string
	layers int64
}

func (p perLayer) linear(name string, k, d int64, bias bool) Group {
	return Group{Name: p.prefix + name, Kind: Linear, In: k, Out: d, Bias: bias, Count: p.layers}
}

func (p perLayer) norm(name string, d int64, bias bool) Group {
	return Group{Name: p.prefix + name, Kind: Norm, In: 1, Out: d, Bias: bias, Count: p.layers}
}

// gpt2: one fused matrix for queries, keys and values, learned positions,
// LayerNorm with bias, a bias everywhere but at the head. Its Conv1D stores
// the weight as k×d, which changes no count.
func gpt2(s shape) []Group {
	h := perLayer{"transformer.h.*.", s.layers}
	return []Group{
		{Name: "transformer.wte", Kind: Embedding, In: s.vocab, Out: s.d, Count: 1},
		{Name: "transformer.wpe", Kind: Embedding, In: s.positions, Out: s.d, Count: 1},
		h.norm("ln_1", s.d, true),
		h.linear("attn.c_attn", s.d, 3*s.d, true),
		h.linear("attn.c_proj", s.d, s.d, true),
		h.norm("ln_2", s.d, true),
		h.linear("mlp.c_fc", s.d, s.ff, true),
		h.linear("mlp.c_proj", s.ff, s.d, true),
		{Name: "transformer.ln_f", Kind: Norm, In: 1, Out: s.d, Bias: true, Count: 1},
		{Name: "lm_head", Kind: Head, In: s.d, Out: s.vocab, Count: 1, Tied: s.tied},
	}
}

// llama (and mistral, which reads no bias keys): rotary positions, RMSNorm,
// grouped key and value heads, a gated MLP.
func llama(s shape) []Group {
	return decoder(s, append(attention(s, s.attnBias, s.attnBias), gatedMLP(s)...),
		"input_layernorm", "post_attention_layernorm")
}

// qwen2: llama with a bias on queries, keys and values, always.
func qwen2(s shape) []Group {
	return decoder(s, append(attention(s, true, false), gatedMLP(s)...),
		"input_layernorm", "post_attention_layernorm")
}

// gemma2: a head width of its own (heads·head_dim need not be the hidden
// size) and four norms a layer.
func gemma2(s shape) []Group {
	return decoder(s, append(attention(s, s.attnBias, s.attnBias), gatedMLP(s)...),
		"input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm")
}

// phi3: queries, keys and values in one matrix, gate and up in another.
func phi3(s shape) []Group {
	l := perLayer{layerPrefix, s.layers}
	return decoder(s, []Group{
		l.linear("self_attn.o_proj", s.heads*s.headDim, s.d, false),
		l.linear("self_attn.qkv_proj", s.d, (s.heads+2*s.kv)*s.headDim, false),
		l.linear("mlp.gate_up_proj", s.d, 2*s.ff, false),
		l.linear("mlp.down_proj", s.ff, s.d, false),
	}, "input_layernorm", "post_attention_layernorm")
}

const layerPrefix = "model.layers.*."

func attention(s shape, qkvBias, outBias bool) []Group {
	l := perLayer{layerPrefix, s.layers}
	return []Group{
		l.linear("self_attn.q_proj", s.d, s.heads*s.headDim, qkvBias),
		l.linear("self_attn.k_proj", s.d, s.kv*s.headDim, qkvBias),
		l.linear("self_attn.v_proj", s.d, s.kv*s.headDim, qkvBias),
		l.linear("self_attn.o_proj", s.heads*s.headDim, s.d, outBias),
	}
}

func gatedMLP(s shape) []Group {
	l := perLayer{layerPrefix, s.layers}
	return []Group{
		l.linear("mlp.gate_proj", s.d, s.ff, s.mlpBias),
		l.linear("mlp.up_proj", s.d, s.ff, s.mlpBias),
		l.linear("mlp.down_proj", s.ff, s.d, s.mlpBias),
	}
}

// decoder puts embedding, norms and head around the linear modules of a layer.
func decoder(s shape, linears []Group, norms ...string) []Group {
	l := perLayer{layerPrefix, s.layers}
	groups := []Group{{Name: "model.embed_tokens", Kind: Embedding, In: s.vocab, Out: s.d, Count: 1}}
	groups = append(groups, linears...)
	for _, name := range norms {
		groups = append(groups, l.norm(name, s.d, false))
	}
	return append(groups,
		Group{Name: "model.norm", Kind: Norm, In: 1, Out: s.d, Count: 1},
		Group{Name: "lm_head", Kind: Head, In: s.d, Out: s.vocab, Count: 1, Tied: s.tied})
}
