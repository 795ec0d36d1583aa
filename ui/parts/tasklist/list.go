// Package tasklist is the list of tasks: newest first, with a cursor that holds
// a task's id and so stays where the person put it, and a filter. It draws the
// rows that are visible and no others. What a key on a row does is the page's.
package tasklist

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/facts"
	"easel/ui/keys"
)

// List is the list of tasks. The zero value is an empty list without a cursor.
type List struct {
	cursor string // the id; "" for none
	near   int    // where it was last, should the task go away
	top    int
	filter string
	typing bool

	rows    []string // the ids that pass the filter
	version int      // of the facts, for which rows is right
	query   string   // and the filter
	known   bool
}

// Rows gives the ids that are listed, the newest first.
func (l *List) Rows(f *facts.Facts) []string {
	if l.known && l.version == f.Version() && l.query == l.filter {
		return l.rows
	}
	l.version, l.query, l.known = f.Version(), l.filter, true
	words := strings.Fields(strings.ToLower(l.filter))
	if len(words) == 0 {
		l.rows = f.Order()
	} else {
		l.rows = nil
		for _, id := range f.Order() {
			if t, ok := f.Task(id); ok && matches(t, words) {
				l.rows = append(l.rows, id)
			}
		}
	}
	l.keep()
	return l.rows
}

// keep finds a new place for the cursor if its task is not listed any more.
func (l *List) keep() {
	if l.cursor == "" {
		return
	}
	if i := slices.Index(l.rows, l.cursor); i >= 0 {
		l.near = i
		return
	}
	if len(l.rows) == 0 {
		return // it comes back with the filter
	}
	l.near = min(l.near, len(l.rows)-1)
	l.cursor = l.rows[l.near]
}

// matches says whether a task holds every word, which are in lower case.
func matches(t task.Task, words []string) bool {
	r := t.Request
	text := strings.ToLower(strings.Join([]string{r.Prompt, r.Provider, r.Model, string(t.State), t.ID, t.Ticket}, "\n"))
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Cursor is the id of the selected task, "" for none.
func (l *List) Cursor() string { return l.cursor }

// Select puts the cursor on a task.
func (l *List) Select(id string) { l.cursor, l.known = id, false }

// Selected gives the task under the cursor.
func (l *List) Selected(f *facts.Facts) (task.Task, bool) {
	rows := l.Rows(f)
	if l.cursor == "" || len(rows) == 0 {
		return task.Task{}, false
	}
	return f.Task(l.cursor)
}

// Move goes by rows. Without a cursor the first row is selected.
func (l *List) Move(f *facts.Facts, by int) {
	rows := l.Rows(f)
	if len(rows) == 0 {
		return
	}
	at := slices.Index(rows, l.cursor)
	if at < 0 {
		at, by = 0, 0
	}
	l.near = min(max(at+by, 0), len(rows)-1)
	l.cursor = rows[l.near]
}

// Do carries out an action of the list; page is how many rows are seen. False
// if the action is none of its own.
func (l *List) Do(f *facts.Facts, a keys.Action, page int) bool {
	switch a {
	case keys.Down:
		l.Move(f, 1)
	case keys.Up:
		l.Move(f, -1)
	case keys.Top:
		l.Move(f, -len(l.Rows(f)))
	case keys.Bottom:
		l.Move(f, len(l.Rows(f)))
	case keys.PageDown:
		l.Move(f, max(page-1, 1))
	case keys.PageUp:
		l.Move(f, -max(page-1, 1))
	case keys.Filter:
		l.typing = true
	default:
		return false
	}
	return true
}

// Filter is the filter as it stands, and whether it is being typed.
func (l *List) Filter() (text string, typing bool) { return l.filter, l.typing }

// Press handles a key while the filter is being typed: enter keeps it, esc
// drops it. Up and Down move in the list below.
func (l *List) Press(f *facts.Facts, k tea.KeyPressMsg) {
	switch k.String() {
	case "enter", "tab":
		l.typing = false
	case "esc":
		l.typing, l.filter = false, ""
	case "backspace":
		if l.filter == "" {
			l.typing = false
			break
		}
		r := []rune(l.filter)
		l.filter = string(r[:len(r)-1])
	case "ctrl+u", "ctrl+w":
		l.filter = ""
	case "down", "ctrl+n":
		l.Move(f, 1)
	case "up", "ctrl+p":
		l.Move(f, -1)
	default:
		l.Type(k.Text)
	}
}

// Type adds text to the filter, as if it were typed or pasted.
func (l *List) Type(text string) {
	if l.filter += backend.Clean(text); len(l.filter) > 200 {
		l.filter = strings.ToValidUTF8(l.filter[:200], "")
	}
}

// Drop ends the filter.
func (l *List) Drop() { l.filter, l.typing = "", false }

// Click selects the row y of what was drawn last; false if there is none.
func (l *List) Click(f *facts.Facts, y int) bool {
	rows := l.Rows(f)
	if at := l.top + y; at >= 0 && at < len(rows) && y >= 0 {
		l.cursor, l.near = rows[at], at
		return true
	}
	return false
}

// Visible gives the ids that View draws in h rows: a timer is needed while one
// of them moves.
func (l *List) Visible(f *facts.Facts, h int) []string {
	rows := l.Rows(f)
	l.scroll(rows, h)
	return rows[l.top:min(l.top+max(h, 0), len(rows))]
}

func (l *List) scroll(rows []string, h int) {
	h = max(h, 1)
	l.top = max(0, min(l.top, len(rows)-h))
	if l.cursor == "" {
		return
	}
	if l.near < len(rows) && rows[l.near] == l.cursor {
		l.top = max(min(l.top, l.near), l.near-h+1)
	}
}
