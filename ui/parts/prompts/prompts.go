// Package prompts is the popup that searches earlier prompts, as Ctrl+R does in
// a shell: seeded with what was typed, the best match first, the next one with
// every further Ctrl+R, the chosen one into the editor with Enter.
package prompts

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/filter"
)

// Prompts is the popup. Make one with New.
type Prompts struct {
	tag  string
	seed string   // what stands in the editor: choosing it would change nothing
	from string   // what of it stands in the search until something is typed
	all  []string // newest first
	list *filter.List
	rowY int
}

// seedMax is the longest text that seeds the search, in bytes: what is longer
// would only find itself.
const seedMax = 80

// New makes the popup; typed is what stands in the editor. The answer is
// ask.Picked with the whole prompt.
func New(what ask.Search, typed string) *Prompts {
	p := &Prompts{tag: what.Tag, seed: typed, list: filter.New(nil, 0)}
	if seed := strings.TrimSpace(typed); len(seed) <= seedMax && !strings.Contains(seed, "\n") {
		p.from = seed
		p.list.Line.Set(seed)
	}
	p.SetPrompts(what.Prompts)
	return p
}

// SetPrompts replaces the prompts, newest first. What stands in the editor is
// left out if there are others, and seeds no search that would find nothing:
// after Enter it is most often the prompt that was just sent.
func (p *Prompts) SetPrompts(list []string) {
	p.all = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.TrimSpace(s) == "" })
	if others := slices.DeleteFunc(slices.Clone(p.all), func(s string) bool { return s == p.seed }); len(others) > 0 {
		p.all = others
	}
	items := make([]filter.Item, len(p.all))
	for i, s := range p.all {
		items[i].Text = filter.Clean(head(s))
	}
	p.list.SetItems(items)
	if p.from != "" && p.list.Line.Value() == p.from && len(items) > 0 && p.list.Found() == 0 {
		p.from = ""
		p.list.Filter("")
	}
}

// head is as much of a prompt as a row can show.
func head(s string) string {
	if len(s) > 1000 {
		s = strings.ToValidUTF8(s[:1000], "")
	}
	return s
}

// Update handles a key, a paste, the mouse (relative to the box), or prompts
// that were loaded meanwhile (ask.Earlier).
func (p *Prompts) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case ask.Earlier:
		p.SetPrompts(msg.Prompts)
		return nil, false
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Popup) {
		case keys.Cancel:
			return nil, true
		case keys.Accept:
			return p.accept()
		case keys.NextMatch:
			p.list.Next()
			return nil, false
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

func (p *Prompts) accept() (tea.Cmd, bool) {
	i, ok := p.list.Selected()
	if !ok {
		return nil, false
	}
	return parts.Send(ask.Picked{Tag: p.tag, Value: p.all[i]}), true
}

// View draws the prompts, one a row, and under them the whole selected one as
// far as there is room.
func (p *Prompts) View(env parts.Env, w, h int) string {
	w, h = min(w, 100), min(h, 24)
	iw, ih := parts.Inside(w, h)
	lines := []string{p.list.Query(env, iw, env.Words.Say("popups.prompts_hint"))}
	if ih > 5 {
		lines = append(lines, "")
	}
	p.rowY = parts.FrameY + len(lines)
	under := 0
	if ih >= 10 {
		under = min(ih/3, 6)
	}
	room := max(min(ih-len(lines)-under, max(p.list.Len(), 3)), 0)
	rows := p.list.Rows(env, iw, room, true)
	if len(rows) == 0 && room > 0 {
		rows = append(rows, "  "+env.Theme.Quiet.Render(parts.Clip(p.none(env), iw-2)))
	}
	for len(rows) < room {
		rows = append(rows, "")
	}
	lines = append(lines, rows...)
	if under > 0 {
		lines = append(lines, env.Theme.Rule(iw))
		lines = append(lines, p.whole(env, iw, under-1)...)
	}
	note := ""
	if p.list.Line.Value() != "" {
		note = env.Words.Say("popups.of", p.list.Found(), p.list.Len())
	}
	return parts.Frame{Title: p.Title(env), Note: note}.View(env, w, h, lines)
}

func (p *Prompts) none(env parts.Env) string {
	if p.list.Len() == 0 {
		return env.Words.Say("popups.prompts_none")
	}
	return env.Words.Say("popups.none")
}

// whole draws the selected prompt in exactly n lines.
func (p *Prompts) whole(env parts.Env, w, n int) []string {
	out := make([]string, 0, n)
	if i, ok := p.list.Selected(); ok {
		rows := parts.Wrap(backend.CleanLines(head(p.all[i])), w)
		more := len(rows) > n
		for k, s := range rows[:min(len(rows), n)] {
			if more && k == n-1 {
				s = parts.Clip(s, w-2) + " " + env.Theme.Icons.More
			}
			out = append(out, env.Theme.Quiet.Render(s))
		}
	}
	for len(out) < n {
		out = append(out, "")
	}
	return out
}

// Cursor is where the text goes.
func (p *Prompts) Cursor(parts.Env) (x, y int, ok bool) {
	return parts.FrameX + p.list.QueryX(), parts.FrameY, true
}

// Keys are the keys that work here.
func (p *Prompts) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Accept, keys.NextMatch, keys.Cancel)
}

// Title names the popup.
func (p *Prompts) Title(env parts.Env) string { return env.Words.Say("popups.prompts") }
