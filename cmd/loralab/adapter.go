package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"loralab/lessons/lab"
	"loralab/lora/number"
	"loralab/lora/peft"
)

func newAdapter() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "adapter PATH [OTHER]",
		Short: "Read a LoRA adapter: what it does, where, how strongly, and what is wrong with it",
		Long: "Reads an adapter as PEFT saves it, a folder with adapter_config.json and\n" +
			"adapter_model.safetensors, and says for each module what s·B·A is: its scaling s, its\n" +
			"norm, and how many directions hold it (the singular values are those of the factors;\n" +
			"the product is never formed). Then what to look into: zero or broken factors, a\n" +
			"scaling that was left alone, modules that PEFT would not find.\n\n" +
			"With a second adapter: how much the two have in common, module by module. φ(i,j) is the\n" +
			"share of the first i directions of one factor that lies in the first j of the other (Hu\n" +
			"et al. 2021, section 7.2). A moves little from where it begins, so φ of A near 1 may\n" +
			"only say that both began with the same seed.\n\n" +
			"PATH can also be a safetensors file with weights that bitsandbytes quantized to 4 bits,\n" +
			"and OTHER the file with the same weights in full.",
		Example: "  loralab adapter output/checkpoint-500\n" +
			"  loralab adapter runs/seed-1 runs/seed-2\n" +
			"  loralab adapter model-nf4.safetensors model.safetensors --json",
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return usagef("which adapter? a folder that PEFT saved, such as output/checkpoint-500")
			case 1, 2:
				return nil
			}
			return usagef("one adapter, or two to compare, got %d: %s", len(args), strings.Join(args, " "))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := inspect(cmd.Context(), args, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			return r.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object, with all singular values and all of φ")
	return cmd
}

// report is what the command prints, or encodes as JSON.
type report interface {
	print(out io.Writer) error
}

// inspect does everything but printing.
func inspect(ctx context.Context, args []string, stderr io.Writer) (report, error) {
	folder, file, err := find(args[0])
	if err != nil {
		return nil, usage(err)
	}
	if file != nil {
		defer file.Close()
		return inspect4(ctx, file, args, stderr)
	}
	a, err := peft.OpenAdapter(folder)
	if err != nil {
		return nil, usage(err)
	}
	defer a.Close()
	if len(args) == 1 {
		return inspectAdapter(ctx, args[0], a, stderr)
	}
	if folder, file, err = find(args[1]); err != nil {
		return nil, usage(err)
	}
	if file != nil {
		file.Close()
		return nil, usagef("%s: found weights in 4 bits, want a second adapter to compare %s with", printable(args[1]), printable(args[0]))
	}
	b, err := peft.OpenAdapter(folder)
	if err != nil {
		return nil, usage(err)
	}
	defer b.Close()
	return compareAdapters(ctx, args, a, b, stderr)
}

// find says what there is at path: the folder of an adapter, or an open file of
// weights in 4 bits. A file of an adapter stands for its folder.
func find(path string) (folder string, file *peft.File, err error) {
	stat, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, fmt.Errorf("%s: there is nothing; want the folder of an adapter, or a safetensors file", printable(path))
	case err == nil && stat.IsDir():
		return path, nil, nil
	case filepath.Base(path) == peft.ConfigFile:
		return filepath.Dir(path), nil, nil
	}
	file, err = peft.Open(path)
	if err != nil {
		return "", nil, err
	}
	weights, others := file.Weights4()
	if len(weights) > 0 {
		return "", file, nil
	}
	file.Close()
	if filepath.Base(path) == peft.WeightsFile {
		return filepath.Dir(path), nil, nil
	}
	for _, info := range others {
		if strings.Contains(info.Name, ".lora_") {
			return "", nil, fmt.Errorf("%s: found an adapter's tensors, want the folder in which they are %s, with %s beside them: α is only there",
				printable(path), peft.WeightsFile, peft.ConfigFile)
		}
	}
	return "", nil, fmt.Errorf("%s: found neither an adapter nor weights in 4 bits among %s; want the folder of an adapter, or a file with the keys of bitsandbytes (….quant_state.bitsandbytes__nf4)",
		printable(path), number.Plural(len(others), "tensor"))
}

// each calls work for 0 … n−1, on so many processors, with a bar on a terminal. It
// stops at the first error and, at once, when ctx ends: no step of the work asks
// for ctx while it multiplies matrices.
func each(ctx context.Context, stderr io.Writer, what string, n, processors int, work func(i int) error) error {
	progress := newBar(stderr, what)
	defer progress.clear()
	done := make(chan error, 1)
	go func() {
		var finished atomic.Int64
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(processors)
		for i := range n {
			group.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := work(i); err != nil {
					return err
				}
				if ctx.Err() == nil { // or the bar would come back after it was cleared
					progress.show(lab.Progress{Done: int(finished.Add(1)), Total: n})
				}
				return nil
			})
		}
		done <- group.Wait()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
