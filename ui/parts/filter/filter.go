// Package filter is a list that filters as you type, fuzzily, best matches
// first: the middle of the picker, the palette, the search of prompts and the
// choice of files. It knows texts and a cursor; what a row means is its
// owner's business.
package filter

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/input"
)

// Item is a row. All of it is cleaned by whoever makes it.
type Item struct {
	Text string // what people read; matched
	Note string // quiet, in a column of its own; matched too
	Mark string // one cell before the text, as it is: an icon in its colour
	Key  string // at the right edge, as a key
	Dim  bool   // the text is quiet too
}

// List is the line and the rows under it. Make one with New.
type List struct {
	Line  input.Line
	items []Item
	match *matcher
	at    int // of the cursor, in the hits
	top   int
	rows  int // that Rows drew last
}

// New makes a list of items, the cursor on the one at index at.
func New(items []Item, at int) *List {
	l := &List{}
	l.SetItems(items)
	l.at = max(min(at, len(items)-1), 0)
	return l
}

// SetItems replaces the items; the query stays, the cursor goes to the first.
func (l *List) SetItems(items []Item) {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.Text
		if item.Note != "" {
			texts[i] += " " + item.Note
		}
	}
	l.items, l.match = items, newMatcher(texts)
	l.Filter(l.Line.Value())
}

// Filter shows the items that match a query, which is the line's own unless
// the owner knows better.
func (l *List) Filter(query string) {
	l.match.find(strings.TrimSpace(query))
	l.at, l.top = 0, 0
}

// Len is how many items there are, Found how many match.
func (l *List) Len() int { return len(l.items) }

// Found is how many items match.
func (l *List) Found() int { return len(l.match.hits) }

// Selected gives the index of the item that the cursor is on; false if none
// matches.
func (l *List) Selected() (int, bool) {
	if l.at >= len(l.match.hits) {
		return 0, false
	}
	return l.match.hits[l.at].index, true
}

// Move goes by rows, within the list.
func (l *List) Move(by int) {
	l.at = max(min(l.at+by, len(l.match.hits)-1), 0)
}

// Select puts the cursor on the item at an index, if it matches.
func (l *List) Select(index int) {
	for i, h := range l.match.hits {
		if h.index == index {
			l.at = i
			return
		}
	}
}

// First says whether the cursor is on the first row.
func (l *List) First() bool { return l.at == 0 }

// Next goes to the next row, and from the last one to the first.
func (l *List) Next() {
	if n := len(l.match.hits); n > 0 {
		l.at = (l.at + 1) % n
	}
}

// Do carries out an action that moves; false if it is none of these.
func (l *List) Do(a keys.Action) bool {
	page := max(l.rows-1, 1)
	switch a {
	case keys.Up:
		l.Move(-1)
	case keys.Down:
		l.Move(1)
	case keys.PageUp:
		l.Move(-page)
	case keys.PageDown:
		l.Move(page)
	case keys.Top:
		l.Move(-len(l.items))
	case keys.Bottom:
		l.Move(len(l.items))
	default:
		return false
	}
	return true
}

// Update handles what moves, edits or pastes, and says whether the text
// changed; the list is filtered by it already.
func (l *List) Update(env parts.Env, msg tea.Msg) bool {
	was := l.Line.Value()
	switch msg := msg.(type) {
	case tea.PasteMsg:
		l.Line.Insert(strings.TrimSpace(msg.Content))
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			l.Move(-3)
		case tea.MouseWheelDown:
			l.Move(3)
		}
	case tea.KeyPressMsg:
		if !l.Do(env.Keys.Match(msg.String(), keys.Popup)) {
			l.Line.Press(env, msg)
		}
	}
	if l.Line.Value() == was {
		return false
	}
	l.Filter(l.Line.Value())
	return true
}

// Click puts the cursor on the row y of what Rows drew last; false if there is
// none.
func (l *List) Click(y int) bool {
	if y < 0 || y >= l.rows || l.top+y >= len(l.match.hits) {
		return false
	}
	l.at = l.top + y
	return true
}

// Query draws the line that is being typed.
func (l *List) Query(env parts.Env, w int, hint string) string {
	return env.Theme.Accent.Render(env.Theme.Icons.Cursor) + " " + l.Line.View(env, w-2, hint)
}

