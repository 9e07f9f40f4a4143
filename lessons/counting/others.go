package counting

import (
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/models"
	"loralab/plots"
)

// prefixTokens is how many positions prefix tuning puts before a text here: PEFT's
// examples take 20.
const prefixTokens = 20

func otherFindings() []lab.Spec {
	count := func(name, label string) lab.Spec { return lab.Spec{Name: name, Label: label, Kind: lab.KindCount} }
	return []lab.Spec{
		count("adapters-params", "trained by adapter layers, rank numbers wide"),
		count("prefix-params", "trained by prefix tuning"),
		count("prefix-tokens", "positions of that prefix"),
		count("ia3-params", "trained by IA3"),
		count("bitfit-params", "trained by BitFit"),
	}
}

// countOthers reports what other methods that train few parameters would train on
// m. Adapter layers (Houlsby et al. 2019) get a bottleneck as wide as the rank.
func countOthers(rec *lab.Recorder, m *models.Model, rank int64) {
	b := blockOf(m)
	rec.Report("adapters-params", b.layers*2*(2*b.hidden*rank+rank+b.hidden)) // after attention and after the MLP, with biases
	rec.Report("prefix-params", b.layers*2*prefixTokens*b.values)             // a key and a value at each position
	rec.Report("prefix-tokens", prefixTokens)
	rec.Report("ia3-params", b.layers*(2*b.values+b.inner)) // Liu et al. 2022: l_k, l_v and l_ff
	var biases int64
	for _, g := range m.Groups {
		if g.Bias {
			biases += g.Out * g.Count
		}
	}
	rec.Report("bitfit-params", biases)
}

// block has the widths of a model's blocks.
type block struct {
	layers int64
	hidden int64 // what runs from block to block
	values int64 // of the keys, and of the values, of all heads that have their own
	inner  int64 // between the matrices of the MLP
}

func blockOf(m *models.Model) block {
	var b block
	var heads, fused int64 // widths of all queries, and of queries, keys and values in one matrix
	for _, g := range m.Linears() {
		switch short := g.Short(); {
		case short == "o_proj" || strings.HasSuffix(g.Name, "attn.c_proj"):
			b.layers, b.hidden, heads = g.Count, g.Out, g.In
		case short == "v_proj":
			b.values = g.Out
		case short == "qkv_proj" || short == "c_attn":
			fused = g.Out
		case short == "down_proj" || strings.HasSuffix(g.Name, "mlp.c_proj"):
			b.inner = g.In
		}
	}
	if fused > 0 {
		b.values = (fused - heads) / 2
	}
	return b
}

// methodsFigure sets LoRA beside other methods.
func methodsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "methods", Title: "what each method trains on " + r.Settings.Text("model"), YLabel: "trained parameters",
		Caption: "LoRA and adapter layers at the same rank. All of them leave the weights of the model as they are."}
	r.DrawBars(f, 1, "", train.StyleLoRA, lab.Bar{Name: "LoRA", Finding: "model-trainable"}, lab.Bar{Name: "adapter layers", Finding: "adapters-params"},
		lab.Bar{Name: "prefix tuning", Finding: "prefix-params"}, lab.Bar{Name: "IA3", Finding: "ia3-params"}, lab.Bar{Name: "BitFit", Finding: "bitfit-params"})
	return f
}
