// Package content holds what is taught: lessons, the question bank, the glossary
// and the data sets, as files embedded in the program. It has no logic; package
// lessons and package drills give the files their meaning.
package content

import "embed"

// FS is the content that ships with the program. Another folder of the same
// layout can take its place.
//
//go:embed lessons drills data glossary.yaml
var FS embed.FS
