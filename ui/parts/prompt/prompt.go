// Package prompt is the editor of the prompt: several lines, wrapped at words,
// with the habits of a shell, earlier prompts on Up and Down, and the
// terminal's own cursor. Saving, searching and $EDITOR are the page's.
//
// Why not bubbles' textarea: it takes 90 to 100 ms for a key in a prompt of 100
// KB, for it wraps and styles every line each time.
package prompt

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Editor is the prompt editor. Make one with New.
type Editor struct {
	buf     buffer
	top     int // the first row that is drawn
	walk    walk
	undo    []snapshot
	typing  bool // the last change was typed: the next letter joins its undo
	changes int
	chars   int // the length in characters at change number counted
	counted int
}

// snapshot is the text before a change.
type snapshot struct {
	text     string
	row, col int
}

const undoMax = 50

// New makes an empty Editor.
func New() *Editor {
	e := &Editor{buf: buffer{goal: -1, width: 40}, counted: -1}
	e.buf.set("")
	return e
}

// Value is the text, lines parted by "\n".
func (e *Editor) Value() string { return e.buf.text() }

// Changes counts the changes of the text: the text is the same while it is.
func (e *Editor) Changes() int { return e.changes }

// Length is the length of the text in characters.
func (e *Editor) Length() int {
	if e.counted != e.changes {
		e.chars, e.counted = len(e.buf.lines)-1, e.changes
		for _, l := range e.buf.lines {
			e.chars += utf8.RuneCountInString(l.text)
		}
	}
	return e.chars
}

// SetValue replaces the text; it can be undone. The cursor goes to the end.
func (e *Editor) SetValue(text string) {
	e.remember(false)
	e.buf.set(backend.CleanLines(text))
	e.walk.at = 0
	e.changed()
}

// Insert puts text at the cursor as if it were pasted: cleaned, its lines kept.
func (e *Editor) Insert(text string) {
	e.remember(false)
	e.buf.insert(backend.CleanLines(text))
	e.walk.at = 0
	e.changed()
}

func (e *Editor) changed() { e.changes++ }

// remember keeps the text for undo. Letters typed in a row are one change.
func (e *Editor) remember(typed bool) {
	if typed && e.typing {
		return
	}
	e.typing = typed
	if len(e.undo) == undoMax {
		e.undo = append(e.undo[:0], e.undo[1:]...)
	}
	e.undo = append(e.undo, snapshot{e.Value(), e.buf.row, e.buf.col})
}

// Press handles a key that is no other business of the page's. It says whether
// the key meant something here.
func (e *Editor) Press(env parts.Env, k tea.KeyPressMsg) bool {
	if a := env.Keys.Match(k.String(), keys.Prompt); a != "" {
		return e.Do(a)
	}
	switch k.String() {
	case "left":
		e.stay(e.buf.before())
	case "right":
		e.stay(e.buf.after())
	case "backspace", "shift+backspace", "ctrl+h":
		e.delete(e.buf.before())
	case "delete", "ctrl+d":
		e.delete(e.buf.after())
	default:
		if k.Text == "" {
			return false
		}
		e.remember(true)
		e.typing = k.Text != " "
		e.buf.insert(backend.CleanLines(k.Text))
		e.walk.at = 0
		e.changed()
	}
	return true
}

// Do carries out an action of the editor; false if it is none of its own, or if
// there was nothing to do.
func (e *Editor) Do(a keys.Action) bool {
	b := &e.buf
	switch a {
	case keys.Newline:
		e.Insert("\n")
	case keys.Clear:
		e.delete2(0, 0, len(b.lines)-1, len(b.lines[len(b.lines)-1].text))
	case keys.Undo:
		e.takeBack()
	case keys.Earlier:
		if !b.step(-1) && e.walk.step(e, 1) {
			e.typing = false
			e.changed()
		}
	case keys.Later:
		if !b.step(1) && e.walk.at > 0 && e.walk.step(e, -1) {
			e.typing = false
			e.changed()
		}
	case keys.CutWord:
		e.delete(b.wordBefore())
	case keys.CutWordNext:
		e.delete(b.wordAfter())
	case keys.CutLine:
		if n := len(b.lines[b.row].text); b.col < n {
			e.delete(b.row, n)
		} else {
			e.delete(b.after())
		}
	default:
		return e.move(a)
	}
	return true
}

