package algebra

import (
	"strings"
	"unicode/utf8"

	"loralab/drills/verdict"
)

// command reads a LaTeX command.
func (s *scanner) command(rest string) *verdict.ReadError {
	n := 1
	for n < len(rest) && (rest[n] >= 'a' && rest[n] <= 'z' || rest[n] >= 'A' && rest[n] <= 'Z') {
		n++
	}
	name := rest[1:n]
	if name == "" { // \, \; \! \{ and the like: spaces and braces
		s.spaced = true
		s.i += min(2, len(rest))
		return nil
	}
	if letter, ok := greek[name]; ok {
		if letter == "Δ" {
			s.prefix = "Δ"
			s.i += n
			return nil
		}
		return s.name(letter, n)
	}
	switch name {
	case "cdot", "times", "ast", "circ", "bullet":
		op := "*"
		if s.times && name == "times" {
			op = "×"
		}
		s.emit(tokenOperator, op, n)
	case "div":
		s.emit(tokenOperator, "/", n)
	case "frac", "dfrac", "tfrac":
		s.emit(tokenOperator, "frac", n)
	case "sqrt":
		s.emit(tokenOperator, "√", n)
	case "top", "intercal":
		s.emit(tokenOperator, "ᵀ", n)
	case "in":
		s.emit(tokenOperator, "∈", n)
	case "prime":
		return s.prime(n)
	case "mathbf", "mathrm", "mathit", "mathsf", "mathbb", "mathcal", "boldsymbol", "bm", "text", "textbf", "textit", "operatorname":
		s.font = strings.HasPrefix(strings.TrimLeftFunc(rest[n:], isSpace), "{")
		s.i += n
	case "left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "displaystyle", "limits":
		s.i += n
	case "quad", "qquad":
		s.spaced = true
		s.i += n
	default:
		return verdict.Unreadable("unknown-command", s.i, "the command %s is not read here", verdict.Quoted(`\`+name))
	}
	return nil
}

// superscript reads a run of raised glyphs: ² is ^2, ᵀ a transpose, ⁻¹ is ^(-1).
func (s *scanner) superscript() *verdict.ReadError {
	var run strings.Builder
	n := 0
	for s.i+n < len(s.text) {
		c, width := utf8.DecodeRuneInString(s.text[s.i+n:])
		plain, ok := superscripts[c]
		if !ok {
			break
		}
		run.WriteRune(plain)
		n += width
	}
	if strings.Trim(run.String(), "T") == "" {
		for range run.Len() {
			s.emit(tokenOperator, "ᵀ", 0)
		}
		s.i += n
		return nil
	}
	inner, err := scan(run.String(), s.dialect)
	if err != nil {
		err.At = s.i
		return err
	}
	s.emit(tokenOperator, "^", 0)
	s.emit(tokenOperator, "(", 0)
	for _, t := range inner[:len(inner)-1] {
		t.at = s.i
		s.tokens = append(s.tokens, t)
	}
	s.emit(tokenOperator, ")", n)
	return nil
}

// functions are the calls that the code dialect reads, by what they mean.
var functions = map[string]string{
	"matmul": "matmul", "mm": "matmul", "dot": "matmul", "linear": "linear",
	"base": "base", "base_layer": "base", "frozen": "base", "original": "base", "pretrained": "base", "dropout": "identity", "lora_dropout": "identity", "sqrt": "sqrt", "transpose": "transpose",
}

// attributes reads what follows a point in code: x.T, x.t(), A.weight, and
// passes over the owners in self.lora_A and torch.matmul.
func (s *scanner) attributes() *verdict.ReadError {
	s.i++
	n, word := s.run()
	if n == 0 {
		if strings.TrimSpace(s.text[s.i:]) == "" {
			return nil // a full stop at the end
		}
		return verdict.Unreadable("unknown-sign", s.i-1, "a point is read in numbers, in x.T and in names such as self.lora_A")
	}
	switch word {
	case "T", "mT", "t", "transpose":
		s.emit(tokenOperator, "ᵀ", n)
		if rest := s.text[s.i:]; strings.HasPrefix(rest, "(") { // .t(), .transpose(0, 1), .transpose(-1, -2)
			end := strings.IndexByte(rest, ')')
			if end < 0 || strings.Trim(rest[1:end], "0123456789-, ") != "" {
				return verdict.Unreadable("call", s.i, "the arguments of %s are not read here; write .T", word)
			}
			s.i += end + 1
		}
		return nil
	case "weight", "data":
		s.i += n
		return nil
	case "matmul", "mm", "dot", "mul":
		s.emit(tokenOperator, "*", n)
		return nil
	}
	return verdict.Unreadable("unknown-symbol", s.i, "%s is not read here; .T transposes", verdict.Quoted("."+word))
}

// owner tells whether a name before a point says only where a thing lives.
func owner(word string) bool {
	switch word {
	case "self", "torch", "nn", "functional", "F", "np", "numpy", "math", "module", "layer":
		return true
	}
	return false
}

// prime appends ′ to the name before, as in W^\prime.
func (s *scanner) prime(width int) *verdict.ReadError {
	if s.last().is("^") {
		s.tokens = s.tokens[:len(s.tokens)-1]
	}
	if before := s.last(); before.kind == tokenName {
		name, ok := before.text+"′", true
		if s.words != nil {
			name, ok = s.words.exact(name)
		}
		if ok {
			s.tokens[len(s.tokens)-1].text = name
			s.i += width
			return nil
		}
		return s.words.unknown(before.text+"′", s.i)
	}
	return verdict.Unreadable("unknown-sign", s.i, "a prime stands alone; it belongs to a name, as in W′")
}
