package main

import (
	"context"
	"strings"

	"loralab/lessons/show"
)

// play lets a learner turn knobs and run a page again, which has a goal that is not
// reached yet.
func (p *plain) play(ctx context.Context, s show.Scene) (show.Deed, error) {
	words := "\nAn empty line goes on, “set rank=2” turns a knob, “run” runs again"
	if s.Can(show.Hint) {
		words += ", “hint” helps"
	}
	p.out.say("%s.", words)
	for {
		line, ok := p.line()
		knob, set := strings.CutPrefix(line, "set ")
		switch act, found := command(line); {
		case !ok:
			return p.ended(s), nil
		case set:
			return show.Deed{Act: show.Turn, Text: knob}, nil
		case strings.EqualFold(line, "run"):
			return p.ran(ctx, s)
		case found && s.Can(act):
			return show.Deed{Act: act}, nil
		case line == "" && s.Can(show.Next):
			return show.Deed{Act: show.Next}, nil
		case line == "":
			return show.Deed{Act: show.Stop}, nil
		}
		p.out.say("“%s” is none of these.", line)
	}
}
