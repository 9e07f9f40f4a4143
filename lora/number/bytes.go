package number

import "strconv"

// SI writes bytes in powers of 1000 with four digits: 13.48 GB. These are the
// units of disks and of most papers.
func SI(bytes int64) string { return scaled(bytes, 1000, "B", "kB", "MB", "GB", "TB", "PB", "EB") }

// IEC writes bytes in powers of 1024 with four digits: 12.55 GiB. These are the
// units of what nvidia-smi and PyTorch report, whatever they call them.
func IEC(bytes int64) string {
	return scaled(bytes, 1024, "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
}

// scaled writes a size in the largest of the units, each base times the one
// before, of which there is at least one.
func scaled(bytes int64, base float64, units ...string) string {
	v, unit := float64(bytes), 0
	for {
		if unit == 0 {
			if v < base {
				return WithUnit(strconv.FormatInt(bytes, 10), units[0])
			}
		} else if text := fourDigits(v); unit == len(units)-1 || v < base && text != strconv.FormatFloat(base, 'f', 0, 64) {
			// 999,999 bytes round to 1000 kB, which is written 1.000 MB.
			return WithUnit(text, units[unit])
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
