package peft

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// Module is the adapter of one module of the base model, its tensors not read.
type Module struct {
	Name      string // in the base model, such as "model.layers.0.self_attn.q_proj"
	A         Info   // r×k; of a convolution r×k₁×k₂×k₃, which is r×k with k = k₁·k₂·k₃
	B         Info   // d×r; of a convolution d×r×1×1
	Magnitude Info   // DoRA's, one an output; without a name if there is none
	Bias      Info   // of B, one an output; likewise
	Alpha     float64
	Rule      lora.Scaling
	Embedding bool // k is the size of the vocabulary
	Prefixed  bool // by base_model.model., without which PEFT finds no module
}

// Dims returns d, k and r.
func (m Module) Dims() (d, k, r int) {
	return m.B.Shape[0], elements(m.A.Shape[1:]), m.A.Shape[0]
}

// Scale returns s: the update is s·B·A, transposed if Embedding or
// Config.FanInFanOut.
func (m Module) Scale() float64 { return m.Rule.Factor(m.Alpha, m.A.Shape[0]) }

// Params returns the number of trained parameters.
func (m Module) Params() int {
	n := 0
	for _, t := range m.tensors() {
		n += t.Elements()
	}
	return n
}

// Bytes returns the size of the module's tensors in the file.
func (m Module) Bytes() int64 {
	n := int64(0)
	for _, t := range m.tensors() {
		n += t.Bytes()
	}
	return n
}

// tensors returns the tensors that there are.
func (m Module) tensors() []Info {
	return slices.DeleteFunc([]Info{m.A, m.B, m.Magnitude, m.Bias}, func(t Info) bool { return t.Name == "" })
}

// Factors reads A and B of one of the adapter's modules.
func (a *Adapter) Factors(m Module) (*lora.Adapter, error) {
	d, k, r := m.Dims()
	down, err := a.file.values(m.A)
	if err != nil {
		return nil, err
	}
	up, err := a.file.values(m.B)
	if err != nil {
		return nil, err
	}
	return &lora.Adapter{A: mat.NewDense(r, k, down), B: mat.NewDense(d, r, up), Alpha: m.Alpha, Rule: m.Rule}, nil
}

func (f *File) values(info Info) ([]float64, error) {
	t, err := f.Tensor(info.Name)
	if err != nil {
		return nil, err
	}
	return numbers[float64](t)
}

// shapeText writes a shape, such as 8×4096.
func shapeText(shape []int) string {
	text := make([]string, len(shape))
	for i, n := range shape {
		text[i] = strconv.Itoa(n)
	}
	return strings.Join(text, "×")
}

const modulePrefix = "base_model.model."

// part is what the end of a tensor's name says that it is.
type part struct {
	suffix    string
	embedding bool
	of        func(*Module) *Info
}

