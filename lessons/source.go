package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// ContentError is a mistake in a content file.
type ContentError struct {
	File         string
	Line, Column int // from 1
	Err          error
}

func (e *ContentError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

func (e *ContentError) Unwrap() error { return e.Err }

// Source is a piece of YAML inside a content file: the front matter, or a
// fenced block. It knows where it stands, so that every error can say.
type Source struct {
	File string
	Line int // of the first line of Text, from 1
	Text string
}

// Errorf returns an error at a line and column of the piece, both from 1.
func (s Source) Errorf(line, column int, format string, args ...any) error {
	return &ContentError{s.File, s.Line + line - 1, column, fmt.Errorf(format, args...)}
}

// Fields is a YAML mapping whose keys have been checked.
type Fields struct {
	src    Source
	keys   map[string]*yaml.Node
	values map[string]*yaml.Node
}

// Fields parses the piece as a mapping with the given keys and no others; keys
// ending in "!" are required.
func (s Source) Fields(keys ...string) (Fields, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(s.Text), &doc); err != nil {
		return Fields{}, s.yamlError(err)
	}
	if len(doc.Content) == 0 {
		return s.fields(&yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}, keys)
	}
	return s.fields(doc.Content[0], keys)
}

// yamlError moves the line that the YAML library reports into the file's count.
func (s Source) yamlError(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		num, rest, _ := strings.Cut(rest, ": ")
		if n, convErr := strconv.Atoi(num); convErr == nil {
			return s.Errorf(n, 1, "%s", rest)
		}
	}
	return s.Errorf(1, 1, "%s", text)
}

func (s Source) fields(node *yaml.Node, keys []string) (Fields, error) {
	f := Fields{s, map[string]*yaml.Node{}, map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		return f, s.Errorf(node.Line, node.Column, "want lines of \"key: value\"")
	}
	var allowed, required []string
	for _, k := range keys {
		name := strings.TrimSuffix(k, "!")
		allowed = append(allowed, name)
		if name != k {
			required = append(required, name)
		}
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !slices.Contains(allowed, key.Value) {
			return f, s.Errorf(key.Line, key.Column, "unknown key %q (keys: %s)", key.Value, strings.Join(allowed, ", "))
		}
		if f.values[key.Value] != nil {
			return f, s.Errorf(key.Line, key.Column, "key %q stands twice", key.Value)
		}
		f.keys[key.Value], f.values[key.Value] = key, value
	}
	for _, name := range required {
		if f.values[name] == nil {
			return f, s.Errorf(node.Line, node.Column, "key %q is missing", name)
		}
	}
	return f, nil
}

// Has reports whether the key is there.
func (f Fields) Has(key string) bool { return f.values[key] != nil }

// Errorf returns an error at the value of a key.
func (f Fields) Errorf(key, format string, args ...any) error {
	if v := f.values[key]; v != nil {
		return f.src.Errorf(v.Line, v.Column, format, args...)
	}
	return f.src.Errorf(1, 1, format, args...)
}

// Text returns a string, "" where the key is not there.
func (f Fields) Text(key string) (string, error) {
	v := f.values[key]
	if v == nil {
		return "", nil
	}
	if v.Kind != yaml.ScalarNode {
		return "", f.Errorf(key, "%s: want one value", key)
	}
	return strings.TrimSpace(v.Value), nil
}

// Number returns a number, 0 where the key is not there.
func (f Fields) Number(key string) (float64, error) {
	text, err := f.Text(key)
	if err != nil || text == "" {
		return 0, err
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, f.Errorf(key, "%s: %q is not a number", key, text)
	}
	return x, nil
}

// Item is one string of a list or mapping, with its place.
type Item struct {
	Key, Text    string
	line, column int
	src          Source
}

// Errorf returns an error at the item.
func (it Item) Errorf(format string, args ...any) error {
	return it.src.Errorf(it.line, it.column, format, args...)
}

// List returns a list of strings; a single string is a list of one.
func (f Fields) List(key string) ([]Item, error) {
	v := f.values[key]
	if v == nil {
		return nil, nil
	}
	nodes := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		nodes = v.Content
	}
	var items []Item
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			return nil, f.src.Errorf(n.Line, n.Column, "%s: want a list of plain values", key)
		}
		items = append(items, Item{"", strings.TrimSpace(n.Value), n.Line, n.Column, f.src})
	}
	return items, nil
}

// Pairs returns a mapping of plain values in its order. Lists are joined by
// commas.
func (f Fields) Pairs(key string) ([]Item, error) {
	v := f.values[key]
	if v == nil {
		return nil, nil
	}
	if v.Kind != yaml.MappingNode {
		return nil, f.Errorf(key, "%s: want lines of \"name: value\"", key)
	}
	var items []Item
	for i := 0; i < len(v.Content); i += 2 {
		name, value := v.Content[i], v.Content[i+1]
		text := value.Value
		if value.Kind == yaml.SequenceNode {
			parts := make([]string, len(value.Content))
			for j, n := range value.Content {
				parts[j] = n.Value
			}
			text = strings.Join(parts, ",")
		} else if value.Kind != yaml.ScalarNode {
			return nil, f.src.Errorf(value.Line, value.Column, "%s: want a plain value", name.Value)
		}
		items = append(items, Item{name.Value, text, name.Line, name.Column, f.src})
	}
	return items, nil
}

// Maps returns a list of mappings, each with the given keys.
func (f Fields) Maps(key string, keys ...string) ([]Fields, error) {
	v := f.values[key]
	if v == nil {
		return nil, nil
	}
	if v.Kind != yaml.SequenceNode {
		return nil, f.Errorf(key, "%s: want a list", key)
	}
	var all []Fields
	for _, n := range v.Content {
		m, err := f.src.fields(n, keys)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
