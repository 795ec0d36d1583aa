package studio

import (
	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/params"
	"easel/ui/parts/result"
)

// taskActions are what can be done with the selected task.
var taskActions = map[keys.Action]func(*Page, parts.Env, task.Task) []any{
	keys.Details:    (*Page).showDetails,
	keys.Edit:       (*Page).load,
	keys.EditPrompt: (*Page).loadPrompt,
	keys.Again:      (*Page).again,
	keys.GiveUp:     (*Page).giveUp,
	keys.Unsure:     (*Page).unsure,
	keys.Download:   (*Page).download,
	keys.UseAsRef:   (*Page).useAsReference,
	keys.NextResult: (*Page).nextResult,
	keys.PrevResult: (*Page).prevResult,
}

// onTask carries out an action on the selected task; false if it is none that
// needs a task.
func (p *Page) onTask(env parts.Env, a keys.Action) ([]any, bool) {
	t, ok := p.tasks.Selected(p.facts)
	do, own := taskActions[a]
	switch {
	case !ok && (own || result.Acts(a)):
		return warn(env.Words.Say("studio.say.no_task")), true
	case !ok:
		return nil, false
	case own:
		return do(p, env, t), true
	}
	return result.Do(env, a, p.seen(t))
}

// With carries out an action on a result that another page shows.
func (p *Page) With(env parts.Env, a keys.Action, r result.Result) []any {
	p.result = shown{r.Task.ID, r.At}
	if do, ok := taskActions[a]; ok {
		return do(p, env, r.Task)
	}
	return nil
}

// list carries out what moves in the list.
func (p *Page) list(_ parts.Env, a keys.Action) []any {
	p.tasks.Do(p.facts, a, p.lay.list.H)
	return nil
}

// showDetails lays the picture of a task over the page; if it is there, its
// details in words, and then takes them away. Without a picture there are words
// only.
func (p *Page) showDetails(env parts.Env, t task.Task) []any {
	switch {
	case p.over != detailsOver:
		p.focus, p.over, p.text = tasksPane, detailsOver, false
	case p.large() && p.pictured(env, t):
		p.text = true
	default:
		p.over = nothing
	}
	return nil
}

func (p *Page) pictured(env parts.Env, t task.Task) bool { return p.shown(env, t).OK }

// load puts the task's request into the studio, to be changed.
func (p *Page) load(env parts.Env, t task.Task) []any {
	r := t.Request.Clone()
	p.prompt.SetValue(r.Prompt)
	p.focus, p.over = promptPane, nothing
	name := r.Provider
	at := p.facts.Provider(name)
	if at == nil {
		at = p.facts.Provider(p.request.Provider)
	}
	r.Prompt = ""
	var changes []backend.Change
	if at != nil {
		asked := r.Model
		r, changes = adapt(at, r)
		if r.Model != asked {
			changes = append([]backend.Change{{Field: params.Model, From: asked, To: r.Model}}, changes...)
		}
		if at.Name != name {
			changes = append([]backend.Change{{Field: params.Provider, From: name, To: at.Name}}, changes...)
		}
	}
	p.request = r
	out := append([]any{ask.Draft{}}, p.Start()...)
	if len(changes) > 0 {
		return append(out, warn(p.told(env, changes))...)
	}
	return append(out, info(env.Words.Say("studio.say.loaded", t.Short()))...)
}

// loadPrompt puts the task's prompt into the studio, and nothing else.
func (p *Page) loadPrompt(env parts.Env, t task.Task) []any {
	p.prompt.SetValue(t.Request.Prompt)
	p.focus, p.over = promptPane, nothing
	return []any{ask.Draft{}, ask.Say{Level: ask.Info, Text: env.Words.Say("studio.say.loaded_prompt", t.Short())}}
}

// again sends the task's request once more, as it was.
func (p *Page) again(env parts.Env, t task.Task) []any {
	return p.generate(env, t.Request.Clone())
}

// giveUp stops watching a task, or takes a stopped one up again.
func (p *Page) giveUp(env parts.Env, t task.Task) []any {
	switch {
	case t.State == backend.Canceled:
		return []any{ask.Change{ID: t.ID, Verb: ask.Resume}}
	case t.Over():
		return warn(env.Words.Say("studio.say.over"))
	}
	return []any{ask.Change{ID: t.ID, Verb: ask.Stop}}
}

