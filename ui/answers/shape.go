package answers

import "strings"

// text says whether a string follows the introducer ESC c.
func text(c byte) bool { return c == ']' || c == 'P' || c == '_' }

// shape says whether bytes that begin with ESC are a whole sequence, the
// beginning of one, or neither.
func shape(b []byte) verdict {
	if len(b) < 2 {
		return open
	}
	last := b[len(b)-1]
	switch c := b[1]; {
	case len(b) == 2:
		switch {
		case c == '[' || c == 'O' || text(c):
			return open
		case c == esc:
			return broken // a key, and another one
		}
		return whole // alt and a key
	case c == 'O':
		return whole
	case c == '[':
		switch {
		case last >= 0x40 && last <= 0x7e:
			return whole
		case last >= 0x20 && last <= 0x3f:
			return open
		}
		return broken
	}
	return textShape(b, last)
}

// textShape is shape for a string: it ends with ESC \, or in an OSC with BEL.
func textShape(b []byte, last byte) verdict {
	first := map[byte]string{']': "0123456789", 'P': "0123456789>!+$", '_': "G"}[b[1]]
	switch {
	case !strings.ContainsRune(first, rune(b[2])):
		return broken // alt and a key, and something typed
	case b[len(b)-2] == esc:
		if last == '\\' {
			return whole
		}
		return broken
	case last == esc:
		return open
	case last == '\a' && b[1] == ']':
		return whole
	case last < 0x20 || last == 0x7f:
		return broken
	}
	return open
}

// sent says whether a sequence, or the beginning of one, is such as a terminal
// sends and a person does not type: an answer, or a report of the mouse.
func sent(b []byte, whole bool) bool {
	if len(b) == 2 {
		return b[1] == '[' || b[1] == 'O' || text(b[1])
	}
	switch b[1] {
	case 'O':
		return strings.IndexByte("ABCDHFPQRS", b[2]) >= 0
	case '[':
		return sentCSI(b[2:], whole)
	}
	for _, begin := range [...]string{"_Gi=", "P>|", "P0+r", "P1+r", "P0$r", "P1$r", "]4;", "]10;", "]11;", "]12;"} {
		if n := min(len(begin), len(b)-1); string(b[1:1+n]) == begin[:n] {
			return true
		}
	}
	return false
}

func sentCSI(b []byte, whole bool) bool {
	prefix := b[0]
	if whole {
		final := b[len(b)-1]
		switch prefix {
		case '?':
			return strings.IndexByte("cynu", final) >= 0
		case '<':
			return final == 'M' || final == 'm'
		case '4', '6', '8':
			return final == 't' || final == '~'
		}
		return len(b) == 1 && strings.IndexByte("ABCDFHIOZ", final) >= 0 || final == '~' || final == 'R'
	}
	return prefix == '?' || prefix == '<' || prefix >= '0' && prefix <= '9'
}

// answer says whether a whole sequence is one that answers a question of ours or
// of Bubble Tea's.
func answer(b []byte) bool {
	switch b[1] {
	case '_', 'P':
		return true
	case ']':
		number, _, _ := strings.Cut(string(b[2:]), ";")
		return number == "10" || number == "11" || number == "12"
	case '[':
		return b[2] == '?' || strings.IndexByte("468", b[2]) >= 0 && b[len(b)-1] == 't'
	}
	return false
}
