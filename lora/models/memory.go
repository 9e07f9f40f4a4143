package models

import (
	"fmt"
	"strings"
)

// Dtype is a number format that weights and gradients are kept in.
type Dtype string

// The formats.
const (
	BF16 Dtype = "bf16"
	FP16 Dtype = "fp16"
	FP32 Dtype = "fp32"
)

// ParseDtype reads bf16, fp16 or fp32, also by PyTorch's names.
func ParseDtype(s string) (Dtype, error) {
	switch strings.ToLower(s) {
	case "bf16", "bfloat16":
		return BF16, nil
	case "fp16", "float16", "half":
		return FP16, nil
	case "fp32", "float32", "float":
		return FP32, nil
	}
	return "", fmt.Errorf("models: dtype: found %q, expected bf16, fp16 or fp32", s)
}

// Bytes is the size of one number.
func (t Dtype) Bytes() int64 {
	if t == FP32 {
		return 4
	}
	return 2
}

// Optimizer is an update rule, here only for the state it keeps of every
// trained parameter.
type Optimizer string

// The optimizers.
const (
	SGD            Optimizer = "sgd"             // none
	Momentum       Optimizer = "momentum"        // 4 bytes
	Adam           Optimizer = "adam"            // 8 bytes: two moments in fp32
	AdamW          Optimizer = "adamw"           // 8 bytes
	AdamW8bit      Optimizer = "adamw8bit"       // 2 bytes and the scales of blocks
	PagedAdamW     Optimizer = "paged-adamw"     // as adamw; pages may move to the host
	PagedAdamW8bit Optimizer = "paged-adamw8bit" // as adamw8bit; pages may move to the host
)

// ParseOptimizer reads the name of an optimizer. Hyphens, underscores and case
// do not matter, so that transformers' paged_adamw_8bit is understood too.
func ParseOptimizer(s string) (Optimizer, error) {
	switch strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(s)) {
	case "sgd":
		return SGD, nil
	case "momentum", "sgdmomentum":
		return Momentum, nil
	case "adam":
		return Adam, nil
	case "adamw", "adamwtorch":
		return AdamW, nil
	case "adamw8bit", "adamwbnb8bit":
		return AdamW8bit, nil
	case "pagedadamw", "pagedadamw32bit":
		return PagedAdamW, nil
	case "pagedadamw8bit":
		return PagedAdamW8bit, nil
	}
	return "", fmt.Errorf("models: optimizer: found %q, expected sgd, momentum, adam, adamw, adamw8bit, paged-adamw or paged-adamw8bit", s)
}

// tensor is count parameter tensors of numel elements each.
type tensor struct{ numel, count int64 }

// state is the optimizer's memory in bytes for the tensors. Moments are fp32
// whatever the weights are, as mixed-precision training keeps them (PyTorch
// keeps them in the parameter's own format, which for parameters in bf16 loses
// small updates). The 8-bit forms are bitsandbytes' blockwise ones: one byte a
// moment and an fp32 scale a block of 256, but fp32 for tensors of less than
// 4096 elements (optim/optimizer.py, init_state).
func (o Optimizer) state(c *checked, tensors []tensor) int64 {
	const block, smallest = 256, 4096
	var total int64
	for _, t := range tensors {
		var each int64
		switch o {
		case SGD:
		case Momentum:
			each = c.mul(4, t.numel)
		case AdamW8bit, PagedAdamW8bit:
			if t.numel < smallest {
				each = c.mul(8, t.numel)
			} else {
				each = c.mul(2, c.add(t.numel, c.mul(4, ceilDiv(t.numel, block))))
			}
		default:
			each = c.mul(8, t.numel)
		}
		total = c.add(total, c.mul(each, t.count))
	}
	return total
}

// MemoryOptions chooses formats. Zero fields mean bf16, the adapter in the
// same format as the base, AdamW, and NF4 in blocks of 64 with double
// quantization.
type MemoryOptions struct {
	Dtype     Dtype
	Adapter   Dtype // of A and B; PEFT makes it fp32 unless autocast_adapter_dtype=False
	Optimizer Optimizer
	NF4       NF4
}

// Budget is the memory that one way of training takes, in bytes. Activations
// are not in it: see [Memory.NotCounted].
type Budget struct {
	Weights   int64 `json:"weights"`   // base weights in Dtype
	Quantized int64 `json:"quantized"` // base weights in NF4 with their scales
	Adapter   int64 `json:"adapter"`   // A and B
	Gradients int64 `json:"gradients"` // of what is trained, in its format
	Optimizer int64 `json:"optimizer"` // state of the optimizer
	Master    int64 `json:"master"`    // fp32 copy of trained 16-bit weights
	Total     int64 `json:"total"`
}

func (b *Budget) add(c *checked) {
	b.Total = c.add(b.Weights, b.Quantized, b.Adapter, b.Gradients, b.Optimizer, b.Master)
}

