package lessons

import (
	"fmt"
	"io/fs"
	"sync"

	"loralab/lora/toy"
)

// NewLaboratory returns all experiments. They read their data sets from the
// folder "data" of fsys, when first needed: the first screen does not wait for
// them.
func NewLaboratory(fsys fs.FS) Laboratory {
	digits := sync.OnceValues(func() (*toy.Digits, error) { return loadDigits(fsys) })
	return Laboratory{
		reparameterization(digits),
		initialization(digits),
		parameterCounting(),
		quantization(digits),
		merging(digits),
	}
}

// digitsSource returns the digits, reading them at the first call.
type digitsSource func() (*toy.Digits, error)

func loadDigits(fsys fs.FS) (*toy.Digits, error) {
	const file = "data/digits.csv.gz"
	f, err := fsys.Open(file)
	if err != nil {
		return nil, fmt.Errorf("the handwritten digits: %w", err)
	}
	defer f.Close()
	d, err := toy.ParseDigits(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}
