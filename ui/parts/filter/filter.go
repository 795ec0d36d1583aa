// Package filter is a list that filters as you type, fuzzily, best matches
// first: the middle of the picker, the palette, the search of prompts and the
// choice of files. It knows texts and a cursor; what a row means is its
// owner's business.
package filter

import (
	"strings"

	tea "charm.land/bubbletea/v2"

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

// Clean makes a text fit for a row: one line, no control characters, spaces
// not doubled.
func Clean(s string) string { return strings.Join(strings.Fields(backend.Clean(s)), " ") }
