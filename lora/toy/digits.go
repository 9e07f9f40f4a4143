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

	heldOut   = 5       // of each digit one image in heldOut is kept from training
	maxImages = 100_000 // a small gzip file can unpack to any size
)

// image is one handwritten digit: pixels from 0 (paper) to 1 (ink), row after row.
type image [pixels]float64

// Digits are images of 8×8 pixels and the digits they show.
type Digits struct {
	images []image
	labels []int // 0 … 9
}

// ParseDigits reads gzipped lines of 64 pixels from 0 to 16 and a label from 0
// to 9, separated by commas: UCI's optdigits (Alpaydin and Kaynak 1998,
// "Optical Recognition of Handwritten Digits"). Of every digit there must be
// enough images for one to be held out. An error names the line, what was found
// there and what was expected.
func ParseDigits(r io.Reader) (*Digits, error) {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("digits: not a gzip file: %w", err)
	}
	d := &Digits{}
	lines := bufio.NewScanner(unzipped)
	for lines.Scan() {
		err := d.parseLine(lines.Text())
		if cut := lines.Err(); cut != nil {
			err = cut // what broke off the line, not what is left of it
		}
		if err != nil {
			return nil, fmt.Errorf("digits: line %d: %w", d.Len()+1, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("digits: line %d: %w", d.Len()+1, err)
	}
	var count [classes]int
	for _, label := range d.labels {
		count[label]++
	}
	for label, n := range count {
		if n < heldOut {
			return nil, fmt.Errorf("digits: %d images of a %d, want at least %d", n, label, heldOut)
		}
	}
	return d, nil
}

func (d *Digits) parseLine(line string) error {
	if d.Len() == maxImages {
		return fmt.Errorf("more than %d images", maxImages)
	}
	fields := strings.Split(line, ",")
	if len(fields) != pixels+1 {
		return fmt.Errorf("%d values, want %d pixels and a label", len(fields), pixels)
	}
	var im image
	for i, f := range fields[:pixels] {
		v, err := strconv.ParseUint(f, 10, 8)
		if err != nil || v > darkest {
			return fmt.Errorf("pixel %d is %q, want a whole number from 0 to %d", i+1, f, darkest)
		}
		im[i] = float64(v) / darkest
	}
	label, err := strconv.ParseUint(fields[pixels], 10, 8)
	if err != nil || label >= classes {
		return fmt.Errorf("the label is %q, want a digit from 0 to %d", fields[pixels], classes-1)
	}
	d.images, d.labels = append(d.images, im), append(d.labels, int(label))
	return nil
}

// Len returns how many images there are.
func (d *Digits) Len() int { return len(d.labels) }

// Data returns the images under a shift, four fifths to train on and one fifth
// held out, of each digit alike. X is 64×n. The split is drawn from the seed
// alone: what is held out under one shift is held out under all.
func (d *Digits) Data(shift Shift, seed uint64) (train, test lora.Data) {
	var in, out []int
	var seen [classes]int
	for _, i := range lora.Stream(seed, "digits split").Perm(d.Len()) {
		label := d.labels[i]
		if seen[label]%heldOut == 0 {
			out = append(out, i)
		} else {
			in = append(in, i)
		}
		seen[label]++
	}
	see := shift.lens(seed)
	return d.data(in, see), d.data(out, see)
}

func (d *Digits) data(which []int, see lens) lora.Data {
	data := lora.Data{X: mat.NewDense(pixels, len(which), nil), Labels: make([]int, len(which))}
	for j, i := range which {
		seen := see(d.images[i], i)
		data.X.SetCol(j, seen[:])
		data.Labels[j] = d.labels[i]
	}
	return data
}
