package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"easel/ui/parts"
)

// buffer is the text with its cursor. Every line keeps where its rows begin, so
// that a key in a prompt of 100 KB wraps one line anew and no other.
type buffer struct {
	lines []line // never empty
	row   int    // the line of the cursor
	col   int    // its offset in that line, at the edge of a grapheme cluster
	goal  int    // the column that up and down keep to; -1: where the cursor is
	width int    // of a row
}

type line struct {
	text   string
	starts []int // of its rows; nil: not wrapped yet
}

func (b *buffer) set(text string) {
	b.lines = b.lines[:0]
	for s := range strings.SplitSeq(text, "\n") {
		b.lines = append(b.lines, line{text: s})
	}
	b.end()
}

func (b *buffer) text() string {
	if len(b.lines) == 1 {
		return b.lines[0].text
	}
	var s strings.Builder
	for i, l := range b.lines {
		if i > 0 {
			s.WriteByte('\n')
		}
		s.WriteString(l.text)
	}
	return s.String()
}

func (b *buffer) resize(width int) {
	width = max(width, 1)
	if width == b.width {
		return
	}
	b.width = width
	for i := range b.lines {
		b.lines[i].starts = nil
	}
}

// rows gives where the rows of line i begin.
func (b *buffer) rows(i int) []int {
	l := &b.lines[i]
	if l.starts == nil {
		l.starts = parts.Rows(l.text, max(b.width, 1))
	}
	return l.starts
}

func (b *buffer) change(i int, text string) { b.lines[i] = line{text: text} }

func (b *buffer) insert(text string) {
	b.goal = -1
	l := b.lines[b.row].text
	before, after := l[:b.col], l[b.col:]
	first, rest, more := strings.Cut(text, "\n")
	b.change(b.row, before+first)
	b.col += len(first)
	if more {
		more := strings.Split(rest, "\n")
		added := make([]line, len(more))
		for i, s := range more {
			added[i] = line{text: s}
		}
		b.lines = append(b.lines[:b.row+1], append(added, b.lines[b.row+1:]...)...)
		b.row += len(more)
		b.col = len(more[len(more)-1])
	}
	b.change(b.row, b.lines[b.row].text+after)
	b.settle()
}

// settle moves the cursor out of the cluster that it is in: what was put in may
// have joined what was there.
func (b *buffer) settle() {
	text, i := b.lines[b.row].text, 0
	for _, s := range b.rows(b.row) {
		if s <= b.col {
			i = s
		}
	}
	for i < b.col {
		n, _ := parts.Cluster(text[i:])
		i += n
	}
	b.col = i
}

// cut takes away what lies between the cursor and the place (row, col), which
// may be before or behind it.
func (b *buffer) cut(row, col int) {
	b.goal = -1
	r1, c1, r2, c2 := b.row, b.col, row, col
	if r2 < r1 || r2 == r1 && c2 < c1 {
		r1, c1, r2, c2 = r2, c2, r1, c1
	}
	joined := b.lines[r1].text[:c1] + b.lines[r2].text[c2:]
	b.lines = append(b.lines[:r1+1], b.lines[r2+1:]...)
	b.change(r1, joined)
	b.row, b.col = r1, c1
	b.settle()
}

// before and after give the place one cluster left and right of the cursor.
func (b *buffer) before() (row, col int) {
	if b.col == 0 {
		if b.row == 0 {
			return 0, 0
		}
		return b.row - 1, len(b.lines[b.row-1].text)
	}
	// Clusters are found from the left only; a row's beginning is near.
	text, start := b.lines[b.row].text, 0
	for _, s := range b.rows(b.row) {
		if s < b.col {
			start = s
		}
	}
	for i := start; ; {
		n, _ := parts.Cluster(text[i:])
		if i+n >= b.col {
			return b.row, i
		}
		i += n
	}
}

func (b *buffer) after() (row, col int) {
	text := b.lines[b.row].text
	if b.col >= len(text) {
		if b.row == len(b.lines)-1 {
			return b.row, b.col
		}
		return b.row + 1, 0
	}
	n, _ := parts.Cluster(text[b.col:])
	return b.row, b.col + n
}

// wordBefore and wordAfter give the place at the word's beginning and end.
func (b *buffer) wordBefore() (row, col int) {
	if b.col == 0 {
		return b.before()
	}
	text, i := b.lines[b.row].text, b.col
	skip := func(word bool) {
		for i > 0 {
			r, n := utf8.DecodeLastRuneInString(text[:i])
			if isWord(r) != word {
				return
			}
			i -= n
		}
	}
	skip(false)
	skip(true)
	return b.row, i
}

func (b *buffer) wordAfter() (row, col int) {
	text, i := b.lines[b.row].text, b.col
	if i >= len(text) {
		return b.after()
	}
	skip := func(word bool) {
		for i < len(text) {
			r, n := utf8.DecodeRuneInString(text[i:])
			if isWord(r) != word {
				return
			}
			i += n
		}
	}
	skip(false)
	skip(true)
	return b.row, i
}

// isWord counts marks in, so that no place lies inside of a cluster.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '\u200d'
}

func (b *buffer) move(row, col int) { b.row, b.col, b.goal = row, col, -1 }
func (b *buffer) end() {
	b.move(len(b.lines)-1, len(b.lines[len(b.lines)-1].text))
}

// visual gives the row of the cursor inside of its line, and its column.
func (b *buffer) visual() (sub, x int) {
	starts := b.rows(b.row)
	for sub = len(starts) - 1; sub > 0 && starts[sub] > b.col; sub-- {
	}
	return sub, columnOf(b.lines[b.row].text, starts[sub], b.col)
}

// step moves the cursor up (-1) or down (1) by one row; false if there is none.
func (b *buffer) step(by int) bool {
	sub, x := b.visual()
	if b.goal < 0 {
		b.goal = x
	}
	goal, row := b.goal, b.row
	switch sub += by; {
	case sub < 0 && row == 0, sub >= len(b.rows(row)) && row == len(b.lines)-1:
		return false
	case sub < 0:
		row--
		sub = len(b.rows(row)) - 1
	case sub >= len(b.rows(row)):
		row, sub = row+1, 0
	}
	b.place(row, sub, goal)
	b.goal = goal
	return true
}

// place puts the cursor on a row of a line, at the column x or what is nearest.
func (b *buffer) place(row, sub, x int) {
	starts, text := b.rows(row), b.lines[row].text
	end := len(text)
	last := sub == len(starts)-1
	if !last {
		end = starts[sub+1]
	}
	col := offsetAt(text, starts[sub], end, x)
	b.move(row, col)
	if !last && col >= end { // the end of a wrapped row is the beginning of the next
		b.row, b.col = b.before()
	}
}

// above counts the rows over the line of the cursor.
func (b *buffer) above(line int) int {
	n := 0
	for i := range line {
		n += len(b.rows(i))
	}
	return n
}

// columnOf gives the column of offset col in a row that begins at start.
func columnOf(text string, start, col int) int {
	x := 0
	for i := start; i < col; {
		n, w := parts.Cluster(text[i:])
		x += w
		i += n
	}
	return x
}

// offsetAt gives the offset of the cluster at column x of the row of text from
// start to end; the end if the row is shorter.
func offsetAt(text string, start, end, x int) int {
	at := 0
	for i := start; i < end; {
		n, w := parts.Cluster(text[i:])
		if at+w > x {
			return i
		}
		at += w
		i += n
	}
	return end
}
