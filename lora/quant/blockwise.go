package quant

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Blockwise is a tensor quantized in blocks that each have a scale.
type Blockwise struct {
	Format
	N      int    // elements
	Packed []byte // codes: two a byte if they have 4 bits, else one a byte

	// The scales, one a block. With double quantization Absmax is nil.
	Absmax []float32
	Nested *Nested
}

// Nested holds scales that are quantized themselves.
type Nested struct {
	Offset float32    // mean of the scales
	Scales *Blockwise // the scales less Offset: Dynamic8, blocks of 256
}

// Quantize returns x in the format f. Its errors are those of
// [Format.Validate], a [ValueError] for a value that is not finite, and with double
// quantization a [ScaleError] where bitsandbytes would make infinities. An
// empty x has no blocks.
func (f Format) Quantize(x []float32) (*Blockwise, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	q, err := f.single(x)
	if err != nil || !f.Double || len(x) == 0 {
		return q, err
	}
	var mean mean
	mean.add(q.Absmax)
	if q.Nested, err = nest(q.Absmax, mean.value()); err != nil {
		return nil, err
	}
	q.Absmax = nil
	return q, nil
}

// single quantizes and leaves the scales in float32.
func (f Format) single(x []float32) (*Blockwise, error) {
	blocks := (len(x) + f.Block - 1) / f.Block
	q := &Blockwise{Format: f, N: len(x), Absmax: make([]float32, blocks)}
	q.Packed = make([]byte, q.packedLen())
	codes := q.Packed
	if f.Book.bits == 4 && f.Block%2 != 0 {
		codes = make([]byte, len(x)) // blocks begin inside of bytes: pack afterwards
	}
	for i := range blocks {
		lo := i * f.Block
		block := x[lo:min(lo+f.Block, len(x))]
		absmax, ok := largest(block)
		if !ok {
			return nil, notFinite(block, lo)
		}
		q.Absmax[i] = f.stored(absmax, len(block))
		scale := 1 / max(absmax, minDivisor)
		if len(block) < f.Block { // the short last block: see the package's edge rules
			block = divided(block, q.Absmax[i])
			scale = 1
		}
		if f.Book.bits == 4 && f.Block%2 == 0 {
			f.Book.encodePairs(codes[lo/2:], block, scale)
		} else {
			f.Book.encode(codes[lo:], block, scale)
		}
	}
	if f.Book.bits == 4 && f.Block%2 != 0 {
		f.Book.pack(q.Packed, codes)
	}
	return q, nil
}

// stored is the scale that is stored for a block of n values with that absmax.
func (f Format) stored(absmax float32, n int) float32 {
	if n < f.Block {
		return max(absmax, minDivisor)
	}
	return absmax
}

// minDivisor keeps 1/absmax finite. The subnormal float32 nearest to 1e-38.
const minDivisor float32 = 1e-38

// nest quantizes scales around an offset.
func nest(absmax []float32, offset float32) (*Nested, error) {
	centred := make([]float32, len(absmax))
	for i, a := range absmax {
		centred[i] = a - offset
	}
	scales, err := Format{Book: Dynamic8(), Block: NestedBlock}.single(centred)
	if err != nil {
		return nil, err
	}
	n := &Nested{Offset: offset, Scales: scales}
	// The nearest level may be above the scale, and the largest scales have no
	// room above them.
	for i, restored := range n.restore() {
		if math.IsInf(float64(restored), 0) {
			return nil, &ScaleError{Block: i, Scale: absmax[i], Offset: offset, Restored: restored}
		}
	}
	return n, nil
}

// restore returns the scales that n stands for.
func (n *Nested) restore() []float32 {
	scales := n.Scales.Dequantize()
	for i := range scales {
		scales[i] += n.Offset
	}
	return scales
}

// mean is that of numbers that come in pieces. It is rounded to float32 once,
// from a float64 sum. torch sums in float32, in an order that depends on the
// processor, and may be 1 ulp away.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(x []float32) {
	for _, v := range x {
		m.sum += float64(v)
	}
	m.n += len(x)
}

func (m *mean) value() float32 { return float32(m.sum / float64(m.n)) }

// Scales returns the scale of every block as dequantizing uses it: absmax, or
// what double quantization restores of it.
func (q *Blockwise) Scales() []float32 {
	if q.Nested == nil {
		return q.Absmax
	}
	return q.Nested.restore()
}

// Code returns the code of element i.
func (q *Blockwise) Code(i int) uint8 {
	if q.Book.bits != 4 {
		return q.Packed[i]
	}
	if i%2 == 0 {
		return q.Packed[i/2] >> 4
	}
	return q.Packed[i/2] & 15
}

// Dequantize returns the N values that q stands for.
func (q *Blockwise) Dequantize() []float32 {
	x := make([]float32, q.N)
	q.DequantizeTo(x)
	return x
}

// DequantizeTo writes the values that q stands for to dst, which must have
// length N.
func (q *Blockwise) DequantizeTo(dst []float32) {
	if len(dst) != q.N {
		panic(ShapeError{"Blockwise.DequantizeTo", fmt.Sprintf("%d elements", len(dst)), fmt.Sprintf("%d", q.N)})
	}
	for i, absmax := range q.Scales() {
		lo := i * q.Block
		hi := min(lo+q.Block, q.N)
		switch {
		case q.Book.bits != 4:
			q.Book.decode(dst[lo:hi], q.Packed[lo:hi], absmax)
		case q.Block%2 == 0:
			q.Book.decodePairs(dst[lo:hi], q.Packed[lo/2:], absmax)
		default:
			for j := lo; j < hi; j++ {
				dst[j] = q.Book.table[q.Code(j)] * absmax
			}
		}
	}
}

// Dense returns the values that q stands for as a rows×cols matrix. It panics
// unless rows·cols = N.
func (q *Blockwise) Dense(rows, cols int) *mat.Dense {
	if rows*cols != q.N {
		panic(ShapeError{"Blockwise.Dense", fmt.Sprintf("%d×%d", rows, cols), fmt.Sprintf("%d elements", q.N)})
	}
	values := make([]float64, q.N)
	for i, v := range q.Dequantize() {
		values[i] = float64(v)
	}
	return mat.NewDense(rows, cols, values)
}

// Bits returns the exact cost of a parameter of this tensor, in bits: 8·Bytes/N,
// or 0 if it is empty. Where N is odd it includes the half byte that pads the
// codes.
func (q *Blockwise) Bits() float64 {
	if q.N == 0 {
		return 0
	}
	return float64(8*q.Bytes()) / float64(q.N)
}

// Bytes returns the exact cost of the tensor, in bytes: the codes at their true
// width, filled up to a whole byte, and the scales; with double quantization the
// 8-bit scales, their own float32 scales and the offset. The levels
// belong to the format and not to the tensor.
func (q *Blockwise) Bytes() int {
	codes := (q.N*q.Book.bits + 7) / 8
	if q.Nested != nil {
		return codes + q.Nested.Scales.Bytes() + offsetBytes
	}
	return codes + 4*len(q.Absmax)
}

// offsetBytes is the size of [Nested.Offset].
const offsetBytes = 4

func (q *Blockwise) packedLen() int {
	if q.Book.bits == 4 {
		return (q.N + 1) / 2
	}
	return q.N
}
