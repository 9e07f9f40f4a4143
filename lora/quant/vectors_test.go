package quant

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// tensor is a tensor of the reference files: float32 values printed as exact
// float64 or, where there are many, base64 of little-endian float32. Its values
// are read through float32s, whichever form it came in.
type tensor struct {
	shape  []int
	values []float32
}

// UnmarshalJSON reads both forms and refuses a count that the shape does not
// have, so that no test compares less than the file holds.
func (t *tensor) UnmarshalJSON(raw []byte) error {
	var in struct {
		Shape []int
		Data  []float64
		B64   []byte `json:"b64_le"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*t = tensor{shape: in.Shape}
	for _, v := range in.Data {
		t.values = append(t.values, float32(v))
	}
	for b := in.B64; len(b) >= 4; b = b[4:] {
		t.values = append(t.values, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	n := 1
	for _, dim := range in.Shape {
		n *= dim
	}
	if in.Shape == nil || n != len(t.values) || len(in.B64)%4 != 0 {
		return fmt.Errorf("tensor of shape %v with %d values", in.Shape, len(t.values))
	}
	return nil
}

// float32s returns the values, a copy.
func (t tensor) float32s() []float32 { return slices.Clone(t.values) }

// has reports whether the file has the tensor at all: some are left out.
func (t tensor) has() bool { return t.shape != nil }

func TestTensorForms(t *testing.T) {
	for _, row := range []struct {
		name, json string
		want       []float32
		ok         bool
	}{
		{"numbers", `{"shape":[1,2],"data":[1,-0.5]}`, []float32{1, -0.5}, true},
		{"base64", `{"shape":[2],"b64_le":"AACAPwAAAL8="}`, []float32{1, -0.5}, true},
		{"empty", `{"shape":[0],"data":[]}`, nil, true},
		{"too few", `{"shape":[3],"data":[1,2]}`, nil, false},
		{"too few in base64", `{"shape":[3],"b64_le":"AACAPwAAAL8="}`, nil, false},
		{"no shape", `{"data":[1]}`, nil, false},
	} {
		var got tensor
		if err := json.Unmarshal([]byte(row.json), &got); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.name, err)
		} else if row.ok {
			sameBits(t, row.name, got.float32s(), row.want)
		}
	}
}

// hexBytes are bytes of the reference files.
type hexBytes []byte

func (h *hexBytes) UnmarshalJSON(b []byte) error {
	var v struct{ Hex string }
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	var err error
	*h, err = hex.DecodeString(v.Hex)
	return err
}

func load(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// sameBits fails at the first element whose bits differ.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s[%d] = %v (%#x), want %v (%#x)", what, i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
}

func sameBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d bytes, want %d", what, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s[%d] = %#x, want %#x", what, i, got[i], want[i])
		}
	}
}

// ulps is the distance of two float32 of the same sign, counted in values.
func ulps(a, b float32) int {
	return int(math.Abs(float64(int32(math.Float32bits(a))) - float64(int32(math.Float32bits(b)))))
}

type blockwiseVector struct {
	Packed  hexBytes
	Codes   hexBytes
	Absmax  tensor
	Dequant tensor
	Double  *struct {
		Offset   float64
		Qabsmax  hexBytes
		Nested   tensor `json:"nested_absmax"`
		Restored tensor `json:"absmax_restored"`
		Dequant  tensor
	} `json:"double_quant"`
}

type quant4Case struct {
	Name      string
	Input     tensor
	Blocksize int
	NF4, FP4  *blockwiseVector
}

type quant4File struct {
	NF4Code tensor `json:"nf4_code"`
	FP4Code tensor `json:"fp4_code"`
	NF4Mid  tensor `json:"nf4_midpoints_f32"`
	FP4Mid  tensor `json:"fp4_sorted_midpoints_f32"`
	Cases   []quant4Case
	Big     *quant4Case
}

func TestFourBitVectors(t *testing.T) {
	var file quant4File
	load(t, "quant4.json", &file)
	nf4, fp4 := NF4(), FP4()
	sameBits(t, "NF4 levels", nf4.Table(), file.NF4Code.float32s())
	sameBits(t, "FP4 levels", fp4.Table(), file.FP4Code.float32s())
	sameBits(t, "NF4 boundaries", nf4.above[:15], file.NF4Mid.float32s())
	sameBits(t, "FP4 boundaries", fp4.above[:15], file.FP4Mid.float32s())
	cases := file.Cases
	if file.Big != nil {
		cases = append(cases, *file.Big)
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		for _, v := range []struct {
			book *Codebook
			want *blockwiseVector
		}{{nf4, c.NF4}, {fp4, c.FP4}} {
			if v.want == nil {
				continue
			}
			t.Run(c.Name+"/"+v.book.Name(), func(t *testing.T) {
				x := c.Input.float32s()
				f := Format{Book: v.book, Block: c.Blocksize}
				q := quantize(t, f, x)
				sameBytes(t, "packed", q.Packed, v.want.Packed)
				sameBits(t, "absmax", q.Absmax, v.want.Absmax.float32s())
				if v.want.Dequant.has() {
					sameBits(t, "dequantized", q.Dequantize(), v.want.Dequant.float32s())
				}
				if v.want.Double != nil {
					checkDouble(t, q, v.want)
				}
			})
		}
	}
}

// checkDouble checks double quantization of q's scales: the offset to 1 ulp,
// and everything after it exactly, from the reference's own offset.
func checkDouble(t *testing.T, q *Blockwise, v *blockwiseVector) {
	t.Helper()
	want := v.Double
	offset := float32(want.Offset)
	if got := meanOf(q.Absmax); ulps(got, offset) > 1 {
		t.Errorf("offset = %v, want %v to 1 ulp", got, offset)
	}
	nested, err := nest(q.Absmax, offset)
	if err != nil {
		t.Fatal(err)
	}
	sameBytes(t, "scale codes", nested.Scales.Packed, want.Qabsmax)
	sameBits(t, "nested absmax", nested.Scales.Absmax, want.Nested.float32s())
	d := &Blockwise{Format: q.Format, N: q.N, Packed: q.Packed, Nested: nested}
	sameBits(t, "restored absmax", d.Scales(), want.Restored.float32s())
	if want.Dequant.has() {
		sameBits(t, "dequantized with double quantization", d.Dequantize(), want.Dequant.float32s())
	}
}

func quantize(t testing.TB, f Format, x []float32) *Blockwise {
	t.Helper()
	q, err := f.Quantize(x)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestEightBitVectors(t *testing.T) {
	var file struct {
		Dynamic   tensor `json:"dynamic_map"`
		Linear    tensor `json:"linear_map"`
		Blockwise []struct {
			Name            string
			Input           tensor
			Blocksize       int
			Dynamic, Linear blockwiseVector
		}
		RowWise []struct {
			Name      string
			Threshold float64
			Input     tensor
			Int8      tensor
			RowAbsmax tensor          `json:"row_absmax"`
			Outliers  json.RawMessage `json:"outlier_cols"`
			Dequant   tensor          `json:"dequant_q*absmax/127"`
		} `json:"rowwise_int8"`
	}
	load(t, "quant8.json", &file)
	dynamic, linear := Dynamic8(), Linear8()
	sameBits(t, "dynamic map", dynamic.Table(), file.Dynamic.float32s())
	sameBits(t, "linear map", linear.Table(), file.Linear.float32s())
	if len(file.Blockwise) == 0 || len(file.RowWise) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Blockwise {
		for _, v := range []struct {
			book *Codebook
			want blockwiseVector
		}{{dynamic, c.Dynamic}, {linear, c.Linear}} {
			t.Run(c.Name+"/"+v.book.Name(), func(t *testing.T) {
				q := quantize(t, Format{Book: v.book, Block: c.Blocksize}, c.Input.float32s())
				sameBytes(t, "codes", q.Packed, v.want.Codes)
				sameBits(t, "absmax", q.Absmax, v.want.Absmax.float32s())
				sameBits(t, "dequantized", q.Dequantize(), v.want.Dequant.float32s())
			})
		}
	}
	for _, c := range file.RowWise {
		t.Run(c.Name, func(t *testing.T) {
			x, cols := c.Input.float32s(), c.Input.shape[1]
			q, err := QuantizeRows(x, c.Input.shape[0], cols, c.Threshold)
			if err != nil {
				t.Fatal(err)
			}
			codes := make([]float32, len(q.Codes))
			for i, code := range q.Codes {
				codes[i] = float32(code)
			}
			sameBits(t, "codes", codes, c.Int8.float32s())
			sameBits(t, "absmax", q.Absmax, c.RowAbsmax.float32s())
			var outliers []int
			if err := json.Unmarshal(c.Outliers, &outliers); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(q.Outliers) != fmt.Sprint(outliers) {
				t.Errorf("outlier columns = %v, want %v", q.Outliers, outliers)
			}
			got, want := q.Dequantize(), c.Dequant.float32s()
			for i := range want {
				if slices.Contains(q.Outliers, i%cols) { // the reference keeps these elsewhere and leaves 0
					want[i] = float32(Float16.Round(float64(x[i])))
				}
			}
			sameBits(t, "dequantized", got, want)
		})
	}
}

func TestNF4Derivation(t *testing.T) {
	var file struct{ Derived, Hardcoded tensor }
	load(t, "nf4_derivation.json", &file)
	sameBits(t, "levels against the derivation", NF4().Levels(), file.Derived.float32s())
	sameBits(t, "levels against the table", NF4().Levels(), file.Hardcoded.float32s())
}

func meanOf(x []float32) float32 {
	var m mean
	m.add(x)
	return m.value()
}
