package peft

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"loralab/lora/quant"
)

// memory is a file in memory.
type memory struct{ b []byte }

func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	m.b = append(m.b, make([]byte, max(0, int(at)+len(b)-len(m.b)))...)
	return copy(m.b[at:], b), nil
}

// writeAll writes a file of whole tensors, or nothing and an error.
func writeAll(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	var m memory
	var infos []Info
	for _, t := range tensors {
		infos = append(infos, NewInfo(t.Name, t.DType, t.Shape...))
	}
	to, err := NewWriter(&m, infos, metadata)
	if err != nil {
		return err
	}
	for _, t := range tensors {
		if err := to.Append(t.Name, t.Data); err != nil {
			return err
		}
	}
	if err := to.Close(); err != nil {
		return err
	}
	_, err = w.Write(m.b)
	return err
}

// weight is what Weight4 and Weight8 have in common, for pieces of a kind.
type weight[T any] interface {
	Tensors() ([]Info, error)
	Begin(*Writer) error
	Append(*Writer, T) error
}

// stored returns the tensors under which a weight is kept, in the file's order.
func stored[T any](w weight[T], pieces ...T) ([]Tensor, error) {
	infos, err := w.Tensors()
	if err != nil {
		return nil, err
	}
	var m memory
	to, err := NewWriter(&m, infos, nil)
	if err != nil {
		return nil, err
	}
	if err := w.Begin(to); err != nil {
		return nil, err
	}
	for _, piece := range pieces {
		if err := w.Append(to, piece); err != nil {
			return nil, err
		}
	}
	if err := to.Close(); err != nil {
		return nil, err
	}
	f, err := read(m.b)
	if err != nil {
		return nil, err
	}
	var tensors []Tensor
	for _, info := range f.Tensors() {
		t, err := f.Tensor(info.Name)
		if err != nil {
			return nil, err
		}
		tensors = append(tensors, t)
	}
	return tensors, nil
}

func stored4(name string, q *quant.Blockwise, shape []int, dtype DType) ([]Tensor, error) {
	w := Weight4{Name: name, Format: q.Format, Shape: shape, DType: dtype}
	if q.Nested != nil {
		w.Offset = q.Nested.Offset
	}
	return stored(w, q)
}

func stored8(name string, q *quant.RowWise) ([]Tensor, error) {
	return stored(Weight8{name, q.Rows, q.Cols}, q)
}

// A weight in pieces is stored as the whole is.
func TestWeightsInPieces(t *testing.T) {
	x := weights(3*64*256 + 77)
	for _, double := range []bool{false, true} {
		f := quant.Format{Book: quant.NF4(), Block: 64, Double: double}
		whole, err := f.Quantize(x)
		if err != nil {
			t.Fatal(err)
		}
		want, err := stored4("w", whole, []int{len(x)}, F32)
		if err != nil {
			t.Fatal(err)
		}
		p, err := quant.NewPiecewise(f)
		if err != nil {
			t.Fatal(err)
		}
		for piece := range slices.Chunk(x, p.Unit()) {
			if err := p.Look(piece); err != nil {
				t.Fatal(err)
			}
		}
		var pieces []*quant.Blockwise
		for piece := range slices.Chunk(x, p.Unit()) {
			q, err := p.Quantize(piece)
			if err != nil {
				t.Fatal(err)
			}
			pieces = append(pieces, q)
		}
		got, err := stored(Weight4{"w", f, []int{len(x)}, F32, p.Offset()}, pieces...)
		if err != nil {
			t.Fatal(err)
		}
		sameTensors(t, got, want)
	}

	whole, err := quant.QuantizeRows(x[:60], 6, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	want, err := stored8("w.weight", whole)
	if err != nil {
		t.Fatal(err)
	}
	var pieces []*quant.RowWise
	for rows := range slices.Chunk(x[:60], 20) {
		q, err := quant.QuantizeRows(rows, 2, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, q)
	}
	got, err := stored(Weight8{"w.weight", 6, 10}, pieces...)
	if err != nil {
		t.Fatal(err)
	}
	sameTensors(t, got, want)
}

func sameTensors(t *testing.T, got, want []Tensor) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(a, b Tensor) bool {
		return a.Name == b.Name && a.DType == b.DType && slices.Equal(a.Shape, b.Shape) && bytes.Equal(a.Data, b.Data)
	})
	if !same {
		t.Errorf("%d tensors differ from %d", len(got), len(want))
	}
}

// What is missing or too much does not pass.
func TestWriterCounts(t *testing.T) {
	write := func(pieces ...string) error {
		to, err := NewWriter(new(memory), []Info{NewInfo("a", U8, 2, 3), NewInfo("b", U8, 0)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range pieces {
			if err := to.Append("a", []byte(piece)); err != nil {
				t.Fatal(err)
			}
		}
		return to.Close()
	}
	if err := write("abc", "", "def"); err != nil {
		t.Error(err)
	}
	if err := write("abc", "de"); err == nil || !strings.Contains(err.Error(), `"a" lacks its last 1 bytes`) {
		t.Errorf("error %v", err)
	}
	for name, f := range map[string]func(){
		"beyond the end":          func() { write("abcd", "efg") },
		"no such tensor":          func() { (&Writer{}).Append("c", nil) },
		"a negative dimension":    func() { NewInfo("a", U8, 2, -1) },
		"more than can be":        func() { NewInfo("a", F64, 1<<30, 1<<30, 8) },
		"elements without a byte": func() { NewInfo("a", F4, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestPieces(t *testing.T) {
	x := weights(1000)
	for _, dtype := range []DType{F64, F32, F16, BF16} {
		f := written(t, []Tensor{NewTensor("before", F64, []int{1}, []float32{0}), NewTensor("x", dtype, []int{10, 100}, x), NewTensor("z", F16, []int{0}, []float32{})})
		info, _ := f.Info("x")
		whole, err := f.Tensor("x")
		if err != nil {
			t.Fatal(err)
		}
		want, err := whole.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for _, length := range []int{1, 7, 999, 1000, 5000} {
			var data []byte
			for piece, err := range f.Pieces(info, length) {
				if err != nil {
					t.Fatal(err)
				}
				data = append(data, piece...)
			}
			if !bytes.Equal(data, whole.Data) {
				t.Errorf("%v in pieces of %d: other bytes", dtype, length)
			}
			var got []float32
			for piece, err := range f.Float32Pieces(info, length) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, piece...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v in pieces of %d: other values", dtype, length)
			}
		}
		empty, _ := f.Info("z")
		for range f.Pieces(empty, 10) {
			t.Error("a piece of nothing")
		}
	}
	x64 := make([]float64, 100)
	x64[77] = 1e300
	f := written(t, []Tensor{NewTensor("x", F64, []int{100}, x64)})
	info, _ := f.Info("x")
	pieces := 0
	for _, err := range f.Float32Pieces(info, 10) {
		if pieces++; pieces == 8 && (err == nil || !strings.Contains(err.Error(), "element 77 is 1e+300")) || pieces < 8 && err != nil {
			t.Errorf("piece %d: error %v", pieces, err)
		}
	}
	if pieces != 8 {
		t.Errorf("%d pieces, and then an error, want 8", pieces)
	}
}
