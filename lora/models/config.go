package models

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits on what a configuration may claim. They are far above any model there
// is, and low enough that no width formed from them overflows.
const (
	maxConfig = 1 << 20 // bytes; real ones have about a thousand
	maxWidth  = 1 << 24
	maxHeads  = 1 << 16
	maxVocab  = 1 << 28
	maxLayers = 10_000
)

// ParseConfig reads a Hugging Face config.json and returns the model's shape. The
// family is model_type or, if that is absent, the class in architectures;
// known are gpt2, llama, mistral, qwen2, gemma2 and phi3. Unknown keys are
// ignored. The model is counted as the causal language model, with its head.
//
// An error is one line that names the field, what was found and what was
// expected. Where the configuration is silent and transformers has a default,
// the default is taken; if it is not evident, [Model.Notes] says so.
func ParseConfig(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	if err != nil {
		return nil, fmt.Errorf("models: config: %w", err)
	}
	if len(data) > maxConfig {
		return nil, fmt.Errorf("models: config: longer than %d bytes; expected a config.json, not weights", maxConfig)
	}
	c := config{fields: map[string]json.RawMessage{}}
	if err := json.Unmarshal(data, &c.fields); err != nil {
		return nil, fmt.Errorf("models: config: %s", describeJSON(err))
	}
	if c.fields == nil {
		return nil, errors.New("models: config: found null, expected a JSON object such as a model's config.json")
	}
	m := c.model()
	if c.err != nil {
		return nil, c.err
	}
	return m, nil
}

func describeJSON(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("not JSON at byte %d: %v", syntax.Offset, err)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("found a JSON %s, expected an object such as a model's config.json", kind.Value)
	}
	return err.Error()
}

// config reads fields one by one and keeps the first error, so that the
// reading below is a list of fields and not a list of error checks.
type config struct {
	fields map[string]json.RawMessage
	notes  []string
	err    error
}

func (c *config) fail(field, found, expected string) {
	if c.err == nil {
		c.err = fmt.Errorf("models: config: %s: found %s, expected %s", field, found, expected)
	}
}

func (c *config) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// present reports whether the field is there at all, and whether it has a
// value. null means "as if unset" to transformers, but not always the same
// as absent.
func (c *config) present(field string) (there, value bool) {
	raw, there := c.fields[field]
	return there, there && string(bytes.TrimSpace(raw)) != "null"
}

// size reads a whole number from 1 to limit under the first of the names that
// has a value. If none has, it returns 0.
func (c *config) size(limit int64, names ...string) int64 {
	var n int64
	var from string
	for _, name := range names {
		if _, value := c.present(name); !value {
			continue
		}
		v, err := strconv.ParseInt(string(c.fields[name]), 10, 64)
		if err != nil || v < 1 || v > limit {
			c.fail(name, show(c.fields[name]), fmt.Sprintf("a whole number from 1 to %d", limit))
			return 0
		}
		if from != "" && v != n {
			c.fail(name, show(c.fields[name]), fmt.Sprintf("%d, as %s says", n, from))
			return 0
		}
		n, from = v, name
	}
	return n
}

// need is size for a field that must be there.
func (c *config) need(limit int64, names ...string) int64 {
	n := c.size(limit, names...)
	if n == 0 {
		field := names[0]
		if len(names) > 1 {
			field += " (or " + strings.Join(names[1:], ", ") + ")"
		}
		c.fail(field, "nothing", fmt.Sprintf("a whole number from 1 to %d", limit))
		return 1 // so that what follows can divide; the error stands
	}
	return n
}

func (c *config) flag(field string, unset bool) bool {
	if _, value := c.present(field); !value {
		return unset
	}
	switch string(c.fields[field]) {
	case "true":
		return true
	case "false":
		return false
	}
	c.fail(field, show(c.fields[field]), "true or false")
	return unset
}

// family finds the family by model_type, or by architectures if there is none.
func (c *config) family() family {
	var names []string
	known := families()
	for _, f := range known {
		names = append(names, f.name)
	}
	expected := "one of the known families: " + strings.Join(names, ", ")

	classes := c.classes()
	if _, value := c.present("model_type"); value {
		var name string
		if json.Unmarshal(c.fields["model_type"], &name) == nil {
			for _, f := range known {
				if f.name == name {
					c.checkClass(f, classes)
					return f
				}
			}
		}
		c.fail("model_type", show(c.fields["model_type"]), expected)
		return family{}
	}
	for _, class := range classes {
		stem, _ := splitClass(class)
		for _, f := range known {
			if f.class == stem {
				c.checkClass(f, classes)
				return f
			}
		}
	}
	if len(classes) > 0 {
		c.fail("architectures", show(c.fields["architectures"]), expected)
	} else {
		c.fail("model_type", "nothing", expected)
	}
	return family{}
}

