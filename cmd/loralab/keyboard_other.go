//go:build !unix

package main

import (
	"os"
	"time"
)

// quiet cannot tell on a console, which is not read as a file either.
func quiet(*os.File, time.Duration) bool { return false }
