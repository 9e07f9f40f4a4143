package peft

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"loralab/lora/quant"
)

func weights(n int) []float32 {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64()) * 0.02
	}
	return x
}

// written reads back a file of the tensors.
func written(t *testing.T, tensors []Tensor) *File {
	t.Helper()
	var b bytes.Buffer
	if err := writeAll(&b, tensors, nil); err != nil {
		t.Fatal(err)
	}
	f, err := read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBitsandbytes4(t *testing.T) {
	const name = "model.layers.0.mlp.up_proj.weight"
	for _, book := range []*quant.Codebook{quant.NF4(), quant.FP4()} {
		for _, double := range []bool{false, true} {
			for _, shape := range [][]int{{16, 64}, {3, 7}, {40, 500}} {
				f := quant.Format{Book: book, Block: 64, Double: double}
				t.Run(f.String(), func(t *testing.T) {
					x := weights(shape[0] * shape[1])
					q, err := f.Quantize(x)
					if err != nil {
						t.Fatal(err)
					}
					tensors, err := stored4(name, q, shape, BF16)
					if err != nil {
						t.Fatal(err)
					}
					// What the report counts is what the file holds: everything but the
					// levels and the state, of which only the offset is the tensor's.
					stored := 0
					if double {
						stored = 4
					}
					for _, tensor := range tensors {
						if !strings.Contains(tensor.Name, "quant_map") && !strings.Contains(tensor.Name, "quant_state") {
							stored += len(tensor.Data)
						}
					}
					if bits := 8 * float64(stored) / float64(len(x)); q.Bytes() != stored || q.Bits() != bits {
						t.Errorf("%d bytes, %v bits a parameter; stored are %d and %v", q.Bytes(), q.Bits(), stored, bits)
					}
					file := written(t, tensors)
					blocks := (len(x) + 63) / 64
					want := map[string]string{
						name:                "U8",
						name + ".quant_map": "F32",
						name + ".absmax":    "F32",
						name + ".quant_state.bitsandbytes__" + book.Name(): "U8",
					}
					if double {
						want[name+".absmax"] = "U8"
						want[name+".nested_absmax"] = "F32"
						want[name+".nested_quant_map"] = "F32"
					}
					for _, info := range file.Tensors() {
						if want[info.Name] != info.DType.String() {
							t.Errorf("tensor %s of %s, want %q", info.Name, info.DType, want[info.Name])
						}
					}
					if len(file.Tensors()) != len(want) {
						t.Errorf("%d tensors, want %d", len(file.Tensors()), len(want))
					}
					if info, _ := file.Info(name); !slices.Equal(info.Shape, []int{(len(x) + 1) / 2, 1}) {
						t.Errorf("packed shape %v", info.Shape)
					}
					if info, _ := file.Info(name + ".absmax"); !slices.Equal(info.Shape, []int{blocks}) {
						t.Errorf("absmax shape %v, want [%d]", info.Shape, blocks)
					}
					back, backShape, dtype, err := file.Quantized4(name)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(backShape, shape) || dtype != BF16 || back.Double != double {
						t.Errorf("read back shape %v, %s, double %v", backShape, dtype, back.Double)
					}
					if !slices.Equal(back.Dequantize(), q.Dequantize()) {
						t.Error("read back other values")
					}
				})
			}
		}
	}
}

func TestWeights4(t *testing.T) {
	var tensors []Tensor
	for _, name := range []string{"l.10.w.weight", "l.9.w.weight"} {
		for _, double := range []bool{false, true} {
			q, err := quant.Format{Book: quant.NF4(), Block: 64, Double: double}.Quantize(weights(64))
			if err != nil {
				t.Fatal(err)
			}
			parts, err := stored4(map[bool]string{false: name, true: "d." + name}[double], q, []int{64}, F32)
			if err != nil {
				t.Fatal(err)
			}
			tensors = append(tensors, parts...)
		}
	}
	tensors = append(tensors, NewTensor("norm.weight", F32, []int{1}, []float32{1}), NewTensor("norm.weight.absmax", F32, []int{1}, []float32{1}))
	names, others := written(t, tensors).Weights4()
	if want := []string{"d.l.9.w.weight", "d.l.10.w.weight", "l.9.w.weight", "l.10.w.weight"}; !slices.Equal(names, want) {
		t.Errorf("weights %v, want %v", names, want)
	}
	if len(others) != 2 || !strings.HasPrefix(others[0].Name, "norm") || !strings.HasPrefix(others[1].Name, "norm") {
		t.Errorf("others %v, want the two of norm", others)
	}
}

// The state is JSON with exactly the keys that QuantState.from_dict asserts.
func TestQuantStateJSON(t *testing.T) {
	q, err := quant.Format{Book: quant.NF4(), Block: 128, Double: true}.Quantize(weights(1024))
	if err != nil {
		t.Fatal(err)
	}
	tensors, err := stored4("w", q, []int{8, 128}, F16)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	for _, tensor := range tensors {
		if tensor.Name == "w.quant_state.bitsandbytes__nf4" {
			if err := json.Unmarshal(tensor.Data, &state); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := map[string]any{
		"quant_type": "nf4", "blocksize": 128.0, "dtype": "float16", "shape": []any{8.0, 128.0},
		"nested_blocksize": 256.0, "nested_dtype": "float32", "nested_offset": float64(q.Nested.Offset),
	}
	got, _ := json.Marshal(state)
	expected, _ := json.Marshal(want)
	if !bytes.Equal(got, expected) {
		t.Errorf("state %s, want %s", got, expected)
	}
}

func TestBitsandbytesRefuses(t *testing.T) {
	make4 := func(book *quant.Codebook, block int) *quant.Blockwise {
		q, err := quant.Format{Book: book, Block: block}.Quantize(weights(96))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	tests := []struct {
		name  string
		q     *quant.Blockwise
		shape []int
		dtype DType
		err   string
	}{
		{"another format", make4(quant.Int(4), 32), []int{96}, F32, "int4"},
		{"odd block", make4(quant.NF4(), 96), []int{96}, F32, "blocks of 96"},
		{"another type", make4(quant.NF4(), 32), []int{96}, F64, "F64"},
		{"no elements", make4(quant.NF4(), 32), []int{0, 96}, F32, "at least one element"},
	}
	for _, tt := range tests {
		if _, err := stored4("w", tt.q, tt.shape, tt.dtype); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.err)
		}
	}
}

// A state from a stranger's file must not make the reader panic or trust sizes.
func TestQuantized4Refuses(t *testing.T) {
	q, err := quant.Format{Book: quant.NF4(), Block: 64, Double: true}.Quantize(weights(256))
	if err != nil {
		t.Fatal(err)
	}
	good, err := stored4("w", q, []int{4, 64}, F32)
	if err != nil {
		t.Fatal(err)
	}
	state := func(json string) func(Tensor) Tensor {
		return func(t Tensor) Tensor {
			if strings.Contains(t.Name, "quant_state") {
				t.Data, t.Shape = []byte(json), []int{len(json)}
			}
			return t
		}
	}
	const rest = `"dtype":"float32","nested_blocksize":256,"nested_dtype":"float32","nested_offset":0.1}`
	tests := []struct {
		name string
		edit func(Tensor) Tensor
		err  string
	}{
		{"not JSON", state(`{`), "quant_state"},
		{"another type", state(`{"quant_type":"fp4","blocksize":64,"shape":[4,64],` + rest), "quant_type"},
		{"block of 0", state(`{"quant_type":"nf4","blocksize":0,"shape":[4,64],` + rest), "block size 0"},
		{"negative shape", state(`{"quant_type":"nf4","blocksize":64,"shape":[-4,-64],` + rest), "shape"},
		{"shape that overflows", state(`{"quant_type":"nf4","blocksize":64,"shape":[4611686018427387904,4],` + rest), "shape"},
		{"larger shape", state(`{"quant_type":"nf4","blocksize":64,"shape":[8,64],` + rest), "want 256 of U8"},
		{"unknown dtype", state(`{"quant_type":"nf4","blocksize":64,"shape":[4,64],"dtype":"int3"}`), "int3"},
		{"nested block of 0", state(`{"quant_type":"nf4","blocksize":64,"shape":[4,64],"dtype":"float32","nested_offset":1}`), "block size 0"},
		{"scales missing", func(t Tensor) Tensor {
			t.Name = strings.Replace(t.Name, "nested_absmax", "x", 1)
			return t
		}, "nested_absmax"},
		{"other levels", func(t Tensor) Tensor {
			if t.Name == "w.quant_map" {
				return NewTensor(t.Name, F32, t.Shape, make([]float32, 16))
			}
			return t
		}, "levels"},
		{"no state", func(t Tensor) Tensor {
			t.Name = strings.Replace(t.Name, "__nf4", "__xf4", 1)
			return t
		}, "quant_state"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var edited []Tensor
			for _, tensor := range good {
				edited = append(edited, tt.edit(tensor))
			}
			_, _, _, err := written(t, edited).Quantized4("w")
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
		})
	}
}

func TestBitsandbytesInt8(t *testing.T) {
	q, err := quant.QuantizeRows(weights(24), 4, 6, 0)
	if err != nil {
		t.Fatal(err)
	}
	tensors, err := stored8("m.fc.weight", q)
	if err != nil {
		t.Fatal(err)
	}
	f := written(t, tensors)
	for name, want := range map[string]string{"m.fc.weight": "I8[4 6]", "m.fc.SCB": "F32[4]", "m.fc.weight_format": "U8[]"} {
		info, ok := f.Info(name)
		if got := info.DType.String() + strings.ReplaceAll(string(mustJSON(t, info.Shape)), ",", " "); !ok || got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	codes, err := f.Tensor("m.fc.weight")
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range codes.Data {
		if int8(b) != q.Codes[i] {
			t.Fatalf("code %d = %d, want %d", i, int8(b), q.Codes[i])
		}
	}
	if _, err := stored8("m.fc.bias", q); err == nil {
		t.Error("stored under a name without weight")
	}
	q, err = quant.QuantizeRows([]float32{1, 9}, 1, 2, 6)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stored8("weight", q); err == nil {
		t.Error("outlier columns were dropped without a word")
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
