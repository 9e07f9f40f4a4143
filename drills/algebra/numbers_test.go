package algebra

import (
	"math"
	"math/big"
	"strings"
	"testing"
)

var countRows = []graded{
	{"65536", Right, "right", "65,536", "the layer has 65,536"},
	{"65,536", Right, "right", "65,536", ""},
	{"65_536", Right, "right", "65,536", ""},
	{"6_5536", Right, "right", "65,536", ""},
	{"65 536", Right, "right", "65,536", ""},
	{"65\u00a0536", Right, "right", "65,536", ""},
	{"65\u2009536", Right, "right", "65,536", ""},
	{"65\u202f536", Right, "right", "65,536", ""},
	{"65'536", Right, "right", "65,536", ""},
	{"65’536", Right, "right", "65,536", ""},
	{`65{,}536`, Right, "right", "65,536", ""},
	{"  65536  ", Right, "right", "", ""},
	{"65536.", Right, "right", "", ""},
	{"65536.0", Right, "right", "", ""},
	{"+65536", Right, "right", "", ""},
	{"= 65536", Right, "right", "", ""},
	{"N = 65536", Right, "right", "", ""},
	{"8·8192 = 65,536", Right, "right", "8·8,192 = 65,536", ""},
	{"N = 8(4096+4096) = 8·8192 = 65536", Right, "right", "", ""},
	{"8·8192 = 65,563", Invalid, "unequal", "", "8·8,192 is 65,536, not 65,563"},
	{"exactly 65536", Right, "right", "", ""},
	{"2^16", Right, "right", "2¹⁶", ""},
	{"2**16", Right, "right", "2¹⁶", ""},
	{"2^{16}", Right, "right", "2¹⁶", ""},
	{"2¹⁶", Right, "right", "2¹⁶", ""},
	{"(2^8)^2", Right, "right", "(2⁸)²", ""},
	{"2^2^4", Right, "right", "", ""},
	{"8*(4096+4096)", Right, "right", "8·(4,096 + 4,096)", ""},
	{"8·(4096+4096)", Right, "right", "8·(4,096 + 4,096)", ""},
	{"8 × (4096 + 4096)", Right, "right", "", ""},
	{"8(4096+4096)", Right, "right", "", ""},
	{"8x(4096+4096)", Right, "right", "", ""},
	{"4096x16", Right, "right", "4,096·16", ""},
	{"4096 X 16", Right, "right", "", ""},
	{"16 * 4,096", Right, "right", "16·4,096", ""},
	{`16 \times 4096`, Right, "right", "", ""},
	{`\frac{131072}{2}`, Right, "right", "131,072/2", ""},
	{"131072/2", Right, "right", "", ""},
	{"131072 ÷ 2", Right, "right", "", ""},
	{"65537 - 1", Right, "right", "65,537 − 1", ""},
	{"65537 − 1", Right, "right", "65,537 − 1", ""},
	{"64Ki", Right, "right", "", ""},
	{"64 Ki", Right, "right", "", ""},
	{"65536 parameters", Right, "right", "65,536 parameters", ""},
	{"65,536 trainable parameters", Right, "right", "", ""},
	{"65536 params", Right, "right", "", ""},
	{"16 × 4096 weights", Right, "right", "", ""},
	{"√4294967296", Right, "right", "", ""},
	{"6.5536e4", Right, "right", "6.5536·10⁴", ""},

	{"65537", Wrong, "off-by-one", "", "yours 65,537, the layer has 65,536"},
	{"65563", Wrong, "digits-swapped", "", ""},
	{"56536", Wrong, "digits-swapped", "", ""},
	{"65000", Wrong, "close", "", "every digit"},
	{"131072", Wrong, "double", "", ""},
	{"32768", Wrong, "half", "", ""},
	{"655360", Wrong, "power-of-ten", "", "too large by 10¹"},
	{"6553600000", Wrong, "power-of-ten", "", "10⁵"},
	{"16384", Wrong, "power-of-two", "", "2²"},
	{"524288", Wrong, "power-of-two", "", "8 bits"},
	{"67108864", Wrong, "power-of-two", "", "1024"},
	{"64000", Wrong, "off-by-1024", "", "1000 against 1024"},
	{"-65536", Wrong, "sign", "−65,536", ""},
	{"16777216", Wrong, "full", "", "that is the full matrix"},
	{"4096^2", Wrong, "full", "", ""},
	{"1", Wrong, "power-of-two", "", ""},
	{"0", Wrong, "value", "", "not zero"},
	{"98304", Wrong, "value", "", "1.5 times"},

	{"65.5k", Invalid, "rounded", "", "write the count in full"},
	{"66K", Invalid, "rounded", "", ""},
	{"64k", Invalid, "rounded", "", ""},
	{"0.065M", Invalid, "rounded", "", ""},
	{"65 thousand", Invalid, "rounded", "", ""},
	{"65.536", Invalid, "not-whole", "", "not a whole number"},
	{"0,39", Invalid, "not-whole", "", "decimal comma"},
	{"65536,5", Invalid, "not-whole", "", ""},
	{"1/3", Invalid, "not-whole", "", ""},
	{"√2", Invalid, "not-whole", "", ""},
	{"2^999999999", Invalid, "too-large", "", "too large"},
	{"9^9^9", Invalid, "too-large", "", ""},
	{"9^9^9^9^9^9", Invalid, "too-large", "", ""},
	{"1e401", Invalid, "too-large", "", ""},
	{"1e99999999999999999999", Invalid, "too-large", "", ""},
	{"1/0", Invalid, "undefined", "", "divides by zero"},
	{"0^-1", Invalid, "undefined", "", ""},
	{"2^0.3", Invalid, "power", "", ""},
	{"65536/2(3)", Invalid, "ambiguous", "", "65,536/(2·3)"},
	{"8 4096", Invalid, "two-numbers", "", "side by side"},
	{"1,23,456", Invalid, "number", "", ""},
	{"1.2.3", Invalid, "number", "", ""},
	{"65536 GB", Invalid, "unit", "", "plain number"},
	{"65536%", Invalid, "unit", "", ""},
	{"many", Invalid, "unknown-symbol", "", "write numbers"},
	{"r(d+k)", Invalid, "unknown-symbol", "", ""},
	{"8*(4096+4096", Invalid, "parentheses", "", ""},
	{"8*4096)", Invalid, "parentheses", "", ""},
	{"8*", Invalid, "incomplete", "", ""},
	{"()", Invalid, "parentheses", "", ""},
	{"5 // 2", Invalid, "floor-division", "", ""},
	{"65536!", Invalid, "unknown-sign", "", ""},
}

