//go:build unix

package main

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// quiet waits until there is something to read, and reports whether there was
// nothing for that long. Where it cannot tell it says there is.
func quiet(f *os.File, pause time.Duration) bool {
	fds := []unix.PollFd{{Fd: int32(f.Fd()), Events: unix.POLLIN}}
	for end := time.Now().Add(pause); ; {
		left := time.Until(end)
		if left <= 0 {
			return true
		}
		n, err := unix.Poll(fds, int(left.Milliseconds())+1)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return err == nil && n == 0
	}
}
