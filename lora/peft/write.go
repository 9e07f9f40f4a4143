package peft

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"unicode/utf8"
)

// WriteSafetensors writes tensors and metadata (which may be nil) as the
// reference implementation does: ordered by type, the last of [DType]'s list
// first, and then by name, the header padded with spaces to a multiple of 8.
// Metadata is ordered by key, where the reference leaves the order to a hash
// map.
//
// A tensor that the reader would refuse (a repeated or too long name, text
// that is not UTF-8, bytes that do not fit the shape) is an error, and then
// nothing has been written.
func WriteSafetensors(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	tensors = slices.Clone(tensors)
	slices.SortStableFunc(tensors, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(b.DType, a.DType), cmp.Compare(a.Name, b.Name))
	})
	header, err := header(tensors, metadata)
	if err != nil {
		return err
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// header lays out the JSON for tensors in their final order. Reading it back
// is the check that it is one a reader accepts.
func header(tensors []Tensor, metadata map[string]string) ([]byte, error) {
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
	end := 0
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
		b = fmt.Appendf(b, `],"data_offsets":[%d,%d]}`, end, end+len(t.Data))
		end += len(t.Data)
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
		_, err = place(entries, int64(end), math.MaxInt)
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

// WriteFile lets write fill a new file, which appears at path complete or not
// at all: it grows under another name in the same folder and is renamed at the
// end. What exists at path is treated as [Destination] says, before write is
// called. Through a symbolic link its target is replaced and the link stays.
func WriteFile(path string, force bool, write func(io.Writer) error) error {
	file, err := Destination(path, force)
	if err != nil {
		return fmt.Errorf("peft: writing %w", err)
	}
	if err := writeFile(file, force, write); err != nil {
		return fmt.Errorf("peft: writing %s: %w", path, err)
	}
	return nil
}

// Destination returns the file that writing to path replaces or makes, path
// itself unless that is a symbolic link, and an error if [WriteFile] would
// refuse, so that it can be asked before long work. A file that exists is an
// error that wraps [fs.ErrExist] unless force allows replacing it. Anything
// but a regular file is refused even then: renaming over a device or a pipe
// would take it away from everybody. Errors begin with the path.
func Destination(path string, force bool) (file string, err error) {
	there, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, folderOf(path)
	case err != nil:
		return "", fmt.Errorf("%s: %w", path, cause(err))
	case there.Mode().Type() == fs.ModeSymlink:
		if there, err = os.Stat(path); err != nil {
			return "", fmt.Errorf("%s: a symbolic link that leads nowhere: %w", path, cause(err))
		}
		if there.Mode().IsRegular() { // the names of pipes and sockets behind links in /proc are not paths
			if file, err = filepath.EvalSymlinks(path); err != nil {
				return "", fmt.Errorf("%s: %w", path, cause(err))
			}
		}
	default:
		file = path
	}
	switch {
	case !there.Mode().IsRegular():
		return "", fmt.Errorf("%s: %s, not a regular file: it is not replaced", path, kindOf(there.Mode()))
	case !force:
		return "", fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	return file, nil
}

// folderOf returns an error unless there is a folder for the file at path.
func folderOf(path string) error {
	folder := filepath.Dir(path)
	there, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s", path, folder)
	case err != nil:
		return fmt.Errorf("%s: folder %s: %w", path, folder, cause(err))
	case !there.IsDir():
		return fmt.Errorf("%s: %s is not a folder", path, folder)
	}
	return nil
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}

// cause takes the file names out of an error of package os: here they are
// temporary ones, or said already.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// writeFile writes a file that Destination has allowed.
func writeFile(path string, force bool, write func(io.Writer) error) error {
	folder := filepath.Dir(path)
	temp := filepath.Join(folder, fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32()))
	// Not os.CreateTemp: its mode 0600 would outlive the renaming, and the mode
	// that the user's umask gives cannot be asked for.
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("folder %s: %w", folder, cause(err))
	}
	defer os.Remove(temp)
	defer f.Close() // the second time after success, which does nothing
	buffered := bufio.NewWriterSize(f, 1<<20)
	if err := write(buffered); err != nil {
		return err
	}
	if err := cmp.Or(buffered.Flush(), f.Sync(), f.Close()); err != nil {
		return cause(err)
	}
	// Unlike renaming, linking does not replace what has appeared meanwhile.
	if !force && os.Link(temp, path) == nil {
		return nil
	}
	// With force, or if something is there or the file system has no links: look
	// once more at what renaming would replace.
	if _, err := Destination(path, force); err != nil {
		return err
	}
	return cause(os.Rename(temp, path))
}
