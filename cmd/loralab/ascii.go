package main

import (
	"io"

	"github.com/spf13/cobra"

	"loralab/lora/ascii"
)

// asciiOut writes text in ASCII alone. What is written to it is whole characters: an
// [escaper] stands before it.
type asciiOut struct{ w io.Writer }

func (o asciiOut) Write(p []byte) (int, error) {
	if _, err := io.WriteString(o.w, ascii.Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// printsData reports whether a command prints what programs read: there every
// character stays what it is.
func printsData(cmd *cobra.Command) bool {
	for c := cmd; c != nil; c = c.Parent() {
		if c.Name() == "journal" {
			return true
		}
	}
	json := cmd.Flags().Lookup("json")
	return json != nil && json.Value.String() == "true"
}
