package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/atomicfile"
	"loralab/lora/peft"
	"loralab/lora/quant"
)

// runAdapter runs the command in this process.
func runAdapter(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := newAdapter()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(io.Discard)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	cmd.SetContext(context.Background())
	err := cmd.Execute()
	return out.String(), err
}

// decodeAdapter runs the command with --json into r.
func decodeAdapter(t *testing.T, r any, args ...string) {
	t.Helper()
	out, err := runAdapter(t, append(args, "--json")...)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		t.Fatal(err)
	}
}

// factor is A or B of a test's adapter, by the end of its name.
type factor struct {
	name  string
	dtype peft.DType
	shape []int
	x     []float64
}

// drawn returns a factor of normal numbers.
func drawn(seed uint64, name string, shape ...int) factor {
	rng := rand.New(rand.NewPCG(seed, 7))
	n := 1
	for _, dim := range shape {
		n *= dim
	}
	f := factor{name, peft.F32, shape, make([]float64, n)}
	for i := range f.x {
		f.x[i] = float64(float32(rng.NormFloat64()))
	}
	return f
}

func zero(name string, shape ...int) factor {
	f := drawn(0, name, shape...)
	clear(f.x)
	return f
}

func (f factor) with(i int, v float64) factor {
	f.x = slices.Clone(f.x)
	f.x[i] = v
	return f
}

func (f factor) dense() *mat.Dense { return mat.NewDense(f.shape[0], f.shape[1], f.x) }

// adapterFolder writes an adapter as PEFT does.
func adapterFolder(t *testing.T, config string, factors ...factor) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, peft.ConfigFile), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	writeTensors(t, filepath.Join(dir, peft.WeightsFile), factors...)
	return dir
}

func writeTensors(t *testing.T, path string, factors ...factor) {
	t.Helper()
	var tensors []peft.Tensor
	for _, f := range factors {
		tensors = append(tensors, peft.NewTensor(f.name, f.dtype, f.shape, f.x))
	}
	err := writeFile(path, tensors, nil)
	if err != nil {
		t.Fatal(err)
	}
}

const (
	q = "base_model.model.l.0.q_proj"
	v = "base_model.model.l.0.v_proj"
)

