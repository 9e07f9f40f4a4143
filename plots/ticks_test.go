package plots

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"loralab/lora/number"
)

func labels(ticks []plot.Tick) string {
	var s []string
	for _, t := range ticks {
		s = append(s, t.Label)
	}
	return strings.Join(s, " ")
}

func TestTicks(t *testing.T) {
	for _, tt := range []struct {
		lo, hi float64
		n      int
		log    bool
		want   string
	}{
		{0, 1, 3, false, "0 0.5 1.0"},
		{0, 400, 3, false, "0 200 400"},
		{0, 400, 5, false, "0 100 200 300 400"},
		{0, 2.4, 4, false, "0 1 2"},
		{-1, 1, 5, false, "−1.0 −0.5 0 0.5 1.0"},
		{0, 20000, 3, false, "0 10k 20k"},
		{0, 3e6, 4, false, "0 1M 2M 3M"},
		{0, 15000, 4, false, "0 5k 10k 15k"},
		{0, 3e-6, 4, false, "0 1e-6 2e-6 3e-6"},
		{0, 1.5e-6, 4, false, "0 5e-7 1.0e-6 1.5e-6"},
		{1.1, 1.9, 2, false, "1.2 1.8"},
		{1e-6, 1, 7, true, "1e-6 1e-5 1e-4 0.001 0.01 0.1 1"},
		{1e-6, 1, 3, true, "1e-6 0.001 1"},
		{1, 100, 7, true, "1 2 5 10 20 50 100"},
		{1, 100, 3, true, "1 10 100"},
		{1, 16, 6, true, "1 2 5 10"},
		{0.2, 0.9, 3, true, "0.2 0.5"},
		{3, 4, 3, true, "3.0 3.5 4.0"},
		{1, 1e9, 4, true, "1 1k 1M 1G"},
		{5, 5, 4, false, ""},
		{math.NaN(), 1, 4, false, ""},
		{math.Inf(-1), 1, 4, false, ""},
		{0, 1, 0, false, ""},
	} {
		if got := labels((&ticker{n: tt.n, log: tt.log}).Ticks(tt.lo, tt.hi)); got != tt.want {
			t.Errorf("[%g, %g], %d, log %v: %q, want %q", tt.lo, tt.hi, tt.n, tt.log, got, tt.want)
		}
	}
}

// Any range has at most n ticks, in rising order, inside it.
func TestTicksOfAnyRange(t *testing.T) {
	for _, log := range []bool{false, true} {
		for e := -300.0; e < 300; e += 7.3 {
			for _, ratio := range []float64{1.001, 1.37, 2, 9, 1e3, 1e12} {
				for n := 1; n <= 8; n++ {
					lo := math.Pow(10, e)
					hi := lo * ratio
					if math.IsInf(hi, 0) {
						continue
					}
					ticks := (&ticker{n: n, log: log}).Ticks(lo, hi)
					if len(ticks) > n {
						t.Fatalf("[%g, %g] log %v: %d ticks for %d", lo, hi, log, len(ticks), n)
					}
					if len(ticks) < 2 && n >= 3 {
						t.Fatalf("[%g, %g] log %v: %d ticks for %d", lo, hi, log, len(ticks), n)
					}
					for i, k := range ticks {
						if k.Value < lo*(1-1e-6) || k.Value > hi*(1+1e-6) || i > 0 && k.Value <= ticks[i-1].Value || k.Label == "" {
							t.Fatalf("[%g, %g] log %v: %v", lo, hi, log, ticks)
						}
					}
				}
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		v            float64
		short, exact string
	}{
		{0, "0", "0"},
		{400, "400", "400"},
		{1234, "1234", "1,234"},
		{65536, "65.5k", "65,536"},
		{262144, "262k", "262,144"},
		{16777216, "16.8M", "16.78M"},
		{7e9, "7G", "7G"},
		{999999, "1M", "999,999"},
		{0.0312, "0.0312", "0.0312"},
		{0.123456, "0.123", "0.1235"},
		{-13.98, "−14", "−13.98"},
		{1e-6, "1e-6", "1e-6"},
		{-2.5e-7, "−2.5e-7", "−2.5e-7"},
		{97.25, "97.2", "97.25"},
		{-4096, "−4096", "−4,096"},
		{3e20, "3e20", "3e20"},
		{math.Inf(1), "+Inf", "+Inf"},
	} {
		if got := short(tt.v); got != tt.short {
			t.Errorf("short(%v) = %q, want %q", tt.v, got, tt.short)
		}
		if got := number.Minus(exact(tt.v)); got != tt.exact {
			t.Errorf("exact(%v) = %q, want %q", tt.v, got, tt.exact)
		}
	}
}
