package studio

import (
	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/params"
)

// mouse takes in a click or the wheel, on what was drawn last.
func (p *Page) mouse(env parts.Env, msg tea.MouseMsg) []any {
	m := msg.Mouse()
	switch msg.(type) {
	case tea.MouseClickMsg:
		if m.Button == tea.MouseLeft {
			return p.click(env, m.X, m.Y)
		}
	case tea.MouseWheelMsg:
		by := 3
		if m.Button == tea.MouseWheelUp {
			by = -3
		} else if m.Button != tea.MouseWheelDown {
			return nil
		}
		p.wheel(env, m.X, m.Y, by)
	}
	return nil
}

func (p *Page) click(env parts.Env, x, y int) []any {
	l := p.lay
	switch {
	case p.over == detailsOver:
		p.over = nothing
	case p.over == parametersOver && !l.params.Holds(x, y):
		p.over = nothing
	case l.params.Holds(x, y) && (l.wide || p.over == parametersOver):
		return p.clickParameter(env, x, y-l.params.Y)
	case l.prompt.Holds(x, y):
		p.focus = promptPane
		p.prompt.Click(x-l.prompt.X, y-l.prompt.Y)
	case l.list.Holds(x, y):
		if p.tasks.Click(p.facts, y-l.list.Y) {
			p.focus = tasksPane
		}
	case l.card.Holds(x, y):
		if t, ok := p.tasks.Selected(p.facts); ok {
			return p.showDetails(env, t)
		}
	case l.wide && l.refs.Holds(x, y):
		p.focus = referencesPane
		p.refs.Click(x - l.refs.X)
	case !l.wide && l.params.Holds(x, y) && p.focus != referencesPane:
		p.focus, p.over = parametersPane, parametersOver
	case !l.wide && l.refs.Holds(x, y):
		p.refs.Click(x - l.refs.X)
	}
	return nil
}

// clickParameter selects a row; on the selected one it steps on the arrows, and
// opens the list elsewhere.
func (p *Page) clickParameter(env parts.Env, x, y int) []any {
	rows := params.Rows(env, p.facts, p.request)
	i := y + p.params.Top(rows, p.lay.params.H)
	if i < 0 || i >= len(rows) {
		return nil
	}
	if p.focus != parametersPane || i != p.params.At(rows) {
		p.focus = parametersPane
		p.params.Select(rows[i].Field)
		return nil
	}
	left, right := p.params.Arrows(env, rows, p.lay.params.W)
	switch x - p.lay.params.X {
	case left:
		return p.parameter(env, keys.StepPrev)
	case right:
		return p.parameter(env, keys.StepNext)
	}
	return p.pick(env, rows[i].Field)
}

func (p *Page) wheel(env parts.Env, x, y, by int) {
	l := p.lay
	switch {
	case l.params.Holds(x, y) && (l.wide || p.over == parametersOver):
		p.params.Move(params.Rows(env, p.facts, p.request), by/3)
	case p.over == detailsOver:
		p.tasks.Move(p.facts, by/3)
	case p.over != nothing:
	case l.prompt.Holds(x, y):
		p.prompt.Wheel(by)
	case l.list.Holds(x, y):
		p.tasks.Move(p.facts, by)
	}
}
