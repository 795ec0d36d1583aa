package task

import (
	"context"
	"fmt"
	"strings"
	"time"

	"easel/backend"
)

// The ways in which a person changes what happens to a task. Each checks that
// the task is in a state where it makes sense, puts the decision on disk, and
// returns; an error says why not.

// change lets way decide on an event for the task, and records it.
func (e *Engine) change(id string, way func(it *item, t Task) (Event, error)) error {
	it, err := e.find(id)
	if err != nil {
		return err
	}
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	t, ready := it.task, e.phase == running
	e.mu.Unlock()
	if !ready {
		return ErrClosed
	}
	if err := e.doubtLeft(it); err != nil {
		return err
	}
	err = e.agree(it, func(t Task) (Event, error) { return way(it, t) })
	if now := e.task(it); err == nil && now.State == backend.Canceled && !t.Over() && e.owns(now) {
		e.cancelThere(it)
	}
	return err
}

// not is the error for a way that the task's state does not allow.
func not(t Task, what string) error {
	return wrong("task.state."+what, "%s is %s: it cannot be "+map[string]string{
		"look": "asked about", "adopt": "given an id of the provider's", "again": "sent again", "lost": "marked as lost",
		"stop": "given up", "resume": "taken up again", "download": "downloaded again",
	}[what], t.Short(), string(t.State))
}

// Look asks the provider about a task now: of an unsure task by time where the
// provider can, of one in flight by its ticket.
func (e *Engine) Look(id string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		if it.lane == nil {
			return Event{}, noProvider(t.Request.Provider)
		}
		p := it.lane.p
		switch t.State {
		case backend.Unsure:
			return Event{}, e.search(it, t)
		case backend.Queued, backend.Running:
			if other := elsewhere(t, p); other != nil {
				return Event{}, other
			}
			return t.event(Looked, stamp(), nil), nil
		case backend.Ready:
			return t.event(Retried, stamp(), nil), nil
		}
		return Event{}, not(t, "look")
	})
}

// search begins to look for an unsure task at a provider that lists its jobs.
func (e *Engine) search(it *item, t Task) error {
	p := it.lane.p
	finder, ok := p.Driver.(backend.Finder)
	if !ok {
		return wrong("task.look.cannot", "%s cannot be asked for tasks by time: look at its web page for the task's id, and adopt it", p.Name)
	}
	if other := elsewhere(t, p); other != nil {
		return other
	}
	m, ok := p.Model(t.Request.Model)
	if !ok {
		m.ID = t.Request.Model
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	ctx := e.ctx
	e.goes(func() { e.found(ctx, it, finder, m, t) })
	return nil
}

// found asks for the jobs around the time of the submit, and adopts the one
// that has the prompt and is no other task's. More than one, or none, the
// person is told of.
func (e *Engine) found(ctx context.Context, it *item, finder backend.Finder, m backend.Model, t Task) {
	bounded, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	list, err := finder.Find(bounded, m, t.Sent.Add(-time.Minute), t.Sent.Add(10*time.Minute))
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	mine := map[string]bool{}
	for _, other := range e.order {
		mine[other.task.Ticket] = true
	}
	t = it.task
	e.mu.Unlock()
	if t.State != backend.Unsure || ctx.Err() != nil {
		return
	}
	var fit []string
	for _, f := range list {
		if ticket := backend.Clean(f.Ticket); ticket != "" && !mine[ticket] && strings.TrimSpace(f.Prompt) == strings.TrimSpace(t.Request.Prompt) {
			fit = append(fit, ticket)
		}
	}
	say := func(kind backend.Kind, word, format string, args ...string) {
		e1 := wrong(word, format, args...)
		e1.Provider, e1.Op, e1.Kind = t.Request.Provider, backend.OpPoll, kind
		e.record(it, t.event(Missed, stamp(), e1))
	}
	switch {
	case err != nil:
		e.record(it, t.event(Missed, stamp(), backend.AsError(err)))
	case len(fit) == 0:
		say(backend.Gone, "task.look.none", "nothing with this prompt was found around the time of the submit")
	case len(fit) > 1:
		say(backend.Gone, "task.look.several", "several fit, adopt one: %s", strings.Join(fit, " "))
	default:
		ev := t.event(Adopted, stamp(), nil)
		ev.Ticket = fit[0]
		if err := e.agree(it, func(Task) (Event, error) { return ev, nil }); err != nil {
			e.record(it, t.event(Missed, stamp(), backend.AsError(err)))
		}
	}
}

// Adopt gives an unsure task the ticket that the person found at the provider.
func (e *Engine) Adopt(id, ticket string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		ticket := strings.TrimSpace(ticket)
		switch {
		case t.State != backend.Unsure:
			return Event{}, not(t, "adopt")
		case ticket == "" || backend.Clean(ticket) != ticket || len(ticket) > 512:
			return Event{}, wrong("task.ticket", "%q is no id of a provider's task", backend.Clean(ticket))
		}
		if other := e.holder(t, ticket); other != "" {
			return Event{}, wrong("task.ticket.taken", "%s is the id of task %s already", ticket, other)
		}
		ev := t.event(Adopted, stamp(), nil)
		ev.Ticket = ticket
		return ev, nil
	})
}

