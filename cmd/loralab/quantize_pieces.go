package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"loralab/lessons/lab"
	"loralab/lora/atomicfile"
	"loralab/lora/peft"
	"loralab/lora/quant"
)

// A model can be larger than memory, and one of its tensors can. So everything
// is read, quantized and written in pieces of about this many elements.
const pieceElements = 1 << 20

// quantizing is the work on one file. Between two pieces it looks at the context.
type quantizing struct {
	ctx         context.Context
	file        *peft.File
	jobs        []job
	watch       func(lab.Progress)
	done, total int // elements and, of what is copied, bytes
}

// job is a tensor to quantize.
type job interface {
	of() peft.Info
	passes() int // over the tensor, of a run that writes
	// look sees the whole tensor before its first piece is quantized.
	look(w *quantizing) error
	// stored is how bitsandbytes keeps the tensor.
	stored() weight
	// quantize goes through the tensor, writes its pieces unless to is nil, and says
	// what became of it.
	quantize(w *quantizing, to *peft.Writer) (quantizedTensor, error)
}

// weight is a tensor as bitsandbytes keeps it, in several.
type weight interface {
	Tensors() ([]peft.Info, error)
	Begin(to *peft.Writer) error
}

// tensorError is what is wrong with a tensor of the file.
type tensorError struct {
	name string
	err  error
}

func (e tensorError) Error() string { return fmt.Sprintf("tensor %s: %v", printable(e.name), e.err) }
func (e tensorError) Unwrap() error { return e.err }

// about says of which tensor an error is.
func about(info peft.Info, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return tensorError{info.Name, err}
}

// write quantizes into a file, with the tensors that are kept.
func (w *quantizing) write(f atomicfile.File, kept []keptTensor) ([]quantizedTensor, error) {
	for _, k := range kept {
		w.total += int(k.Bytes)
	}
	if err := w.look(); err != nil {
		return nil, err
	}
	var infos []peft.Info
	for _, j := range w.jobs {
		tensors, err := j.stored().Tensors()
		if err != nil {
			return nil, about(j.of(), err)
		}
		infos = append(infos, tensors...)
	}
	for _, k := range kept {
		info, _ := w.file.Info(k.Name)
		infos = append(infos, info)
	}
	to, err := peft.NewWriter(f, infos, w.file.Metadata)
	if err != nil {
		return nil, err
	}
	report, err := w.quantize(to)
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		info, _ := w.file.Info(k.Name)
		if err := w.copy(to, info); err != nil {
			return nil, about(info, err)
		}
	}
	return report, to.Close()
}

// look lets every job see its tensor.
func (w *quantizing) look() error {
	for _, j := range w.jobs {
		w.total += j.passes() * j.of().Elements()
	}
	for _, j := range w.jobs {
		if err := j.look(w); err != nil {
			return about(j.of(), err)
		}
	}
	return nil
}

// quantize does all jobs; to is nil if nothing is to be written.
func (w *quantizing) quantize(to *peft.Writer) ([]quantizedTensor, error) {
	if to == nil {
		if err := w.look(); err != nil {
			return nil, err
		}
	}
	var report []quantizedTensor
	for _, j := range w.jobs {
		if to != nil {
			if err := j.stored().Begin(to); err != nil {
				return nil, err
			}
		}
		t, err := j.quantize(w, to)
		if err != nil {
			return nil, about(j.of(), err)
		}
		report = append(report, t)
	}
	return report, nil
}

// each calls do for every piece of a tensor.
func (w *quantizing) each(info peft.Info, elements int, do func(x []float32) error) error {
	for x, err := range w.file.Float32Pieces(info, elements) {
		if err == nil {
			err = w.ctx.Err()
		}
		if err == nil {
			err = do(x)
		}
		if err != nil {
			return err
		}
		w.advance(len(x))
	}
	return nil
}

// copy moves a tensor as it is.
func (w *quantizing) copy(to *peft.Writer, info peft.Info) error {
	for data, err := range w.file.Pieces(info, 4*pieceElements) {
		if err == nil {
			err = w.ctx.Err()
		}
		if err == nil {
			err = to.Append(info.Name, data)
		}
		if err != nil {
			return err
		}
		w.advance(len(data))
	}
	return nil
}

