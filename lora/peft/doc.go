// Package peft reads and writes the files that adapters and quantized weights
// travel in: safetensors, a folder as Hugging Face PEFT saves it, and the keys
// that bitsandbytes keeps a quantized weight under.
//
// # Safetensors
//
// A file is a little-endian uint64 N, N bytes of JSON, and a buffer. The JSON
// names every tensor with its type, shape and place in the buffer:
//
//	{"__metadata__": {"format": "pt"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
//
// Files come from strangers, so the reader is strict. Nothing is allocated
// because a header claims a size: the header is read only if the file
// holds it, and a tensor only when it is asked for, after all places have been
// found to cover the buffer exactly, without hole or overlap. What the
// reference implementation (huggingface/safetensors, tensor.rs) refuses is
// refused here under the name of its error, with the byte and what was
// expected there. Where the format's description is stricter than that
// implementation, the description holds: duplicate keys, a header that does
// not begin with '{', padding other than spaces, unknown fields and a null
// __metadata__ are refused. The header is scanned by hand because encoding/json
// keeps the last of duplicate keys, matches field names in any case, and
// lets half a surrogate pair pass.
//
// Limits beyond the format's own 100 MB header bound the work that a hostile
// header can cause: 131,072 tensors, names of 1,024 bytes, 64 dimensions; the
// grammar itself has a depth of three.
//
// # Adapters
//
// [OpenAdapter] reads a folder as PEFT saves it: adapter_config.json and
// adapter_model.safetensors. A module's rank, α and rule of scaling are those PEFT
// would use, patterns included; [Config.Target] and [Config.Idle] decide as PEFT
// does which modules get an adapter. [Adapter.Measure] and [Compare] say what a
// module's s·B·A is, and what two have in common, from A and B alone.
//
// # Quantized weights
//
// [Weight4] and [Weight8] lay a quantized weight out as bitsandbytes' Linear4bit
// and Linear8bitLt save it, so that they load it as their own.
// [File.Weights4] and [File.Quantized4] read 4 bits back.
//
// # What is too large for memory
//
// [File.Pieces] and [File.Float32Pieces] read a tensor piece by piece, and a
// [Writer] writes one so: a model is quantized without being held.
package peft
