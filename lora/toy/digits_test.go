package toy

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

func readDigits(t testing.TB) *Digits {
	t.Helper()
	raw, err := os.ReadFile("testdata/digits.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseDigits(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zipped(text string) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // a level that there is
	w.Write([]byte(text))                           // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}

// someDigits returns a small file with five images of every digit.
func someDigits() []string {
	var lines []string
	for i := range 5 * classes {
		var fields []string
		for p := range pixels {
			fields = append(fields, fmt.Sprint((i*p)%(darkest+1)))
		}
		lines = append(lines, strings.Join(append(fields, fmt.Sprint(i%classes)), ","))
	}
	return lines
}

// join returns the lines of a file, each with its end.
func join(lines []string) string { return strings.Join(lines, "\n") + "\n" }

func TestParseDigits(t *testing.T) {
	d, err := ParseDigits(bytes.NewReader(zipped(join(someDigits()))))
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 50 || d.labels[13] != 3 || d.images[3][5] != 15./16 || d.images[1][16] != 1 {
		t.Errorf("%d images, the 14th of a %d, pixels %v and %v", d.Len(), d.labels[13], d.images[3][5], d.images[1][16])
	}
}

// badDigits are files that are refused, each with what the error has to say.
var badDigits = []struct {
	name string
	raw  []byte
	says []string
}{
	{"empty", nil, []string{"gzip"}},
	{"not gzip", []byte("0,0,0"), []string{"gzip"}},
	{"no line", zipped(""), []string{"0 images of a 0", "5"}},
	{"cut off", zipped(join(someDigits()))[:200], []string{"line", "unexpected EOF"}},
	{"checksum", spoiled(zipped(join(someDigits()))), []string{"checksum"}},
	{"too few of one digit", zipped(join(someDigits()[:49])), []string{"4 images of a 9", "5"}},
	{"value missing", edited(2, "1,2,3"), []string{"line 3", "3 values", "64"}},
	{"value too many", edited(6, strings.Repeat("0,", 65)+"1"), []string{"line 7", "66 values"}},
	{"blank line", edited(4, ""), []string{"line 5", "1 values"}},
	{"pixel too dark", edited(0, strings.Repeat("17,", 64)+"1"), []string{"line 1", "pixel 1", `"17"`, "16"}},
	{"negative pixel", edited(0, strings.Repeat("-1,", 64)+"1"), []string{"line 1", `"-1"`}},
	{"signed pixel", edited(0, strings.Repeat("+1,", 64)+"1"), []string{"line 1", `"+1"`}},
	{"fraction", edited(9, strings.Repeat("0,", 63)+"1.5,1"), []string{"line 10", "pixel 64", `"1.5"`}},
	{"space", edited(9, strings.Repeat("0, ", 64)+"1"), []string{"line 10", "pixel 2", `" 0"`}},
	{"header", edited(0, strings.Repeat("pixel,", 64)+"label"), []string{"line 1", `"pixel"`}},
	{"label 10", edited(9, strings.Repeat("0,", 64)+"10"), []string{"line 10", "label", `"10"`, "9"}},
	{"no label", edited(9, strings.Repeat("0,", 64)), []string{"line 10", "label", `""`}},
	{"line without end", edited(20, strings.Repeat("0", 100_000)), []string{"line 21", "too long"}},
}

func edited(line int, to string) []byte {
	lines := someDigits()
	lines[line] = to
	return zipped(join(lines))
}

// spoiled changes the checksum at the end of a gzip file.
func spoiled(raw []byte) []byte {
	raw[len(raw)-8] ^= 0xff
	return raw
}

func TestParseDigitsRefuses(t *testing.T) {
	for _, row := range badDigits {
		t.Run(row.name, func(t *testing.T) {
			d, err := ParseDigits(bytes.NewReader(row.raw))
			if err == nil || d != nil {
				t.Fatalf("no error, %d digits", d.Len())
			}
			for _, word := range append(row.says, "digits: ") {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
		})
	}
}

func TestParseDigitsStopsSomewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 13 MB")
	}
	_, err := ParseDigits(bytes.NewReader(zipped(strings.Repeat(strings.Repeat("0,", 64)+"0\n", maxImages+1))))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint(maxImages)) {
		t.Errorf("a file of %d images: %v", maxImages+1, err)
	}
}

