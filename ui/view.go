package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/pages/studio"
	"easel/ui/parts"
	"easel/ui/parts/messages"
)

// small says whether the screen has not the room that the studio needs.
func (m *model) small() bool {
	return m.env.Width < studio.MinWidth || m.env.Height < studio.MinHeight
}

// View draws the screen: nothing, as long as its size is not known.
func (m *model) View() tea.View {
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: m.title()}
	if m.cfg.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if !m.sized {
		return v
	}
	if m.small() {
		v.Content = m.tooSmall()
		return v
	}
	lines := make([]string, 0, m.env.Height)
	lines = append(lines, m.header(), m.env.Theme.Rule(m.env.Width))
	lines = append(lines, m.page.View(m.env)...)
	bottom := m.bottom()
	lines = append(append(lines[:len(lines)+1-len(bottom)], bottom...), m.footer())
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
	for _, s := range parts.Wrap(words, m.env.Width) {
		if len(lines) < m.env.Height {
			lines = append(lines, parts.Clip(s, m.env.Width))
		}
	}
	return strings.Join(lines, "\n")
}

// header is the first row: where one is, and what is going on.
func (m *model) header() string {
	t, say, c := m.env.Theme, m.env.Words.Say, m.facts.Count(m.env.Now)
	left := " " + t.Accent.Render("easel") + "   "
	for i, name := range m.names() {
		style := t.Quiet
		if (m.page == page(m.gallery)) == (i == 1) {
			style = t.Tab
		}
		left += style.Render(name) + "   "
	}
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
	bits = append(bits, t.Quiet.Render(parts.Clip(backend.Clean(m.studio.Provider()), 20)))
	right := strings.Join(bits, sep) + " "
	room := m.env.Width - ansi.StringWidth(left)
	return left + parts.Right(right, room)
}

// names are the names of the pages, as the header shows them.
func (m *model) names() []string {
	return []string{m.env.Words.Say("studio.name"), m.env.Words.Say("gallery.name")}
}

// clickHeader turns to the page whose name was clicked on.
func (m *model) clickHeader(x int) []tea.Cmd {
	from := len(" easel   ")
	for i, name := range m.names() {
		if w := ansi.StringWidth(name); x >= from-1 && x <= from+w {
			return m.turnTo([]page{m.studio, m.gallery}[i])
		}
		from += ansi.StringWidth(name) + 3
	}
	return nil
}

// bottom is the rule over the keys, in which the last message stands. A long one
// takes rows of the page over it, so that what to do is never cut off.
func (m *model) bottom() []string {
	t, w := m.env.Theme, m.env.Width
	last, ok := m.log.Last()
	if !m.shown || !ok {
		return []string{t.Rule(w)}
	}
	icon, style := messages.Style(m.env, last.Level)
	text := t.Text
	if last.Level == ask.Warn || last.Level == ask.Bad {
		text = style
	}
	rows := parts.Wrap(last.Text, w-6)
	if most := max(1, m.env.Height/6); len(rows) > most {
		rows = rows[:most]
		rows[most-1] = parts.Clip(rows[most-1]+"…", w-6)
	}
	for i, row := range rows {
		mark := "    "
		if i == 0 {
			mark = "  " + style.Render(icon) + " "
			if len(rows) == 1 {
				mark = t.Rule(1) + mark[1:]
			}
		}
		rows[i] = mark + text.Render(row)
	}
	end := len(rows) - 1
	rows[end] += " " + t.Rule(w-1-ansi.StringWidth(rows[end]))
	return rows
}

// overlay draws the popups over the lines, the top one last, and gives its
// cursor. The footer stays in sight: it says which keys work.
func (m *model) overlay(lines []string) *tea.Cursor {
	var at *tea.Cursor
	room := len(lines) - 1
	for _, p := range m.popups {
		at = nil
		box := p.View(m.env, min(m.env.Width-4, 110), room-1)
		m.box = parts.Centre(box, m.env.Width, room)
		parts.Lay(lines[:room], box, m.box.X, m.box.Y)
		if x, y, ok := p.Cursor(m.env); ok {
			at = cursor(m.box.X+x, m.box.Y+y)
		}
	}
	return at
}
