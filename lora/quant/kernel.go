package quant

import "math"

// largest returns the largest magnitude of a block, and false if the block has
// a value that is not finite. Without its sign bit, the pattern of a float32
// is an integer that orders as the magnitude does, and NaN and infinities
// lie above all finite values: one pass finds both.
func largest(block []float32) (absmax float32, finite bool) {
	var a, b, c, d uint32 // four chains, or each max would wait for the one before
	i := 0
	for ; i+4 <= len(block); i += 4 {
		x := block[i : i+4 : i+4]
		a = max(a, math.Float32bits(x[0])&^(1<<31))
		b = max(b, math.Float32bits(x[1])&^(1<<31))
		c = max(c, math.Float32bits(x[2])&^(1<<31))
		d = max(d, math.Float32bits(x[3])&^(1<<31))
	}
	for ; i < len(block); i++ {
		a = max(a, math.Float32bits(block[i])&^(1<<31))
	}
	m := max(a, b, c, d)
	return math.Float32frombits(m), m < 0x7f800000
}

// notFinite names the first value of a block that is not finite; lo is the
// block's place in the tensor.
func notFinite(block []float32, lo int) error {
	for i, v := range block {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return &ValueError{Index: lo + i, Value: v}
		}
	}
	panic("quant: notFinite called on a finite block")
}

func divided(block []float32, by float32) []float32 {
	out := make([]float32, len(block))
	for i, v := range block {
		out[i] = v / by
	}
	return out
}

// encode writes the codes of x·scale, one a byte. The product is converted
// explicitly, which forbids fusing it with cellOf's sum: that would
// look up another value than the one compared.
func (c *Codebook) encode(dst []byte, x []float32, scale float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = c.codeOf[c.rank(float32(v*scale))]
	}
}

// encodePairs writes the codes of x·scale, two a byte. A last element without
// a neighbour is paired with 0.
func (c *Codebook) encodePairs(dst []byte, x []float32, scale float32) {
	pairs := len(x) / 2
	dst, odd := dst[:pairs], dst[pairs:]
	even := x[:2*pairs]
	for i := range dst {
		x := even[2*i : 2*i+2 : 2*i+2]
		hi := c.codeOf[c.rank(float32(x[0]*scale))]
		lo := c.codeOf[c.rank(float32(x[1]*scale))]
		dst[i] = hi<<4 | lo
	}
	if len(x)%2 != 0 {
		odd[0] = c.Code(float32(x[len(x)-1]*scale))<<4 | c.Code(0)
	}
}

// pack puts codes of one a byte two to a byte.
func (c *Codebook) pack(dst, codes []byte) {
	for i := range dst {
		lo := c.Code(0)
		if 2*i+1 < len(codes) {
			lo = codes[2*i+1]
		}
		dst[i] = codes[2*i]<<4 | lo
	}
}

// decode writes level·absmax for codes of one a byte.
func (c *Codebook) decode(dst []float32, codes []byte, absmax float32) {
	codes = codes[:len(dst)]
	for i, code := range codes {
		dst[i] = c.table[code] * absmax
	}
}

// decodePairs writes level·absmax for codes of two a byte, eight bytes a turn:
// arrays of fixed size need one bounds check instead of sixteen. Scaling
// the 16 levels once a block and looking up single codes multiplies less and is
// slower: it shifts and masks for every element.
func (c *Codebook) decodePairs(dst []float32, packed []byte, absmax float32) {
	pairs := c.pairs
	for len(dst) >= 16 && len(packed) >= 8 {
		x, p := (*[16]float32)(dst), (*[8]byte)(packed)
		a, b, c, d := &pairs[p[0]], &pairs[p[1]], &pairs[p[2]], &pairs[p[3]]
		x[0], x[1], x[2], x[3] = a[0]*absmax, a[1]*absmax, b[0]*absmax, b[1]*absmax
		x[4], x[5], x[6], x[7] = c[0]*absmax, c[1]*absmax, d[0]*absmax, d[1]*absmax
		a, b, c, d = &pairs[p[4]], &pairs[p[5]], &pairs[p[6]], &pairs[p[7]]
		x[8], x[9], x[10], x[11] = a[0]*absmax, a[1]*absmax, b[0]*absmax, b[1]*absmax
		x[12], x[13], x[14], x[15] = c[0]*absmax, c[1]*absmax, d[0]*absmax, d[1]*absmax
		dst, packed = dst[16:], packed[8:]
	}
	for i := range dst {
		dst[i] = pairs[packed[i/2]][i%2] * absmax
	}
}
