package gallery

import (
	tea "charm.land/bubbletea/v2"

	"easel/ui/parts"
)

// mouse takes in a click or the wheel, on what was drawn last.
func (p *Page) mouse(env parts.Env, msg tea.MouseMsg) []any {
	m := msg.Mouse()
	switch msg.(type) {
	case tea.MouseClickMsg:
		if m.Button == tea.MouseLeft {
			p.click(env, m)
		}
	case tea.MouseWheelMsg:
		by := 1
		switch m.Button {
		case tea.MouseWheelUp:
			by = -1
		case tea.MouseWheelDown:
		default:
			return nil
		}
		p.wheel(by)
	}
	return nil
}

// click selects; on what is selected it opens the picture, and there it closes
// it. With ctrl it picks.
func (p *Page) click(env parts.Env, m tea.Mouse) {
	if p.over != nothing {
		p.over = nothing
		return
	}
	if m.Y == parts.Top {
		p.typing = true
		return
	}
	p.typing = false
	at, ok := p.under(m.X, m.Y)
	switch {
	case !ok && p.lay.card.Holds(m.X, m.Y):
		p.look(env)
	case !ok:
	case m.Mod.Contains(tea.ModCtrl):
		p.picks.keep(p.found, p.near)
		p.picks.turn(p.found.ID(at))
		p.on(at)
	case at == p.near:
		p.look(env)
	default:
		p.on(at)
	}
}

// wheel scrolls; the cursor stays where it is. Over a picture it goes to the
// next one.
func (p *Page) wheel(by int) {
	switch {
	case p.over != nothing:
		p.on(p.near + by)
		p.reveal()
	case p.lay.grid:
		p.place.top += by
	default:
		p.place.top += 3 * by
	}
	p.place.clamp(p.found.Len(), p.lay)
}
