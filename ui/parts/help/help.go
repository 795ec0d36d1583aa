// Package help is the popup that shows the keys that work where the person is,
// in groups. The groups are the root's: this draws them, in as many columns as
// there is room for.
package help

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/keys"
	"easel/ui/parts"
)

// Group is bindings that belong together. Those without help are left out.
type Group struct {
	Title    string
	Bindings []key.Binding
}

// Groups gives the groups of places, as the table of keys has them. Actions
// without a key are left out.
func Groups(env parts.Env, places ...keys.Place) []Group {
	var out []Group
	for _, p := range places {
		g := Group{Title: env.Words.Say("keys.place." + string(p))}
		for _, e := range keys.At(p) {
			if len(e.Keys) > 0 {
				g.Bindings = append(g.Bindings, env.Keys.Entry(e))
			}
		}
		out = append(out, g)
	}
	return out
}

// Help is the popup. Make one with New.
type Help struct {
	groups []Group
	scroll parts.Scroll
}

// New makes the popup of groups, in their order.
func New(groups []Group) *Help { return &Help{groups: groups} }

// Update handles a key or the wheel. What opens the help closes it too.
func (p *Help) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch env.Keys.Match(k.String(), keys.Viewer, keys.Popup, keys.Outside, keys.Everywhere) {
		case keys.Cancel, keys.Accept, keys.Help:
			return nil, true
		}
	}
	p.scroll.Update(env, msg)
	return nil, false
}

const (
	keyMax = 18 // cells for the keys of a binding
	gap    = 3
)

// View draws the groups.
func (p *Help) View(env parts.Env, w, h int) string {
	w = min(w, 110)
	iw, ih := parts.Inside(w, h)
	lines, used := p.layout(env, iw)
	shown := p.scroll.Window(lines, min(ih, len(lines)))
	note := ""
	if !p.scroll.Fits() {
		note = env.Words.Say("popups.percent", p.scroll.Percent())
	}
	return parts.Frame{Title: p.Title(env), Note: note}.View(env, min(w, used+2*parts.FrameX), shown)
}

// layout puts the groups into columns: as many as fit, each group whole, the
// next one where the column is shortest. It gives the lines and their width.
func (p *Help) layout(env parts.Env, w int) ([]string, int) {
	col := 0
	for _, g := range p.groups {
		for _, b := range g.Bindings {
			col = max(col, p.keyWidth()+2+ansi.StringWidth(b.Help().Desc))
		}
		col = max(col, ansi.StringWidth(g.Title))
	}
	col = min(max(col, 20), max(w, 1))
	n := max(min((w+gap)/(col+gap), len(p.groups)), 1)
	columns := make([][]string, n)
	for _, g := range p.groups {
		best := 0
		for i := range columns {
			if len(columns[i]) < len(columns[best]) {
				best = i
			}
		}
		if len(columns[best]) > 0 {
			columns[best] = append(columns[best], "")
		}
		columns[best] = append(columns[best], p.draw(env, g, col)...)
	}
	return join(columns, col), n*(col+gap) - gap
}

func (p *Help) keyWidth() int {
	w := 0
	for _, g := range p.groups {
		for _, b := range g.Bindings {
			w = max(w, ansi.StringWidth(b.Help().Key))
		}
	}
	return min(w, keyMax)
}

func (p *Help) draw(env parts.Env, g Group, w int) []string {
	t := env.Theme
	out := []string{t.Quiet.Render(parts.Clip(g.Title, w))}
	for _, b := range g.Bindings {
		if b.Help().Desc == "" {
			continue
		}
		k := parts.Fit(b.Help().Key, p.keyWidth())
		out = append(out, t.Key.Render(k)+"  "+t.Text.Render(parts.Clip(b.Help().Desc, w-p.keyWidth()-2)))
	}
	return out
}

func join(columns [][]string, w int) []string {
	rows := 0
	for _, c := range columns {
		rows = max(rows, len(c))
	}
	out := make([]string, rows)
	for i := range out {
		for k, c := range columns {
			if i < len(c) {
				out[i] = parts.Fit(out[i], k*(w+gap)) + c[i]
			}
		}
	}
	return out
}

// Cursor is nowhere: nothing is typed here.
func (p *Help) Cursor(parts.Env) (x, y int, ok bool) { return 0, 0, false }

// Keys are the keys that work here.
func (p *Help) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Cancel)
}

// Title names the popup.
func (p *Help) Title(env parts.Env) string { return env.Words.Say("popups.help") }
