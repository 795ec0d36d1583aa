package gallery

import (
	"strconv"

	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/result"
	"easel/ui/picture"
)

// many bounds what is read at once for an action on what is picked.
const many = 1000

// act carries out an action on entries; false if it is none.
func (p *Page) act(env parts.Env, a keys.Action) ([]any, bool) {
	switch a {
	case keys.EmptyTrash:
		return []any{ask.WeighTrash{}}, true
	case keys.TakeBack:
		return p.takeBack(env), true
	}
	do := map[keys.Action]func(parts.Env, []string) []any{
		keys.Star: p.star, keys.Tags: p.tag, keys.Trash: p.trash,
	}[a]
	whole := one(a) || a == keys.UseAsRef || result.Acts(a)
	if do == nil && !whole {
		return nil, false
	}
	ids := []string{p.cursor}
	if !one(a) {
		ids = p.chosen()
	}
	switch {
	case len(ids) == 0:
		return p.nothing(env), true
	case do != nil:
		return do(env, ids), true
	}
	return p.onTasks(env, a, ids), true
}

// one says whether an action is for the entry under the cursor, whatever is
// picked: there is one prompt to load into, and a roll is paid for.
func one(a keys.Action) bool {
	return a == keys.Edit || a == keys.EditPrompt || a == keys.Again || a == keys.Inspect
}

// onTasks carries out an action for which the whole tasks are needed: at once
// where they are known.
func (p *Page) onTasks(env parts.Env, a keys.Action, ids []string) []any {
	if one(a) || !p.picks.any() {
		ids = []string{p.cursor}
	}
	if len(ids) > many {
		return warn(env.Words.Say("gallery.say.too_many", number(many)))
	}
	list := p.entries(ids)
	if len(list) == 0 {
		return warn(env.Words.Say("gallery.say.none"))
	}
	if len(list) == 1 {
		if t, ok := p.recall.find(list[0]); ok {
			return p.withTasks(env, a, []task.Task{t}, p.looking())
		}
		return p.ask(of(list[0]), a, list...)
	}
	return p.ask(kept{}, a, list...)
}

// withTasks does what the tasks were asked for. Of the one that the cursor was on
// when it was asked, the result that was looked at is meant; of all others, all.
func (p *Page) withTasks(env parts.Env, a keys.Action, tasks []task.Task, at looking) []any {
	var list []result.Result
	for _, t := range tasks {
		if t.ID == at.id && len(tasks) == 1 {
			list = append(list, result.Result{Task: t, At: at.at})
			continue
		}
		for i := range max(len(details.Results(t)), 1) {
			list = append(list, result.Result{Task: t, At: i})
		}
	}
	if len(list) == 0 {
		return warn(env.Words.Say("gallery.say.none"))
	}
	if a == keys.UseAsRef || one(a) && a != keys.Inspect {
		return p.toStudio(env, a, list)
	}
	asks, _ := result.Do(env, a, list...)
	if !one(a) {
		p.picks.drop()
	}
	return asks
}

// mostRefs bounds how many references are added at once: no model takes more.
const mostRefs = 16

func (p *Page) toStudio(env parts.Env, a keys.Action, list []result.Result) []any {
	if len(list) > mostRefs {
		return warn(env.Words.Say("gallery.say.too_many", number(mostRefs)))
	}
	var out []any
	if a == keys.Again { // the tasks that are at work are not in sight here
		out = info(env.Words.Say("gallery.did.again"))
	}
	for _, r := range list {
		out = append(out, ask.ToStudio{Action: a, Task: r.Task, At: r.At})
	}
	if a == keys.UseAsRef {
		p.picks.drop()
	}
	return out
}

// look lays the picture of the entry over the page; if it is there, its details
// in words, and then takes them away.
func (p *Page) look(env parts.Env) []any {
	switch {
	case p.cursor == "":
	case p.over == nothing:
		p.over = largeOver
	case p.over == largeOver && p.pictured(env):
		p.over = detailsOver
	default:
		p.over = nothing
	}
	return nil
}

// turn goes to another result of the entry.
func (p *Page) turn(by int) {
	if r, ok := p.looked(); ok {
		p.at = max(0, min(p.at+by, len(details.Results(r.Task))-1))
	}
}

// turnGrid changes between grid and list, and keeps the cursor in sight.
func (p *Page) turnGrid(env parts.Env) []any {
	if p.book.Terminal.Thumbs() == picture.Off {
		return warn(env.Words.Say("gallery.say.no_grid"))
	}
	if p.lay.grid {
		p.plain, p.forced = true, false
	} else {
		p.plain, p.forced = false, true
	}
	p.place = place{}
	p.arrange(env)
	p.reveal()
	return nil
}

// number writes a number as people read it: "12,345".
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
