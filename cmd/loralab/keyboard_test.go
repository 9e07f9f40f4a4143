//go:build unix

package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestKeyboard sends keys in parts, each of which is read by itself.
func TestKeyboard(t *testing.T) {
	const paste, end = pasteStart, pasteEnd
	const never, soon = time.Hour, keyPause
	for _, test := range []struct {
		name     string
		patience time.Duration
		parts    []string
		want     string
	}{
		{"keys", never, []string{"ab", ctrlC}, "ab" + ctrlC},
		{"a paste", never, []string{paste + "ab" + end, "c"}, paste + "ab" + end + "c"},
		{"a paste with ctrl+c in it", never, []string{paste + "a" + ctrlC + end + "b"}, paste + "a" + ctrlC + end + "b"},
		{"ctrl+c in a paste", never, []string{paste + "ab", ctrlC}, paste + "ab" + end + ctrlC},
		{"ctrl+c and ctrl+c", never, []string{paste + "ab" + ctrlC + "\x1b[99;5u"}, paste + "ab" + end + ctrlC + "\x1b[99;5u"},
		{"another key in a paste", never, []string{paste + "ab", "\x1b[98;5u", ctrlC}, paste + "ab\x1b[98;5u" + end + ctrlC},
		{"the mark in two parts", never, []string{paste[:3], paste[3:] + "ab", ctrlC}, paste + "ab" + end + ctrlC},
		{"the end in two parts", never, []string{paste + "ab" + end[:4], end[4:], ctrlC}, paste + "ab" + end + ctrlC},
		{"stands still", soon, []string{paste + "ab"}, paste + "ab" + end},
		{"the second stands still", soon, []string{paste + "ab" + end + "c" + paste + "d"}, paste + "ab" + end + "c" + paste + "d" + end},
		{"long", never, []string{paste + strings.Repeat("x", 20000) + end}, paste + strings.Repeat("x", 20000) + end},
	} {
		t.Run(test.name, func(t *testing.T) {
			in, out, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			sent := make(chan struct{})
			t.Cleanup(func() {
				<-sent
				in.Close()
			})
			hang := time.AfterFunc(30*time.Second, func() { out.Close() }) // a bound on a hang, not a timing
			defer hang.Stop()
			go func() {
				defer close(sent)
				for _, part := range test.parts {
					out.WriteString(part)
					for t.Context().Err() == nil && !quiet(in, time.Millisecond) { // until it was read
						time.Sleep(time.Millisecond)
					}
				}
			}()
			keys := newKeyboard(in)
			keys.patience = test.patience
			var got strings.Builder
			buf := make([]byte, 4096)
			for got.Len() < len(test.want) {
				n, err := keys.Read(buf)
				got.Write(buf[:n])
				if err != nil {
					t.Fatalf("read %.60q, then %v; want %.60q", got.String(), err, test.want)
				}
			}
			if got.String() != test.want {
				t.Errorf("read %.60q, want %.60q", got.String(), test.want)
			}
		})
	}
}
