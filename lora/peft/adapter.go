package peft

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// The files of an adapter's folder.
const (
	ConfigFile  = "adapter_config.json"
	WeightsFile = "adapter_model.safetensors"
)

// Adapter is a LoRA adapter in a folder as PEFT saves it. The configuration and
// the layout of the tensors have been read and fit each other; A and B are read
// module by module when they are asked for, because in float64 all of them can
// be more than memory holds.
type Adapter struct {
	Config  *Config
	Modules []Module // by name, layers.2 before layers.10

	// Stacked names the modules of stacked experts (target_parameters of three
	// dimensions), whose factors are laid out otherwise and not read.
	Stacked []string
	Others  []Info // tensors that are no module's: modules saved whole, biases of the base

	file *File
}

// OpenAdapter reads the configuration of the folder dir and the header of its
// weights. The ranks of the tensors must be the configuration's: PEFT computes
// the scaling from the latter. The caller closes the Adapter.
func OpenAdapter(dir string) (*Adapter, error) {
	b, err := readConfigFile(filepath.Join(dir, ConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; want a folder that PEFT saved%s", err, nested(dir))
	}
	if err != nil {
		return nil, err
	}
	config, err := ParseConfig(b)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, shown(dir))
	}
	weights := filepath.Join(dir, WeightsFile)
	f, err := Open(weights)
	if err != nil {
		pickled := filepath.Join(dir, "adapter_model.bin")
		if _, statErr := os.Stat(pickled); errors.Is(err, fs.ErrNotExist) && statErr == nil {
			err = fmt.Errorf("peft: %s: a pickle can run code when it is read: convert it to safetensors", shown(pickled))
		} else if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; want the weights beside %s", err, ConfigFile)
		}
		return nil, err
	}
	a, err := NewAdapter(config, f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("peft: %s: %w", shown(weights), err)
	}
	return a, nil
}

// NewAdapter gathers the modules of an adapter from a file's tensors.
func NewAdapter(config *Config, f *File) (*Adapter, error) {
	a := &Adapter{Config: config, file: f}
	if err := a.gather(f.Tensors()); err != nil {
		return nil, err
	}
	return a, nil
}

// Close closes the file of the weights.
func (a *Adapter) Close() error { return a.file.Close() }

// Params returns the number of trained parameters of all modules that are read.
func (a *Adapter) Params() int {
	n := 0
	for _, m := range a.Modules {
		n += m.Params()
	}
	return n
}

// nested names an adapter in a folder below dir: a trainer's checkpoints lie so,
// and adapters of another name than "default".
func nested(dir string) string {
	entries, _ := os.ReadDir(dir) // the error that matters has been found already
	for _, e := range slices.Backward(entries) {
		below := filepath.Join(dir, e.Name())
		if _, err := os.Stat(filepath.Join(below, ConfigFile)); err == nil {
			return ", such as " + shown(below)
		}
	}
	return ""
}

// maxConfig bounds the size of an adapter_config.json.
const maxConfig = 1 << 20

func readConfigFile(path string) ([]byte, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > maxConfig {
		return nil, fmt.Errorf("peft: %s: found %d bytes, want at most %d", shown(path), size, maxConfig)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxConfig))
	if err != nil {
		return nil, fmt.Errorf("peft: %s: %w", shown(path), cause(err))
	}
	return b, nil
}
