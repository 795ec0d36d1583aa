package studio

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// answer takes in what became of something that the page asked for.
func (p *Page) answer(env parts.Env, msg tea.Msg) []any {
	switch msg := msg.(type) {
	case ask.Submitted:
		return p.submitted(env, msg)
	case ask.Changed:
		return p.changed(env, msg)
	case ask.Looked:
		return p.looked(env, msg)
	case ask.Picked:
		return p.picked(env, msg)
	case ask.Earlier:
		p.prompt.SetEarlier(msg.Prompts)
	case ask.Edited:
		if msg.Err != nil {
			return bad(env.Words.Say("studio.say.editor", backend.Clean(msg.Err.Error())))
		}
		if msg.Text != p.prompt.Value() {
			p.prompt.SetValue(msg.Text)
		}
	}
	return nil
}

func (p *Page) submitted(env parts.Env, msg ask.Submitted) []any {
	if msg.Err != nil {
		return bad(p.problem(env, msg.Err))
	}
	if p.tasks.Cursor() == "" {
		p.tasks.Select(msg.Task.ID)
	}
	// The prompt is an earlier one now, also for the next key.
	list := slices.DeleteFunc(slices.Clone(p.prompt.Earlier()), func(s string) bool { return s == msg.Request.Prompt })
	p.prompt.SetEarlier(append([]string{msg.Request.Prompt}, list...))
	return nil
}

func (p *Page) changed(env parts.Env, msg ask.Changed) []any {
	if msg.Err != nil {
		return bad(p.problem(env, msg.Err))
	}
	text := env.Words.Say("studio.did." + string(msg.Change.Verb))
	if msg.Change.Verb == ask.Stop {
		return warn(text)
	}
	return info(text)
}

// picked takes in the answer of a popup.
func (p *Page) picked(env parts.Env, msg ask.Picked) []any {
	what, id, _ := strings.Cut(msg.Tag, " ")
	switch what {
	case "prompt":
		p.prompt.SetValue(msg.Value)
		p.focus, p.over = promptPane, nothing
		return nil
	case "reference":
		return p.named(env, msg.Value)
	case "twin":
		return p.twinAnswered(env, id, msg.Value)
	case "unsure":
		return p.decided(env, id, msg.Value)
	case "adopt":
		if ticket := strings.TrimSpace(msg.Value); ticket != "" {
			return []any{ask.Change{ID: id, Verb: ask.Adopt, Ticket: ticket}}
		}
		return nil
	case "resend":
		return []any{ask.Change{ID: id, Verb: ask.Resend}}
	}
	return p.set(env, what, msg.Value)
}

// Hints are the actions that the footer names, the most useful first.
func (p *Page) Hints(env parts.Env) []keys.Action {
	if _, typing := p.tasks.Filter(); typing && p.focus == tasksPane {
		return []keys.Action{keys.Accept, keys.Cancel}
	}
	tail := []keys.Action{keys.Palette, keys.Help}
	var list []keys.Action
	switch p.focus {
	case promptPane:
		list = []keys.Action{keys.Generate, keys.Newline, keys.NextPane, keys.Search}
	case referencesPane:
		list = []keys.Action{keys.AddRef, keys.RemoveRef, keys.RefLater, keys.NextPane, keys.ToPrompt}
	case parametersPane:
		list = []keys.Action{keys.StepNext, keys.Choose, keys.NextPane, keys.ToPrompt}
	case tasksPane:
		list = p.taskHints(env)
	}
	return append(list, tail...)
}

// taskHints names what makes sense for the selected task.
func (p *Page) taskHints(env parts.Env) []keys.Action {
	t, ok := p.tasks.Selected(p.facts)
	switch list, _ := p.results(t); {
	case p.over == detailsOver && len(list) > 1:
		return []keys.Action{keys.Cancel, keys.NextResult, keys.Details, keys.Edit, keys.Again, keys.CopyPath, keys.Open}
	case p.large() && ok && p.pictured(env, t):
		return []keys.Action{keys.Cancel, keys.Details, keys.Edit, keys.Again, keys.CopyPath, keys.Open}
	case p.over == detailsOver:
		return []keys.Action{keys.Cancel, keys.Edit, keys.Again, keys.CopyPath, keys.Open}
	case !ok:
		return []keys.Action{keys.Filter, keys.ToPrompt}
	case t.State == backend.Unsure, t.Asking:
		return []keys.Action{keys.Unsure, keys.Inspect, keys.Edit, keys.GiveUp, keys.Filter}
	case t.State == backend.Done:
		return []keys.Action{keys.Details, keys.Edit, keys.Again, keys.CopyPath, keys.UseAsRef, keys.Inspect, keys.Filter}
	case t.Over():
		return []keys.Action{keys.Details, keys.Edit, keys.Again, keys.Inspect, keys.Filter}
	}
	return []keys.Action{keys.Details, keys.Edit, keys.Again, keys.GiveUp, keys.Inspect, keys.Filter}
}

// Places names the bindings that work where the focus is, for the help.
func (p *Page) Places() []keys.Place {
	if p.focus == promptPane {
		return []keys.Place{keys.Prompt, keys.Everywhere}
	}
	return []keys.Place{places[p.focus], keys.Outside, keys.Everywhere}
}
