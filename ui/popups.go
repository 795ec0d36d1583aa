package ui

import (
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/confirm"
	"easel/ui/parts/files"
	"easel/ui/parts/help"
	"easel/ui/parts/input"
	"easel/ui/parts/inspect"
	"easel/ui/parts/messages"
	"easel/ui/parts/palette"
	"easel/ui/parts/picker"
	"easel/ui/parts/prompts"
)

// popup opens the popup that a page asked for.
func (m *model) popup(a any) []tea.Cmd {
	switch a := a.(type) {
	case ask.Pick:
		m.lay(picker.New(a))
	case ask.Choose:
		q := confirm.Question{Tag: a.Tag, Title: a.Title, Text: a.Text}
		for _, i := range a.Items {
			q.Choices = append(q.Choices, confirm.Choice(i))
		}
		m.lay(confirm.New(q))
	case ask.Type:
		m.lay(input.New(a))
	case ask.Confirm:
		m.lay(confirm.YesNo(m.env, a))
	case ask.Search:
		m.lay(prompts.New(a, m.studio.Request().Prompt))
	case ask.Inspect:
		m.lay(m.inspect(a.Task))
	case ask.File:
		p := files.New(a, m.dir)
		m.lay(p)
		return m.receive(p.Init()())
	}
	return nil
}

// open opens the popup of an action of the root's.
func (m *model) openFor(a keys.Action) {
	switch a {
	case keys.Palette:
		m.lay(palette.New(m.env, m.actions()))
	case keys.Help:
		m.lay(help.New(help.Groups(m.env, m.page.Places()...)))
	case keys.Messages:
		m.lay(messages.New(&m.log))
	}
}

func (m *model) lay(p parts.Popup) { m.popups = append(m.popups, p) }

// actions are what the palette offers: what works where the focus is first,
// then the rest. Moving about and editing text are not worth a row.
func (m *model) actions() []keys.Action {
	var out []keys.Action
	seen := map[keys.Action]bool{keys.Palette: true, keys.Cancel: true, keys.Accept: true}
	for _, e := range keys.Table {
		if e.Place == keys.Popup || e.Place == keys.Viewer || e.Place == keys.Parameters || keys.Moves(e.Action) {
			seen[e.Action] = true
		}
	}
	order := []keys.Place{keys.Prompt, keys.Tasks, keys.References}
	switch here := m.page.Places()[0]; here {
	case keys.Gallery:
		order = []keys.Place{here}
	case keys.Parameters:
	default:
		order = append([]keys.Place{here}, order...)
	}
	for _, place := range append(order, keys.Everywhere) {
		for _, e := range keys.At(place) {
			if !seen[e.Action] {
				seen[e.Action] = true
				out = append(out, e.Action)
			}
		}
	}
	return out
}

// popupReply takes in what popups ask for and get, and what they chose.
func (m *model) popupReply(msg tea.Msg) []tea.Cmd {
	switch msg := msg.(type) {
	case palette.Chosen:
		env := m.env
		env.Now = m.clock()
		return m.perform(m.page.Do(env, msg.Action))
	case ask.Copy:
		return m.performOne(msg)
	case files.List:
		return []tea.Cmd{listFolder(msg, m.cfg.Getenv("HOME"))}
	case files.Listed:
		for _, p := range m.popups {
			if f, ok := p.(*files.Files); ok {
				f.Update(m.env, msg)
			}
		}
	}
	return nil
}

// inspect shows what was sent for a task, what came back, and all that is known.
func (m *model) inspect(t task.Task) parts.Popup {
	say := m.env.Words.Say
	sent := ""
	if p := m.facts.Provider(t.Request.Provider); p != nil {
		model, _ := p.Model(t.Request.Model)
		if s, ok := p.Driver.(backend.Shower); ok {
			if text, err := s.Curl(model, t.Request); err == nil {
				sent = text
			}
		}
	}
	record, _ := json.Marshal(t.Record()) // a record of plain values always can be
	return inspect.New(say("studio.inspect.title", t.Short()),
		inspect.Section{Title: say("studio.inspect.sent"), Text: sent},
		inspect.Section{Title: say("studio.inspect.answer"), Text: t.Answer, JSON: true},
		inspect.Section{Title: say("studio.inspect.record"), Text: string(record), JSON: true})
}
