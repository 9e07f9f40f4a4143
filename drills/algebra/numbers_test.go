package algebra

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

var countRows = []verdicttest.Row{
	{"65536", verdict.Right, "right", "65,536", "the layer has 65,536"},
	{"65,536", verdict.Right, "right", "65,536", ""},
	{"65_536", verdict.Right, "right", "65,536", ""},
	{"6_5536", verdict.Right, "right", "65,536", ""},
	{"65 536", verdict.Right, "right", "65,536", ""},
	{"65\u00a0536", verdict.Right, "right", "65,536", ""},
	{"65\u2009536", verdict.Right, "right", "65,536", ""},
	{"65\u202f536", verdict.Right, "right", "65,536", ""},
	{"65'536", verdict.Right, "right", "65,536", ""},
	{"65’536", verdict.Right, "right", "65,536", ""},
	{`65{,}536`, verdict.Right, "right", "65,536", ""},
	{"  65536  ", verdict.Right, "right", "", ""},
	{"65536.", verdict.Right, "right", "", ""},
	{"65536.0", verdict.Right, "right", "", ""},
	{"+65536", verdict.Right, "right", "", ""},
	{"= 65536", verdict.Right, "right", "", ""},
	{"N = 65536", verdict.Right, "right", "", ""},
	{"8·8192 = 65,536", verdict.Right, "right", "8·8,192 = 65,536", ""},
	{"N = 8(4096+4096) = 8·8192 = 65536", verdict.Right, "right", "", ""},
	{"8·8192 = 65,563", verdict.Invalid, "unequal", "", "8·8,192 is 65,536, not 65,563"},
	{"exactly 65536", verdict.Right, "right", "", ""},
	{"2^16", verdict.Right, "right", "2¹⁶", ""},
	{"2**16", verdict.Right, "right", "2¹⁶", ""},
	{"2^{16}", verdict.Right, "right", "2¹⁶", ""},
	{"2¹⁶", verdict.Right, "right", "2¹⁶", ""},
	{"(2^8)^2", verdict.Right, "right", "(2⁸)²", ""},
	{"2^2^4", verdict.Right, "right", "", ""},
	{"8*(4096+4096)", verdict.Right, "right", "8·(4,096 + 4,096)", ""},
	{"8·(4096+4096)", verdict.Right, "right", "8·(4,096 + 4,096)", ""},
	{"8 × (4096 + 4096)", verdict.Right, "right", "", ""},
	{"8(4096+4096)", verdict.Right, "right", "", ""},
	{"8x(4096+4096)", verdict.Right, "right", "", ""},
	{"4096x16", verdict.Right, "right", "4,096·16", ""},
	{"4096 X 16", verdict.Right, "right", "", ""},
	{"16 * 4,096", verdict.Right, "right", "16·4,096", ""},
	{`16 \times 4096`, verdict.Right, "right", "", ""},
	{`\frac{131072}{2}`, verdict.Right, "right", "131,072/2", ""},
	{"131072/2", verdict.Right, "right", "", ""},
	{"131072 ÷ 2", verdict.Right, "right", "", ""},
	{"65537 - 1", verdict.Right, "right", "65,537 − 1", ""},
	{"65537 − 1", verdict.Right, "right", "65,537 − 1", ""},
	{"64Ki", verdict.Right, "right", "", ""},
	{"64 Ki", verdict.Right, "right", "", ""},
	{"65536 parameters", verdict.Right, "right", "65,536 parameters", ""},
	{"65,536 trainable parameters", verdict.Right, "right", "", ""},
	{"65536 params", verdict.Right, "right", "", ""},
	{"16 × 4096 weights", verdict.Right, "right", "", ""},
	{"√4294967296", verdict.Right, "right", "", ""},
	{"6.5536e4", verdict.Right, "right", "6.5536·10⁴", ""},

	{"65537", verdict.Wrong, "off-by-one", "", "yours 65,537, the layer has 65,536"},
	{"65563", verdict.Wrong, "digits-swapped", "", ""},
	{"56536", verdict.Wrong, "digits-swapped", "", ""},
	{"65000", verdict.Wrong, "close", "", "every digit"},
	{"131072", verdict.Wrong, "double", "", ""},
	{"32768", verdict.Wrong, "half", "", ""},
	{"655360", verdict.Wrong, "power-of-ten", "", "too large by 10¹"},
	{"6553600000", verdict.Wrong, "power-of-ten", "", "10⁵"},
	{"16384", verdict.Wrong, "power-of-two", "", "2²"},
	{"524288", verdict.Wrong, "power-of-two", "", "8 bits"},
	{"67108864", verdict.Wrong, "power-of-two", "", "1024"},
	{"64000", verdict.Wrong, "off-by-1024", "", "1000 against 1024"},
	{"-65536", verdict.Wrong, "sign", "−65,536", ""},
	{"16777216", verdict.Wrong, "full", "", "that is the full matrix"},
	{"4096^2", verdict.Wrong, "full", "", ""},
	{"1", verdict.Wrong, "power-of-two", "", ""},
	{"0", verdict.Wrong, "value", "", "not zero"},
	{"98304", verdict.Wrong, "value", "", "1.5 times"},

	{"65.5k", verdict.Invalid, "rounded", "", "write the count in full"},
	{"66K", verdict.Invalid, "rounded", "", ""},
	{"64k", verdict.Invalid, "rounded", "", ""},
	{"0.065M", verdict.Invalid, "rounded", "", ""},
	{"65 thousand", verdict.Invalid, "rounded", "", ""},
	{"65.536", verdict.Invalid, "not-whole", "", "not a whole number"},
	{"0,39", verdict.Invalid, "not-whole", "", "decimal comma"},
	{"65536,5", verdict.Invalid, "not-whole", "", ""},
	{"1/3", verdict.Invalid, "not-whole", "", ""},
	{"√2", verdict.Invalid, "not-whole", "", ""},
	{"2^999999999", verdict.Invalid, "too-large", "", "too large"},
	{"9^9^9", verdict.Invalid, "too-large", "", ""},
	{"9^9^9^9^9^9", verdict.Invalid, "too-large", "", ""},
	{"1e401", verdict.Invalid, "too-large", "", ""},
	{"1e99999999999999999999", verdict.Invalid, "too-large", "", ""},
	{"1/0", verdict.Invalid, "undefined", "", "divides by zero"},
	{"0^-1", verdict.Invalid, "undefined", "", ""},
	{"2^0.3", verdict.Invalid, "power", "", ""},
	{"65536/2(3)", verdict.Invalid, "ambiguous", "", "65,536/(2·3)"},
	{"8 4096", verdict.Invalid, "two-numbers", "", "side by side"},
	{"1,23,456", verdict.Invalid, "number", "", ""},
	{"1.2.3", verdict.Invalid, "number", "", ""},
	{"65536 GB", verdict.Invalid, "unit", "", "plain number"},
	{"65536%", verdict.Invalid, "unit", "", ""},
	{"many", verdict.Invalid, "unknown-symbol", "", "write numbers"},
	{"r(d+k)", verdict.Invalid, "unknown-symbol", "", ""},
	{"8*(4096+4096", verdict.Invalid, "parentheses", "", ""},
	{"8*4096)", verdict.Invalid, "parentheses", "", ""},
	{"8*", verdict.Invalid, "incomplete", "", ""},
	{"()", verdict.Invalid, "parentheses", "", ""},
	{"5 // 2", verdict.Invalid, "floor-division", "", ""},
	{"65536!", verdict.Invalid, "unknown-sign", "", ""},
}

