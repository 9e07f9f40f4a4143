package lessons

import "loralab/lessons/lab"

// Names that moved to package lab, for callers that do not name it yet.
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
)

const (
	KindCount  = lab.KindCount
	KindMatrix = lab.KindMatrix
	Set        = lab.Set
)

// ShowReal forwards to [lab.ShowReal].
func ShowReal(x float64, digits int) string { return lab.ShowReal(x, digits) }
