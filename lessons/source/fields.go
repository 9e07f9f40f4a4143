package source

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Piece is YAML inside a content file: the front matter, or a fenced block. It
// knows where it stands, so that every error can say.
type Piece struct {
	File string
	Line int // of the first line of Text, from 1
	Text string
}

// Errorf returns an error at a line and column of the piece, both from 1.
func (p Piece) Errorf(line, column int, format string, args ...any) error {
	return &Error{p.File, p.Line + line - 1, column, fmt.Errorf(format, args...)}
}

// Fields is a YAML mapping whose keys have been checked.
type Fields struct {
	piece  Piece
	values map[string]*yaml.Node
}

// Fields parses the piece as a mapping with the given keys and no others; keys
// ending in "!" are required.
func (p Piece) Fields(keys ...string) (Fields, error) {
	loader, err := yaml.NewLoader(strings.NewReader(p.Text))
	if err != nil {
		return Fields{}, p.refused(err)
	}
	var doc, second yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return p.fields(&yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}, keys)
	case err != nil:
		return Fields{}, p.refused(err)
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return Fields{}, p.Errorf(second.Line, second.Column, "a second document begins: want no line \"---\" here")
	case !errors.Is(err, io.EOF):
		return Fields{}, p.refused(err)
	}
	return p.fields(doc.Content[0], keys)
}

// refused puts the mistake that the YAML library found in its place in the file.
func (p Piece) refused(err error) error {
	if at := (*yaml.LoadError)(nil); errors.As(err, &at) {
		said := at.Message
		if from := at.ContextMark; from.Line > 0 {
			said += fmt.Sprintf(", %s from %d:%d", at.ContextMsg, p.Line+from.Line-1, from.Column)
		}
		return p.Errorf(max(at.Mark.Line, 1), max(at.Mark.Column, 1), "%s", said)
	}
	return p.Errorf(1, 1, "%w", err)
}

func (p Piece) fields(node *yaml.Node, keys []string) (Fields, error) {
	f := Fields{p, map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		return f, p.Errorf(node.Line, node.Column, "want lines of \"key: value\"")
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
			return f, p.Errorf(key.Line, key.Column, "unknown key %q (keys: %s)", key.Value, strings.Join(allowed, ", "))
		}
		if f.values[key.Value] != nil {
			return f, p.Errorf(key.Line, key.Column, "key %q stands twice", key.Value)
		}
		f.values[key.Value] = value
	}
	for _, name := range required {
		if f.values[name] == nil {
			return f, p.Errorf(node.Line, node.Column, "key %q is missing", name)
		}
	}
	return f, nil
}

// Has reports whether the key is there.
func (f Fields) Has(key string) bool { return f.values[key] != nil }

// Line returns the line in the file at which the value of a key begins, 0 where
// the key is not there.
func (f Fields) Line(key string) int {
	line, _ := f.Place(key)
	return line
}

// Place returns the line and the column in the file at which the value of a key
// begins, zeros where the key is not there.
func (f Fields) Place(key string) (line, column int) {
	if v := f.values[key]; v != nil {
		return f.piece.Line + v.Line - 1, v.Column
	}
	return 0, 0
}

// Errorf returns an error at the value of a key.
func (f Fields) Errorf(key, format string, args ...any) error {
	if v := f.values[key]; v != nil {
		return f.piece.Errorf(v.Line, v.Column, format, args...)
	}
	return f.piece.Errorf(1, 1, format, args...)
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
	piece        Piece
}

// Errorf returns an error at the item.
func (it Item) Errorf(format string, args ...any) error {
	return it.piece.Errorf(it.line, it.column, format, args...)
}

// At returns the value of a key as an item, so that what is found later can be
// reported there.
func (f Fields) At(key string) Item {
	v := f.values[key]
	if v == nil {
		return Item{line: 1, column: 1, piece: f.piece}
	}
	return Item{key, strings.TrimSpace(v.Value), v.Line, v.Column, f.piece}
}

// Texts is List without the places.
func (f Fields) Texts(key string) ([]string, error) {
	items, err := f.List(key)
	var texts []string
	for _, it := range items {
		texts = append(texts, it.Text)
	}
	return texts, err
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
			return nil, f.piece.Errorf(n.Line, n.Column, "%s: want a list of plain values", key)
		}
		items = append(items, Item{"", strings.TrimSpace(n.Value), n.Line, n.Column, f.piece})
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
			return nil, f.piece.Errorf(value.Line, value.Column, "%s: want a plain value", name.Value)
		}
		items = append(items, Item{name.Value, text, name.Line, name.Column, f.piece})
	}
	return items, nil
}

// Map returns a mapping with the given keys, empty where the key is not there.
func (f Fields) Map(key string, keys ...string) (Fields, error) {
	v := f.values[key]
	if v == nil {
		return Fields{piece: f.piece}, nil
	}
	return f.piece.fields(v, keys)
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
		m, err := f.piece.fields(n, keys)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
