package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"loralab/lessons/lab"
	"loralab/lora/atomicfile"
	"loralab/lora/peft"
	"loralab/lora/quant"
)

func newQuantize() *cobra.Command {
	var q quantizer
	cmd := &cobra.Command{
		Use:   "quantize IN.safetensors",
		Short: "Quantize the weights of a safetensors file: bits, errors, and a file to load elsewhere",
		Long: "Quantizes matrices to 4 or 8 bits and says what it costs and how far off they then are.\n" +
			"Without --tensor: every matrix of floating-point numbers but embeddings and output layer,\n" +
			"which QLoRA keeps in 16 bits. With -o everything is written, the quantized weights under\n" +
			"the keys of bitsandbytes, the other tensors as they were.\n\n" +
			"nf4 and fp4 have a scale for each block; int8 has one for each row, as LLM.int8, or, with\n" +
			"--block, for each block, which bitsandbytes has no file for.",
		Example: "  loralab quantize model.safetensors --format nf4\n" +
			"  loralab quantize model.safetensors --format nf4 --double -o model-nf4.safetensors\n" +
			"  loralab quantize model.safetensors --format fp4 --block 128 --tensor model.layers.0.mlp.up_proj.weight --json",
		Args: one("file", "a model in safetensors, such as model.safetensors"),
		RunE: func(cmd *cobra.Command, args []string) error {
			progress := newBar(cmd.ErrOrStderr(), "quantizing")
			r, err := q.run(cmd.Context(), args[0], cmd.Flags(), progress.show)
			progress.clear()
			if err != nil {
				return err
			}
			if q.json {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			return r.print(cmd.OutOrStdout())
		},
	}
	cmd.SetFlagErrorFunc(explainNumber)
	f := cmd.Flags()
	f.StringVar(&q.format, "format", "nf4", "number `format`: nf4, fp4 or int8")
	f.IntVar(&q.block, "block", 64, "weights that share a scale, 32 to 4096; bitsandbytes loads powers of two")
	f.BoolVar(&q.double, "double", false, "quantize the scales too, to 8 bits")
	f.StringArrayVar(&q.tensors, "tensor", nil, "quantize the tensor of this `name` and no other; may be given several times")
	f.StringVarP(&q.out, "out", "o", "", "write the result to this `file`")
	f.BoolVar(&q.force, "force", false, "let -o replace a file that exists")
	f.BoolVar(&q.json, "json", false, "print one JSON object")
	return cmd
}

// quantizer is the command line of quantize.
type quantizer struct {
	format  string
	block   int
	double  bool
	tensors []string
	out     string
	force   bool
	json    bool

	rows bool // a scale for each row instead of each block
}

// run does everything but printing.
func (q *quantizer) run(ctx context.Context, in string, flags *pflag.FlagSet, watch func(lab.Progress)) (*quantizeReport, error) {
	format, err := q.chosen(flags)
	if err != nil {
		return nil, usage(err)
	}
	file, err := peft.Open(in)
	if err != nil {
		return nil, usage(err)
	}
	defer file.Close()
	chosen, kept, err := q.choose(file)
	if err != nil {
		return nil, usage(fmt.Errorf("%s: %w", in, err))
	}
	r := &quantizeReport{File: in, Format: q.format, Double: q.double, Kept: kept, Out: q.out}
	if !q.rows {
		r.Block = q.block
	}
	w := &quantizing{ctx: ctx, file: file, watch: watch}
	for _, info := range chosen {
		if q.rows {
			w.jobs = append(w.jobs, newRowJob(info))
			continue
		}
		j, err := newBlockJob(info, format)
		if err != nil {
			return nil, usage(err)
		}
		w.jobs = append(w.jobs, j)
	}
	if q.out == "" {
		r.Tensors, err = w.quantize(nil)
	} else {
		err = atomicfile.Write(q.out, q.force, func(f atomicfile.File) (err error) {
			r.Tensors, err = w.write(f, kept)
			return err
		})
	}
	switch wrong := (tensorError{}); {
	case errors.As(err, &wrong):
		return nil, usage(fmt.Errorf("%s: %w", in, err))
	case errors.Is(err, fs.ErrExist): // it appeared meanwhile
		return nil, fmt.Errorf("%w; choose another name, or --force", err)
	case err != nil:
		return nil, err
	}
	return r, nil
}

// chosen checks the flags among themselves and returns the format of blocks.
func (q *quantizer) chosen(flags *pflag.FlagSet) (quant.Format, error) {
	if !slices.Contains([]string{"nf4", "fp4", "int8"}, q.format) {
		return quant.Format{}, fmt.Errorf("--format: %q is not allowed, want nf4, fp4 or int8", q.format)
	}
	q.rows = q.format == "int8" && !flags.Changed("block")
	switch {
	case q.rows && q.double:
		return quant.Format{}, fmt.Errorf("--double: int8 has a scale for each row, too few to quantize; give --block with it, or leave it out")
	case q.format == "int8" && !q.rows && q.out != "":
		return quant.Format{}, fmt.Errorf("--block: bitsandbytes stores int8 with a scale for each row; leave --block out, or -o")
	case q.out != "" && q.block&(q.block-1) != 0:
		return quant.Format{}, fmt.Errorf("--block: bitsandbytes does not load blocks of %d; want 32, 64, … 4096, or leave -o out", q.block)
	case q.force && q.out == "":
		return quant.Format{}, fmt.Errorf("--force goes with -o FILE")
	case flags.Changed("out") && q.out == "":
		return quant.Format{}, fmt.Errorf("--out is empty; want a file")
	}
	if q.out != "" {
		if err := atomicfile.Check(q.out, q.force); errors.Is(err, fs.ErrExist) {
			return quant.Format{}, fmt.Errorf("--out: %w; choose another name, or --force", err)
		} else if err != nil {
			return quant.Format{}, fmt.Errorf("--out: %w", err)
		}
	}
	book, err := quant.Named(q.format)
	if err != nil {
		return quant.Format{}, err
	}
	format := quant.Format{Book: book, Block: q.block, Double: q.double}
	if err := format.Validate(); err != nil {
		return format, fmt.Errorf("--block: found %d, want %d to %d", q.block, quant.MinBlock, quant.MaxBlock)
	}
	return format, nil
}

// keptTensor is a tensor that is not quantized.
type keptTensor struct {
	Name  string `json:"name"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	Bytes int64  `json:"bytes"`
	Why   string `json:"why"`
}

// choose splits the file's tensors into those to quantize and the others.
func (q *quantizer) choose(file *peft.File) (chosen []peft.Info, kept []keptTensor, err error) {
	for i, name := range q.tensors {
		info, ok := file.Info(name)
		switch {
		case !ok:
			return nil, nil, fmt.Errorf("--tensor: found no tensor %q; the file has %s", name, someNames(file))
		case slices.Contains(q.tensors[:i], name):
			return nil, nil, fmt.Errorf("--tensor: %q stands twice", name)
		case !info.DType.IsFloat():
			return nil, nil, fmt.Errorf("--tensor: %q is %v, want F64, F32, F16 or BF16", name, info.DType)
		case info.Elements() == 0:
			return nil, nil, fmt.Errorf("--tensor: %q has no elements: its shape is %s", name, shapeText(info.Shape))
		case q.rows && len(info.Shape) != 2:
			return nil, nil, fmt.Errorf("--tensor: %q has the shape %s; int8 has a scale for each row of a matrix, so give --block with it", name, shapeText(info.Shape))
		}
	}
	for _, info := range file.Tensors() {
		why := ""
		if len(q.tensors) == 0 {
			why = reasonToKeep(info)
		} else if !slices.Contains(q.tensors, info.Name) {
			why = "not named"
		}
		if why == "" {
			chosen = append(chosen, info)
		} else {
			kept = append(kept, keptTensor{info.Name, info.DType.String(), slices.Clone(info.Shape), info.Bytes(), why})
		}
	}
	if len(chosen) == 0 {
		return nil, nil, fmt.Errorf("no tensor to quantize: want matrices of F64, F32, F16 or BF16 that are neither embedding nor output layer, or name them with --tensor; the file has %s", someNames(file))
	}
	return chosen, kept, nil
}

// reasonToKeep says why a tensor is left as it is unless it is named, "" if it
// is not. QLoRA quantizes the linear layers of the blocks and keeps embeddings,
// norms and the output layer; a file tells them by their names only, so
// these are the ones of the model families that package models knows.
func reasonToKeep(info peft.Info) string {
	switch {
	case info.DType.IsWhole():
		return "not floating point"
	case !info.DType.IsFloat():
		return info.DType.String() + ", not read"
	case len(info.Shape) != 2:
		return "no matrix"
	case info.Elements() == 0:
		return "empty"
	}
	parts := strings.Split(strings.TrimSuffix(info.Name, ".weight"), ".")
	switch parts[len(parts)-1] {
	case "embed_tokens", "wte", "wpe", "tok_embeddings":
		return "embedding"
	case "lm_head":
		return "output layer"
	}
	return ""
}

// someNames lists a few of the file's tensors, with their types, for an error of
// one line.
func someNames(file *peft.File) string {
	const shown = 6
	var names []string
	for _, info := range file.Tensors() {
		names = append(names, fmt.Sprintf("%q (%v)", info.Name, info.DType))
	}
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > shown:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
	}
	return strings.Join(names, ", ")
}
