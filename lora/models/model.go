package models

import (
	"fmt"
	"strings"

	"loralab/lora/number"
)

// Kind says what a group of parameters is, and with it what may be done to it.
type Kind string

const (
	// Linear is a matrix inside a block: nn.Linear, or GPT-2's Conv1D. It takes
	// an adapter, belongs to "all-linear", and is what QLoRA stores in 4 bits.
	Linear Kind = "linear"
	// Head is the output layer. It takes an adapter if named, but "all-linear"
	// leaves it out (PEFT) and QLoRA keeps it in 16 bits.
	Head Kind = "head"
	// Embedding is a table of vectors, one row a token or position. PEFT can
	// adapt it if named; "all-linear" leaves it out.
	Embedding Kind = "embedding"
	// Norm is a LayerNorm or RMSNorm. It takes no adapter.
	Norm Kind = "norm"
)

// Group is one kind of parameter tensor and how often the model repeats it.
type Group struct {
	Name  string // full name; "*" stands for the layer: model.layers.*.self_attn.q_proj
	Kind  Kind
	In    int64 // k: inputs of a matrix, rows of an embedding table, 1 for a norm
	Out   int64 // d: outputs of a matrix, width of an embedding or norm
	Bias  bool  // a bias of Out parameters beside the weight
	Count int64 // how many the model has, one a layer or one in all
	Tied  bool  // the weight is the input embedding's: no parameters of its own
}

// Short is the last part of the name, such as q_proj.
func (g Group) Short() string { return g.Name[strings.LastIndexByte(g.Name, '.')+1:] }

// Params is the number of parameters in all Count tensors, biases with them. It
// cannot overflow for the groups of a [Model] that this package built.
func (g Group) Params() int64 {
	var c checked
	return g.params(&c)
}

func (g Group) params(c *checked) int64 {
	if g.Tied {
		return 0
	}
	n := c.mul(g.In, g.Out)
	if g.Bias {
		n = c.add(n, g.Out)
	}
	return c.mul(n, g.Count)
}

// instance is the name of the i-th module of the group, as PyTorch has it.
func (g Group) instance(i int64) string {
	return strings.Replace(g.Name, "*", fmt.Sprint(i), 1)
}

// takesAdapter reports whether PEFT's LoRA can be put on the group.
func (g Group) takesAdapter() bool { return g.Kind != Norm }

// Model is the shape of a language model: every parameter it has, in the order
// of PyTorch's named_parameters. Models come from [ParseConfig], [Find],
// [Catalogue] and [Layer].
type Model struct {
	ID     string   // id in the catalogue; "" if it came from elsewhere
	Title  string   // a name for people
	Family string   // model_type; "" for a single layer
	Groups []Group  // in order
	Notes  []string // what had to be assumed where the configuration was silent

	targets []string // targeted if nobody says otherwise
	total   int64
}

// newModel sums the groups up once, so that no later count of the base
// parameters can overflow.
func newModel(family string, groups []Group) (*Model, error) {
	m := &Model{Family: family, Groups: groups}
	var c checked
	for _, g := range groups {
		m.total = c.add(m.total, g.params(&c))
	}
	if err := c.err("the model"); err != nil {
		return nil, err
	}
	return m, nil
}

// Layer returns the model that is one linear layer, W of d×k, with or without
// a bias of d. Sizes below 1 and products that do not fit are errors.
func Layer(d, k int64, bias bool) (*Model, error) {
	for _, size := range []struct {
		name  string
		value int64
	}{{"d (output width)", d}, {"k (input width)", k}} {
		if size.value < 1 {
			return nil, fmt.Errorf("models: %s: found %d, expected 1 or more", size.name, size.value)
		}
	}
	m, err := newModel("", []Group{{Name: "layer", Kind: Linear, In: k, Out: d, Bias: bias, Count: 1}})
	if err != nil {
		return nil, err
	}
	m.Title = fmt.Sprintf("a linear layer of %s×%s", number.Count(d), number.Count(k))
	m.targets = []string{"layer"}
	return m, nil
}

// Total is the number of parameters. A tied output layer adds none.
func (m *Model) Total() int64 { return m.total }

// Linears returns the groups that "all-linear" targets: every linear module
// except the output layer.
func (m *Model) Linears() []Group {
	var linears []Group
	for _, g := range m.Groups {
		if g.Kind == Linear {
			linears = append(linears, g)
		}
	}
	return linears
}

// TargetNames lists the shortest names that tell the modules apart which take
// an adapter: linear modules, then the output layer and embeddings. GPT-2 has
// two modules c_proj, so they are listed as attn.c_proj and mlp.c_proj.
func (m *Model) TargetNames() []string {
	seen := map[string]int{}
	for _, g := range m.Groups {
		seen[g.Short()]++
	}
	var linears, others []string
	for _, g := range m.Groups {
		if !g.takesAdapter() {
			continue
		}
		name := g.Short()
		if seen[name] > 1 {
			parts := strings.Split(g.Name, ".")
			name = strings.Join(parts[len(parts)-2:], ".")
		}
		if g.Kind == Linear {
			linears = append(linears, name)
		} else {
			others = append(others, name)
		}
	}
	return append(linears, others...)
}

// DefaultTargets lists what PEFT targets in this family if target_modules is
// not set (its TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING). For phi3
// PEFT has no entry and asks; qkv_proj, which fuses the projections that other
// families target, stands in and [Count] remarks on it.
func (m *Model) DefaultTargets() []string { return append([]string(nil), m.targets...) }

// name is what messages call the model.
func (m *Model) name() string {
	switch {
	case m.ID != "":
		return m.ID
	case m.Family != "":
		return "this " + m.Family + " model"
	default:
		return "the layer"
	}
}