// Every number of the report is the one of s·B·A formed densely, with s worked
// out by hand.
func TestAdapterNumbersAgreeWithDense(t *testing.T) {
	qa, qb := drawn(1, q+".lora_A.weight", 4, 20), drawn(2, q+".lora_B.weight", 15, 4)
	// Of v the directions are axes that hold these shares: 90 % are not 91 %, nor 98 % 99 %.
	va, vb := zero(v+".lora_A.weight", 9, 20), zero(v+".lora_B.weight", 10, 9)
	for i, share := range []float64{0.5, 0.405, 0.08, 0.01, 0.004, 0.0004, 0.0003, 0.0002, 0.0001} {
		va.x[i*20+2*i], vb.x[(9-i)*9+i] = 1, float64(float32(math.Sqrt(share)))
	}
	dir := adapterFolder(t, `{"peft_type":"LORA","r":4,"lora_alpha":6,"use_rslora":true,
		"rank_pattern":{"v_proj":9},"alpha_pattern":{"v_proj":1.5},"target_modules":["q_proj","v_proj"]}`, qa, qb, va, vb)
	var r adapterReport
	decodeAdapter(t, &r, dir)
	if r.Params != 4*(20+15)+9*(20+10) || r.Bytes != 4*int64(r.Params) || len(r.Modules) != 2 || len(r.Kinds) != 2 {
		t.Fatalf("%d parameters, %d bytes, %d modules, %d kinds", r.Params, r.Bytes, len(r.Modules), len(r.Kinds))
	}
	squares, total := map[string]float64{}, 0.0
	for i, want := range []struct {
		name, kind string
		s, other   float64
		a, b       factor
	}{
		{"l.0.q_proj", "q_proj", 6.0 / 2, 6.0 / 4, qa, qb},
		{"l.0.v_proj", "v_proj", 1.5 / 3, 1.5 / 9, va, vb},
	} {
		m := r.Modules[i]
		if m.Name != want.name || m.Kind != want.kind || m.Scale != want.s || m.Other != want.other || m.Spectrum == nil ||
			!slices.Equal(m.A, want.a.shape) || !slices.Equal(m.B, want.b.shape) || m.DType != "F32" {
			t.Errorf("%+v, want %+v", m, want)
			continue
		}
		var delta mat.Dense
		delta.Mul(want.b.dense(), want.a.dense())
		delta.Scale(want.s, &delta)
		var svd mat.SVD
		svd.Factorize(&delta, mat.SVDNone)
		sigma := svd.Values(nil)
		sum, energy, entropy := 0.0, 0.0, 0.0
		for _, x := range sigma {
			sum += x
			energy += x * x
		}
		rank := func(share float64) int {
			held := 0.0
			for i, x := range sigma {
				if held += x * x; held >= share*energy {
					return i + 1
				}
			}
			return len(sigma)
		}
		for _, x := range sigma[:min(m.Rank, 10)] {
			entropy -= x / sum * math.Log(x/sum)
		}
		for _, number := range []struct {
			name      string
			got, want float64
		}{
			{"norm", m.Spectrum.Norm, mat.Norm(&delta, 2)},
			{"σ₁", m.Spectrum.Sigma[0], mat.Norm(&delta, 2) / math.Sqrt(energy/(sigma[0]*sigma[0]))},
			{"stable rank", m.Spectrum.StableRank, energy / (sigma[0] * sigma[0])},
			{"effective rank", m.Spectrum.EffectiveRank, math.Exp(entropy)},
			{"rank for 90 %", float64(m.Spectrum.Rank90), float64(rank(0.90))},
			{"rank for 99 %", float64(m.Spectrum.Rank99), float64(rank(0.99))},
			{"directions", float64(m.Spectrum.Directions), float64(m.Rank)},
		} {
			if math.Abs(number.got-number.want) > 1e-12*number.want {
				t.Errorf("%s: %s = %v, want %v", m.Name, number.name, number.got, number.want)
			}
		}
		squares[m.Kind] = energy
		total += energy
	}
	if math.Abs(r.Norm-math.Sqrt(total)) > 1e-12*r.Norm {
		t.Errorf("norm of all %v, want %v", r.Norm, math.Sqrt(total))
	}
	for i, k := range r.Kinds {
		if want := squares[k.Kind] / total; math.Abs(k.Share-want) > 1e-12 || k.Modules != 1 {
			t.Errorf("%s has the share %v, want %v", k.Kind, k.Share, want)
		}
		if i > 0 && k.Share > r.Kinds[i-1].Share {
			t.Error("kinds are not ordered by their share")
		}
	}
	high, low := max(r.Modules[0].Spectrum.Rank99, r.Modules[1].Spectrum.Rank99), min(r.Modules[0].Spectrum.Rank99, r.Modules[1].Spectrum.Rank99)
	if r.Rank99 == nil || r.Rank99.Every != high || r.Rank99.Half != low {
		t.Errorf("99 %%: %+v, want %d and %d", r.Rank99, high, low)
	}
}

