package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/history/search"
)

// Mark is a change of how entries are marked. What is nil stays as it is.
type Mark struct {
	Starred *bool     `json:"starred,omitempty"`
	Tags    *[]string `json:"tags,omitempty"`
}

// change is a line that changes a record.
type change struct {
	V   int       `json:"v"`
	ID  string    `json:"id"`
	At  time.Time `json:"at"`
	Set any       `json:"set"`
}

// Mark marks entries, all with one write. It is on disk when Mark returns.
func (s *Store) Mark(m Mark, ids ...string) error {
	if m.Tags != nil {
		tags := tidy(*m.Tags)
		m.Tags = &tags
	}
	if m.Starred == nil && m.Tags == nil {
		return nil
	}
	sets := map[string]any{}
	for _, id := range ids {
		sets[id] = m
	}
	return s.change(ids, sets)
}

// marksOf gives a line with the stars and tags that an entry has, nil if it has
// none: for behind a record that takes the place of an earlier one, because who
// reads from the end does not see what was before.
func (s *Store) marksOf(id string) []byte {
	r, err := s.exactly(id)
	m := Mark{}
	if r.Starred {
		m.Starred = &r.Starred
	}
	if len(r.Tags) > 0 {
		m.Tags = &r.Tags
	}
	if err != nil || m == (Mark{}) {
		return nil
	}
	l, err := line(change{V: 1, ID: id, At: time.Now().Round(0), Set: m})
	if err != nil {
		return nil
	}
	return l
}

// tidy makes tags of what a person typed: clean, each once, in the given order.
func tidy(tags []string) []string {
	out := []string{}
	seen := map[string]bool{}
	for _, t := range tags {
		t = strings.Join(strings.Fields(backend.Clean(t)), " ")
		if low := strings.ToLower(t); t != "" && !seen[low] {
			seen[low] = true
			out = append(out, t)
		}
	}
	return out
}

// change writes a line for each of the ids that there is a change for.
func (s *Store) change(ids []string, sets map[string]any) error {
	var data []byte
	now := time.Now().Round(0)
	done := map[string]bool{}
	for _, id := range ids {
		set, ok := sets[id]
		if !ok || done[id] {
			continue
		}
		done[id] = true
		l, err := line(change{V: 1, ID: id, At: now, Set: set})
		if err != nil {
			return fmt.Errorf("the change of %s cannot be written: %w", backend.Clean(id), err)
		}
		data = append(data, l...)
	}
	if len(data) == 0 {
		return nil
	}
	past, err := s.openPast()
	if err != nil {
		return err
	}
	if err := past.append(data, true); err != nil {
		return err
	}
	s.wrote()
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if s.live.index != nil {
		s.follow() // who changed something sees it at once; an error shows at the next look
	}
	return nil
}

// Entry reads the whole record of an entry, with its later changes.
func (s *Store) Entry(e search.Entry) (task.Record, error) {
	f, err := os.Open(s.path(historyName))
	if err != nil {
		return task.Record{}, err
	}
	defer f.Close()
	r, err := readAt(f, e)
	if err != nil {
		return s.exactly(e.ID) // the file is another one by now
	}
	return r, nil
}

var errMoved = errors.New("the record is not there any more")

func readAt(f *os.File, of search.Entry) (task.Record, error) {
	read := func(at search.Span) (entry, error) {
		raw := make([]byte, at.Length)
		if _, err := f.ReadAt(raw, at.Offset); err != nil {
			return entry{}, err
		}
		e, err := readEntry(bytes.TrimSuffix(raw, []byte("\r")))
		if err == nil && e.ID != of.ID {
			err = errMoved
		}
		return e, err
	}
	e, err := read(search.Span{Offset: of.Offset, Length: of.Length})
	if err != nil || e.Set != nil {
		return task.Record{}, errors.Join(err, errMoved)
	}
	var sets []json.RawMessage // newest first
	for _, at := range of.Sets {
		c, err := read(at)
		if err != nil || c.Set == nil {
			return task.Record{}, errors.Join(err, errMoved)
		}
		if at.Offset < of.Offset {
			c.Set = onlyMarks(c.Set) // the record is later, and its fields win
		}
		sets = append([]json.RawMessage{c.Set}, sets...)
	}
	return e.with(sets), nil
}

// onlyMarks gives what a change does to stars and tags.
func onlyMarks(set json.RawMessage) json.RawMessage {
	var m Mark
	if json.Unmarshal(set, &m) != nil {
		return json.RawMessage("{}")
	}
	out, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}

// exactly finds the record of a whole id.
func (s *Store) exactly(id string) (task.Record, error) {
	found := task.Record{}
	err := s.back(context.Background(), []string{strings.ToLower(id)}, func(r task.Record) bool {
		if r.ID == id {
			found = r
		}
		return found.ID == ""
	})
	if err == nil && found.ID == "" {
		err = ErrNone
	}
	return found, err
}
