package quant

import (
	"fmt"
	"math"
)

// RowWise is a matrix in the int8 of LLM.int8 (Dettmers et al. 2022,
// arXiv:2208.07339): one scale a row, and columns with outliers kept
// in float16.
type RowWise struct {
	Rows, Cols int
	Codes      []int8    // Rows×Cols, row after row; outlier columns are 0
	Absmax     []float32 // one a row, outliers left out
	Outliers   []int     // columns with a magnitude at or above the threshold, ascending
	Kept       []float32 // Rows×len(Outliers), rounded to float16
}

// QuantizeRows quantizes the rows×cols matrix x, given row after row. With a
// threshold above 0 (6 in the paper), a column in which some magnitude reaches
// it is kept in float16 and counts for no row's scale; the other elements
// of such a column do count, as in bitsandbytes.
//
// code = round(x·(127/absmax)), halves to even, in float32. A row whose absmax
// is so small that 127/absmax overflows (below 3.8e-37, a zero row
// among them) has codes 0. It panics if x does not have rows·cols elements; a
// value that is not finite, or an outlier that float16 cannot hold, is a
// [ValueError].
func QuantizeRows(x []float32, rows, cols int, threshold float64) (*RowWise, error) {
	if rows < 0 || cols < 0 || rows*cols != len(x) {
		panic(ShapeError{"QuantizeRows", fmt.Sprintf("%d elements", len(x)), fmt.Sprintf("%d×%d", rows, cols)})
	}
	q := &RowWise{Rows: rows, Cols: cols, Codes: make([]int8, len(x)), Absmax: make([]float32, rows)}
	isOutlier := make([]bool, cols)
	for i := range rows {
		row := x[i*cols : (i+1)*cols]
		if _, finite := largest(row); !finite {
			return nil, notFinite(row, i*cols)
		}
		for j, v := range row {
			a := math.Abs(float64(v))
			if threshold > 0 && a >= threshold {
				isOutlier[j] = true
			} else {
				q.Absmax[i] = max(q.Absmax[i], float32(a))
			}
		}
	}
	for j, out := range isOutlier {
		if out {
			q.Outliers = append(q.Outliers, j)
		}
	}
	q.Kept = make([]float32, 0, rows*len(q.Outliers))
	for i := range rows {
		scale := 127 / q.Absmax[i]
		for j := range cols {
			v := x[i*cols+j]
			if isOutlier[j] {
				kept := float32(Float16.Round(float64(v)))
				if math.IsInf(float64(kept), 0) {
					return nil, &ValueError{Index: i*cols + j, Value: v}
				}
				q.Kept = append(q.Kept, kept)
			} else if !math.IsInf(float64(scale), 0) {
				q.Codes[i*cols+j] = int8(math.RoundToEven(float64(float32(v * scale))))
			}
		}
	}
	return q, nil
}

// inverse127 is the constant that bitsandbytes multiplies by instead of
// dividing by 127; in float32 it is 1/127 rounded.
const inverse127 float32 = 7.874015718698502e-3

// Dequantize returns the Rows×Cols values that q stands for, row after row. All
// are finite, where bitsandbytes multiplies a code by an absmax above 2.7e36 and
// gets an infinity.
func (q *RowWise) Dequantize() []float32 {
	const room = 128 // more than any code
	x := make([]float32, len(q.Codes))
	for i := range q.Rows {
		absmax, after := q.Absmax[i], float32(1)
		if absmax > math.MaxFloat32/room {
			absmax, after = absmax/room, room // both exact: the same digits
		}
		for j, code := range q.Codes[i*q.Cols : (i+1)*q.Cols] {
			x[i*q.Cols+j] = float32(float32(code)*absmax) * inverse127 * after
		}
	}
	for i := range q.Rows {
		for o, j := range q.Outliers {
			x[i*q.Cols+j] = q.Kept[i*len(q.Outliers)+o]
		}
	}
	return x
}

// Bits returns the exact cost of a parameter, in bits: 8 times Bytes over the
// number of parameters, or 0 if the matrix is empty.
func (q *RowWise) Bits() float64 {
	if len(q.Codes) == 0 {
		return 0
	}
	return float64(8*q.Bytes()) / float64(len(q.Codes))
}

// Bytes returns the exact cost of the matrix, in bytes: codes, scales, and for
// every outlier column its float16 values (its codes are stored as well, as
// zeros) and its 32-bit index.
func (q *RowWise) Bytes() int {
	return len(q.Codes) + 4*len(q.Absmax) + 2*len(q.Kept) + 4*len(q.Outliers)
}
