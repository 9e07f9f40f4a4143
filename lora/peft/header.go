package peft

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// The limits of a header.
const (
	maxHeader  = 100_000_000 // the format's own
	maxTensors = 1 << 17
	maxName    = 1024
	maxRank    = 64
)

const metadataKey = "__metadata__"

// entry is what a header says of one tensor, before it is believed.
type entry struct {
	name       string
	dtype      DType
	shape      []uint64
	begin, end uint64 // in the buffer
	at         int    // where the offsets stand in the header
}

// parseHeader reads the JSON of a header.
func parseHeader(header []byte) (entries []entry, metadata map[string]string, err error) {
	s := &scanner{b: header}
	if at := invalidUTF8(header); at >= 0 {
		return nil, nil, s.fail(InvalidHeader, at, fmt.Sprintf("byte %#02x", header[at]), "UTF-8")
	}
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, s.unexpected("'{' as the header's first byte")
	}
	seen := map[string]bool{}
	err = s.object(func(name string, at int) error {
		if len(name) > maxName {
			return s.fail(LimitExceeded, at, fmt.Sprintf("a name of %d bytes", len(name)), fmt.Sprintf("at most %d", maxName))
		}
		if seen[name] {
			return s.fail(InvalidHeaderDeserialization, at, "the key "+clip(name)+" a second time", "every key once")
		}
		seen[name] = true
		if name == metadataKey {
			metadata, err = s.metadata()
			return err
		}
		if len(entries) == maxTensors {
			return s.fail(LimitExceeded, at, "one more tensor", fmt.Sprintf("at most %d", maxTensors))
		}
		e, err := s.entry()
		if err != nil {
			if f, ok := err.(*FormatError); ok {
				f.Tensor = name
			}
			return err
		}
		e.name = name
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for ; s.i < len(s.b); s.i++ {
		if s.b[s.i] != ' ' {
			return nil, nil, s.unexpected("only spaces after the header's JSON")
		}
	}
	return entries, metadata, nil
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// metadata reads the map of strings.
func (s *scanner) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := s.object(func(key string, at int) error {
		if _, twice := m[key]; twice {
			return s.fail(InvalidHeaderDeserialization, at, "the key "+clip(key)+" a second time", "every key once")
		}
		value, err := s.str()
		m[key] = value
		return err
	})
	return m, err
}

// entry reads one tensor's type, shape and place.
func (s *scanner) entry() (entry, error) {
	var e entry
	var hasType, hasShape, hasOffsets bool
	start := s.i
	once := func(has *bool, key string, at int) error {
		if *has {
			return s.fail(InvalidHeaderDeserialization, at, "the key "+clip(key)+" a second time", "every key once")
		}
		*has = true
		return nil
	}
	err := s.object(func(key string, at int) error {
		switch key {
		case "dtype":
			if err := once(&hasType, key, at); err != nil {
				return err
			}
			s.space()
			at := s.i
			name, err := s.str()
			if err != nil {
				return err
			}
			var known bool
			if e.dtype, known = parseDType(name); !known {
				return s.fail(InvalidHeaderDeserialization, at, "the type "+clip(name), "a type of the format, such as F32, BF16 or U8")
			}
			return nil
		case "shape":
			if err := once(&hasShape, key, at); err != nil {
				return err
			}
			e.shape = []uint64{}
			return s.list('[', ']', func() error {
				v, err := s.uint()
				if err == nil && len(e.shape) == maxRank {
					err = s.fail(LimitExceeded, s.i, "one more dimension", fmt.Sprintf("at most %d", maxRank))
				}
				e.shape = append(e.shape, v)
				return err
			})
		case "data_offsets":
			if err := once(&hasOffsets, key, at); err != nil {
				return err
			}
			s.space()
			e.at = s.i
			return s.offsets(&e)
		}
		return s.fail(InvalidHeaderDeserialization, at, "the field "+clip(key), "dtype, shape or data_offsets")
	})
	if err == nil && !(hasType && hasShape && hasOffsets) {
		err = s.fail(InvalidHeaderDeserialization, start, "a tensor without all of its fields", "dtype, shape and data_offsets")
	}
	return e, err
}

// offsets reads [begin, end].
func (s *scanner) offsets(e *entry) error {
	n := 0
	err := s.list('[', ']', func() error {
		v, err := s.uint()
		switch n {
		case 0:
			e.begin = v
		case 1:
			e.end = v
		default:
			return s.fail(InvalidHeaderDeserialization, e.at, "more than two offsets", "[begin, end]")
		}
		n++
		return err
	})
	if err == nil && n != 2 {
		err = s.fail(InvalidHeaderDeserialization, e.at, fmt.Sprintf("%d offsets", n), "[begin, end]")
	}
	return err
}

// place checks that the entries fill a buffer of the given size, each with the
// bytes that its type and shape need, and returns them in the buffer's order.
// No dimension, number of elements or of bytes may exceed largest, which is what
// an int holds: that is 2³¹−1 on some machines.
func place(entries []entry, buffer int64, largest uint64) ([]Info, error) {
	slices.SortStableFunc(entries, func(a, b entry) int {
		if a.begin != b.begin {
			return cmp.Compare(a.begin, b.begin)
		}
		return cmp.Compare(a.end, b.end)
	})
	infos := make([]Info, 0, len(entries))
	last := uint64(0)
	at := int64(0)
	for _, e := range entries {
		at = int64(lengthBytes + e.at)
		fail := func(kind Kind, found, want string) error {
			return &FormatError{Kind: kind, Offset: at, Tensor: e.name, Found: found, Want: want}
		}
		if e.begin != last || e.end < e.begin {
			return nil, fail(InvalidOffset, fmt.Sprintf("bytes %d to %d of the buffer", e.begin, e.end), fmt.Sprintf("a begin of %d, where the tensor before ends, and an end at or after it", last))
		}
		last = e.end
		info := Info{Name: e.name, DType: e.dtype, Shape: make([]int, len(e.shape))}
		elements := uint64(1)
		for i, dim := range e.shape {
			hi, lo := bits.Mul64(elements, dim)
			if hi != 0 || dim > math.MaxInt64 {
				return nil, fail(ValidationOverflow, fmt.Sprintf("shape %d", e.shape), "fewer than 2^64 elements")
			}
			elements = lo
			info.Shape[i] = int(dim) // in range: checked below before use
		}
		hi, total := bits.Mul64(elements, uint64(e.dtype.Bits()))
		if hi != 0 {
			return nil, fail(ValidationOverflow, fmt.Sprintf("shape %d of %s", e.shape, e.dtype), "fewer than 2^64 bits")
		}
		if total%8 != 0 {
			return nil, fail(MisalignedSlice, fmt.Sprintf("%d bits", total), "whole bytes")
		}
		if e.end-e.begin != total/8 {
			return nil, fail(TensorInvalidInfo, fmt.Sprintf("%d bytes", e.end-e.begin), fmt.Sprintf("%d for shape %d of %s", total/8, e.shape, e.dtype))
		}
		info.begin, info.end = int64(e.begin), int64(e.end) // in range as well
		infos = append(infos, info)
	}
	if last != uint64(buffer) {
		return nil, &FormatError{Kind: MetadataIncompleteBuffer, Offset: at, Found: fmt.Sprintf("tensors that end at %d", last), Want: fmt.Sprintf("the end of the buffer, %d", buffer)}
	}
	// A file that is as long as its header says can still be too much for this machine.
	for _, e := range entries {
		most, elements := e.end-e.begin, uint64(1)
		for _, dim := range e.shape {
			elements *= dim
			most = max(most, dim)
		}
		if max(most, elements) > largest {
			return nil, &FormatError{Kind: LimitExceeded, Offset: int64(lengthBytes + e.at), Tensor: e.name,
				Found: fmt.Sprintf("shape %d of %s", e.shape, e.dtype), Want: fmt.Sprintf("no size above %d on this machine", largest)}
		}
	}
	return infos, nil
}
