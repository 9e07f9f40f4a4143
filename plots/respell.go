package plots

import (
	"reflect"

	"loralab/lora/ascii"
)

// inASCII returns the figure with every text that it holds in ASCII. It goes
// through the fields, so that a new kind of figure need not be told.
func (f *Figure) inASCII() *Figure {
	return respelled(reflect.ValueOf(f)).Interface().(*Figure)
}

// respelled copies what holds text and shares what does not.
func respelled(v reflect.Value) reflect.Value {
	if !holdsText(v.Type()) {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(ascii.Text(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(respelled(v.Elem()))
		}
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(respelled(v.Field(i)))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(respelled(v.Index(i)))
			}
		}
	default: // maps of [Shown]: no drawing reads them
		return v
	}
	return out
}

func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Struct, reflect.Map:
		return true
	case reflect.Pointer, reflect.Slice:
		return holdsText(t.Elem())
	}
	return false
}
