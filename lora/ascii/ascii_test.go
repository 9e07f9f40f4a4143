package ascii

import "testing"

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain, 12 %\nof it":   "plain, 12 %\nof it",
		"you 4 · think, r·k":   "you 4 - think, r*k",
		"h = Wx + (α/r)·B·A·x": "h = Wx + (alpha/r)*B*A*x",
		"ΔW, σᵢ and ‖s·B·A‖":   "Delta W, sigma_i and ||s*B*A||",
		"s = α/√r, 2α":         "s = alpha/sqrt r, 2 alpha",
		"∂L/∂A = s·Bᵀ·G·xᵀ":    "dL/dA = s*B^T*G*x^T",
		"10⁻¹² of 64×48":       "10^-12 of 64x48",
		"W′ ≈ W … B₁A₁ → −0.5": "W' ~ W ... B_1A_1 -> -0.5",
		"x̂ “quoted” – p ≤ ½":  "x \"quoted\" - p <= 1/2",
		"● done ▸ next ‹4› ✓":  "* done > next <4> ok",
		"中\tx":                 "? x",
	} {
		got := Text(in)
		if got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
		if !Is(got) {
			t.Errorf("Text(%q) = %q is not ASCII", in, got)
		}
	}
}

// Every entry of the tables is ASCII, and each character has a cell.
func TestTables(t *testing.T) {
	for _, table := range []map[rune]string{names, words, superscripts, subscripts} {
		for r, txt := range table {
			if !Is(txt) || txt == "" {
				t.Errorf("%q: %q", r, txt)
			}
		}
	}
	for r := rune(0); r < 0x2c00; r++ {
		if c := Cell(r); c < ' ' || c > '~' {
			t.Errorf("Cell(%q) = %q", r, c)
		}
	}
}
