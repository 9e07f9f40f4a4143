#include "go_asm.h"
#include "textflag.h"

// The kernels of AVX-512, built as those of AVX2: see there for the method and
// the registers. 8×16 takes 16 of the 32 registers for accumulators, which is
// twice what a core with two 512-bit multipliers needs to stay busy; a 4×16 tile
// has just enough. Only instructions of AVX-512F are used.

#define TERMS4 \
	MOVQ tile_k(DI), CX; \
	MOVQ a+8(FP), AX; \
	MOVQ tile_astep(DI), DX; \
	MOVQ b+16(FP), BX; \
	MOVQ tile_bstep(DI), SI; \
	MOVQ (tile_rows+8)(DI), R8; \
	MOVQ (tile_rows+16)(DI), R9; \
	MOVQ (tile_rows+24)(DI), R10

#define TERMS8 \
	TERMS4; \
	MOVQ (tile_rows+32)(DI), R11; \
	MOVQ (tile_rows+40)(DI), R12; \
	MOVQ (tile_rows+48)(DI), R13; \
	MOVQ (tile_rows+56)(DI), R14

#define NEXT \
	ADDQ DX, AX; \
	ADDQ SI, BX; \
	DECQ CX

// On a row of 16 columns: take up its accumulators, add a term, add beta·C,
// store it.
#define RESUME2(c0, c1) \
	VMOVUPD (R8), c0; \
	VMOVUPD 64(R8), c1; \
	ADDQ R9, R8

#define ADD2(a, t, c0, c1) \
	VBROADCASTSD a, t; \
	VFMADD231PD Z16, t, c0; \
	VFMADD231PD Z17, t, c1

#define BLEND2(c0, c1) \
	VFMADD231PD (R8), Z17, c0; \
	VFMADD231PD 64(R8), Z17, c1; \
	ADDQ R9, R8

#define STORE2(c0, c1) \
	VMOVUPD c0, (R8); \
	VMOVUPD c1, 64(R8); \
	ADDQ R9, R8

// The same on a row of 8. The term needs no register for the broadcast.
#define RESUME1(c0) \
	VMOVUPD (R8), c0; \
	ADDQ R9, R8

#define ADD1(a, c0) \
	VFMADD231PD.BCST a, Z16, c0

#define BLEND1(c0) \
	VFMADD231PD (R8), Z17, c0; \
	ADDQ R9, R8

#define STORE1(c0) \
	VMOVUPD c0, (R8); \
	ADDQ R9, R8

#define ZERO4(c0, c1, c2, c3) \
	VPXORQ c0, c0, c0; \
	VPXORQ c1, c1, c1; \
	VPXORQ c2, c2, c2; \
	VPXORQ c3, c3, c3

#define SCALE4(c0, c1, c2, c3) \
	VMULPD Z16, c0, c0; \
	VMULPD Z16, c1, c1; \
	VMULPD Z16, c2, c2; \
	VMULPD Z16, c3, c3

