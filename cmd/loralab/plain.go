package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"loralab/lessons/show"
)

// plain is the face without a screen: for pipes and screen readers. It prints
// what is new line by line, and reads one line for each deed. Nothing is drawn,
// nothing moves.
type plain struct {
	in  *bufio.Reader
	out plainText

	head  func(show.Scene) string    // introduces a question or a page
	ended func(show.Scene) show.Deed // what to do once the input has ended

	over    bool     // the input has ended
	place   string   // of the question or page that was introduced last
	printed []string // of it so far
}

func newPlain(in io.Reader, out io.Writer) *plain {
	return &plain{in: bufio.NewReader(in), out: plainText{out, 76, true}}
}

// talk renders the machine until it is over.
func (p *plain) talk(ctx context.Context, m show.Machine) error {
	scene := m.Scene()
	for {
		p.show(scene)
		if scene.Over {
			return nil
		}
		deed, err := p.deed(ctx, scene)
		if err != nil {
			return err
		}
		if scene, err = m.Do(ctx, deed); err != nil {
			return err
		}
	}
}

// show prints what the scene has that was not printed yet.
func (p *plain) show(s show.Scene) {
	blocks := s.Blocks
	if place := fmt.Sprint(s.Ask.Question); s.Over {
		p.printed = nil
	} else if place != p.place {
		p.place, p.printed = place, nil
		p.out.say("%s\n", p.head(s))
	}
	if !s.Over && len(blocks) > 0 {
		if _, ok := blocks[0].(show.Heading); ok { // the head has it
			blocks = blocks[1:]
		}
	}
	set := p.out.blocks(blocks)
	same := 0
	for same < len(set) && same < len(p.printed) && set[same] == p.printed[same] {
		same++
	}
	stood := map[string]int{} // what follows on something new was printed before
	for _, text := range p.printed[same:] {
		stood[text]++
	}
	for _, text := range set[same:] {
		if stood[text]--; stood[text] < 0 {
			p.out.say("%s", text)
		}
	}
	p.printed = set
	if s.Trouble != "" {
		p.out.label("", sentence(s.Trouble))
	}
}

// deed asks for what is to be done next.
func (p *plain) deed(ctx context.Context, s show.Scene) (show.Deed, error) {
	ask := s.Ask
	switch ask.Form {
	case show.Run:
		return p.ran(ctx, s)
	case show.Nothing:
		return p.choose(ctx, s)
	case show.Confidence:
		for _, read := range ask.Read {
			p.out.label("Read as ", read)
		}
		return p.sure(s), nil
	case show.Choice:
		for i, c := range ask.Choices {
			p.out.label(fmt.Sprintf("  %d. ", i+1), c)
		}
	default:
		if ask.Parts > 1 && s.Can(show.Hint) {
			p.out.say("Part %d of %d. An empty line leaves it out.", ask.Part, ask.Parts)
		}
	}
	line, ok := p.line()
	if !ok {
		return p.ended(s), nil
	}
	if act, found := command(line); found && s.Can(act) {
		return show.Deed{Act: act}, nil
	}
	if line == "" && s.Can(show.GiveUp) && !s.Can(show.Hint) { // a prediction
		return show.Deed{Act: show.GiveUp}, nil
	}
	if knob, found := strings.CutPrefix(line, "set "); found && !s.Can(show.Hint) {
		return show.Deed{Act: show.Turn, Text: knob}, nil
	}
	if page, found := strings.CutPrefix(line, "page "); found && !s.Can(show.Hint) {
		return show.Deed{Act: show.Page, Text: page}, nil
	}
	return show.Deed{Act: show.Typed, Text: line}, nil
}

// line prompts for one line. It reports false when the input has ended.
func (p *plain) line() (string, bool) {
	if p.over {
		return "", false
	}
	fmt.Fprint(p.out.w, "> ")
	line, err := p.in.ReadString('\n')
	line = strings.TrimSpace(line)
	if err != nil && line == "" {
		p.over = true
		fmt.Fprintln(p.out.w)
		return "", false
	}
	return line, true
}

