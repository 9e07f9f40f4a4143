package peft

// DType is the type of a tensor's elements.
type DType uint8

// The types of the format, in the reference implementation's order: it writes
// tensors by this order descending, which puts larger alignments first.
const (
	BOOL DType = iota
	F4
	F6E2M3
	F6E3M2
	U8
	I8
	F8E5M2
	F8E4M3
	F8E8M0
	F8E4M3FNUZ
	F8E5M2FNUZ
	I16
	U16
	F16
	BF16
	I32
	U32
	F32
	C64
	F64
	I64
	U64
	numDTypes
)

// spec returns the name in a file and the width in bits.
func (t DType) spec() (name string, bits uint64) {
	specs := [numDTypes]struct {
		name string
		bits uint64
	}{
		BOOL: {"BOOL", 8}, F4: {"F4", 4}, F6E2M3: {"F6_E2M3", 6}, F6E3M2: {"F6_E3M2", 6},
		U8: {"U8", 8}, I8: {"I8", 8}, F8E5M2: {"F8_E5M2", 8}, F8E4M3: {"F8_E4M3", 8},
		F8E8M0: {"F8_E8M0", 8}, F8E4M3FNUZ: {"F8_E4M3FNUZ", 8}, F8E5M2FNUZ: {"F8_E5M2FNUZ", 8},
		I16: {"I16", 16}, U16: {"U16", 16}, F16: {"F16", 16}, BF16: {"BF16", 16},
		I32: {"I32", 32}, U32: {"U32", 32}, F32: {"F32", 32},
		C64: {"C64", 64}, F64: {"F64", 64}, I64: {"I64", 64}, U64: {"U64", 64},
	}
	if t >= numDTypes {
		return "unknown", 0
	}
	return specs[t].name, specs[t].bits
}

// String returns the name that files use, such as "BF16" or "F8_E4M3".
func (t DType) String() string {
	name, _ := t.spec()
	return name
}

// Bits returns the width of an element.
func (t DType) Bits() int {
	_, bits := t.spec()
	return int(bits)
}

// IsFloat reports whether this package converts the type's values: F64, F32,
// F16 and BF16. Others can be named, copied and counted.
func (t DType) IsFloat() bool {
	return t == F64 || t == F32 || t == F16 || t == BF16
}

// IsWhole reports whether the type's values are whole numbers or truth values.
// A type that is neither this nor [DType.IsFloat] holds fractions that this
// package does not convert: the 4, 6 and 8-bit floats, and C64.
func (t DType) IsWhole() bool {
	switch t {
	case BOOL, U8, I8, U16, I16, U32, I32, U64, I64:
		return true
	}
	return false
}

func parseDType(name string) (DType, bool) {
	for t := range numDTypes {
		if t.String() == name {
			return t, true
		}
	}
	return 0, false
}
