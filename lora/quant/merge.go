package quant

import "fmt"

// Merge adds an update to a quantized base as PEFT does it: dequantize, add in
// float32, quantize again in the same format. delta holds N values in
// the order of the elements. changed counts the elements whose code is another
// one afterwards. q is left as it was.
//
// The sum is rounded to the levels a second time, so subtracting delta from
// the result does not give q back. It panics if delta does not have N
// elements; a sum that is not finite is a [ValueError].
func (q *Blockwise) Merge(delta []float32) (merged *Blockwise, changed int, err error) {
	if len(delta) != q.N {
		panic(ShapeError{"Blockwise.Merge", fmt.Sprintf("%d elements", len(delta)), fmt.Sprintf("%d", q.N)})
	}
	sum := q.Dequantize()
	for i, d := range delta {
		sum[i] += d
	}
	if merged, err = q.Quantize(sum); err != nil {
		return nil, 0, fmt.Errorf("quant: merging: %w", err)
	}
	return merged, q.CodesChanged(merged), nil
}

// CodesChanged counts the elements whose codes in q and p differ. It panics
// unless both have the same codebook and length.
func (q *Blockwise) CodesChanged(p *Blockwise) int {
	if q.N != p.N || q.Book.Name() != p.Book.Name() {
		panic(ShapeError{"Blockwise.CodesChanged", fmt.Sprintf("%d of %s", p.N, p.Book.Name()), fmt.Sprintf("%d of %s", q.N, q.Book.Name())})
	}
	changed := 0
	for i := range q.N {
		if q.Code(i) != p.Code(i) {
			changed++
		}
	}
	return changed
}
