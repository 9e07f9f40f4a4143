package lora

import (
	"fmt"
	"slices"
	"strings"
)

// Scheme is a way for A and B to begin. What sets schemes apart is which
// of the two is zero: with G = ∂L/∂H,
//
//	∂L/∂A = s·Bᵀ·G·Xᵀ     ∂L/∂B = s·G·(A·X)ᵀ
//
// so that B = 0 leaves A without a gradient in the first step but not B, A = 0 is
// the mirror image, and with both zero neither ever moves. One zero side
// makes ΔW = 0: training then starts from what the base computes, to the last
// bit.
type Scheme uint8

const (
	// Kaiming is kaiming_uniform(a=√5) for A, which is uniform in ±1/√k: the
	// bound is gain·√(3/fan_in), the gain of a leaky ReLU with slope a is
	// √(2/(1+a²)) = √(1/3), and the fan-in of A is k. The deviation is 1/√(3k).
	Kaiming       Scheme = iota
	Gaussian             // A normal with deviation σ, B zero
	GaussianOverR        // A normal with deviation 1/r, B zero
	AZero                // A zero, B normal with deviation σ
	BothZero             // neither ever moves
	BothGaussian         // both normal with deviation σ: ΔW ≠ 0 from the start
	Orthogonal           // A and B of random directions such that B·A = 0 up to rounding
	PiSSA                // the r largest singular triplets of W; the base keeps the rest
	OLoRA                // the first r columns of Q and rows of R of W = Q·R; the base keeps the rest
	EVA                  // A the r leading principal directions of the layer's inputs, B zero
)

// Schemes returns all schemes in the order in which they are declared.
func Schemes() []Scheme {
	var all []Scheme
	for s := Kaiming; s <= EVA; s++ {
		all = append(all, s)
	}
	return all
}

type schemeFacts struct{ name, summary, source string }

func (s Scheme) facts() schemeFacts {
	if s > EVA {
		return schemeFacts{name: fmt.Sprintf("scheme-%d", uint8(s))}
	}
	return [...]schemeFacts{
		Kaiming: {"kaiming", "A uniform in ±1/√k, B zero",
			"PEFT's default, init_lora_weights=True; loralib, reset_parameters"},
		Gaussian: {"gaussian", "A normal with deviation σ, B zero",
			"Hu et al. 2021, section 4.1, which does not state σ; tutorials take 0.01"},
		GaussianOverR: {"gaussian-1-over-r", "A normal with deviation 1/r, B zero",
			`PEFT, init_lora_weights="gaussian"`},
		AZero: {"a-zero", "A zero, B normal with deviation σ",
			"the mirror image; PEFT and loralib start embeddings so, with σ = 1"},
		BothZero: {"both-zero", "A and B zero: no gradient, ever",
			"a mistake that is made (Guitaricet/relora#18), here to be looked at"},
		BothGaussian: {"both-gaussian", "A and B normal with deviation σ: the output moves before training does",
			"to be looked at; PEFT's init_lora_weights=False, for tests, is of this kind"},
		Orthogonal: {"orthogonal", "A and B random in complementary halves of rank space, so that B·A = 0",
			`PEFT, init_lora_weights="orthogonal"`},
		PiSSA: {"pissa", "A and B the largest r singular triplets of W, the base what remains",
			`Meng et al. 2024, "PiSSA"; PEFT, init_lora_weights="pissa"`},
		OLoRA: {"olora", "B the first r columns of Q, A the first r rows of R of W = Q·R, the base what remains",
			`Büyükakyüz 2024, "OLoRA"; PEFT, init_lora_weights="olora"`},
		EVA: {"eva", "A the r leading principal directions of the layer's inputs, B zero",
			`Paischer et al. 2024, "One Initialization to Rule them All"; PEFT, init_lora_weights="eva"`},
	}[s]
}

// String returns the name by which [ParseScheme] knows the scheme.
func (s Scheme) String() string { return s.facts().name }

// Summary says in one line how A and B begin.
func (s Scheme) Summary() string { return s.facts().summary }

// Source names the paper or the library whose definition the scheme is.
func (s Scheme) Source() string { return s.facts().source }

// UsesSigma reports whether the scheme reads [Init.Sigma].
func (s Scheme) UsesSigma() bool { return s == Gaussian || s == AZero || s == BothGaussian }

// ReplacesBase reports whether the scheme moves a part of W into the adapter,
// so that the base without the adapter is no longer the original.
func (s Scheme) ReplacesBase() bool { return s == PiSSA || s == OLoRA }

// ParseScheme returns the scheme of that name, in any case, or of the words that
// questions and figures call it by: "A zero", "both random", "gaussian 1/r".
func ParseScheme(name string) (Scheme, error) {
	words := strings.NewReplacer(" ", "-", "1/r", GaussianOverR.String()[len("gaussian-"):], "random", "gaussian")
	if s, err := parseName("scheme", words.Replace(strings.TrimSpace(name)), Schemes()); err == nil {
		return s, nil
	}
	return parseName("scheme", name, Schemes()) // whose error says what was given
}

// parseName finds the value whose String is name, in lower case and with - for _,
// PEFT's spelling. The error lists the names there are.
func parseName[T fmt.Stringer](kind, name string, all []T) (T, error) {
	want := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
	i := slices.IndexFunc(all, func(v T) bool { return v.String() == want })
	if i < 0 {
		var known []string
		for _, v := range all {
			known = append(known, v.String())
		}
		var none T
		return none, fmt.Errorf("lora: unknown %s %q (there are %s)", kind, name, strings.Join(known, ", "))
	}
	return all[i], nil
}
