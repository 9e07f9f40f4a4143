package peft

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"loralab/lora/quant"
)

// Weight4 is a weight as bitsandbytes' Linear4bit stores it, in several tensors:
// the packed codes, the scales, the table of levels, and the state as JSON; with
// double quantization also the scales' scales and table.
//
// bitsandbytes knows NF4 and FP4 and blocks of 32, 64, … 4096.
type Weight4 struct {
	Name   string // usually "….weight"
	Format quant.Format
	Shape  []int
	DType  DType   // F32, F16 or BF16: what bitsandbytes will dequantize to
	Offset float32 // mean of the scales, with double quantization
}

// Tensors describes the tensors that stand for the weight, in no order. What
// bitsandbytes does not store or load is an error.
func (w Weight4) Tensors() ([]Info, error) {
	quantType, n := w.Format.Book.Name(), elements(w.Shape)
	_, ok := torchDType(w.DType)
	switch {
	case quantType != "nf4" && quantType != "fp4":
		return nil, fmt.Errorf("peft: weight %s: bitsandbytes does not store %s: use nf4 or fp4", clip(w.Name), quantType)
	case w.Format.Block&(w.Format.Block-1) != 0:
		return nil, fmt.Errorf("peft: weight %s: bitsandbytes does not load blocks of %d: use a power of two from %d to %d", clip(w.Name), w.Format.Block, quant.MinBlock, quant.MaxBlock)
	case !ok:
		return nil, fmt.Errorf("peft: weight %s: bitsandbytes does not dequantize to %s: use F32, F16 or BF16", clip(w.Name), w.DType)
	case n == 0:
		return nil, fmt.Errorf("peft: weight %s: shape %v: want at least one element", clip(w.Name), w.Shape)
	case math.IsNaN(float64(w.Offset)) || math.IsInf(float64(w.Offset), 0):
		return nil, fmt.Errorf("peft: weight %s: the mean scale is %v: want a finite one", clip(w.Name), w.Offset)
	}
	blocks := (n + w.Format.Block - 1) / w.Format.Block
	infos := []Info{NewInfo(w.Name, U8, (n+1)/2, 1)}
	if w.Format.Double {
		infos = append(infos,
			NewInfo(w.Name+"."+keyAbsmax, U8, blocks),
			NewInfo(w.Name+"."+keyNestedAbsmax, F32, (blocks+quant.NestedBlock-1)/quant.NestedBlock))
	} else {
		infos = append(infos, NewInfo(w.Name+"."+keyAbsmax, F32, blocks))
	}
	for _, t := range w.fixed() {
		infos = append(infos, NewInfo(t.Name, t.DType, t.Shape...))
	}
	return infos, nil
}

// fixed are the tensors that do not depend on the weight's values.
func (w Weight4) fixed() []Tensor {
	table := func(key string, book *quant.Codebook) Tensor {
		levels := book.Table()
		return NewTensor(w.Name+"."+key, F32, []int{len(levels)}, levels)
	}
	quantType := w.Format.Book.Name()
	torch, _ := torchDType(w.DType)
	state := quantState{QuantType: quantType, Blocksize: w.Format.Block, DType: torch, Shape: w.Shape}
	tensors := []Tensor{table(keyQuantMap, w.Format.Book)}
	if w.Format.Double {
		offset := float64(w.Offset)
		state.NestedBlocksize, state.NestedDType, state.NestedOffset = quant.NestedBlock, "float32", &offset
		tensors = append(tensors, table(keyNestedMap, quant.Dynamic8()))
	}
	packed, err := json.Marshal(state)
	if err != nil {
		panic(err) // no field of it can fail: the offset is finite
	}
	return append(tensors, Tensor{w.Name + "." + keyState + quantType, U8, []int{len(packed)}, packed})
}

// Begin writes what does not depend on the weight's values.
func (w Weight4) Begin(to *Writer) error {
	for _, t := range w.fixed() {
		if err := to.Append(t.Name, t.Data); err != nil {
			return err
		}
	}
	return nil
}

// Append writes the next piece of the weight (all of it, or what a
// [quant.Piecewise] makes of it).
func (w Weight4) Append(to *Writer, piece *quant.Blockwise) error {
	if err := to.Append(w.Name, piece.Packed); err != nil {
		return err
	}
	absmax := w.Name + "." + keyAbsmax
	if piece.Nested == nil {
		return to.Append(absmax, float32Bytes(piece.Absmax))
	}
	if err := to.Append(absmax, piece.Nested.Scales.Packed); err != nil {
		return err
	}
	return to.Append(w.Name+"."+keyNestedAbsmax, float32Bytes(piece.Nested.Scales.Absmax))
}

func float32Bytes(x []float32) []byte { return NewTensor("", F32, []int{len(x)}, x).Data }

// Weight8 is a weight as bitsandbytes' Linear8bitLt stores it: the codes, the row
// scales as SCB, and weight_format 0, which means rows in order. It has no outlier
// columns: in a layer they are chosen among the inputs, at run time.
type Weight8 struct {
	Name       string // which must end in "weight"
	Rows, Cols int
}

// Tensors describes the tensors that stand for the weight, in no order.
func (w Weight8) Tensors() ([]Info, error) {
	if !strings.HasSuffix(w.Name, "weight") {
		return nil, fmt.Errorf("peft: weight %s: bitsandbytes stores int8 only under a name that ends in weight", clip(w.Name))
	}
	return []Info{
		NewInfo(w.Name, I8, w.Rows, w.Cols),
		NewInfo(w.beside("SCB"), F32, w.Rows),
		NewInfo(w.beside("weight_format"), U8),
	}, nil
}

func (w Weight8) beside(key string) string { return strings.TrimSuffix(w.Name, "weight") + key }

// Begin writes what does not depend on the weight's values.
func (w Weight8) Begin(to *Writer) error { return to.Append(w.beside("weight_format"), []byte{0}) }

// Append writes the next rows. Outlier columns are an error.
func (w Weight8) Append(to *Writer, rows *quant.RowWise) error {
	if len(rows.Outliers) > 0 {
		return fmt.Errorf("peft: weight %s: %d outlier columns: bitsandbytes stores none; quantize without a threshold", clip(w.Name), len(rows.Outliers))
	}
	codes := make([]byte, len(rows.Codes))
	for i, c := range rows.Codes {
		codes[i] = byte(c)
	}
	if err := to.Append(w.Name, codes); err != nil {
		return err
	}
	return to.Append(w.beside("SCB"), float32Bytes(rows.Absmax))
}