func TestAdapterRemarks(t *testing.T) {
	qa, qb := drawn(1, q+".lora_A.weight", 16, 40), drawn(2, q+".lora_B.weight", 30, 16)
	va, vb := drawn(3, v+".lora_A.weight", 16, 40), drawn(4, v+".lora_B.weight", 20, 16)
	q0, v0 := zero(qb.name, 30, 16), zero(vb.name, 20, 16)
	whole := []factor{qa, qb, va, vb}
	renamed := func(f factor, name string) factor { f.name = name; return f }
	column := zero(vb.name, 20, 16)
	for i := range 20 {
		column = column.with(16*i, float64(i+1))
	}
	const plain = `"r":16,"lora_alpha":16,"target_modules":["q_proj","v_proj"]`
	tests := []struct {
		name    string
		config  string
		factors []factor
		want    []string // identifiers
		says    string   // part of the first remark
	}{
		{"nothing to say", plain, whole, nil, ""},
		{"all B zero", plain, []factor{qa, q0, va, v0}, []string{"does-nothing"}, "B is zero in all 2 modules"},
		{"one B zero", plain, []factor{qa, qb, va, v0}, []string{"modules-do-nothing"}, "B is zero in 1 of 2 modules (l.0.v_proj)"},
		{"one A zero", plain, []factor{zero(qa.name, 16, 40), qb, va, vb}, []string{"modules-do-nothing"}, "A is zero in 1 of 2 modules (l.0.q_proj)"},
		{"A here and B there", plain, []factor{zero(qa.name, 16, 40), qb, va, v0}, []string{"does-nothing"}, "A or B is zero in all"},
		{"both zero", plain, []factor{zero(qa.name, 16, 40), q0, va, vb}, []string{"both-zero"}, "no training will ever move them"},
		{"α is 0", `"r":16,"lora_alpha":0,"target_modules":["q_proj","v_proj"]`, whole, []string{"scale-zero"}, "s is 0 in all 2 modules"},
		{"NaN", plain, []factor{qa, qb, va.with(41, math.NaN()), vb}, []string{"non-finite"}, "the first: A[1,1] is NaN"},
		{"overflow", plain, []factor{qa, {qb.name, peft.F64, qb.shape, slices.Repeat([]float64{1e200}, 30*16)}, va, vb}, []string{"overflow"}, "1 of 2 modules (l.0.q_proj)"},
		{"one direction", plain, []factor{qa, qb, va, column}, []string{"fewer-directions"}, "l.0.v_proj has 1 of 16"},
		{"α by default", `"r":16,"target_modules":["q_proj","v_proj"]`, whole, []string{"alpha-default"}, "s = α/r = 8/16 = 0.5, 2 times weaker than at s = 1"},
		{"rsLoRA", `"r":16,"lora_alpha":16,"use_rslora":true,"target_modules":["q_proj","v_proj"]`, whole, []string{"rslora"}, "s = α/√r = 4. A program that overlooks the flag takes α/r = 1, 4 times too little"},
		{"rsLoRA with α of α/r", `"r":16,"lora_alpha":32,"use_rslora":true,"target_modules":["q_proj","v_proj"]`, whole, []string{"rslora-large"}, "An s of 8 is large"},
		{"modules that are not aimed at", `"r":16,"lora_alpha":16,"target_modules":["q_proj"]`, whole, []string{"not-targeted"}, "1 of 2 modules (l.0.v_proj)"},
		{"excluded", plain + `,"exclude_modules":["v_proj"]`, whole, []string{"not-targeted"}, "(l.0.v_proj)"},
		{"aimed at and not there", `"r":16,"lora_alpha":16,"target_modules":["q_proj","v_proj","o_proj"]`, whole, []string{"not-in-file"}, "aims at o_proj"},
		{"default of the base", `"r":16,"lora_alpha":16`, whole, []string{"targets-unchecked"}, "target_modules is empty"},
		{"pattern not Go's", `"r":16,"lora_alpha":16,"target_modules":"(?!x).*_proj"`, whole, []string{"targets-unchecked"}, "no regular expression that Go reads"},
		{"idle patterns", plain + `,"rank_pattern":{"o_proj":2},"alpha_pattern":{"k_proj":2}`, whole, []string{"idle-rank-pattern", "idle-alpha-pattern"}, "rank_pattern has o_proj"},
		{"no prefix", plain, []factor{renamed(qa, "l.0.q_proj.lora_A.weight"), renamed(qb, "l.0.q_proj.lora_B.weight"), va, vb}, []string{"no-prefix"}, "1 of 2 modules (l.0.q_proj)"},
		{"DoRA", plain + `,"use_dora":true`, append([]factor{drawn(5, q+".lora_magnitude_vector", 30), drawn(6, v+".lora_magnitude_vector", 20)}, whole...), []string{"dora"}, "magnitudes are in the file"},
		{"DoRA without magnitudes", plain + `,"use_dora":true`, whole, []string{"no-magnitude"}, "all 2 modules"},
		{"magnitudes without DoRA", plain, append([]factor{drawn(5, q+".lora_magnitude_vector", 30)}, whole...), []string{"magnitude-unused"}, "use_dora is off"},
		{"bias that is not used", plain, append([]factor{drawn(5, q+".lora_B.bias", 30)}, whole...), []string{"bias-unused"}, "lora_bias is off"},
		{"PiSSA", plain + `,"init_lora_weights":"pissa_niter_16"`, whole, []string{"init-changes-base"}, "pissa_niter_16"},
		{"saved whole", plain + `,"modules_to_save":["score"]`, append([]factor{drawn(5, "base_model.model.score.weight", 3)}, whole...), []string{"other-tensors"}, "the file has 1 tensor: base_model.model.score.weight"},
		{"not saved", plain + `,"modules_to_save":["score"]`, whole, []string{"saved-module-missing"}, "names score"},
		{"adapter's name kept", plain, append([]factor{drawn(5, "base_model.model.l.1.q_proj.lora_A.default.weight", 3, 3)}, whole...), []string{"name-kept"}, "names of 1 tensor"},
		{"stacked experts", plain + `,"target_parameters":["experts.w"]`, append([]factor{drawn(5, "base_model.model.l.0.experts.lora_A.weight", 32, 3), drawn(6, "base_model.model.l.0.experts.lora_B.weight", 3, 32)}, whole...), []string{"stacked-experts"}, "l.0.experts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := adapterFolder(t, `{"peft_type":"LORA",`+tt.config+`}`, tt.factors...)
			var r adapterReport
			decodeAdapter(t, &r, dir)
			var ids []string
			for _, remark := range r.Remarks {
				ids = append(ids, remark.ID)
			}
			if !slices.Equal(ids, tt.want) {
				t.Fatalf("remarks %v, want %v", ids, tt.want)
			}
			text, err := runAdapter(t, dir)
			if err != nil {
				t.Fatal(err)
			}
			if len(ids) > 0 && !strings.Contains(r.Remarks[0].Text, tt.says) {
				t.Errorf("%q does not say %q", r.Remarks[0].Text, tt.says)
			}
			if n := strings.Count(text, "warning: ") + strings.Count(text, "note: "); n != len(ids) {
				t.Errorf("%d remarks in the text, want %d:\n%s", n, len(ids), text)
			}
			for line := range strings.Lines(text) {
				if utf8.RuneCountInString(line) > 81 { // with the line's end
					t.Errorf("more than 80 columns: %q", line)
				}
			}
		})
	}
}

