package peft

import (
	"slices"
	"strings"
	"testing"
)

func TestTarget(t *testing.T) {
	const q0, q1, v0, head = "model.layers.0.self_attn.q_proj", "model.layers.11.self_attn.q_proj", "model.layers.0.self_attn.v_proj", "lm_head"
	tests := []struct {
		name   string
		config string
		aimed  []string // of the four
	}{
		{"suffixes", `"target_modules":["q_proj"]`, []string{q0, q1}},
		{"whole parts only", `"target_modules":["proj","_proj","layers.0.self_attn.q_proj"]`, []string{q0}},
		{"whole name", `"target_modules":["lm_head"]`, []string{head}},
		{"a list holds no regular expressions", `"target_modules":[".*_proj"]`, nil},
		{"regular expression of the whole name", `"target_modules":".*\\.0\\..*[qv]_proj"`, []string{q0, v0}},
		{"a part of the name is not enough", `"target_modules":"q_proj"`, nil},
		{"all-linear", `"target_modules":"all-linear"`, []string{q0, q1, v0, head}},
		{"exclude by suffix", `"target_modules":"all-linear","exclude_modules":["v_proj","lm_head"]`, []string{q0, q1}},
		{"exclude by pattern", `"target_modules":["q_proj","v_proj"],"exclude_modules":".*\\.0\\..*"`, []string{q1}},
		{"saved whole", `"target_modules":"all-linear","modules_to_save":["lm_head"]`, []string{q0, q1, v0}},
		{"saved whole with all below", `"target_modules":"all-linear","modules_to_save":["layers"]`, []string{head}},
		{"one layer", `"target_modules":["q_proj"],"layers_to_transform":11`, []string{q1}},
		{"layers", `"target_modules":["q_proj","lm_head"],"layers_to_transform":[0,3]`, []string{q0}},
		{"no layers is all layers", `"target_modules":["q_proj"],"layers_to_transform":[]`, []string{q0, q1}},
		{"layers of a name", `"target_modules":["q_proj"],"layers_to_transform":[0],"layers_pattern":"layers"`, []string{q0}},
		{"layers of a name with groups", `"target_modules":["q_proj"],"layers_to_transform":[0],"layers_pattern":"(lay)(ers)"`, []string{q0}},
		{"layers of another name", `"target_modules":["q_proj"],"layers_to_transform":[0],"layers_pattern":["h"]`, nil},
		{"parameters", `"target_parameters":["self_attn.v_proj.weight"]`, []string{v0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := ParseConfig([]byte(`{"peft_type":"LORA",` + tt.config + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Checkable(); err != nil {
				t.Fatal(err)
			}
			var aimed []string
			for _, module := range []string{q0, q1, v0, head} {
				if entry, ok := c.Target(module); ok {
					aimed = append(aimed, module)
					if entry == "" {
						t.Errorf("%s is aimed at by nothing", module)
					}
				}
			}
			if !slices.Equal(aimed, tt.aimed) {
				t.Errorf("aimed at %v, want %v", aimed, tt.aimed)
			}
		})
	}
}

func TestNotCheckable(t *testing.T) {
	for config, want := range map[string]string{
		`{"peft_type":"LORA"}`:                                                   "default",
		`{"peft_type":"LORA","target_modules":"(?!x).*q"}`:                       `target_modules "(?!x).*q" is no`,
		`{"peft_type":"LORA","target_modules":["q"],"layers_pattern":"(?<=a)b"}`: "layers_pattern",
	} {
		c, err := ParseConfig([]byte(config))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Checkable(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", config, err, want)
		}
		c.Target("model.layers.0.q") // without a crash
	}
	if _, err := ParseConfig([]byte(`{"peft_type":"LORA","layers_to_transform":"all"}`)); err == nil || !strings.Contains(err.Error(), "layers_to_transform") {
		t.Errorf("error %v", err)
	}
}

func TestIdle(t *testing.T) {
	c, err := ParseConfig([]byte(`{"peft_type":"LORA","target_modules":["q_proj","k_proj"],
		"target_parameters":["experts.down_proj","experts2.down_proj"],
		"rank_pattern":{"q_proj":4,"v_proj":4},"alpha_pattern":{"layers.7.q_proj":1,".*experts":2}}`))
	if err != nil {
		t.Fatal(err)
	}
	targets, ranks, alphas := c.Idle([]string{"model.layers.0.q_proj", "model.layers.0.experts.base_layer"})
	if !slices.Equal(targets, []string{"k_proj", "experts2.down_proj"}) || !slices.Equal(ranks, []string{"v_proj"}) || !slices.Equal(alphas, []string{"layers.7.q_proj", ".*experts"}) {
		t.Errorf("idle: %q, %q, %q", targets, ranks, alphas)
	}
}
