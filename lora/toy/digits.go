package toy

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

const (
	side    = 8 // pixels of an image along each side
	pixels  = side * side
	darkest = 16 // the largest value of a pixel in the file
	classes = 10
)

// Digits are handwritten digits of 8×8 pixels, and what they show.
type Digits struct {
	images [][pixels]float64 // 0 … 1, row after row
	labels []int             // 0 … 9
}

// ParseDigits reads gzipped lines of 64 pixels from 0 to 16 and a label from 0
// to 9, separated by commas: the form of UCI's optdigits. An error names the
// line and what was wrong with it.
func ParseDigits(r io.Reader) (*Digits, error) {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("digits: not a gzip file: %w", err)
	}
	d := &Digits{}
	lines := bufio.NewScanner(unzipped)
	for number := 1; lines.Scan(); number++ {
		if err := d.parseLine(lines.Text()); err != nil {
			return nil, fmt.Errorf("digits: line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("digits: %w", err)
	}
	if len(d.labels) < minDigits {
		return nil, fmt.Errorf("digits: %d images, want at least %d", len(d.labels), minDigits)
	}
	return d, nil
}

// minDigits is what it takes for a held-out set to have a meaning.
const minDigits = 50

func (d *Digits) parseLine(line string) error {
	fields := strings.Split(line, ",")
	if len(fields) != pixels+1 {
		return fmt.Errorf("%d values, want %d pixels and a label", len(fields), pixels)
	}
	var image [pixels]float64
	for i, f := range fields[:pixels] {
		v, err := strconv.Atoi(f)
		if err != nil || v < 0 || v > darkest {
			return fmt.Errorf("pixel %d is %q, want a whole number from 0 to %d", i+1, f, darkest)
		}
		image[i] = float64(v) / darkest
	}
	label, err := strconv.Atoi(fields[pixels])
	if err != nil || label < 0 || label >= classes {
		return fmt.Errorf("the label is %q, want a digit", fields[pixels])
	}
	d.images, d.labels = append(d.images, image), append(d.labels, label)
	return nil
}

// Len returns how many digits there are.
func (d *Digits) Len() int { return len(d.labels) }

// heldOut is the share of each class that is kept from training: one in five.
const heldOut = 5

// Data returns the digits under a shift, split into examples to train on and
// examples held out. The split depends on the seed alone: an image is held out
// under every shift or under none.
func (d *Digits) Data(shift Shift, seed uint64) (train, test lora.Data) {
	var in, out []int
	var seen [classes]int
	for _, i := range lora.Stream(seed, "digits split").Perm(d.Len()) {
		c := d.labels[i]
		if seen[c]%heldOut == 0 {
			out = append(out, i)
		} else {
			in = append(in, i)
		}
		seen[c]++
	}
	see := shift.lens(seed)
	return d.pick(in, see), d.pick(out, see)
}

func (d *Digits) pick(which []int, see func(*[pixels]float64, int) [pixels]float64) lora.Data {
	data := lora.Data{X: mat.NewDense(pixels, len(which), nil), Labels: make([]int, len(which))}
	for j, i := range which {
		image := see(&d.images[i], i)
		data.X.SetCol(j, image[:])
		data.Labels[j] = d.labels[i]
	}
	return data
}
