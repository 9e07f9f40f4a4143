package algebra

import "loralab/drills/verdict"

// maxDepth bounds how deeply an answer may be nested.
const maxDepth = 60

// parser reads one expression from tokens.
type parser struct {
	tokens []token
	i      int
	depth  int

	// scalar tells whether a name stands for a number. Only scalars belong to a
	// denominator that is written without parentheses.
	scalar func(name string) bool

	// linear tells whether a name followed by a parenthesis is a linear map
	// of what the parenthesis holds; nil for never.
	linear func(name string) bool

	// base is what the frozen layer makes of its argument; nil if there is none.
	base func(arg *expr) *expr
}

func everyScalar(string) bool { return true }

// whole reads all tokens as one expression.
func (p *parser) whole() (*expr, *verdict.ReadError) {
	e, err := p.sum()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, p.unexpected(t)
	}
	return e, nil
}

func (p *parser) peek() token {
	if p.i < len(p.tokens) {
		return p.tokens[p.i]
	}
	return token{}
}

func (p *parser) take(operator string) bool {
	if p.peek().is(operator) {
		p.i++
		return true
	}
	return false
}

func (p *parser) unexpected(t token) *verdict.ReadError {
	switch {
	case t.kind == tokenEnd:
		return verdict.Unreadable("incomplete", t.at, "it ends where a number or a name should follow")
	case t.is(")"):
		return verdict.Unreadable("parentheses", t.at, "a parenthesis closes that was never opened")
	case t.is("="):
		return verdict.Unreadable("equals", t.at, "one equals sign is enough: name = expression")
	case t.kind == tokenNumber:
		return verdict.Unreadable("two-numbers", t.at, "two numbers side by side: put · or * between them, or a comma between groups of three digits")
	}
	return verdict.Unreadable("unexpected", t.at, "%s is not expected here", verdict.Quoted(t.text))
}

