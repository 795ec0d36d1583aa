package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Query is a search, read from text such as
//
//	model:gpt-image-2 since:7d is:starred collie -cat "golden hour"
//
// Plain words are found fuzzily in the prompt, or as they are in model,
// provider, state, tags and id; words in quotes as they are; a minus turns a
// word or a filter round. All must hold. What is in the trash, and what was
// there when it was emptied, is found by is:trashed and is:gone only.
type Query struct {
	words   []word
	filters []filter
	side    side
}

// side says on which side of the trash a query looks.
type side uint8

const (
	kept side = iota // not in the trash
	thrown
	emptied
	everywhere
)

type word struct {
	text  string // lower case
	exact bool   // it was in quotes
	not   bool
	fuzzy bool
}

type filter struct {
	key, value string // value in lower case
	at         int64  // in microseconds since 1970
	not        bool
}

// Keys are the words that may stand before a colon.
var Keys = []string{"model", "provider", "tag", "state", "is", "ratio", "size", "id", "from", "since", "before"}

// Is are the words that may stand behind is: beside the states.
var Is = []string{"starred", "tagged", "picture", "trashed", "gone"}

// States are the words that may stand behind state:, and behind is:.
var States = []string{"done", "failed", "canceled"}

// Everywhere gives the query without regard for the trash, and with its words as
// they are written: what a ledger is asked.
func (q Query) Everywhere() Query {
	if q.side == kept {
		q.side = everywhere
	}
	q.words = slices.Clone(q.words)
	for i := range q.words {
		q.words[i].fuzzy = false
	}
	return q
}

// Plain gives the words that must stand as they are somewhere in what is found,
// in lower case.
func (q Query) Plain() []string {
	var out []string
	for _, w := range q.words {
		if !w.not {
			out = append(out, w.text)
		}
	}
	return out
}

// Parse reads a query. It never fails: what is not understood yet, while a
// person types, is a plain word, or nothing where a value is missing.
func Parse(text string, now time.Time) Query {
	var q Query
	for _, t := range split(text) {
		t.not = t.not && t.text != ""
		key, value, ok := cutKey(t.text)
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
	case "model", "provider", "tag", "ratio", "size", "id", "from":
	case "state":
		if begun(value, States) {
			return true
		}
	case "is":
		switch {
		case begun(value, Is) || begun(value, States):
			return true
		case value == "trashed" && !not:
			q.side = thrown
			return true
		case value == "gone" && !not:
			q.side = emptied
			return true
		}
	case "since", "before":
		at, ok := instant(value, now)
		if !ok {
			return value == "" || !strings.HasPrefix(value, "/") // still being typed: no filter yet
		}
		f.at = at.UnixMicro()
	default:
		return false
	}
	if value != "" {
		q.filters = append(q.filters, f)
	}
	return true
}

// begun says whether a person is still typing one of the words: it would find
// nothing until it is whole.
func begun(value string, words []string) bool {
	return !slices.Contains(words, value) && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, value) })
}

// instant reads 36h, 7d, 2w, 3mo, 1y, today, yesterday, 2026, 2026-11 or
// 2026-11-20, in the local time of now.
func instant(s string, now time.Time) (time.Time, bool) {
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

// quotes are those that keep words together: the plain one, and those that Chinese
// input methods and text processors make of it.
const quotes = "\"“”„"

// quote says how long the quote is that a text begins with; 0 if it does not.
func quote(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if s == "" || !strings.ContainsRune(quotes, r) {
		return 0
	}
	return n
}

// cutKey cuts at the first colon, which may be a wide one.
func cutKey(s string) (key, value string, ok bool) {
	i := strings.IndexAny(s, ":：")
	if i < 0 {
		return s, "", false
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return s[:i], s[i+n:], true
}

type token struct {
	text        string
	quoted, not bool
}

// split cuts the text at spaces that are not in quotes, which may stand around a
// word or behind a colon. A quote that is not closed reaches to the end.
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
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		at := strings.IndexAny(rest[:end], quotes)
		switch {
		case at == 0:
			t.quoted = true
			t.text, rest = unquote(rest)
		case at > 0 && (strings.HasSuffix(rest[:at], ":") || strings.HasSuffix(rest[:at], "：")):
			key := rest[:at]
			t.text, rest = unquote(rest[at:])
			t.text = key + t.text
		default:
			t.text, rest = rest[:end], rest[end:]
		}
		out = append(out, t)
	}
}

// unquote gives what stands between the quote that a text begins with and the
// next one, and what is behind that.
func unquote(s string) (inner, rest string) {
	s = s[quote(s):]
	end := strings.IndexAny(s, quotes)
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end+quote(s[end:]):]
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
