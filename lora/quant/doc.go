// Package quant holds the number formats that a weight is rounded or
// compressed to: float32, bfloat16 and float16; blockwise codes of 2 to 8 bits
// (NormalFloat, FP4, symmetric integers, the 8-bit dynamic and linear maps),
// with double quantization of their scales; and the row-wise int8 of LLM.int8.
// It also holds what is done with a quantized base: merging an update into it
// and LoftQ initialization.
//
// The formats are those of QLoRA (Dettmers et al. 2023, arXiv:2305.14314,
// section 3) as bitsandbytes defines them. Its default CPU operations are the
// reference: packed codes, scales and dequantized values agree with them bit
// for bit, except that the offset of double quantization is a mean whose
// summation order torch does not promise (at most 1 ulp apart).
//
// # How a block is coded
//
// A tensor is flattened row by row and cut into blocks of 32 to 4096 elements.
// Each block stores absmax, its largest magnitude, as a float32. An element x
// becomes v = x·(1/absmax) in float32, and v the code of the nearest level.
// Dequantizing multiplies the level by absmax, in float32. Codes of 4 bits are
// packed two to a byte, the FIRST element in the HIGH four bits; other widths
// take one byte a code in memory. [Blockwise.Bytes] counts codes at their true
// width, in whole bytes, and [Blockwise.Bits] is those bytes shared out.
//
// # Edge rules
//
// bitsandbytes disagrees with itself between its default operations and its
// CUDA kernels, and between full and short blocks. One rule holds here
// everywhere, the default operations', because they run on any machine and
// are plain arithmetic that a reader can check:
//
//   - Exact midpoints. The boundary of two neighbouring levels is their mean
//     rounded to float32, and a value on the boundary takes the lower level.
//     CUDA's NF4 thresholds are constants of which four are 1 ulp away from
//     these; CUDA's FP4 works on |x| and sends a tie to the smaller magnitude.
//   - All-zero block. Every code is the code of 0 (NF4: 7, so bytes 0x77) and
//     absmax is 0. CUDA divides 0 by 0 and falls through to NF4 code 0. Both
//     dequantize to 0.
//   - Tiny absmax. The divisor is at least 1e-38, or 1/absmax would overflow.
//     absmax itself is kept, so a full block of smaller magnitude loses
//     precision (in NF4 it may collapse to 0); nothing becomes infinite.
//   - Short last block. x is divided by absmax and not multiplied by its
//     reciprocal, and here the clamped 1e-38 is what is stored: the default
//     operations treat the remainder so, and a stored file shows it.
//   - Odd length. The low half of the last byte holds the code of 0.
//   - FP4's two zeros. Codes 0 and 8 both mean 0. In the order of levels code 0
//     comes first, so values in (-1/384, 0] take code 0 and values in (0, 1/384]
//     code 8: a positive value gets the code with the sign bit, the reverse of
//     CUDA. Both dequantize to +0.
//   - The linear 8-bit map has two zeros as well, 0 and -3.7e-9, out of order
//     by the rounding of torch.linspace. The boundaries between them are in
//     order, which is all that coding needs.
//   - NaN and ±Inf are refused with a [ValueError] that says where: a single
//     one would poison its whole block.
//
// # Errors
//
// Data (values, a block size from a flag) returns an error; slices and
// matrices that do not fit together panic with a [ShapeError].
package quant
