// Package messages is the log of the one-line messages of the screen, and the
// popup that shows it. When something is said, and what, is decided elsewhere.
package messages

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Kept is how many messages a Log keeps: the last ones.
const Kept = 500

// Entry is a message.
type Entry struct {
	At    time.Time
	Level ask.Level
	Text  string
}

// Log is the messages so far, the oldest first. The zero value is empty.
type Log struct {
	entries []Entry
	added   int
}

// Add keeps a message, in one clean line.
func (l *Log) Add(at time.Time, level ask.Level, text string) {
	l.added++
	l.entries = append(l.entries, Entry{at, level, strings.Join(strings.Fields(backend.Clean(text)), " ")})
	if n := len(l.entries) - Kept; n > 0 {
		l.entries = append(l.entries[:0], l.entries[n:]...)
	}
}

// Entries gives the messages, the oldest first. It must not be changed.
func (l *Log) Entries() []Entry { return l.entries }

// Last is the message that was said last; false if nothing was.
func (l *Log) Last() (Entry, bool) {
	if len(l.entries) == 0 {
		return Entry{}, false
	}
	return l.entries[len(l.entries)-1], true
}

// Messages is the popup. Make one with New.
type Messages struct {
	log    *Log
	scroll parts.Scroll

	lines []string // as they were drawn for:
	width int
	added int
	dark  bool
}

// New makes the popup of a log, at its end.
func New(log *Log) *Messages {
	m := &Messages{log: log, width: -1}
	m.scroll.End()
	return m
}

// Update handles a key or the wheel.
func (m *Messages) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch env.Keys.Match(k.String(), keys.Viewer, keys.Popup) {
		case keys.Cancel, keys.Accept:
			return nil, true
		case keys.CopyShown:
			return parts.Send(ask.Copy{Text: m.text(), What: env.Words.Say("popups.copy_messages")}), false
		}
	}
	m.scroll.Update(env, msg)
	return nil, false
}

func (m *Messages) text() string {
	var b strings.Builder
	for _, e := range m.log.entries {
		b.WriteString(e.At.Format("2006-01-02 15:04:05") + " " + e.Text + "\n")
	}
	return b.String()
}

// Style is how messages of a level look, with the icon before them.
func Style(env parts.Env, level ask.Level) (icon string, style lipgloss.Style) {
	t := env.Theme
	switch level {
	case ask.Good:
		return t.Icons.Done, t.Done
	case ask.Warn:
		return t.Icons.Warn, t.Unsure
	case ask.Bad:
		return t.Icons.Failed, t.Failed
	}
	return t.Icons.Info, t.Quiet
}

// View draws the messages, the last one at the bottom.
func (m *Messages) View(env parts.Env, w, h int) string {
	w = min(w, 100)
	iw, ih := parts.Inside(w, h)
	m.layout(env, iw)
	room := max(min(ih, max(len(m.lines), 6)), 0)
	shown := m.scroll.Window(m.lines, room)
	for len(shown) < room {
		shown = append(shown[:len(shown):len(shown)], "")
	}
	note := ""
	if !m.scroll.Fits() {
		note = env.Words.Say("popups.percent", m.scroll.Percent())
	}
	return parts.Frame{Title: m.Title(env), Note: note}.View(env, w, h, shown)
}

// layout wraps the messages, anew when there are others or the width is.
func (m *Messages) layout(env parts.Env, w int) {
	if m.width == w && m.added == m.log.added && m.dark == env.Theme.Dark {
		return
	}
	atEnd := m.width < 0 || m.scroll.Percent() == 100
	m.width, m.added, m.dark = w, m.log.added, env.Theme.Dark
	m.lines = nil
	for _, e := range m.log.entries {
		m.lines = append(m.lines, entry(env, e, w)...)
	}
	if len(m.lines) == 0 {
		m.lines = []string{env.Theme.Quiet.Render(env.Words.Say("popups.messages_none"))}
	}
	if atEnd {
		m.scroll.End()
	}
}

func entry(env parts.Env, e Entry, w int) []string {
	icon, style := Style(env, e.Level)
	head := env.Theme.Quiet.Render(e.At.Local().Format("15:04:05")) + "  " + style.Render(icon) + " "
	col := ansi.StringWidth(head)
	if e.Level == ask.Info || e.Level == ask.Good { // what went well is not shouted
		style = env.Theme.Text
	}
	var out []string
	for _, s := range parts.Wrap(e.Text, max(w-col, 8)) {
		out = append(out, head+style.Render(s))
		head = parts.Blank(col)
	}
	return out
}

// Cursor is nowhere: nothing is typed here.
func (m *Messages) Cursor(parts.Env) (x, y int, ok bool) { return 0, 0, false }

// Keys are the keys that work here.
func (m *Messages) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.CopyShown, keys.Cancel)
}

// Title names the popup.
func (m *Messages) Title(env parts.Env) string { return env.Words.Say("popups.messages") }
