// Package palette is the popup that offers every action by name, with its key;
// the list filters as you type. Which actions make sense now, and what they do,
// is the root's business.
package palette

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/filter"
)

// Chosen is the answer: the action that the person wants.
type Chosen struct{ Action keys.Action }

// Palette is the popup. Make one with New.
type Palette struct {
	actions []keys.Action
	list    *filter.List
	rowY    int
}

// New makes the palette of actions, in their order.
func New(env parts.Env, actions []keys.Action) *Palette {
	p := &Palette{actions: actions}
	items := make([]filter.Item, len(actions))
	for i, a := range actions {
		items[i] = filter.Item{Text: env.Keys.Name(a), Key: env.Keys.Binding(a).Help().Key}
	}
	p.list = filter.New(items, 0)
	return p
}

// Update handles a key, a paste or the mouse (relative to the box).
func (p *Palette) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Popup) {
		case keys.Cancel:
			return nil, true
		case keys.Accept:
			return p.accept()
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft && p.list.Click(msg.Y-p.rowY) {
			return p.accept()
		}
		return nil, false
	}
	p.list.Update(env, msg)
	return nil, false
}

func (p *Palette) accept() (tea.Cmd, bool) {
	i, ok := p.list.Selected()
	if !ok {
		return nil, false
	}
	return parts.Send(Chosen{p.actions[i]}), true
}

// View draws the box. Its size does not depend on what is typed.
func (p *Palette) View(env parts.Env, w, h int) string {
	w = min(w, 64)
	iw, ih := parts.Inside(w, h)
	lines := []string{p.list.Query(env, iw, env.Words.Say("popups.palette_hint"))}
	if ih > 5 {
		lines = append(lines, "")
	}
	p.rowY = parts.FrameY + len(lines)
	room := min(max(p.list.Len(), 1), max(ih-len(lines), 0), 18)
	rows := p.list.Rows(env, iw, room, true)
	if len(rows) == 0 && room > 0 {
		rows = append(rows, "  "+env.Theme.Quiet.Render(env.Words.Say("popups.none")))
	}
	for len(rows) < room {
		rows = append(rows, "")
	}
	note := ""
	if p.list.Line.Value() != "" {
		note = env.Words.Say("popups.of", p.list.Found(), p.list.Len())
	}
	return parts.Frame{Title: p.Title(env), Note: note}.View(env, w, h, append(lines, rows...))
}

// Cursor is where the text goes.
func (p *Palette) Cursor(parts.Env) (x, y int, ok bool) {
	return parts.FrameX + p.list.QueryX(), parts.FrameY, true
}

// Keys are the keys that work here.
func (p *Palette) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Accept, keys.Cancel)
}

// Title names the popup.
func (p *Palette) Title(env parts.Env) string { return env.Words.Say("popups.palette") }
