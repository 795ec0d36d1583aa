// Package input is a line of text that is typed: as a piece of other popups,
// and as a popup of its own that asks for one value and judges it on every
// keystroke. What the value is for is the asker's business.
package input

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Popup asks for one line.
type Popup struct {
	what ask.Type
	line Line
	err  error
}

// New makes the popup of a question. The answer is ask.Picked.
func New(what ask.Type) *Popup {
	p := &Popup{what: what}
	p.line.Set(what.Text)
	p.judge()
	return p
}

func (p *Popup) judge() {
	p.err = nil
	if p.what.Judge != nil {
		p.err = p.what.Judge(strings.TrimSpace(p.line.Value()))
	}
}

// Update handles a key or a paste.
func (p *Popup) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.line.Insert(strings.TrimSpace(msg.Content))
		p.judge()
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Popup) {
		case keys.Cancel:
			return nil, true
		case keys.Accept:
			if p.err != nil {
				return nil, false
			}
			value := strings.TrimSpace(p.line.Value())
			return parts.Send(ask.Picked{Tag: p.what.Tag, Value: value}), true
		}
		if env.Keys.Match(msg.String(), keys.Popup) == keys.Complete {
			p.complete()
			return nil, false
		}
		if p.line.Press(env, msg) {
			p.judge()
		}
	}
	return nil, false
}

// complete takes the first of the known words that the last typed one begins.
func (p *Popup) complete() {
	if list := p.fitting(); len(list) > 0 {
		text := p.line.Value()
		p.line.Set(text[:begin(text)] + list[0] + ", ")
		p.judge()
	}
}

// begin is where the last word of a list begins.
func begin(text string) int {
	i := 0
	for _, comma := range []string{",", "，"} {
		if at := strings.LastIndex(text, comma); at >= 0 {
			i = max(i, at+len(comma))
		}
	}
	return len(text) - len(strings.TrimLeft(text[i:], " "))
}

// fitting gives the known words that the last typed one begins, and that are not
// in the list yet.
func (p *Popup) fitting() (out []string) {
	text := p.line.Value()
	at := begin(text)
	typed := strings.FieldsFunc(text[:at], func(r rune) bool { return r == ',' || r == '，' })
	for _, w := range p.what.Words {
		there := slices.ContainsFunc(typed, func(t string) bool { return strings.EqualFold(strings.TrimSpace(t), w) })
		if !there && len(w) > len(text)-at && strings.EqualFold(w[:len(text)-at], text[at:]) {
			out = append(out, w)
		}
	}
	return out
}

// Width is how wide the popup is where there is room.
const Width = 60

// View draws the line, and under it what is wrong with it, or what may be
// typed.
func (p *Popup) View(env parts.Env, w, h int) string {
	w = min(w, Width)
	iw, ih := parts.Inside(w, h)
	lines := []string{env.Theme.Accent.Render(env.Theme.Icons.Cursor) + " " + p.line.View(env, iw-2, "")}
	if ih > 2 {
		lines = append(lines, "")
	}
	hint := backend.Clean(p.what.Hint)
	if list := p.fitting(); len(list) > 0 {
		hint = parts.Clip(strings.Join(list, "  "), 3*iw)
	}
	verdict := Verdict(env, p.err, p.line.Value() == "", hint, iw, 3)
	if room := max(ih-len(lines), 0); len(verdict) > room {
		verdict = verdict[:room]
	}
	return parts.Frame{Title: p.Title(env)}.View(env, w, h, append(lines, verdict...))
}

// Verdict says in n lines what is wrong with a value: its error, or the hint
// where nothing is wrong or nothing was typed yet. It always takes n lines, so
// that a box does not jump while a person types.
func Verdict(env parts.Env, err error, untouched bool, hint string, w, n int) []string {
	text, style := hint, env.Theme.Quiet
	if err != nil && !untouched {
		text, style = env.Words.Err(err), env.Theme.Failed
	}
	out := make([]string, 0, n)
	if text != "" && w > 0 {
		for _, s := range parts.Wrap(text, w) {
			if len(out) < n {
				out = append(out, style.Render(parts.Clip(s, w)))
			}
		}
	}
	for len(out) < n {
		out = append(out, "")
	}
	return out
}

// Cursor is where the text goes.
func (p *Popup) Cursor(parts.Env) (x, y int, ok bool) {
	return parts.FrameX + 2 + p.line.Column(), parts.FrameY, true
}

// Keys are the keys that work here.
func (p *Popup) Keys(env parts.Env) []key.Binding {
	if len(p.what.Words) > 0 {
		return env.Keys.Bindings(keys.Accept, keys.Complete, keys.Cancel)
	}
	return env.Keys.Bindings(keys.Accept, keys.Cancel)
}

// Title says what is asked for.
func (p *Popup) Title(parts.Env) string { return backend.Clean(p.what.Title) }
