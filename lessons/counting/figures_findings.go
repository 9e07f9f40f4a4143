package counting

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// layerFigure shows how many numbers W, A and B hold.
func layerFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "layer", Title: fmt.Sprintf("numbers in a %s×%s layer", r.Settings.Text("d"), r.Settings.Text("k")), YLabel: "numbers, on a logarithmic scale", YLog: true,
		Caption: "W grows with the product of the widths, A and B with their sum."}
	r.DrawBars(f, 1, "", train.StyleLoRA, lab.Bar{Name: "W", Finding: "params-full"}, lab.Bar{Name: "A", Finding: "params-a"},
		lab.Bar{Name: "B", Finding: "params-b"}, lab.Bar{Name: "A and B", Finding: "params-lora"})
	return f
}

// wholeLayerFigure shows what the layer and its adapter come to.
func wholeLayerFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "all", Title: "the layer and its adapter", YLabel: "numbers",
		Caption: "What is printed as \"all\" is the sum of the other bars."}
	bars := []lab.Bar{{Name: "W", Finding: "params-full"}, {Name: "A and B", Finding: "params-lora"}}
	if r.Settings.Text("bias") == "yes" {
		bars = append(bars, lab.Bar{Name: "bias", Finding: "params-bias"})
	}
	r.DrawBars(f, 1, "", train.StyleFull, append(bars, lab.Bar{Name: "all", Finding: "params-all"})...)
	return f
}

// savingFigure shows how many times less memory the training takes.
func savingFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "saving", Title: "memory to train " + r.Settings.Text("model") + ", against full fine-tuning", YLabel: "times less",
		Caption: "Memory in full over memory with LoRA, and with LoRA on a 4-bit base. Activations are not counted."}
	r.DrawBars(f, 1, "×", train.StyleLoRA, lab.Bar{Name: "LoRA", Finding: "memory-ratio"},
		lab.Bar{Name: "QLoRA", Value: r.Real("memory-full") / r.Real("memory-qlora")})
	return f
}

// frozenFigure shows what the frozen model takes.
func frozenFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "frozen", Title: "the frozen weights of " + r.Settings.Text("model"), YLabel: "GB",
		Caption: "As they are, and with the matrices of the blocks in NF4. Embeddings, norms and the output layer stay wide."}
	r.DrawBars(f, 1, "GB", train.StyleFull, lab.Bar{Name: r.Settings.Text("dtype"), Finding: "base"}, lab.Bar{Name: "NF4", Finding: "base-4bit"})
	return f
}