// Memory compares three ways of training one model with one adapter.
type Memory struct {
	Dtype        Dtype     `json:"dtype"`
	AdapterDtype Dtype     `json:"adapter_dtype"`
	Optimizer    Optimizer `json:"optimizer"`

	Full       Budget `json:"full"`        // every parameter trained, in Dtype
	FullMaster Budget `json:"full_master"` // with an fp32 master copy of 16-bit weights
	LoRA       Budget `json:"lora"`
	QLoRA      Budget `json:"qlora"` // linear modules of the blocks in NF4, the rest in Dtype

	BitsPerParam float64 `json:"nf4_bits_per_param"` // see NF4.BitsPerParam
	Checkpoint   int64   `json:"checkpoint"`         // the adapter on disk: its tensors, without the file's header

	NotCounted []string      `json:"not_counted"`
	Paper      []PaperFigure `json:"paper,omitempty"` // what papers print of this model
}

// Estimate computes the memory of training m in full, with the adapter that t
// counts, and with the same adapter on a 4-bit base. Bytes that do not fit an
// int64 and options that do not exist are errors.
func Estimate(m *Model, t *Tally, o MemoryOptions) (*Memory, error) {
	est, err := estimate(m, t, o)
	if err != nil {
		return nil, err
	}
	if m.ID != "" {
		for _, f := range PaperFigures() {
			if f.Model == m.ID {
				est.Paper = append(est.Paper, f)
			}
		}
	}
	return est, nil
}

// estimate is Estimate without the papers, whose recounts are estimates.
func estimate(m *Model, t *Tally, o MemoryOptions) (*Memory, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	var c checked
	est := &Memory{
		Dtype: o.Dtype, AdapterDtype: o.Adapter, Optimizer: o.Optimizer,
		NotCounted: []string{
			"activations (they grow with batch and sequence length; gradient checkpointing trades them for time)",
			"temporary buffers, among them the 16-bit copy of each 4-bit weight while it is used",
			"the CUDA context and the allocator's fragmentation",
		},
	}
	if o.Optimizer == PagedAdamW || o.Optimizer == PagedAdamW8bit {
		est.NotCounted = append(est.NotCounted, "how much of the optimizer's state is paged out to the host: its bytes are counted where they are wanted")
	}
	est.BitsPerParam, _ = o.NF4.BitsPerParam().Float64()

	trained := adapterTensors(&c, t)
	base := c.mul(m.Total(), o.Dtype.Bytes())

	est.Full = Budget{
		Weights:   base,
		Gradients: base,
		Optimizer: o.Optimizer.state(&c, baseTensors(&c, m)),
	}
	est.FullMaster = est.Full
	if o.Dtype != FP32 {
		est.FullMaster.Master = c.mul(m.Total(), FP32.Bytes())
	}
	adapter := c.mul(t.Trainable, o.Adapter.Bytes())
	est.LoRA = Budget{
		Weights:   base,
		Adapter:   adapter,
		Gradients: adapter,
		Optimizer: o.Optimizer.state(&c, trained),
	}
	est.QLoRA = est.LoRA
	quantized, kept := o.NF4.split(&c, m)
	est.QLoRA.Quantized = quantized
	est.QLoRA.Weights = c.mul(kept, o.Dtype.Bytes())
	est.Checkpoint = adapter

	for _, b := range []*Budget{&est.Full, &est.FullMaster, &est.LoRA, &est.QLoRA} {
		b.add(&c)
	}
	if err := c.err("the bytes of " + m.name()); err != nil {
		return nil, err
	}
	return est, nil
}

func (o MemoryOptions) filled() (MemoryOptions, error) {
	if o.Dtype == "" {
		o.Dtype = BF16
	}
	if o.Adapter == "" {
		o.Adapter = o.Dtype
	}
	if o.Optimizer == "" {
		o.Optimizer = AdamW
	}
	if o.NF4 == (NF4{}) {
		o.NF4 = NF4{Block: 64, Double: true}
	}
	var err error
	if o.Dtype, err = ParseDtype(string(o.Dtype)); err != nil {
		return o, err
	}
	if o.Adapter, err = ParseDtype(string(o.Adapter)); err != nil {
		return o, err
	}
	if o.Optimizer, err = ParseOptimizer(string(o.Optimizer)); err != nil {
		return o, err
	}
	return o, o.NF4.check()
}

// baseTensors lists the parameter tensors of the model; a shared one once.
func baseTensors(c *checked, m *Model) []tensor {
	var all []tensor
	for _, g := range m.Groups {
		if g.Tied {
			continue
		}
		all = append(all, tensor{c.mul(g.In, g.Out), g.Count})
		if g.Bias {
			all = append(all, tensor{g.Out, g.Count})
		}
	}
	return all
}

// adapterTensors lists A and B of every adapted module.
func adapterTensors(c *checked, t *Tally) []tensor {
	var all []tensor
	for _, mod := range t.Modules {
		all = append(all,
			tensor{c.mul(mod.Rank, mod.In), mod.Count},
			tensor{c.mul(mod.Out, mod.Rank), mod.Count})
	}
	return all
}
