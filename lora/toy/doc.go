// Package toy makes the problems that the laboratory trains on, each from a
// seed: a planted low-rank change, whose best possible loss is known in closed
// form, and real handwritten digits that are turned, mirrored or spoiled.
package toy
