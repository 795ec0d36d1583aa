package task

import (
	"slices"

	"easel/backend"
)

// A start rewrites the journal without the tasks that are over, and whoever
// follows it opens the new file. The lines of a task are all kept, in their order,
// or all left out; so it is enough to know how many of them are in the task.

// count notes lines of this engine that are in the file.
func (e *Engine) count(lines []Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range lines {
		if it := e.items[ev.ID]; it != nil {
			it.lines++
		}
	}
}

// reread takes in a journal that is another file now, from its beginning; mu is
// held. What is known of a task stays, also what is not in the journal.
func (e *Engine) reread(events []Event) {
	seen := map[*item]int{}
	for _, ev := range events {
		it := e.items[ev.ID]
		if it == nil {
			t := Task{}.Apply(ev)
			if t.ID == "" {
				continue
			}
			seen[e.unknown(t)] = 1
			continue
		}
		if seen[it]++; seen[it] > it.lines {
			e.heed(it, ev)
		}
	}
	for _, it := range slices.Clone(e.order) {
		switch {
		case seen[it] == it.lines:
			e.changed(it) // it may be new
		case seen[it] > 0: // a person put an older file there: what is known stays
			it.lines = seen[it]
		case it.lines > 0:
			it.lines, it.gone, it.mine = 0, true, false
			e.plan(it)
			if !it.task.ended() {
				e.goes(func() { e.missed(it) })
			}
		}
	}
}

// missed learns from the history how a task ended whose last lines were written
// and left out before this engine read them.
func (e *Engine) missed(it *item) {
	it.lock.Lock()
	defer it.lock.Unlock()
	t := e.task(it)
	r, err := e.shared.Recorded(t.ID)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case it.task.ended():
	case err != nil && it.task.Over():
	case err != nil: // somebody took the journal away: it is not this one's to go on with
		e.c.Log.Error("a task is neither in the journal nor in the history", "task", t.ID, "error", err)
	default:
		if it.task = it.task.recorded(r); !t.Over() {
			e.forget(it)
		}
		it.mine = e.owns(it.task)
		e.changed(it)
	}
}

// ended says whether nothing can happen to the task any more: a stopped one may
// have been taken up again.
func (t Task) ended() bool { return t.Over() && t.State != backend.Canceled }

// recorded gives the task as its record has it.
func (t Task) recorded(r Record) Task {
	t.State, t.Ticket, t.Finished, t.ReadyAt = r.State, r.Ticket, r.Finished, r.Ready
	t.Files = slices.Clone(r.Files)
	t.Images, t.Fetches = make([]backend.Image, len(r.Files)), make([]Download, len(r.Files))
	for i, f := range r.Files {
		t.Images[i].URL = f.URL
	}
	t.Error, t.Trouble, t.InDoubt, t.Held, t.Asking = nil, nil, false, false, false
	if r.Error != nil && r.State != backend.Done {
		t.Error = &backend.Error{Provider: r.Provider, Kind: r.Error.Kind, Message: r.Error.Message, HTTP: r.Error.HTTP, TraceID: r.Error.TraceID}
	}
	t.Filed, t.Written = true, true
	return t
}