func countQuestion() Count {
	return Count{Truth: big.NewInt(65536), Misconceptions: []Misconception{{"full", "4096 × 4096", "that is the full matrix"}}}
}

func TestCount(t *testing.T) { check(t, countQuestion(), countRows) }

func TestCountInRoundNumbers(t *testing.T) {
	check(t, Count{Truth: big.NewInt(65536), Rounding: true, Digits: 2}, []graded{
		{"65.5k", Right, "rounded", "65.5k", "65,536"},
		{"66k", Right, "rounded", "", ""},
		{"65.5 K", Right, "rounded", "", ""},
		{"0.066M", Right, "rounded", "", ""},
		{"65.5 thousand", Right, "rounded", "", ""},
		{"65500", Right, "rounded", "", ""},
		{"65.54k parameters", Right, "rounded", "", ""},
		{"65536", Right, "right", "", ""},
		{"70k", Invalid, "more-digits", "", "at least 2"},
		{"65.6k", Wrong, "close", "", ""},
		{"64k", Wrong, "off-by-1024", "", ""},
		{"6.5k", Wrong, "value", "", ""},
		{"131k", Wrong, "value", "", ""},
		{"655.36k", Wrong, "power-of-ten", "", ""},
	})
}

func TestCountOfBytes(t *testing.T) {
	check(t, Count{Truth: big.NewInt(65536), Unit: "bytes"}, []graded{
		{"65536", Right, "right", "", "65,536 bytes"},
		{"65536 bytes", Right, "right", "", ""},
		{"65536 B", Right, "right", "", ""},
		{"64 KiB", Right, "right", "64 KiB", ""},
		{"64KiB", Right, "right", "", ""},
		{"524288 bits", Right, "right", "", ""},
		{"65.536 kB", Right, "right", "", ""},
		{"64 KB", Wrong, "off-by-1024", "", ""},
		{"65536 bits", Wrong, "power-of-two", "", "8 bits"},
		{"65536 dB", Invalid, "unit", "", "asked in bytes"},
		{"65536 parameters", Invalid, "unit", "", ""},
	})
}

