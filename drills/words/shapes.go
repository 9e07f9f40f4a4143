package words

import (
	"regexp"
	"strings"

	"loralab/drills/verdict"
)

// FindShapes grades a text for the shapes of the named matrices, which it may
// give in passing: "an r×k matrix A".
func FindShapes(g verdict.Grader, text string, names []string) (verdict.Verdict, error) {
	v, err := Find(g, text)
	if err != nil || v.Status == verdict.Right {
		return v, err
	}
	if said := shapesIn(text, names); said != "" {
		other, err := g.Grade(said)
		if err != nil || other.Status > v.Status {
			return other, err
		}
	}
	return v, nil
}

// shapesIn finds what the text says of the shapes of the named matrices and
// writes it as "A: r×k, B: d×r"; "" if it says nothing.
func shapesIn(text string, names []string) string {
	alternatives := make([]string, len(names))
	for i, n := range names {
		alternatives[i] = regexp.QuoteMeta(n)
	}
	name := `(` + strings.Join(alternatives, "|") + `)`
	const (
		dim = `(\(?[\w√]+(?:\s*[+·*/]\s*[\w]+)*\)?)`
		by  = `\s*(?:×|x|X|\*|,|\bby\b|-by-|\\times)\s*`
	)
	// A is an r×k matrix · A ∈ R^{r×k} · A (r×k) · A: [r, k]
	after := regexp.MustCompile(`(?:^|[^\w'′])` + name + `(?:_\w+)?\s*(?:[:=∈(\[,]|\\in|\bis\b|\bhas\b|\bof\b|\bin\b|\bwith\b|\ban?\b|\bthe\b|\bshape[sd]?\b|\bsize\b|\bdimensions?\b|\bmatrix\b|\bdown-?projection\b|\bup-?projection\b|[ℝR]\s*\^?|\\mathbb\{?\s*R\}?\s*\^?|[{(\[]|\s)*?` + dim + by + dim)
	// an r×k matrix A
	before := regexp.MustCompile(dim + by + dim + `\)?\s+(?:matrix|factor|projection|down-?projection|up-?projection)\s+` + name + `(?:[^\w]|$)`)
	found := map[string]string{}
	for _, m := range before.FindAllStringSubmatch(text, -1) {
		found[m[3]] = m[1] + "×" + m[2]
	}
	for _, m := range after.FindAllStringSubmatch(text, -1) {
		if found[m[1]] == "" {
			found[m[1]] = strings.Trim(m[2], "([{") + "×" + strings.Trim(m[3], ")]}")
		}
	}
	var all []string
	for _, n := range names {
		if found[n] != "" {
			all = append(all, n+": "+found[n])
		}
	}
	return strings.Join(all, ", ")
}
