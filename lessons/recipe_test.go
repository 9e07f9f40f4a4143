package lessons

import (
	"testing"

	"loralab/content"
	"loralab/lessons/lab/labtest"
)

// TestRecipeTrainsAsTheCourseDoes: the recipe is what lesson 1 trains, to the last bit,
// and so is full fine-tuning at the same η.
func TestRecipeTrainsAsTheCourseDoes(t *testing.T) {
	l := NewLaboratory(content.FS)
	ofCourse, err := l.Experiment("reparameterization")
	if err != nil {
		t.Fatal(err)
	}
	ofRecipe, err := l.Experiment("recipe")
	if err != nil {
		t.Fatal(err)
	}
	short := []string{"width", "16", "steps", "20", "rank", "4", "alpha", "8"}
	course, recipe := labtest.Run(t, ofCourse, short...), labtest.Run(t, ofRecipe, short...)
	full := recipe.Table("rates-full").Where("rate", course.Settings.Real("full-learning-rate")).At(0, "loss")
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"LoRA", recipe.Real("loss-recipe"), course.Real("loss-lora")},
		{"all layers", recipe.Real("loss-layers-all"), course.Real("loss-lora")},
		{"full fine-tuning", full, course.Real("loss-full")},
		{"numbers trained", recipe.Real("params-layers-all"), course.Real("params-lora")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, lesson 1 has %v", c.what, c.got, c.want)
		}
	}
	if recipe.Real("loss-alpha-for-s") == course.Real("loss-lora") || recipe.Real("loss-rank-1") == course.Real("loss-lora") {
		t.Error("a broken line changes nothing")
	}
}
