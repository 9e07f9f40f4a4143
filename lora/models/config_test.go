package models

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const tiny = `"vocab_size":100,"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":12`

// configs is also the seed of the fuzz target. total is 0 where an error is
// expected; text then lists what the error must say, otherwise what a note must.
var configs = []struct {
	name  string
	in    string
	total int64
	text  string
}{
	// embed 100·8, untied head 100·8, final norm 8; a layer: 4·64 + 3·96 + 2·8 = 560
	{"llama", `{"model_type":"llama",` + tiny + `}`, 2*800 + 8 + 2*560, ""},
	{"llama tied", `{"model_type":"llama","tie_word_embeddings":true,` + tiny + `}`, 800 + 8 + 2*560, ""},
	{"unknown keys", `{"model_type":"llama","rope_scaling":{"type":"yarn"},"torch_dtype":"bfloat16","eos_token_id":[1,2],` + tiny + `}`, 2*800 + 8 + 2*560, ""},
	{"null is unset", `{"model_type":"llama","head_dim":null,"num_key_value_heads":null,"tie_word_embeddings":null,` + tiny + `}`, 2*800 + 8 + 2*560, ""},
	{"grouped heads", `{"model_type":"llama","num_key_value_heads":2,` + tiny + `}`, 2*800 + 8 + 2*(560-2*32), ""},
	{"attention bias", `{"model_type":"llama","attention_bias":true,` + tiny + `}`, 2*800 + 8 + 2*(560+32), ""},
	{"mlp bias", `{"model_type":"llama","mlp_bias":true,` + tiny + `}`, 2*800 + 8 + 2*(560+12+12+8), ""},
	{"head_dim apart", `{"model_type":"llama","head_dim":3,` + tiny + `}`, 2*800 + 8 + 2*(4*8*12+288+16), ""},
	{"head_dim not of hidden size", `{"model_type":"llama","head_dim":3,"num_attention_heads":3,"vocab_size":100,"hidden_size":8,"num_hidden_layers":2,"intermediate_size":12}`, 2*800 + 8 + 2*(4*8*9+288+16), ""},
	{"architectures alone", `{"architectures":["LlamaForCausalLM"],` + tiny + `}`, 2*800 + 8 + 2*560, ""},
	{"another head", `{"model_type":"llama","architectures":["LlamaForSequenceClassification"],` + tiny + `}`, 2*800 + 8 + 2*560, "LlamaForSequenceClassification"},

	{"mistral ignores bias keys", `{"model_type":"mistral","attention_bias":true,"num_key_value_heads":4,` + tiny + `}`, 2*800 + 8 + 2*560, ""},
	{"mistral without key-value heads", `{"model_type":"mistral",` + tiny + `}`, 2*800 + 8 + 2*560, "num_key_value_heads is absent; 4"},
	{"mistral with room for its default", `{"model_type":"mistral","vocab_size":100,"hidden_size":16,"num_hidden_layers":1,"num_attention_heads":16,"intermediate_size":12}`,
		2*1600 + 16 + (2*256 + 2*16*8 + 3*16*12 + 32), "num_key_value_heads is absent; 8"},
	{"qwen2 bias", `{"model_type":"qwen2","num_key_value_heads":2,` + tiny + `}`, 2*800 + 8 + 2*(560-2*32+8+4+4), ""},
	// PEFT's README prints all params 3,089,625,088 with an adapter of 3,686,400.
	{"qwen2.5-3b", `{"model_type":"qwen2","vocab_size":151936,"hidden_size":2048,"num_hidden_layers":36,"num_attention_heads":16,
		"num_key_value_heads":2,"intermediate_size":11008,"tie_word_embeddings":true}`, 3_089_625_088 - 3_686_400, ""},
	{"gemma2", `{"model_type":"gemma2","num_key_value_heads":2,"head_dim":2,` + tiny + `}`, 800 + 8 + 2*(560-2*32+16), ""},
	{"gemma2 head_dim of its own", `{"model_type":"gemma2","num_key_value_heads":2,` + tiny + `}`, 800 + 8 + 2*(2*8*4*256+2*8*2*256+288+32), "head_dim is absent; 256"},
	{"gemma2 untied", `{"model_type":"gemma2","num_key_value_heads":4,"head_dim":2,"tie_word_embeddings":false,"attention_bias":true,` + tiny + `}`, 2*800 + 8 + 2*(560+16+32), ""},
	{"phi3", `{"model_type":"phi3",` + tiny + `}`, 2*800 + 8 + 2*560, ""},

	// wte 100·8, wpe 16·8, ln_f 16; a layer: 12·64 + 13·8 (biases 3d+d+4d+d, norms 4d)
	{"gpt2", `{"model_type":"gpt2","n_embd":8,"n_layer":2,"n_head":4,"n_positions":16,"vocab_size":100}`, 800 + 128 + 16 + 2*(768+104), ""},
	{"gpt2 n_inner", `{"model_type":"gpt2","n_embd":8,"n_layer":2,"n_head":4,"n_positions":16,"vocab_size":100,"n_inner":5}`, 800 + 128 + 16 + 2*(4*64+2*40+9*8+5), ""},
	{"gpt2 common names", `{"architectures":["GPT2LMHeadModel"],"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":16,"vocab_size":100}`, 800 + 128 + 16 + 2*(768+104), ""},
	{"gpt2 untied", `{"model_type":"gpt2","n_embd":8,"n_layer":2,"n_head":4,"n_positions":16,"vocab_size":100,"tie_word_embeddings":false}`, 2*800 + 128 + 16 + 2*(768+104), ""},

	{"empty", ``, 0, "not JSON"},
	{"not JSON", `{"model_type":`, 0, "not JSON at byte 14"},
	{"more after the object", `{} {}`, 0, "not JSON"},
	{"a list", `[1]`, 0, "found a JSON array, expected an object"},
	{"null", `null`, 0, "found null"},
	{"no family", `{` + tiny + `}`, 0, "model_type: found nothing, expected one of the known families: gpt2, llama, mistral, qwen2, gemma2, phi3"},
	{"unknown family", `{"model_type":"mamba",` + tiny + `}`, 0, `model_type: found "mamba", expected one of the known families: gpt2, llama, mistral, qwen2, gemma2, phi3`},
	{"near family", `{"architectures":["Qwen2MoeForCausalLM"],` + tiny + `}`, 0, `architectures: found ["Qwen2MoeForCausalLM"], expected one of`},
	{"family not a string", `{"model_type":7,` + tiny + `}`, 0, "model_type: found 7, expected one of"},
	{"classes not a list", `{"architectures":"LlamaForCausalLM",` + tiny + `}`, 0, `architectures: found "LlamaForCausalLM", expected a list`},
	{"missing size", `{"model_type":"llama","vocab_size":100}`, 0, "hidden_size: found nothing, expected a whole number from 1"},
	{"missing size of gpt2", `{"model_type":"gpt2","vocab_size":100}`, 0, "n_embd (or hidden_size): found nothing"},
	{"negative", `{"model_type":"llama","hidden_size":-8}`, 0, "vocab_size: found nothing"},
	{"negative size", `{"model_type":"llama","vocab_size":-100}`, 0, "vocab_size: found -100, expected a whole number from 1 to"},
	{"zero", `{"model_type":"llama","vocab_size":0}`, 0, "vocab_size: found 0,"},
	{"absurd", `{"model_type":"llama","vocab_size":1e30}`, 0, "vocab_size: found 1e30,"},
	{"huge", `{"model_type":"llama","vocab_size":99999999999999999999999999999999999999999999999999}`, 0, "vocab_size: found 9999999999999999999999999999999999999999…, expected"},
	{"fraction", `{"model_type":"llama","vocab_size":100.5}`, 0, "vocab_size: found 100.5,"},
	{"string", `{"model_type":"llama","vocab_size":"100"}`, 0, `vocab_size: found "100",`},
	{"object on many lines", "{\"model_type\":\"llama\",\"vocab_size\":{\n\"a\":\n1}}", 0, `vocab_size: found {"a":1},`},
	{"flag", `{"model_type":"llama","tie_word_embeddings":"yes",` + tiny + `}`, 0, `tie_word_embeddings: found "yes", expected true or false`},
	{"heads do not divide", `{"model_type":"llama","vocab_size":100,"hidden_size":9,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":12}`, 0, "hidden_size: found 9, expected a multiple of num_attention_heads = 4"},
	{"key-value heads do not divide", `{"model_type":"llama","num_key_value_heads":3,` + tiny + `}`, 0, "num_key_value_heads: found 3, expected a divisor of num_attention_heads = 4"},
	{"names disagree", `{"model_type":"gpt2","n_embd":8,"hidden_size":9,"vocab_size":100}`, 0, "hidden_size: found 9, expected 8, as n_embd says"},
	{"gpt2 heads", `{"model_type":"gpt2","n_embd":9,"n_layer":2,"n_head":4,"n_positions":16,"vocab_size":100}`, 0, "n_embd: found 9, expected a multiple of n_head = 4"},
	{"cross attention", `{"model_type":"gpt2","n_embd":8,"n_layer":2,"n_head":4,"n_positions":16,"vocab_size":100,"add_cross_attention":true}`, 0, "add_cross_attention: found true"},
	{"wide heads", `{"model_type":"llama","head_dim":65536,"num_attention_heads":4096,"vocab_size":100,"hidden_size":8,"num_hidden_layers":2,"intermediate_size":12}`, 0, "head_dim: found 65536, expected at most"},
	{"too many parameters", `{"model_type":"llama","vocab_size":100,"hidden_size":16777216,"num_hidden_layers":10000,"num_attention_heads":4,"intermediate_size":16777216}`, 0, "does not fit"},
}

