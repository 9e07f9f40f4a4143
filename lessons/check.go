package lessons

import "errors"

// Check looks for what parses and yet teaches badly: a prediction whose answer the
// learner has already seen. It computes no run. Each mistake is a
// [*source.Error].
func (c Course) Check() error {
	return errors.Join(c.checkAsked()...)
}
