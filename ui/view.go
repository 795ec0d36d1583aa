package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/keys"
	"easel/ui/pages/studio"
	"easel/ui/parts"
)

// small says whether the screen has not the room that the studio needs.
func (m *model) small() bool {
	return m.env.Width < studio.MinWidth || m.env.Height < studio.MinHeight
}

// View draws the screen.
func (m *model) View() tea.View {
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: m.title()}
	if m.cfg.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.small() {
		v.Content = m.tooSmall()
		return v
	}
	lines := make([]string, 0, m.env.Height)
	lines = append(lines, m.header(), m.env.Theme.Rule(m.env.Width))
	lines = append(lines, m.page.View(m.env)...)
	lines = append(lines, m.bottom(), m.footer())
	if len(m.popups) > 0 {
		v.Cursor = m.overlay(lines)
	} else if x, y, ok := m.page.Cursor(m.env); ok {
		v.Cursor = cursor(x, y)
	}
	v.Content = strings.Join(lines, "\n")
	return v
}

// cursor is the terminal's own, in the person's own shape.
func cursor(x, y int) *tea.Cursor {
	c := tea.NewCursor(x, y)
	c.Shape, c.Blink = tea.CursorBar, true
	return c
}

func (m *model) title() string {
	if n := m.facts.Count(m.env.Now).Running; n > 0 {
		return "easel · " + m.env.Words.Say("studio.count.running", n)
	}
	return "easel"
}

func (m *model) tooSmall() string {
	words := m.env.Words.Say("studio.small", studio.MinWidth, studio.MinHeight, m.env.Width, m.env.Height)
	var lines []string
	for _, s := range strings.Split(ansi.Wrap(words, max(m.env.Width, 1), ""), "\n") {
		if len(lines) < m.env.Height {
			lines = append(lines, parts.Clip(s, m.env.Width))
		}
	}
	return strings.Join(lines, "\n")
}

// header is the first row: where one is, and what is going on.
func (m *model) header() string {
	t, say, c := m.env.Theme, m.env.Words.Say, m.facts.Count(m.env.Now)
	left := " " + t.Accent.Render("easel") + "   " + t.Tab.Render(say("studio.name"))
	sep := t.Quiet.Render(" " + t.Icons.Separator + " ")
	var bits []string
	if c.Running > 0 {
		bits = append(bits, t.Running.Render(say("studio.count.running", c.Running)))
	}
	if c.Unsure > 0 {
		bits = append(bits, t.Unsure.Render(say("studio.count.unsure", c.Unsure)))
	}
	if c.Waiting > 0 {
		bits = append(bits, t.Unsure.Render(say("studio.count.waiting", c.Waiting)))
	}
	bits = append(bits, t.Quiet.Render(parts.Clip(backend.Clean(m.page.Provider()), 20)))
	right := strings.Join(bits, sep) + " "
	room := m.env.Width - ansi.StringWidth(left)
	return left + parts.Right(right, room)
}

// bottom is the rule over the keys; a message stands in it.
func (m *model) bottom() string {
	t, w := m.env.Theme, m.env.Width
	if !m.shown {
		return t.Rule(w)
	}
	msg := m.log[len(m.log)-1]
	icon, style := t.Icons.Info, t.Text
	switch msg.Level {
	case good:
		icon, style = t.Icons.Done, t.Done
	case warn:
		icon, style = "!", t.Unsure
	case bad:
		icon, style = t.Icons.Failed, t.Failed
	}
	text := " " + style.Render(icon) + " " + messageStyle(style, msg, t.Text).Render(parts.Clip(msg.Text, w-6)) + " "
	return t.Rule(1) + text + t.Rule(w-1-ansi.StringWidth(text))
}

// messageStyle colours what is wrong; what went well is plain.
func messageStyle(style lipgloss.Style, msg Message, text lipgloss.Style) lipgloss.Style {
	if msg.Level == warn || msg.Level == bad {
		return style
	}
	return text
}

// footer names the keys that work here, as many as have room; the last two,
// which lead to all others, stay.
func (m *model) footer() string {
	t := m.env.Theme
	var items []string
	for _, b := range m.hints() {
		h := b.Help()
		if h.Key == "" {
			continue
		}
		items = append(items, t.Key.Render(h.Key)+" "+t.Quiet.Render(h.Desc))
	}
	room := m.env.Width - 2
	width := func(list []string) int {
		n := 0
		for _, s := range list {
			n += ansi.StringWidth(s) + 3
		}
		return n - 3
	}
	for len(items) > 2 && width(items) > room {
		items = append(items[:len(items)-3], items[len(items)-2:]...)
	}
	return " " + parts.Clip(strings.Join(items, "   "), room)
}

func (m *model) hints() []binding {
	if len(m.popups) > 0 {
		return m.popups[len(m.popups)-1].Keys(m.env)
	}
	return m.env.Keys.Bindings(m.page.Hints(m.env)...)
}

// overlay draws the popups over the lines, the top one last, and gives its
// cursor.
func (m *model) overlay(lines []string) *tea.Cursor {
	var at *tea.Cursor
	room := len(lines) - 2
	for _, p := range m.popups {
		at = nil
		box := strings.Split(p.View(m.env, min(m.env.Width-4, 100), room-1), "\n")
		w := 0
		for _, row := range box {
			w = max(w, ansi.StringWidth(row))
		}
		x, y := max((m.env.Width-w)/2, 0), max((room-len(box))/3, 0)+1
		y = max(0, min(y, len(lines)-1-len(box)))
		for i, row := range box {
			if y+i < len(lines) {
				lines[y+i] = parts.Over(lines[y+i], parts.Fit(row, w), x, w)
			}
		}
		if cx, cy, ok := p.Cursor(m.env); ok {
			at = cursor(x+cx, y+cy)
		}
	}
	return at
}

// places are the bindings that work now.
func (m *model) places() []keys.Place { return m.page.Places() }
