package history

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"easel/backend/task"
	"easel/history/search"
)

// Search gives at most limit records (0: all) that a query finds, the last
// finished first. The query is as in the gallery, with two differences that suit
// scripts: words are found as they stand only, and what is in the trash, too. It
// reads from the end, and stops when it has enough.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]task.Record, error) {
	q := search.Parse(query, time.Now()).Everywhere()
	var words []string
	for _, w := range q.Plain() {
		words = append(words, strings.Fields(w)...)
	}
	var out []task.Record
	err := s.back(ctx, words, func(r task.Record) bool {
		if l, err := line(r); err == nil && q.Fits(bytes.TrimSpace(l)) {
			out = append(out, r)
		}
		return limit <= 0 || len(out) < limit
	})
	return out, err
}

// sift finds lines that may hold all words, without decoding them. It may pass
// a line that does not, and never keeps back one that does, as long as lines are
// written as easel writes them.
type sift struct {
	words [][]byte
	wide  bool // a word is not ASCII: its case is not simply a bit
	low   []byte
}

func newSift(words []string) *sift {
	s := &sift{}
	for _, w := range words {
		// As it stands in JSON; the quotes around it go.
		quoted, err := line(w)
		if err != nil {
			continue
		}
		q := bytes.TrimSpace(quoted)
		s.words = append(s.words, q[1:len(q)-1])
		for i := range len(w) {
			s.wide = s.wide || w[i] >= utf8.RuneSelf
		}
	}
	return s
}

func (s *sift) passes(raw []byte) bool {
	if len(s.words) == 0 {
		return true
	}
	if s.wide {
		s.low = append(s.low[:0], bytes.ToLower(raw)...)
	} else {
		s.low = append(s.low[:0], raw...)
		for i, c := range s.low {
			if 'A' <= c && c <= 'Z' {
				s.low[i] = c | 0x20
			}
		}
	}
	for _, w := range s.words {
		if !bytes.Contains(s.low, w) {
			return false
		}
	}
	return true
}

// promptBytes bounds how far back Prompts reads.
const promptBytes = 64 << 20

// Prompts gives at most limit different prompts, the newest first: of the tasks
// that are not over, then of the history, as far as 64 MB back.
func (s *Store) Prompts(ctx context.Context, limit int) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	add := func(p string) {
		if p != "" && !seen[p] && len(out) < limit {
			seen[p] = true
			out = append(out, p)
		}
	}
	open, err := s.Unfinished()
	if err != nil {
		return nil, err
	}
	for _, t := range open {
		add(t.Request.Prompt)
	}
	err = s.pastLines(ctx, promptBytes, func(l pastLine) bool {
		var r struct {
			Prompt string `json:"prompt"`
		}
		if json.Unmarshal(l.raw, &r) == nil {
			add(r.Prompt)
		}
		return len(out) < limit
	})
	return out, err
}
