package main

import (
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode/utf8"

	"loralab/lora/models"
	"loralab/lora/number"
)

// modelCount is the report on a model.
type modelCount struct {
	m    *models.Model
	t    *models.Tally
	wide int64
}

func (r modelCount) value() any { return r.t }

func (r modelCount) print(out io.Writer) error {
	p := &printer{}
	p.line("%s: %s parameters", capital(r.m.Title), number.Count(r.t.Base))
	p.line("adapters of rank %d on %s", r.t.Rank, strings.Join(r.t.Targets, ", "))
	p.line("")
	p.modules(r.t.Modules)
	p.line("")
	p.line("%s", r.t.PEFT())
	p.line("")
	p.line("LoRA trains      %20s   Σ r·(d+k)", number.Count(r.t.Trainable))
	p.line("instead of       %20s   Σ d·k, the same matrices in full", number.Count(r.t.Full))
	p.line("that is          %20s", times(r.t.Ratio))
	p.line("\"all\" is         %20s   base %s and the adapter", number.Count(r.t.All), number.Count(r.t.Base))
	p.line("")
	p.memory(r.t, r.wide)
	p.remarks(r.t)
	return p.to(out)
}

// layerCount is the report on a single layer.
type layerCount struct {
	modelCount
	d, k          int64
	plain, biased *models.Tally
}

func (r layerCount) value() any {
	exact, floor := models.BreakEven(r.d, r.k)
	type breakEven struct {
		Exact string `json:"exact"` // a fraction, unless whole
		Floor int64  `json:"floor"`
	}
	return struct {
		*models.Tally
		BreakEven breakEven `json:"break_even"`
	}{r.t, breakEven{exact.RatString(), floor}}
}

func (r layerCount) print(out io.Writer) error {
	d, k, rank := number.Count(r.d), number.Count(r.k), number.Count(r.t.Rank)
	exact, floor := models.BreakEven(r.d, r.k)
	p := &printer{}
	p.line("One linear layer, h = Wx + s·B·A·x, at rank %s", rank)
	p.line("")
	p.line("W   d×k   %14s   %20s   frozen", d+" × "+k, number.Count(r.t.Full))
	p.line("A   r×k   %14s   %20s   trained", rank+" × "+k, number.Count(r.t.Rank*r.k))
	p.line("B   d×r   %14s   %20s   trained", d+" × "+rank, number.Count(r.d*r.t.Rank))
	p.line("")
	p.line("LoRA trains   r·(d+k) = %s·(%s + %s) = %s", rank, d, k, number.Count(r.t.Trainable))
	p.line("instead of        d·k = %s·%s = %s", d, k, number.Count(r.t.Full))
	p.line("that is       %s", times(r.t.Ratio))
	p.line("break-even    d·k/(d+k) = %s: LoRA trains fewer %s", fraction(exact), upTo(exact, floor))
	p.line("")
	p.line("As tutorials print it, trainable / all:")
	p.line("  without bias   %s", r.plain.Tutorial())
	p.line("  with bias      %s", r.biased.Tutorial())
	p.wrap("", fmt.Sprintf("PyTorch's nn.Linear has a bias unless told otherwise: %s more frozen parameters, so a layer built with the default prints %s. "+
		"%s is the sum without them, W + A + B = %s + %s.",
		d, number.Count(r.biased.All), number.Count(r.plain.All), number.Count(r.plain.Base), number.Count(r.plain.Trainable)))
	if r.d == 4096 && r.k == 4096 && r.t.Rank == 8 {
		p.wrap("", fmt.Sprintf("The printout with %s is copied widely. It is right for a layer without bias only; "+
			"both round to %.2f%%, so the difference does not show.", number.Count(r.plain.All), r.plain.Percent))
	}
	p.line("")
	p.line("%s", r.t.PEFT())
	p.line("(%s bias)", map[bool]string{true: "with", false: "without"}[r.t.Base == r.biased.Base])
	p.line("")
	p.memory(r.t, r.wide)
	p.remarks(r.t)
	return p.to(out)
}

// modelList is the report of --list.
type modelList []*models.Model

func (l modelList) value() any {
	type entry struct {
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Family  string   `json:"family"`
		Params  int64    `json:"params"`
		Default []string `json:"default_targets"`
		Targets []string `json:"targets"`
	}
	var all []entry
	for _, m := range l {
		all = append(all, entry{m.ID, m.Title, m.Family, m.Total(), m.DefaultTargets(), m.TargetNames()})
	}
	return all
}

