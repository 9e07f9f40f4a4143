package peft

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"loralab/lora/quant"
)

// The parts of a 4-bit weight's state, stored under the weight's name and a
// dot; the state's own key ends in the quantization type.
const (
	keyAbsmax       = "absmax"
	keyQuantMap     = "quant_map"
	keyNestedAbsmax = "nested_absmax"
	keyNestedMap    = "nested_quant_map"
	keyState        = "quant_state.bitsandbytes__"
)

// quantState is what bitsandbytes packs as JSON into a tensor of bytes
// (functional.py, QuantState.as_dict with packed=True), in its order.
type quantState struct {
	QuantType       string   `json:"quant_type"`
	Blocksize       int      `json:"blocksize"`
	DType           string   `json:"dtype"`
	Shape           []int    `json:"shape"`
	NestedBlocksize int      `json:"nested_blocksize,omitempty"`
	NestedDType     string   `json:"nested_dtype,omitempty"`
	NestedOffset    *float64 `json:"nested_offset,omitempty"`
}

// torchDType is PyTorch's name of a type that a quantized weight can have had.
func torchDType(t DType) (string, bool) {
	name, ok := map[DType]string{F32: "float32", F16: "float16", BF16: "bfloat16"}[t]
	return name, ok
}

// Weights4 returns the names of the weights that the file keeps as
// [Weight4] does, known by their state, layers.2 before layers.10, and the
// tensors that are no part of one.
func (f *File) Weights4() (weights []string, others []Info) {
	parts := map[string]bool{}
	for _, info := range f.infos {
		weight, _, isState := strings.Cut(info.Name, "."+keyState)
		if !isState {
			continue
		}
		weights = append(weights, weight)
		parts[info.Name] = true
		for _, key := range []string{"", "." + keyAbsmax, "." + keyQuantMap, "." + keyNestedAbsmax, "." + keyNestedMap} {
			parts[weight+key] = true
		}
	}
	slices.SortFunc(weights, compareNames)
	others = slices.DeleteFunc(f.Tensors(), func(i Info) bool { return parts[i.Name] })
	return slices.Compact(weights), others
}

// Quantized4 reads the weight called name from a file that keeps it as
// [Weight4] does, and returns its shape and the type to dequantize to.
func (f *File) Quantized4(name string) (q *quant.Blockwise, shape []int, dtype DType, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("peft: quantized weight %s: %w", clip(name), err)
		}
	}()
	r := stateReader{file: f, name: name}
	state, quantType, err := r.state()
	if err != nil {
		return nil, nil, 0, err
	}
	book, err := quant.Named(quantType)
	if err != nil {
		return nil, nil, 0, err
	}
	known := false
	for _, t := range []DType{F32, F16, BF16} {
		if torch, _ := torchDType(t); torch == state.DType {
			dtype, known = t, true
		}
	}
	if !known {
		return nil, nil, 0, fmt.Errorf("dtype %s: want float32, float16 or bfloat16", clip(state.DType))
	}
	n, err := countElements(state.Shape)
	if err != nil {
		return nil, nil, 0, err
	}
	format := quant.Format{Book: book, Block: state.Blocksize, Double: state.NestedOffset != nil}
	if err := format.Validate(); err != nil {
		return nil, nil, 0, err
	}
	q = &quant.Blockwise{Format: format, N: n}
	blocks := (n + format.Block - 1) / format.Block
	q.Packed = r.bytes("", (n+1)/2)
	r.table(keyQuantMap, book)
	if format.Double {
		dynamic := quant.Dynamic8()
		scales := &quant.Blockwise{Format: quant.Format{Book: dynamic, Block: state.NestedBlocksize}, N: blocks}
		if err := scales.Validate(); err != nil {
			return nil, nil, 0, fmt.Errorf("nested: %w", err)
		}
		scales.Packed = r.bytes("."+keyAbsmax, blocks)
		scales.Absmax = r.float32s(keyNestedAbsmax, (blocks+scales.Block-1)/scales.Block)
		r.table(keyNestedMap, dynamic)
		q.Nested = &quant.Nested{Offset: float32(*state.NestedOffset), Scales: scales}
	} else {
		q.Absmax = r.float32s(keyAbsmax, blocks)
	}
	if r.err != nil {
		return nil, nil, 0, r.err
	}
	return q, state.Shape, dtype, nil
}

// countElements multiplies a shape out of a file.
func countElements(shape []int) (int, error) {
	n := 1
	for _, dim := range shape {
		if dim < 1 || n > math.MaxInt/8/dim {
			return 0, fmt.Errorf("shape %v: want dimensions of at least 1 whose product fits in memory", shape)
		}
		n *= dim
	}
	return n, nil
}

// stateReader reads the parts of one weight and keeps the first error.
type stateReader struct {
	file *File
	name string
	err  error
}

// state finds and decodes the packed state.
func (r *stateReader) state() (s quantState, quantType string, err error) {
	for _, quantType := range []string{"nf4", "fp4"} {
		t, ok := r.file.Info(r.name + "." + keyState + quantType)
		if !ok {
			continue
		}
		packed := r.bytes("."+keyState+quantType, int(t.Bytes()))
		if r.err != nil {
			return s, "", r.err
		}
		if err := json.Unmarshal(packed, &s); err != nil {
			return s, "", fmt.Errorf("%s%s: %w", keyState, quantType, err)
		}
		if s.QuantType != quantType {
			return s, "", fmt.Errorf("%s%s: quant_type %s: want the key's", keyState, quantType, clip(s.QuantType))
		}
		return s, quantType, nil
	}
	return s, "", fmt.Errorf("no %snf4 or …fp4 beside it", keyState)
}

func (r *stateReader) read(key string, dtype DType, elements int) Tensor {
	if r.err != nil {
		return Tensor{}
	}
	info, ok := r.file.Info(r.name + key)
	switch {
	case !ok:
		r.err = fmt.Errorf("no tensor %s", clip(r.name+key))
	case info.DType != dtype || info.Elements() != elements:
		r.err = fmt.Errorf("tensor %s: %d elements of %s: want %d of %s", clip(r.name+key), info.Elements(), info.DType, elements, dtype)
	default:
		var t Tensor
		t, r.err = r.file.Tensor(r.name + key)
		return t
	}
	return Tensor{}
}

func (r *stateReader) bytes(key string, n int) []byte {
	return r.read(key, U8, n).Data
}

func (r *stateReader) float32s(key string, n int) []float32 {
	t := r.read("."+key, F32, n)
	if r.err != nil {
		return nil
	}
	x, err := t.Float32s()
	r.err = err
	return x
}

// table checks that a table of levels is the codebook's. Maps made on
// another processor may differ in the last bits, which is let pass.
func (r *stateReader) table(key string, book *quant.Codebook) {
	want := book.Table()
	got := r.float32s(key, len(want))
	if r.err == nil && !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-6 }) {
		r.err = fmt.Errorf("tensor %s: not the levels of %s", clip(r.name+"."+key), book.Name())
	}
}
