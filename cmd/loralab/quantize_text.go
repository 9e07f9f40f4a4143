package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"loralab/lora/number"
	"loralab/lora/quant"
)

// quantizeReport is what quantize prints. Its JSON form is for programs.
type quantizeReport struct {
	File    string            `json:"file"`
	Format  string            `json:"format"`
	Block   int               `json:"block,omitempty"` // left out: a scale for each row
	Double  bool              `json:"double"`
	Tensors []quantizedTensor `json:"tensors"`
	Kept    []keptTensor      `json:"kept,omitempty"`
	Out     string            `json:"out,omitempty"`
}

// quantizedTensor is what became of one tensor.
type quantizedTensor struct {
	Name         string   `json:"name"`
	DType        string   `json:"dtype"` // before
	Shape        []int    `json:"shape"`
	Params       int      `json:"params"`
	BitsPerParam float64  `json:"bits_per_param"` // scales included
	BytesBefore  int64    `json:"bytes_before"`
	Bytes        int      `json:"bytes"`
	MeanError    float64  `json:"mean_error"`       // mean |difference|
	MaxError     float64  `json:"max_error"`        // max |difference|
	SNR          *float64 `json:"snr_db,omitempty"` // left out where there is no error
}

func (t *quantizedTensor) measure(s quant.Stats, bytes int) {
	t.BitsPerParam, t.Bytes, t.MeanError, t.MaxError = 8*float64(bytes)/float64(t.Params), bytes, s.Mean, s.Max
	if !math.IsInf(s.SNR, 0) {
		t.SNR = &s.SNR
	}
}

func (r *quantizeReport) print(out io.Writer) error {
	p := &printer{}
	scales := fmt.Sprintf("a scale for each block of %d", r.Block)
	if r.Block == 0 {
		scales = "a scale for each row"
	}
	if r.Double {
		scales += ", the scales in 8 bits"
	}
	p.line("%s, %s", r.Format, scales)
	p.line("")
	// The name comes last: of all columns it alone has no bound.
	p.line("%14s  %10s  %10s  %10s  %8s  %s", "shape", "bits/param", "mean error", "max error", "SNR", "tensor")
	var params, before, after int64
	for _, t := range r.Tensors {
		snr := "exact"
		if t.SNR != nil {
			snr = fmt.Sprintf("%.2f dB", *t.SNR)
		}
		p.line("%14s  %10.6g  %10.4g  %10.4g  %8s  %s", shapeText(t.Shape), t.BitsPerParam, t.MeanError, t.MaxError, snr, printable(t.Name))
		params += int64(t.Params)
		before += t.BytesBefore
		after += int64(t.Bytes)
	}
	p.line("")
	parameters := "parameters"
	if params == 1 {
		parameters = "parameter"
	}
	p.line("%s of %s %s: %s bytes before, %s after, %.6g bits a parameter", number.Plural(len(r.Tensors), "tensor"), number.Count(params), parameters,
		number.Count(before), number.Count(after), 8*float64(after)/float64(params))
	r.printKept(p)
	if r.Out != "" {
		p.line("")
		p.line("written: %s", printable(r.Out))
	}
	return p.to(out)
}

// printKept counts the tensors that were left alone, by the reason.
func (r *quantizeReport) printKept(p *printer) {
	if len(r.Kept) == 0 {
		return
	}
	var reasons []string
	count := map[string]int{}
	var bytes int64
	for _, k := range r.Kept {
		if count[k.Why] == 0 {
			reasons = append(reasons, k.Why)
		}
		count[k.Why]++
		bytes += k.Bytes
	}
	for i, why := range reasons {
		reasons[i] = fmt.Sprintf("%s: %d", why, count[why])
	}
	was := "they were"
	if len(r.Kept) == 1 {
		was = "it was"
	}
	p.wrap("", fmt.Sprintf("%s left as %s, %s bytes (%s)", number.Plural(len(r.Kept), "tensor"), was, number.Count(bytes), strings.Join(reasons, ", ")))
}

func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, "×")
}
