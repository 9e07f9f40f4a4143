package lessons

import (
	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// Names that moved to packages lab and source, for callers that do not name
// them yet.
type (
	Experiment = lab.Experiment
	Finding    = lab.Finding
	Knob       = lab.Knob
	Laboratory = lab.Laboratory
	Progress   = lab.Progress
	Record     = lab.Record
	Recorder   = lab.Recorder
	Settings   = lab.Settings
	Spec       = lab.Spec

	ContentError = source.Error
	Source       = source.Piece
	Fields       = source.Fields
	Item         = source.Item
)

const (
	KindCount  = lab.KindCount
	KindMatrix = lab.KindMatrix
	Set        = lab.Set
)