func TestAdapterComparison(t *testing.T) {
	one := adapterFolder(t, `{"peft_type":"LORA","r":3,"lora_alpha":3}`,
		drawn(1, q+".lora_A.weight", 3, 20), drawn(2, q+".lora_B.weight", 15, 3),
		drawn(3, v+".lora_A.weight", 3, 20), drawn(4, v+".lora_B.weight", 15, 3),
		drawn(5, "base_model.model.l.1.q_proj.lora_A.weight", 3, 20), drawn(6, "base_model.model.l.1.q_proj.lora_B.weight", 15, 3),
		drawn(5, "base_model.model.l.2.q_proj.lora_A.weight", 3, 20), drawn(6, "base_model.model.l.2.q_proj.lora_B.weight", 15, 3))
	// Of q the same A, turned, with one row more, and B of its own; of v another width.
	a := drawn(1, q+".lora_A.weight", 3, 20)
	turned := zero(q+".lora_A.weight", 4, 20)
	for j := range 20 {
		turned.x[j] = a.x[j] + a.x[20+j]
		turned.x[20+j] = a.x[j] - a.x[40+j]
		turned.x[40+j] = a.x[20+j]
		turned.x[60+j] = math.Sin(float64(j))
	}
	two := adapterFolder(t, `{"peft_type":"LORA","r":4,"lora_alpha":3}`,
		turned, drawn(9, q+".lora_B.weight", 15, 4),
		drawn(3, v+".lora_A.weight", 4, 21), drawn(4, v+".lora_B.weight", 15, 4),
		drawn(5, "base_model.model.l.2.q_proj.lora_A.weight", 4, 20).with(0, math.NaN()), drawn(6, "base_model.model.l.2.q_proj.lora_B.weight", 15, 4),
		drawn(7, "base_model.model.l.3.q_proj.lora_A.weight", 4, 20), drawn(8, "base_model.model.l.3.q_proj.lora_B.weight", 15, 4))
	var r adapterComparison
	decodeAdapter(t, &r, one, two)
	if len(r.Modules) != 1 || !slices.Equal(r.Unlike, []string{"l.0.v_proj"}) || !slices.Equal(r.Broken, []string{"l.2.q_proj"}) ||
		!slices.Equal(r.OnlyFirst, []string{"l.1.q_proj"}) || !slices.Equal(r.OnlySecond, []string{"l.3.q_proj"}) {
		t.Fatalf("%+v", r)
	}
	m := r.Modules[0]
	if m.Rank1 != 3 || m.Rank2 != 4 || math.Abs(m.Inputs.All-1) > 1e-12 || m.Inputs.Chance != 4.0/20 || len(m.Inputs.Grid) != 3 || len(m.Inputs.Grid[0]) != 4 {
		t.Errorf("A spans a part of the other: %+v", m.Inputs)
	}
	if m.Outputs.All > 0.9 || m.Outputs.Chance != 4.0/15 || m.Outputs.First != m.Outputs.Grid[0][0] || m.Cosine == nil || math.Abs(*m.Cosine) > 0.9 {
		t.Errorf("B is another: %+v, cosine %v", m.Outputs, m.Cosine)
	}
	text, err := runAdapter(t, one, two)
	for _, want := range []string{"1 module compared", "1 module only in the first: l.1.q_proj", "1 module in both, but of other shapes: l.0.v_proj", "not finite in one: l.2.q_proj", "warning, second: NaN"} {
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("error %v, no %q in\n%s", err, want, text)
		}
	}
	if got := share3(-0.0004) + " " + share3(-0.9996) + " " + share3(0.0126); got != "0.000 -1.000 0.013" {
		t.Errorf("shares %s", got)
	}
	other := adapterFolder(t, `{"peft_type":"LORA","r":3}`, drawn(1, "x.lora_A.weight", 3, 2), drawn(1, "x.lora_B.weight", 2, 3))
	if _, err := runAdapter(t, one, other); err == nil || !strings.Contains(err.Error(), "no module of the same name and shape") {
		t.Errorf("nothing in common: error %v", err)
	}
	idle := adapterFolder(t, `{"peft_type":"LORA","r":3}`, drawn(1, q+".lora_A.weight", 3, 20), zero(q+".lora_B.weight", 15, 3))
	r = adapterComparison{}
	decodeAdapter(t, &r, one, idle)
	if m := r.Modules[0]; m.Outputs != nil || m.Cosine != nil || m.Inputs == nil {
		t.Errorf("B is zero, but %+v", m)
	}
}

