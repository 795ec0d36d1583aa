package studio

import (
	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/params"
)

// taskActions are what can be done with the selected task.
var taskActions = map[keys.Action]func(*Page, parts.Env, task.Task) []any{
	keys.Details:    (*Page).showDetails,
	keys.Edit:       (*Page).load,
	keys.Again:      (*Page).again,
	keys.GiveUp:     (*Page).giveUp,
	keys.Unsure:     (*Page).unsure,
	keys.Download:   (*Page).download,
	keys.CopyPath:   (*Page).copyPath,
	keys.CopyURL:    (*Page).copyURL,
	keys.CopyPrompt: (*Page).copyPrompt,
	keys.Open:       (*Page).open,
	keys.UseAsRef:   (*Page).useAsReference,
	keys.Inspect:    (*Page).inspect,
	keys.NextResult: (*Page).nextResult,
	keys.PrevResult: (*Page).prevResult,
}

// onTask carries out an action on the selected task.
func (p *Page) onTask(env parts.Env, a keys.Action) []any {
	t, ok := p.tasks.Selected(p.facts)
	if !ok {
		return warn(env.Words.Say("studio.say.no_task"))
	}
	return taskActions[a](p, env, t)
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

func (p *Page) pictured(env parts.Env, t task.Task) bool {
	_, _, _, ok := p.shown(env, t)
	return ok
}

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
	p.result = result{t.ID, max(0, min(at+by, len(list)-1))}
	return nil
}

// file gives the saved file of the result that is looked at.
func (p *Page) file(t task.Task) (file task.File, index int, ok bool) {
	list, at := p.results(t)
	if len(list) == 0 || list[at] >= len(t.Files) || t.Files[list[at]].Path == "" {
		return task.File{}, 0, false
	}
	return t.Files[list[at]], list[at], true
}

// address gives the address of the result that is looked at.
func (p *Page) address(t task.Task) string {
	if f, _, ok := p.file(t); ok && f.URL != "" {
		return f.URL
	}
	list, at := p.results(t)
	if len(list) > 0 && list[at] < len(t.Images) {
		return t.Images[list[at]].URL
	}
	return ""
}

func (p *Page) copyPath(env parts.Env, t task.Task) []any {
	if f, _, ok := p.file(t); ok {
		return []any{ask.Copy{Text: f.Path, What: env.Words.Say("studio.copy.path")}}
	}
	return warn(env.Words.Say("studio.say.no_file"))
}

func (p *Page) copyURL(env parts.Env, t task.Task) []any {
	if url := p.address(t); url != "" {
		return []any{ask.Copy{Text: url, What: env.Words.Say("studio.copy.url")}}
	}
	return warn(env.Words.Say("studio.say.no_url"))
}

func (p *Page) copyPrompt(env parts.Env, t task.Task) []any {
	return []any{ask.Copy{Text: t.Request.Prompt, What: env.Words.Say("studio.copy.prompt")}}
}

func (p *Page) open(env parts.Env, t task.Task) []any {
	if f, _, ok := p.file(t); ok {
		return []any{ask.View{Path: f.Path}}
	}
	return warn(env.Words.Say("studio.say.no_file"))
}

// useAsReference adds the result that is looked at to the references. Its
// address goes along while the provider keeps it.
func (p *Page) useAsReference(env parts.Env, t task.Task) []any {
	f, index, ok := p.file(t)
	if !ok {
		return warn(env.Words.Say("studio.say.no_file"))
	}
	ref := backend.Reference{Path: f.Path, Task: t.ID, Index: index, SHA256: f.SHA256}
	if at := p.facts.Provider(t.Request.Provider); at != nil && at.Lasts > 0 && !at.Local {
		since := t.ReadyAt
		if since.IsZero() {
			since = t.Finished
		}
		ref.URL, ref.Until = p.address(t), since.Add(at.Lasts)
	}
	p.looking++
	return []any{ask.LookAt{Reference: ref}}
}

func (p *Page) inspect(_ parts.Env, t task.Task) []any { return []any{ask.Inspect{Task: t}} }