// command tells what is no answer. No command could be one: none is a formula,
// a number, a letter of an option or a sentence.
func command(line string) (show.Act, bool) {
	switch strings.ToLower(strings.Trim(line, " .!")) {
	case "?", "hint":
		return show.Hint, true
	case "skip", "pass":
		return show.Pass, true
	case "stop", "quit", "exit", "q":
		return show.Stop, true
	case "back":
		return show.Back, true
	}
	return 0, false
}

// sure asks how sure the learner is.
func (p *plain) sure(s show.Scene) show.Deed {
	var choices []string
	for i, c := range s.Ask.Choices {
		choices = append(choices, fmt.Sprintf("%d %s", i+1, c))
	}
	p.out.say("%s %s", sentence(s.Ask.Prompt), strings.Join(choices, ", "))
	for {
		line, ok := p.line()
		if !ok {
			return p.ended(s)
		}
		if act, found := command(line); found && s.Can(act) {
			return show.Deed{Act: act}
		}
		for i, c := range s.Ask.Choices {
			if strings.EqualFold(line, c) || line == strconv.Itoa(i+1) {
				return show.Deed{Act: show.Sure, Number: i + 1}
			}
		}
		p.out.say("1, 2 or 3?")
	}
}

// menu is how what is offered is chosen, in words or by a number that is always
// the same.
var menu = []struct {
	act    show.Act
	number string
	words  []string
}{
	{show.Next, "", []string{"next", "on", "n"}},
	{show.Why, "1", []string{"why", "w"}},
	{show.FollowUp, "2", []string{"follow-up", "follow", "f"}},
	{show.Contest, "3", []string{"contest", "x"}},
	{show.Stop, "4", []string{"stop", "quit", "exit", "q"}},
}

// choose asks what to do where nothing is asked.
func (p *plain) choose(ctx context.Context, s show.Scene) (show.Deed, error) {
	if follow := numbered(s); follow != nil {
		p.out.say("A number asks it next; an empty line does not.")
		line, ok := p.line()
		if !ok {
			return p.ended(s), nil
		}
		if n, err := strconv.Atoi(line); err == nil && slices.Contains(follow.Numbers, n) {
			return show.Deed{Act: follow.Act, Number: n}, nil
		}
	}
	if s.Can(show.Turn) {
		return p.play(ctx, s)
	}
	if !s.Can(show.Why) { // a page of a lesson leads on by itself
		if s.Can(show.Next) {
			return show.Deed{Act: show.Next}, nil
		}
		return show.Deed{Act: show.Stop}, nil
	}
	for {
		p.out.say("\nAn empty line: %s.", offers(s))
		line, ok := p.line()
		if !ok {
			return p.ended(s), nil
		}
		for _, m := range menu {
			if line == m.number || slices.Contains(m.words, strings.ToLower(line)) {
				if s.Can(m.act) {
					return show.Deed{Act: m.act}, nil
				}
				p.out.say("There is nothing to %s here.", m.words[0])
				line = ""
				break
			}
		}
		if line != "" {
			p.out.say("“%s” is none of these.", line)
		}
	}
}

// numbered returns the offer that takes a number, nil if none does.
func numbered(s show.Scene) *show.Offer {
	i := slices.IndexFunc(s.Offers, func(o show.Offer) bool { return len(o.Numbers) > 0 })
	if i < 0 {
		return nil
	}
	return &s.Offers[i]
}

func offers(s show.Scene) string {
	var parts []string
	for _, m := range menu {
		for _, o := range s.Offers {
			if o.Act == m.act {
				parts = append(parts, strings.TrimSpace(m.number+" "+o.Does))
			}
		}
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return parts[0] + ". " + strings.Join(parts[1:], ", ")
}

// ran does the run that is waited for.
func (p *plain) ran(ctx context.Context, s show.Scene) (show.Deed, error) {
	for _, b := range s.Blocks {
		if e, ok := b.(show.Experiment); ok {
			p.out.label("", "Run: "+e.Trial.Experiment.CommandLine(e.Trial.Settings()))
			r, err := e.Trial.Run(ctx, nil)
			return show.Deed{Act: show.Ran, Record: r}, err
		}
	}
	return show.Deed{}, fmt.Errorf("%s, %s waits for a run and has none", s.Name, s.Where) // a mistake in the machine
}
