package plots

import (
	"reflect"
	"slices"
)

// beside puts below each line that has changed what it was in the run before. Where
// the pictures are others, its total alone.
func (k imageKind) beside(before *Figure) *Figure {
	both, images := *k.fig, *k.images
	images.Rows = slices.Clone(images.Rows)
	for i, row := range images.Rows {
		at := slices.IndexFunc(before.Images.Rows, func(old ImageRow) bool { return old.Name == row.Name })
		if at < 0 && i < len(before.Images.Rows) {
			at = i
		}
		if at < 0 {
			continue
		}
		old := before.Images.Rows[at]
		same := reflect.DeepEqual(old.Pictures, row.Pictures)
		images.Rows[i].Readings = nil
		for j, line := range row.Readings {
			images.Rows[i].Readings = append(images.Rows[i].Readings, line)
			was := slices.IndexFunc(old.Readings, func(o Reading) bool { return o.Name == line.Name })
			if was < 0 && len(old.Readings) == len(row.Readings) {
				was = j
			}
			if was < 0 || reflect.DeepEqual(old.Readings[was], line) {
				continue
			}
			o := old.Readings[was]
			if o.Name, o.Style = beforeName(o.Name), line.Style; !same {
				o.Captions = nil
			}
			images.Rows[i].Readings = append(images.Rows[i].Readings, o)
		}
	}
	both.Images = &images
	return &both
}
