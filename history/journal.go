package history

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// keepStopped is how long a stopped task stays in the journal, so that it can
// be taken up again.
const keepStopped = 24 * time.Hour

// generation is the first line of the journal: it is another one each time the
// file is rewritten.
type generation struct {
	V          int       `json:"v"`
	Kind       string    `json:"kind"` // "journal"
	Generation string    `json:"generation"`
	At         time.Time `json:"at"`
}

const generationKind = "journal"

func firstLine() ([]byte, error) {
	now := time.Now()
	return line(generation{V: 1, Kind: generationKind, Generation: task.NewID(now), At: now.Round(0)})
}

// Attend fulfils task.Shared.
func (s *Store) Attend(told func(events []task.Event, anew bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = told
}

// Append fulfils task.Journal.
func (s *Store) Append(sync bool, events ...task.Event) error {
	return s.Put(sync, func() []task.Event { return events }, nil)
}

// Put fulfils task.Shared.
func (s *Store) Put(sync bool, decide func() []task.Event, done func()) error {
	j, err := s.openJournal()
	if err != nil {
		return err
	}
	return j.put(sync, func() ([]byte, error) { return encoded(decide()) }, done)
}

func encoded(events []task.Event) ([]byte, error) {
	var data []byte
	for _, e := range events {
		l, err := line(e)
		if err != nil {
			return nil, fmt.Errorf("the event %s of %s cannot be written: %w", e.Kind, e.ID, err)
		}
		data = append(data, l...)
	}
	return data, nil
}

// Recorded fulfils task.Shared.
func (s *Store) Recorded(id string) (task.Record, error) { return s.exactly(id) }

// Look fulfils task.Shared.
func (s *Store) Look() error {
	j, err := s.openJournal()
	if err != nil {
		return err
	}
	return j.look()
}

// openJournal opens the journal for writing, once. What is in it by then is not
// told: Replay did that.
func (s *Store) openJournal() (*lines, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.seat == nil:
		return nil, errAlone
	case s.journal != nil:
		return s.journal, nil
	}
	release, err := hold(s.guard(journalName))
	if err != nil {
		return nil, err
	}
	defer release()
	return s.journal, s.beginJournal()
}

// beginJournal opens the journal; its guard is held.
func (s *Store) beginJournal() error {
	j, err := openLines(s.path(journalName), s.guard(journalName), s.heard)
	if err != nil {
		return err
	}
	if j.read == 0 {
		first, err := firstLine()
		if err == nil {
			_, err = j.f.WriteAt(first, 0)
		}
		if err != nil {
			j.f.Truncate(0)
			j.close()
			return err
		}
		j.read = int64(len(first))
	}
	s.journal = j
	return nil
}

// heard hands on lines that another engine wrote. The first line of a journal
// among them says that they are all that there are.
func (s *Store) heard(list [][]byte) {
	var events []task.Event
	anew := false
	for _, raw := range list {
		var e task.Event
		switch bad := readEvent(raw, &e); {
		case bad != nil:
			s.log.Warn("a line that another easel wrote cannot be read", "problem", bad)
		case e.Kind == generationKind:
			anew = true
		case e.V <= 1 && e.ID != "":
			events = append(events, e)
		}
	}
	if s.told != nil && (anew || len(events) > 0) {
		s.told(events, anew)
	}
}

// Replay fulfils task.Journal. If this process works in the directory, the
// journal is then rewritten with what is open.
func (s *Store) Replay(f func(task.Event)) error {
	s.mu.Lock()
	seat, opened := s.seat, s.journal != nil
	s.mu.Unlock()
	if seat == nil || opened {
		_, err := s.scan(f)
		return err
	}
	release, err := hold(s.guard(journalName))
	if err != nil {
		return err
	}
	defer release()
	scan, err := s.scan(f)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	os.Remove(s.path(journalName + newSuffix)) // left by a crash
	if scan != nil && scan.worthwhile() {
		if err := s.rewrite(scan); err != nil {
			// The old file is whole, and goes on.
			s.log.Error("the journal cannot be rewritten", "error", err)
		}
	}
	if err := s.beginJournal(); err != nil {
		s.log.Error("the journal cannot be opened", "error", err) // the first write says it
	}
	return nil
}

// scan is what was seen of the journal.
type scan struct {
	tasks map[string]*task.Task
	lines []seenLine
	torn  []byte // a last line that was cut
}

// seenLine is what the rewriting needs to know of a line.
type seenLine struct {
	t    *task.Task // nil: the line stays, whoever wrote it
	drop bool       // a generation
}

