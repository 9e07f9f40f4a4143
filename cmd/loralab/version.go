package main

import (
	"runtime/debug"
	"strings"
)

// version says what was built, as far as the build says it: the module's
// version, the commit, whether files differed from it, and the Go release.
func version(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "unknown (built without module support)"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	parts := []string{info.Main.Version}
	if info.Main.Version == "" {
		parts[0] = "(devel)"
	}
	if commit := settings["vcs.revision"]; commit != "" {
		text := "commit " + commit[:min(len(commit), 12)]
		if when := settings["vcs.time"]; when != "" {
			text += " of " + when
		}
		if settings["vcs.modified"] == "true" {
			text += ", modified"
		}
		parts = append(parts, text)
	}
	built := info.GoVersion
	if settings["GOOS"] != "" {
		built += " " + settings["GOOS"] + "/" + settings["GOARCH"]
	}
	return strings.Join(append(parts, built), ", ")
}