// move carries out the actions that only move the cursor.
func (e *Editor) move(a keys.Action) bool {
	b := &e.buf
	switch a {
	case keys.LineStart:
		e.stay(b.row, 0)
	case keys.LineEnd:
		e.stay(b.row, len(b.lines[b.row].text))
	case keys.WordLeft:
		e.stay(b.wordBefore())
	case keys.WordRight:
		e.stay(b.wordAfter())
	case keys.TextStart:
		e.stay(0, 0)
	case keys.TextEnd:
		b.end()
	case keys.PageUp:
		for range 8 {
			b.step(-1)
		}
	case keys.PageDown:
		for range 8 {
			b.step(1)
		}
	default:
		return false
	}
	e.typing = false
	return true
}

func (e *Editor) stay(row, col int) {
	e.typing = false
	e.buf.move(row, col)
}

// delete cuts from the cursor to a place.
func (e *Editor) delete(row, col int) {
	if row == e.buf.row && col == e.buf.col {
		return
	}
	e.delete2(e.buf.row, e.buf.col, row, col)
}

func (e *Editor) delete2(r1, c1, r2, c2 int) {
	e.remember(false)
	e.buf.move(r1, c1)
	e.buf.cut(r2, c2)
	e.walk.at = 0
	e.changed()
}

func (e *Editor) takeBack() {
	if len(e.undo) == 0 {
		return
	}
	s := e.undo[len(e.undo)-1]
	e.undo = e.undo[:len(e.undo)-1]
	e.buf.set(s.text)
	e.buf.move(s.row, s.col)
	e.typing, e.walk.at = false, 0
	e.changed()
}

// View draws h rows of at most w cells. The last column is kept free for the
// cursor.
func (e *Editor) View(env parts.Env, w, h int) []string {
	e.buf.resize(w - 1)
	sub, _ := e.buf.visual()
	e.scroll(e.buf.above(e.buf.row)+sub, h)
	out := make([]string, 0, h)
	at := 0
	for i := 0; i < len(e.buf.lines) && len(out) < h; i++ {
		starts, text := e.buf.rows(i), e.buf.lines[i].text
		for s := max(0, e.top-at); s < len(starts) && len(out) < h; s++ {
			end := len(text)
			if s+1 < len(starts) {
				end = starts[s+1]
			}
			row := text[starts[s]:end]
			if s+1 < len(starts) {
				row = strings.TrimRight(row, " ")
			}
			out = append(out, env.Theme.Text.Render(parts.Clip(row, w)))
		}
		at += len(starts)
	}
	for len(out) < h {
		out = append(out, "")
	}
	return out
}

// scroll keeps the row of the cursor in view.
func (e *Editor) scroll(row, h int) {
	total := e.buf.above(len(e.buf.lines))
	e.top = min(e.top, row, max(0, total-h))
	e.top = max(e.top, row-h+1, 0)
}

// Cursor is where the cursor stands in what View drew last.
func (e *Editor) Cursor() (x, y int) {
	sub, x := e.buf.visual()
	return min(x, e.buf.width), e.buf.above(e.buf.row) + sub - e.top
}

// More says how many rows are hidden over and under what View drew last.
func (e *Editor) More(h int) (above, below int) {
	return e.top, max(0, e.buf.above(len(e.buf.lines))-e.top-h)
}

// Rows is how many rows the text takes in w cells; it will be drawn in as many.
func (e *Editor) Rows(w int) int {
	e.buf.resize(w - 1)
	return e.buf.above(len(e.buf.lines))
}

// Click puts the cursor at a cell of what View drew last.
func (e *Editor) Click(x, y int) {
	e.typing = false
	row := e.top + y
	for i := range e.buf.lines {
		if n := len(e.buf.rows(i)); row < n {
			e.buf.place(i, max(row, 0), max(x, 0))
			return
		} else {
			row -= n
		}
	}
	e.buf.end()
}

// Wheel moves by rows, without walking through earlier prompts.
func (e *Editor) Wheel(by int) {
	e.typing = false
	for range max(by, -by) {
		e.buf.step(by / max(by, -by))
	}
}
