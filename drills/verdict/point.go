package verdict

import "fmt"

// PointState is what became of one point of a rubric.
type PointState uint8

const (
	Missed       PointState = iota
	Contradicted            // the answer says the opposite
	Hit
)

var stateNames = [...]string{"missed", "contradicted", "hit"}

func (s PointState) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("PointState(%d)", uint8(s))
}

// MarshalText writes the state as its name.
func (s PointState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// PointResult is one point of a rubric, found or not.
type PointResult struct {
	ID     string     `json:"id"`
	Words  string     `json:"words"` // the point, in the words of the rubric
	State  PointState `json:"state"`
	Quotes []string   `json:"heard,omitempty"` // the words of the answer that decided
}
