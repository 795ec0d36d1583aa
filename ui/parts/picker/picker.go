// Package picker is a popup that lets a person choose one of several values,
// with what is to be known of each beside it; the list filters as they type.
// Where other values are allowed, what is typed is judged on every keystroke.
// Which values there are, and what follows from a choice, is the asker's.
package picker

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/filter"
	"easel/ui/parts/input"
)

// Picker is the popup. Make one with New.
type Picker struct {
	what  ask.Pick
	list  *filter.List
	width int // that the items want

	// What is typed, where that is allowed: it has a row of its own over the
	// list when it is good and not listed.
	err   error
	typed bool
	below bool // the cursor is in the list under that row
	rowY  int  // where the rows began in what View drew last
}

// New makes the popup of a question, the cursor on the current value. The
// answer is ask.Picked.
func New(what ask.Pick) *Picker {
	p := &Picker{what: what}
	items := make([]filter.Item, len(what.Items))
	at, text, note := 0, 0, 0
	for i, item := range what.Items {
		items[i] = filter.Item{Text: filter.Clean(label(item)), Note: filter.Clean(item.Note)}
		text = max(text, ansi.StringWidth(items[i].Text))
		note = max(note, ansi.StringWidth(items[i].Note))
		if item.Value == what.Current {
			at = i
		}
	}
	p.list = filter.New(items, at)
	p.width = min(max(text+note+14, 48), 78)
	if what.Judge != nil {
		p.width = max(p.width, input.Width) // a verdict is a sentence
	}
	return p
}

func label(i ask.Item) string {
	if i.Label != "" {
		return i.Label
	}
	return i.Value
}

// Update handles a key, a paste or the mouse (relative to the box).
func (p *Picker) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch a := env.Keys.Match(msg.String(), keys.Popup); {
		case a == keys.Cancel:
			return nil, true
		case a == keys.Accept:
			return p.accept()
		case a == keys.Down && p.typed && !p.below:
			p.below = p.list.Found() > 0
			return nil, false
		case a == keys.Up && p.typed && p.list.First():
			p.below = false
			return nil, false
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft && p.click(msg.Y) {
			return p.accept()
		}
		return nil, false
	}
	if p.list.Update(env, msg) {
		p.judge()
	}
	return nil, false
}

// judge decides what the text that was typed means: one of the values, a value
// of its own, or a filter.
func (p *Picker) judge() {
	p.err, p.typed, p.below = nil, false, false
	text := strings.TrimSpace(p.list.Line.Value())
	for i, item := range p.what.Items {
		if text != "" && (strings.EqualFold(item.Value, text) || strings.EqualFold(item.Label, text)) {
			p.list.Select(i)
			return
		}
	}
	if p.what.Judge != nil && text != "" {
		p.err = p.what.Judge(text)
		p.typed = p.err == nil
	}
}

func (p *Picker) accept() (tea.Cmd, bool) {
	if p.typed && !p.below {
		return p.answer(strings.TrimSpace(p.list.Line.Value()))
	}
	if i, ok := p.list.Selected(); ok {
		return p.answer(p.what.Items[i].Value)
	}
	return nil, false
}

func (p *Picker) answer(value string) (tea.Cmd, bool) {
	return parts.Send(ask.Picked{Tag: p.what.Tag, Value: value}), true
}

func (p *Picker) click(y int) bool {
	y -= p.rowY
	if p.typed {
		if y == 0 {
			p.below = false
			return true
		}
		y--
	}
	p.below = p.list.Click(y)
	return p.below
}

// View draws the box. Its size does not depend on what is typed.
func (p *Picker) View(env parts.Env, w, h int) string {
	w = min(w, p.width)
	iw, ih := parts.Inside(w, h)
	lines := []string{p.list.Query(env, iw, p.hint(env))}
	height := len(lines) + max(len(p.what.Items), 1)
	if p.what.Judge != nil {
		height += 3 // two rows for a verdict, one for what is typed
		lines = append(lines, p.verdict(env, iw)...)
	} else if ih > 5 {
		height++
		lines = append(lines, "")
	}
	p.rowY = parts.FrameY + len(lines)
	lines = append(lines, p.rows(env, iw, min(height, ih)-len(lines))...)
	return parts.Frame{Title: p.Title(env), Note: p.note(env)}.View(env, w, h, lines)
}

// verdict says what is wrong with a typed value: in two rows over the list, in
// more where the list is empty.
func (p *Picker) verdict(env parts.Env, w int) []string {
	out := input.Verdict(env, p.err, false, "", w-2, 4)
	for len(out) > 2 && (p.list.Found() > 0 || out[len(out)-1] == "") {
		out = out[:len(out)-1]
	}
	for i := range out {
		out[i] = "  " + out[i]
	}
	return out
}

// rows draws exactly h rows.
func (p *Picker) rows(env parts.Env, w, h int) []string {
	var out []string
	if p.typed && h > 0 {
		t := env.Theme
		lead, style := "  ", t.Text
		if !p.below {
			lead, style = t.Accent.Render(t.Icons.Cursor)+" ", t.Selected
		}
		value := parts.Clip(filter.Clean(p.list.Line.Value()), w-14)
		out = append(out, lead+style.Render(value)+"  "+t.Quiet.Render(env.Words.Say("popups.typed")))
	}
	out = append(out, p.list.Rows(env, w, h-len(out), !p.typed || p.below)...)
	if len(out) == 0 && h > 0 && p.err == nil {
		out = append(out, "  "+env.Theme.Quiet.Render(env.Words.Say("popups.none")))
	}
	for len(out) < h {
		out = append(out, "")
	}
	return out
}

func (p *Picker) hint(env parts.Env) string {
	if p.what.Judge != nil {
		return env.Words.Say("popups.filter_or_type")
	}
	return env.Words.Say("popups.filter")
}

func (p *Picker) note(env parts.Env) string {
	if p.list.Line.Value() == "" {
		return ""
	}
	return env.Words.Say("popups.of", p.list.Found(), p.list.Len())
}

// Cursor is where the text goes.
func (p *Picker) Cursor(parts.Env) (x, y int, ok bool) {
	return parts.FrameX + p.list.QueryX(), parts.FrameY, true
}

// Keys are the keys that work here.
func (p *Picker) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Accept, keys.Cancel)
}

// Title says what is chosen.
func (p *Picker) Title(parts.Env) string { return backend.Clean(p.what.Title) }
