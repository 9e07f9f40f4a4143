package models

import (
	"math/big"
	"strconv"
	"strings"
)

// Thousands writes a count with commas: 4,194,304.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// SI writes bytes in powers of 1000 with four digits: 13.48 GB. These are the
// units of disks and of most papers.
func SI(bytes int64) string { return scaled(bytes, 1000, "B", "kB", "MB", "GB", "TB", "PB", "EB") }

// IEC writes bytes in powers of 1024 with four digits: 12.55 GiB. These are the
// units of what nvidia-smi and PyTorch report, whatever they call them.
func IEC(bytes int64) string {
	return scaled(bytes, 1024, "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
}

func scaled(n int64, base float64, units ...string) string {
	v, unit := float64(n), 0
	for {
		if unit == 0 {
			if v < base {
				return strconv.FormatInt(n, 10) + " " + units[0]
			}
		} else if text := fourDigits(v); unit == len(units)-1 || v < base && text != strconv.FormatFloat(base, 'f', 0, 64) {
			// 999,999 bytes round to 1000 kB, which is written 1.000 MB.
			return text + " " + units[unit]
		}
		v /= base
		unit++
	}
}

// fourDigits writes 3.341, 13.48, 783.4, 1023.
func fourDigits(v float64) string {
	for decimals := 3; decimals > 0; decimals-- {
		if text := strconv.FormatFloat(v, 'f', decimals, 64); len(text) <= 5 {
			return text
		}
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// quotient is the float64 nearest to scale·a/b.
func quotient(scale, a, b int64) float64 {
	if b == 0 {
		return 0
	}
	num := new(big.Int).Mul(big.NewInt(scale), big.NewInt(a))
	f, _ := new(big.Rat).SetFrac(num, big.NewInt(b)).Float64()
	return f
}
