package peft

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// file lays out a safetensors file.
func file(header string, buffer int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, buffer)...)
}

func read(b []byte) (*File, error) {
	return ReadSafetensors(bytes.NewReader(b), int64(len(b)))
}

func TestMalformedFiles(t *testing.T) {
	dir := filepath.Join("testdata", "adapter_malformed")
	b, err := os.ReadFile(filepath.Join(dir, "MANIFEST.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest []struct {
		File, Why string
		Error     string `json:"tensor.rs_error"`
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) == 0 {
		t.Fatal("no files")
	}
	for _, m := range manifest {
		t.Run(m.File, func(t *testing.T) {
			stat, err := os.Stat(filepath.Join(dir, m.File))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Open(filepath.Join(dir, m.File))
			if err == nil {
				f.Close()
				t.Fatalf("accepted: %s", m.Why)
			}
			var e *FormatError
			if !errors.As(err, &e) {
				t.Fatalf("error %q is no FormatError", err)
			}
			// An entry that is not one of the reference's names leaves the kind open.
			if !strings.Contains(m.Error, " ") && string(e.Kind) != m.Error {
				t.Errorf("kind %s, want %s: %v", e.Kind, m.Error, err)
			}
			if e.Offset < 0 || e.Offset > stat.Size() {
				t.Errorf("byte %d is outside of the file's %d: %v", e.Offset, stat.Size(), err)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
		})
	}
}

// headerCases are headers with the buffer's size, and the kind of the error, ""
// if the file is good.
var headerCases = []struct {
	name   string
	header string
	buffer int
	kind   Kind
	at     int // byte of the file, -1 if it does not matter
}{
	{"empty object", `{}`, 0, "", -1},
	{"padded", `{}      `, 0, "", -1},
	{"scalar", `{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 4, "", -1},
	{"empty tensor", `{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}`, 0, "", -1},
	{"empty tensor between others", `{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"e":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 2, "", -1},
	{"spaces inside", "{ \"a\" :\n{\"shape\":[ 1 , 2 ],\t\"dtype\":\"F16\",\r\"data_offsets\":[0,4] } }", 4, "", -1},
	{"metadata", `{"__metadata__":{"format":"pt","a\"\\\/\b\f\n\r\t":"\u00e9\ud83d\ude00"}}`, 0, "", -1},
	{"half-byte elements that fill a byte", `{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}`, 1, "", -1},
	{"other types are named", `{"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]}}`, 3, "", -1},

	{"nothing", ``, 0, InvalidHeaderDeserialization, 8},
	{"not an object", `[]`, 0, InvalidHeaderDeserialization, 8},
	{"space first", ` {}`, 0, InvalidHeaderDeserialization, 8},
	{"newline as padding", "{}\n", 0, InvalidHeaderDeserialization, 10},
	{"second value", `{}{}`, 0, InvalidHeaderDeserialization, 10},
	{"unclosed", `{"a"`, 0, InvalidHeaderDeserialization, 12},
	{"trailing comma", `{"__metadata__":{},}`, 0, InvalidHeaderDeserialization, 27},
	{"half a surrogate pair", `{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 10},
	{"surrogates out of order", `{"\ude00\ud83d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 10},
	{"cut escape", `{"\u12`, 0, InvalidHeaderDeserialization, 10},
	{"unknown escape", `{"\x":1}`, 0, InvalidHeaderDeserialization, 10},
	{"control character", "{\"a\x01\":1}", 0, InvalidHeaderDeserialization, 11},
	{"not UTF-8", "{\"a\xff\":1}", 0, InvalidHeader, 11},
	{"key twice", `{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 61},
	{"key twice, once escaped", `{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 61},
	{"metadata twice", `{"__metadata__":{},"__metadata__":{}}`, 0, InvalidHeaderDeserialization, 27},
	{"metadata key twice", `{"__metadata__":{"a":"","a":""}}`, 0, InvalidHeaderDeserialization, -1},
	{"null metadata", `{"__metadata__":null}`, 0, InvalidHeaderDeserialization, 24},
	{"nested metadata", `{"__metadata__":{"a":{}}}`, 0, InvalidHeaderDeserialization, -1},
	{"field twice", `{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, -1},
	{"field in capitals", `{"a":{"DType":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 14},
	{"field missing", `{"a":{"dtype":"U8","shape":[0]}}`, 0, InvalidHeaderDeserialization, 13},
	{"type in lower case", `{"a":{"dtype":"f32","shape":[0],"data_offsets":[0,0]}}`, 0, InvalidHeaderDeserialization, 22},
	{"float offset", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0.0,1]}}`, 1, InvalidHeaderDeserialization, -1},
	{"exponent", `{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}`, 1, InvalidHeaderDeserialization, -1},
	{"leading zero", `{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}`, 1, InvalidHeaderDeserialization, -1},
	{"string as number", `{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}`, 1, InvalidHeaderDeserialization, -1},
	{"number beyond 64 bits", `{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}`, 1, InvalidHeaderDeserialization, -1},
	{"three offsets", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}`, 1, InvalidHeaderDeserialization, -1},
	{"one offset", `{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}`, 0, InvalidHeaderDeserialization, -1},
	{"end before begin", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}`, 1, InvalidOffset, -1},
	{"begins after 0", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2, InvalidOffset, -1},
	{"two tensors at one place", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1, InvalidOffset, -1},
	{"overflow hidden by a zero", `{"a":{"dtype":"U8","shape":[4611686018427387904,8,0],"data_offsets":[0,0]}}`, 0, ValidationOverflow, -1},
	{"dimension beyond int", `{"a":{"dtype":"U8","shape":[0,9223372036854775808],"data_offsets":[0,0]}}`, 0, ValidationOverflow, -1},
	{"bits overflow", `{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}`, 0, ValidationOverflow, -1},
	{"half a byte", `{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}`, 1, MisalignedSlice, -1},
	{"ten gigabytes claimed", `{"a":{"dtype":"U8","shape":[10000000000],"data_offsets":[0,10000000000]}}`, 1, MetadataIncompleteBuffer, -1},
	{"bytes after the last", `{}`, 1, MetadataIncompleteBuffer, -1},
	{"long name", `{"` + strings.Repeat("n", maxName+1) + `":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0, LimitExceeded, 9},
	{"many dimensions", `{"a":{"dtype":"U8","shape":[` + strings.Repeat("1,", maxRank) + `1],"data_offsets":[0,1]}}`, 1, LimitExceeded, -1},
	{"deep nesting", strings.Repeat(`{"a":`, 1000), 0, InvalidHeaderDeserialization, -1},
}

func TestHeaders(t *testing.T) {
	for _, tt := range headerCases {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(file(tt.header, tt.buffer))
			if tt.kind == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var e *FormatError
			if !errors.As(err, &e) || e.Kind != tt.kind {
				t.Fatalf("error %v, want %s", err, tt.kind)
			}
			if tt.at >= 0 && e.Offset != int64(tt.at) {
				t.Errorf("at byte %d, want %d: %v", e.Offset, tt.at, err)
			}
		})
	}
}

// An int may have 32 bits. A file that claims more than it has is the same error
// there; one that has more than an int counts is refused, and not misread.
func TestHeadersWhereIntsAreSmall(t *testing.T) {
	for _, row := range []struct {
		name   string
		header string
		buffer int64
		kind   Kind
	}{
		{"claimed", `{"a":{"dtype":"U8","shape":[10000000000],"data_offsets":[0,10000000000]}}`, 1, MetadataIncompleteBuffer},
		{"there", `{"a":{"dtype":"U8","shape":[10000000000],"data_offsets":[0,10000000000]}}`, 10_000_000_000, LimitExceeded},
		{"more bytes than elements", `{"a":{"dtype":"F64","shape":[300000000],"data_offsets":[0,2400000000]}}`, 2_400_000_000, LimitExceeded},
		{"more elements than bytes", `{"a":{"dtype":"F4","shape":[60000,40000],"data_offsets":[0,1200000000]}}`, 1_200_000_000, LimitExceeded},
		{"a dimension, of nothing", `{"a":{"dtype":"U8","shape":[0,3000000000],"data_offsets":[0,0]}}`, 0, LimitExceeded},
		{"as much as fits", `{"a":{"dtype":"U8","shape":[2147483647],"data_offsets":[0,2147483647]}}`, 2_147_483_647, ""},
	} {
		entries, _, err := parseHeader([]byte(row.header))
		if err != nil {
			t.Fatal(err)
		}
		_, err = place(entries, row.buffer, math.MaxInt32)
		if e := (*FormatError)(nil); row.kind == "" && err != nil || row.kind != "" && (!errors.As(err, &e) || e.Kind != row.kind || e.Tensor != "a" && row.kind == LimitExceeded) {
			t.Errorf("%s: error %v, want %q", row.name, err, row.kind)
		}
	}
}

func TestTooManyTensors(t *testing.T) {
	var b strings.Builder
	for i := range maxTensors + 1 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		b.WriteString(sep + `"` + string(rune('a'+i%26)) + string(rune(0x4e00+i/26)) + `":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)
	}
	_, err := read(file(b.String()+"}", 0))
	var e *FormatError
	if !errors.As(err, &e) || e.Kind != LimitExceeded {
		t.Errorf("error %v, want %s", err, LimitExceeded)
	}
}

// What a header claims must not be what is allocated.
func TestClaimsAreNotAllocated(t *testing.T) {
	length := func(n uint64) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, n), `{"a":1}`...)
	}
	claims := map[string][]byte{
		"a header of 10 GB":     length(10_000_000_000),
		"a header of 100 MB":    length(100_000_000),
		"a header of 2^63":      length(1 << 63),
		"a tensor of 10 GB":     file(`{"a":{"dtype":"U8","shape":[10000000000],"data_offsets":[0,10000000000]}}`, 16),
		"a tensor of 2^64 bits": file(`{"a":{"dtype":"F64","shape":[288230376151711743],"data_offsets":[0,2305843009213693944]}}`, 16),
	}
	for name, b := range claims {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := read(b)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("accepted")
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
				t.Errorf("%d bytes allocated for a file of %d", used, len(b))
			}
		})
	}
}

func TestTensorValues(t *testing.T) {
	values := []float64{0, 1, -2.5, 65504, 0x1p-24, 1.0 / 3}
	for _, dtype := range []DType{F64, F32, F16, BF16} {
		t.Run(dtype.String(), func(t *testing.T) {
			tensor := NewTensor("x", dtype, []int{2, 3}, values)
			var b bytes.Buffer
			if err := writeAll(&b, []Tensor{tensor}, nil); err != nil {
				t.Fatal(err)
			}
			f, err := read(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.Tensor("x")
			if err != nil {
				t.Fatal(err)
			}
			x, err := f.values(f.infos[0])
			if err != nil {
				t.Fatal(err)
			}
			y, _ := got.Float32s()
			tolerance := map[DType]float64{F64: 0, F32: 1e-7, F16: 1e-3, BF16: 1e-2}[dtype]
			for i, want := range values {
				if math.Abs(x[i]-want) > tolerance*math.Abs(want) || y[i] != float32(x[i]) {
					t.Errorf("value %d = %v (float32 %v), want %v", i, x[i], y[i], want)
				}
			}
		})
	}
	f, err := read(file(`{"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]}}`, 3))
	if err != nil {
		t.Fatal(err)
	}
	a, err := f.Tensor("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Float32s(); err == nil || !strings.Contains(err.Error(), "F8_E4M3") {
		t.Errorf("error %v, want one that names the type", err)
	}
	if _, err := f.Tensor("b"); err == nil {
		t.Error("a tensor that is not there was read")
	}
}

func TestRoundTripOfFile(t *testing.T) {
	path := filepath.Join("testdata", "adapter", WeightsFile)
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var tensors []Tensor
	for _, info := range f.Tensors() {
		tensor, err := f.Tensor(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		tensors = append(tensors, tensor)
	}
	slices.Reverse(tensors)
	var got bytes.Buffer
	if err := writeAll(&got, tensors, f.Metadata); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the file written differs from the file read:\n%.300q\n%.300q", got.Bytes(), want)
	}
}

func TestWriterOrderAndPadding(t *testing.T) {
	tensor := func(name string, dtype DType) Tensor {
		return Tensor{Name: name, DType: dtype, Shape: []int{1}, Data: make([]byte, dtype.Bits()/8)}
	}
	var b bytes.Buffer
	err := writeAll(&b, []Tensor{tensor("b", F16), tensor("a\n\"é\u2028", U8), tensor("z", F32), tensor("a", F16), tensor("q", I64), tensor("y", BF16)}, map[string]string{"k": "v\x01", "j": ""})
	if err != nil {
		t.Fatal(err)
	}
	f, err := read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, info := range f.Tensors() {
		names = append(names, info.Name)
	}
	if want := []string{"q", "z", "y", "a", "b", "a\n\"é\u2028"}; !slices.Equal(names, want) {
		t.Errorf("order %q, want %q", names, want)
	}
	if f.buffer%8 != 0 || f.Metadata["k"] != "v\x01" {
		t.Errorf("buffer at %d, metadata %q", f.buffer, f.Metadata)
	}
	bad := map[string][]Tensor{
		"repeated name":  {tensor("a", U8), tensor("a", F32)},
		"metadata's key": {tensor(metadataKey, U8)},
		"not UTF-8":      {tensor("\xff", U8)},
		"too few bytes":  {{Name: "a", DType: F32, Shape: []int{2}, Data: make([]byte, 4)}},
		"long name":      {tensor(strings.Repeat("n", maxName+1), U8)},
	}
	for name, tensors := range bad {
		b.Reset()
		if err := writeAll(&b, tensors, nil); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, b.Len())
		}
	}
}

func FuzzReadSafetensors(f *testing.F) {
	for _, pattern := range []string{"adapter_malformed/*.safetensors", "adapter/*.safetensors"} {
		paths, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(paths) == 0 {
			f.Fatalf("no seeds: %v", err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	for _, c := range headerCases {
		f.Add(file(c.header, c.buffer))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := read(b)
		if err != nil {
			var e *FormatError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > int64(len(b)) {
				t.Fatalf("error %v", err)
			}
			return
		}
		// What is accepted is JSON, covers the buffer, and survives being written.
		n := binary.LittleEndian.Uint64(b)
		if !json.Valid(b[8 : 8+n]) {
			t.Fatalf("accepted %q, which is not JSON", b[8:8+n])
		}
		var tensors []Tensor
		total := uint64(0)
		for _, info := range file.Tensors() {
			tensor, err := file.Tensor(info.Name)
			if err != nil {
				t.Fatal(err)
			}
			total += uint64(len(tensor.Data))
			tensors = append(tensors, tensor)
			if tensor.DType.IsFloat() {
				if x, err := tensor.Float32s(); err != nil || len(x) != elements(tensor.Shape) {
					t.Fatalf("%d values of %v: %v", len(x), tensor.Shape, err)
				}
			}
		}
		if 8+n+total != uint64(len(b)) {
			t.Fatalf("%d bytes of tensors in a file of %d with a header of %d", total, len(b), n)
		}
		var out bytes.Buffer
		if err := writeAll(&out, tensors, file.Metadata); err != nil {
			t.Fatal(err)
		}
		again, err := read(out.Bytes())
		if err != nil || len(again.Tensors()) != len(tensors) {
			t.Fatalf("%d tensors after writing %d: %v", len(again.Tensors()), len(tensors), err)
		}
	})
}
