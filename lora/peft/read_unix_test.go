//go:build unix

package peft

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Opening a pipe that nobody writes to would wait for ever.
func TestOpenRefusesPipes(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, ConfigFile)
	if err := syscall.Mkfifo(config, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() error{
		"a file":     func() error { _, err := Open(config); return err },
		"an adapter": func() error { _, err := OpenAdapter(dir); return err },
		"a device":   func() error { _, err := Open(os.DevNull); return err },
	} {
		done := make(chan error, 1)
		go func() { done <- open() }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), "not a regular file") {
				t.Errorf("%s: error %v", name, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: still waiting", name)
		}
	}
}
