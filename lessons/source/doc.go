// Package source reads the files of a content folder.
//
// The folder may be anybody's: [Read] takes regular files of bounded size and
// nothing else. A [Piece] is YAML inside such a file, read into checked [Fields].
// Every mistake is an [Error], which says file, line and column.
package source
