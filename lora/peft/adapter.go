package peft

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// The files of an adapter's folder.
const (
	ConfigFile  = "adapter_config.json"
	WeightsFile = "adapter_model.safetensors"
)

// Adapter is a LoRA adapter read from a folder as PEFT saves it.
type Adapter struct {
	Config  *Config
	Modules []Module // by name
	Others  []string // tensors that are no adapter's: modules saved whole, biases of the base
}

// Module is the adapter of one module of the base model.
type Module struct {
	Name      string     // in the base model, such as "model.layers.0.self_attn.q_proj"
	A         *mat.Dense // r×k
	B         *mat.Dense // d×r
	Alpha     float64
	Scale     float64   // s: the update is s·B·A, transposed if Embedding or Config.FanInFanOut
	Embedding bool      // k is the size of the vocabulary
	Magnitude []float64 // DoRA's, one an output; nil without DoRA
	Bias      []float64 // of B, one an output; nil without one
}

// Rank returns r.
func (m Module) Rank() int {
	r, _ := m.A.Dims()
	return r
}

// Params returns the number of trained parameters of all modules.
func (a *Adapter) Params() int {
	n := 0
	for _, m := range a.Modules {
		r, k := m.A.Dims()
		d, _ := m.B.Dims()
		n += r*(d+k) + len(m.Magnitude) + len(m.Bias)
	}
	return n
}

// maxConfig bounds the size of an adapter_config.json.
const maxConfig = 1 << 20

// ReadAdapter reads the folder dir. The ranks of the tensors must be the
// configuration's: PEFT computes the scaling from the latter, and would
// scale wrongly without a word.
func ReadAdapter(dir string) (*Adapter, error) {
	b, err := readConfigFile(filepath.Join(dir, ConfigFile))
	if err != nil {
		return nil, err
	}
	config, err := ParseConfig(b)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, dir)
	}
	weights := filepath.Join(dir, WeightsFile)
	f, err := Open(weights)
	if err != nil {
		pickled := filepath.Join(dir, "adapter_model.bin")
		if _, statErr := os.Stat(pickled); errors.Is(err, fs.ErrNotExist) && statErr == nil {
			err = fmt.Errorf("peft: %s: a pickle can run code when it is read: convert it to safetensors", pickled)
		}
		return nil, err
	}
	defer f.Close()
	a, err := NewAdapter(config, f)
	if err != nil {
		return nil, fmt.Errorf("peft: %s: %w", weights, err)
	}
	return a, nil
}

func readConfigFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("peft: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err == nil && len(b) > maxConfig {
		err = fmt.Errorf("more than %d bytes", maxConfig)
	}
	if err != nil {
		return nil, fmt.Errorf("peft: %s: %w", path, err)
	}
	return b, nil
}

// part is what the end of a tensor's name says that it is.
type part struct {
	suffix    string
	embedding bool
	set       func(*Module, Tensor) error
}

func parts() []part {
	a := func(m *Module, t Tensor) (err error) { m.A, err = t.Dense(); return }
	b := func(m *Module, t Tensor) (err error) { m.B, err = t.Dense(); return }
	magnitude := func(m *Module, t Tensor) (err error) { m.Magnitude, err = t.Float64s(); return }
	bias := func(m *Module, t Tensor) (err error) { m.Bias, err = t.Float64s(); return }
	return []part{
		{".lora_A.weight", false, a},
		{".lora_B.weight", false, b},
		{".lora_embedding_A", true, a},
		{".lora_embedding_B", true, b},
		{".lora_magnitude_vector", false, magnitude},
		{".lora_magnitude_vector.weight", false, magnitude}, // PEFT before 0.12
		{".lora_B.bias", false, bias},
	}
}

// NewAdapter gathers the modules of an adapter from a file's tensors.
func NewAdapter(config *Config, f *File) (*Adapter, error) {
	a := &Adapter{Config: config}
	modules := map[string]*Module{}
	parts := parts()
	for _, info := range f.Tensors() {
		i := slices.IndexFunc(parts, func(p part) bool { return strings.HasSuffix(info.Name, p.suffix) })
		if i < 0 {
			a.Others = append(a.Others, info.Name)
			continue
		}
		p := parts[i]
		name := strings.TrimPrefix(strings.TrimSuffix(info.Name, p.suffix), "base_model.model.")
		m := modules[name]
		if m == nil {
			m = &Module{Name: name, Embedding: p.embedding}
			modules[name] = m
		}
		t, err := f.Tensor(info.Name)
		if err != nil {
			return nil, err
		}
		if err := p.set(m, t); err != nil {
			return nil, err
		}
	}
	if len(modules) == 0 {
		return nil, fmt.Errorf("no tensor ends in .lora_A.weight or .lora_B.weight among %d: the file holds no adapter", len(f.Tensors()))
	}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		m := modules[name]
		if err := m.finish(config); err != nil {
			return nil, fmt.Errorf("module %s: %w", clip(m.Name), err)
		}
		a.Modules = append(a.Modules, *m)
	}
	slices.Sort(a.Others)
	return a, nil
}

// finish checks the parts against each other and the configuration.
func (m *Module) finish(config *Config) error {
	if m.A == nil || m.B == nil {
		return errors.New("found only one of A and B, want both")
	}
	r, k := m.A.Dims()
	d, rb := m.B.Dims()
	if want := config.Rank(m.Name); r != want || rb != want {
		return fmt.Errorf("found A %d×%d and B %d×%d, want A %d×k and B d×%d, by the rank in %s", r, k, d, rb, want, want, ConfigFile)
	}
	if m.Magnitude != nil && len(m.Magnitude) != d || m.Bias != nil && len(m.Bias) != d {
		return fmt.Errorf("magnitude of %d and bias of %d: want %d, B's rows", len(m.Magnitude), len(m.Bias), d)
	}
	m.Alpha, m.Scale = config.AlphaOf(m.Name), config.Scale(m.Name)
	return nil
}
