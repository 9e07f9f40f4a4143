package lessons

import (
	"io/fs"

	"loralab/lessons/counting"
	"loralab/lessons/initialization"
	"loralab/lessons/lab"
	"loralab/lessons/merging"
	"loralab/lessons/quantization"
	"loralab/lessons/recipe"
	"loralab/lessons/reparameterization"
	"loralab/lessons/train"
)

// experiments make the experiments there are: one line each.
var experiments = [...]func(train.Sources) *lab.Experiment{
	reparameterization.New,
	initialization.New,
	counting.New,
	quantization.New,
	merging.New,
	recipe.New,
}

// NewLaboratory returns all experiments. They read their data sets from the
// folder "data" of fsys, when first needed: the first screen does not wait for
// them.
func NewLaboratory(fsys fs.FS) lab.Laboratory {
	src := train.NewSources(fsys)
	var l lab.Laboratory
	for _, experiment := range experiments {
		l = append(l, experiment(src))
	}
	return l
}
