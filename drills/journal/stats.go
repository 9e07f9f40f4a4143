package journal

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"loralab/drills/schedule"
)

// Family is a question family as the bank has it now.
type Family struct {
	ID, Step, Depth string
}

// Stats is what the journal says of the learner at one time. Families that
// are no longer in the bank count for the answers given, not for what is due.
type Stats struct {
	At          time.Time        `json:"at"`
	Answers     int              `json:"answers"` // without the invalid ones
	Right       int              `json:"right"`
	Contested   int              `json:"contested"`
	All         Group            `json:"all"`
	Steps       []Group          `json:"steps"`  // in the order of the bank
	Depths      []Group          `json:"depths"` // in the order of the bank
	Families    []FamilyStats    `json:"families"`
	Notes       []NoteCount      `json:"notes"`              // the most frequent first
	Missed      []Missed         `json:"missed-predictions"` // the most frequent first
	Calibration []schedule.Level `json:"calibration"`        // guess, think, sure
	Days        []Day            `json:"days"`               // days with answers, the oldest first
}

// Group counts the families of one step or depth. A family is unseen, known or
// neither (still being learnt, or shaky); due ones are due whatever they are.
type Group struct {
	Name     string `json:"name,omitempty"`
	Families int    `json:"families"`
	Unseen   int    `json:"unseen"`
	Known    int    `json:"known"`
	Shaky    int    `json:"shaky"`
	Due      int    `json:"due"`
	DueShaky int    `json:"due-shaky"`
}

// FamilyStats is how one reviewed family of the bank stands.
type FamilyStats struct {
	Family         string    `json:"family"`
	Step           string    `json:"step"`
	Depth          string    `json:"depth"`
	Retrievability float64   `json:"retrievability"`
	Stability      float64   `json:"stability"` // days
	Reviews        int       `json:"reviews"`
	Lapses         int       `json:"lapses"`
	LastReview     time.Time `json:"last-review"`
	LastStatus     Status    `json:"last-status"`
	DueAt          time.Time `json:"due-at"`
	Due            bool      `json:"due"`
	Known          bool      `json:"known"`
	Shaky          bool      `json:"shaky"`
}

// NoteCount is how often a misconception was met, and when last.
type NoteCount struct {
	Note  string    `json:"note"`
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// Missed is how often a prediction before a run was wrong, and when last.
type Missed struct {
	Prediction string    `json:"prediction"` // "reparameterization/predict-accuracy-lora"
	Count      int       `json:"count"`
	Last       time.Time `json:"last"`
}

// Day counts the answers of one day of the learner's calendar.
type Day struct {
	Date    string `json:"date"` // 2006-01-02, in the time zone of Stats.At
	Answers int    `json:"answers"`
	Right   int    `json:"right"`
}

// Stats counts at a time. An interview time caps the intervals, as
// [schedule.CapInterval] does; the zero time does not.
func (j *Journal) Stats(ctx context.Context, now time.Time, bank []Family, interview time.Time) (Stats, error) {
	s := Stats{At: now, Steps: []Group{}, Depths: []Group{}, Families: []FamilyStats{}, Days: []Day{}}
	err := j.view(ctx, func(tx *sql.Tx) error {
		known, err := memories(ctx, tx)
		if err != nil {
			return err
		}
		s.countFamilies(j.schedule, known, bank, interview)
		if s.Notes, err = collect(ctx, tx, scanNote, `
			SELECT note, count(*), max(time) FROM answers WHERE note <> '' AND status <> 'invalid'
			GROUP BY note ORDER BY 2 DESC, 1`); err != nil {
			return err
		}
		if s.Missed, err = collect(ctx, tx, scanMissed, `
			SELECT family, count(*), max(time) FROM answers WHERE kind = 'prediction' AND status = 'wrong'
			GROUP BY family ORDER BY 2 DESC, 1`); err != nil {
			return err
		}
		verdicts, err := collect(ctx, tx, scanVerdict, `
			SELECT time, status = 'right', confidence, contested FROM answers
			WHERE status <> 'invalid' ORDER BY time`)
		s.countAnswers(verdicts)
		return err
	})
	return s, err
}

// countFamilies fills in what follows from the memory.
func (s *Stats) countFamilies(p schedule.Parameters, known []Memory, bank []Family, interview time.Time) {
	reviewed := make(map[string]Memory, len(known))
	for _, m := range known {
		reviewed[m.Family] = m
	}
	for _, family := range bank {
		m, seen := reviewed[family.ID]
		due := m.State.DueBy(interview)
		f := FamilyStats{
			Family: family.ID, Step: family.Step, Depth: family.Depth,
			Retrievability: p.Retrievability(m.State, s.At), Stability: m.State.Stability,
			Reviews: m.State.Reps, Lapses: m.State.Lapses,
			LastReview: m.State.Last, LastStatus: m.Last.Status,
			DueAt: due, Due: seen && !due.After(s.At),
			Known: p.Known(m.State, s.At), Shaky: p.Shaky(m.State, s.At),
		}
		if seen {
			s.Families = append(s.Families, f)
		}
		s.All.add(f)
		groupNamed(&s.Steps, family.Step).add(f)
		groupNamed(&s.Depths, family.Depth).add(f)
	}
	slices.SortStableFunc(s.Families, func(a, b FamilyStats) int { return cmp.Compare(a.Retrievability, b.Retrievability) })
}

// groupNamed is the group of that name, added if it is the first to ask.
func groupNamed(groups *[]Group, name string) *Group {
	i := slices.IndexFunc(*groups, func(g Group) bool { return g.Name == name })
	if i < 0 {
		i = len(*groups)
		*groups = append(*groups, Group{Name: name})
	}
	return &(*groups)[i]
}

func (g *Group) add(f FamilyStats) {
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	g.Families++
	count(&g.Unseen, f.Reviews == 0)
	count(&g.Known, f.Known)
	count(&g.Shaky, f.Shaky)
	count(&g.Due, f.Due)
	count(&g.DueShaky, f.Due && f.Shaky)
}

// verdict is what the counts need of an answer.
type verdict struct {
	time      time.Time
	outcome   schedule.Outcome
	contested bool
}

func scanVerdict(rows *sql.Rows) (v verdict, err error) {
	var when int64
	err = rows.Scan(&when, &v.outcome.Right, &v.outcome.Confidence, &v.contested)
	v.time = moment(when)
	return v, err
}

func scanNote(rows *sql.Rows) (n NoteCount, err error) {
	var when int64
	err = rows.Scan(&n.Note, &n.Count, &when)
	n.Last = moment(when)
	return n, err
}

func scanMissed(rows *sql.Rows) (m Missed, err error) {
	var when int64
	err = rows.Scan(&m.Prediction, &m.Count, &when)
	m.Last = moment(when)
	return m, err
}

// countAnswers fills in what follows from the answers, given in time order.
func (s *Stats) countAnswers(verdicts []verdict) {
	outcomes := make([]schedule.Outcome, 0, len(verdicts))
	for _, v := range verdicts {
		outcomes = append(outcomes, v.outcome)
		date := v.time.In(s.At.Location()).Format(time.DateOnly)
		if len(s.Days) == 0 || s.Days[len(s.Days)-1].Date != date {
			s.Days = append(s.Days, Day{Date: date})
		}
		day := &s.Days[len(s.Days)-1]
		s.Answers++
		day.Answers++
		if v.outcome.Right {
			s.Right++
			day.Right++
		}
		if v.contested {
			s.Contested++
		}
	}
	s.Calibration = schedule.Calibrate(outcomes)
}
