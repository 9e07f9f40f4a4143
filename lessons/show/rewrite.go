package show

// Rewrite returns blocks with their texts written otherwise, for a face that
// cannot show every character. Prose stays as it is: a face writes it otherwise
// after it has read the Markdown.
func Rewrite(blocks []Block, write func(string) string) []Block {
	all := func(texts []string) []string {
		var out []string
		for _, t := range texts {
			out = append(out, write(t))
		}
		return out
	}
	var out []Block
	for _, b := range blocks {
		switch was := b.(type) {
		case Heading:
			b = Heading{write(was.Text)}
		case Words:
			b = Words{write(was.Text)}
		case Options:
			b = Options{all(was.Items), was.Lettered}
		case Label:
			b = Label{write(was.Name), write(was.Text), was.Command}
		case Note:
			b = Note{write(was.Text)}
		case Verdict:
			was.Word, was.Read, was.Feedback = write(was.Word), write(was.Read), all(was.Feedback)
			b = was
		case Table:
			rows := make([][]string, len(was.Rows))
			for i, row := range was.Rows {
				rows[i] = all(row)
			}
			b = Table{write(was.Title), all(was.Head), rows, was.Shares}
		case Question:
			was.Blocks, was.Answer = Rewrite(was.Blocks, write), write(was.Answer)
			was.Brief.Ask, was.Brief.Said, was.Brief.Truth, was.Brief.Gap = write(was.Brief.Ask), write(was.Brief.Said), write(was.Brief.Truth), write(was.Brief.Gap)
			b = was
		case Goal:
			tests := make([]Test, len(was.Tests))
			for i, t := range was.Tests {
				tests[i] = Test{write(t.Ask), write(t.Value), t.Mark}
			}
			b = Goal{write(was.Text), write(was.Brief), tests, write(was.State), was.Mark, write(was.Hint)}
		}
		out = append(out, b)
	}
	return out
}
