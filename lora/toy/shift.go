package toy

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// Shift is what happens to every image after the base has learned them upright.
type Shift uint8

const (
	Upright   Shift = iota // nothing
	Rot90                  // a quarter turn, counterclockwise
	Rot180                 // a half turn
	Mirror                 // left and right exchanged
	Invert                 // black and white exchanged
	OneRight               // every row moved one pixel to the right, around the edge
	Scrambled              // the pixels in another order, the same for all images
	Mixed                  // every pixel a random sum of all pixels, the same for all images
	Noise                  // Gaussian noise of deviation 1, new for every image: nothing can undo it
)

var shiftNames = [...]string{"upright", "rot90", "rot180", "mirror", "invert", "one-right", "scrambled", "mixed", "noise"}

func (s Shift) String() string { return shiftNames[s] }

// Shifts returns the names of all shifts that change something.
func Shifts() []string { return slices.Clone(shiftNames[1:]) }

// ParseShift returns the shift of that name.
func ParseShift(name string) (Shift, error) {
	if i := slices.Index(shiftNames[:], name); i >= 0 {
		return Shift(i), nil
	}
	return 0, fmt.Errorf("unknown shift %q (shifts: %s)", name, strings.Join(shiftNames[:], ", "))
}

// lens returns the function that maps an image, the index-th, to what is seen
// of it.
func (s Shift) lens(seed uint64) func(image *[pixels]float64, index int) [pixels]float64 {
	moved := func(from func(row, col int) int) func(*[pixels]float64, int) [pixels]float64 {
		return func(image *[pixels]float64, _ int) (out [pixels]float64) {
			for row := range side {
				for col := range side {
					out[row*side+col] = image[from(row, col)]
				}
			}
			return out
		}
	}
	const last = side - 1
	switch s {
	case Rot90:
		return moved(func(row, col int) int { return col*side + last - row })
	case Rot180:
		return moved(func(row, col int) int { return (last-row)*side + last - col })
	case Mirror:
		return moved(func(row, col int) int { return row*side + last - col })
	case OneRight:
		return moved(func(row, col int) int { return row*side + (col+last)%side })
	case Scrambled:
		order := lora.Stream(seed, "scrambled pixels").Perm(pixels)
		return moved(func(row, col int) int { return order[row*side+col] })
	case Invert:
		return func(image *[pixels]float64, _ int) (out [pixels]float64) {
			for i, v := range image {
				out[i] = 1 - v
			}
			return out
		}
	case Mixed:
		return mixed(directions(pixels, pixels, seed, "mixed pixels"))
	case Noise:
		return func(image *[pixels]float64, index int) (out [pixels]float64) {
			rng := lora.Stream(seed, fmt.Sprint("noise of image ", index))
			for i, v := range image {
				out[i] = v + rng.NormFloat64()
			}
			return out
		}
	}
	return func(image *[pixels]float64, _ int) [pixels]float64 { return *image }
}

// mixed multiplies by an orthogonal matrix: lengths and angles stay, so nothing
// is lost, but every weight that looked at a pixel looks at the wrong thing.
func mixed(q *mat.Dense) func(*[pixels]float64, int) [pixels]float64 {
	return func(image *[pixels]float64, _ int) (out [pixels]float64) {
		for i := range out {
			for j, v := range image {
				out[i] += q.At(i, j) * v
			}
		}
		return out
	}
}
