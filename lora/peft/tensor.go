package peft

import (
	"encoding/binary"
	"fmt"
	"math"

	"loralab/lora/quant"
)

// Tensor is a tensor in memory: its elements in C order, little-endian.
type Tensor struct {
	Name  string
	DType DType
	Shape []int
	Data  []byte
}

// NewTensor returns the values as a tensor of a floating-point type, rounded
// once to the nearest. It panics for other types, or if the shape does not
// have as many elements as there are values.
func NewTensor[T float32 | float64](name string, dtype DType, shape []int, values []T) Tensor {
	if !dtype.IsFloat() || elements(shape) != len(values) {
		panic(fmt.Sprintf("peft: NewTensor: %d values as %s of shape %v", len(values), dtype, shape))
	}
	t := Tensor{Name: name, DType: dtype, Shape: shape, Data: make([]byte, 0, len(values)*dtype.Bits()/8)}
	for _, v := range values {
		switch dtype {
		case F64:
			t.Data = binary.LittleEndian.AppendUint64(t.Data, math.Float64bits(float64(v)))
		case F32:
			t.Data = binary.LittleEndian.AppendUint32(t.Data, math.Float32bits(float32(v)))
		case F16:
			t.Data = binary.LittleEndian.AppendUint16(t.Data, uint16(quant.Float16.Encode(float64(v))))
		case BF16:
			t.Data = binary.LittleEndian.AppendUint16(t.Data, uint16(quant.BFloat16.Encode(float64(v))))
		}
	}
	return t
}

// Float32s returns the values of an F64, F32, F16 or BF16 tensor, those of F64
// rounded to the nearest. Another type is an error that names it, and a finite
// value that float32 cannot hold is a [RangeError].
func (t Tensor) Float32s() ([]float32, error) {
	x, err := numbers[float32](t)
	if err != nil || t.DType != F64 {
		return x, err
	}
	for i, v := range x {
		wide := math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:]))
		if math.IsInf(float64(v), 0) && !math.IsInf(wide, 0) {
			return nil, &RangeError{t.Name, i, wide}
		}
	}
	return x, nil
}

// numbers converts exactly, but for F64 to float32.
func numbers[T float32 | float64](t Tensor) ([]T, error) {
	if !t.DType.IsFloat() {
		return nil, fmt.Errorf("peft: tensor %s is %s: only F64, F32, F16 and BF16 are read as numbers", clip(t.Name), t.DType)
	}
	width := t.DType.Bits() / 8
	x := make([]T, len(t.Data)/width)
	for i := range x {
		b := t.Data[i*width:]
		switch t.DType {
		case F64:
			x[i] = T(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		case F32:
			x[i] = T(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		case F16:
			x[i] = T(quant.Float16.Decode(uint32(binary.LittleEndian.Uint16(b))))
		case BF16:
			x[i] = T(quant.BFloat16.Decode(uint32(binary.LittleEndian.Uint16(b))))
		}
	}
	return x, nil
}