func (p *parser) sum() (*expr, *verdict.ReadError) {
	if p.depth++; p.depth > maxDepth {
		return nil, verdict.Unreadable("too-deep", p.peek().at, "it is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	left, err := p.product()
	if err != nil {
		return nil, err
	}
	for {
		op := opAdd
		switch {
		case p.take("+"):
		case p.take("-"):
			op = opSub
		default:
			return left, nil
		}
		right, err := p.product()
		if err != nil {
			return nil, err
		}
		left = binary(op, left, right)
	}
}

func (p *parser) product() (*expr, *verdict.ReadError) {
	left, err := p.factor()
	if err != nil {
		return nil, err
	}
	for {
		var right *expr
		switch {
		case p.take("*") || p.take("×"):
			if right, err = p.factor(); err != nil {
				return nil, err
			}
			left = binary(opMul, left, right)
		case p.take("/"):
			if left, err = p.quotient(left); err != nil {
				return nil, err
			}
		case p.startsFactor():
			if right, err = p.power(); err != nil {
				return nil, err
			}
			left = binary(opMul, left, right)
		default:
			return left, nil
		}
	}
}

// quotient reads what follows a slash. A word written without a space is one
// denominator: in 1/dk it is d·k. Any other scalar that follows without a sign
// is refused, for people mean both: 1/r (d+k), 1/2d. Only 1/2 d is a half.
func (p *parser) quotient(above *expr) (*expr, *verdict.ReadError) {
	below, err := p.factor()
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		if !t.piece || t.kind != tokenName || !p.scalar(t.text) {
			break
		}
		more, err := p.power()
		if err != nil {
			return nil, err
		}
		below = binary(opMul, below, more)
	}
	left := binary(opDiv, above, below)
	if !p.startsFactor() {
		return left, nil
	}
	at, spaced := p.peek().at, !p.peek().glued
	right, err := p.power()
	if err != nil {
		return nil, err
	}
	half := above.op == opNumber && below.op == opNumber && spaced && len(right.names()) > 0 // 1/2 d
	if p.isScalar(right) && !half {
		return nil, verdict.Unreadable("ambiguous", at, "this can be read as %s or as %s; add parentheses or a · to choose",
			binary(opDiv, above, binary(opMul, below, right)), binary(opMul, left, right))
	}
	return binary(opMul, left, right), nil
}

func (p *parser) isScalar(e *expr) bool {
	for _, name := range e.names() {
		if !p.scalar(name) {
			return false
		}
	}
	return true
}

// startsFactor tells whether a factor follows without a sign before it. A
// number never does: "2 3" is more likely a slip than a product.
func (p *parser) startsFactor() bool {
	t := p.peek()
	return t.kind == tokenName || t.kind == tokenCall || t.is("(") || t.is("√") || t.is("frac")
}

func (p *parser) factor() (*expr, *verdict.ReadError) {
	negative := false
	for {
		if p.take("-") {
			negative = !negative
		} else if !p.take("+") {
			break
		}
	}
	e, err := p.power()
	if err == nil && negative {
		e = unary(opNeg, e)
	}
	return e, err
}

func (p *parser) power() (*expr, *verdict.ReadError) {
	if p.depth++; p.depth > maxDepth {
		return nil, verdict.Unreadable("too-deep", p.peek().at, "it is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	base, err := p.atom()
	if err != nil {
		return nil, err
	}
	for {
		switch {
		case p.take("ᵀ"):
			base = unary(opTranspose, base)
		case p.peek().is("^") && p.raisedTranspose():
			base = unary(opTranspose, base)
		case p.take("^"):
			exponent, err := p.factor()
			if err != nil {
				return nil, err
			}
			base = binary(opPow, base, exponent)
		default:
			return base, nil
		}
	}
}

// raisedTranspose takes ^ᵀ and ^(ᵀ).
func (p *parser) raisedTranspose() bool {
	at := func(i int) token {
		if p.i+i < len(p.tokens) {
			return p.tokens[p.i+i]
		}
		return token{}
	}
	switch {
	case at(1).is("ᵀ"):
		p.i += 2
		return true
	case at(1).is("(") && at(2).is("ᵀ") && at(3).is(")"):
		p.i += 4
		return true
	}
	return false
}

func (p *parser) atom() (*expr, *verdict.ReadError) {
	t := p.peek()
	switch {
	case t.kind == tokenNumber:
		p.i++
		return &expr{op: opNumber, num: t.num, at: t.at}, nil
	case t.kind == tokenName:
		p.i++
		e := &expr{op: opName, name: t.text, at: t.at}
		if next := p.peek(); p.linear != nil && p.linear(t.text) && next.is("(") && next.glued {
			arg, err := p.parenthesis()
			if err != nil {
				return nil, err
			}
			return binary(opApply, e, arg), nil
		}
		return e, nil
	case t.kind == tokenCall:
		p.i++
		return p.call(t)
	case p.take("√"):
		arg, err := p.nested()
		if err != nil {
			return nil, err
		}
		return unary(opSqrt, arg), nil
	case p.take("frac"):
		if !p.peek().is("(") {
			return nil, verdict.Unreadable("frac", t.at, `a fraction is written \frac{…}{…}`)
		}
		above, err := p.parenthesis()
		if err != nil {
			return nil, err
		}
		if !p.peek().is("(") {
			return nil, verdict.Unreadable("frac", t.at, `a fraction is written \frac{…}{…}`)
		}
		below, err := p.parenthesis()
		if err != nil {
			return nil, err
		}
		return binary(opDiv, above, below), nil
	case t.is("("):
		return p.parenthesis()
	}
	return nil, p.unexpected(t)
}

// nested reads an atom one level deeper, so that √√√… is bounded too.
func (p *parser) nested() (*expr, *verdict.ReadError) {
	if p.depth++; p.depth > maxDepth {
		return nil, verdict.Unreadable("too-deep", p.peek().at, "it is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	return p.atom()
}

func (p *parser) parenthesis() (*expr, *verdict.ReadError) {
	open := p.peek()
	p.i++
	e, err := p.sum()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		if t := p.peek(); t.kind != tokenEnd {
			return nil, p.unexpected(t)
		}
		return nil, verdict.Unreadable("parentheses", open.at, "a parenthesis is not closed")
	}
	return e, nil
}

// call reads the arguments of a function of PyTorch and writes it as what
// it does: matmul(a, b) is a·b, F.linear(x, W, b) is x·Wᵀ + b.
func (p *parser) call(function token) (*expr, *verdict.ReadError) {
	p.i++ // the parenthesis
	var args []*expr
	for {
		arg, err := p.sum()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.take(",") {
			continue
		}
		if p.take(")") {
			break
		}
		return nil, p.unexpected(p.peek())
	}
	switch n := len(args); {
	case function.text == "matmul" && n == 2:
		return binary(opMul, args[0], args[1]), nil
	case function.text == "linear" && n >= 2 && n <= 3:
		e := binary(opMul, args[0], unary(opTranspose, args[1]))
		if n == 3 {
			e = binary(opAdd, e, args[2])
		}
		return e, nil
	case (function.text == "base" || function.text == "linear") && n == 1 && p.base != nil:
		return p.base(args[0]), nil
	case function.text == "identity" && n == 1:
		return args[0], nil
	case function.text == "transpose" && n >= 1: // transpose(A, 0, 1)
		return unary(opTranspose, args[0]), nil
	}
	return nil, verdict.Unreadable("call", function.at, "a call with %d arguments is not read here", len(args))
}
