package show

import "testing"

func TestUnknown(t *testing.T) {
	for _, text := range []string{"idk", "I don't know", "I don’t know.", "give up", "Give up!", " no idea "} {
		if !Unknown(text) {
			t.Errorf("%q does not say “I don't know”", text)
		}
	}
	for _, text := range []string{"", "24", "b", "r(d+k)", "I don't know whether B = 0, but A is random", "give up to A what B has"} {
		if Unknown(text) {
			t.Errorf("%q is taken for “I don't know”", text)
		}
	}
}
