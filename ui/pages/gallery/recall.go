package gallery

import (
	"slices"

	"easel/backend"
	"easel/backend/task"
	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/result"
)

// recall keeps the whole tasks that were looked at last, and knows what is asked
// for.
type recall struct {
	tasks  []kept // the last one last
	asked  int    // the number of the last question
	of     kept   // the entry that is asked for, without its task
	then   keys.Action
	at     looking       // where the person was when it was asked
	failed map[kept]bool // what could not be read is not asked for again and again
}

// kept is a task as it was written at a place of the file.
type kept struct {
	id     string
	offset int64
	sets   int
	task   *task.Task
}

// looking is the entry that the cursor is on, and which of its results is looked
// at. An answer may come when the person has gone on.
type looking struct {
	id string
	at int
}

func (p *Page) looking() looking { return looking{p.cursor, p.at} }

// keeps is how many tasks are kept.
const keeps = 48

func of(e search.Entry) kept { return kept{id: e.ID, offset: e.Offset, sets: len(e.Sets)} }

func (r *recall) find(e search.Entry) (task.Task, bool) {
	want := of(e)
	for _, k := range r.tasks {
		if k.id == want.id && k.offset == want.offset && k.sets == want.sets {
			return *k.task, true
		}
	}
	return task.Task{}, false
}

func (r *recall) put(k kept) {
	r.tasks = slices.DeleteFunc(r.tasks, func(x kept) bool { return x.id == k.id })
	if r.tasks = append(r.tasks, k); len(r.tasks) > keeps {
		r.tasks = r.tasks[1:]
	}
}

// remember asks for the task under the cursor where it is drawn and not known.
func (p *Page) remember(env parts.Env) []any {
	e, ok := p.Entry()
	if !ok || p.recall.then != "" {
		return nil
	}
	p.arrange(env)
	if p.over == nothing && p.lay.card.H < 1 {
		return nil
	}
	if _, known := p.recall.find(e); known || p.recall.of == of(e) || p.recall.failed[of(e)] {
		return nil
	}
	return p.ask(of(e), "", e)
}

func (p *Page) ask(k kept, then keys.Action, list ...search.Entry) []any {
	p.recall.asked++
	p.recall.of, p.recall.then, p.recall.at = k, then, p.looking()
	return []any{ask.Recall{Number: p.recall.asked, Entries: list}}
}

// recalled takes in whole tasks, and does what they were asked for.
func (p *Page) recalled(env parts.Env, msg ask.Recalled) []any {
	r := &p.recall
	if msg.Number != r.asked {
		return nil
	}
	k, then := r.of, r.then
	r.of, r.then = kept{}, ""
	if msg.Err != nil {
		if r.failed == nil {
			r.failed = map[kept]bool{}
		}
		r.failed[k] = true
		return bad(env.Words.Say("studio.say.history", backend.Clean(msg.Err.Error())))
	}
	if k.id != "" && len(msg.Tasks) == 1 {
		k.task = &msg.Tasks[0]
		r.put(k)
	}
	if then == "" {
		return nil
	}
	return p.withTasks(env, then, msg.Tasks, r.at)
}

// looked is the result of the entry under the cursor that is looked at; false as
// long as its task is not known.
func (p *Page) looked() (result.Result, bool) {
	e, ok := p.Entry()
	if !ok {
		return result.Result{}, false
	}
	t, ok := p.recall.find(e)
	return result.Result{Task: t, At: p.at}, ok
}

func info(text string) []any { return []any{ask.Say{Level: ask.Info, Text: text}} }
func good(text string) []any { return []any{ask.Say{Level: ask.Good, Text: text}} }
func warn(text string) []any { return []any{ask.Say{Level: ask.Warn, Text: text}} }
func bad(text string) []any  { return []any{ask.Say{Level: ask.Bad, Text: text}} }
