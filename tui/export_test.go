package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Figures go to the folder of pictures, which is made, and overwrite nothing: a
// second one has a number.
func TestExportOverwritesNothing(t *testing.T) {
	pictures := filepath.Join(t.TempDir(), "pictures", "of lora")
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	const name = "loralab-reparameterization-loss-seed7"
	taken := filepath.Join(pictures, name+"-2.png")
	if err := os.WriteFile(taken, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	here := t.TempDir()
	t.Chdir(here)
	d := open(t, 80, 24, Options{Pictures: pictures})
	d.press("b", "space")
	d.until("done in")
	for _, file := range []string{name + ".png", name + "-3.png"} {
		d.press("e")
		d.until(file)
		data, err := os.ReadFile(filepath.Join(pictures, file))
		if err != nil || !strings.HasPrefix(string(data), "\x89PNG") {
			t.Errorf("%s is no picture: %v", file, err)
		}
	}
	if data, err := os.ReadFile(taken); err != nil || string(data) != "mine" {
		t.Errorf("the file that was there holds %q, %v", data, err)
	}
	want := []string{filepath.Join(pictures, name+".png"), filepath.Join(pictures, name+"-3.png")}
	if got := d.app.Exported(); !slices.Equal(got, want) {
		t.Errorf("exported %q, want %q", got, want)
	}
	if files, err := os.ReadDir(here); err != nil || len(files) != 0 {
		t.Errorf("the current folder holds %v, %v", files, err)
	}
}

// A folder that cannot be made is said, and leaves nothing behind.
func TestExportWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := saveNew(filepath.Join(file, "pictures"), "a", ".png", nil); err == nil || !strings.Contains(err.Error(), "no folder for pictures") {
		t.Errorf("error %v", err)
	}
	folder := t.TempDir()
	if _, err := saveNew(folder, "a", ".png", nil); err == nil { // no figures to draw
		t.Error("nothing was saved")
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}
