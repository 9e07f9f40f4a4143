// Package options grades what is answered with the letters of options: one of
// several, or all of them in an order.
package options

import "strconv"

// most is how many options have a letter.
const most = 26

// Letter returns the letter of an option, a for the first.
func Letter(i int) string { return string(rune('a' + i)) }

// index reads the letter or the number of one of n options.
func index(word string, n int) (int, bool) {
	if len(word) == 1 && word[0] >= 'a' && word[0] <= 'z' {
		return int(word[0] - 'a'), int(word[0]-'a') < n
	}
	i, err := strconv.Atoi(word)
	return i - 1, err == nil && i >= 1 && i <= n
}
