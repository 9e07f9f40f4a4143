package algebra

// superscripts are the raised glyphs that mean a power, a transpose or, in
// ℝʳˣᵏ, a shape.
var superscripts = map[rune]rune{
	'⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9',
	'⁻': '-', '⁺': '+', '⁽': '(', '⁾': ')',
	'ᵀ': 'T', 'ᵗ': 'T', '⊤': 'T', '⟙': 'T',
	'ʳ': 'r', 'ˣ': '×', 'ᵏ': 'k', 'ᵈ': 'd', 'ⁿ': 'n', 'ᵐ': 'm', 'ᵖ': 'p', 'ᵇ': 'b',
}

var subscripts = map[rune]rune{
	'₀': '0', '₁': '1', '₂': '2', '₃': '3', '₄': '4', '₅': '5', '₆': '6', '₇': '7', '₈': '8', '₉': '9',
	'ₐ': 'a', 'ₑ': 'e', 'ₕ': 'h', 'ᵢ': 'i', 'ₖ': 'k', 'ₗ': 'l', 'ₘ': 'm', 'ₙ': 'n', 'ₒ': 'o',
	'ₚ': 'p', 'ᵣ': 'r', 'ₛ': 's', 'ₜ': 't', 'ᵤ': 'u', 'ᵥ': 'v', 'ₓ': 'x',
}

// operators are the glyphs that stand for themselves or for another glyph.
var operators = map[rune]string{
	'+': "+", '*': "*", '·': "*", '⋅': "*", '×': "*", '∙': "*", '•': "*", '∗': "*", '@': "*", '∘': "*", '⨯': "*", '✕': "*", '＊': "*", '＋': "+",
	'/': "/", '÷': "/", '∕': "/", '⁄': "/", '／': "/",
	'^': "^", 'ˆ': "^", '(': "(", ')': ")", '[': "(", ']': ")", '{': "(", '}': ")", '（': "(", '）': ")",
	'=': "=", ',': ",", '√': "√", '∈': "∈", ':': ":",
}

var fractions = map[rune]string{'½': "1/2", '⅓': "1/3", '⅔': "2/3", '¼': "1/4", '¾': "3/4", '⅛': "1/8"}

// upright turns the italic and bold letters of a formula copied from a paper,
// such as 𝑊 and 𝐱, into plain ones.
func upright(c rune) rune {
	const first, last = '𝐀', '𝚣' // 13 alphabets of 52 letters
	switch {
	case c == 'ℎ':
		return 'h'
	case c == '∆': // the increment sign
		return 'Δ'
	case c >= first && c <= last:
		i := (c - first) % 52
		if i < 26 {
			return 'A' + i
		}
		return 'a' + i - 26
	}
	return c
}