func TestParseConfig(t *testing.T) {
	for _, row := range configs {
		t.Run(row.name, func(t *testing.T) {
			m, err := ParseConfig(strings.NewReader(row.in))
			if row.total == 0 {
				if err == nil {
					t.Fatalf("read as %d parameters", m.Total())
				}
				if !strings.Contains(err.Error(), row.text) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error %q, want one line with %q", err, row.text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.Total() != row.total {
				t.Errorf("total %d, want %d", m.Total(), row.total)
			}
			if notes := strings.Join(m.Notes, "\n"); !strings.Contains(notes, row.text) || row.text == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, row.text)
			}
		})
	}
}

func TestParseConfigReader(t *testing.T) {
	if _, err := ParseConfig(iotest.ErrReader(io.ErrUnexpectedEOF)); err == nil {
		t.Error("a failing reader gives a model")
	}
	endless := io.MultiReader(strings.NewReader(`{"model_type":"`), strings.NewReader(strings.Repeat("x", 2*maxConfig)))
	if _, err := ParseConfig(endless); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("an endless file: %v", err)
	}
}

// FuzzParseConfig checks that whatever is read is either one line of error or a
// model whose count holds together.
func FuzzParseConfig(f *testing.F) {
	for _, row := range configs {
		f.Add(row.in)
	}
	for _, e := range entries() {
		f.Add(e.config)
	}
	f.Fuzz(func(t *testing.T, in string) {
		m, err := ParseConfig(strings.NewReader(in))
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "models: ") {
				t.Errorf("error %q", err)
			}
			return
		}
		var sum int64
		for _, g := range m.Groups {
			if g.In < 1 || g.Out < 1 || g.Count < 1 {
				t.Errorf("group %+v", g)
			}
			sum += g.Params()
		}
		if sum != m.Total() || sum < 1 {
			t.Errorf("groups sum to %d, total %d", sum, m.Total())
		}
	})
}