// The errors of a file in 4 bits are those of quantizing.
func TestAdapter4Bit(t *testing.T) {
	model, _ := modelFile(t)
	packed := filepath.Join(t.TempDir(), "nf4.safetensors")
	out, err := runQuantize(t, model, "--double", "-o", packed, "--json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]quantizedTensor{}
	for _, q := range decodeReport(t, out).Tensors {
		want[q.Name] = q
	}
	var r report4
	decodeAdapter(t, &r, packed, model)
	if len(r.Tensors) != len(want) || len(want) == 0 || r.Others != 4 {
		t.Fatalf("%d tensors and %d others, want %d and 4", len(r.Tensors), r.Others, len(want))
	}
	for _, got := range r.Tensors {
		w := want[got.Name]
		if got.Format != "nf4" || got.Block != 64 || !got.Double || got.BitsPerParam != w.BitsPerParam || got.Bytes != w.Bytes ||
			*got.MeanError != w.MeanError || *got.MaxError != w.MaxError || *got.SNR != *w.SNR {
			t.Errorf("%+v, want %+v", got, w)
		}
	}
	part := filepath.Join(t.TempDir(), "part.safetensors")
	writeTensors(t, part, drawn(1, upProj, 24, 40))
	r = report4{}
	decodeAdapter(t, &r, packed, part)
	if len(r.Missing) != len(want)-1 || r.Tensors[0].MeanError == nil && r.Tensors[1].MeanError == nil && r.Tensors[2].MeanError == nil {
		t.Errorf("with a part of the weights: %+v", r)
	}
	for name, f := range map[string]factor{
		"found the shape 24×41, want 24×40": drawn(1, upProj, 24, 41),
		"not finite":                        drawn(1, upProj, 24, 40).with(3, math.NaN()),
		"found none of the weights":         drawn(1, "elsewhere."+upProj, 24, 40),
	} {
		file := filepath.Join(t.TempDir(), "other.safetensors")
		writeTensors(t, file, f)
		if _, err := runAdapter(t, packed, file); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}

// A file in which two weights are stored in different ways is listed in groups.
func TestAdapter4BitGroups(t *testing.T) {
	formats := map[string]quant.Format{
		"a.weight": {Book: quant.NF4(), Block: 64}, "b.weight": {Book: quant.FP4(), Block: 128, Double: true},
	}
	weight := func(name string) peft.Weight4 {
		return peft.Weight4{Name: name, Format: formats[name], Shape: []int{16, 16}, DType: peft.BF16}
	}
	var infos []peft.Info
	for name := range formats {
		parts, err := weight(name).Tensors()
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, parts...)
	}
	path := filepath.Join(t.TempDir(), "mixed.safetensors")
	err := atomicfile.Write(path, false, func(f atomicfile.File) error {
		w, err := peft.NewWriter(f, infos, nil)
		if err != nil {
			return err
		}
		for name, format := range formats {
			blocks, err := format.Quantize(make([]float32, 256))
			if err := errors.Join(err, weight(name).Begin(w), weight(name).Append(w, blocks)); err != nil {
				return err
			}
		}
		return w.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := runAdapter(t, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nf4, a scale for each block of 64; dequantized to BF16", "fp4, a scale for each block of 128, the scales in 8 bits; dequantized to BF16", "2 tensors in 4 bits: 512 parameters"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestAdapterQuotesForeignNames(t *testing.T) {
	dir := adapterFolder(t, `{"peft_type":"LORA","r":3,"base_model_name_or_path":"\u001b[2J","target_modules":["\u001b]0;x"]}`,
		drawn(1, "base_model.model.\x1b[31m.a.lora_A.weight", 3, 4), drawn(1, "base_model.model.\x1b[31m.a.lora_B.weight", 4, 3),
		drawn(1, "base_model.model.\x1b[31m.b.lora_A.weight", 3, 4), drawn(1, "base_model.model.\x1b[31m.b.lora_B.weight", 4, 3),
		drawn(1, "\x07", 1))
	text, err := runAdapter(t, dir)
	if err != nil || strings.ContainsAny(text, "\x1b\x07") || !strings.Contains(text, `\x1b[31m`) {
		t.Errorf("error %v, text %q", err, text)
	}
}

// Ctrl+C ends the command however long a step takes.
func TestAdapterObeysInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	never := make(chan struct{})
	defer close(never)
	began := make(chan struct{})
	go func() {
		<-began
		cancel()
	}()
	err := each(ctx, io.Discard, "", 1, 1, func(int) error {
		close(began)
		<-never
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	dir := adapterFolder(t, `{"peft_type":"LORA","r":3}`, drawn(1, q+".lora_A.weight", 3, 20), drawn(2, q+".lora_B.weight", 15, 3))
	if _, err := inspect(ctx, []string{dir}, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interruption: error %v", err)
	}
}
