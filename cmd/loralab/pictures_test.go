package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPicturesFolder(t *testing.T) {
	for _, test := range []struct {
		name  string
		env   map[string]string // of HOME and XDG_CONFIG_HOME only what follows the home folder
		dirs  string            // user-dirs.dirs
		there bool              // ~/Pictures exists
		want  string            // below the home folder, unless absolute
	}{
		{name: "the environment", env: map[string]string{"XDG_PICTURES_DIR": "/shots"}, dirs: `XDG_PICTURES_DIR="/other"`, there: true, want: "/shots"},
		{name: "a relative environment", env: map[string]string{"XDG_PICTURES_DIR": "shots"}, there: true, want: "Pictures"},
		{name: "configured below home", dirs: "# a comment\nXDG_MUSIC_DIR=\"$HOME/Musik\"\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\n", there: true, want: "Bilder"},
		{name: "configured elsewhere", dirs: `XDG_PICTURES_DIR="/media/my \"shots\""`, there: true, want: `/media/my "shots"`},
		{name: "configured twice", dirs: "XDG_PICTURES_DIR=\"/a\"\n  XDG_PICTURES_DIR=\"/b\"", want: "/b"},
		{name: "switched off", dirs: `XDG_PICTURES_DIR="$HOME/"`, there: true, want: "Pictures"},
		{name: "not a folder below home", dirs: `XDG_PICTURES_DIR="$HOMER/x"`, there: true, want: "Pictures"},
		{name: "without quotes", dirs: `XDG_PICTURES_DIR=$HOME/x`, there: true, want: "Pictures"},
		{name: "orders to the terminal", env: map[string]string{"XDG_PICTURES_DIR": "/\x1b[31m"}, there: true, want: "Pictures"},
		{name: "usual", there: true, want: "Pictures"},
		{name: "none", want: ".local/share/loralab"},
		{name: "none, data elsewhere", env: map[string]string{"XDG_DATA_HOME": "/data"}, want: "/data/loralab"},
		{name: "no home", env: map[string]string{"HOME": ""}, want: ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			home := t.TempDir()
			if err := os.Mkdir(filepath.Join(home, ".config"), 0o755); err != nil {
				t.Fatal(err)
			}
			if test.dirs != "" {
				if err := os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte(test.dirs), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if test.there {
				if err := os.Mkdir(filepath.Join(home, "Pictures"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			env := map[string]string{"HOME": home}
			for name, value := range test.env {
				env[name] = value
			}
			want := filepath.FromSlash(test.want)
			if want != "" && !filepath.IsAbs(want) {
				want = filepath.Join(home, want)
			}
			if got := picturesFolder(func(name string) string { return env[name] }); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