// func tile8x16avx512(t *tile, a, b, from, to, c *float64)
TEXT ·tile8x16avx512(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $128, R9
	TESTQ R8, R8
	JZ zero
	RESUME2(Z0, Z1)
	RESUME2(Z2, Z3)
	RESUME2(Z4, Z5)
	RESUME2(Z6, Z7)
	RESUME2(Z8, Z9)
	RESUME2(Z10, Z11)
	RESUME2(Z12, Z13)
	RESUME2(Z14, Z15)
	JMP sum

zero:
	ZERO4(Z0, Z1, Z2, Z3)
	ZERO4(Z4, Z5, Z6, Z7)
	ZERO4(Z8, Z9, Z10, Z11)
	ZERO4(Z12, Z13, Z14, Z15)

sum:
	TERMS8

term:
	VMOVUPD (BX), Z16
	VMOVUPD 64(BX), Z17
	ADD2((AX), Z18, Z0, Z1)
	ADD2((AX)(R8*1), Z19, Z2, Z3)
	ADD2((AX)(R9*1), Z20, Z4, Z5)
	ADD2((AX)(R10*1), Z21, Z6, Z7)
	ADD2((AX)(R11*1), Z18, Z8, Z9)
	ADD2((AX)(R12*1), Z19, Z10, Z11)
	ADD2((AX)(R13*1), Z20, Z12, Z13)
	ADD2((AX)(R14*1), Z21, Z14, Z15)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $128, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Z16
	SCALE4(Z0, Z1, Z2, Z3)
	SCALE4(Z4, Z5, Z6, Z7)
	SCALE4(Z8, Z9, Z10, Z11)
	SCALE4(Z12, Z13, Z14, Z15)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Z17
	BLEND2(Z0, Z1)
	BLEND2(Z2, Z3)
	BLEND2(Z4, Z5)
	BLEND2(Z6, Z7)
	BLEND2(Z8, Z9)
	BLEND2(Z10, Z11)
	BLEND2(Z12, Z13)
	BLEND2(Z14, Z15)
	MOVQ c+40(FP), R8

store:
	STORE2(Z0, Z1)
	STORE2(Z2, Z3)
	STORE2(Z4, Z5)
	STORE2(Z6, Z7)
	STORE2(Z8, Z9)
	STORE2(Z10, Z11)
	STORE2(Z12, Z13)
	STORE2(Z14, Z15)
	VZEROUPPER
	RET

// func tile4x16avx512(t *tile, a, b, from, to, c *float64)
TEXT ·tile4x16avx512(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $128, R9
	TESTQ R8, R8
	JZ zero
	RESUME2(Z0, Z1)
	RESUME2(Z2, Z3)
	RESUME2(Z4, Z5)
	RESUME2(Z6, Z7)
	JMP sum

zero:
	ZERO4(Z0, Z1, Z2, Z3)
	ZERO4(Z4, Z5, Z6, Z7)

sum:
	TERMS4

term:
	VMOVUPD (BX), Z16
	VMOVUPD 64(BX), Z17
	ADD2((AX), Z18, Z0, Z1)
	ADD2((AX)(R8*1), Z19, Z2, Z3)
	ADD2((AX)(R9*1), Z20, Z4, Z5)
	ADD2((AX)(R10*1), Z21, Z6, Z7)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $128, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Z16
	SCALE4(Z0, Z1, Z2, Z3)
	SCALE4(Z4, Z5, Z6, Z7)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Z17
	BLEND2(Z0, Z1)
	BLEND2(Z2, Z3)
	BLEND2(Z4, Z5)
	BLEND2(Z6, Z7)
	MOVQ c+40(FP), R8

store:
	STORE2(Z0, Z1)
	STORE2(Z2, Z3)
	STORE2(Z4, Z5)
	STORE2(Z6, Z7)
	VZEROUPPER
	RET

// func tile8x8avx512(t *tile, a, b, from, to, c *float64)
TEXT ·tile8x8avx512(SB), NOSPLIT, $0-48
	MOVQ t+0(FP), DI
	MOVQ from+24(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JZ zero
	RESUME1(Z0)
	RESUME1(Z1)
	RESUME1(Z2)
	RESUME1(Z3)
	RESUME1(Z4)
	RESUME1(Z5)
	RESUME1(Z6)
	RESUME1(Z7)
	JMP sum

zero:
	ZERO4(Z0, Z1, Z2, Z3)
	ZERO4(Z4, Z5, Z6, Z7)

sum:
	TERMS8

term:
	VMOVUPD (BX), Z16
	ADD1((AX), Z0)
	ADD1((AX)(R8*1), Z1)
	ADD1((AX)(R9*1), Z2)
	ADD1((AX)(R10*1), Z3)
	ADD1((AX)(R11*1), Z4)
	ADD1((AX)(R12*1), Z5)
	ADD1((AX)(R13*1), Z6)
	ADD1((AX)(R14*1), Z7)
	NEXT
	JNZ term

	MOVQ to+32(FP), R8
	MOVQ $64, R9
	TESTQ R8, R8
	JNZ store
	VBROADCASTSD tile_alpha(DI), Z16
	SCALE4(Z0, Z1, Z2, Z3)
	SCALE4(Z4, Z5, Z6, Z7)
	MOVQ c+40(FP), R8
	MOVQ tile_cstep(DI), R9
	CMPQ tile_blend(DI), $0
	JEQ store
	VBROADCASTSD tile_beta(DI), Z17
	BLEND1(Z0)
	BLEND1(Z1)
	BLEND1(Z2)
	BLEND1(Z3)
	BLEND1(Z4)
	BLEND1(Z5)
	BLEND1(Z6)
	BLEND1(Z7)
	MOVQ c+40(FP), R8

store:
	STORE1(Z0)
	STORE1(Z1)
	STORE1(Z2)
	STORE1(Z3)
	STORE1(Z4)
	STORE1(Z5)
	STORE1(Z6)
	STORE1(Z7)
	VZEROUPPER
	RET
