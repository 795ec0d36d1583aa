// Package confirm is a popup that asks a question and offers a few answers. The
// one that does no harm is selected first, so that a key that was meant for
// something else changes nothing. What an answer leads to is the asker's.
package confirm

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Choice is an answer. Note says quietly what it leads to.
type Choice struct{ Value, Label, Note string }

// Question is what is asked. Safe is the index of the choice that is selected
// first. A choice with the value "" answers nothing: the popup just closes.
type Question struct {
	Tag, Title, Text string
	Choices          []Choice
	Safe             int
}

// Confirm is the popup. Make one with New or YesNo.
type Confirm struct {
	what Question
	at   int
	rowY int
	rows []int // which choice each row under rowY belongs to
}

// New makes the popup of a question. The answer is ask.Picked with the value
// of a choice; Esc answers nothing.
func New(what Question) *Confirm {
	return &Confirm{what: what, at: max(min(what.Safe, len(what.Choices)-1), 0)}
}

// YesNo makes the popup of a question that needs an explicit yes; its answer has
// the value "yes".
func YesNo(env parts.Env, what ask.Confirm) *Confirm {
	return New(Question{Tag: what.Tag, Title: what.Title, Text: what.Text, Choices: []Choice{
		{Label: env.Words.Say("popups.no")},
		{Value: "yes", Label: what.Yes},
	}})
}

// Update handles a key or a click (relative to the box).
func (c *Confirm) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Popup, keys.Viewer) {
		case keys.Cancel:
			return nil, true
		case keys.Accept:
			return c.accept()
		case keys.Up, keys.PrevSection:
			c.move(-1)
		case keys.Down, keys.NextSection, keys.Complete:
			c.move(1)
		}
	case tea.MouseClickMsg:
		if y := msg.Y - c.rowY; msg.Button == tea.MouseLeft && y >= 0 && y < len(c.rows) {
			if c.at == c.rows[y] {
				return c.accept()
			}
			c.at = c.rows[y]
		}
	}
	return nil, false
}

func (c *Confirm) move(by int) {
	if n := len(c.what.Choices); n > 0 {
		c.at = (c.at + by + n) % n
	}
}

func (c *Confirm) accept() (tea.Cmd, bool) {
	if c.at >= len(c.what.Choices) || c.what.Choices[c.at].Value == "" {
		return nil, true
	}
	return parts.Send(ask.Picked{Tag: c.what.Tag, Value: c.what.Choices[c.at].Value}), true
}

// View draws the question and the answers. The answers are always in sight: the
// question gives way.
func (c *Confirm) View(env parts.Env, w, h int) string {
	w = min(w, 64)
	iw, ih := parts.Inside(w, h)
	rows, owner, first := c.choices(env, iw, ih, false)
	if len(rows)+len(parts.Wrap(c.what.Text, iw))+1 > ih {
		rows, owner, first = c.choices(env, iw, ih, true)
	}
	var lines []string
	if c.what.Text != "" {
		lines = parts.Wrap(backend.CleanLines(c.what.Text), iw)
	}
	if room := max(ih-len(rows)-1, 0); len(lines) > room {
		lines = lines[:room]
	}
	for i, s := range lines {
		lines[i] = env.Theme.Text.Render(s)
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	c.rowY, c.rows = parts.FrameY+len(lines), owner[first:]
	return parts.Frame{Title: c.Title(env)}.View(env, w, h, append(lines, rows[first:]...))
}

// choices draws the answers; first is the row with which to begin, so that the
// selected one is among at most h rows. Where there is little room, only the
// selected one has its note.
func (c *Confirm) choices(env parts.Env, w, h int, tight bool) (rows []string, owner []int, first int) {
	t, last := env.Theme, 0
	for i, choice := range c.what.Choices {
		lead, style := "  ", t.Text
		if i == c.at {
			lead, style = t.Accent.Render(t.Icons.Cursor)+" ", t.Selected
		}
		rows = append(rows, lead+style.Render(parts.Clip(backend.Clean(choice.Label), w-2)))
		owner = append(owner, i)
		if choice.Note != "" && (i == c.at || !tight) {
			for _, s := range parts.Wrap(backend.Clean(choice.Note), w-4) {
				rows, owner = append(rows, "    "+t.Quiet.Render(s)), append(owner, i)
			}
		}
		if i == c.at {
			last = len(rows)
		}
	}
	return rows[:max(min(len(rows), max(last, h)), 0)], owner[:max(min(len(owner), max(last, h)), 0)], max(last-h, 0)
}

// Cursor is nowhere: nothing is typed here.
func (c *Confirm) Cursor(parts.Env) (x, y int, ok bool) { return 0, 0, false }

// Keys are the keys that work here.
func (c *Confirm) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Accept, keys.Cancel)
}

// Title is the question in a few words.
func (c *Confirm) Title(parts.Env) string { return backend.Clean(c.what.Title) }