func TestRatio(t *testing.T) {
	check(t, Real{Truth: 1.0 / 256, Rel: 0.01, Digits: 2, Misconceptions: []Misconception{{"one-factor", "1/512", "only one of the two factors was counted"}}}, realRows)
}

var realRows = []graded{
	{"0.39%", Right, "right", "0.39%", "the layer has 0.00391"},
	{"0.39 %", Right, "right", "", ""},
	{`0.39\%`, Right, "right", "", ""},
	{"0.39 percent", Right, "right", "", ""},
	{"3.9e-3", Right, "right", "3.9·10⁻³", ""},
	{"3.9E−3", Right, "right", "", ""},
	{"3.9×10^-3", Right, "right", "3.9·10⁻³", ""},
	{"3.9x10^-3", Right, "right", "", ""},
	{"3.9 * 10**(-3)", Right, "right", "", ""},
	{"3.9·10⁻³", Right, "right", "", ""},
	{`3.9 \cdot 10^{-3}`, Right, "right", "", ""},
	{"1/256", Right, "right", "1/256", ""},
	{"1 / 256", Right, "right", "", ""},
	{"2^-8", Right, "right", "2⁻⁸", ""},
	{"1/16²", Right, "right", "", ""},
	{"0.0039", Right, "right", "", ""},
	{".0039", Right, "right", "", ""},
	{"0,0039", Right, "right", "0.0039 (decimal comma)", ""},
	{"0,39%", Right, "right", "0.39 (decimal comma)%", ""},
	{"≈ 0.0039", Right, "right", "", ""},
	{"about 0.0039", Right, "right", "", ""},
	{"ratio = 0.0039", Right, "right", "", ""},
	{"1/256 = 0.39%", Right, "right", "1/256", ""},
	{"1/256 ≈ 0.0039", Right, "right", "", ""},
	{"0.00390625", Right, "right", "", ""},

	{"0.39", Wrong, "percent-for-fraction", "", "write a % after it"},
	{"0.0039%", Wrong, "percent-twice", "", ""},
	{"-0.0039", Wrong, "sign", "", ""},
	{"−0.0039", Wrong, "sign", "", ""},
	{"0.039", Wrong, "power-of-ten", "", "too large by 10"},
	{"3.9e-6", Wrong, "power-of-ten", "", "10³"},
	{"0.0078", Wrong, "double", "", ""},
	{"1/512", Wrong, "one-factor", "", "only one of the two factors"},
	{"0.001953", Wrong, "one-factor", "", ""},
	{"256", Wrong, "reciprocal", "", "upside down"},
	{"0.0040", Wrong, "off-by-1024", "", ""},
	{"0.005", Wrong, "value", "", "too large"},
	{"1,234", Wrong, "value", "1,234", "1,234"},
	{"0", Wrong, "value", "", "not zero"},

	{"0.004", Invalid, "more-digits", "", "at least 2 significant digits"},
	{"0.4%", Invalid, "more-digits", "", ""},
	{"4e-3", Invalid, "more-digits", "", ""},
	{"NaN", Invalid, "not-finite", "", ""},
	{"inf", Invalid, "not-finite", "", ""},
	{"-∞", Invalid, "not-finite", "", ""},
	{"1/0", Invalid, "undefined", "", ""},
	{"(-1)^0.5", Invalid, "undefined", "", ""},
	{"10^400", Invalid, "too-large", "", ""},
	{"39 GB", Invalid, "unit", "", "plain number"},
	{"0.0039 dB", Invalid, "unit", "", ""},
	{"small", Invalid, "unknown-symbol", "", ""},
	{"0.39 0.40", Invalid, "two-numbers", "", ""},
}