func countQuestion() Count {
	return Count{Truth: big.NewInt(65536), Misconceptions: []verdict.Misconception{{Note: "full", Answer: "4096 × 4096", Words: "that is the full matrix"}}}
}

func TestCount(t *testing.T) { verdicttest.Check(t, countQuestion(), countRows) }

func TestCountInRoundNumbers(t *testing.T) {
	verdicttest.Check(t, Count{Truth: big.NewInt(65536), Rounding: true, Digits: 2}, []verdicttest.Row{
		{"65.5k", verdict.Right, "rounded", "65.5k", "65,536"},
		{"66k", verdict.Right, "rounded", "", ""},
		{"65.5 K", verdict.Right, "rounded", "", ""},
		{"0.066M", verdict.Right, "rounded", "", ""},
		{"65.5 thousand", verdict.Right, "rounded", "", ""},
		{"65500", verdict.Right, "rounded", "", ""},
		{"65.54k parameters", verdict.Right, "rounded", "", ""},
		{"65536", verdict.Right, "right", "", ""},
		{"70k", verdict.Invalid, "more-digits", "", "at least 2"},
		{"65.6k", verdict.Wrong, "close", "", ""},
		{"64k", verdict.Wrong, "off-by-1024", "", ""},
		{"6.5k", verdict.Wrong, "value", "", ""},
		{"131k", verdict.Wrong, "value", "", ""},
		{"655.36k", verdict.Wrong, "power-of-ten", "", ""},
	})
}

