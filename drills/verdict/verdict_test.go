package verdict

import "testing"

func TestStatusIsText(t *testing.T) {
	for s := Invalid; s <= Right; s++ {
		text, err := s.MarshalText()
		var back Status
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v is written as %q and read as %v", uint8(s), text, back)
		}
	}
	if new(Status).UnmarshalText([]byte("nearly")) == nil {
		t.Error("a status that does not exist is read")
	}
}