// What is fuzzed is a line of a good file, and the raw file itself: a whole file
// of text would be too long to be changed at random in an interesting way.
func FuzzParseDigits(f *testing.F) {
	f.Add([]byte(someDigits()[7]))
	for _, row := range badDigits {
		f.Add(row.raw)
		r, err := gzip.NewReader(bytes.NewReader(row.raw))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(r) // what can be read of it
		for i, line := range strings.Split(string(text), "\n") {
			if i < len(someDigits()) && line != someDigits()[i] && len(line) < 1000 {
				f.Add([]byte(line))
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, file := range [][]byte{raw, edited(3, string(raw))} {
			d, err := ParseDigits(bytes.NewReader(file))
			if err != nil {
				if !strings.HasPrefix(err.Error(), "digits: ") {
					t.Errorf("error %q", err)
				}
				continue
			}
			train, test := d.Data(Rot90, 1)
			if train.Len()+test.Len() != d.Len() {
				t.Errorf("%d and %d images of %d", train.Len(), test.Len(), d.Len())
			}
			if mat.Min(train.X) < 0 || mat.Max(train.X) > 1 {
				t.Errorf("pixels from %v to %v", mat.Min(train.X), mat.Max(train.X))
			}
		}
	})
}

func TestSplit(t *testing.T) {
	d := readDigits(t)
	train, test := d.Data(Upright, 1)
	if train.Len()+test.Len() != d.Len() {
		t.Fatalf("%d and %d images of %d", train.Len(), test.Len(), d.Len())
	}
	count := func(labels []int) (n [classes]int) {
		for _, label := range labels {
			n[label]++
		}
		return n
	}
	in, out := count(train.Labels), count(test.Labels)
	for label := range classes {
		if all := in[label] + out[label]; out[label] != (all+heldOut-1)/heldOut {
			t.Errorf("of %d images of a %d %d are held out, want one in %d", all, label, out[label], heldOut)
		}
	}
	// Together they are all the images.
	if got, want := multiset(train, test), multiset(whole(d)); !slices.Equal(got, want) {
		t.Error("the two parts are not the whole")
	}

	again, _ := d.Data(Upright, 1)
	other, _ := d.Data(Upright, 2)
	if !mat.Equal(again.X, train.X) || mat.Equal(other.X, train.X) {
		t.Error("the split does not follow the seed")
	}
}

// whole returns all images as one set.
func whole(d *Digits) lora.Data {
	x := mat.NewDense(pixels, d.Len(), nil)
	for j := range d.images {
		x.SetCol(j, d.images[j][:])
	}
	return lora.Data{X: x, Labels: d.labels}
}

// multiset returns all images of the sets as text, sorted.
func multiset(sets ...lora.Data) []string {
	var all []string
	for _, data := range sets {
		for j, label := range data.Labels {
			all = append(all, fmt.Sprint(label, mat.Col(nil, j, data.X)))
		}
	}
	slices.Sort(all)
	return all
}

func TestSameSplitUnderAllShifts(t *testing.T) {
	d := readDigits(t)
	upright, uprightTest := d.Data(Upright, 1)
	for s := Upright; s <= Noise; s++ {
		train, test := d.Data(s, 1)
		if !slices.Equal(train.Labels, upright.Labels) || !slices.Equal(test.Labels, uprightTest.Labels) {
			t.Errorf("%v: other labels", s)
		}
		if again, _ := d.Data(s, 1); !mat.Equal(again.X, train.X) {
			t.Errorf("%v: other images from the same seed", s)
		}
		if s != Upright && mat.Equal(train.X, upright.X) {
			t.Errorf("%v changes nothing", s)
		}
	}
}

// An image whose pixels are all different, the rows from 0: what is seen of it says
// where each pixel went.
func TestShifts(t *testing.T) {
	var im image
	for i := range im {
		im[i] = float64(i)
	}
	row := func(n float64, step float64) []float64 {
		var all []float64
		for i := range side {
			all = append(all, n+step*float64(i))
		}
		return all
	}
	for _, c := range []struct {
		shift       Shift
		first, last []float64 // rows of what is seen
	}{
		{Upright, row(0, 1), row(56, 1)},
		{Rot90, row(7, 8), row(0, 8)}, // the right edge, downwards, becomes the top
		{Rot180, row(63, -1), row(7, -1)},
		{Mirror, row(7, -1), row(63, -1)},
		{OneRight, []float64{7, 0, 1, 2, 3, 4, 5, 6}, []float64{63, 56, 57, 58, 59, 60, 61, 62}},
		{Invert, row(1, -1), row(-55, -1)},
	} {
		seen := c.shift.lens(1)(im, 0)
		if !slices.Equal(seen[:side], c.first) || !slices.Equal(seen[pixels-side:], c.last) {
			t.Errorf("%v: first row %v, last %v, want %v and %v", c.shift, seen[:side], seen[pixels-side:], c.first, c.last)
		}
	}

	t.Run("turns add up", func(t *testing.T) {
		quarter, half := Rot90.lens(1), Rot180.lens(1)
		if quarter(quarter(im, 0), 0) != half(im, 0) || half(half(im, 0), 0) != im {
			t.Error("two quarters are not a half, or two halves not a whole")
		}
	})
	t.Run("one order of pixels for all", func(t *testing.T) {
		see := Permute.lens(1)
		seen := see(im, 0)
		if seen != see(im, 1) {
			t.Error("two images are permuted differently")
		}
		if seen == Permute.lens(2)(im, 0) {
			t.Error("two seeds permute alike")
		}
		slices.Sort(seen[:])
		if seen != im {
			t.Error("pixels are lost")
		}
	})
	t.Run("noise for each image", func(t *testing.T) {
		d := readDigits(t)
		see := Noise.lens(1)
		n, sum, squares := 0.0, 0.0, 0.0
		for i, im := range d.images {
			for p, v := range see(im, i) {
				noise := v - im[p]
				n, sum, squares = n+1, sum+noise, squares+noise*noise
			}
		}
		if mean, deviation := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 0.02 || math.Abs(deviation-1) > 0.02 {
			t.Errorf("mean %v, deviation %v, want 0 and 1", mean, deviation)
		}
		if see(im, 0) == see(im, 1) {
			t.Error("two images have the same noise")
		}
	})
}

func TestShiftNames(t *testing.T) {
	for s := Upright; s <= Noise; s++ {
		if got, err := ParseShift(s.String()); err != nil || got != s {
			t.Errorf("%v parses as %v, %v", s, got, err)
		}
	}
	if names := Shifts(); len(names) != int(Noise) || slices.Contains(names, Upright.String()) {
		t.Errorf("shifts that change something: %v", names)
	}
	_, err := ParseShift("rot45")
	if err == nil || !strings.Contains(err.Error(), `"rot45"`) || !strings.Contains(err.Error(), "rot90") {
		t.Errorf("error %v, want what was given and what there is", err)
	}
	if got := (Noise + 1).String(); got != "shift-8" {
		t.Errorf("no shift at all: %q", got)
	}
}

// The story of the first lesson at a tenth of its length: what was learned
// upright fails after a turn, and both full training and adapters learn the turn.
func TestDigitsAreLearned(t *testing.T) {
	d := readDigits(t)
	train, test := d.Data(Upright, 1)
	turned, turnedTest := d.Data(Rot90, 1)
	learn := func(net *lora.Network, data lora.Data, full bool, lr float64) {
		trainer := lora.NewTrainer(net, data, lora.Training{Loss: lora.CrossEntropy, Full: full,
			Optimizer: lora.NewOptimizer(lora.Adam, lr), Batch: 64, Order: lora.Stream(1, "order")})
		for range 150 {
			if _, err := trainer.Step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	accuracy := func(net *lora.Network, data lora.Data) float64 {
		return lora.Accuracy(net.Predict(data.X), data.Labels)
	}

	base := lora.NewNetwork([]int{pixels, 32, classes}, lora.ReLU, lora.Stream(1, "weights"))
	learn(base, train, true, 0.01)
	if got := accuracy(base, test); got < 0.9 {
		t.Errorf("upright %v, want above 0.9", got)
	}
	before := accuracy(base, turnedTest)
	if before > 0.4 {
		t.Errorf("turned, before learning that: %v, want hardly more than chance", before)
	}
	full := base.Clone()
	learn(full, turned, true, 0.01)
	if got := accuracy(full, turnedTest); got < 0.9 {
		t.Errorf("turned, in full %v, want above 0.9", got)
	}
	if err := (lora.Init{Scheme: lora.Kaiming, Rank: 8, Alpha: 16}).AttachAll(base, "turn", lora.Stream(1, "adapter")); err != nil {
		t.Fatal(err)
	}
	learn(base, turned, false, 0.02)
	if got := accuracy(base, turnedTest); got < before+0.4 {
		t.Errorf("turned, LoRA %v, want far above %v", got, before)
	}
}
