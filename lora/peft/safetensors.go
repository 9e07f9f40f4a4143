package peft

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"loralab/lora/atomicfile"
)

// File is a safetensors file whose header has been read and believed. Its
// tensors are read when they are asked for.
type File struct {
	Metadata map[string]string // nil if the file has none

	r      io.ReaderAt
	closer io.Closer
	buffer int64 // where the buffer begins
	infos  []Info
	index  map[string]int
}

// Info describes a tensor that has not been read.
type Info struct {
	Name  string
	DType DType
	Shape []int // no dimensions: a scalar

	begin, end int64
}

// Elements returns the number of elements.
func (i Info) Elements() int { return elements(i.Shape) }

// Bytes returns the size in the file.
func (i Info) Bytes() int64 { return i.end - i.begin }

func elements(shape []int) int {
	n := 1
	for _, dim := range shape {
		n *= dim
	}
	return n
}

// Open reads the header of the file at path. The caller closes the File.
func Open(path string) (*File, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	file, err := ReadSafetensors(f, size)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("peft: %s: %w", shown(path), err)
	}
	file.closer = f
	return file, nil
}

// openRegular opens a file for reading and returns its size. Opening anything
// else might wait for ever (a pipe) or never end (a device).
func openRegular(path string) (*os.File, int64, error) {
	stat, err := os.Stat(path)
	if err == nil && !stat.Mode().IsRegular() {
		err = fmt.Errorf("%s, not a regular file", atomicfile.Kind(stat.Mode()))
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("peft: %s: %w", shown(path), cause(err))
	}
	return f, stat.Size(), nil
}

// ReadSafetensors reads the header of a file of the given size. Its errors are
// a [FormatError], or r's own. r is used as long as tensors are read.
func ReadSafetensors(r io.ReaderAt, size int64) (*File, error) {
	if size < lengthBytes {
		return nil, &FormatError{Kind: HeaderTooSmall, Offset: size, Found: fmt.Sprintf("%d bytes", size), Want: "at least the 8 bytes of the header's length"}
	}
	var length [lengthBytes]byte
	if err := readFull(r, length[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader {
		return nil, &FormatError{Kind: HeaderTooLarge, Found: fmt.Sprintf("a header of %d bytes", n), Want: fmt.Sprintf("at most %d", maxHeader)}
	}
	if int64(n) > size-lengthBytes {
		return nil, &FormatError{Kind: InvalidHeaderLength, Found: fmt.Sprintf("a header of %d bytes", n), Want: fmt.Sprintf("at most the %d that follow in the file", size-lengthBytes)}
	}
	header := make([]byte, n) // no more than the file holds
	if err := readFull(r, header, lengthBytes); err != nil {
		return nil, err
	}
	entries, metadata, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	f := &File{Metadata: metadata, r: r, buffer: lengthBytes + int64(n), index: make(map[string]int, len(entries))}
	if f.infos, err = place(entries, size-f.buffer, math.MaxInt); err != nil {
		return nil, err
	}
	for i, info := range f.infos {
		f.index[info.Name] = i
	}
	return f, nil
}

func readFull(r io.ReaderAt, b []byte, at int64) error {
	// A ReaderAt may report io.EOF beside a full read that ends the file.
	if n, err := r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("safetensors: read %d of %d bytes at %d: %w", n, len(b), at, err)
	}
	return nil
}

// Close closes the file that [Open] opened.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Tensors describes the tensors in the order of the buffer.
func (f *File) Tensors() []Info { return slices.Clone(f.infos) }

// Info describes the tensor of a name, and reports whether there is one.
func (f *File) Info(name string) (Info, bool) {
	i, ok := f.index[name]
	if !ok {
		return Info{}, false
	}
	return f.infos[i], true
}

// Tensor reads the tensor of a name.
func (f *File) Tensor(name string) (Tensor, error) {
	info, ok := f.Info(name)
	if !ok {
		return Tensor{}, fmt.Errorf("safetensors: no tensor %s among the file's %d", clip(name), len(f.infos))
	}
	t := Tensor{Name: name, DType: info.DType, Shape: slices.Clone(info.Shape), Data: make([]byte, info.Bytes())}
	return t, readFull(f.r, t.Data, f.buffer+info.begin)
}
