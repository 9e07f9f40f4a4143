package number

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 123456: "123,456", 4194304: "4,194,304",
		math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "-": "-", "12": "12", "1234": "1,234", "+1234": "+1,234", "-123456.75": "-123,456.75", "1234e+06": "1,234e+06",
		"0.123456": "0.123456", "115792089237316195423570985008687907853": "115,792,089,237,316,195,423,570,985,008,687,907,853",
		"NaN": "NaN", "r×4096": "r×4096", "1,234": "1,234", "٣٣٣٣": "٣٣٣٣",
	} {
		if got := Group(in); got != want {
			t.Errorf("Group(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReal(t *testing.T) {
	for _, tt := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 3, "0"}, {math.Copysign(0, -1), 3, "0"},
		{1.5, 0, "1.500"}, {95.94, 3, "95.9"}, {-95.94, 3, "-95.9"}, {0.00213, 3, "0.00213"}, {0.0002, 1, "0.0002"},
		{1234, 4, "1234"}, {1234.56, 4, "1235"}, {9999, 2, "9999"}, {12300, 3, "12,300"}, {-12300.25, 7, "-12,300.25"}, {999999999, 3, "999,999,999"},
		{1e-4, 2, "0.00010"}, {0.99e-4, 2, "9.9e-05"}, {1.3e-7, 2, "1.3e-07"}, {1e9, 3, "1.00e+09"}, {-2.5e10, 2, "-2.5e+10"},
		{9.9996, 4, "10.000"}, {99.97, 3, "100.0"}, {100, 3, "100"}, {9999.96, 5, "10000.0"},
		{math.NaN(), 3, "NaN"}, {math.Inf(1), 3, "+Inf"}, {math.Inf(-1), 3, "-Inf"},
	} {
		if got := Real(tt.x, tt.digits); got != tt.want {
			t.Errorf("Real(%v, %d) = %q, want %q", tt.x, tt.digits, got, tt.want)
		}
	}
}

func TestShort(t *testing.T) {
	for _, tt := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 3, "0"}, {400, 3, "400"}, {1234, 3, "1234"}, {1234.5, 4, "1234"}, {9999.4, 3, "9999"}, {9999.6, 3, "10k"},
		{65536, 3, "65.5k"}, {65536, 4, "65.54k"}, {262144, 3, "262k"}, {16777216, 3, "16.8M"}, {7e9, 3, "7G"}, {2.5e12, 3, "2.5T"}, {999999, 3, "1M"},
		{0.0312, 3, "0.0312"}, {0.123456, 3, "0.123"}, {-13.98, 3, "-14"}, {97.25, 3, "97.2"},
		{1e-3, 3, "0.001"}, {9.99e-4, 3, "9.99e-4"}, {1e-6, 3, "1e-6"}, {-2.5e-7, 3, "-2.5e-7"}, {3e20, 3, "3e20"}, {5e-324, 3, "4.94e-324"},
		{12.6, 0, "13"}, {math.NaN(), 3, "NaN"}, {math.Inf(1), 3, "+Inf"},
	} {
		if got := Short(tt.x, tt.digits); got != tt.want {
			t.Errorf("Short(%v, %d) = %q, want %q", tt.x, tt.digits, got, tt.want)
		}
	}
}

func TestPrefix(t *testing.T) {
	for x, want := range map[float64]string{1000: "k", 999_999: "k", 1e6: "M", 2.5e6: "M", 1e9: "G", 1e12: "T", 1e18: "T"} {
		scale, prefix := Prefix(x)
		if prefix != want || x/scale < 1 {
			t.Errorf("Prefix(%v) = %v, %q, want %q", x, scale, prefix, want)
		}
	}
}

func TestExponent(t *testing.T) {
	for _, tt := range []struct {
		x        float64
		decimals int
		want     string
	}{
		{1.5e-6, 1, "1.5e-6"}, {-2.6e-16, 0, "-3e-16"}, {3e20, 0, "3e20"}, {1, 2, "1.00e0"}, {1e100, 1, "1.0e100"},
		{math.NaN(), 1, "NaN"}, {math.Inf(-1), 1, "-Inf"},
	} {
		if got := Exponent(tt.x, tt.decimals); got != tt.want {
			t.Errorf("Exponent(%v, %d) = %q, want %q", tt.x, tt.decimals, got, tt.want)
		}
	}
}

