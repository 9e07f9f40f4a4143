package main

import (
	"bufio"
	"context"
	"io"
	"testing"
)

func TestInterruptibleEndsWithItsContext(t *testing.T) {
	keyboard, typed := io.Pipe() // a terminal: nothing comes until something is typed
	defer typed.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := bufio.NewReader(interruptible(ctx, keyboard))
	go typed.Write([]byte("24\n"))
	if line, err := in.ReadString('\n'); line != "24\n" || err != nil {
		t.Fatalf("read %q, %v", line, err)
	}
	cancel()
	if line, err := in.ReadString('\n'); line != "" || err != io.EOF {
		t.Errorf("then %q, %v; want the end", line, err)
	}
}
