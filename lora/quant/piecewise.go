package quant

import (
	"errors"
	"fmt"
)

// Piecewise quantizes a tensor that comes in pieces, because it would be too much
// for memory, to the same codes and scales as [Format.Quantize] would the whole.
// All pieces but the last have a length that [Piecewise.Unit] divides.
//
// With double quantization all pieces are looked at before the first one is
// quantized: their scales are stored less their mean.
type Piecewise struct {
	format Format
	mean   mean // of the scales
	looked int  // elements
	done   int  // elements quantized
}

// NewPiecewise begins a tensor. The error is [Format.Validate]'s.
func NewPiecewise(f Format) (*Piecewise, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	return &Piecewise{format: f}, nil
}

// Unit returns how many elements, or a multiple of it, a piece has: a block, or
// with double quantization the blocks whose scales share a scale.
func (p *Piecewise) Unit() int {
	if p.format.Double {
		return p.format.Block * NestedBlock
	}
	return p.format.Block
}

// Look takes in the scales of a piece. The error is a [ValueError], whose index is
// in the whole tensor.
func (p *Piecewise) Look(x []float32) error {
	p.check("Piecewise.Look", p.looked)
	scales := make([]float32, 0, len(x)/p.format.Block+1)
	for lo := 0; lo < len(x); lo += p.format.Block {
		block := x[lo:min(lo+p.format.Block, len(x))]
		absmax, ok := largest(block)
		if !ok {
			return notFinite(block, p.looked+lo)
		}
		scales = append(scales, p.format.stored(absmax, len(block)))
	}
	p.mean.add(scales)
	p.looked += len(x)
	return nil
}

// Offset returns the mean of the scales of all pieces that were looked at, which
// double quantization stores; 0 if there were none.
func (p *Piecewise) Offset() float32 {
	if p.looked == 0 {
		return 0
	}
	return p.mean.value()
}

// Quantize returns a piece as a tensor of its own, with the offset of the whole.
// Its errors are those of [Format.Quantize], with positions in the whole tensor.
func (p *Piecewise) Quantize(x []float32) (*Blockwise, error) {
	p.check("Piecewise.Quantize", p.done)
	if p.format.Double && p.done+len(x) > p.looked {
		panic(ShapeError{"Piecewise.Quantize", fmt.Sprintf("%d elements", p.done+len(x)), fmt.Sprintf("the %d that Look has seen", p.looked)})
	}
	q, err := p.format.single(x)
	if err == nil && p.format.Double && len(x) > 0 {
		q.Nested, err = nest(q.Absmax, p.Offset())
		q.Absmax = nil
	}
	if value := (*ValueError)(nil); errors.As(err, &value) {
		value.Index += p.done
	}
	if scale := (*ScaleError)(nil); errors.As(err, &scale) {
		scale.Block += p.done / p.format.Block
	}
	if err != nil {
		return nil, err
	}
	p.done += len(x)
	return q, nil
}

// Bytes returns the exact cost of the pieces together, as [Blockwise.Bytes] does.
func (p *Piecewise) Bytes() int {
	blocks := (p.done + p.format.Block - 1) / p.format.Block
	codes := (p.done*p.format.Book.bits + 7) / 8
	if p.format.Double && p.done > 0 {
		return codes + blocks + 4*((blocks+NestedBlock-1)/NestedBlock) + offsetBytes
	}
	return codes + 4*blocks
}

// check panics if a piece comes after one that could only be the last.
func (p *Piecewise) check(op string, before int) {
	if before%p.Unit() != 0 {
		panic(ShapeError{op, fmt.Sprintf("a piece after %d elements", before), fmt.Sprintf("a multiple of %d", p.Unit())})
	}
}
