package algebra

import (
	"testing"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

// everyGrader returns one question of each kind.
func everyGrader(t testing.TB) map[string]verdict.Grader {
	return map[string]verdict.Grader{
		"count": countQuestion(), "rounded": Count{Truth: countQuestion().Truth, Rounding: true, Unit: "bytes"},
		"real": Real{Truth: 1.0 / 256, Rel: 0.01, Digits: 2}, "percent": Real{Truth: 0.39, Digits: 2, Unit: "%"},
		"shape": shapeQuestion(), "formula": loraVsFull(), "equation": forward(t),
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for name, g := range everyGrader(t) {
		t.Run(name, func(t *testing.T) { verdicttest.Refuses(t, g) })
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, g := range everyGrader(t) {
		t.Run(name, func(t *testing.T) { verdicttest.Survives(t, g, verdict.MaxLength, false) })
	}
}

func fuzz(f *testing.F, rows []verdicttest.Row, names ...string) {
	var graders []verdict.Grader
	for _, name := range names {
		graders = append(graders, everyGrader(f)[name])
	}
	verdicttest.Fuzz(f, rows, graders...)
}

func FuzzCount(f *testing.F)    { fuzz(f, countRows, "count", "rounded") }
func FuzzReal(f *testing.F)     { fuzz(f, realRows, "real", "percent") }
func FuzzShape(f *testing.F)    { fuzz(f, shapeRows, "shape") }
func FuzzFormula(f *testing.F)  { fuzz(f, formulaRows, "formula") }
func FuzzEquation(f *testing.F) { fuzz(f, forwardRows, "equation") }
