// Package models knows the shapes of real language models and counts with
// them: parameters of the model, parameters that a LoRA adapter trains, and
// the bytes that training takes.
//
// A model is a list of [Group]s, one for each kind of parameter tensor, built
// from the data of a Hugging Face config.json by [ParseConfig]. The catalogue
// ([Find], [Catalogue]) holds the same data and takes the same way, so what is
// tested on the known models is what counts the unknown ones.
//
// # Letters
//
// As everywhere: d is the output width of a linear module, k its input width, r
// the rank of the adapter. W is d×k, A is r×k, B is d×r. The adapter trains
//
//	r·(d+k)   instead of   d·k
//
// parameters (Hu et al. 2021, section 4.1), so it is smaller as long as r is
// below the break-even d·k/(d+k). See [BreakEven].
//
// # What is counted
//
// Adapters are PEFT's LoRA with bias="none": A and B without biases of their
// own, every parameter of the base frozen. Not counted here: PEFT's bias="all"
// and "lora_only" (they train the base's biases), lora_bias, DoRA's magnitude
// vectors and modules_to_save.
//
// Counts are exact int64. A count that does not fit is an error, never a
// wrong number.
package models
