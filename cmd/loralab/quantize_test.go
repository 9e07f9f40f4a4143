package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"loralab/lessons/lab"
	"loralab/lora/atomicfile"
	"loralab/lora/peft"
	"loralab/lora/quant"
)

// runQuantize runs the command in this process.
func runQuantize(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := newQuantize()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.Execute()
	return out.String(), err
}

// writeFile writes a file of whole tensors.
func writeFile(path string, tensors []peft.Tensor, metadata map[string]string) error {
	var infos []peft.Info
	for _, t := range tensors {
		infos = append(infos, peft.NewInfo(t.Name, t.DType, t.Shape...))
	}
	return atomicfile.Write(path, true, func(f atomicfile.File) error {
		w, err := peft.NewWriter(f, infos, metadata)
		if err != nil {
			return err
		}
		for _, t := range tensors {
			if err := w.Append(t.Name, t.Data); err != nil {
				return err
			}
		}
		return w.Close()
	})
}

const upProj = "model.layers.0.mlp.up_proj.weight"

// modelFile writes a small model with every reason to keep a tensor, and
// returns its path and the values of up_proj as float32.
func modelFile(t *testing.T) (string, []float32) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 5))
	tensor := func(name string, dtype peft.DType, shape ...int) peft.Tensor {
		n := 1
		for _, dim := range shape {
			n *= dim
		}
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
		return peft.NewTensor(name, dtype, shape, x)
	}
	up := tensor(upProj, peft.F32, 24, 40)
	want, err := up.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	err = writeFile(path, []peft.Tensor{
		up,
		tensor("model.layers.0.self_attn.q_proj.weight", peft.BF16, 16, 64),
		tensor("model.layers.1.self_attn.q_proj.weight", peft.F64, 8, 32),
		tensor("model.embed_tokens.weight", peft.F16, 10, 4),
		tensor("lm_head.weight", peft.F16, 10, 4),
		tensor("model.norm.weight", peft.F32, 4),
		{Name: "position_ids", DType: peft.I64, Shape: []int{1, 2}, Data: make([]byte, 16)},
	}, map[string]string{"format": "pt"})
	if err != nil {
		t.Fatal(err)
	}
	return path, want
}

func decodeReport(t *testing.T, out string) quantizeReport {
	t.Helper()
	var r quantizeReport
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}

func TestQuantizeReport(t *testing.T) {
	in, want := modelFile(t)
	for _, row := range []struct {
		name string
		args []string
		bits float64 // of up_proj, 24×40, by hand
	}{
		{"nf4", []string{"--format=nf4"}, 4 + 32*15.0/960},
		{"the default is nf4", nil, 4 + 32*15.0/960},
		{"fp4, other blocks", []string{"--format=fp4", "--block=32"}, 4 + 32*30.0/960},
		{"int8 by rows", []string{"--format=int8"}, 8 + 32*24.0/960},
		{"int8 by blocks", []string{"--format=int8", "--block=128"}, 8 + 32*8.0/960},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := runQuantize(t, append(row.args, in, "--json")...)
			if err != nil {
				t.Fatal(err)
			}
			r := decodeReport(t, out)
			if len(r.Tensors) != 3 || len(r.Kept) != 4 {
				t.Fatalf("%d quantized, %d kept", len(r.Tensors), len(r.Kept))
			}
			reasons := map[string]string{}
			for _, k := range r.Kept {
				reasons[k.Name] = k.Why
			}
			for name, why := range map[string]string{"model.embed_tokens.weight": "embedding", "lm_head.weight": "output layer",
				"model.norm.weight": "no matrix", "position_ids": "not floating point"} {
				if reasons[name] != why {
					t.Errorf("%s kept because %q, want %q", name, reasons[name], why)
				}
			}
			i := slices.IndexFunc(r.Tensors, func(q quantizedTensor) bool { return q.Name == upProj })
			q := r.Tensors[i]
			if q.BitsPerParam != row.bits || !slices.Equal(q.Shape, []int{24, 40}) || q.Params != 960 || q.DType != "F32" {
				t.Errorf("%+v, want %v bits", q, row.bits)
			}
			if s := errorsByHand(t, want, r); math.Abs(s.Mean-q.MeanError) > 1e-12 || s.Max != q.MaxError || q.SNR == nil || math.Abs(*q.SNR-s.SNR) > 1e-9 {
				t.Errorf("errors %v and %v, want %v", q.MeanError, q.MaxError, s)
			}
		})
	}
}

