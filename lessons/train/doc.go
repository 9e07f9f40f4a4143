// Package train holds what experiments share when they train: the [Problem]s
// and the knobs that choose among them, the [Evaluator], the training loop
// [Run] with its [Outcome], adapting by LoRA and full fine-tuning, running
// trainings side by side, and the styles of curves.
package train
