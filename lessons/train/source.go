package train

import (
	"bytes"
	"fmt"
	"io/fs"
	"sync"

	"loralab/lessons/source"
	"loralab/lora/toy"
)

// Sources are the data sets that experiments train on. Each is read when it is
// first asked for: the first screen does not wait for it.
type Sources struct {
	Digits func() (*toy.Digits, error)
}

// NewSources returns the data sets in the folder "data" of fsys.
func NewSources(fsys fs.FS) Sources {
	return Sources{Digits: sync.OnceValues(func() (*toy.Digits, error) { return readDigits(fsys) })}
}

func readDigits(fsys fs.FS) (*toy.Digits, error) {
	const file = "data/digits.csv.gz"
	zipped, err := source.Read(fsys, file, source.MaxData)
	if err != nil {
		return nil, fmt.Errorf("the handwritten digits: %w", err)
	}
	d, err := toy.ParseDigits(bytes.NewReader(zipped))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}
