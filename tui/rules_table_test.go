package tui

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// knownTable is the exceptions that there are: by rule, patterns of screens with the
// sizes at which they break it.
type knownTable map[string]map[string]map[string]bool

// alike finds the part of a name that its neighbours share.
var alike = regexp.MustCompile(`^(lesson-\d+-|bench-[a-z]+)`)

func (k knownTable) add(rule, name string, look Look) {
	if part := alike.FindString(name); part != "" {
		name = part + "*"
	}
	if k[rule] == nil {
		k[rule] = map[string]map[string]bool{}
	}
	if k[rule][name] == nil {
		k[rule][name] = map[string]bool{}
	}
	k[rule][name][fmt.Sprintf("%dx%d", look.Width, look.Height)] = true
}

// write writes the table anew, to be looked at: it should have become smaller.
func (k knownTable) write(t *testing.T) {
	t.Helper()
	const file = "rules_known_test.go"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "var exceptions")
	var b strings.Builder
	b.WriteString(head + "var exceptions = map[string]string{\n")
	for _, rule := range slices.Sorted(maps.Keys(k)) {
		fmt.Fprintf(&b, "\t%q: `", rule)
		for _, name := range slices.Sorted(maps.Keys(k[rule])) {
			b.WriteString("\n\t\t" + strings.Join(patterns(name, k[rule][name]), " "))
		}
		b.WriteString("`,\n")
	}
	b.WriteString("}\n")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// patterns are the exceptions of screens that break a rule at some sizes, or at all.
func patterns(name string, sizes map[string]bool) []string {
	all := map[string]bool{}
	for _, l := range ruleLooks() {
		all[fmt.Sprintf("%dx%d", l.Width, l.Height)] = true
	}
	if len(sizes) == len(all) {
		return []string{name}
	}
	var some []string
	for _, size := range slices.Sorted(maps.Keys(sizes)) {
		some = append(some, name+"@"+size)
	}
	return some
}