func TestCountOfBytes(t *testing.T) {
	verdicttest.Check(t, Count{Truth: big.NewInt(65536), Unit: "bytes"}, []verdicttest.Row{
		{"65536", verdict.Right, "right", "", "65,536 bytes"},
		{"65536 bytes", verdict.Right, "right", "", ""},
		{"65536 B", verdict.Right, "right", "", ""},
		{"64 KiB", verdict.Right, "right", "64 KiB", ""},
		{"64KiB", verdict.Right, "right", "", ""},
		{"524288 bits", verdict.Right, "right", "", ""},
		{"65.536 kB", verdict.Right, "right", "", ""},
		{"64 KB", verdict.Wrong, "off-by-1024", "", ""},
		{"65536 bits", verdict.Wrong, "power-of-two", "", "8 bits"},
		{"65536 dB", verdict.Invalid, "unit", "", "asked in bytes"},
		{"65536 parameters", verdict.Invalid, "unit", "", ""},
	})
}

func TestRatio(t *testing.T) {
	verdicttest.Check(t, Real{Truth: 1.0 / 256, Rel: 0.01, Digits: 2, Misconceptions: []verdict.Misconception{{Note: "one-factor", Answer: "1/512", Words: "only one of the two factors was counted"}}}, realRows)
}

var realRows = []verdicttest.Row{
	{"0.39%", verdict.Right, "right", "0.39%", "the layer has 0.00391"},
	{"0.39 %", verdict.Right, "right", "", ""},
	{`0.39\%`, verdict.Right, "right", "", ""},
	{"0.39 percent", verdict.Right, "right", "", ""},
	{"3.9e-3", verdict.Right, "right", "3.9·10⁻³", ""},
	{"3.9E−3", verdict.Right, "right", "", ""},
	{"3.9×10^-3", verdict.Right, "right", "3.9·10⁻³", ""},
	{"3.9x10^-3", verdict.Right, "right", "", ""},
	{"3.9 * 10**(-3)", verdict.Right, "right", "", ""},
	{"3.9·10⁻³", verdict.Right, "right", "", ""},
	{`3.9 \cdot 10^{-3}`, verdict.Right, "right", "", ""},
	{"1/256", verdict.Right, "right", "1/256", ""},
	{"1 / 256", verdict.Right, "right", "", ""},
	{"2^-8", verdict.Right, "right", "2⁻⁸", ""},
	{"1/16²", verdict.Right, "right", "", ""},
	{"0.0039", verdict.Right, "right", "", ""},
	{".0039", verdict.Right, "right", "", ""},
	{"0,0039", verdict.Right, "right", "0.0039 (decimal comma)", ""},
	{"0,39%", verdict.Right, "right", "0.39 (decimal comma)%", ""},
	{"≈ 0.0039", verdict.Right, "right", "", ""},
	{"about 0.0039", verdict.Right, "right", "", ""},
	{"ratio = 0.0039", verdict.Right, "right", "", ""},
	{"1/256 = 0.39%", verdict.Right, "right", "1/256", ""},
	{"1/256 ≈ 0.0039", verdict.Right, "right", "", ""},
	{"0.00390625", verdict.Right, "right", "", ""},

	{"0.39", verdict.Wrong, "percent-for-fraction", "", "write a % after it"},
	{"0.0039%", verdict.Wrong, "percent-twice", "", ""},
	{"-0.0039", verdict.Wrong, "sign", "", ""},
	{"−0.0039", verdict.Wrong, "sign", "", ""},
	{"0.039", verdict.Wrong, "power-of-ten", "", "too large by 10"},
	{"3.9e-6", verdict.Wrong, "power-of-ten", "", "10³"},
	{"0.0078", verdict.Wrong, "double", "", ""},
	{"1/512", verdict.Wrong, "one-factor", "", "only one of the two factors"},
	{"0.001953", verdict.Wrong, "one-factor", "", ""},
	{"256", verdict.Wrong, "reciprocal", "", "upside down"},
	{"0.0040", verdict.Wrong, "off-by-1024", "", ""},
	{"0.005", verdict.Wrong, "value", "", "too large"},
	{"1,234", verdict.Wrong, "value", "1,234", "1,234"},
	{"0", verdict.Wrong, "value", "", "not zero"},

	{"0.004", verdict.Invalid, "more-digits", "", "at least 2 significant digits"},
	{"0.4%", verdict.Invalid, "more-digits", "", ""},
	{"4e-3", verdict.Invalid, "more-digits", "", ""},
	{"NaN", verdict.Invalid, "not-finite", "", ""},
	{"inf", verdict.Invalid, "not-finite", "", ""},
	{"-∞", verdict.Invalid, "not-finite", "", ""},
	{"1/0", verdict.Invalid, "undefined", "", ""},
	{"(-1)^0.5", verdict.Invalid, "undefined", "", ""},
	{"10^400", verdict.Invalid, "too-large", "", ""},
	{"39 GB", verdict.Invalid, "unit", "", "plain number"},
	{"0.0039 dB", verdict.Invalid, "unit", "", ""},
	{"small", verdict.Invalid, "unknown-symbol", "", ""},
	{"0.39 0.40", verdict.Invalid, "two-numbers", "", ""},
}