func TestPowersOfTen(t *testing.T) {
	for in, want := range map[string]string{
		"3.9e-05": "3.9·10⁻⁵", "-1.25e+18": "-1.25·10¹⁸", "1e+00": "1·10⁰", "4e2": "4·10²",
		"0.5": "0.5", "": "", "e": "e", "1e": "1e", "1ex": "1ex", "two": "two", "0Xe0": "0Xe0", "1e5e": "1e5e", "--1e5": "--1e5", "-e5": "-e5", "NaN": "NaN", "1e99999999999999999999": "1e99999999999999999999",
	} {
		if got := Scientific(in); got != want {
			t.Errorf("Scientific(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[int]string{0: "⁰", 7: "⁷", -1: "⁻¹", 1234567890: "¹²³⁴⁵⁶⁷⁸⁹⁰", -42: "⁻⁴²"} {
		if got := Raised(in); got != want {
			t.Errorf("Raised(%d) = %q, want %q", in, got, want)
		}
	}
	if got, want := Minus(Scientific("-3.9e-05")), "−3.9·10⁻⁵"; got != want {
		t.Errorf("with a minus sign: %q, want %q", got, want)
	}
}

func TestMinus(t *testing.T) {
	for in, want := range map[string]string{"-14": "−14", "14": "14", "1e-6": "1e-6", "-1e-6": "−1e-6", "": "", "-": "−"} {
		if got := Minus(in); got != want {
			t.Errorf("Minus(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 tensors", 1: "1 tensor", 2: "2 tensors", 1000: "1000 tensors", -1: "-1 tensors"} {
		if got := Plural(n, "tensor"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
	if got := Count(2048) + " " + Noun(2048, "parameter") + ", " + Count(1) + " " + Noun(1, "byte"); got != "2,048 parameters, 1 byte" {
		t.Errorf("Noun: %q", got)
	}
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct{ numeral, unit, spaced, tight string }{
		{"14.2", "GB", "14.2 GB", "14.2 GB"}, {"75", "%", "75 %", "75%"}, {"3", "% of r·d", "3 % of r·d", "3% of r·d"}, {"8", "×", "8 ×", "8×"}, {"5", "", "5", "5"},
	} {
		if got := WithUnit(tt.numeral, tt.unit); got != tt.spaced {
			t.Errorf("WithUnit(%q, %q) = %q, want %q", tt.numeral, tt.unit, got, tt.spaced)
		}
		if got := TightUnit(tt.numeral, tt.unit); got != tt.tight {
			t.Errorf("TightUnit(%q, %q) = %q, want %q", tt.numeral, tt.unit, got, tt.tight)
		}
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0: "0 %", 1: "100 %", 0.125: "13 %", 0.375: "38 %", 0.124: "12 %", -0.001: "0 %", -0.125: "-13 %", 2.5: "250 %"} {
		if got := Percent(share); got != want {
			t.Errorf("Percent(%v) = %q, want %q", share, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	for _, row := range []struct {
		n       int64
		si, iec string
	}{
		{0, "0 B", "0 B"},
		{-5, "-5 B", "-5 B"},
		{999, "999 B", "999 B"},
		{1000, "1.000 kB", "1000 B"},
		{1024, "1.024 kB", "1.000 KiB"},
		{999_499, "999.5 kB", "976.1 KiB"},
		{999_999, "1.000 MB", "976.6 KiB"},
		{1<<20 - 1, "1.049 MB", "1.000 MiB"},
		{37_748_736, "37.75 MB", "36.00 MiB"},
		{13_476_831_232, "13.48 GB", "12.55 GiB"},
		{783_427_928_064, "783.4 GB", "729.6 GiB"},
		{math.MaxInt64, "9.223 EB", "8.000 EiB"},
	} {
		if got := SI(row.n); got != row.si {
			t.Errorf("SI(%d) = %q, want %q", row.n, got, row.si)
		}
		if got := IEC(row.n); got != row.iec {
			t.Errorf("IEC(%d) = %q, want %q", row.n, got, row.iec)
		}
	}
}

// FuzzNumeral checks what is read: groups and powers of ten change how a numeral
// looks, never its value, and nothing that is no numeral is touched.
func FuzzNumeral(f *testing.F) {
	for _, s := range []string{"0", "-65536.25", "3.9e-05", "1234e+06", "1e", "e5", "-", "+77777", "12345678901234567890", "abc", "1,234", "中e1"} {
		f.Add(s)
	}
	supers := strings.NewReplacer("⁻", "-", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")
	f.Fuzz(func(t *testing.T, numeral string) {
		grouped := Group(numeral)
		if strings.ReplaceAll(grouped, ",", "") != strings.ReplaceAll(numeral, ",", "") {
			t.Errorf("Group(%q) = %q changes the digits", numeral, grouped)
		}
		power := Scientific(numeral)
		mantissa, exponent, found := strings.Cut(power, "·10")
		if power == numeral || !found || strings.Contains(numeral, "·10") {
			return
		}
		n, err := strconv.Atoi(supers.Replace(exponent))
		if err != nil {
			t.Fatalf("Scientific(%q) = %q: the exponent is %v", numeral, power, err)
		}
		if n > 400 || n < -400 {
			return // the product would be slow
		}
		want, ok := new(big.Rat).SetString(numeral)
		if !ok {
			return
		}
		got, ok := new(big.Rat).SetString(mantissa)
		if !ok {
			t.Fatalf("Scientific(%q) = %q: the mantissa is no number", numeral, power)
		}
		ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
		if n < 0 {
			ten.Inv(ten)
		}
		if got.Mul(got, ten).Cmp(want) != 0 {
			t.Errorf("Scientific(%q) = %q: another value", numeral, power)
		}
	})
}
