package search

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"easel/backend"
)

// Query is a search, read from text such as
//
//	model:gpt-image-2 since:7d is:starred collie -cat "golden hour"
//
// Plain words are found fuzzily in the prompt, or as they are in model,
// provider and tags; words in quotes as they are; a minus turns a word or a
// filter round. All must hold.
type Query struct {
	words   []word
	filters []filter
	trash   bool // only the trash; else all but the trash
}

type word struct {
	text  string // lower case
	exact bool   // it was in quotes
	not   bool
	fuzzy bool
}

type filter struct {
	key, value string // value in lower case
	at         time.Time
	not        bool
}

// Keys are the words that may stand before a colon.
var Keys = []string{"model", "provider", "tag", "state", "is", "ratio", "size", "id", "since", "before"}

// Parse reads a query. It never fails: what is not understood yet, while a
// person types, is a plain word, or nothing where a value is missing.
func Parse(text string, now time.Time) Query {
	var q Query
	for _, t := range split(text) {
		t.not = t.not && t.text != ""
		key, value, ok := strings.Cut(t.text, ":")
		if !ok || t.quoted || !q.filter(strings.ToLower(key), strings.ToLower(value), t.not, now) {
			if t.text != "" && t.text != "-" {
				low := strings.ToLower(t.text)
				q.words = append(q.words, word{
					text: low, exact: t.quoted, not: t.not,
					fuzzy: !t.quoted && !t.not && len(low) >= fuzzyFrom && ascii(low),
				})
			}
		}
	}
	return q
}

// filter adds a filter; false if the key is none.
func (q *Query) filter(key, value string, not bool, now time.Time) bool {
	f := filter{key: key, value: value, not: not}
	switch key {
	case "model", "provider", "tag", "state", "ratio", "size", "id":
	case "is":
		if value == "trashed" && !not {
			q.trash = true
			return true
		}
	case "since", "before":
		at, ok := moment(value, now)
		if !ok {
			return value == "" || !strings.HasPrefix(value, "/") // still being typed: no filter yet
		}
		f.at = at
	default:
		return false
	}
	if value != "" {
		q.filters = append(q.filters, f)
	}
	return true
}

// moment reads 36h, 7d, 2w, 3mo, 1y, today, yesterday, 2026, 2026-11 or
// 2026-11-20, in the local time of now.
func moment(s string, now time.Time) (time.Time, bool) {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch s {
	case "today":
		return day, true
	case "yesterday":
		return day.AddDate(0, 0, -1), true
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, true
		}
	}
	unit := strings.TrimLeftFunc(s, unicode.IsDigit)
	n, err := strconv.Atoi(s[:len(s)-len(unit)])
	if err != nil || n > 100_000 {
		return time.Time{}, false
	}
	switch unit {
	case "h":
		return now.Add(-time.Duration(n) * time.Hour), true
	case "d":
		return now.AddDate(0, 0, -n), true
	case "w":
		return now.AddDate(0, 0, -7*n), true
	case "mo", "m":
		return now.AddDate(0, -n, 0), true
	case "y":
		return now.AddDate(-n, 0, 0), true
	}
	return time.Time{}, false
}

type token struct {
	text        string
	quoted, not bool
}

// split cuts the text at spaces that are not in quotes. A quote that is not
// closed reaches to the end.
func split(text string) []token {
	var out []token
	rest := text
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return out
		}
		var t token
		if rest[0] == '-' && len(rest) > 1 && !unicode.IsSpace(rune(rest[1])) {
			t.not, rest = true, rest[1:]
		}
		if rest[0] == '"' {
			t.quoted = true
			t.text, rest, _ = strings.Cut(rest[1:], `"`)
		} else {
			end := strings.IndexFunc(rest, unicode.IsSpace)
			if end < 0 {
				end = len(rest)
			}
			t.text, rest = rest[:end], rest[end:]
		}
		out = append(out, t)
	}
}

// holds says whether the entry passes the filters.
func (q *Query) holds(e *Entry) bool {
	if e.Trashed != q.trash {
		return false
	}
	for i := range q.filters {
		if q.filters[i].holds(e) == q.filters[i].not {
			return false
		}
	}
	return true
}

func (f *filter) holds(e *Entry) bool {
	switch f.key {
	case "model":
		return strings.Contains(e.lowModel, f.value)
	case "provider":
		return contains(e.Provider, f.value)
	case "ratio":
		return e.Ratio == f.value
	case "size":
		return contains(e.Size, f.value)
	case "state":
		return string(e.State) == f.value
	case "id":
		return strings.HasSuffix(e.ID, f.value) || strings.HasPrefix(e.ID, f.value)
	case "since":
		return !e.when().Before(f.at)
	case "before":
		return e.when().Before(f.at)
	case "tag":
		for _, t := range e.Tags {
			if strings.EqualFold(t, f.value) {
				return true
			}
		}
		return false
	case "is":
		switch f.value {
		case "starred":
			return e.Starred
		case "tagged":
			return len(e.Tags) > 0
		case "trashed":
			return e.Trashed
		}
		return e.State == backend.State(f.value)
	}
	return false
}

// when is the time that a search by date means.
func (e *Entry) when() time.Time {
	if !e.Created.IsZero() {
		return e.Created
	}
	return e.Finished
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// contains is strings.Contains without case; low is in lower case already.
func contains(s, low string) bool {
	if strings.Contains(s, low) {
		return true
	}
	return strings.Contains(strings.ToLower(s), low)
}
