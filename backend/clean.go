package backend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes foreign text fit for one line of a screen, a title, a log or
// JSON: control characters (escape sequences with them) and characters that
// change the direction of the text go, line breaks and tabs become spaces, bytes
// that are no UTF-8 become U+FFFD.
func Clean(s string) string { return clean(s, false) }

// CleanLines is Clean for text of several lines: line breaks stay.
func CleanLines(s string) string { return clean(s, true) }

func clean(s string, lines bool) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	for len(s) > 0 {
		if n := sequence(s); n > 0 {
			s = s[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case r == '\r' && strings.HasPrefix(s, "\n"):
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			if lines {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		case r == '\t':
			b.WriteByte(' ')
		case harmful(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isClean(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || harmful(r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}

// harmful says whether a character may move the cursor, start a sequence, or
// turn the direction of text (the bidi controls), so that what is read is not
// what is there.
func harmful(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C, r == 0xFEFF:
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tags: invisible text
		return true
	}
	return false
}

// sequence gives the length of the escape sequence that s starts with, so that
// its printable rest goes with it; 0 if it starts with none.
func sequence(s string) int {
	if len(s) == 0 {
		return 0
	}
	kind, at := byte(0), 0
	switch {
	case s[0] == 0x1b && len(s) > 1:
		kind, at = s[1], 2
	case strings.HasPrefix(s, "\u009b"):
		kind, at = '[', 2
	case strings.HasPrefix(s, "\u009d"):
		kind, at = ']', 2
	case strings.HasPrefix(s, "\u0090"):
		kind, at = 'P', 2
	default:
		return 0
	}
	switch kind {
	case '[':
		for i := at; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
			if s[i] < 0x20 || s[i] > 0x7e {
				return i
			}
		}
		return len(s)
	case ']', 'P', '_', '^', 'X':
		for i := at; i < len(s); i++ {
			switch {
			case s[i] == 0x07:
				return i + 1
			case s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\':
				return i + 2
			case s[i] == 0x1b || s[i] == '\n':
				return i
			case strings.HasPrefix(s[i:], "\u009c"):
				return i + 2
			}
		}
		return len(s)
	}
	return 1
}
