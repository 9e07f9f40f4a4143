package peft

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// matrix is a matrix of the reference file: numbers or, where there are many,
// base64 of little-endian float32.
type matrix struct{ *mat.Dense }

func (m *matrix) UnmarshalJSON(raw []byte) error {
	var in struct {
		Shape []int
		Data  []float64
		B64   []byte `json:"b64_le"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	for b := in.B64; len(b) >= 4; b = b[4:] {
		in.Data = append(in.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	if len(in.Shape) != 2 || in.Shape[0]*in.Shape[1] != len(in.Data) || len(in.Data) == 0 {
		return fmt.Errorf("matrix of shape %v with %d values", in.Shape, len(in.Data))
	}
	m.Dense = mat.NewDense(in.Shape[0], in.Shape[1], in.Data)
	return nil
}

func TestReadAdapter(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "adapter_expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		R            int
		Alpha, Scale float64
		HeaderBytes  int64 `json:"header_bytes"`
		FileBytes    int64 `json:"file_bytes"`
		Trainable    int   `json:"trainable_params"`
		Modules      map[string]struct {
			A, B, Delta, Merged matrix
			Base                matrix `json:"base_W"`
		}
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	a, err := OpenAdapter(filepath.Join("testdata", "adapter"))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if len(a.Modules) != len(want.Modules) || len(a.Modules) == 0 || len(a.Others) != 0 {
		t.Fatalf("%d modules and %d other tensors, want %d and none", len(a.Modules), len(a.Others), len(want.Modules))
	}
	if a.Params() != want.Trainable {
		t.Errorf("%d parameters, want %d", a.Params(), want.Trainable)
	}
	for _, m := range a.Modules {
		t.Run(m.Name, func(t *testing.T) {
			w, ok := want.Modules[m.Name]
			if !ok {
				t.Fatal("not among the expected")
			}
			if _, _, r := m.Dims(); r != want.R || m.Alpha != want.Alpha || m.Scale() != want.Scale || !m.Prefixed {
				t.Errorf("rank %d, α %v, s %v; want %d, %v, %v", r, m.Alpha, m.Scale(), want.R, want.Alpha, want.Scale)
			}
			factors, err := a.Factors(m)
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(factors.A, w.A) || !mat.Equal(factors.B, w.B) {
				t.Error("A or B differ")
			}
			merged := factors.Delta()
			if !mat.EqualApprox(merged, w.Delta, 1e-6) {
				t.Error("s·B·A differs")
			}
			measure, err := a.Measure(m)
			if err != nil {
				t.Fatal(err)
			}
			if norm := mat.Norm(w.Delta, 2); math.Abs(measure.Norm()-norm) > 1e-6*norm {
				t.Errorf("‖s·B·A‖ = %v, want %v", measure.Norm(), norm)
			}
			merged.Add(merged, w.Base)
			if !mat.EqualApprox(merged, w.Merged, 1e-6) {
				t.Error("W + s·B·A differs")
			}
		})
	}
	f, err := Open(filepath.Join("testdata", "adapter", WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if last := f.infos[len(f.infos)-1].end; f.buffer-lengthBytes != want.HeaderBytes || f.buffer+last != want.FileBytes {
		t.Errorf("buffer from %d to %d, want header %d and file %d", f.buffer, f.buffer+last, want.HeaderBytes, want.FileBytes)
	}
}

var configCases = []struct {
	name   string
	config string
	err    string // part of the error, "" if good
}{
	{"least", `{"peft_type":"LORA"}`, ""},
	{"float alpha and whole float rank", `{"peft_type":"LORA","r":4.0,"lora_alpha":2.5}`, ""},
	{"unknown keys", `{"peft_type":"LORA","velora_config":{"x":[1]},"R":0}`, ""},
	{"nulls", `{"peft_type":"LORA","task_type":null,"target_modules":null,"rank_pattern":null,"base_model_name_or_path":null}`, ""},
	{"targets as one pattern", `{"peft_type":"LORA","target_modules":"all-linear"}`, ""},
	{"rank zero", `{"peft_type":"LORA","r":0}`, "r: found 0"},
	{"half a rank", `{"peft_type":"LORA","r":2.5}`, "r: found 2.5"},
	{"rank as text", `{"peft_type":"LORA","r":"8"}`, "r: found"},
	{"alpha as text", `{"peft_type":"LORA","lora_alpha":"8"}`, "lora_alpha: found"},
	{"flag as number", `{"peft_type":"LORA","use_rslora":1}`, "use_rslora: found"},
	{"other method", `{"peft_type":"IA3"}`, "IA3"},
	{"no method", `{"r":4}`, "peft_type"},
	{"not an object", `[1]`, "adapter config"},
	{"null", `null`, "want an object"},
	{"cut", `{"peft_type":`, "adapter config"},
	{"more behind", `{"peft_type":"LORA"} x`, "adapter config"},
	{"pattern with a rank of 0", `{"peft_type":"LORA","rank_pattern":{"q_proj":0}}`, "rank_pattern: found 0"},
	{"pattern of text", `{"peft_type":"LORA","alpha_pattern":{"q_proj":"x"}}`, "alpha_pattern: found"},
	{"pattern that nests", `{"peft_type":"LORA","rank_pattern":{"q_proj":{"r":1}}}`, "rank_pattern: found"},
	{"pattern as list", `{"peft_type":"LORA","rank_pattern":[1]}`, "an object of numbers"},
	{"lookahead", `{"peft_type":"LORA","rank_pattern":{"(?!x)q":1}}`, "regular expression"},
}

func TestParseConfig(t *testing.T) {
	for _, tt := range configCases {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseConfig([]byte(tt.config))
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
		})
	}
}

func TestConfigPatterns(t *testing.T) {
	c, err := ParseConfig([]byte(`{"peft_type": "LORA", "r": 8, "lora_alpha": 16,
		"rank_pattern": {"layers.0.q_proj": 2, "q_proj": 4, "layers\\.\\d+\\.v_proj": 32},
		"alpha_pattern": {"^model.layers.0.v_proj": 1}}`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		module string
		rank   int
		alpha  float64
	}{
		{"model.layers.0.q_proj", 2, 16}, // the first match wins
		{"model.layers.1.q_proj", 4, 16},
		{"q_proj", 4, 16},
		{"model.layers.0.xq_proj", 8, 16}, // only whole names match
		{"model.layers.10.v_proj", 32, 16},
		{"model.layers.0.v_proj", 32, 1},
		{"model.layers.0.o_proj", 8, 16},
	}
	for _, tt := range tests {
		if r, alpha := c.Rank(tt.module), c.AlphaOf(tt.module); r != tt.rank || alpha != tt.alpha {
			t.Errorf("%s: rank %d, α %v; want %d, %v", tt.module, r, alpha, tt.rank, tt.alpha)
		}
	}
}

// folder writes an adapter of the given tensors.
func folder(t *testing.T, config string, tensors ...Tensor) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeAll(f, tensors, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func zeros(name string, dtype DType, shape ...int) Tensor {
	return Tensor{Name: name, DType: dtype, Shape: shape, Data: make([]byte, elements(shape)*dtype.Bits()/8)}
}

func TestAdapterFolders(t *testing.T) {
	const config = `{"peft_type":"LORA","r":2,"lora_alpha":4,"rank_pattern":{"v":3}}`
	const q, v = "base_model.model.l.q", "base_model.model.l.v"
	tests := []struct {
		name    string
		tensors []Tensor
		err     string
	}{
		{"ranks by pattern", []Tensor{zeros(q+".lora_A.weight", F16, 2, 5), zeros(q+".lora_B.weight", BF16, 4, 2), zeros(v+".lora_A.weight", F32, 3, 5), zeros(v+".lora_B.weight", F64, 4, 3)}, ""},
		{"embedding", []Tensor{zeros(q+".lora_embedding_A", F32, 2, 9), zeros(q+".lora_embedding_B", F32, 4, 2)}, ""},
		{"magnitude, bias and a module saved whole", []Tensor{zeros(q+".lora_A.weight", F32, 2, 5), zeros(q+".lora_B.weight", F32, 4, 2), zeros(q+".lora_magnitude_vector", F32, 4), zeros(q+".lora_B.bias", F32, 4), zeros("base_model.model.score.weight", I8, 3)}, ""},
		{"rank differs from the config", []Tensor{zeros(q+".lora_A.weight", F32, 4, 5), zeros(q+".lora_B.weight", F32, 4, 4)}, "want A 2×k"},
		{"convolution", []Tensor{zeros(q+".lora_A.weight", F32, 2, 5, 3, 3), zeros(q+".lora_B.weight", F32, 4, 2, 1, 1)}, ""},
		{"kernel in B", []Tensor{zeros(q+".lora_A.weight", F32, 2, 5, 3, 3), zeros(q+".lora_B.weight", F32, 4, 2, 3, 3)}, "d×r×1×1"},
		{"no rows", []Tensor{zeros(q+".lora_A.weight", F32, 2, 0), zeros(q+".lora_B.weight", F32, 4, 2)}, "at least 1"},
		{"magnitude alone", []Tensor{zeros(q+".lora_magnitude_vector", F32, 4)}, "want A and B"},
		{"magnitude twice", []Tensor{zeros(q+".lora_magnitude_vector", F32, 4), zeros(q+".lora_magnitude_vector.weight", F32, 4)}, "want one of them"},
		{"adapter's name kept", []Tensor{zeros(q+".lora_A.default.weight", F32, 2, 5), zeros(q+".lora_B.default.weight", F32, 4, 2)}, "save_pretrained"},
		{"kohya", []Tensor{zeros("lora_unet_down.lora_down.weight", F32, 2, 5)}, "kohya"},
		{"others only", []Tensor{zeros("base_model.model.score.weight", F32, 2)}, "no tensor ends in"},
		{"A and B differ", []Tensor{zeros(q+".lora_A.weight", F32, 2, 5), zeros(q+".lora_B.weight", F32, 4, 3)}, "want A 2×k"},
		{"B alone", []Tensor{zeros(q+".lora_B.weight", F32, 4, 2)}, "only one of A and B"},
		{"nothing", nil, "no tensor at all"},
		{"integers", []Tensor{zeros(q+".lora_A.weight", I8, 2, 5), zeros(q+".lora_B.weight", F32, 4, 2)}, "I8"},
		{"vector", []Tensor{zeros(q+".lora_A.weight", F32, 2), zeros(q+".lora_B.weight", F32, 4, 2)}, "two dimensions"},
		{"magnitude of another width", []Tensor{zeros(q+".lora_A.weight", F32, 2, 5), zeros(q+".lora_B.weight", F32, 4, 2), zeros(q+".lora_magnitude_vector", F32, 5)}, "magnitude"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := OpenAdapter(folder(t, config, tt.tensors...))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			for _, m := range a.Modules {
				d, k, r := m.Dims()
				if m.Scale() != 4/float64(r) {
					t.Errorf("%s: s = %v at rank %d", m.Name, m.Scale(), r)
				}
				if f, err := a.Factors(m); err != nil {
					t.Error(err)
				} else if fd, fk, fr := f.Dims(); fd != d || fk != k || fr != r || f.Scale() != m.Scale() {
					t.Errorf("%s: factors of d=%d k=%d r=%d s=%v, want %d %d %d %v", m.Name, fd, fk, fr, f.Scale(), d, k, r, m.Scale())
				}
			}
		})
	}
	dir := folder(t, config)
	os.Rename(filepath.Join(dir, WeightsFile), filepath.Join(dir, "adapter_model.bin"))
	if _, err := OpenAdapter(dir); err == nil || !strings.Contains(err.Error(), "convert") {
		t.Errorf("pickled adapter: error %v", err)
	}
	if _, err := OpenAdapter(t.TempDir()); err == nil || !strings.Contains(err.Error(), "want a folder that PEFT saved") {
		t.Errorf("an empty folder: error %v", err)
	}
	if _, err := OpenAdapter(filepath.Dir(dir)); err == nil || !strings.Contains(err.Error(), "such as "+dir) {
		t.Errorf("the folder above: error %v, want one that names %s", err, dir)
	}
}

// PEFT makes one pair of factors of all experts of a stacked parameter.
func TestStackedExperts(t *testing.T) {
	const config = `{"peft_type":"LORA","r":2,"target_parameters":["mlp.experts.gate_up_proj","mlp.experts.down_proj"],"target_modules":["q"]}`
	const experts, q = "base_model.model.l.mlp.experts", "base_model.model.l.q"
	pair := func(name string, r int) []Tensor {
		return []Tensor{zeros(name+".lora_A.weight", F32, r, 5), zeros(name+".lora_B.weight", F32, 4, r)}
	}
	a, err := OpenAdapter(folder(t, config, slices.Concat(pair(experts, 16), pair(experts+".base_layer", 16), pair(q, 2))...))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if want := []string{"l.mlp.experts", "l.mlp.experts.base_layer"}; len(a.Modules) != 1 || !slices.Equal(a.Stacked, want) {
		t.Errorf("modules %v, stacked %v, want %v", a.Modules, a.Stacked, want)
	}
	if entry, ok := a.Config.Target("l.mlp.experts.base_layer"); !ok || entry != "mlp.experts.gate_up_proj" {
		t.Errorf("aimed at by %q, %v", entry, ok)
	}
	if _, err := OpenAdapter(folder(t, config, pair(q, 3)...)); err == nil {
		t.Error("a rank that is no multiple was taken for experts")
	}
}

func TestModulesAreInOrder(t *testing.T) {
	names := []string{"model.layers.10.q", "model.layers.2.v", "model.layers.2.q", "model.layers.x.q", "a"}
	want := []string{"a", "model.layers.2.q", "model.layers.2.v", "model.layers.10.q", "model.layers.x.q"}
	if slices.SortFunc(names, compareNames); !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func FuzzConfig(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "adapter", ConfigFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	for _, c := range configCases {
		f.Add([]byte(c.config))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseConfig(b)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		if c.Rank("model.layers.0.q_proj") < 1 {
			t.Errorf("rank %d", c.Rank("model.layers.0.q_proj"))
		}
	})
}
