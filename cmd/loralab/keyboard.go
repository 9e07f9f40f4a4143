package main

import (
	"bytes"
	"os"
	"regexp"
	"time"
)

// A terminal wraps what is pasted in these, so that a program can tell it from
// what is typed.
const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// pastePause is how long a paste may stand still. A slow line stops for a second
// or two; a paste that was cut off stops for ever. keyPause is how long nothing
// comes after a key that was pressed: what is pasted has no pauses.
const (
	pastePause = 5 * time.Second
	keyPause   = 100 * time.Millisecond
)

// interrupts are ctrl+c at the end of what has arrived, as a byte, or as
// terminals write it that tell all keys apart (kitty's protocol, xterm's
// modifyOtherKeys); 64 and 128 are caps lock and num lock.
var interrupts = regexp.MustCompile(`(\x03|\x1b\[(99;(5|69|133|197)(:1)?u|27;5;99~))+$`)

// keyboard is the terminal that keys come from. It ends a paste that the
// terminal has begun and will not end, as when the line broke in the middle:
// until then Bubble Tea takes every key for a part of the paste, ctrl+c too.
//
// It is a file still, so that Bubble Tea makes the terminal raw and can call off
// a read.
type keyboard struct {
	*os.File
	patience time.Duration // how long a paste may stand still
	pasting  bool
	last     []byte // what was read last, too short for a mark of its own
}

func newKeyboard(f *os.File) *keyboard { return &keyboard{File: f, patience: pastePause} }

// Read reads keys. In a paste that stands still it adds the mark of its end, and
// before a ctrl+c that was pressed in a paste it puts it, too.
func (k *keyboard) Read(p []byte) (int, error) {
	room := len(p) - len(pasteEnd)
	if room <= 0 { // Bubble Tea reads 4096 bytes
		return k.File.Read(p)
	}
	n, err := k.File.Read(p[:room])
	k.follow(p[:n])
	if !k.pasting || err != nil {
		return n, err
	}
	switch keys := interrupts.FindIndex(p[:n]); {
	case keys != nil && quiet(k.File, keyPause):
		n = copy(p, bytes.Join([][]byte{p[:keys[0]], []byte(pasteEnd), p[keys[0]:n]}, nil))
	case quiet(k.File, k.patience):
		n += copy(p[n:], pasteEnd)
	default:
		return n, nil
	}
	k.pasting, k.last = false, nil
	return n, nil
}

// follow keeps account of whether a paste is open after these bytes.
func (k *keyboard) follow(read []byte) {
	text := append(k.last, read...)
	start, end := bytes.LastIndex(text, []byte(pasteStart)), bytes.LastIndex(text, []byte(pasteEnd))
	if start != end { // one of them is there
		k.pasting = start > end
	}
	k.last = bytes.Clone(text[max(len(text)-len(pasteEnd)+1, 0):])
}
