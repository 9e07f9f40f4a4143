package main

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	settings := func(pairs ...string) (all []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	for _, test := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"of a release", &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3, go1.26.0"},
		{"of a checkout", &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.4-0.20261124"},
			Settings: settings("vcs.revision", commit, "vcs.time", "2026-11-24T13:00:00Z", "vcs.modified", "false", "GOOS", "linux", "GOARCH", "amd64")},
			"v1.2.4-0.20261124, commit 0123456789ab of 2026-11-24T13:00:00Z, go1.26.0 linux/amd64"},
		{"of a checkout with changes", &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "(devel)"},
			Settings: settings("vcs.revision", commit, "vcs.modified", "true")},
			"(devel), commit 0123456789ab, modified, go1.26.0"},
		{"without a version", &debug.BuildInfo{GoVersion: "go1.26.0"}, "(devel), go1.26.0"},
		{"with a short revision", &debug.BuildInfo{GoVersion: "go1.26.0", Settings: settings("vcs.revision", "abc")}, "(devel), commit abc, go1.26.0"},
	} {
		if got := version(test.info, true); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if got := version(nil, false); got != "unknown (built without module support)" {
		t.Errorf("without information: %q", got)
	}
}
