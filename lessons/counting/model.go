package counting

import (
	"strings"

	"loralab/lessons/lab"
	"loralab/lora/models"
)

// countModel reports what the adapter on m trains.
func countModel(rec *lab.Recorder, m *models.Model, a models.Adapter) (*models.Tally, error) {
	t, err := models.Count(m, a)
	if err != nil {
		return nil, err
	}
	rec.Report("model-total", t.Base)
	rec.Report("model-trainable", t.Trainable)
	rec.Report("model-full", t.Full)
	rec.Report("model-ratio", t.Ratio)
	rec.Report("model-all", t.All)
	rec.Report("model-percent", t.Percent/100)
	rec.Report("model-fewer", float64(t.Base)/float64(t.Trainable))
	rec.Report("model-printed", t.PEFT())

	var adapted int64
	var rows [][]float64
	for _, mod := range t.Modules {
		adapted += mod.Count
		rows = append(rows, []float64{float64(mod.In), float64(mod.Out), float64(mod.Count), float64(mod.Params)})
	}
	rec.Report("adapted", adapted)
	names := moduleNames(t.Modules)
	rec.Report("module-names", strings.Join(names, ", "))
	rec.Report("module-params", lab.Table{Rows: names, Values: rows})

	byDefault, err := models.Count(m, models.Adapter{Rank: a.Rank})
	if err != nil {
		return nil, err
	}
	everywhere, err := models.Count(m, models.Adapter{Rank: a.Rank, Targets: models.Targets{AllLinear: true}})
	if err != nil {
		return nil, err
	}
	rec.Report("linear-factor", float64(everywhere.Trainable)/float64(byDefault.Trainable))

	// bitsandbytes keeps two 4-bit weights in a byte, so numel() of a quantized
	// weight is half of what it stands for.
	packed := t.All
	for _, g := range m.Linears() {
		packed -= g.In * g.Out / 2 * g.Count
	}
	rec.Report("packed-all", packed)
	rec.Report("packed-percent", float64(t.Trainable)/float64(packed))

	tied, untied := false, t.Base
	for _, g := range m.Groups {
		if g.Tied {
			tied = true
			untied += g.In * g.Out * g.Count
		}
	}
	rec.Report("tied", lab.YesNo(tied))
	rec.Report("total-untied", untied)
	return t, nil
}

// moduleNames are the shortest names that tell the modules apart: GPT-2 has
// attn.c_proj and mlp.c_proj.
func moduleNames(mods []models.Module) []string {
	seen := map[string]int{}
	for _, m := range mods {
		seen[m.Short]++
	}
	var names []string
	for _, m := range mods {
		name := m.Short
		if parts := strings.Split(m.Name, "."); seen[name] > 1 && len(parts) > 1 {
			name = strings.Join(parts[len(parts)-2:], ".")
		}
		names = append(names, name)
	}
	return names
}

// countCatalogue counts the same adapter on every model there is.
func countCatalogue(rec *lab.Recorder, a models.Adapter) error {
	var rows [][]float64
	for _, m := range models.Catalogue() {
		t, err := models.Count(m, a)
		if err != nil {
			return err
		}
		rows = append(rows, []float64{float64(t.Trainable), float64(t.All), t.Percent / 100})
	}
	rec.Report("catalogue", rows)
	return nil
}
