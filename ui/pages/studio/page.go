// Package studio is the page on which requests are written and tasks are
// watched: prompt, references, parameters, tasks and the details of one.
//
// The page owns what is being written and where the person is. It reads the
// facts, asks for what it wants done (ui/ask), and does no I/O.
package studio

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/facts"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/params"
	"easel/ui/parts/prompt"
	"easel/ui/parts/references"
	"easel/ui/parts/tasklist"
	"easel/ui/picture"
)

// pane is a place of the page that can have the focus.
type pane int

const (
	promptPane pane = iota
	referencesPane
	parametersPane
	tasksPane
	panes
)

// places names the bindings of each pane.
var places = [panes]keys.Place{keys.Prompt, keys.References, keys.Parameters, keys.Tasks}

// over is what the page lays over itself: parts of it that have no room, larger.
type over int

const (
	nothing over = iota
	parametersOver
	detailsOver
)

// entered is what Enter sent last, when, when it was pressed last for the same,
// and whether a press that was taken for a bounce was said.
type entered struct {
	request backend.Request
	sent    time.Time
	pressed time.Time
	said    bool
}

// Page is the studio page. Make one with New.
type Page struct {
	facts *facts.Facts
	book  *picture.Book

	request backend.Request // what is being written, without the prompt
	prompt  *prompt.Editor
	refs    references.Row
	params  params.Params
	tasks   tasklist.List

	focus  pane
	over   over
	text   bool // what lies over the page is the details in words, where there is a picture
	result shown
	lay    layout // of the last drawing: what the mouse meets

	entered entered
	twin    backend.Request // what the person was asked about: it is like an unsure one
	looking int             // pastes that are being looked at
	drafted int             // the change of the prompt that Draft was told of
	card    cardCache
}

// shown is which of the results of a task is looked at.
type shown struct {
	task string
	at   int
}

// New makes the page with what was being written last. book has the
// pictures that are ready to be shown. start names the provider that is selected if the draft has none that is there.
func New(f *facts.Facts, book *picture.Book, draft backend.Request, start string) *Page {
	p := &Page{facts: f, book: book, prompt: prompt.New()}
	p.prompt.SetValue(draft.Prompt)
	draft.Prompt = ""
	at := f.Provider(draft.Provider)
	// A person who has just got a key does not want to stay on the demo.
	if at == nil || at.Local && start != "" && start != at.Name {
		at = f.Provider(start)
	}
	if at == nil && len(f.Providers) > 0 {
		at = f.Providers[0]
	}
	p.request = draft
	if at != nil {
		p.request, _ = adapt(at, draft)
	}
	p.drafted = p.prompt.Changes()
	return p
}

// Request is what is being written.
func (p *Page) Request() backend.Request {
	r := p.request.Clone()
	r.Prompt = p.prompt.Value()
	return r
}

// Provider is the name of the provider that is selected.
func (p *Page) Provider() string { return p.request.Provider }

// Start asks for what the page needs before the first key: a look at the
// references of the draft.
func (p *Page) Start() []any {
	var out []any
	for _, ref := range p.request.References {
		if ref.Path != "" && ref.Type == "" {
			out = append(out, ask.LookAt{Reference: ref, Refresh: true})
		}
	}
	return out
}

// Update takes in a key, a paste, the mouse, or an answer, and gives what is to
// be done.
func (p *Page) Update(env parts.Env, msg tea.Msg) []any {
	var out []any
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		out = p.press(env, msg)
	case tea.PasteMsg:
		out = p.paste(env, msg.Content)
	case tea.MouseMsg:
		out = p.mouse(env, msg)
	default:
		out = p.answer(env, msg)
	}
	if n := p.prompt.Changes(); n != p.drafted {
		p.drafted = n
		out = append(out, ask.Draft{})
	}
	return out
}

// press finds out what a key means where the focus is.
func (p *Page) press(env parts.Env, k tea.KeyPressMsg) []any {
	if _, typing := p.tasks.Filter(); typing && p.focus == tasksPane {
		p.tasks.Press(p.facts, k)
		return nil
	}
	key := k.String()
	where := []keys.Place{keys.Everywhere}
	if p.focus != promptPane {
		where = append(where, places[p.focus], keys.Outside)
	}
	if a := env.Keys.Match(key, where...); a != "" {
		return p.Do(env, a)
	}
	if p.focus == promptPane {
		if a := env.Keys.Match(key, keys.Prompt); a != "" {
			return p.Do(env, a)
		}
		p.prompt.Press(env, k)
	}
	return nil
}

// Do carries out an action, by a key or from the palette: first what belongs to
// the page as a whole, then what belongs to a pane.
func (p *Page) Do(env parts.Env, a keys.Action) []any {
	switch a {
	case keys.NextPane:
		p.go_(int(p.focus) + 1)
	case keys.PrevPane:
		p.go_(int(p.focus) - 1 + int(panes))
	case keys.ToPrompt:
		p.back()
	case keys.PickProvider, keys.PickModel, keys.PickRatio, keys.PickSize:
		return p.pick(env, map[keys.Action]string{
			keys.PickProvider: params.Provider, keys.PickModel: params.Model,
			keys.PickRatio: backend.FieldRatio, keys.PickSize: backend.FieldSize,
		}[a])
	case keys.Quit, keys.Suspend, keys.Redraw, keys.Palette, keys.Help, keys.Messages, keys.OtherPage:
		return []any{ask.Do{Action: a}}
	case keys.AddRef, keys.ClearRefs:
		return p.reference(env, a)
	case keys.Generate, keys.Search, keys.Editor:
		return p.write(env, a)
	case keys.Clear, keys.Undo:
		p.focus, p.over = promptPane, nothing
		p.prompt.Do(a)
	case keys.Filter:
		p.focus, p.over = tasksPane, nothing
		p.tasks.Do(p.facts, a, 0)
	default:
		return p.inPane(env, a)
	}
	return nil
}

// inPane carries out what an action means in the pane that has the focus; an
// action of a task that comes from the palette means the selected one.
func (p *Page) inPane(env parts.Env, a keys.Action) []any {
	if asks, ok := p.onTask(env, a); ok {
		return asks
	}
	switch p.focus {
	case promptPane:
		p.prompt.Do(a)
	case referencesPane:
		return p.reference(env, a)
	case parametersPane:
		return p.parameter(env, a)
	case tasksPane:
		return p.list(env, a)
	}
	return nil
}

func (p *Page) go_(to int) {
	p.over = nothing
	p.focus = pane(to % int(panes))
	if p.focus == tasksPane && p.tasks.Cursor() == "" {
		p.tasks.Move(p.facts, 0)
	}
}

// back is what Esc does: it closes what lies over the page, else drops the
// filter, else goes to the prompt.
func (p *Page) back() {
	text, _ := p.tasks.Filter()
	switch {
	case p.over != nothing:
		p.over = nothing
	case p.focus == tasksPane && text != "":
		p.tasks.Drop()
	default:
		p.focus = promptPane
	}
}

// Moving says whether something that is drawn changes with time: the root keeps
// a timer as long.
func (p *Page) Moving(env parts.Env) bool {
	if p.over != detailsOver {
		p.arrange(env)
		for _, id := range p.tasks.Visible(p.facts, p.lay.list.H) {
			if t, ok := p.facts.Task(id); ok && facts.Moving(t) {
				return true
			}
		}
	}
	t, ok := p.tasks.Selected(p.facts)
	return ok && facts.Moving(t) && (p.lay.wide || p.over == detailsOver)
}
