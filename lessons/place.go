package lessons

import (
	"fmt"
	"strconv"
	"strings"
)

// readPlace reads where to go: "4" is page 4, "2.4" page 4 of step 2. The step is 0
// where none is named.
func readPlace(text string) (step, page int, err error) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ./·,:", r) })
	numbers := make([]int, len(parts))
	for i, part := range parts {
		if numbers[i], err = strconv.Atoi(part); err != nil || numbers[i] < 0 {
			return 0, 0, fmt.Errorf("%q is no page: want its number, such as 4", text)
		}
	}
	switch len(numbers) {
	case 1:
		return 0, numbers[0], nil
	case 2:
		return numbers[0], numbers[1], nil
	}
	return 0, 0, fmt.Errorf("%q is no page: want its number, such as 4", text)
}

// noPage says which pages there are.
func (l *Lesson) noPage(page int) error {
	return fmt.Errorf("there is no page %d: step %d has pages 1 to %d", page, l.Step, len(l.Pages))
}
