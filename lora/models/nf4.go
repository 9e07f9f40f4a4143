package models

import (
	"fmt"
	"math/big"
)

// superblock is how many scales double quantization quantizes together
// (Dettmers et al. 2023, section 3; bitsandbytes).
const superblock = 256

// NF4 is a 4-bit format of QLoRA, for what it costs in bits; what it does to
// numbers is package lora/quant's. Every Block of parameters has a 32-bit scale;
// with Double that scale takes 8 bits, and every 256 of them a 32-bit scale of
// their own (Dettmers et al. 2023, section 3).
type NF4 struct {
	Block  int64 // 32 to 4096, a power of two
	Double bool
}

func (q NF4) check() error {
	if q.Block < 32 || q.Block > 4096 || q.Block&(q.Block-1) != 0 {
		return fmt.Errorf("models: block: found %d, expected a power of two from 32 to 4096", q.Block)
	}
	return nil
}

// BitsPerParam is the exact cost of one parameter where tensors are whole
// blocks: 4 + 32/64 = 4.5 bits for blocks of 64, or
// 4 + 8/64 + 32/(64·256) = 4.126953125 with double quantization.
func (q NF4) BitsPerParam() *big.Rat {
	bits := big.NewRat(4, 1)
	if !q.Double {
		return bits.Add(bits, big.NewRat(32, q.Block))
	}
	bits.Add(bits, big.NewRat(8, q.Block))
	return bits.Add(bits, big.NewRat(32, q.Block*superblock))
}

// bytes is what one tensor of numel parameters takes: two to a byte, and its
// scales, with the last block of either level perhaps short. Left out are the
// constants of bitsandbytes' state, 4 bytes of offset a tensor and the two
// tables of levels, which are below a tenth of a percent of any real module.
func (q NF4) bytes(c *checked, numel int64) int64 {
	blocks := ceilDiv(numel, q.Block)
	if !q.Double {
		return c.add(ceilDiv(numel, 2), c.mul(4, blocks))
	}
	return c.add(ceilDiv(numel, 2), blocks, c.mul(4, ceilDiv(blocks, superblock)))
}

// split returns the bytes of the model's quantized weights and the number of
// parameters that keep their format: embeddings, norms, the output layer and
// all biases.
func (q NF4) split(c *checked, m *Model) (quantized, kept int64) {
	kept = m.Total()
	for _, g := range m.Linears() {
		numel := c.mul(g.In, g.Out)
		quantized = c.add(quantized, c.mul(q.bytes(c, numel), g.Count))
		kept -= c.mul(numel, g.Count)
	}
	return quantized, kept
}