func TestRealWithUnits(t *testing.T) {
	check(t, Real{Truth: 14, Rel: 0.01, Digits: 2, Unit: "GB"}, []graded{
		{"14", Right, "right", "", "the layer has 14 GB"},
		{"14 GB", Right, "right", "14 GB", ""},
		{"14GB", Right, "right", "", ""},
		{"14 gb", Right, "right", "", ""},
		{"14.05 GB", Right, "right", "", ""},
		{"13.04 GiB", Right, "right", "", ""},
		{"14000 MB", Right, "right", "", ""},
		{"14e9 bytes", Right, "right", "", ""},
		{"112 Gb", Right, "right", "", ""},
		{"112 Gbit", Right, "right", "", ""},
		{"7e9 × 2 bytes", Right, "right", "", ""},
		{"2 · 7 GB", Right, "right", "", ""},
		{"14 GiB", Wrong, "off-by-1024", "", ""},
		{"14 MB", Wrong, "power-of-ten", "", ""},
		{"14 Gb", Wrong, "power-of-two", "", "8 bits"},
		{"28 GB", Wrong, "double", "", ""},
		{"14 dB", Invalid, "unit", "", "asked in GB"},
		{"14%", Invalid, "unit", "", ""},
		{"14 bananas", Invalid, "unknown-symbol", "", ""},
	})
	check(t, Real{Truth: 0.390625, Rel: 0.01, Unit: "%"}, []graded{
		{"0.39", Right, "right", "", "0.391%"},
		{"0.39%", Right, "right", "", ""},
		{"1/256", Right, "right", "", ""},
		{"100/256", Right, "right", "", ""},
		{"0.0039", Wrong, "fraction-for-percent", "", "percents are asked"},
		{"39%", Wrong, "percent-twice", "", ""},
		{"0.0039%", Wrong, "percent-twice", "", ""},
	})
	check(t, Real{Truth: 20.8, Digits: 3, Unit: "dB"}, []graded{
		{"20.8 dB", Right, "right", "", ""},
		{"20.8", Right, "right", "", ""},
		{"20.84 db", Right, "right", "", ""},
		{"20.9", Wrong, "value", "", ""},
		{"21 dB", Invalid, "more-digits", "", ""},
		{"-20.8 dB", Wrong, "sign", "", ""},
	})
	check(t, Real{Truth: 40, Rel: 0.01, Unit: "steps"}, []graded{
		{"40 steps", Right, "right", "", ""},
		{"40", Right, "right", "", ""},
		{"20 step", Wrong, "half", "", ""},
		{"40 ms", Invalid, "unit", "", "asked in steps"},
	})
	check(t, Real{Truth: 0, Abs: 1e-9}, []graded{
		{"0", Right, "right", "", ""},
		{"0.0", Right, "right", "", ""},
		{"1e-12", Right, "right", "", ""},
		{"0.1", Wrong, "value", "", "the truth is zero"},
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
		if err != nil || (v.Status == Right) != row.right {
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
	} else if _, ok := err.(*ReadError); !ok {
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
	if _, err := (Count{Truth: big.NewInt(1), Misconceptions: []Misconception{{"m", "x", ""}}}).Grade("5"); err == nil {
		t.Error("a misconception that cannot be read is passed over")
	}
	if _, err := (Real{Truth: math.NaN()}).Grade("1"); err == nil {
		t.Error("a truth that is no number is graded")
	}
	if _, err := (Real{Truth: 1, Misconceptions: []Misconception{{"m", "x", ""}}}).Grade("5"); err == nil {
		t.Error("a misconception that cannot be read is passed over")
	}
}
