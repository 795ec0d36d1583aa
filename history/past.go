package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"easel/backend"
	"easel/backend/task"
)

// entry is a line of history.jsonl: a record, or a change of one.
type entry struct {
	task.Record
	Set json.RawMessage `json:"set"`
}

// Finish fulfils task.Journal.
func (s *Store) Finish(r task.Record) error {
	data, err := line(r)
	if err != nil {
		return fmt.Errorf("the record of %s cannot be written: %w", r.ID, err)
	}
	if r.Written {
		data = append(data, s.marksOf(r.ID)...)
	}
	past, err := s.openPast()
	if err != nil {
		return err
	}
	if err := past.append(data, true); err != nil {
		return err
	}
	s.wrote()
	s.mu.Lock()
	s.sample(r, true)
	s.mu.Unlock()
	return nil
}

func (s *Store) openPast() (*lines, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.seat == nil:
		return nil, errAlone
	case s.past != nil:
		return s.past, nil
	}
	release, err := hold(s.guard(historyName))
	if err != nil {
		return nil, err
	}
	defer release()
	l, err := openLines(s.path(historyName), s.guard(historyName), nil)
	if err == nil {
		s.past = l
	}
	return l, err
}

// Recent gives the n records that were finished last, the last first.
func (s *Store) Recent(n int) ([]task.Record, error) {
	var out []task.Record
	if n <= 0 {
		return out, nil
	}
	err := s.back(context.Background(), nil, func(r task.Record) bool {
		out = append(out, r)
		return len(out) < n
	})
	return out, err
}

// ErrNone is the error for an id that nothing has.
var ErrNone = errors.New("no such task")

// Find gives the record with the id, or with the last characters of it (at
// least 4) if they fit one only.
func (s *Store) Find(id string) (task.Record, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	if len(id) < 4 {
		return task.Record{}, ErrNone
	}
	var found task.Record
	many := false
	err := s.back(context.Background(), []string{id}, func(r task.Record) bool {
		switch {
		case r.ID == id:
			found, many = r, false
			return false
		case strings.HasSuffix(r.ID, id) && found.ID == "":
			found = r
		case strings.HasSuffix(r.ID, id):
			many = true
		}
		return true
	})
	switch {
	case err != nil:
		return task.Record{}, err
	case many:
		return task.Record{}, fmt.Errorf("%s fits several tasks: give more of the id", backend.Clean(id))
	case found.ID == "":
		return task.Record{}, ErrNone
	}
	return found, nil
}

// back calls f for the records from the end of the history, each once and with
// its later changes, until f gives false. words are texts of which a record must
// hold each, whatever the case: lines that do not, and have no changes that might,
// are not decoded.
func (s *Store) back(ctx context.Context, words []string, f func(task.Record) bool) error {
	sift := newSift(words)
	changes := map[string][]json.RawMessage{} // newest first
	seen := map[string]bool{}
	return s.pastLines(ctx, math.MaxInt64, func(l pastLine) bool {
		if !bytes.Contains(l.raw, setKey) && !sift.passes(l.raw) &&
			(len(changes) == 0 || changes[gjson.GetBytes(l.raw, "id").Str] == nil) {
			return true
		}
		e, bad := readEntry(l.raw)
		switch {
		case bad != nil && !l.cut:
			s.problem(Problem{s.path(historyName), lineNumber(l.file, l.at), "damaged line: " + bad.Error()})
		case bad != nil || e.ID == "":
		case e.Set != nil:
			changes[e.ID] = append(changes[e.ID], e.Set)
		case !seen[e.ID]:
			seen[e.ID] = true
			return f(e.with(changes[e.ID]))
		}
		return true
	})
}

// pastLine is a line of the history as it stands there.
type pastLine struct {
	raw  []byte // valid until the next one
	at   int64
	cut  bool // the last line, without its end: perhaps still being written
	file *os.File
}

// pastLines calls f for the lines of the last so many bytes of the history, the
// last first, until f gives false.
func (s *Store) pastLines(ctx context.Context, most int64, f func(pastLine) bool) error {
	file, err := os.Open(s.path(historyName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return err
	}
	lines := newBackward(file, st.Size())
	for n := 0; ; n++ {
		raw, at, err := lines.next()
		switch {
		case err == io.EOF || n%256 == 0 && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case len(raw) == 0:
		case !f(pastLine{raw, at, at+int64(len(raw)) == st.Size(), file}) || st.Size()-at > most:
			return nil
		}
	}
}

// setKey is in every line that changes a record.
var setKey = []byte(`"set":`)

// with gives the record with the changes, which come newest first.
func (e entry) with(changes []json.RawMessage) task.Record {
	for _, set := range slices.Backward(changes) {
		changed := e.Record
		if json.Unmarshal(set, &changed) == nil && changed.ID == e.ID {
			e.Record = changed
		}
	}
	return e.Record
}

// readEntry reads a line of the history. One of a newer version that this one
// cannot read comes back empty.
func readEntry(raw []byte) (e entry, err error) {
	err = json.Unmarshal(raw, &e)
	if string(e.Set) == "null" {
		e.Set = nil
	}
	if err == nil && (e.ID == "" || e.State == "" && e.Set == nil) {
		err = errors.New("it is no record")
	}
	if err == nil {
		return e, nil
	}
	var v struct {
		V int `json:"v"`
	}
	if json.Unmarshal(raw, &v) == nil && v.V > 1 {
		return entry{}, nil
	}
	return entry{}, err
}

// lineNumber counts the lines before a place, for the message about it.
func lineNumber(r io.ReaderAt, at int64) int {
	n, piece := 1, make([]byte, laterPiece)
	for from := int64(0); from < at; {
		got, err := r.ReadAt(piece[:min(int64(len(piece)), at-from)], from)
		n += bytes.Count(piece[:got], []byte("\n"))
		from += int64(got)
		if err != nil || got == 0 {
			break
		}
	}
	return n
}
