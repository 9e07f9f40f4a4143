package drills

import (
	"os"
	"testing"
)

func TestBank(t *testing.T) {
	b, err := Load(os.DirFS("../content"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
}
