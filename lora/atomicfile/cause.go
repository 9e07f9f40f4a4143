package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// ErrFull is the error, to be tested with [errors.Is], of a file that had no
// room on its disk or in the user's share of it.
var ErrFull = errors.New("the disk is full: make room, or choose another place")

// cause takes the file names out of an error of package os, which here are
// temporary ones or said already, and marks the error of a full disk.
func cause(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		err = link.Err
	}
	if full(err) {
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return err
}

func full(err error) bool {
	const handleDiskFull, diskFull = 39, 112 // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
	var number syscall.Errno
	if !errors.As(err, &number) {
		return false
	}
	if runtime.GOOS == "windows" && (number == handleDiskFull || number == diskFull) {
		return true
	}
	return number == syscall.ENOSPC || number == syscall.EDQUOT
}
