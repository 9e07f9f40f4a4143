package main

import (
	"context"
	"io"
)

// interruptible is a reader that ends when ctx does. Without it ctrl+c would
// wait for the line that is being typed, because a read of a terminal cannot be
// called off.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(io.EOF) })
	return out
}
