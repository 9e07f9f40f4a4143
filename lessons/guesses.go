package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Guess is a prediction that so many of a class make.
type Guess struct {
	Prediction
	Count int
}

// mostAlike is how many can say the same at once.
const mostAlike = 9999

// ReadGuesses reads what a class says, in one line: numbers with or without units,
// "40, 55 % 60; 75", or choices by their letters or words, "a 12, b 7". A colon
// says how many say a number: "75: 12". Either all of the line is read or nothing
// of it; the error says what was found.
func ReadGuesses(ask Predict, line string) ([]Guess, error) {
	if strings.TrimSpace(line) == "" {
		return nil, fmt.Errorf("no guess was typed: want %s", ask.roomPlaceholder())
	}
	if len(ask.Choices) > 0 {
		return readVotes(ask, line)
	}
	if !ask.Finding.Percent { // no share has thousands
		if chain := ambiguous(line); chain != "" {
			return nil, fmt.Errorf("%s can be one number or several: leave the comma out, or put a space behind it", chain)
		}
	}
	var all []Guess
	for _, item := range items(line) {
		text, count := item, 1
		if before, after, ok := strings.Cut(item, ":"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(after))
			if err != nil || n < 1 || n > mostAlike {
				return nil, fmt.Errorf("%q: behind the colon stands how many say so, 1 to %d", item, mostAlike)
			}
			text, count = strings.TrimSpace(before), n
		}
		p, err := ReadPrediction(ask, text)
		if err != nil {
			return nil, err
		}
		all = append(all, Guess{p, count})
	}
	if len(all) == 0 { // commas alone
		return nil, fmt.Errorf("no guess was typed: want %s", ask.roomPlaceholder())
	}
	return all, nil
}

// roomPlaceholder says what the guesses of a class look like.
func (p Predict) roomPlaceholder() string {
	switch {
	case len(p.Choices) > 1:
		return "how many say what, as in a 12, b 7"
	case p.Finding.Percent:
		return "percents, as in 40, 55, 75"
	case p.Finding.Unit != "" && p.Finding.Unit != "×": // of which nobody writes it
		return "numbers in " + p.Finding.Unit + ", as in 2, 3.5, 8"
	}
	return "numbers, as in 2, 3, 8"
}

// chains are numbers with commas and no space between.
var chains = regexp.MustCompile(`\d+(?:,\d+)+`)

// ambiguous returns numbers with commas between that may also be one number, in
// groups of thousands or with a decimal comma; "" where there are none.
func ambiguous(line string) string {
	for _, chain := range chains.FindAllString(line, -1) {
		parts := strings.Split(chain, ",")
		grouped := len(parts[0]) <= 3 && !slices.ContainsFunc(parts[1:], func(p string) bool { return len(p) != 3 })
		if grouped || len(parts) == 2 && parts[0] == "0" {
			return chain
		}
	}
	return ""
}

// items takes a line of numbers apart, at commas and at spaces. What has no digit,
// as a unit has, and what an operator or a colon joins belongs to the number before.
func items(line string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		var item string
		for _, word := range strings.Fields(part) {
			joined := strings.TrimLeft(word, "*/^:+)·×") != word || strings.TrimRight(item, "*/^:+-(·×") != item
			if item == "" || joined || !strings.ContainsAny(word, "0123456789") {
				item = strings.TrimSpace(item + " " + word)
				continue
			}
			all = append(all, item)
			item = word
		}
		if item != "" {
			all = append(all, item)
		}
	}
	return all
}

// vote is a choice by its letter with a number right behind: a12.
var vote = regexp.MustCompile(`^([a-z])(\d+)$`)

// readVotes reads choices, each with how many make it or without.
func readVotes(ask Predict, line string) ([]Guess, error) {
	words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return strings.ContainsRune(" ,;:=\n\t", r) })
	var split []string
	for _, word := range words {
		if m := vote.FindStringSubmatch(word); m != nil && ask.choice(word) < 0 {
			split = append(split, m[1], m[2])
			continue
		}
		split = append(split, word)
	}
	var all []Guess
	for at := 0; at < len(split); {
		choice, words := ask.choiceAt(split[at:])
		if choice < 0 {
			return nil, fmt.Errorf("%q is none of the choices, which are a to %c: want %s", split[at], 'a'+len(ask.Choices)-1, ask.roomPlaceholder())
		}
		at += words
		count := 1
		if at < len(split) {
			if n, err := strconv.Atoi(split[at]); err == nil && ask.choice(split[at]) < 0 {
				if n < 0 || n > mostAlike {
					return nil, fmt.Errorf("%d: so many cannot say so, want 0 to %d", n, mostAlike)
				}
				count = n
				at++
			}
		}
		p, err := ReadPrediction(ask, ask.Choices[choice])
		if err != nil {
			return nil, err
		}
		if count > 0 {
			all = append(all, Guess{p, count})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("nobody says anything: want %s", ask.roomPlaceholder())
	}
	return all, nil
}

// choiceAt is the choice that the first words name, by as many words as can be, and
// how many these are; -1 where they name none.
func (p Predict) choiceAt(words []string) (choice, used int) {
	for n := len(words); n > 0; n-- {
		if c := p.choice(strings.Join(words[:n], " ")); c >= 0 {
			return c, n
		}
	}
	return -1, 0
}

// named is the index of a choice by its words, -1 if there is none.
func (p Predict) named(text string) int {
	return slices.IndexFunc(p.Choices, func(c string) bool { return strings.EqualFold(c, text) })
}

// choice is the index of a choice by its words or its letter, -1 if there is none.
func (p Predict) choice(text string) int {
	if i := p.named(text); i >= 0 {
		return i
	}
	if len(text) == 1 && text[0] >= 'a' && int(text[0]-'a') < len(p.Choices) {
		return int(text[0] - 'a')
	}
	return -1
}