// errorsByHand quantizes x in the report's format by taking the nearest of all
// levels, one element after the other.
func errorsByHand(t *testing.T, x []float32, r quantizeReport) quant.Stats {
	t.Helper()
	book, err := quant.Named(r.Format)
	if err != nil {
		t.Fatal(err)
	}
	block := r.Block
	if block == 0 {
		block = 40 // a row
	}
	got := make([]float32, len(x))
	for start := 0; start < len(x); start += block {
		part := x[start:min(start+block, len(x))]
		absmax := 0.0
		for _, v := range part {
			absmax = max(absmax, math.Abs(float64(v)))
		}
		for i, v := range part {
			best := math.Inf(1)
			for _, level := range book.Levels() {
				y := float32(absmax) * level
				if r.Block == 0 { // LLM.int8's own constant for 1/127
					y = float32(math.Round(float64(level)*127)) * float32(absmax) * 0.007874015718698502
				}
				if d := math.Abs(float64(v) - float64(y)); d < best {
					best, got[start+i] = d, y
				}
			}
		}
	}
	return quant.Compare(x, got)
}

func TestQuantizeText(t *testing.T) {
	in, _ := modelFile(t)
	out, err := runQuantize(t, in, "--double", "--tensor", upProj)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nf4, a scale for each block of 64, the scales in 8 bits", "24×40", upProj, "1 tensor of 960 parameters: 3,840 bytes before", "6 tensors left as they were", "not named: 6"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if out, err = runQuantize(t, in, "--format", "int8"); err != nil || !strings.Contains(out, "a scale for each row") || !strings.Contains(out, "output layer: 1") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestQuantizeOut reads back what was written: the 4-bit weight is the one
// quantized, the others are the bytes they were.
func TestQuantizeOut(t *testing.T) {
	in, want := modelFile(t)
	for _, row := range []struct {
		format string
		double bool
	}{{"nf4", false}, {"nf4", true}, {"fp4", false}, {"fp4", true}} {
		out := filepath.Join(t.TempDir(), "out.safetensors")
		args := []string{in, "--format", row.format, "-o", out}
		if row.double {
			args = append(args, "--double")
		}
		text, err := runQuantize(t, args...)
		if err != nil || !strings.Contains(text, "written: "+out) {
			t.Fatalf("%v\n%s", err, text)
		}
		f := openFile(t, out)
		book, err := quant.Named(row.format)
		if err != nil {
			t.Fatal(err)
		}
		q, err := quant.Format{Book: book, Block: 64, Double: row.double}.Quantize(want)
		if err != nil {
			t.Fatal(err)
		}
		back, shape, dtype, err := f.Quantized4(upProj)
		if err != nil || !slices.Equal(shape, []int{24, 40}) || dtype != peft.F32 || !slices.Equal(back.Dequantize(), q.Dequantize()) {
			t.Errorf("%v: shape %v, dtype %v, or other values: %v", row, shape, dtype, err)
		}
		if _, _, dtype, err := f.Quantized4("model.layers.0.self_attn.q_proj.weight"); err != nil || dtype != peft.BF16 {
			t.Errorf("%v: q_proj of %v: %v", row, dtype, err)
		}
		checkKept(t, in, f)
	}
}

func TestQuantizeOutInt8(t *testing.T) {
	in, want := modelFile(t)
	out := filepath.Join(t.TempDir(), "out.safetensors")
	if _, err := runQuantize(t, in, "--format=int8", "-o", out); err != nil {
		t.Fatal(err)
	}
	f := openFile(t, out)
	q, err := quant.QuantizeRows(want, 24, 40, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := f.Tensor(upProj)
	if err != nil || codes.DType != peft.I8 || len(codes.Data) != len(q.Codes) {
		t.Fatalf("%v of %v: %v", upProj, codes.DType, err)
	}
	for i, c := range q.Codes {
		if int8(codes.Data[i]) != c {
			t.Fatalf("code %d is %d, want %d", i, int8(codes.Data[i]), c)
		}
	}
	scales, err := f.Tensor(strings.TrimSuffix(upProj, "weight") + "SCB")
	if err != nil {
		t.Fatal(err)
	}
	if x, err := scales.Float32s(); err != nil || !slices.Equal(x, q.Absmax) {
		t.Errorf("scales %v: %v", x, err)
	}
	checkKept(t, in, f)
}

func openFile(t *testing.T, path string) *peft.File {
	t.Helper()
	f, err := peft.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// checkKept compares the tensors that stay with those of the file in.
func checkKept(t *testing.T, in string, out *peft.File) {
	t.Helper()
	before := openFile(t, in)
	for _, name := range []string{"model.embed_tokens.weight", "lm_head.weight", "model.norm.weight", "position_ids"} {
		a, errA := before.Tensor(name)
		b, errB := out.Tensor(name)
		if errA != nil || errB != nil || a.DType != b.DType || !bytes.Equal(a.Data, b.Data) {
			t.Errorf("%s changed: %v, %v", name, errA, errB)
		}
	}
	if out.Metadata["format"] != "pt" {
		t.Errorf("metadata %v", out.Metadata)
	}
}

func TestQuantizeOverwritesNothing(t *testing.T) {
	in, _ := modelFile(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "out.safetensors")
	if err := os.WriteFile(out, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := runQuantize(t, in, "-o", out)
	if got, _ := os.ReadFile(out); !errors.Is(err, fs.ErrExist) || string(got) != "precious" {
		t.Errorf("%v, and the file holds %d bytes", err, len(got))
	}
	if _, err := runQuantize(t, in, "-o", out, "--force"); err != nil {
		t.Error(err)
	}
	openFile(t, out)
	// A file may replace the one it was made of.
	if _, err := runQuantize(t, in, "-o", in, "--force"); err != nil {
		t.Error(err)
	}
	if _, _, _, err := openFile(t, in).Quantized4(upProj); err != nil {
		t.Error(err)
	}
	// Neither a failure in the middle nor one at the end leaves anything.
	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	if _, err := runQuantize(t, infinite(t), "-o", out); err == nil {
		t.Error("an infinite weight went through")
	}
	if _, err := runQuantize(t, in, "-o", filepath.Join(dir, "no", "folder")); err == nil {
		t.Error("written into a folder that is not there")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// infinite returns a file with a weight that no code can stand for.
func infinite(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inf.safetensors")
	err := writeFile(path, []peft.Tensor{
		peft.NewTensor("a.weight", peft.F32, []int{1, 2}, []float32{1, 2}),
		peft.NewTensor("b.weight", peft.F32, []int{1, 2}, []float32{1, float32(math.Inf(1))}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// odd returns a file of things that a report must show with care.
func odd(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "odd.safetensors")
	err := writeFile(path, []peft.Tensor{
		peft.NewTensor("wide", peft.F64, []int{1, 2}, []float64{1, 1e300}),
		peft.NewTensor("\x1b[31mred\n", peft.F32, []int{1}, []float32{float32(math.NaN())}),
		peft.NewTensor("\x1b[2Jclear", peft.F32, []int{1}, []float32{1}),
		{Name: "f8", DType: peft.F8E4M3, Shape: []int{2, 2}, Data: make([]byte, 4)},
		{Name: "f4", DType: peft.F4, Shape: []int{2, 2}, Data: make([]byte, 2)},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestQuantizeShowsNamesQuoted(t *testing.T) {
	out, err := runQuantize(t, odd(t), "--tensor=\x1b[2Jclear")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsRune(out, '\x1b') {
		t.Errorf("an escape sequence reached the terminal: %q", out)
	}
	for _, want := range []string{`"\x1b[2Jclear"`, "1 tensor of 1 parameter:"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for name, want := range map[string]string{"model.layers.0.é": "model.layers.0.é", "a\u202eb": `"a\u202eb"`, "\xff": `"\xff"`, "a\tb": `"a\tb"`} {
		if got := printable(name); got != want {
			t.Errorf("%q is shown as %s, want %s", name, got, want)
		}
	}
}

// Floats that are not read are named by their type; whole numbers are not floats.
func TestReasonToKeepNamesTheType(t *testing.T) {
	for dtype, want := range map[peft.DType]string{
		peft.F8E4M3: "F8_E4M3, not read", peft.F4: "F4, not read", peft.C64: "C64, not read",
		peft.I8: "not floating point", peft.BOOL: "not floating point", peft.BF16: "",
	} {
		if got := reasonToKeep(peft.Info{Name: "w", DType: dtype, Shape: []int{2, 2}}); got != want {
			t.Errorf("%v: %q, want %q", dtype, got, want)
		}
	}
}

func TestQuantizeErrors(t *testing.T) {
	in, _ := modelFile(t)
	vectors := filepath.Join(t.TempDir(), "one.safetensors")
	err := writeFile(vectors, []peft.Tensor{peft.NewTensor("w", peft.F32, []int{3}, []float32{1, 2, 3})}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"format", []string{in, "--format=int4"}, "want nf4, fp4 or int8"},
		{"block too small", []string{in, "--block=16"}, "found 16, want 32 to 4096"},
		{"block too large", []string{in, "--block=8192"}, "want 32 to 4096"},
		{"block that bitsandbytes does not load", []string{in, "--block=100", "-o", "x"}, "does not load blocks of 100"},
		{"int8 blocks in a file", []string{in, "--format=int8", "--block=64", "-o", "x"}, "a scale for each row"},
		{"double of rows", []string{in, "--format=int8", "--double"}, "--double"},
		{"force of nothing", []string{in, "--force"}, "--force goes with -o"},
		{"empty out", []string{in, "--out="}, "--out is empty"},
		{"no such tensor", []string{in, "--tensor=nope"}, `found no tensor "nope"; the file has`},
		{"a tensor twice", []string{in, "--tensor", upProj, "--tensor", upProj}, "twice"},
		{"whole numbers", []string{in, "--tensor=position_ids"}, "is I64, want F64"},
		{"a vector by rows", []string{in, "--format=int8", "--tensor=model.norm.weight"}, "the shape 4"},
		{"nothing to do", []string{vectors}, `name them with --tensor; the file has "w"`},
		{"infinite", []string{infinite(t)}, "tensor b.weight"},
		{"no such file", []string{"no/such.safetensors"}, "no/such.safetensors"},
		{"a folder", []string{t.TempDir()}, "not a regular file"},
		{"block of letters", []string{in, "--block=x"}, `--block: found "x", want a whole number from 32 to 4096`},
		{"no file", nil, "which file?"},
		{"two files", []string{in, in}, "one file at a time, got 2"},
		{"no folder to write in", []string{in, "-o", "no/such/x.safetensors"}, "there is no folder no/such"},
		{"a folder to replace", []string{in, "-o", t.TempDir(), "--force"}, "a folder, not a regular file"},
		{"something to replace", []string{in, "-o", in}, "or --force"},
		{"beyond float32", []string{odd(t), "--tensor=wide"}, "element 1 is 1e+300: it does not fit float32"},
		{"a float that is not read", []string{odd(t), "--tensor=f8"}, "is F8_E4M3, want"},
		{"a name that a terminal would obey", []string{odd(t), "--tensor=\x1b[31mred\n"}, `tensor "\x1b[31mred\n"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := runQuantize(t, row.args...)
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, row.want)
			}
			if !errors.As(err, new(usageError)) {
				t.Errorf("not a usage error: %v", err)
			}
			if out != "" {
				t.Errorf("printed although it failed:\n%s", out)
			}
		})
	}
}

// TestQuantizeMalformed gives the command every malformed file there is.
func TestQuantizeMalformed(t *testing.T) {
	files, err := filepath.Glob("../../lora/peft/testdata/adapter_malformed/*.safetensors")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		_, err := runQuantize(t, file, "--format=nf4")
		var format *peft.FormatError
		if !errors.As(err, &format) || !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), "at byte") {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}

// TestQuantizeVector: named, a vector can be quantized by blocks.
func TestQuantizeVector(t *testing.T) {
	in, _ := modelFile(t)
	out, err := runQuantize(t, in, "--tensor=model.norm.weight", "--json")
	if err != nil {
		t.Fatal(err)
	}
	if r := decodeReport(t, out); len(r.Tensors) != 1 || r.Tensors[0].BitsPerParam != 4+32.0/4 {
		t.Errorf("%+v", r.Tensors)
	}
}

// sparse writes a file of one matrix of zeros, which takes no room on the disk.
func sparse(t *testing.T, dtype peft.DType, rows, cols int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sparse.safetensors")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := peft.NewWriter(f, []peft.Info{peft.NewInfo("big.weight", dtype, rows, cols)}, nil); err != nil {
		t.Fatal(err)
	}
	header, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(header + int64(rows)*int64(cols)*int64(dtype.Bits()/8)); err != nil {
		t.Skip(err)
	}
	return path
}

// Ctrl+C is obeyed between two pieces: long before the end, and nothing is left.
func TestQuantizeIsInterrupted(t *testing.T) {
	in := sparse(t, peft.F32, 27_000, 50_000) // 5.4 GB
	for _, row := range []struct {
		name   string
		format string
		double bool
		pieces int // after which the learner has had enough
	}{
		{"blocks", "nf4", false, 3}, {"the mean of scales", "nf4", true, 3}, {"rows", "int8", false, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			for kept, old := range []string{"", "old"} { // the number of files that are there, too
				dir := t.TempDir()
				out := filepath.Join(dir, "out.safetensors")
				if old != "" {
					if err := os.WriteFile(out, []byte(old), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				pieces, parts := 0, 0
				watch := func(p lab.Progress) {
					if pieces++; pieces == row.pieces {
						entries, _ := os.ReadDir(dir)
						parts = len(entries)
						cancel()
					}
				}
				q := &quantizer{format: row.format, block: 64, double: row.double, out: out, force: true}
				if _, err := q.run(ctx, in, pflag.NewFlagSet("", pflag.ContinueOnError), watch); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v, want that of the context", err)
				}
				if pieces != row.pieces {
					t.Errorf("%d pieces, want %d", pieces, row.pieces)
				}
				if parts == 0 {
					t.Error("nothing was being written: this test sees nothing")
				}
				entries, _ := os.ReadDir(dir)
				if got, _ := os.ReadFile(out); string(got) != old || len(entries) != kept {
					t.Errorf("%d bytes in place of %d; left: %v", len(got), len(old), entries)
				}
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cmd := newQuantize()
	cmd.SetArgs([]string{in})
	cmd.SetOut(io.Discard)
	cmd.SetErr(io.Discard)
	if err := cmd.ExecuteContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the command: %v", err)
	}
}

// A tensor takes no more memory than a few pieces of it.
func TestQuantizeInBoundedMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // whatever GOGC says
	in := sparse(t, peft.F32, 4096, 6144)             // 100 MB, 24 pieces
	for _, format := range []string{"nf4", "int8"} {
		most := uint64(0)
		watch := func(lab.Progress) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		q := &quantizer{format: format, block: 64, out: filepath.Join(t.TempDir(), "out")}
		r, err := q.run(context.Background(), in, pflag.NewFlagSet("", pflag.ContinueOnError), watch)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Tensors) != 1 || r.Tensors[0].Params != 4096*6144 || r.Tensors[0].MaxError != 0 {
			t.Errorf("%+v", r.Tensors)
		}
		t.Logf("%s: %d MB of heap", format, most>>20)
		if most > 60<<20 {
			t.Errorf("%s: %d MB of heap for a tensor of 100", format, most>>20)
		}
		openFile(t, q.out)
	}
}

func TestQuantizeRowsThatAreTooLong(t *testing.T) {
	in := sparse(t, peft.BF16, 1, 20_000_000)
	_, err := runQuantize(t, in, "--format=int8")
	if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), "rows of 20000000 numbers, want at most 16777216") || !strings.Contains(err.Error(), "--block") {
		t.Errorf("error %v", err)
	}
}

// Places in errors are those of the tensor, not of the piece.
func TestQuantizeSaysWhere(t *testing.T) {
	const rows, cols = 1100, 1024 // a piece and a bit
	x := make([]float32, rows*cols)
	x[1<<20+5] = float32(math.Inf(1))
	path := filepath.Join(t.TempDir(), "inf.safetensors")
	if err := writeFile(path, []peft.Tensor{peft.NewTensor("a.weight", peft.F32, []int{rows, cols}, x)}, nil); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--format=nf4"}, {"--format=nf4", "--double"}, {"--format=int8"}} {
		if _, err := runQuantize(t, append(args, path)...); err == nil || !strings.Contains(err.Error(), "element 1048581 is +Inf") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
