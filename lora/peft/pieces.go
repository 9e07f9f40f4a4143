package peft

import (
	"errors"
	"iter"
)

// Pieces reads a tensor of the file, length bytes at a time, the last piece
// shorter. A piece is overwritten by the next; after an error there is none.
func (f *File) Pieces(info Info, length int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		buffer := make([]byte, min(int64(length), info.Bytes()))
		for at := info.begin; at < info.end; at += int64(len(buffer)) {
			buffer = buffer[:min(int64(len(buffer)), info.end-at)]
			err := readFull(f.r, buffer, f.buffer+at)
			if !yield(buffer, err) || err != nil {
				return
			}
		}
	}
}

// Float32Pieces reads a tensor as [Tensor.Float32s] does, so many elements at a
// time, the last piece shorter. Its errors, too, are that method's.
func (f *File) Float32Pieces(info Info, elements int) iter.Seq2[[]float32, error] {
	return func(yield func([]float32, error) bool) {
		width := max(info.DType.Bits()/8, 1)
		first := 0 // element of the piece
		for data, err := range f.Pieces(info, elements*width) {
			var x []float32
			if err == nil {
				t := Tensor{Name: info.Name, DType: info.DType, Shape: []int{len(data) / width}, Data: data}
				x, err = t.Float32s()
			}
			if wide := (*RangeError)(nil); errors.As(err, &wide) {
				wide.Element += first
			}
			if !yield(x, err) || err != nil {
				return
			}
			first += len(x)
		}
	}
}
