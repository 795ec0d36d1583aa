package strict

import (
	"bytes"
	"strconv"
	"strings"
)

// scanner finds the keys of a file that the TOML library has read before: it
// knows only as much of TOML as is needed to tell keys from values. Of a file
// that is no TOML it may tell nonsense, but it ends.
type scanner struct {
	doc    *Document
	text   []byte
	at     int
	line   int
	table  string         // where keys of the document go
	arrays map[string]int // lists of tables, by path: how many elements there are
}

func (s *scanner) document() {
	for s.blank(true); s.at < len(s.text); s.blank(true) {
		before := s.at
		if s.text[s.at] == '[' {
			s.header()
		} else {
			s.pair(s.table)
		}
		if s.at == before {
			s.at++
		}
	}
}

// blank skips space and comments, and line ends if lines is set.
func (s *scanner) blank(lines bool) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || c == '\r':
		case c == '\n' && lines:
			s.line++
		case c == '#' && lines:
			end := bytes.IndexByte(s.text[s.at:], '\n')
			if end < 0 {
				end = len(s.text) - s.at
			}
			s.at += end
			continue
		default:
			return
		}
		s.at++
	}
}

func (s *scanner) peek(c byte) bool { return s.at < len(s.text) && s.text[s.at] == c }

// header reads [a.b] or [[a.b]].
func (s *scanner) header() {
	line := s.line
	s.at++
	list := s.peek('[')
	if list {
		s.at++
	}
	keys := s.key()
	path := ""
	for i, k := range keys {
		path = s.doc.note(path, k, line)
		if list && i == len(keys)-1 {
			s.arrays[path]++
		}
		if n := s.arrays[path]; n > 0 {
			path = s.doc.note(path, Index(n-1), line)
		}
	}
	s.table = path
	for s.peek(']') {
		s.at++
	}
}

// pair reads key = value.
func (s *scanner) pair(table string) {
	line, path := s.line, table
	for _, k := range s.key() {
		path = s.doc.note(path, k, line)
	}
	if s.peek('=') {
		s.at++
		s.blank(false)
		s.value(path)
	}
}

// key reads a, "a b" or a.b.c up to what is no part of it.
func (s *scanner) key() []string {
	var parts []string
	for {
		s.blank(false)
		start := s.at
		if s.peek('"') || s.peek('\'') {
			parts = append(parts, s.quoted())
		} else {
			for s.at < len(s.text) && strings.IndexByte(".=]},\n \t\r#[{\"'", s.text[s.at]) < 0 {
				s.at++
			}
			parts = append(parts, string(s.text[start:s.at]))
		}
		s.blank(false)
		if !s.peek('.') {
			return parts
		}
		s.at++
	}
}

// value skips a value, and notes the keys and elements in it.
func (s *scanner) value(path string) {
	switch {
	case s.at >= len(s.text):
	case s.text[s.at] == '"' || s.text[s.at] == '\'':
		s.quoted()
	case s.text[s.at] == '[':
		s.inside(']', func(i int) { s.value(s.doc.note(path, Index(i), s.line)) })
	case s.text[s.at] == '{':
		s.inside('}', func(int) { s.pair(path) })
	default:
		for s.at < len(s.text) && strings.IndexByte(",]}\n#", s.text[s.at]) < 0 {
			s.at++
		}
	}
}

// inside reads what stands between brackets, separated by commas.
func (s *scanner) inside(end byte, one func(i int)) {
	s.at++
	for i := 0; ; i++ {
		s.blank(true)
		if s.at >= len(s.text) {
			return
		}
		if s.text[s.at] == end {
			s.at++
			return
		}
		before := s.at
		one(i)
		s.blank(true)
		if s.peek(',') || s.at == before {
			s.at++
		}
	}
}

// quoted reads a string of any of the four kinds, and gives it without its
// quotes.
func (s *scanner) quoted() string {
	quote := s.text[s.at : s.at+1]
	if long := bytes.Repeat(quote, 3); bytes.HasPrefix(s.text[s.at:], long) {
		quote = long
	}
	s.at += len(quote)
	start := s.at
	for s.at < len(s.text) {
		switch {
		case s.text[s.at] == '\\' && quote[0] == '"':
			s.at++
		case bytes.HasPrefix(s.text[s.at:], quote):
			text := string(s.text[start:s.at])
			s.at += len(quote)
			for n := 0; len(quote) == 3 && n < 2 && s.peek(quote[0]); n++ {
				s.at++ // """" ends a text that ends with a quote
			}
			return unquote(text, quote[0])
		case s.text[s.at] == '\n':
			s.line++
		}
		s.at++
	}
	return string(s.text[min(start, len(s.text)):])
}

func unquote(text string, quote byte) string {
	if quote == '"' && strings.Contains(text, `\`) {
		if u, err := strconv.Unquote(`"` + text + `"`); err == nil {
			return u
		}
	}
	return text
}
