#include "go_asm.h"
#include "textflag.h"

// A kernel holds a tile of C in registers, one accumulator a lane. Each term p
// loads a row of B once, broadcasts the p-th element of each row of A, and adds
// their product to every accumulator with one rounding (VFMADD231PD).
//
// 6×8 takes 12 of the 16 registers for accumulators, 2 for B, 2 for broadcasts.
// A core that starts two fused multiply-adds a cycle and finishes them 4 or 5
// cycles later needs 8 to 10 accumulators to stay busy.
//
// DI tile, CX terms left, AX op(A), DX its step, BX op(B), SI its step,
// R8… rows of A after the first; before and after the sum R8 is a row of
// accumulators or of C, R9 the step to the next row.

#define TERMS4 \
	MOVQ tile_k(DI), CX; \
	MOVQ a+8(FP), AX; \
	MOVQ tile_astep(DI), DX; \
	MOVQ b+16(FP), BX; \
	MOVQ tile_bstep(DI), SI; \
	MOVQ (tile_rows+8)(DI), R8; \
	MOVQ (tile_rows+16)(DI), R9; \
	MOVQ (tile_rows+24)(DI), R10

#define TERMS6 \
	TERMS4; \
	MOVQ (tile_rows+32)(DI), R11; \
	MOVQ (tile_rows+40)(DI), R12

#define TERMS8 \
	TERMS6; \
	MOVQ (tile_rows+48)(DI), R13; \
	MOVQ (tile_rows+56)(DI), R14

#define NEXT \
	ADDQ DX, AX; \
	ADDQ SI, BX; \
	DECQ CX

// On a row of 8 columns: take up its accumulators, add a term, add beta·C,
// store it.
#define RESUME2(c0, c1) \
	VMOVUPD (R8), c0; \
	VMOVUPD 32(R8), c1; \
	ADDQ R9, R8

#define ADD2(a, t, c0, c1) \
	VBROADCASTSD a, t; \
	VFMADD231PD Y12, t, c0; \
	VFMADD231PD Y13, t, c1

#define BLEND2(c0, c1) \
	VFMADD231PD (R8), Y13, c0; \
	VFMADD231PD 32(R8), Y13, c1; \
	ADDQ R9, R8

#define STORE2(c0, c1) \
	VMOVUPD c0, (R8); \
	VMOVUPD c1, 32(R8); \
	ADDQ R9, R8

// The same on a row of 4.
#define RESUME1(c0) \
	VMOVUPD (R8), c0; \
	ADDQ R9, R8

#define ADD1(a, t, c0) \
	VBROADCASTSD a, t; \
	VFMADD231PD Y12, t, c0

#define BLEND1(c0) \
	VFMADD231PD (R8), Y13, c0; \
	ADDQ R9, R8

#define STORE1(c0) \
	VMOVUPD c0, (R8); \
	ADDQ R9, R8

#define ZERO4(c0, c1, c2, c3) \
	VXORPD c0, c0, c0; \
	VXORPD c1, c1, c1; \
	VXORPD c2, c2, c2; \
	VXORPD c3, c3, c3

#define SCALE4(c0, c1, c2, c3) \
	VMULPD Y12, c0, c0; \
	VMULPD Y12, c1, c1; \
	VMULPD Y12, c2, c2; \
	VMULPD Y12, c3, c3

