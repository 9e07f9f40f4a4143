// Package toy makes the problems that the laboratory trains on: a planted
// low-rank change, whose best possible loss is known, and real handwritten
// digits that are turned, mirrored or spoiled.
package toy