func TestRealWithUnits(t *testing.T) {
	verdicttest.Check(t, Real{Truth: 14, Rel: 0.01, Digits: 2, Unit: "GB"}, []verdicttest.Row{
		{"14", verdict.Right, "right", "", "the layer has 14 GB"},
		{"14 GB", verdict.Right, "right", "14 GB", ""},
		{"14GB", verdict.Right, "right", "", ""},
		{"14 gb", verdict.Right, "right", "", ""},
		{"14.05 GB", verdict.Right, "right", "", ""},
		{"13.04 GiB", verdict.Right, "right", "", ""},
		{"14000 MB", verdict.Right, "right", "", ""},
		{"14e9 bytes", verdict.Right, "right", "", ""},
		{"112 Gb", verdict.Right, "right", "", ""},
		{"112 Gbit", verdict.Right, "right", "", ""},
		{"7e9 × 2 bytes", verdict.Right, "right", "", ""},
		{"2 · 7 GB", verdict.Right, "right", "", ""},
		{"14 GiB", verdict.Wrong, "off-by-1024", "", ""},
		{"14 MB", verdict.Wrong, "power-of-ten", "", ""},
		{"14 Gb", verdict.Wrong, "power-of-two", "", "8 bits"},
		{"28 GB", verdict.Wrong, "double", "", ""},
		{"14 dB", verdict.Invalid, "unit", "", "asked in GB"},
		{"14%", verdict.Invalid, "unit", "", ""},
		{"14 bananas", verdict.Invalid, "unknown-symbol", "", ""},
	})
	verdicttest.Check(t, Real{Truth: 0.390625, Rel: 0.01, Unit: "%"}, []verdicttest.Row{
		{"0.39", verdict.Right, "right", "", "0.391%"},
		{"0.39%", verdict.Right, "right", "", ""},
		{"1/256", verdict.Right, "right", "", ""},
		{"100/256", verdict.Right, "right", "", ""},
		{"0.0039", verdict.Wrong, "fraction-for-percent", "", "percents are asked"},
		{"39%", verdict.Wrong, "percent-twice", "", ""},
		{"0.0039%", verdict.Wrong, "percent-twice", "", ""},
	})
	verdicttest.Check(t, Real{Truth: 20.8, Digits: 3, Unit: "dB"}, []verdicttest.Row{
		{"20.8 dB", verdict.Right, "right", "", ""},
		{"20.8", verdict.Right, "right", "", ""},
		{"20.84 db", verdict.Right, "right", "", ""},
		{"20.9", verdict.Wrong, "value", "", ""},
		{"21 dB", verdict.Invalid, "more-digits", "", ""},
		{"-20.8 dB", verdict.Wrong, "sign", "", ""},
	})
	verdicttest.Check(t, Real{Truth: 40, Rel: 0.01, Unit: "steps"}, []verdicttest.Row{
		{"40 steps", verdict.Right, "right", "", ""},
		{"40", verdict.Right, "right", "", ""},
		{"20 step", verdict.Wrong, "half", "", ""},
		{"40 ms", verdict.Invalid, "unit", "", "asked in steps"},
	})
	verdicttest.Check(t, Real{Truth: 0, Abs: 1e-9}, []verdicttest.Row{
		{"0", verdict.Right, "right", "", ""},
		{"0.0", verdict.Right, "right", "", ""},
		{"1e-12", verdict.Right, "right", "", ""},
		{"0.1", verdict.Wrong, "value", "", "the truth is zero"},
	})
}