func (p *Page) download(env parts.Env, t task.Task) []any {
	if t.State == backend.Done {
		return info(env.Words.Say("studio.say.saved_already"))
	}
	return []any{ask.Change{ID: t.ID, Verb: ask.Download}}
}

// unsure offers the ways out for a task that waits for a person.
func (p *Page) unsure(env parts.Env, t task.Task) []any {
	say := env.Words.Say
	item := func(v ask.Verb) ask.Item {
		return ask.Item{Value: string(v), Label: say("studio.unsure." + string(v)), Note: say("studio.unsure." + string(v) + "_note")}
	}
	pick := ask.Choose{Tag: "unsure " + t.ID, Title: say("studio.unsure.title", t.Short()), Text: say("studio.unsure.text", backend.Clean(t.Request.Provider))}
	switch {
	case t.State == backend.Unsure:
		pick.Items = []ask.Item{item(ask.Look), item(ask.Adopt), item(ask.Resend), item(ask.Lost)}
	case t.Asking:
		pick.Title, pick.Text = say("studio.unsure.title_asking", t.Short()), say("studio.unsure.text_asking")
		pick.Items = []ask.Item{
			{Value: "send", Label: say("studio.unsure.send"), Note: say("studio.unsure.send_note")},
			{Value: string(ask.Stop), Label: say("studio.unsure.drop"), Note: say("studio.unsure.drop_note")},
		}
	case t.Held:
		return []any{ask.Change{ID: t.ID, Verb: ask.Look}}
	default:
		return warn(say("studio.say.not_unsure"))
	}
	return []any{pick}
}

// decided carries out what a person chose for an unsure task.
func (p *Page) decided(env parts.Env, id, choice string) []any {
	say := env.Words.Say
	t, ok := p.facts.Task(id)
	if !ok {
		return nil
	}
	switch choice {
	case string(ask.Adopt):
		return []any{ask.Type{Tag: "adopt " + id, Title: say("studio.unsure.adopt_title", t.Request.Provider), Hint: say("studio.unsure.adopt_hint")}}
	case string(ask.Resend):
		return []any{ask.Confirm{
			Tag: "resend " + id, Title: say("studio.unsure.again"),
			Text: say("studio.unsure.again_text", t.Request.Provider), Yes: say("studio.unsure.again_yes"),
		}}
	case "send":
		choice = string(ask.Resend)
	}
	return []any{ask.Change{ID: id, Verb: ask.Verb(choice)}}
}

// results gives what the details show: the indexes, and the one that is looked at.
func (p *Page) results(t task.Task) (list []int, at int) {
	list = details.Results(t)
	if p.result.task == t.ID {
		at = min(p.result.at, max(len(list)-1, 0))
	}
	return list, at
}

func (p *Page) nextResult(_ parts.Env, t task.Task) []any { return p.turn(t, 1) }
func (p *Page) prevResult(_ parts.Env, t task.Task) []any { return p.turn(t, -1) }

func (p *Page) turn(t task.Task, by int) []any {
	list, at := p.results(t)
	p.result = shown{t.ID, max(0, min(at+by, len(list)-1))}
	return nil
}

// seen is the result of a task that is looked at.
func (p *Page) seen(t task.Task) result.Result {
	_, at := p.results(t)
	return result.Result{Task: t, At: at}
}

// useAsReference adds the result that is looked at to the references. Its
// address goes along while the provider keeps it.
func (p *Page) useAsReference(env parts.Env, t task.Task) []any {
	r := p.seen(t)
	f, index, ok := r.File()
	if !ok {
		return warn(env.Words.Say("studio.say.no_file"))
	}
	ref := backend.Reference{Path: f.Path, Task: t.ID, Index: index, SHA256: f.SHA256}
	if at := p.facts.Provider(t.Request.Provider); at != nil && at.Lasts > 0 && !at.Local {
		since := t.ReadyAt
		if since.IsZero() {
			since = t.Finished
		}
		ref.URL, ref.Until = r.Address(), since.Add(at.Lasts)
	}
	p.looking++
	return []any{ask.LookAt{Reference: ref}}
}