func (l modelList) print(out io.Writer) error {
	p := &printer{}
	p.line("%-12s  %-13s  %-8s  %14s  default targets", "id", "model", "family", "parameters")
	for _, m := range l {
		p.line("%-12s  %-13s  %-8s  %14s  %s", m.ID, m.Title, m.Family, number.Count(m.Total()), strings.Join(m.DefaultTargets(), ", "))
	}
	p.line("")
	p.wrap("", "Any other model of these families: --config with its config.json.")
	return p.to(out)
}

// printer collects the lines of a report, so that one write shows all of it.
type printer struct{ b strings.Builder }

func (p *printer) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf("  "+format, args...), " "))
	p.b.WriteByte('\n')
}

// wrap prints a paragraph of at most 78 columns; lead stands before its first
// line and indents the others.
func (p *printer) wrap(lead, text string) {
	for _, line := range hang(lead, strings.Join(strings.Fields(text), " "), 78-2, utf8.RuneCountInString(lead)) {
		p.line("%s", line)
	}
}

func (p *printer) to(out io.Writer) error {
	_, err := io.WriteString(out, p.b.String())
	return err
}

func (p *printer) modules(mods []models.Module) {
	p.line("%-20s  %18s  %5s  %6s  %14s", "module", "d × k", "times", "rank", "trained")
	for _, mod := range mods {
		name := mod.Name[strings.Index(mod.Name, "*")+1:]
		name = strings.TrimPrefix(name, ".")
		p.line("%-20s  %18s  %5d  %6s  %14s", name, number.Count(mod.Out)+" × "+number.Count(mod.In),
			mod.Count, number.Count(mod.Rank), number.Count(mod.Params))
		if mod.Layers != "" {
			p.wrap("  layers ", strings.ReplaceAll(mod.Layers, ",", ", "))
		}
	}
}

func (p *printer) memory(t *models.Tally, wide int64) {
	m := t.Memory
	size := func(n int64) string {
		if n == 0 {
			return "·"
		}
		return number.SI(n)
	}
	p.line("Memory: %s, %s; GB is 1e9 bytes", m.Dtype, m.Optimizer)
	p.line("%-7s%9s%9s%9s%10s%10s%9s%10s", "", "weights", "in NF4", "adapter", "gradients", "optimizer", "master", "total")
	for _, row := range []struct {
		name string
		b    models.Budget
	}{{"full", m.Full}, {"+master", m.FullMaster}, {"LoRA", m.LoRA}, {"QLoRA", m.QLoRA}} {
		b := row.b
		p.line("%-7s%9s%9s%9s%10s%10s%9s%10s", row.name,
			size(b.Weights), size(b.Quantized), size(b.Adapter), size(b.Gradients), size(b.Optimizer), size(b.Master), size(b.Total))
	}
	p.line("")
	p.wrap("", fmt.Sprintf("On disk the adapter takes %s in %s, or %s (%s) in fp32, PEFT's default. NF4 with double quantization costs %.4g bits a parameter.",
		number.SI(m.Checkpoint), m.AdapterDtype, number.SI(wide), number.IEC(wide), m.BitsPerParam))
	p.wrap("", "Not counted: "+strings.Join(m.NotCounted, "; ")+".")
	for _, f := range m.Paper {
		verdict := "agrees"
		if !f.Agrees {
			verdict = "differs"
		}
		ours := number.Count(f.Recount) + " " + f.Unit
		if f.Unit == "bytes" {
			ours = number.SI(f.Recount)
		}
		p.line("")
		p.wrap("", fmt.Sprintf("%s: %s, %s. Counted here: %s (%s). It %s; %s.", f.Source, f.What, f.Printed, ours, f.How, verdict, f.Note))
	}
}

func (p *printer) remarks(t *models.Tally) {
	if len(t.Remarks) == 0 {
		return
	}
	p.line("")
	for _, r := range t.Remarks {
		p.wrap("note: ", r.Text)
	}
}

// times says how many times fewer parameters LoRA trains.
func times(ratio float64) string {
	switch {
	case ratio > 1:
		return fmt.Sprintf("%.4g× fewer", ratio)
	case ratio == 1:
		return "exactly as many"
	default:
		return fmt.Sprintf("%.4g× more", 1/ratio)
	}
}

// fraction writes 2048, or 320/37 ≈ 8.649.
func fraction(x *big.Rat) string {
	if x.IsInt() {
		return x.Num().String()
	}
	return fmt.Sprintf("%s ≈ %s", x.RatString(), x.FloatString(3))
}

// upTo says for which ranks LoRA trains fewer parameters than the matrix has.
func upTo(exact *big.Rat, floor int64) string {
	if exact.IsInt() {
		floor--
	}
	if floor < 1 {
		return "at no rank"
	}
	return fmt.Sprintf("up to rank %s", number.Count(floor))
}

// capital makes the first letter large.
func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
