package peft

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Writer writes a safetensors file whose tensors are known beforehand by name,
// type and shape, and whose bytes come in pieces and in any order: nothing but
// the header is kept in memory.
type Writer struct {
	w       io.WriterAt
	buffer  int64 // where it begins
	tensors map[string]*unwritten
}

// unwritten is what a tensor still lacks, as places in the buffer.
type unwritten struct{ from, end int64 }

// NewInfo describes a tensor that is to be written. It panics if the shape has
// more bytes than an int64 counts, or elements that do not fill whole bytes.
func NewInfo(name string, dtype DType, shape ...int) Info {
	elements := uint64(1)
	for _, dim := range shape {
		hi, lo := bits.Mul64(elements, uint64(dim))
		if dim < 0 || hi != 0 {
			panic(fmt.Sprintf("peft: NewInfo: shape %v", shape))
		}
		elements = lo
	}
	hi, total := bits.Mul64(elements, uint64(dtype.Bits()))
	if hi != 0 || total > math.MaxInt64 || total%8 != 0 {
		panic(fmt.Sprintf("peft: NewInfo: shape %v of %s", shape, dtype))
	}
	return Info{Name: name, DType: dtype, Shape: shape, end: int64(total / 8)}
}

// NewWriter writes the header, as the reference implementation does: tensors are
// ordered by type, the last of [DType]'s list first, and then by name, the header
// is padded with spaces to a multiple of 8. Metadata, which may be nil, is ordered
// by key, where the reference leaves the order to a hash map.
//
// Tensors that the reader would refuse (a repeated or too long name, text that is
// not UTF-8) are an error, and then nothing has been written.
func NewWriter(w io.WriterAt, tensors []Info, metadata map[string]string) (*Writer, error) {
	tensors = slices.Clone(tensors)
	slices.SortStableFunc(tensors, func(a, b Info) int {
		return cmp.Or(cmp.Compare(b.DType, a.DType), cmp.Compare(a.Name, b.Name))
	})
	end := int64(0)
	for i := range tensors {
		tensors[i].begin, tensors[i].end = end, end+tensors[i].Bytes()
		end = tensors[i].end
	}
	header, err := header(tensors, metadata)
	if err != nil {
		return nil, err
	}
	file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	if _, err := w.WriteAt(file, 0); err != nil {
		return nil, err
	}
	to := &Writer{w: w, buffer: int64(len(file)), tensors: make(map[string]*unwritten, len(tensors))}
	for _, t := range tensors {
		to.tensors[t.Name] = &unwritten{t.begin, t.end}
	}
	return to, nil
}

// Append writes the next bytes of a tensor. It panics if the file has no tensor of
// that name, or one that ends before them.
func (w *Writer) Append(name string, data []byte) error {
	t := w.tensors[name]
	if t == nil || int64(len(data)) > t.end-t.from {
		panic(fmt.Sprintf("peft: Writer.Append: %d bytes for %s, which lacks %+v", len(data), clip(name), t))
	}
	_, err := w.w.WriteAt(data, w.buffer+t.from)
	t.from += int64(len(data))
	return err
}

// Close returns an error if a tensor has not been written to its end. It does not
// close what is written to.
func (w *Writer) Close() error {
	for _, name := range slices.Sorted(maps.Keys(w.tensors)) {
		if t := w.tensors[name]; t.from < t.end {
			return fmt.Errorf("peft: tensor %s lacks its last %d bytes", clip(name), t.end-t.from)
		}
	}
	return nil
}

// header lays out the JSON for tensors in their final order. Reading it back
// is the check that it is one a reader accepts.
func header(tensors []Info, metadata map[string]string) ([]byte, error) {
	b := []byte{'{'}
	if metadata != nil {
		b = append(b, `"`+metadataKey+`":{`...)
		for i, key := range slices.Sorted(maps.Keys(metadata)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, key)
			b = append(b, ':')
			b = appendString(b, metadata[key])
		}
		b = append(b, '}')
	}
	end := int64(0)
	for _, t := range tensors {
		if t.Name == metadataKey || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("peft: %s cannot be a tensor's name", clip(t.Name))
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = appendString(b, t.Name)
		b = append(b, `:{"dtype":"`+t.DType.String()+`","shape":[`...)
		for i, dim := range t.Shape {
			if i > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(b, int64(dim), 10)
		}
		b = fmt.Appendf(b, `],"data_offsets":[%d,%d]}`, t.begin, t.end)
		end = t.end
	}
	b = append(b, '}')
	for len(b)%8 != 0 {
		b = append(b, ' ')
	}
	if len(b) > maxHeader {
		return nil, fmt.Errorf("peft: a header of %d bytes: safetensors allows %d", len(b), maxHeader)
	}
	entries, _, err := parseHeader(b)
	if err == nil {
		_, err = place(entries, end, math.MaxInt)
	}
	if err != nil {
		return nil, fmt.Errorf("peft: these tensors make no valid file: %w", err)
	}
	return b, nil
}

// appendString quotes as the reference's JSON writer does, which escapes only
// what it must.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			if c < 0x20 {
				b = fmt.Appendf(b, `\u%04x`, c)
			} else {
				b = append(b, c)
			}
		}
	}
	return append(b, '"')
}
