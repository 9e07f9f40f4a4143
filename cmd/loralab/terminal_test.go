//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	termios "golang.org/x/term"
)

// terminal is the program on a pseudo-terminal, seen through an emulator.
type terminal struct {
	t      *testing.T
	tty    *os.File
	cmd    *exec.Cmd
	before *termios.State // of the terminal, as the program found it
	mu     sync.Mutex
	screen *vt.Emulator
	sent   bytes.Buffer // all that the program sent
	exited chan error
}

// start runs the program on a terminal of that size. The test binary is the
// program: see TestMain.
func start(t *testing.T, dir string, width, height int, args ...string) *terminal {
	t.Helper()
	return startProgram(t, "loralab", dir, width, height, args...)
}

// startProgram runs one of the programs of TestMain.
func startProgram(t *testing.T, name, dir string, width, height int, args ...string) *terminal {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		t.Skip("the program is on the path only under testscript.Main") // never in this package
	}
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "CI=", "NO_COLOR=",
		"LORALAB_JOURNAL="+filepath.Join(dir, "journal.db"))
	tty, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		t.Fatal(err)
	}
	before, err := termios.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	term := &terminal{t: t, tty: tty, cmd: cmd, before: before, screen: vt.NewEmulator(width, height), exited: make(chan error, 1)}
	go io.Copy(tty, term.screen) // what the terminal answers to questions
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := tty.Read(buf)
			term.mu.Lock()
			term.screen.Write(buf[:n])
			term.sent.Write(buf[:n])
			term.mu.Unlock()
			if err != nil {
				term.exited <- cmd.Wait()
				return
			}
		}
	}()
	t.Cleanup(func() { cmd.Process.Kill(); tty.Close() })
	return term
}

func (term *terminal) String() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.screen.String()
}

// sees waits until the screen shows all texts.
func (term *terminal) sees(texts ...string) {
	term.t.Helper()
	deadline := time.Now().Add(30 * time.Second) // far more than it takes: a bound on a hang, not a timing
	for {
		screen, missing := term.String(), ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			term.t.Fatalf("the screen never shows %q:\n%s", missing, screen)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (term *terminal) types(keys string) {
	if _, err := term.tty.WriteString(keys); err != nil {
		term.t.Error(err)
	}
}

func (term *terminal) resize(width, height int) {
	term.mu.Lock()
	term.screen.Resize(width, height)
	term.mu.Unlock()
	if err := pty.Setsize(term.tty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		term.t.Error(err)
	}
}

func (term *terminal) ends() {
	term.t.Helper()
	term.endsWith(0)
}

// endsWith wants the program to end with that status, and to leave the terminal
// as it found it.
func (term *terminal) endsWith(status int) {
	term.t.Helper()
	select {
	case <-term.exited:
	case <-time.After(30 * time.Second):
		term.t.Fatalf("the program does not end:\n%s", term)
	}
	if got := term.cmd.ProcessState.ExitCode(); got != status {
		term.t.Errorf("the program ended with status %d, want %d:\n%s", got, status, term)
	}
	term.isRestored()
}

// isRestored wants the terminal as the program found it: not raw, and with what
// it showed before.
func (term *terminal) isRestored() {
	term.t.Helper()
	now, err := termios.GetState(int(term.tty.Fd()))
	if err != nil {
		term.t.Fatal(err)
	}
	if !reflect.DeepEqual(now, term.before) {
		term.t.Errorf("the terminal is left as %+v, it was %+v", now, term.before)
	}
	term.mu.Lock()
	defer term.mu.Unlock()
	if term.screen.IsAltScreen() {
		term.t.Error("the terminal is left on the alternate screen")
	}
}

// TestFirstLesson is the way of a newcomer: open, predict, watch, compare, leave
// in the middle and come back.
func TestFirstLesson(t *testing.T) {
	dir := t.TempDir()
	term := start(t, dir, 80, 24)
	term.sees("LoRA, by running it", "Reparameterization", "enter open")
	term.types("\r")
	term.sees("A detour beside a frozen weight", "How many numbers does LoRA train", "enter commit")

	term.types("many\r")
	term.sees("is not read here") // invalid is not wrong: ask again
	term.types("\x15" + "4*(64+128)+4*(128+128)+4*(128+10)\r")
	term.sees("how sure?")
	term.types("3")
	term.sees("done in", "you 2,344 ✓ exactly · the run 2,344")
	term.types("\r")
	term.sees("you said", "the run says  2,344", "✓ right: exactly")

	term.types("al") // a knob is turned, and nothing runs by itself
	term.sees("the knobs were turned")
	term.types("v ") // slow motion, run
	term.sees("slow", "full")
	term.resize(140, 40)
	term.sees("on its way", "frozen", "slow")
	term.types(" ")
	term.sees("paused")
	term.types("x")
	term.sees("cancelled")
	term.resize(80, 24)
	term.types("n")
	term.sees("Does so little learn anything?", "· 2 of 10")
	term.types("\x03") // in the middle of a question
	term.ends()

	again := start(t, dir, 80, 24)
	again.sees("◐ 1", "page 2 of 10")
	again.types("\r")
	again.sees("Does so little learn anything?")
	again.types("\x1b")
	again.sees("LoRA, by running it")
	again.types("q")
	again.ends()
}