// holder names the other task of the same provider that has the ticket.
func (e *Engine) holder(t Task, ticket string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, it := range e.order {
		if o := it.task; o.Ticket == ticket && o.Request.Provider == t.Request.Provider && o.ID != t.ID {
			return o.Short()
		}
	}
	return ""
}

// Again sends an unsure task again, after an explicit yes, or a pending one of
// an earlier run.
func (e *Engine) Again(id string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		switch {
		case it.lane == nil:
			return Event{}, noProvider(t.Request.Provider)
		case t.State != backend.Unsure && (t.State != backend.Pending || t.InDoubt):
			return Event{}, not(t, "again")
		case it.onWire:
			return Event{}, not(t, "again") // the first submit is still under way
		}
		return t.event(Again, stamp(), nil), nil
	})
}

// Lost ends an unsure task: failed.
func (e *Engine) Lost(id string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		if t.State != backend.Unsure {
			return Event{}, not(t, "lost")
		}
		why := &backend.Error{Provider: t.Request.Provider, Op: backend.OpSubmit, Kind: backend.Stopped,
			Word: "task.lost", Message: "marked as lost; it may have been charged"}
		return t.event(Lost, stamp(), why), nil
	})
}

// Stop stops watching a task (canceled), and cancels it at the provider where
// it can; it may still be charged.
func (e *Engine) Stop(id string) error {
	return e.giveUp(id, func(t Task) bool { return !t.Over() })
}

// Drop is Stop for what was not sent, and fails for all else: who leaves while a
// task is being sent does not give up what is charged for.
func (e *Engine) Drop(id string) error { return e.giveUp(id, Task.CanSend) }

// giveUp stops a task that may be, as it is at that moment.
func (e *Engine) giveUp(id string, may func(Task) bool) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		if !may(t) {
			return Event{}, not(t, "stop")
		}
		why := &backend.Error{Provider: t.Request.Provider, Kind: backend.Stopped, Word: "task.stopped.unsent", Message: "given up before it was sent"}
		if !t.CanSend() {
			why.Word, why.Message = "task.stopped", "given up; it may still be charged"
		}
		return t.event(Stopped, stamp(), why), nil
	})
}

// cancelThere tells the provider that a task is not wanted, where it can be
// told; the item's lock is held.
func (e *Engine) cancelThere(it *item) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := it.task
	if it.lane == nil || t.Ticket == "" || elsewhere(t, it.lane.p) != nil || t.State != backend.Canceled {
		return
	}
	canceler, ok := it.lane.p.Driver.(backend.Canceler)
	if !ok {
		return
	}
	if e.phase != running {
		return
	}
	e.sends.Add(1) // Close waits for it as for a submit
	e.goes(func() {
		defer e.sends.Done()
		ctx, cancel := context.WithTimeout(e.sendCtx, askBound)
		defer cancel()
		if err := canceler.Cancel(ctx, backend.Job{Model: t.Request.Model, Ticket: t.Ticket, Kept: t.Kept}); err != nil {
			e.c.Log.Info("the provider did not cancel", "task", t.ID, "error", fmt.Sprint(backend.AsError(err)))
		}
	})
}

// Resume takes a stopped task up again under the same id.
func (e *Engine) Resume(id string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		if t.State != backend.Canceled || it.gone { // too long ago
			return Event{}, not(t, "resume")
		}
		return t.event(Resumed, stamp(), nil), nil
	})
}

// Download tries the downloads of a ready task again now.
func (e *Engine) Download(id string) error {
	return e.change(id, func(it *item, t Task) (Event, error) {
		switch {
		case t.State != backend.Ready:
			return Event{}, not(t, "download")
		case it.lane == nil:
			return Event{}, noProvider(t.Request.Provider)
		}
		return t.event(Retried, stamp(), nil), nil
	})
}
