package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// Course is the lessons of a content folder in the order of their steps. Which
// steps there are, in which order and with which experiment is said by the
// lessons' front matter alone.
type Course []*Lesson

// ParseLessons reads every Markdown file in the folder "lessons" of fsys. All
// mistakes of all files are reported at once, each a [*source.Error].
func ParseLessons(fsys fs.FS, l lab.Laboratory) (Course, error) {
	files, err := fs.Glob(fsys, "lessons/*.md")
	if err != nil {
		return nil, err // only a malformed pattern
	}
	if len(files) == 0 {
		return nil, errors.New("no lessons found: want Markdown files in a folder named lessons")
	}
	var all Course
	var wrong []error
	for _, file := range files {
		lesson, err := readLesson(fsys, file, l)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, other := range all {
			if other.ID == lesson.ID || other.Step == lesson.Step {
				wrong = append(wrong, source.Piece{File: file, Line: 1}.Errorf(1, 1,
					"id %q and step %d must be its own, %s has one of them", lesson.ID, lesson.Step, other.File))
			}
		}
		all = append(all, lesson)
	}
	slices.SortFunc(all, func(a, b *Lesson) int { return a.Step - b.Step })
	if len(wrong) == 0 { // a lesson that is not there would be missed everywhere
		wrong = all.connect(memory{})
	}
	return all, errors.Join(wrong...)
}

func readLesson(fsys fs.FS, file string, l lab.Laboratory) (*Lesson, error) {
	text, err := source.ReadText(fsys, file)
	if err != nil {
		return nil, err
	}
	return ParseLesson(file, text, l)
}

// Steps returns the ids of the lessons in their order.
func (c Course) Steps() []string {
	ids := make([]string, len(c))
	for i, l := range c {
		ids[i] = l.ID
	}
	return ids
}

// Find returns the lesson with that id or step number ("2"), or an error that
// lists them all.
func (c Course) Find(name string) (*Lesson, error) {
	known := make([]string, len(c))
	for i, l := range c {
		if l.ID == name || strconv.Itoa(l.Step) == name {
			return l, nil
		}
		known[i] = fmt.Sprintf("%d %s", l.Step, l.ID)
	}
	return nil, fmt.Errorf("unknown step %q (steps: %s)", name, strings.Join(known, ", "))
}

// index is where the lesson stands in the course, also one that was parsed another
// time; -1 where it does not.
func (c Course) index(lesson *Lesson) int {
	return slices.IndexFunc(c, func(l *Lesson) bool { return l.ID == lesson.ID })
}

// After returns the lesson after another one, nil after the last.
func (c Course) After(lesson *Lesson) *Lesson {
	if i := c.index(lesson); i >= 0 && i+1 < len(c) {
		return c[i+1]
	}
	return nil
}
