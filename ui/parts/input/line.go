package input

import (
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Max is the most that a line may hold, in bytes; what is typed or pasted
// beyond it is not taken.
const Max = 16 << 10

// Line is one line of text that is being typed. The zero value is empty. It
// knows the column of its cursor in cells, also behind wide characters
// (bubbles' textinput counts runes).
type Line struct {
	text string
	at   int // of the cursor, in bytes, at the edge of a grapheme cluster
	from int // the first byte that View drew last
	col  int // the cursor's column in what View drew last
}

// Value is the text.
func (l *Line) Value() string { return l.text }

// Set replaces the text; the cursor goes to its end.
func (l *Line) Set(text string) {
	l.text, l.at, l.from = "", 0, 0
	l.Insert(text)
}

// Insert puts text at the cursor as if it were pasted: in one line, without
// control characters.
func (l *Line) Insert(text string) {
	text = backend.Clean(text)
	if room := Max - len(l.text); len(text) > room {
		for room > 0 && !utf8.RuneStart(text[room]) {
			room--
		}
		text = text[:max(room, 0)]
	}
	l.text = l.text[:l.at] + text + l.text[l.at:]
	l.at += len(text)
	l.settle()
}

// settle moves the cursor to the edge of the cluster that it is in: what was
// inserted may have joined what was there.
func (l *Line) settle() {
	for i := 0; i < len(l.text); {
		n, _ := parts.Cluster(l.text[i:])
		if i >= l.at {
			l.at = i
			return
		}
		i += n
	}
	l.at = len(l.text)
}

// Press handles a key, and says whether the text changed by it. Keys that edit
// are those of the prompt.
func (l *Line) Press(env parts.Env, k tea.KeyPressMsg) bool {
	was := l.text
	switch env.Keys.Match(k.String(), keys.Prompt) {
	case keys.LineStart:
		l.at = 0
	case keys.LineEnd:
		l.at = len(l.text)
	case keys.WordLeft:
		l.at = l.wordBefore()
	case keys.WordRight:
		l.at = l.wordAfter()
	case keys.CutWord:
		l.cut(l.wordBefore(), l.at)
	case keys.CutWordNext:
		l.cut(l.at, l.wordAfter())
	case keys.CutLine:
		l.cut(l.at, len(l.text))
	case keys.Clear:
		l.cut(0, len(l.text))
	case "":
		l.plain(k)
	}
	return l.text != was
}

// plain handles the keys that have one meaning everywhere.
func (l *Line) plain(k tea.KeyPressMsg) {
	switch k.String() {
	case "left", "ctrl+b":
		l.at = l.before()
	case "right", "ctrl+f":
		l.at = l.after()
	case "backspace", "shift+backspace", "ctrl+h":
		l.cut(l.before(), l.at)
	case "delete", "ctrl+d":
		l.cut(l.at, l.after())
	default:
		if k.Text != "" {
			l.Insert(k.Text)
		}
	}
}

func (l *Line) cut(from, to int) {
	l.text = l.text[:from] + l.text[to:]
	l.at = from
	l.settle()
}

func (l *Line) before() int {
	last := 0
	for i := 0; i < l.at; {
		last = i
		n, _ := parts.Cluster(l.text[i:])
		i += n
	}
	return last
}

func (l *Line) after() int {
	if l.at >= len(l.text) {
		return len(l.text)
	}
	n, _ := parts.Cluster(l.text[l.at:])
	return l.at + n
}

func (l *Line) wordBefore() int {
	i := l.at
	for _, word := range []bool{false, true} {
		for i > 0 {
			r, n := utf8.DecodeLastRuneInString(l.text[:i])
			if isWord(r) != word {
				break
			}
			i -= n
		}
	}
	return i
}

func (l *Line) wordAfter() int {
	i := l.at
	for _, word := range []bool{false, true} {
		for i < len(l.text) {
			r, n := utf8.DecodeRuneInString(l.text[i:])
			if isWord(r) != word {
				break
			}
			i += n
		}
	}
	return i
}

// isWord counts what joins clusters in, so that no word ends inside of one.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '\u200d'
}

// View draws the text in w cells so that the cursor is in sight; where the
// text is empty, hint is drawn quietly instead.
func (l *Line) View(env parts.Env, w int, hint string) string {
	l.col = 0
	if w < 1 {
		return ""
	}
	if l.text == "" {
		return env.Theme.Quiet.Render(parts.Clip(hint, w-1))
	}
	l.scroll(w)
	end, x := l.from, 0
	for end < len(l.text) {
		n, cw := parts.Cluster(l.text[end:])
		if x+cw > w {
			break
		}
		if end < l.at {
			l.col += cw
		}
		end, x = end+n, x+cw
	}
	return env.Theme.Text.Render(l.text[l.from:end])
}

// scroll moves the first byte that is drawn: the cursor needs a cell of its own
// behind the text before it, and no room is wasted at the end.
func (l *Line) scroll(w int) {
	l.from = min(l.from, l.at)
	starts := []int{} // of the clusters up to the cursor
	widths := []int{}
	for i := 0; i < l.at; {
		n, cw := parts.Cluster(l.text[i:])
		starts, widths = append(starts, i), append(widths, cw)
		i += n
	}
	tail := 0 // what is right of the cursor, as far as it can be seen
	for i := l.at; i < len(l.text) && tail < w; {
		n, cw := parts.Cluster(l.text[i:])
		tail += cw
		i += n
	}
	room, first := w-1, l.at // the earliest byte with which the cursor is in sight
	full := w - max(tail, 1) // the earliest one with which the text's end is too
	whole := l.at
	for i := len(starts) - 1; i >= 0 && widths[i] <= room; i-- {
		room -= widths[i]
		first = starts[i]
		if full -= widths[i]; full >= 0 {
			whole = first
		}
	}
	l.from = min(max(l.from, first), max(whole, first))
}

// Column is where the cursor stands in what View drew last, in cells.
func (l *Line) Column() int { return l.col }
