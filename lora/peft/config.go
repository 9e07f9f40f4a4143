package peft

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"

	"loralab/lora"
)

// Config is what adapter_config.json says of a LoRA adapter, as far as it
// matters to its arithmetic. Keys that are not listed here are passed over.
type Config struct {
	BaseModel string // base_model_name_or_path, "" if null
	TaskType  string // "" if null
	Bias      string // "none", "all" or "lora_only"

	R       int     // rank where no pattern says otherwise
	Alpha   float64 // lora_alpha likewise
	Dropout float64

	Rule        lora.Scaling // α/√r with use_rslora
	DoRA        bool
	FanInFanOut bool // the base keeps its weights as k×d: transpose the update
	LoraBias    bool // B has a bias

	// Init is init_lora_weights where that names a method, such as "pissa"; "" if
	// it is true or false.
	Init string

	// The modules aimed at: a list of name suffixes, or one pattern (a regular
	// expression, or "all-linear"). Both are empty if the base model's default was
	// meant.
	TargetModules    []string
	TargetPattern    string
	TargetParameters []string // parameters adapted without their module, such as stacked experts
	ModulesToSave    []string

	ranks, alphas []rule
	aim           aim
}

// rule overrides a number for the modules whose name it matches.
type rule struct {
	key     string // as the configuration has it
	pattern *regexp.Regexp
	value   float64
}

// ParseConfig reads an adapter_config.json. What PEFT adds by default stands
// where a key is missing: r 8, lora_alpha 8. An error names the key.
func ParseConfig(b []byte) (*Config, error) {
	// Into a map and not a struct, whose fields encoding/json matches in any
	// case: "R" is not r.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("peft: adapter config: %w", err)
	}
	if fields == nil {
		return nil, fmt.Errorf("peft: adapter config: found null, want an object")
	}
	c := &Config{R: 8, Alpha: 8, Bias: "none"}
	p := configParser{fields: fields}
	peftType := ""
	p.decode("peft_type", "a string", &peftType)
	if p.err == nil && peftType != "LORA" {
		p.err = fmt.Errorf("peft: adapter config: peft_type %s: only LORA is read", clip(peftType))
	}
	p.decode("base_model_name_or_path", "a string or null", &c.BaseModel)
	p.decode("task_type", "a string or null", &c.TaskType)
	p.decode("bias", "a string", &c.Bias)
	r := float64(c.R)
	p.decode("r", "a whole number of at least 1", &r)
	c.R = p.rank("r", r)
	p.decode("lora_alpha", "a number", &c.Alpha)
	p.decode("lora_dropout", "a number", &c.Dropout)
	rsLoRA := false
	if p.decode("use_rslora", "true or false", &rsLoRA); rsLoRA {
		c.Rule = lora.AlphaOverSqrtR
	}
	p.decode("use_dora", "true or false", &c.DoRA)
	p.decode("fan_in_fan_out", "true or false", &c.FanInFanOut)
	p.decode("lora_bias", "true or false", &c.LoraBias)
	if bytes.HasPrefix(fields["init_lora_weights"], []byte{'"'}) {
		p.decode("init_lora_weights", "a string, true or false", &c.Init)
	}
	c.TargetModules, c.TargetPattern = p.names("target_modules")
	c.TargetParameters, _ = p.names("target_parameters")
	c.ModulesToSave, _ = p.names("modules_to_save")
	c.aim = p.aim(c)
	c.ranks = p.rules("rank_pattern")
	for _, rule := range c.ranks {
		p.rank("rank_pattern", rule.value)
	}
	c.alphas = p.rules("alpha_pattern")
	if p.err != nil {
		return nil, p.err
	}
	return c, nil
}

// Rank returns the rank of a module, such as "model.layers.0.self_attn.q_proj".
func (c *Config) Rank(module string) int {
	return int(match(c.ranks, module, float64(c.R)))
}

// AlphaOf returns α of a module.
func (c *Config) AlphaOf(module string) float64 {
	return match(c.alphas, module, c.Alpha)
}

// match returns the value of the first rule that matches, as PEFT does.
func match(rules []rule, module string, otherwise float64) float64 {
	for _, r := range rules {
		if r.pattern.MatchString(module) {
			return r.value
		}
	}
	return otherwise
}

// configParser decodes fields and keeps the first error.
type configParser struct {
	fields map[string]json.RawMessage
	err    error
}

// decode reads a field that may be missing or null, which leave into alone.
func (p *configParser) decode(key, want string, into any) {
	raw, ok := p.fields[key]
	if !ok || p.err != nil {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		p.err = fmt.Errorf("peft: adapter config: %s: found %s, want %s", key, clip(string(raw)), want)
	}
}

// names reads a list of names, or one string that stands for many.
func (p *configParser) names(key string) (list []string, pattern string) {
	if bytes.HasPrefix(p.fields[key], []byte{'"'}) {
		p.decode(key, "a string", &pattern)
	} else {
		p.decode(key, "a list of names, a string or null", &list)
	}
	return list, pattern
}

// rank checks a rank.
func (p *configParser) rank(key string, r float64) int {
	if p.err == nil && (r != math.Trunc(r) || r < 1 || r > 1<<30) {
		p.err = fmt.Errorf("peft: adapter config: %s: found %v, want a whole number of at least 1", key, r)
	}
	return int(r)
}

// rules reads an object of numbers by pattern. Its order counts, because the
// first match wins, so it is read token by token. A pattern is the end of a
// module's name, from a dot on, as a regular expression; Python's that Go
// does not have (such as lookahead) are an error.
func (p *configParser) rules(key string) []rule {
	raw, ok := p.fields[key]
	if !ok || p.err != nil || string(raw) == "null" {
		return nil
	}
	fail := func(found any, want string) []rule {
		p.err = fmt.Errorf("peft: adapter config: %s: found %v, want %s", key, found, want)
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fail(clip(string(raw)), "an object of numbers")
	}
	var rules []rule
	for {
		name, err := dec.Token()
		if err == io.EOF || name == json.Delim('}') {
			return rules
		}
		value, err2 := dec.Token()
		number, isNumber := value.(float64)
		if err != nil || err2 != nil || !isNumber {
			return fail(clip(fmt.Sprint(value)), "a number")
		}
		key := name.(string)
		pattern, err := regexp.Compile(`^(?:.*\.)?(?:` + key + `)$`)
		if err != nil {
			return fail(clip(key), "a regular expression that Go has")
		}
		rules = append(rules, rule{key, pattern, number})
	}
}
