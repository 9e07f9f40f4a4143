package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"loralab/lora/number"
	"loralab/lora/peft"
	"loralab/lora/quant"
)

// report4 is what adapter prints of a file of weights in 4 bits.
type report4 struct {
	File    string    `json:"file"`
	Full    string    `json:"full,omitempty"` // the file that the weights are compared with
	Tensors []tensor4 `json:"tensors"`
	Others  int       `json:"other_tensors"`
	Missing []string  `json:"not_in_full,omitempty"`
}

// tensor4 is one weight in 4 bits.
type tensor4 struct {
	Name         string   `json:"name"`
	Format       string   `json:"format"`
	Block        int      `json:"block"`
	Double       bool     `json:"double"`
	DType        string   `json:"dtype"` // what it is dequantized to
	Shape        []int    `json:"shape"`
	Params       int      `json:"params"`
	BitsPerParam float64  `json:"bits_per_param"` // scales included
	Bytes        int      `json:"bytes"`
	MeanError    *float64 `json:"mean_error,omitempty"` // mean |difference|; left out without the full weight
	MaxError     *float64 `json:"max_error,omitempty"`  // max |difference|
	SNR          *float64 `json:"snr_db,omitempty"`     // left out where there is no error, too
}

// inspect4 reads the weights one by one, each with the one of the same name in the
// file of the full weights if there is a second path.
func inspect4(ctx context.Context, file *peft.File, paths []string, stderr io.Writer) (*report4, error) {
	weights, others := file.Weights4()
	r := &report4{File: paths[0], Others: len(others), Tensors: make([]tensor4, len(weights))}
	var full *peft.File
	if len(paths) > 1 {
		var err error
		if full, err = peft.Open(paths[1]); err != nil {
			return nil, usage(err)
		}
		defer full.Close()
		r.Full = paths[1]
	}
	// On one processor, because one weight and its copies can be a gigabyte.
	err := each(ctx, stderr, "reading", len(weights), 1, func(i int) error {
		q, shape, dtype, err := file.Quantized4(weights[i])
		if err != nil {
			return usage(fmt.Errorf("%s: %w", printable(paths[0]), err))
		}
		t := &r.Tensors[i]
		*t = tensor4{Name: weights[i], Format: q.Book.Name(), Block: q.Block, Double: q.Double, DType: dtype.String(),
			Shape: shape, Params: q.N, BitsPerParam: q.Bits(), Bytes: q.Bytes()}
		if full == nil {
			return nil
		}
		if err := t.compare(q, full); err != nil {
			return usage(fmt.Errorf("%s: %w", printable(paths[1]), err))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range r.Tensors {
		if full != nil && t.MeanError == nil {
			r.Missing = append(r.Missing, t.Name)
		}
	}
	if len(r.Missing) == len(r.Tensors) {
		return nil, usagef("%s: found none of the weights in 4 bits of %s, want the same names in full, such as %s",
			printable(paths[1]), printable(paths[0]), printable(r.Tensors[0].Name))
	}
	return r, nil
}

// compare measures the error against the weight of the same name in a file, if
// that has it.
func (t *tensor4) compare(q *quant.Blockwise, full *peft.File) error {
	info, ok := full.Info(t.Name)
	if !ok {
		return nil
	}
	if !slices.Equal(info.Shape, t.Shape) {
		return fmt.Errorf("tensor %s: found the shape %s, want %s, that of the weight in 4 bits", printable(t.Name), shapeText(info.Shape), shapeText(t.Shape))
	}
	tensor, err := full.Tensor(t.Name)
	if err != nil {
		return err
	}
	want, err := tensor.Float32s()
	if err != nil {
		return err
	}
	s := quant.Compare(want, q.Dequantize())
	if math.IsNaN(s.Mean) || math.IsInf(s.Mean, 0) {
		return fmt.Errorf("tensor %s: the difference is not finite: NaN or infinite numbers in it or in the scales of the weight in 4 bits", printable(t.Name))
	}
	t.MeanError, t.MaxError = &s.Mean, &s.Max
	if !math.IsInf(s.SNR, 0) {
		t.SNR = &s.SNR
	}
	return nil
}

// storage says how a weight is stored.
func (t tensor4) storage() string {
	s := fmt.Sprintf("%s, a scale for each block of %d", t.Format, t.Block)
	if t.Double {
		s += ", the scales in 8 bits"
	}
	return s + "; dequantized to " + t.DType
}

func (r *report4) print(out io.Writer) error {
	p := &printer{}
	var kinds []string
	for _, t := range r.Tensors {
		if !slices.Contains(kinds, t.storage()) {
			kinds = append(kinds, t.storage())
		}
	}
	for _, kind := range kinds {
		p.line("%s", kind)
		p.line("")
		r.printTensors(p, kind)
		p.line("")
	}
	var params, bytes int64
	for _, t := range r.Tensors {
		params += int64(t.Params)
		bytes += int64(t.Bytes)
	}
	p.wrap("", fmt.Sprintf("%s in 4 bits: %s parameters, %s bytes, %.6g bits a parameter; in 16 bits %s bytes.", number.Plural(len(r.Tensors), "tensor"),
		number.Count(params), number.Count(bytes), 8*float64(bytes)/float64(params), number.Count(2*params)))
	if r.Others > 0 {
		p.line("%s not in 4 bits", number.Plural(r.Others, "other tensor"))
	}
	switch {
	case r.Full == "":
		p.wrap("", "For the errors give the file of the full weights: loralab adapter "+printable(r.File)+" FULL.safetensors")
	case len(r.Missing) > 0:
		p.line("")
		p.wrap("warning: ", fmt.Sprintf("%s not in %s, so without errors: %s", number.Plural(len(r.Missing), "tensor"), printable(r.Full), someOf(r.Missing, 3)))
	}
	return p.to(out)
}

func (r *report4) printTensors(p *printer, kind string) {
	var names []string
	var of []tensor4
	for _, t := range r.Tensors {
		if t.storage() == kind {
			of = append(of, t)
			names = append(names, t.Name)
		}
	}
	names, left := withoutPrefix(names)
	header := []string{"shape", "bits/param", "mean error", "max error", "SNR", "tensor"}
	if r.Full == "" {
		header = slices.Delete(header, 2, 5)
	}
	rows := [][]string{header}
	for i, t := range of {
		row := []string{shapeText(t.Shape), fmt.Sprintf("%.6g", t.BitsPerParam)}
		if r.Full != "" {
			row = append(row, t.errors()...)
		}
		rows = append(rows, append(row, names[i]))
	}
	p.table(rows)
	if left != "" {
		p.wrap("", left)
	}
}

func (t tensor4) errors() []string {
	if t.MeanError == nil {
		return []string{"·", "·", "·"}
	}
	snr := "exact"
	if t.SNR != nil {
		snr = fmt.Sprintf("%.2f dB", *t.SNR)
	}
	return []string{short(*t.MeanError), short(*t.MaxError), snr}
}