func (w *quantizing) advance(n int) {
	w.done += n
	w.watch(lab.Progress{Done: w.done, Total: w.total})
}

// unmeasured is what can be said of a tensor before it is quantized.
func unmeasured(info peft.Info) quantizedTensor {
	return quantizedTensor{Name: info.Name, DType: info.DType.String(), Shape: slices.Clone(info.Shape),
		Params: info.Elements(), BytesBefore: info.Bytes()}
}

// blockJob quantizes by blocks.
type blockJob struct {
	info   peft.Info
	format quant.Format
	pieces *quant.Piecewise
	length int // elements of a piece
}

func newBlockJob(info peft.Info, format quant.Format) (*blockJob, error) {
	pieces, err := quant.NewPiecewise(format)
	if err != nil {
		return nil, err
	}
	return &blockJob{info, format, pieces, max(pieceElements/pieces.Unit(), 1) * pieces.Unit()}, nil
}

func (j *blockJob) of() peft.Info { return j.info }

func (j *blockJob) passes() int {
	if j.format.Double {
		return 2
	}
	return 1
}

func (j *blockJob) look(w *quantizing) error {
	if !j.format.Double {
		return nil
	}
	return w.each(j.info, j.length, j.pieces.Look)
}

func (j *blockJob) stored() weight { return j.weight() }

func (j *blockJob) weight() peft.Weight4 {
	back := j.info.DType
	if back == peft.F64 { // bitsandbytes dequantizes to nothing wider than F32
		back = peft.F32
	}
	return peft.Weight4{Name: j.info.Name, Format: j.format, Shape: j.info.Shape, DType: back, Offset: j.pieces.Offset()}
}

func (j *blockJob) quantize(w *quantizing, to *peft.Writer) (quantizedTensor, error) {
	r := unmeasured(j.info)
	var off quant.Comparison
	err := w.each(j.info, j.length, func(x []float32) error {
		q, err := j.pieces.Quantize(x)
		if err != nil {
			return err
		}
		off.Add(x, q.Dequantize())
		if to == nil {
			return nil
		}
		return j.weight().Append(to, q)
	})
	r.measure(off.Stats(), j.pieces.Bytes())
	return r, err
}

// rowJob quantizes by rows.
type rowJob struct {
	info       peft.Info
	rows, cols int
}

func newRowJob(info peft.Info) *rowJob { return &rowJob{info, info.Shape[0], info.Shape[1]} }

func (j *rowJob) of() peft.Info { return j.info }
func (j *rowJob) passes() int   { return 1 }

// look refuses a row that is more than is held at a time: its scale is known only
// when it has been seen to its end.
func (j *rowJob) look(*quantizing) error {
	const longest = 16 * pieceElements
	if j.cols > longest {
		return fmt.Errorf("found rows of %d numbers, want at most %d, since a row and its codes are held in memory; give --block for scales that do not need whole rows", j.cols, longest)
	}
	return nil
}

func (j *rowJob) stored() weight { return j.weight() }

func (j *rowJob) weight() peft.Weight8 {
	return peft.Weight8{Name: j.info.Name, Rows: j.rows, Cols: j.cols}
}

func (j *rowJob) quantize(w *quantizing, to *peft.Writer) (quantizedTensor, error) {
	r := unmeasured(j.info)
	var off quant.Comparison
	bytes, first := 0, 0 // of the piece
	length := max(pieceElements/j.cols, 1) * j.cols
	err := w.each(j.info, length, func(x []float32) error {
		q, err := quant.QuantizeRows(x, len(x)/j.cols, j.cols, 0)
		if err != nil {
			return placed(err, first)
		}
		off.Add(x, q.Dequantize())
		bytes += q.Bytes()
		first += len(x)
		if to == nil {
			return nil
		}
		return j.weight().Append(to, q)
	})
	r.measure(off.Stats(), bytes)
	return r, err
}

// placed makes a position in a piece one in the tensor.
func placed(err error, first int) error {
	if value := (*quant.ValueError)(nil); errors.As(err, &value) {
		value.Index += first
	}
	return err
}
