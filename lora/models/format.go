package models

import "loralab/lora/number"

// Thousands is number.Count, for callers that have not moved there yet.
func Thousands(n int64) string { return number.Count(n) }

// SI is number.SI, for callers that have not moved there yet.
func SI(bytes int64) string { return number.SI(bytes) }

// IEC is number.IEC, for callers that have not moved there yet.
func IEC(bytes int64) string { return number.IEC(bytes) }
