package train

import (
	"math"
	"strconv"

	"loralab/lessons/lab"
	"loralab/plots"
)

// Reading is a line below the pictures of a handful: who reads, and where the record
// has what is read.
type Reading struct {
	Name  string
	Style plots.Style
	Aside string  // the aside that recorded it; empty for the base
	First bool    // as of step 0, else as of the last step there is
	Total float64 // share of all held-out digits of the task that are read right; NaN leaves it out
}

// Task is a row of pictures: the digits as one task shows them.
type Task struct {
	Name     string // as the handful knows it
	Readings []Reading
}

// TaskName says in words what the digits of a task are.
func TaskName(shift string) string {
	if name, ok := map[string]string{"rot90": "turned 90°", "rot180": "turned 180°", "mirror": "mirrored", "invert": "inverted",
		"one-right": "moved by 1", "permute": "scrambled", "noise": "noisy"}[shift]; ok {
		return name
	}
	return shift
}

// Images draws a handful from the pixels in the record, with what is read in them.
// Before the pixels are known it is empty paper.
func Images(r *lab.Record, tasks []string, each int, rows []Task) *plots.Images {
	handful, pixels := r.Table("handful"), r.Matrix("handful-pixels")
	images := &plots.Images{}
	if n := handful.Len(); n > 0 {
		each = n / len(tasks)
	}
	for t, task := range tasks {
		for _, row := range rows {
			if row.Name != task {
				continue
			}
			shown := plots.ImageRow{Name: TaskName(task)}
			first := t * each
			for i := range each {
				var p plots.Picture
				if first+i < len(pixels) {
					p = square(pixels[first+i])
				}
				shown.Pictures = append(shown.Pictures, p)
			}
			for _, reading := range row.Readings {
				shown.Readings = append(shown.Readings, reading.line(r, handful, task, first, each))
			}
			images.Rows = append(images.Rows, shown)
		}
	}
	for i := range min(each, handful.Len()) {
		images.Names = append(images.Names, digitName(handful.At(i, "digit")))
	}
	return images
}

// line is what the reading says of the images that begin with the one numbered first.
func (l Reading) line(r *lab.Record, handful lab.Table, task string, first, each int) plots.Reading {
	line := plots.Reading{Name: l.Name, Style: l.Style}
	if !math.IsNaN(l.Total) {
		line.Total = strconv.FormatFloat(100*l.Total, 'f', 1, 64) + " %"
	}
	if first+each > handful.Len() {
		return line
	}
	for i := range each {
		read, p := handful.At(first+i, "read"), handful.At(first+i, "p")
		if l.Aside != "" {
			var ok bool
			if read, ok = l.at(r, readColumn(task, i)); !ok {
				return line
			}
			p, _ = l.at(r, sureColumn(task, i))
		}
		c := plots.Caption{Text: digitName(read), Verdict: plots.Wrong}
		if !Finite(p) { // of a training that diverged
			c = plots.Caption{Text: "-", Verdict: plots.Wrong}
		} else if read == handful.At(first+i, "digit") {
			c.Verdict = plots.Right
		}
		if Finite(p) {
			c.More = strconv.Itoa(int(min(99, 100*p))) + " %" // nothing is certain
		}
		line.Captions = append(line.Captions, c)
	}
	return line
}

// at is the value of a column of the aside at the step that the reading is of.
func (l Reading) at(r *lab.Record, column string) (float64, bool) {
	_, values := r.Curve(l.Aside, column)
	if len(values) == 0 {
		return 0, false
	}
	if l.First {
		return values[0], true
	}
	return values[len(values)-1], true
}

func digitName(v float64) string { return strconv.Itoa(int(v)) }

// square cuts pixels into the rows of a square picture.
func square(pixels []float64) plots.Picture {
	side := int(math.Sqrt(float64(len(pixels))))
	var p plots.Picture
	for i := range side {
		p = append(p, pixels[i*side:(i+1)*side])
	}
	return p
}

// Latest is the last value of a column of a series, NaN where there is none yet.
func Latest(r *lab.Record, series, column string) float64 {
	if _, y := r.Curve(series, column); len(y) > 0 {
		return y[len(y)-1]
	}
	return math.NaN()
}

// Now is the last step of a series as a title says it, empty before the first.
func Now(r *lab.Record, series string) string {
	for _, s := range r.Series {
		if s.Name == series && len(s.Frames) > 0 {
			return ", step " + strconv.Itoa(s.Frames[len(s.Frames)-1].Step)
		}
	}
	return ""
}
