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
	Total float64 // share of all held-out digits of the task that are read right; NaN where it is not known yet
}

// Task is a row of pictures: the digits as one task shows them.
type Task struct {
	Name     string // as the handful knows it
	Readings []Reading
}

// ShiftWords are the words for shifts whose names are not fit to be shown.
func ShiftWords() map[string]string { return map[string]string{"one-right": TaskName("one-right")} }

var taskNames = map[string]string{"rot90": "turned 90°", "rot180": "turned 180°", "mirror": "mirrored", "invert": "inverted",
	"one-right": "moved by 1", "permute": "scrambled", "noise": "noisy"}

// TaskName says in words what the digits of a task are.
func TaskName(shift string) string {
	if name, ok := taskNames[shift]; ok {
		return name
	}
	return shift
}

// Images draws a handful from the pixels in the record, a row a task, with what is read
// in them. Before the pixels are known it is empty paper.
func Images(r *lab.Record, tasks []string, each int, rows []Task) *plots.Images {
	h := drawnOf(r, tasks, each)
	images := &plots.Images{Names: h.names(h.each)}
	for t, task := range tasks {
		for _, row := range rows {
			if row.Name == task {
				images.Rows = append(images.Rows, h.row(TaskName(task), row.Readings, t, t+1))
			}
		}
	}
	return images
}

// SideBySideImages is [Images] with all tasks in one row, of that name.
func SideBySideImages(r *lab.Record, tasks []string, each int, name string, readings []Reading) *plots.Images {
	h := drawnOf(r, tasks, each)
	images := &plots.Images{Names: h.names(len(tasks) * h.each), Rows: []plots.ImageRow{h.row(name, readings, 0, len(tasks))}}
	for _, task := range tasks {
		images.Groups = append(images.Groups, TaskName(task))
	}
	return images
}

// drawn is the handful of a record.
type drawn struct {
	record  *lab.Record
	tasks   []string
	each    int // images of a task
	handful lab.Table
	pixels  [][]float64
}

// drawnOf expects as many images of each task where the record has none yet.
func drawnOf(r *lab.Record, tasks []string, each int) drawn {
	h := drawn{r, tasks, each, r.Table("handful"), r.Matrix("handful-pixels")}
	if n := h.handful.Len(); n > 0 {
		h.each = n / len(tasks)
	}
	return h
}

// names are the digits that the first n images show.
func (h drawn) names(n int) []string {
	var names []string
	for i := range min(n, h.handful.Len()) {
		names = append(names, digitName(h.handful.At(i, "digit")))
	}
	return names
}

// row has the images of the tasks from one up to another.
func (h drawn) row(name string, readings []Reading, from, to int) plots.ImageRow {
	row := plots.ImageRow{Name: name}
	for i := from * h.each; i < to*h.each; i++ {
		var p plots.Picture
		if i < len(h.pixels) {
			p = square(h.pixels[i])
		}
		row.Pictures = append(row.Pictures, p)
	}
	for _, reading := range readings {
		row.Readings = append(row.Readings, h.line(reading, from, to))
	}
	return row
}

// line is what is read in the images of these tasks.
func (h drawn) line(l Reading, from, to int) plots.Reading {
	line := plots.Reading{Name: l.Name, Style: l.Style}
	if !math.IsNaN(l.Total) {
		line.Total = strconv.FormatFloat(100*l.Total, 'f', 1, 64) + " %"
	}
	if to*h.each > h.handful.Len() {
		return line
	}
	for i := from * h.each; i < to*h.each; i++ {
		read, p := h.handful.At(i, "read"), h.handful.At(i, "p")
		if l.Aside != "" {
			task, at := h.tasks[i/h.each], i%h.each
			var ok bool
			if read, ok = l.at(h.record, readColumn(task, at)); !ok {
				return line
			}
			p, _ = l.at(h.record, sureColumn(task, at))
		}
		line.Captions = append(line.Captions, caption(read, p, h.handful.At(i, "digit")))
	}
	return line
}

// caption says what was read in an image of a digit, and how sure the network is.
func caption(read, p, digit float64) plots.Caption {
	if !Finite(p) { // the training diverged
		return plots.Caption{Text: "-", Verdict: plots.Wrong}
	}
	c := plots.Caption{Text: digitName(read), Verdict: plots.Wrong, More: strconv.Itoa(int(min(99, 100*p))) + " %"} // nothing is certain
	if read == digit {
		c.Verdict = plots.Right
	}
	return c
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
