package lab

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic that was kept from ending the program: a programmer's
// error, met in a run.
type PanicError struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

func (e *PanicError) Error() string { return fmt.Sprintf("internal error: %v", e.Value) }

// Catch calls do, and returns its panic as a [*PanicError]. Whatever starts a
// goroutine on a terminal calls it there: no other goroutine can, and a program
// that panics leaves the terminal raw.
func Catch(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{r, debug.Stack()}
		}
	}()
	return do()
}