func parts() []part {
	a := func(m *Module) *Info { return &m.A }
	b := func(m *Module) *Info { return &m.B }
	magnitude := func(m *Module) *Info { return &m.Magnitude }
	bias := func(m *Module) *Info { return &m.Bias }
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

// gather sorts the tensors into modules.
func (a *Adapter) gather(tensors []Info) error {
	modules := map[string]*Module{}
	parts := parts()
	for _, info := range tensors {
		i := slices.IndexFunc(parts, func(p part) bool { return strings.HasSuffix(info.Name, p.suffix) })
		if i < 0 {
			a.Others = append(a.Others, info)
			continue
		}
		p := parts[i]
		name, prefixed := strings.CutPrefix(strings.TrimSuffix(info.Name, p.suffix), modulePrefix)
		m := modules[name]
		if m == nil {
			m = &Module{Name: name, Prefixed: prefixed, Rule: a.Config.Rule, Alpha: a.Config.AlphaOf(name)}
			modules[name] = m
		}
		if there := p.of(m); there.Name != "" {
			return fmt.Errorf("module %s: found both %s and %s, want one of them", clip(name), clip(there.Name), clip(info.Name))
		}
		*p.of(m) = info
		m.Embedding = m.Embedding || p.embedding
	}
	if len(modules) == 0 {
		return noModules(tensors)
	}
	for _, name := range slices.SortedFunc(maps.Keys(modules), compareNames) {
		m := modules[name]
		if err := m.check(a.Config); err == errStacked {
			a.Stacked = append(a.Stacked, name)
		} else if err != nil {
			return fmt.Errorf("module %s: %w", clip(name), err)
		} else {
			a.Modules = append(a.Modules, *m)
		}
	}
	slices.SortFunc(a.Others, func(x, y Info) int { return compareNames(x.Name, y.Name) })
	return nil
}

// errStacked marks the factors of stacked experts.
var errStacked = errors.New("stacked experts")

// check compares the tensors with each other and with the configuration.
func (m *Module) check(config *Config) error {
	switch {
	case m.A.Name == "" && m.B.Name == "":
		return fmt.Errorf("found only %s, want A and B beside it", clip(m.tensors()[0].Name))
	case m.B.Name == "":
		return fmt.Errorf("found only one of A and B, %s, want both: the file is not whole, save the adapter again", clip(m.A.Name))
	case m.A.Name == "":
		return fmt.Errorf("found only one of A and B, %s, want both: the file is not whole, save the adapter again", clip(m.B.Name))
	}
	for _, t := range m.tensors() {
		if !t.DType.IsFloat() {
			return fmt.Errorf("tensor %s is %s: only F64, F32, F16 and BF16 are read as numbers", clip(t.Name), t.DType)
		}
	}
	a, b := m.A.Shape, m.B.Shape
	if len(a) < 2 || len(b) < 2 || elements(a) == 0 || elements(b) == 0 {
		return fmt.Errorf("found A %s and B %s, want two dimensions of at least 1", shapeText(a), shapeText(b))
	}
	if elements(b[2:]) != 1 {
		return fmt.Errorf("found B %s, want d×r, of a convolution d×r×1×1", shapeText(b))
	}
	want := config.Rank(m.Name)
	if a[0] != want || b[1] != want {
		if m.isStacked(config, want) {
			return errStacked
		}
		return fmt.Errorf("found A %s and B %s, want A %d×k and B d×%d, by the rank in %s; the file and the configuration belong to different adapters, or one was edited",
			shapeText(a), shapeText(b), want, want, ConfigFile)
	}
	for _, vector := range []Info{m.Magnitude, m.Bias} {
		if vector.Name != "" && vector.Elements() != b[0] {
			return fmt.Errorf("found %s %s, want %d elements, one for each row of B", clip(vector.Name), shapeText(vector.Shape), b[0])
		}
	}
	return nil
}

// isStacked reports whether A and B hold the factors of several experts, r
// rows of A each.
func (m *Module) isStacked(config *Config, r int) bool {
	rows := m.A.Shape[0]
	return len(config.TargetParameters) > 0 && rows == m.B.Shape[1] && rows > r && rows%r == 0
}

// keptName is the name of a factor as a model's state has it, with the adapter's
// own name in it.
var keptName = regexp.MustCompile(`\.lora_(?:[AB]\.[^.]+\.weight|embedding_[AB]\.[^.]+)$`)

// KeepsAdapterName reports whether the name of a tensor still has the adapter's
// name in it, as ….lora_A.default.weight. PEFT takes it out when it saves, and
// finds no tensor with it when it loads.
func KeepsAdapterName(tensor string) bool { return keptName.MatchString(tensor) }

// noModules says what a file without an adapter holds instead.
func noModules(tensors []Info) error {
	has := func(is func(name string) bool) (string, bool) {
		i := slices.IndexFunc(tensors, func(t Info) bool { return is(t.Name) })
		if i < 0 {
			return "", false
		}
		return clip(tensors[i].Name), true
	}
	const nothing = "the file holds no adapter"
	if len(tensors) == 0 {
		return errors.New(nothing + ": found no tensor at all; it was saved from an empty state_dict, or before sharded weights were gathered: save again with save_pretrained")
	}
	if name, ok := has(KeepsAdapterName); ok {
		return fmt.Errorf("%s that PEFT would load: found %s, want names that end in .lora_A.weight; the adapter's own name is still in them: save with save_pretrained, or rename the tensors", nothing, name)
	}
	if name, ok := has(func(s string) bool { return strings.Contains(s, "lora_down") || strings.Contains(s, "lora_up") }); ok {
		return fmt.Errorf("%s in PEFT's form: found %s, a name of kohya's sd-scripts; convert it to PEFT's names", nothing, name)
	}
	return fmt.Errorf("%s: no tensor ends in .lora_A.weight or .lora_B.weight among %d, the first is %s", nothing, len(tensors), clip(tensors[0].Name))
}

// compareNames orders dotted names, numbers in them by value and before words.
func compareNames(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		n, errA := strconv.ParseUint(a, 10, 64)
		m, errB := strconv.ParseUint(b, 10, 64)
		switch {
		case errA == nil && errB == nil:
			return cmp.Or(cmp.Compare(n, m), strings.Compare(a, b))
		case errA == nil:
			return -1
		case errB == nil:
			return 1
		}
		return strings.Compare(a, b)
	})
}