// The tolerance of significant digits is that of PrairieLearn: 0.51 units of
// the last digit, on both sides.
func TestSignificantDigits(t *testing.T) {
	for _, row := range []struct {
		truth  float64
		digits int
		answer string
		right  bool
	}{
		{1.234, 3, "1.23", true}, {1.234, 3, "1.229", true}, {1.234, 3, "1.239", true},
		{1.234, 3, "1.2288", false}, {1.234, 3, "1.2392", false},
		{10, 2, "9.8", true}, {10, 2, "9.4", false}, {5.3e22, 2, "5.3e20", false}, {-0.25, 2, "-0.25", true},
	} {
		v, err := Real{Truth: row.truth, Digits: row.digits}.Grade(row.answer)
		if err != nil || (v.Status == verdict.Right) != row.right {
			t.Errorf("%v to %d digits: %s is %v (%s), %v", row.truth, row.digits, row.answer, v.Status, v.Note, err)
		}
	}
}

func TestParseCountAndReal(t *testing.T) {
	c, err := ParseCount("65.5k", "", true)
	if err != nil || c.Value.Int64() != 65500 || c.Unit.Int64() != 100 || c.Digits != 3 {
		t.Errorf("65.5k is %+v, %v", c, err)
	}
	if _, err := ParseCount("x", "", false); err == nil {
		t.Error("x is a count")
	} else if _, ok := err.(*verdict.ReadError); !ok {
		t.Errorf("the error is a %T", err)
	}
	for text, want := range map[string]int{"0.39": 2, "100": 1, "100.": 3, "1.00e2": 3, "0.00100": 3, "0": 1, "1/256": 0, "3.90·10^-3": 3} {
		r, err := ParseReal(text, "")
		if err != nil || r.Digits != want {
			t.Errorf("%s has %d digits, want %d (%v)", text, r.Digits, want, err)
		}
	}
	r, err := ParseReal("1,234", "")
	if err != nil || r.Value != 1234 {
		t.Errorf("1,234 is %v, %v", r.Value, err)
	}
	if r, err = ParseReal("12,34", ""); err != nil || r.Value != 12.34 || !strings.Contains(r.Echo, "decimal comma") {
		t.Errorf("12,34 is %v, %q, %v", r.Value, r.Echo, err)
	}
	if r, err = ParseReal("1.234.567,5", ""); err != nil || r.Value != 1234567.5 {
		t.Errorf("1.234.567,5 is %v, %v", r.Value, err)
	}
}

func TestNumberQuestionsThatAreBroken(t *testing.T) {
	if _, err := (Count{}).Grade("1"); err == nil {
		t.Error("a count without a truth is graded")
	}
	if _, err := (Count{Truth: big.NewInt(1), Misconceptions: []verdict.Misconception{{Note: "m", Answer: "x", Words: ""}}}).Grade("5"); err == nil {
		t.Error("a misconception that cannot be read is passed over")
	}
	if _, err := (Real{Truth: math.NaN()}).Grade("1"); err == nil {
		t.Error("a truth that is no number is graded")
	}
	if _, err := (Real{Truth: 1, Misconceptions: []verdict.Misconception{{Note: "m", Answer: "x", Words: ""}}}).Grade("5"); err == nil {
		t.Error("a misconception that cannot be read is passed over")
	}
}