// QueryX is the column of the cursor in what Query drew last.
func (l *List) QueryX() int { return 2 + l.Line.Column() }

// Rows draws the rows that are in sight, at most h of them, each at most w
// cells wide. The cursor is drawn if the list is focused.
func (l *List) Rows(env parts.Env, w, h int, focused bool) []string {
	hits := l.match.hits
	l.rows = h
	if h < 1 || w < 4 {
		return nil
	}
	l.top = max(min(l.top, l.at, len(hits)-h), l.at-h+1, 0)
	end := min(l.top+h, len(hits))
	c := l.columns(l.top, end, w)
	out := make([]string, 0, h)
	for i := l.top; i < end; i++ {
		out = append(out, l.row(env, hits[i].index, focused && i == l.at, c))
	}
	return out
}

// columns are the widths of a row's parts.
type columns struct{ mark, text, note, key int }

// columns shares the room among the rows in sight; the text has what the others
// leave, and they go where it would have too little.
func (l *List) columns(from, to, w int) columns {
	var c columns
	for i := from; i < to; i++ {
		item := l.items[l.match.hits[i].index]
		if item.Mark != "" {
			c.mark = 2
		}
		c.text = max(c.text, ansi.StringWidth(item.Text))
		c.note = max(c.note, ansi.StringWidth(item.Note))
		c.key = max(c.key, ansi.StringWidth(item.Key))
	}
	room := w - 2 - c.mark
	if c.key > 0 {
		c.key += 2
		if room-c.key < 16 {
			c.key = 0
		}
		room -= c.key
	}
	if c.note > 0 {
		left := room - min(c.text, room)
		if short := min(c.note, 20) + 2; left < short && room-short >= 24 {
			left = short // a long text gives way to a short note
		}
		if left < c.note+2 && left < 8 {
			left = 0 // one that is cut too short says nothing
		}
		c.note = min(c.note+2, left)
	}
	c.text = min(c.text, room-c.note)
	if c.key > 0 {
		c.text = room - c.note
	}
	return c
}

func (l *List) row(env parts.Env, index int, here bool, c columns) string {
	t, item := env.Theme, l.items[index]
	lead, style := "  ", t.Text
	if item.Dim {
		style = t.Quiet
	}
	if here {
		lead, style = t.Accent.Render(t.Icons.Cursor)+" ", t.Selected
	}
	if c.mark > 0 {
		lead += parts.Fit(item.Mark, c.mark)
	}
	found := l.match.found(index)
	text := parts.Clip(item.Text, c.text)
	s := lead + highlight(text, found, 0, style, t.Match)
	if c.note > 0 && item.Note != "" {
		s += parts.Blank(c.text - ansi.StringWidth(text) + 2)
		s += highlight(cut(item.Note, c.note-2), found, len([]rune(item.Text))+1, t.Quiet, t.Match)
	}
	if c.key > 0 && item.Key != "" {
		s = parts.Fit(s, 2+c.mark+c.text+c.note) + t.Key.Render(parts.Right(item.Key, c.key))
	}
	return s
}

// cut makes a note fit: what stands behind two spaces is the first to go.
func cut(note string, w int) string {
	for ansi.StringWidth(note) > w {
		i := strings.LastIndex(note, "  ")
		if i < 0 || strings.TrimSpace(note[:i]) == "" {
			break
		}
		note = note[:i]
	}
	return parts.Clip(note, w)
}

// highlight draws text with the characters that were found in another style;
// its first character is at number offset of what was matched.
func highlight(text string, found map[int]bool, offset int, plain, match lipgloss.Style) string {
	if len(found) == 0 {
		return plain.Render(text)
	}
	var b strings.Builder
	run, inside, i := 0, false, offset
	flush := func(to int) {
		if to > run {
			style := plain
			if inside {
				style = match
			}
			b.WriteString(style.Render(text[run:to]))
		}
		run = to
	}
	for at := 0; at < len(text); {
		n, _ := parts.Cluster(text[at:])
		hit := false
		for range text[at : at+n] {
			hit = hit || found[i]
			i++
		}
		if hit != inside {
			flush(at)
			inside = hit
		}
		at += n
	}
	flush(len(text))
	return b.String()
}

// Clean makes a text fit for a row: one line, no control characters, spaces
// not doubled.
func Clean(s string) string { return strings.Join(strings.Fields(backend.Clean(s)), " ") }
