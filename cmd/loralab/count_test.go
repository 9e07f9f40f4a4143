package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// runCount runs the command in this process.
func runCount(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := newCount()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(stdin))
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.Execute()
	return out.String(), err
}

const tinyConfig = `{"model_type":"llama","vocab_size":100,"hidden_size":8,"num_hidden_layers":2,
	"num_attention_heads":4,"intermediate_size":12,"tie_word_embeddings":false}`

func TestCountText(t *testing.T) {
	for _, row := range []struct {
		name, stdin string
		args        []string
		want        []string
	}{
		{"the classic layer", "", nil, []string{
			"65,536 / 16,842,752 (0.39%)", "65,536 / 16,846,848 (0.39%)", "256× fewer", "break-even    d·k/(d+k) = 2048", "16,777,216",
			"all params: 16,842,752", "copied widely"}},
		{"with bias", "", []string{"--d", "4096", "--k", "4096", "--rank", "8", "--bias"}, []string{
			"trainable params: 65,536 || all params: 16,846,848 || trainable%: 0.3890", "(with bias)"}},
		{"d alone is square", "", []string{"--d", "64"}, []string{"64 × 64"}},
		{"fractional break-even", "", []string{"--d=64", "--k=10"}, []string{"320/37 ≈ 8.649: LoRA trains fewer up to rank 8"}},
		{"rank above min", "", []string{"--d=64", "--k=10", "--rank=12"}, []string{"1.387× more", "above min(d, k) = 10"}},
		{"a model", "", []string{"--model", "llama-2-7b", "--targets", "q_proj,v_proj"}, []string{
			"trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622",
			"self_attn.q_proj", "80.86 GB", "13.53 GB", "3.916 GB", "Not counted: activations", "5,048 MB", "not reconciled"}},
		{"ranks by pattern", "", []string{"--model", "gpt2", "--rank-pattern", "h.[0-3].attn.*=64"}, []string{"layers 0-3", "layers 4-11", "983,040"}},
		{"a pattern that meets nothing", "", []string{"--model", "llama-2-7b", "--targets=q_proj,v_proj", "--rank-pattern", "c_attn=64"}, []string{
			`"c_attn" matches none of the targeted modules`, "self_attn.q_proj, self_attn.v_proj"}},
		{"optimizer and dtype", "", []string{"--model", "gpt2", "--optimizer", "sgd", "--dtype", "fp32"}, []string{"Memory: fp32, sgd"}},
		{"config on standard input", tinyConfig, []string{"--config", "-", "--targets", "all-linear", "--rank", "2"}, []string{
			"A llama model: 2,728 parameters", "trainable params: 496 || all params: 3,224 || trainable%: 15.3846"}},
		{"list", "", []string{"--list"}, []string{"llama-65b", "65,285,660,672", "qkv_proj"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := runCount(t, row.stdin, row.args...)
			if err != nil {
				t.Fatal(err)
			}
			joined := strings.Join(strings.Fields(out), " ") // wrapped lines joined
			for _, want := range row.want {
				if !strings.Contains(joined, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			for line := range strings.Lines(out) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
}

func TestCountJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(tinyConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		args []string
		want map[string]float64
	}{
		{"layer", []string{"--d=4096", "--k=4096", "--rank=8"}, map[string]float64{
			"trainable": 65536, "all": 16842752, "base": 16777216, "full": 16777216, "ratio": 256}},
		{"layer with bias", []string{"--bias"}, map[string]float64{
			"trainable": 65536, "all": 16846848, "base": 16781312, "full": 16777216, "ratio": 256}},
		{"model", []string{"--model=llama-2-7b"}, map[string]float64{
			"trainable": 4194304, "all": 6742609920, "base": 6738415616, "full": 1 << 30, "ratio": 256}},
		{"config", []string{"--config", file, "--rank=1"}, map[string]float64{
			"trainable": 64, "all": 2792, "base": 2728, "full": 256, "ratio": 4}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := runCount(t, "", append(row.args, "--json")...)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			for key, want := range row.want {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
			var sum float64
			for _, m := range got["modules"].([]any) {
				sum += m.(map[string]any)["params"].(float64)
			}
			if sum != row.want["trainable"] {
				t.Errorf("modules sum to %v", sum)
			}
			if _, ok := got["memory"].(map[string]any); !ok {
				t.Errorf("memory is %v", got["memory"])
			}
		})
	}

	out, err := runCount(t, "", "--list", "--json")
	var list []map[string]any
	if err != nil || json.Unmarshal([]byte(out), &list) != nil || len(list) == 0 || list[0]["id"] != "gpt2" {
		t.Errorf("--list --json: %v, %s", err, out)
	}
}

func TestCountErrors(t *testing.T) {
	for _, row := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"unknown model", "", []string{"--model=llama-9"}, "known are gpt2,"},
		{"unknown target", "", []string{"--model=gpt2", "--targets=q_proj"}, "it has c_attn, attn.c_proj, c_fc, mlp.c_proj"},
		{"unknown family", `{"model_type":"mamba"}`, []string{"--config=-"}, "gpt2, llama, mistral, qwen2, gemma2, phi3"},
		{"no such file", "", []string{"--config=no/such/config.json"}, "no/such/config.json"},
		{"overflow", "", []string{"--d=1099511627776"}, "does not fit"},
		{"rank 0", "", []string{"--rank=0"}, "rank: found 0"},
		{"rank of a pattern", "", []string{"--model=gpt2", "--rank-pattern=c_attn=0"}, "ranks of 1 or more"},
		{"dtype", "", []string{"--dtype=int4"}, "bf16, fp16 or fp32"},
		{"optimizer", "", []string{"--optimizer=lion"}, "sgd, momentum"},
		{"two sources", "", []string{"--model=gpt2", "--config=-"}, "--model and --config do not go together"},
		{"layer and model", "", []string{"--model=gpt2", "--bias"}, "--model and --bias do not go together"},
		{"layer and config", "", []string{"--config=-", "--d=4"}, "--config and --d do not go together"},
		{"targets of a layer", "", []string{"--targets=q_proj"}, "give --model or --config"},
		{"list and more", "", []string{"--list", "--rank=4"}, "--list and --rank do not go together"},
		{"empty model", "", []string{"--model="}, "--model is empty"},
		{"empty targets", "", []string{"--model=gpt2", "--targets="}, "--targets is empty"},
		{"blank targets", "", []string{"--model=gpt2", "--targets= "}, "--targets is empty"},
		{"empty pattern", "", []string{"--model=gpt2", "--rank-pattern="}, "--rank-pattern is empty"},
		{"d of letters", "", []string{"--d=x"}, `--d: found "x", want a whole number of 1 or more`},
		{"rank by its letter", "", []string{"-r", "1.5"}, `--rank: found "1.5"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := runCount(t, row.stdin, row.args...)
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, row.want)
			}
			if out != "" {
				t.Errorf("printed although it failed:\n%s", out)
			}
		})
	}
}
