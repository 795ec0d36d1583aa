// Package help is the popup that shows the keys that work where the person is,
// in groups. The groups are the root's: this draws them, in as many columns as
// there is room for.
package help

import (
	"strings"

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

// View draws the groups.
func (p *Help) View(env parts.Env, w, h int) string {
	w = min(w, 120)
	iw, ih := parts.Inside(w, h)
	lines, used := layout(env, p.rows(), iw)
	shown := p.scroll.Window(lines, min(ih, len(lines)))
	note := ""
	if !p.scroll.Fits() {
		note = env.Words.Say("popups.percent", p.scroll.Percent())
	}
	return parts.Frame{Title: p.Title(env), Note: note}.View(env, min(w, used+2*parts.FrameX), h, shown)
}

// rows gives what is to be drawn in one column: titles, bindings, and blank
// rows between the groups.
func (p *Help) rows() []row {
	var out []row
	for _, g := range p.groups {
		if len(out) > 0 {
			out = append(out, row{})
		}
		out = append(out, row{title: g.Title})
		for _, b := range g.Bindings {
			if h := b.Help(); h.Desc != "" && h.Key != "" {
				out = append(out, row{keys: shorten(h.Key), what: h.Desc})
			}
		}
	}
	return out
}

// keyMax is the room for the keys of a binding; those that do not fit are left
// out, for all do the same.
const keyMax = 14

func shorten(list string) string {
	out := ""
	for _, k := range strings.Fields(list) {
		switch {
		case out == "":
			out = k
		case ansi.StringWidth(out)+1+ansi.StringWidth(k) <= keyMax:
			out += " " + k
		}
	}
	return parts.Clip(out, keyMax)
}

// Cursor is nowhere: nothing is typed here.
func (p *Help) Cursor(parts.Env) (x, y int, ok bool) { return 0, 0, false }

// Keys are the keys that work here.
func (p *Help) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Down, keys.Cancel)
}

// Title names the popup.
func (p *Help) Title(env parts.Env) string { return env.Words.Say("popups.help") }
