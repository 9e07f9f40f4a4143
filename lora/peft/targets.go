package peft

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// allLinear is target_modules' word for every linear layer but the output layer.
const allLinear = "all-linear"

// aim decides, as PEFT's check_target_module_exists, which modules of the
// base get an adapter.
type aim struct {
	pattern       *regexp.Regexp   // target_modules as one pattern
	exclude       *regexp.Regexp   // exclude_modules as one pattern
	excludeNames  []string         // or as a list of suffixes
	saved         []*regexp.Regexp // modules_to_save, which get no adapter
	layers        []int            // layers_to_transform; nil: every layer
	layersPattern []*regexp.Regexp // what stands before a layer's number
	unread        string           // the first pattern that Go does not read, and its key
}

// aim reads the keys that only decide which modules are aimed at. Unlike the
// patterns of ranks they change no number, so one that Go cannot compile is no
// error: then [Config.Checkable] says so.
func (p *configParser) aim(c *Config) aim {
	var a aim
	compile := func(key, before, pattern, after string) *regexp.Regexp {
		re, err := regexp.Compile(before + `(?:` + pattern + `)` + after)
		if err != nil && a.unread == "" {
			a.unread = key + " " + clip(pattern)
		}
		return re
	}
	if c.TargetPattern != "" && !strings.EqualFold(c.TargetPattern, allLinear) {
		a.pattern = compile("target_modules", `^`, c.TargetPattern, `$`)
	}
	names, pattern := p.names("exclude_modules")
	if a.excludeNames = names; pattern != "" {
		a.exclude = compile("exclude_modules", `^`, pattern, `$`)
	}
	for _, name := range c.ModulesToSave {
		if re := compile("modules_to_save", `^(?:.*\.)?`, name, `(?:$|\.)`); re != nil {
			a.saved = append(a.saved, re)
		}
	}
	if raw := p.fields["layers_to_transform"]; len(raw) > 0 && !bytes.HasPrefix(raw, []byte{'['}) && string(raw) != "null" {
		one := 0
		if p.decode("layers_to_transform", "a whole number, a list of them or null", &one); p.err == nil {
			a.layers = []int{one}
		}
	} else {
		p.decode("layers_to_transform", "a whole number, a list of them or null", &a.layers)
	}
	before, one := p.names("layers_pattern")
	if one != "" {
		before = []string{one}
	}
	if len(before) == 0 {
		before = []string{`[^.]*`} // any name
	}
	for _, name := range before {
		if re := compile("layers_pattern", `^.*?\.`, name, `\.(?P<layer>\d+)\.`); re != nil {
			a.layersPattern = append(a.layersPattern, re)
		}
	}
	return a
}

// Checkable returns an error that says why [Config.Target] cannot be asked: the
// configuration leaves the modules to a default of the base model, or says which
// in a pattern that Go's regular expressions do not have.
func (c *Config) Checkable() error {
	switch {
	case c.aim.unread != "":
		return fmt.Errorf("%s is no regular expression that Go reads", c.aim.unread)
	case len(c.TargetModules) == 0 && c.TargetPattern == "" && len(c.TargetParameters) == 0:
		return fmt.Errorf("target_modules is empty: PEFT takes a default that depends on the base model")
	}
	return nil
}

// Target returns the entry of target_modules or target_parameters by which PEFT
// gives the module of that name an adapter, the longest if several do.
// Without one PEFT makes no adapter there, and drops what a file holds for it.
func (c *Config) Target(module string) (entry string, ok bool) {
	module = baseLayer(module)
	for _, parameter := range c.TargetParameters {
		if owner := ownerOf(parameter); endsIn(module, owner) && len(parameter) > len(entry) {
			entry, ok = parameter, true
		}
	}
	if ok || c.excluded(module) {
		return entry, ok
	}
	if c.TargetPattern != "" {
		matches := strings.EqualFold(c.TargetPattern, allLinear) || c.aim.pattern != nil && c.aim.pattern.MatchString(module)
		return c.TargetPattern, matches
	}
	for _, name := range c.TargetModules {
		if endsIn(module, name) && len(name) > len(entry) {
			entry, ok = name, true
		}
	}
	return entry, ok && c.inLayers(module)
}

// Idle returns what the configuration says and no module heeds: the entries of
// target_modules and target_parameters, of rank_pattern and of alpha_pattern that
// match none of the modules.
func (c *Config) Idle(modules []string) (targets, ranks, alphas []string) {
	none := func(matches func(module string) bool) bool { return !slices.ContainsFunc(modules, matches) }
	for _, name := range c.TargetModules {
		if none(func(m string) bool { return endsIn(baseLayer(m), name) }) {
			targets = append(targets, name)
		}
	}
	if c.aim.pattern != nil && none(c.aim.pattern.MatchString) {
		targets = append(targets, c.TargetPattern)
	}
	for _, parameter := range c.TargetParameters {
		if none(func(m string) bool { return endsIn(baseLayer(m), ownerOf(parameter)) }) {
			targets = append(targets, parameter)
		}
	}
	idle := func(rules []rule) (keys []string) {
		for _, r := range rules {
			if none(r.pattern.MatchString) {
				keys = append(keys, r.key)
			}
		}
		return keys
	}
	return targets, idle(c.ranks), idle(c.alphas)
}

// baseLayer takes off what PEFT adds to the name of a module with adapters of
// several parameters, whose wrappers are nested.
func baseLayer(module string) string {
	for {
		shorter, nested := strings.CutSuffix(module, ".base_layer")
		if !nested {
			return module
		}
		module = shorter
	}
}

// ownerOf returns the module that a parameter belongs to.
func ownerOf(parameter string) string {
	return parameter[:max(strings.LastIndexByte(parameter, '.'), 0)]
}

// endsIn reports whether name is suffix, or ends in it after a dot.
func endsIn(name, suffix string) bool {
	return name == suffix || strings.HasSuffix(name, "."+suffix)
}

func (c *Config) excluded(module string) bool {
	return c.aim.exclude != nil && c.aim.exclude.MatchString(module) ||
		slices.ContainsFunc(c.aim.excludeNames, func(name string) bool { return endsIn(module, name) }) ||
		slices.ContainsFunc(c.aim.saved, func(re *regexp.Regexp) bool { return re.MatchString(module) })
}

// inLayers reports whether layers_to_transform lets the module be.
func (c *Config) inLayers(module string) bool {
	if len(c.aim.layers) == 0 {
		return true
	}
	for _, re := range c.aim.layersPattern {
		if m := re.FindStringSubmatch(module); m != nil {
			layer, err := strconv.Atoi(m[re.SubexpIndex("layer")])
			return err == nil && slices.Contains(c.aim.layers, layer)
		}
	}
	return false
}
