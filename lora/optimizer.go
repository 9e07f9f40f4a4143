package lora

import "math"

// Rule is the update rule of an optimizer.
type Rule uint8

const (
	SGD      Rule = iota // p −= lr·g
	Momentum             // v = μ·v + g; p −= lr·v (no dampening, no Nesterov)
	Adam                 // Kingma and Ba 2015; weight decay, if any, is added to the gradient
	AdamW                // Loshchilov and Hutter 2019; weight decay shrinks p by lr·wd before the step
)

func (r Rule) String() string {
	return [...]string{"sgd", "momentum", "adam", "adamw"}[r]
}

// Optimizer says how parameters follow gradients. All rules are PyTorch's
// (torch.optim), in the same order of operations, so that trajectories agree.
type Optimizer struct {
	Rule        Rule
	LR          float64 // learning rate
	RatioB      float64 // learning rate of B as a multiple of LR (LoRA+, Hayou et al. 2024); 0 means 1
	Mu          float64 // momentum factor, of Momentum
	Beta1       float64 // of Adam and AdamW
	Beta2       float64
	Epsilon     float64
	WeightDecay float64
}

// NewOptimizer returns a rule with PyTorch's defaults: β = (0.9, 0.999),
// ε = 1e-8, no weight decay but 0.01 for AdamW; and μ = 0.9 for Momentum, for
// which PyTorch has no default.
func NewOptimizer(rule Rule, lr float64) Optimizer {
	o := Optimizer{Rule: rule, LR: lr, RatioB: 1, Mu: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	if rule == AdamW {
		o.WeightDecay = 0.01
	}
	return o
}

// StateSize returns how many numbers the rule keeps for each parameter.
func (r Rule) StateSize() int {
	switch r {
	case Momentum:
		return 1
	case Adam, AdamW:
		return 2
	default:
		return 0
	}
}

// parameter is one trained tensor with its gradient and optimizer state.
type parameter struct {
	value, grad []float64
	rate        float64   // multiple of the learning rate
	m, v        []float64 // momentum or first moment; second moment
}

func newParameter(value, grad []float64, rate float64, rule Rule) parameter {
	p := parameter{value: value, grad: grad, rate: rate}
	if rule.StateSize() >= 1 {
		p.m = make([]float64, len(value))
	}
	if rule.StateSize() >= 2 {
		p.v = make([]float64, len(value))
	}
	return p
}

// step moves p by its gradient; t counts steps from 1.
func (o *Optimizer) step(p *parameter, t int) {
	lr := o.LR * p.rate
	switch o.Rule {
	case SGD:
		for i, g := range p.grad {
			p.value[i] -= float64(lr * (g + float64(o.WeightDecay*p.value[i])))
		}
	case Momentum:
		for i, g := range p.grad {
			p.m[i] = float64(o.Mu*p.m[i]) + g + float64(o.WeightDecay*p.value[i])
			p.value[i] -= float64(lr * p.m[i])
		}
	default:
		o.adam(p, lr, t)
	}
}

func (o *Optimizer) adam(p *parameter, lr float64, t int) {
	decay, shrink := o.WeightDecay, 1.0
	if o.Rule == AdamW {
		decay, shrink = 0, 1-float64(lr*o.WeightDecay)
	}
	size := lr / (1 - math.Pow(o.Beta1, float64(t)))
	root := math.Sqrt(1 - math.Pow(o.Beta2, float64(t)))
	for i, g := range p.grad {
		value := float64(p.value[i] * shrink)
		g += float64(decay * value)
		m := float64(o.Beta1*p.m[i]) + float64((1-o.Beta1)*g)
		v := float64(o.Beta2*p.v[i]) + float64((1-o.Beta2)*g*g)
		p.m[i], p.v[i] = m, v
		p.value[i] = value - float64(size*m/(math.Sqrt(v)/root+o.Epsilon))
	}
}
