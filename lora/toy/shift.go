package toy

import (
	"fmt"
	"slices"
	"strings"

	"loralab/lora"
)

// Shift is what happens to every image after a network has learned them upright.
//
// All but the last can be undone: they move or negate pixels, so that some
// first layer W′ does on the changed images exactly what W did on the upright
// ones. W′ − W has nearly full rank, also for a quarter turn; that LoRA
// recovers at a rank far lower shows that training need not find this W′.
//
// Noise is the counter-example. It is drawn anew for every image, so there is
// nothing to undo: what full fine-tuning then gains on the examples it gains by
// memorizing each of them, which takes directions without number and is worth
// nothing on images held out. A fixed scrambling of pixels (Permute) looks as bad to the
// eye, but is one rule for all images, and a low rank recovers it like a turn.
type Shift uint8

const (
	Upright  Shift = iota // nothing
	Rot90                 // a quarter turn, counterclockwise
	Rot180                // a half turn
	Mirror                // left and right exchanged
	Invert                // ink and paper exchanged
	OneRight              // moved one pixel to the right, the last column around to the first
	Permute               // pixels in another order, one for all images
	Noise                 // a normal number of deviation 1 added to each pixel, not clipped
)

var shiftNames = [...]string{"upright", "rot90", "rot180", "mirror", "invert", "one-right", "permute", "noise"}

// String returns the name by which [ParseShift] knows the shift.
func (s Shift) String() string {
	if int(s) >= len(shiftNames) {
		return fmt.Sprintf("shift-%d", uint8(s))
	}
	return shiftNames[s]
}

// Shifts returns the names of the shifts that change something.
func Shifts() []string { return slices.Clone(shiftNames[1:]) }

// ParseShift returns the shift of that name. The error lists the names there are.
func ParseShift(name string) (Shift, error) {
	if i := slices.Index(shiftNames[:], name); i >= 0 {
		return Shift(i), nil
	}
	return 0, fmt.Errorf("unknown shift %q (there are %s)", name, strings.Join(shiftNames[:], ", "))
}

// lens returns what is seen of an image, the index-th of all.
type lens func(im image, index int) image

func (s Shift) lens(seed uint64) lens {
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
	case Permute:
		order := lora.Stream(seed, "digits permuted").Perm(pixels)
		return moved(func(row, col int) int { return order[row*side+col] })
	case Invert:
		return func(im image, _ int) image {
			for i, v := range im {
				im[i] = 1 - v
			}
			return im
		}
	case Noise:
		return func(im image, index int) image {
			// A stream for each image: its noise does not depend on the split.
			rng := lora.Stream(seed, fmt.Sprintf("digits noise %d", index))
			for i := range im {
				im[i] += lora.Normal(rng)
			}
			return im
		}
	default:
		return func(im image, _ int) image { return im }
	}
}

// moved takes each pixel from the place that from names.
func moved(from func(row, col int) int) lens {
	return func(im image, _ int) (out image) {
		for row := range side {
			for col := range side {
				out[row*side+col] = im[from(row, col)]
			}
		}
		return out
	}
}
