package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"loralab/lessons"
	"loralab/lora/number"
)

func newGlossary(l *laboratory) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "glossary [TERM]",
		Short:   "Say what a word means, and which page teaches it; without a word, list them all",
		Example: "  loralab glossary\n  loralab glossary rank\n  loralab glossary \"intrinsic dimension\" --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			terms, err := lessons.ReadGlossary(l.fsys())
			if err != nil {
				return usage(err)
			}
			if len(terms) == 0 {
				return usagef("this content has no glossary: want a file glossary.yaml beside its lessons")
			}
			course, err := l.lessons()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				term, err := terms.Find(args[0])
				if err != nil {
					return usage(err)
				}
				terms = lessons.Glossary{term}
			}
			terms = slices.Clone(terms)
			slices.SortStableFunc(terms, func(a, b lessons.Term) int {
				return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
			})
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(termsJSON(terms, course))
			}
			return printTerms(cmd.OutOrStdout(), terms, course)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

type termJSON struct {
	Term    string   `json:"term"`
	Aliases []string `json:"aliases,omitempty"`
	Says    string   `json:"says"`
	Lesson  string   `json:"lesson,omitempty"`
	Page    int      `json:"page,omitempty"` // from 1
	Title   string   `json:"title,omitempty"`
}

func termsJSON(terms lessons.Glossary, course lessons.Course) []termJSON {
	var all []termJSON
	for _, t := range terms {
		_, page := t.Taught(course)
		all = append(all, termJSON{t.Name, t.Aliases, t.Says, t.Lesson, page, t.Page})
	}
	return all
}

func printTerms(w io.Writer, terms lessons.Glossary, course lessons.Course) error {
	for i, t := range terms {
		if i > 0 {
			fmt.Fprintln(w)
		}
		name := t.Name
		if len(t.Aliases) > 0 {
			name += " (" + strings.Join(t.Aliases, ", ") + ")"
		}
		fmt.Fprintf(w, "%s\n  %s\n", name, strings.ReplaceAll(wordwrap(t.Says, 74), "\n", "\n  "))
		if l, page := t.Taught(course); page > 0 {
			fmt.Fprintf(w, "  step %d, page %d: %s\n", l.Step, page, t.Page)
		}
	}
	if len(terms) > 1 {
		fmt.Fprintf(w, "\n%s\n", number.Plural(len(terms), "term"))
	}
	return nil
}
