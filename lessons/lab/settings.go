package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// Settings are the values of all knobs of one experiment. A Settings is a
// value: With returns a changed copy.
type Settings struct {
	knobs  []Knob
	values map[string]string // canonical, by knob name
}

// With returns the settings with one knob turned. The error names the knob, the
// value and what is allowed.
func (s Settings) With(name, value string) (Settings, error) {
	k, ok := s.Knob(name)
	if !ok {
		return s, fmt.Errorf("unknown knob %q (knobs: %s)", name, strings.Join(s.names(), ", "))
	}
	v, err := k.parse(value)
	if err != nil {
		return s, err
	}
	values := maps.Clone(s.values)
	values[name] = v
	return Settings{s.knobs, values}, nil
}

func (s Settings) names() []string {
	names := make([]string, len(s.knobs))
	for i, k := range s.knobs {
		names[i] = k.Name
	}
	return names
}

// Knobs returns the knobs in the order of their declaration.
func (s Settings) Knobs() []Knob { return s.knobs }

// Knob returns the knob of that name.
func (s Settings) Knob(name string) (Knob, bool) {
	for _, k := range s.knobs {
		if k.Name == name {
			return k, true
		}
	}
	return Knob{}, false
}

// Text returns the value of a knob as it is written. A name that no knob has is
// the caller's mistake and panics with an [*Undeclared].
func (s Settings) Text(name string) string {
	v, ok := s.values[name]
	if !ok {
		panic(&Undeclared{"knob", name, s.names()})
	}
	return v
}

// Shown returns the value of a knob as a screen shows it: choices by their words.
// A name that no knob has panics as for Text.
func (s Settings) Shown(name string) string {
	text := s.Text(name)
	k, _ := s.Knob(name)
	if k.Kind != Choice && k.Kind != Set {
		return text
	}
	choices := strings.Split(text, ",")
	for i, choice := range choices {
		choices[i] = k.Word(choice)
	}
	return strings.Join(choices, ", ")
}

// Word returns what a series that has the name of a choice is called on a screen.
func (s Settings) Word(series string) string {
	for _, k := range s.knobs {
		if word, ok := k.Words[series]; ok {
			return word
		}
	}
	return series
}

// Whole returns the value of a knob of kind Whole; another kind panics with a
// [*Mismatch].
func (s Settings) Whole(name string) int {
	n, err := strconv.Atoi(s.Text(name))
	if err != nil {
		panic(&Mismatch{"knob", name, strconv.Quote(s.Text(name)), "a whole number"})
	}
	return n
}

// Real returns the value of a knob of kind Whole or Real; another kind panics
// with a [*Mismatch].
func (s Settings) Real(name string) float64 {
	x, err := strconv.ParseFloat(s.Text(name), 64)
	if err != nil {
		panic(&Mismatch{"knob", name, strconv.Quote(s.Text(name)), "a number"})
	}
	return x
}

// Set returns the values of a knob of kind Set.
func (s Settings) Set(name string) []string { return strings.Split(s.Text(name), ",") }

// Seed returns the seed.
func (s Settings) Seed() uint64 { return uint64(s.Whole("seed")) }

// Matters reports whether a knob has an effect under these settings.
func (s Settings) Matters(k Knob) bool {
	name, value, _ := strings.Cut(k.Only, "=")
	return k.Only == "" || s.Text(name) == value
}

// Equal reports whether two settings turn all knobs alike.
func (s Settings) Equal(t Settings) bool { return maps.Equal(s.values, t.values) }

// Alike reports whether two settings of one experiment come to the same run: they
// turn every knob alike that matters.
func (s Settings) Alike(t Settings) bool {
	for _, k := range s.knobs {
		if (s.Matters(k) || t.Matters(k)) && s.Text(k.Name) != t.Text(k.Name) {
			return false
		}
	}
	return true
}

// String lists every knob as name=value, separated by spaces.
func (s Settings) String() string {
	parts := make([]string, len(s.knobs))
	for i, k := range s.knobs {
		parts[i] = k.Name + "=" + s.values[k.Name]
	}
	return strings.Join(parts, " ")
}

// MarshalJSON writes an object in the order of the knobs: numbers as numbers,
// choices as strings, sets as arrays.
func (s Settings) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range s.knobs {
		if i > 0 {
			b.WriteByte(',')
		}
		var v any = s.values[k.Name]
		switch k.Kind {
		case Whole, Real:
			v = json.Number(s.values[k.Name])
		case Set:
			v = s.Set(k.Name)
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("knob %s: %w", k.Name, err)
		}
		fmt.Fprintf(&b, "%q:%s", k.Name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
