package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"loralab/lora/models"
	"loralab/lora/quant"
)

func newCount() *cobra.Command {
	var c counter
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count parameters and bytes: of one layer, a known model, or any config.json",
		Long: "Counts what LoRA trains, what full fine-tuning would, and the memory of both and of\n" +
			"QLoRA. Without flags: the classic layer, 4096×4096 at rank 8.",
		Example: "  loralab count --d 4096 --k 4096 --rank 8 --bias\n" +
			"  loralab count --model llama-2-7b --targets q_proj,v_proj --rank 8\n" +
			"  loralab count --model mistral-7b --targets all-linear --rank-pattern 'q_proj=16,.*mlp.*=4'\n" +
			"  loralab count --config config.json --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := c.count(cmd.Flags(), cmd.InOrStdin())
			if err != nil {
				return usage(err)
			}
			if c.json {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r.value())
			}
			return r.print(cmd.OutOrStdout())
		},
	}
	cmd.SetFlagErrorFunc(explainNumber)
	f := cmd.Flags()
	f.Int64Var(&c.d, "d", 4096, "output width of the layer")
	f.Int64Var(&c.k, "k", 4096, "input width of the layer; as --d if only that is given")
	f.BoolVar(&c.bias, "bias", false, "the layer has a bias, as PyTorch's nn.Linear unless told otherwise")
	f.Int64VarP(&c.rank, "rank", "r", 8, "rank of the adapter")
	f.StringVar(&c.model, "model", "", "a known model's `id` (--list shows them)")
	f.StringVar(&c.config, "config", "", "a Hugging Face config.json `file`, or - for standard input")
	f.StringVar(&c.targets, "targets", "", "`modules` that get an adapter: names with commas between, or all-linear (default: PEFT's for the family)")
	f.StringVar(&c.pattern, "rank-pattern", "", "other ranks for some modules: `name=rank,…`, a name or regular expression each, the first match counts")
	f.StringVar(&c.dtype, "dtype", "bf16", "`format` of weights and gradients: bf16, fp16, fp32")
	f.StringVar(&c.optimizer, "optimizer", "adamw", "whose state to count: sgd, momentum, adam, adamw, adamw8bit, paged-adamw, paged-adamw8bit")
	f.BoolVar(&c.json, "json", false, "print one JSON object (with --list an array)")
	f.BoolVar(&c.list, "list", false, "list the known models")
	return cmd
}

// explainNumber says what a flag of whole numbers wants, in place of the name of
// the function that could not read it.
func explainNumber(_ *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if !errors.As(err, &value) {
		return usage(err)
	}
	switch flag := value.GetFlag(); flag.Value.Type() {
	case "int", "int64":
		want := "a whole number of 1 or more"
		if flag.Name == "block" {
			want = fmt.Sprintf("a whole number from %d to %d", quant.MinBlock, quant.MaxBlock)
		}
		return usagef("--%s: found %q, want %s", flag.Name, value.GetValue(), want)
	}
	return usage(err)
}

// counter is the command line of count.
type counter struct {
	d, k, rank       int64
	bias, json, list bool
	model, config    string
	targets, pattern string
	dtype, optimizer string
}

// countReport is what count prints: text for people, a value for programs.
type countReport interface {
	print(io.Writer) error
	value() any
}

func (c *counter) count(flags *pflag.FlagSet, stdin io.Reader) (countReport, error) {
	if err := c.compatible(flags); err != nil {
		return nil, err
	}
	if c.list {
		return modelList(models.Catalogue()), nil
	}
	adapter := models.Adapter{Rank: c.rank}
	var options models.MemoryOptions
	var err error
	if adapter.Targets, err = models.ParseTargets(c.targets); err != nil {
		return nil, err
	}
	if adapter.Pattern, err = models.ParseRankPattern(c.pattern); err != nil {
		return nil, err
	}
	if options.Dtype, err = models.ParseDtype(c.dtype); err != nil {
		return nil, err
	}
	if options.Optimizer, err = models.ParseOptimizer(c.optimizer); err != nil {
		return nil, err
	}
	m, err := c.read(flags, stdin)
	if err != nil {
		return nil, err
	}
	r := modelCount{m: m}
	if r.t, r.wide, err = tally(m, adapter, options); err != nil {
		return nil, err
	}
	if c.model != "" || c.config != "" {
		return r, nil
	}
	layer := layerCount{modelCount: r, d: m.Groups[0].Out, k: m.Groups[0].In}
	if layer.plain, err = models.CountLayer(layer.d, layer.k, c.rank, false); err != nil {
		return nil, err
	}
	if layer.biased, err = models.CountLayer(layer.d, layer.k, c.rank, true); err != nil {
		return nil, err
	}
	return layer, nil
}

// compatible refuses flags that do not go together, so that none is silently
// without effect.
func (c *counter) compatible(flags *pflag.FlagSet) error {
	layer := []string{"d", "k", "bias"}
	shaped := []string{"targets", "rank-pattern"}
	sorts := []struct {
		flag string
		not  []string
	}{
		{"list", append(append([]string{"model", "config", "rank", "dtype", "optimizer"}, layer...), shaped...)},
		{"model", append([]string{"config"}, layer...)},
		{"config", layer},
	}
	for _, sort := range sorts {
		if !flags.Changed(sort.flag) {
			continue
		}
		for _, other := range sort.not {
			if flags.Changed(other) {
				return fmt.Errorf("--%s and --%s do not go together; give one of them", sort.flag, other)
			}
		}
	}
	if !flags.Changed("model") && !flags.Changed("config") {
		for _, name := range shaped {
			if flags.Changed(name) {
				return fmt.Errorf("--%s needs modules to choose from; give --model or --config with it", name)
			}
		}
	}
	for _, flag := range []struct{ name, want string }{
		{"model", "a model's id, see --list"},
		{"config", "a file, or - for standard input"},
		{"targets", "names with commas between, or all-linear; leave it out for PEFT's default"},
		{"rank-pattern", "rules such as q_proj=16"},
	} {
		if f := flags.Lookup(flag.name); f.Changed && strings.TrimSpace(f.Value.String()) == "" {
			return fmt.Errorf("--%s is empty; expected %s", flag.name, flag.want)
		}
	}
	return nil
}

// read returns the model that the flags name.
func (c *counter) read(flags *pflag.FlagSet, stdin io.Reader) (*models.Model, error) {
	switch {
	case c.model != "":
		return models.Find(c.model)
	case c.config == "-":
		return models.ParseConfig(stdin)
	case c.config != "":
		f, err := openRegular(c.config)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		m, err := models.ParseConfig(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", printable(c.config), err)
		}
		return m, nil
	case flags.Changed("d") && !flags.Changed("k"):
		return models.Layer(c.d, c.d, c.bias)
	}
	return models.Layer(c.d, c.k, c.bias)
}

// tally counts and adds the memory; wide is the adapter's size in fp32, which
// is how PEFT keeps and saves it unless told otherwise.
func tally(m *models.Model, a models.Adapter, o models.MemoryOptions) (t *models.Tally, wide int64, err error) {
	if t, err = models.Count(m, a); err != nil {
		return nil, 0, err
	}
	if t.Memory, err = models.Estimate(m, t, o); err != nil {
		return nil, 0, err
	}
	o.Adapter = models.FP32
	inFP32, err := models.Estimate(m, t, o)
	if err != nil {
		return nil, 0, err
	}
	return t, inFP32.Checkpoint, nil
}
