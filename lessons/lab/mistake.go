package lab

import (
	"fmt"
	"strings"
)

// Undeclared is a name that is used and not declared. It is a mistake in the
// program: the package panics with it.
type Undeclared struct {
	What     string // "knob", "finding", "column", "row"
	Name     string
	Declared []string
}

func (e *Undeclared) Error() string {
	return fmt.Sprintf("lab: no %s %q, declared are: %s", e.What, e.Name, strings.Join(e.Declared, ", "))
}

// Mismatch is a value that does not fit its declaration. It is a mistake in the
// program: the package panics with it.
type Mismatch struct {
	What      string // "finding", "series", "knob"
	Name      string
	Got, Want string
}

func (e *Mismatch) Error() string {
	return fmt.Sprintf("lab: %s %s: got %s, want %s", e.What, e.Name, e.Got, e.Want)
}
