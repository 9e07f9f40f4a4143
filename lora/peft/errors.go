package peft

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind names what is wrong with a safetensors file, by the reference
// implementation's name where it has one.
type Kind string

const (
	HeaderTooSmall               Kind = "HeaderTooSmall"               // fewer than the 8 bytes of the length
	HeaderTooLarge               Kind = "HeaderTooLarge"               // length above 100,000,000
	InvalidHeaderLength          Kind = "InvalidHeaderLength"          // length beyond the file's end
	InvalidHeader                Kind = "InvalidHeader"                // not UTF-8
	InvalidHeaderDeserialization Kind = "InvalidHeaderDeserialization" // not the JSON that is expected
	InvalidOffset                Kind = "InvalidOffset"                // hole, overlap, or end before begin
	TensorInvalidInfo            Kind = "TensorInvalidInfo"            // shape and type disagree with the bytes
	ValidationOverflow           Kind = "ValidationOverflow"           // a size beyond 64 bits
	MisalignedSlice              Kind = "MisalignedSlice"              // sub-byte elements that end inside of a byte
	MetadataIncompleteBuffer     Kind = "MetadataIncompleteBuffer"     // tensors end before or after the file
	LimitExceeded                Kind = "LimitExceeded"                // a limit of this package
)

// FormatError reports a safetensors file that breaks the format. Use errors.As.
type FormatError struct {
	Kind   Kind
	Offset int64  // byte of the file
	Tensor string // the tensor concerned, "" if none
	Found  string
	Want   string
}

func (e *FormatError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "safetensors: %s at byte %d: ", e.Kind, e.Offset)
	if e.Tensor != "" {
		fmt.Fprintf(&b, "tensor %s: ", clip(e.Tensor))
	}
	fmt.Fprintf(&b, "found %s, want %s", e.Found, e.Want)
	return b.String()
}

// RangeError reports a number that is too large for float32.
type RangeError struct {
	Tensor  string
	Element int // in C order
	Value   float64
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("peft: tensor %s: element %d is %v: it does not fit float32, which ends at %.3g", clip(e.Tensor), e.Element, e.Value, math.MaxFloat32)
}

// clip quotes a piece of a foreign file for an error's one line.
func clip(s string) string {
	const longest = 80
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// shown returns a path as it is, or quoted if it holds what does not print: a
// terminal would obey that.
func shown(path string) string {
	for _, r := range path {
		if !strconv.IsPrint(r) || r == utf8.RuneError {
			return strconv.Quote(path)
		}
	}
	return path
}

// cause takes the file names out of an error of package os: here they have been
// said already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
