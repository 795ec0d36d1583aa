// Package inspect is a popup that shows long text in sections: what was sent,
// what came back. One section is shown at a time, scrolls, and can be copied as
// it is. What the sections say is the root's business.
package inspect

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Section is a text with a short title. JSON is laid out and coloured; it may
// be cut, or no JSON at all.
type Section struct {
	Title, Text string
	JSON        bool
}

// Inspect is the popup. Make one with New.
type Inspect struct {
	title    string
	sections []Section
	at       int
	scroll   []parts.Scroll // of each section

	lines []string // of the section that is shown, as they were drawn for:
	drawn [3]int   // the section, the width, the theme
}

// New makes the popup of sections; empty ones are left out.
func New(title string, sections ...Section) *Inspect {
	p := &Inspect{title: backend.Clean(title), drawn: [3]int{-1, -1, -1}}
	for _, s := range sections {
		s.Text = backend.CleanLines(strings.TrimSpace(s.Text))
		if s.Text == "" {
			continue
		}
		if s.JSON {
			s.Text = pretty(s.Text)
		}
		p.sections = append(p.sections, s)
	}
	p.scroll = make([]parts.Scroll, len(p.sections))
	return p
}

// Update handles a key or the wheel.
func (p *Inspect) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch env.Keys.Match(k.String(), keys.Viewer, keys.Popup) {
		case keys.Cancel, keys.Accept:
			return nil, true
		case keys.NextSection:
			p.turn(1)
		case keys.PrevSection:
			p.turn(-1)
		case keys.CopyShown:
			if len(p.sections) > 0 {
				s := p.sections[p.at]
				return parts.Send(ask.Copy{Text: s.Text, What: s.Title}), false
			}
		}
	}
	if len(p.sections) > 0 {
		p.scroll[p.at].Update(env, msg)
	}
	return nil, false
}

func (p *Inspect) turn(by int) {
	if n := len(p.sections); n > 0 {
		p.at = (p.at + by + n) % n
	}
}

// View draws the titles of the sections, and the one that is shown.
func (p *Inspect) View(env parts.Env, w, h int) string {
	w = min(w, 110)
	iw, ih := parts.Inside(w, h)
	lines := []string{p.tabs(env, iw)}
	if ih > 6 {
		lines = append(lines, "")
	}
	room := max(ih-len(lines), 0)
	note := ""
	if len(p.sections) > 0 {
		p.layout(env, iw)
		s := &p.scroll[p.at]
		shown := s.Window(p.lines, room)
		lines = append(lines, shown...)
		room -= len(shown)
		if !s.Fits() {
			note = env.Words.Say("popups.percent", s.Percent())
		}
	}
	for range room {
		lines = append(lines, "")
	}
	return parts.Frame{Title: p.title, Note: note}.View(env, w, h, lines)
}

func (p *Inspect) tabs(env parts.Env, w int) string {
	t := env.Theme
	if len(p.sections) == 0 {
		return t.Quiet.Render(env.Words.Say("popups.inspect_none"))
	}
	var bits []string
	for i, s := range p.sections {
		style := t.Quiet
		if i == p.at {
			style = t.Tab
		}
		bits = append(bits, style.Render(s.Title))
	}
	line := strings.Join(bits, "   ")
	if ansi.StringWidth(line) > w { // no room for all: the one that is shown
		return t.Tab.Render(parts.Clip(p.sections[p.at].Title, w))
	}
	return line
}

// layout wraps the section that is shown, anew when it is another one or the
// width is.
func (p *Inspect) layout(env parts.Env, w int) {
	look := 0
	if env.Theme.Dark {
		look |= 1
	}
	if env.Theme.Color {
		look |= 2
	}
	if p.drawn == [3]int{p.at, w, look} {
		return
	}
	p.drawn, p.lines = [3]int{p.at, w, look}, nil
	s := p.sections[p.at]
	for line := range strings.SplitSeq(s.Text, "\n") {
		for i, row := range fold(line, max(w, 1)) {
			if s.JSON {
				row = color(env, row, i > 0)
			} else {
				row = env.Theme.Text.Render(row)
			}
			p.lines = append(p.lines, row)
		}
	}
}

// fold breaks a line into rows of w cells; further rows are indented by two
// more than the first.
func fold(line string, w int) []string {
	if len(line) <= w || ansi.StringWidth(line) <= w {
		return []string{line}
	}
	body := strings.TrimLeft(line, " ")
	first := len(line) - len(body)
	next := first + 2
	if next > w/2 {
		first, next = 0, 0
	}
	out := parts.Wrap(body, w-next)
	for i := range out {
		out[i] = parts.Blank(next) + out[i]
	}
	out[0] = out[0][next-first:]
	return out
}

// Cursor is nowhere: nothing is typed here.
func (p *Inspect) Cursor(parts.Env) (x, y int, ok bool) { return 0, 0, false }

// Keys are the keys that work here.
func (p *Inspect) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.NextSection, keys.CopyShown, keys.Down, keys.Cancel)
}

// Title says what is inspected.
func (p *Inspect) Title(parts.Env) string { return p.title }