// func tile6x8avx2(t *tile, a, b, from, to, c *float64)
TEXT ·tile6x8avx2(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JZ zero
	RESUME2(Y0, Y1)
	RESUME2(Y2, Y3)
	RESUME2(Y4, Y5)
	RESUME2(Y6, Y7)
	RESUME2(Y8, Y9)
	RESUME2(Y10, Y11)
	JMP sum

zero:
	ZERO4(Y0, Y1, Y2, Y3)
	ZERO4(Y4, Y5, Y6, Y7)
	ZERO4(Y8, Y9, Y10, Y11)

sum:
	TERMS6

term:
	VMOVUPD (BX), Y12
	VMOVUPD 32(BX), Y13
	ADD2((AX), Y14, Y0, Y1)
	ADD2((AX)(R8*1), Y15, Y2, Y3)
	ADD2((AX)(R9*1), Y14, Y4, Y5)
	ADD2((AX)(R10*1), Y15, Y6, Y7)
	ADD2((AX)(R11*1), Y14, Y8, Y9)
	ADD2((AX)(R12*1), Y15, Y10, Y11)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Y12
	SCALE4(Y0, Y1, Y2, Y3)
	SCALE4(Y4, Y5, Y6, Y7)
	SCALE4(Y8, Y9, Y10, Y11)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Y13
	BLEND2(Y0, Y1)
	BLEND2(Y2, Y3)
	BLEND2(Y4, Y5)
	BLEND2(Y6, Y7)
	BLEND2(Y8, Y9)
	BLEND2(Y10, Y11)
	MOVQ c+40(FP), R8

store:
	STORE2(Y0, Y1)
	STORE2(Y2, Y3)
	STORE2(Y4, Y5)
	STORE2(Y6, Y7)
	STORE2(Y8, Y9)
	STORE2(Y10, Y11)
	VZEROUPPER
	RET

// func tile4x8avx2(t *tile, a, b, from, to, c *float64)
TEXT ·tile4x8avx2(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JZ zero
	RESUME2(Y0, Y1)
	RESUME2(Y2, Y3)
	RESUME2(Y4, Y5)
	RESUME2(Y6, Y7)
	JMP sum

zero:
	ZERO4(Y0, Y1, Y2, Y3)
	ZERO4(Y4, Y5, Y6, Y7)

sum:
	TERMS4

term:
	VMOVUPD (BX), Y12
	VMOVUPD 32(BX), Y13
	ADD2((AX), Y14, Y0, Y1)
	ADD2((AX)(R8*1), Y15, Y2, Y3)
	ADD2((AX)(R9*1), Y14, Y4, Y5)
	ADD2((AX)(R10*1), Y15, Y6, Y7)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Y12
	SCALE4(Y0, Y1, Y2, Y3)
	SCALE4(Y4, Y5, Y6, Y7)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Y13
	BLEND2(Y0, Y1)
	BLEND2(Y2, Y3)
	BLEND2(Y4, Y5)
	BLEND2(Y6, Y7)
	MOVQ c+40(FP), R8

store:
	STORE2(Y0, Y1)
	STORE2(Y2, Y3)
	STORE2(Y4, Y5)
	STORE2(Y6, Y7)
	VZEROUPPER
	RET

// func tile8x4avx2(t *tile, a, b, from, to, c *float64)
TEXT ·tile8x4avx2(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $32, R9
	TESTQ R8, R8
	JZ zero
	RESUME1(Y0)
	RESUME1(Y1)
	RESUME1(Y2)
	RESUME1(Y3)
	RESUME1(Y4)
	RESUME1(Y5)
	RESUME1(Y6)
	RESUME1(Y7)
	JMP sum

zero:
	ZERO4(Y0, Y1, Y2, Y3)
	ZERO4(Y4, Y5, Y6, Y7)

sum:
	TERMS8

term:
	VMOVUPD (BX), Y12
	ADD1((AX), Y8, Y0)
	ADD1((AX)(R8*1), Y9, Y1)
	ADD1((AX)(R9*1), Y10, Y2)
	ADD1((AX)(R10*1), Y11, Y3)
	ADD1((AX)(R11*1), Y8, Y4)
	ADD1((AX)(R12*1), Y9, Y5)
	ADD1((AX)(R13*1), Y10, Y6)
	ADD1((AX)(R14*1), Y11, Y7)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $32, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Y12
	SCALE4(Y0, Y1, Y2, Y3)
	SCALE4(Y4, Y5, Y6, Y7)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Y13
	BLEND1(Y0)
	BLEND1(Y1)
	BLEND1(Y2)
	BLEND1(Y3)
	BLEND1(Y4)
	BLEND1(Y5)
	BLEND1(Y6)
	BLEND1(Y7)
	MOVQ c+40(FP), R8

store:
	STORE1(Y0)
	STORE1(Y1)
	STORE1(Y2)
	STORE1(Y3)
	STORE1(Y4)
	STORE1(Y5)
	STORE1(Y6)
	STORE1(Y7)
	VZEROUPPER
	RET
