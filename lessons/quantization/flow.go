package quantization

import (
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// codeRows and codeCols are how many codes of the first layer a record keeps.
const codeRows, codeCols = 16, 32

// follow reports codes of the first layer, and returns what follows an example through
// it.
func (q *quantized) follow(net *lora.Network, b *quantizedBase) train.Look {
	d, k := net.Layers[0].Dims()
	rows := make([][]float64, min(d, codeRows))
	for i := range rows {
		rows[i] = make([]float64, min(k, codeCols))
		for j := range rows[i] {
			rows[i][j] = float64(b.codes[0].Code(i*d/len(rows)*k + j*k/len(rows[i])))
		}
	}
	q.rec.Report("codes", rows)
	return train.NewFlow(q.rec, net, q.p.Test).Look
}

// flowFigure shows the first layer with its weight as the codes that it is kept in.
func flowFigure(r *lab.Record) *plots.Figure {
	format := r.Settings.Text("format")
	f := train.FlowFigure(r, train.FirstLayer(r.Settings))
	f.Caption = "W is kept as codes Q of " + fmt.Sprint(codebook(format).Bits()) + " bits, each a digit here, and is turned back into numbers when x comes. Gradients pass through Q and reach A and B alone."
	w := &f.Flow.Weight
	w.Name, w.Notes, f.Flow.Main.Name = "Q", []string{format + ", frozen"}, "Qx"
	f.Flow.Main.Note = strings.Replace(f.Flow.Main.Note, "Wx", "Qx", 1)
	digits := (codebook(format).Bits() + 3) / 4
	for _, row := range r.Matrix("codes") {
		var line strings.Builder
		for _, code := range row {
			fmt.Fprintf(&line, "%0*x", digits, int(code))
		}
		w.Codes = append(w.Codes, line.String())
	}
	return f
}
