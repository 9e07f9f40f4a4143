package models

import (
	"math"
	"testing"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", -1000: "-1,000", 123456: "123,456", 4194304: "4,194,304",
		math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	for _, row := range []struct {
		n       int64
		si, iec string
	}{
		{0, "0 B", "0 B"},
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
			t.Errorf("%d: %s, want %s", row.n, got, row.si)
		}
		if got := IEC(row.n); got != row.iec {
			t.Errorf("%d: %s, want %s", row.n, got, row.iec)
		}
	}
}