// scan reads the journal, calls f for every event, and folds them. It gives nil
// if there is no journal.
func (s *Store) scan(f func(task.Event)) (*scan, error) {
	file, err := os.Open(s.path(journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sc := &scan{tasks: map[string]*task.Task{}}
	r := bufio.NewReaderSize(file, 64<<10)
	for n := 1; ; n++ {
		raw, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, err
		}
		whole := err == nil
		if len(raw) == 0 {
			return sc, nil
		}
		var e task.Event
		bad := readEvent(raw, &e)
		switch {
		case bad != nil && !whole:
			sc.torn = raw
			return sc, nil
		case bad != nil:
			s.problem(Problem{s.path(journalName), n, "damaged line: " + bad.Error()})
			sc.lines = append(sc.lines, seenLine{})
			continue
		}
		sc.lines = append(sc.lines, sc.fold(e))
		if e.V <= 1 && e.ID != "" {
			f(e)
		}
	}
}

// readEvent reads a line of the journal.
func readEvent(raw []byte, e *task.Event) error {
	err := json.Unmarshal(raw, e)
	if err == nil && (e.Kind == "" || e.ID == "" && e.Kind != generationKind) {
		err = errors.New("it names no task or no kind")
	}
	if err == nil {
		return nil
	}
	// A line of a newer version may have other types; it is not ours to judge.
	var v struct {
		V int `json:"v"`
	}
	if json.Unmarshal(raw, &v) == nil && v.V > 1 {
		*e = task.Event{V: v.V}
		return nil
	}
	return err
}

// fold adds an event to its task.
func (sc *scan) fold(e task.Event) seenLine {
	switch {
	case e.V > 1:
		return seenLine{}
	case e.Kind == generationKind:
		return seenLine{drop: true}
	}
	t := sc.tasks[e.ID]
	if t == nil {
		first := task.Task{}.Apply(e)
		if first.ID == "" {
			return seenLine{} // its beginning is missing: it may be all that is left
		}
		t = &first
		sc.tasks[e.ID] = t
		return seenLine{t: t}
	}
	*t = t.Apply(e)
	return seenLine{t: t}
}

// stays says whether a line is still wanted.
func (l seenLine) stays(now time.Time) bool {
	if l.t == nil {
		return !l.drop
	}
	return !l.t.Filed || l.t.State == backend.Canceled && now.Sub(l.t.Finished) < keepStopped
}

// worthwhile says whether rewriting would change anything.
func (sc *scan) worthwhile() bool {
	now := time.Now()
	return sc.torn != nil || len(sc.lines) == 0 || !sc.lines[0].drop ||
		slices.ContainsFunc(sc.lines[1:], func(l seenLine) bool { return !l.stays(now) })
}

// rewrite writes the journal anew with the lines that stay, each as it was.
func (s *Store) rewrite(sc *scan) error {
	old, err := os.Open(s.path(journalName))
	if err != nil {
		return err
	}
	defer old.Close()
	if sc.torn != nil {
		if err := keepTorn(s.path(journalName), sc.torn); err != nil {
			return err
		}
	}
	first, err := firstLine()
	if err != nil {
		return err
	}
	now := time.Now()
	return replace(s.path(journalName), s.path(journalName+newSuffix), true, func(f *os.File) error {
		w, r := bufio.NewWriter(f), bufio.NewReaderSize(old, 64<<10)
		w.Write(first)
		for _, l := range sc.lines {
			raw, err := r.ReadBytes('\n')
			if err != nil && err != io.EOF {
				return err
			}
			if l.stays(now) {
				w.Write(bytes.TrimSuffix(raw, []byte("\n")))
				w.WriteByte('\n')
			}
		}
		return w.Flush()
	})
}

// Unfinished gives what the journal says is not over, newest first, without
// writing anything.
func (s *Store) Unfinished() ([]task.Task, error) {
	alive := map[string]bool{}
	for _, engine := range s.engines() { // asked first: what begins later is not judged by it
		alive[engine] = s.Alive(engine)
	}
	sc, err := s.scan(func(task.Event) {})
	if err != nil || sc == nil {
		return nil, err
	}
	var out []task.Task
	for _, t := range sc.tasks {
		switch {
		case t.Over():
			continue
		case !alive[t.Engine] && t.State == backend.Pending && t.InDoubt:
			*t = t.Left(time.Now())
		}
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b task.Task) int { return cmp.Compare(b.ID, a.ID) })
	return out, nil
}