// classes reads architectures, a list of class names.
func (c *config) classes() []string {
	if _, value := c.present("architectures"); !value {
		return nil
	}
	var classes []string
	if json.Unmarshal(c.fields["architectures"], &classes) != nil {
		c.fail("architectures", show(c.fields["architectures"]), "a list of class names")
	}
	return classes
}

// checkClass notes when the configuration is for another head than the one
// that is counted.
func (c *config) checkClass(f family, classes []string) {
	for _, class := range classes {
		if stem, causal := splitClass(class); stem == f.class && causal {
			return
		}
	}
	if len(classes) > 0 {
		c.note("architectures is %s; counted is the causal language model, with its output layer", show(c.fields["architectures"]))
	}
}

// splitClass takes a class name such as LlamaForCausalLM apart.
func splitClass(class string) (stem string, causal bool) {
	for _, suffix := range []string{"ForCausalLM", "LMHeadModel"} {
		if stem, ok := strings.CutSuffix(class, suffix); ok {
			return stem, true
		}
	}
	for _, suffix := range []string{"ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering", "Model"} {
		if stem, ok := strings.CutSuffix(class, suffix); ok {
			return stem, false
		}
	}
	return class, false
}

func (c *config) model() *Model {
	f := c.family()
	if c.err != nil {
		return nil
	}
	s := c.shape(f)
	if c.err != nil {
		return nil
	}
	m, err := newModel(f.name, f.groups(s))
	if err != nil {
		c.err = err
		return nil
	}
	m.Notes, m.targets = c.notes, f.targets
	m.Title = "a " + f.name + " model"
	return m
}

func (c *config) shape(f family) shape {
	s := shape{
		vocab: c.need(maxVocab, "vocab_size"),
		tied:  c.flag("tie_word_embeddings", f.tied),
	}
	if f.gpt2Keys {
		// transformers maps the common names to GPT-2's own.
		s.d = c.need(maxWidth, "n_embd", "hidden_size")
		s.layers = c.need(maxLayers, "n_layer", "num_hidden_layers")
		s.heads = c.need(maxHeads, "n_head", "num_attention_heads")
		s.positions = c.need(maxVocab, "n_positions", "max_position_embeddings")
		if s.ff = c.size(maxWidth, "n_inner"); s.ff == 0 {
			s.ff = 4 * s.d
		}
		if s.d%s.heads != 0 {
			c.fail("n_embd", fmt.Sprint(s.d), fmt.Sprintf("a multiple of n_head = %d", s.heads))
		}
		if c.flag("add_cross_attention", false) {
			c.fail("add_cross_attention", "true", "false: only models without an encoder are counted")
		}
		return s
	}
	s.d = c.need(maxWidth, "hidden_size")
	s.layers = c.need(maxLayers, "num_hidden_layers")
	s.heads = c.need(maxHeads, "num_attention_heads")
	s.ff = c.need(maxWidth, "intermediate_size")
	s.kv = c.keyValueHeads(f, s.heads)
	s.headDim = c.headDim(f, s)
	if f.hasAttnBias {
		s.attnBias = c.flag("attention_bias", false)
	}
	if f.hasMLPBias {
		s.mlpBias = c.flag("mlp_bias", false)
	}
	if s.heads*s.headDim > maxWidth {
		c.fail("head_dim", fmt.Sprint(s.headDim), fmt.Sprintf("at most %d for all %d heads together", maxWidth, s.heads))
	}
	return s
}

// keyValueHeads reads num_key_value_heads. null means as many as heads. Absent
// means the same in llama and phi3, but a fixed number in the others; that
// number is taken if it can be meant at all, with a note either way.
func (c *config) keyValueHeads(f family, heads int64) int64 {
	const field = "num_key_value_heads"
	if kv := c.size(maxHeads, field); kv != 0 {
		if heads%kv != 0 {
			c.fail(field, fmt.Sprint(kv), fmt.Sprintf("a divisor of num_attention_heads = %d", heads))
		}
		return kv
	}
	kv := heads
	if there, _ := c.present(field); !there && f.kv != 0 {
		if heads%f.kv == 0 {
			kv = f.kv
		}
		c.note("%s is absent; %d is assumed (transformers assumes %d for %s)", field, kv, f.kv, f.name)
	}
	return kv
}

func (c *config) headDim(f family, s shape) int64 {
	if n := c.size(maxHeads, "head_dim"); n != 0 {
		return n
	}
	if there, _ := c.present("head_dim"); !there && f.headDim != 0 {
		c.note("head_dim is absent; %d is assumed, as transformers does for %s", f.headDim, f.name)
		return f.headDim
	}
	if s.d%s.heads != 0 {
		c.fail("hidden_size", fmt.Sprint(s.d), fmt.Sprintf("a multiple of num_attention_heads = %d where head_dim is not given", s.heads))
	}
	return s.d / s.heads
}

// show quotes a piece of JSON in a message: one line, not the whole file.
func show(raw json.RawMessage) string {
	const most = 40
	var line bytes.Buffer
	if json.Compact(&line, raw) != nil {
		return "something that is not JSON"
	}
	text := []rune(line.String())
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
