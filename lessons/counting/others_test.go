package counting

import "testing"

// TestOtherMethods: counts by hand, from the published shapes.
func TestOtherMethods(t *testing.T) {
	for _, row := range []struct {
		model                         string
		adapters, prefix, ia3, bitfit float64
	}{
		{"llama-2-7b", 32 * 2 * (2*4096*8 + 8 + 4096), 32 * 2 * 20 * 4096, 32 * (4096 + 4096 + 11008), 0},
		{"llama-3-8b", 32 * 2 * (2*4096*8 + 8 + 4096), 32 * 2 * 20 * 1024, 32 * (1024 + 1024 + 14336), 0},
		// Two norms, c_attn, two c_proj and c_fc a layer, and the last norm.
		{"gpt2", 12 * 2 * (2*768*8 + 8 + 768), 12 * 2 * 20 * 768, 12 * (768 + 768 + 3072), 12*(2*768+3*768+2*768+3072) + 768},
		{"phi-3-mini", 32 * 2 * (2*3072*8 + 8 + 3072), 32 * 2 * 20 * 3072, 32 * (3072 + 3072 + 8192), 0},
		{"gemma-2-9b", 42 * 2 * (2*3584*8 + 8 + 3584), 42 * 2 * 20 * 2048, 42 * (2048 + 2048 + 14336), 0},
		{"qwen2.5-7b", 28 * 2 * (2*3584*8 + 8 + 3584), 28 * 2 * 20 * 512, 28 * (512 + 512 + 18944), 28 * (3584 + 512 + 512)},
	} {
		r := runOf(t, "d", "8", "k", "8", "model", row.model, "rank", "8")
		for name, want := range map[string]float64{"adapters-params": row.adapters, "prefix-params": row.prefix, "ia3-params": row.ia3, "bitfit-params": row.bitfit} {
			if got := r.Real(name); got != want {
				t.Errorf("%s: %s %v, want %v", row.model, name, got, want)
			}
		}
	}
}
