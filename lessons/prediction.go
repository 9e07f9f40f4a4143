package lessons

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"loralab/drills/algebra"
	"loralab/drills/schedule"
	"loralab/drills/verdict"
	"loralab/lessons/lab"
	"loralab/lora/number"
)

// Prediction is what a learner committed to before a run.
type Prediction struct {
	Ask        Predict
	Text       string // as it was written
	Skipped    bool   // "I don't know"
	Confidence schedule.Confidence
	echo       string  // how it was read
	value      float64 // in the unit that is shown
}

// PredictionVerdict is a prediction beside what the run found.
type PredictionVerdict struct {
	Right    bool
	Note     string   // stable name of how it went wrong, as [verdict.Verdict.Note]
	Truth    string   // what the run says, with its unit
	Gap      string   // how far the two are apart, in words
	Feedback []string // what slip would explain the gap, if one would
}

// ReadPrediction reads an answer. The error says what was found and what can be
// written instead; it costs nothing.
func ReadPrediction(ask Predict, text string) (Prediction, error) {
	p := Prediction{Ask: ask, Text: strings.TrimSpace(text)}
	switch {
	case len(ask.Choices) > 0:
		i := ask.named(p.Text)
		if i < 0 {
			return p, fmt.Errorf("%q is not one of: %s", p.Text, strings.Join(ask.Choices, ", "))
		}
		p.echo = ask.Choices[i]
	case exact(ask):
		answer, err := algebra.ParseCount(p.Text, "", false)
		if err != nil {
			return p, err
		}
		p.echo = answer.Echo
		p.value, _ = new(big.Float).SetInt(answer.Value).Float64()
	default:
		answer, err := algebra.ParseReal(p.Text, shownUnit(ask.Finding))
		if err != nil {
			return p, err
		}
		p.echo, p.value = answer.Echo, answer.Value
		if ask.Finding.Percent && p.value != 0 && math.Abs(p.value) < 1 && !strings.ContainsAny(p.Text, "%e") {
			share := number.Real(100*p.value, 4)
			return p, fmt.Errorf("%s: the share is asked in percent. Write %s for %s of 1, or %s %% if you mean that little", p.Text, share, p.Text, p.Text)
		}
	}
	return p, nil
}

// exact reports whether only the very number is right.
func exact(ask Predict) bool {
	return ask.Finding.Kind == lab.KindCount && ask.Within == 0 && ask.Points == 0
}

// shownUnit is the unit in which a finding is shown and predicted.
func shownUnit(spec lab.Spec) string {
	if spec.Percent {
		return "%"
	}
	return spec.Unit
}

// shownValue is a finding in the unit that is shown.
func shownValue(f lab.Finding) float64 {
	if f.Spec.Percent {
		return 100 * f.Real()
	}
	return f.Real()
}

// keptValue takes a value in the unit that is shown, and returns it as a record keeps it.
func keptValue(spec lab.Spec, shown float64) float64 {
	if spec.Percent {
		return shown / 100
	}
	return shown
}

// Said returns the prediction as it was read.
func (p Prediction) Said() string {
	switch {
	case p.Skipped:
		return "nothing"
	case len(p.Ask.Choices) > 0 || p.echo == "":
		return p.echo
	case p.Ask.Finding.Percent && !strings.Contains(p.echo, "%"):
		return p.echo + " %"
	}
	return p.echo
}

// inShort is Said in a few characters: of a product, what it comes to.
func (p Prediction) inShort() string {
	if exact(p.Ask) && !p.Skipped && math.Abs(p.value) < 1e15 {
		return number.Count(int64(p.value))
	}
	return p.Said()
}

// notFound is what a run says of a finding that it did not come to.
const notFound = "nothing: it did not get that far"

// Grade compares the prediction with the record of the run that followed. A
// run that did not come to the finding (it diverged, say) makes nobody wrong.
func (p Prediction) Grade(r *lab.Record) PredictionVerdict {
	f, ok := r.Find(p.Ask.Finding.Name)
	if !ok {
		return PredictionVerdict{Note: "no-finding", Truth: notFound, Gap: "turn the knobs back and run again"}
	}
	v := PredictionVerdict{Truth: f.Text(), Note: "skipped"}
	if p.Skipped {
		return v
	}
	if len(p.Ask.Choices) > 0 {
		v.Right = p.echo == f.Bare()
		v.Note, v.Gap = "right", "so it is"
		if !v.Right {
			v.Note, v.Gap = "other", "it is the other way"
			if len(p.Ask.Choices) > 2 {
				v.Gap = "it is another one"
			}
		}
		return v
	}
	graded, err := p.grader(f).Grade(p.Text)
	if err != nil { // a key that cannot be graded is a mistake in the content, caught by its check
		return PredictionVerdict{Note: "no-key", Truth: f.Text(), Gap: err.Error()}
	}
	v.Right, v.Note = graded.Status == verdict.Right, graded.Note
	v.Gap = p.gap(f, v.Right)
	if !v.Right {
		v.Feedback = graded.Feedback
	}
	return v
}

func (p Prediction) grader(f lab.Finding) verdict.Grader {
	const whose = "the run says"
	if exact(p.Ask) {
		return algebra.Count{Truth: big.NewInt(f.Value.(int64)), Whose: whose}
	}
	return algebra.Real{Truth: shownValue(f), Unit: shownUnit(f.Spec), Rel: p.Ask.Within, Abs: p.Ask.Points, Whose: whose}
}

// A tolerance of no more than leastPoints only forgives how a zero is written.
const leastPoints = 1e-6

// relativeGap says how far a value is from a truth that is not 0: as a factor where
// that is 2 or more, else in percent.
func relativeGap(value, truth float64) string {
	switch ratio := value / truth; {
	case ratio >= 2:
		return times(ratio) + " × too high"
	case ratio > 0 && ratio <= 0.5:
		return times(1/ratio) + " × too low"
	}
	return number.Short(100*math.Abs(value-truth)/math.Abs(truth), 2) + " % off"
}

// times writes a factor in two digits, and without a k or an M, which would be read
// as a unit.
func times(x float64) string {
	if x < 1000 || x > 1e15 {
		return number.Short(x, 2)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64)
	if err != nil {
		return number.Short(x, 2)
	}
	return number.Count(int64(rounded))
}

// gap says how far the prediction is from the truth, and how far would have
// done.
func (p Prediction) gap(f lab.Finding, right bool) string {
	truth := shownValue(f)
	distance := math.Abs(p.value - truth)
	if distance == 0 {
		return "exactly"
	}
	off, allowed := relativeGap(p.value, truth), "only the exact number counts"
	switch {
	case p.Ask.Points != 0 || truth == 0:
		word := ""
		switch unit := shownUnit(f.Spec); {
		case f.Spec.Percent:
			word = " points"
		case unit != "" && unit != "×":
			word = " " + unit
		}
		off = number.Short(distance, 2) + word + " off"
		switch {
		case p.Ask.Points <= leastPoints:
		case f.Spec.Kind == lab.KindCount:
			allowed = number.Short(p.Ask.Points, 2) + " more or less counts"
		default:
			allowed = "within " + number.Short(p.Ask.Points, 2) + word + " counts"
		}
	case p.Ask.Within != 0:
		allowed = fmt.Sprintf("within %s %% counts", number.Short(100*p.Ask.Within, 2))
	}
	if right {
		return off + ", near enough"
	}
	return off + "; " + allowed
}
