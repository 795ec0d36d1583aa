package task

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"easel/backend"
)

// flushEvery is the pause before lines that could not be written are tried
// again.
const flushEvery = 5 * time.Second

// fact says whether an event is something that happened in the world: it counts
// also when the disk is full. What easel or a person decides does not count
// before it is on disk.
func fact(k EventKind) bool {
	switch k {
	case Created, Sending, Adopted, Again, Lost, Stopped, Resumed, Taken:
		return false
	}
	return true
}

// record writes an event and applies it; the item's lock is held. An error
// means that nothing happened. A fact that cannot be written is applied, and
// written later.
func (e *Engine) record(it *item, ev Event) error {
	e.mu.Lock()
	before, owed := it.task, it.owed
	e.mu.Unlock()
	write, sync := before.Durable(ev)
	if !write || ev.Kind == Held && !e.owns(before) || ev.Kind == Rested && !e.owns(before) { // nobody's, and this one may not
		e.apply(it, ev)
		e.settle(it, before, ev)
		return nil
	}
	lines := append(slices.Clip(owed), ev)
	err := e.put(sync, func() []Event { return e.still(it, lines) }, func() { e.apply(it, ev) })
	switch {
	case err != nil && !fact(ev.Kind):
		return unwritten(err)
	case err != nil:
		e.c.Log.Error("the journal cannot be written", "task", ev.ID, "event", ev.Kind, "error", err)
		e.owe(it, lines)
		e.apply(it, ev)
	case len(owed) > 0:
		e.owe(it, nil)
	}
	e.settle(it, before, ev)
	return nil
}

// agree writes the event that decide gives for the task as it is when nobody else
// can write, and applies it; the item's lock is held. What only this engine needs
// to know is not written. An error, also one of decide's, means that nothing
// happened; no kind, that nothing was to be done.
func (e *Engine) agree(it *item, decide func(Task) (Event, error)) error {
	var before Task
	var events []Event
	var no error
	owed := false
	look := func() []Event {
		e.mu.Lock()
		t, lines, gone := it.task, slices.Clip(it.owed), it.gone
		e.mu.Unlock()
		before, events = t, nil
		ev, err := decide(t)
		if err == nil && gone { // over, as others have written: how is being found out
			err = unknown(t.Short())
		}
		if no = err; err != nil || ev.Kind == "" {
			return nil
		}
		if events = append(events, ev); !e.owns(t) && !e.shared.Alive(t.Engine) && e.mayNow(it, t.Apply(ev)) {
			taken := t.event(Taken, ev.At, nil)
			taken.Engine = e.me
			events = append(events, taken)
		}
		if write, _ := t.Durable(ev); !write && e.owns(t) {
			return nil
		}
		owed = len(lines) > 0
		return append(slices.Clip(e.still(it, lines)), events...)
	}
	done := func() {
		for _, ev := range events {
			e.apply(it, ev)
		}
	}
	if err := e.put(true, look, done); err != nil {
		return unwritten(err)
	}
	if no != nil || len(events) == 0 {
		return no
	}
	if owed {
		e.owe(it, nil)
	}
	if len(events) > 1 {
		e.paced(it)
	}
	e.settle(it, before, events[0])
	return nil
}

// paced has a task that was taken go at this engine's pace.
func (e *Engine) paced(it *item) {
	if it.lane == nil {
		return
	}
	takes := e.takes(it.lane.p, e.task(it).Request.Model)
	e.mu.Lock()
	defer e.mu.Unlock()
	it.takes = takes
	e.plan(it)
}

// settle writes the record of a task of this engine that an event ended.
func (e *Engine) settle(it *item, before Task, ev Event) {
	t := e.task(it)
	if e.owns(t) && t.Over() && (!t.Filed || t.Ticket != before.Ticket || ev.Kind == Saved) && ev.Kind != Filed {
		e.file(it)
	}
}

// still gives of what is owed what holds when nobody else can write: a task that
// somebody else took meanwhile is not this engine's.
func (e *Engine) still(it *item, owed []Event) []Event {
	if e.owns(e.task(it)) {
		return owed
	}
	return slices.DeleteFunc(slices.Clone(owed), func(ev Event) bool { return ev.Kind == Taken })
}

// owe notes what of an item is not on disk yet.
func (e *Engine) owe(it *item, lines []Event) {
	e.mu.Lock()
	it.owed = lines
	if len(lines) > 0 {
		e.later(it)
	} else if !it.task.Over() || it.task.Filed {
		delete(e.owing, it)
	}
	e.mu.Unlock()
}

// later puts an item among those that are flushed after a while; mu is held.
func (e *Engine) later(it *item) {
	e.owing[it] = struct{}{}
	e.flushAt = time.Now().Add(flushEvery)
	e.nudge()
}

// file writes the record of a task that is over to the history; the item's lock
// is held.
func (e *Engine) file(it *item) {
	t := e.task(it)
	if err := e.c.Journal.Finish(t.Record()); err != nil {
		e.c.Log.Error("the history cannot be written", "task", t.ID, "error", err)
		e.mu.Lock()
		e.later(it)
		e.mu.Unlock()
		return
	}
	e.mu.Lock()
	if len(it.owed) == 0 {
		delete(e.owing, it)
	}
	e.mu.Unlock()
	e.record(it, t.event(Filed, stamp(), nil))
}

// flush writes what could not be written before, and gives the first error.
func (e *Engine) flush() error {
	e.mu.Lock()
	var items []*item
	for it := range e.owing {
		items = append(items, it)
	}
	e.mu.Unlock()
	for _, it := range items {
		if err := e.flushItem(it); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) flushItem(it *item) error {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	owed := it.owed
	e.mu.Unlock()
	if len(owed) > 0 {
		if err := e.put(true, func() []Event { return e.still(it, owed) }, func() {}); err != nil {
			e.mu.Lock()
			e.later(it)
			e.mu.Unlock()
			return unwritten(err)
		}
		e.owe(it, nil)
	}
	if t := e.task(it); t.Over() && !t.Filed && e.owns(t) {
		e.file(it)
	}
	return nil
}

// apply changes the task in memory, plans its next steps, and tells the
// followers. It gives the task after the event.
func (e *Engine) apply(it *item, ev Event) Task {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.applied(it, ev)
}

// applied is apply with mu held.
func (e *Engine) applied(it *item, ev Event) Task {
	before := it.task
	it.task = before.Apply(ev)
	it.mine = e.owns(it.task)
	it.jitter = rand.Float64()
	e.noteAway(it, ev)
	switch {
	case it.task.Over() && !before.Over():
		it.hidden = false
		e.forget(it)
		if it.halt != nil {
			it.halt()
			it.ctx, it.halt = nil, nil
		}
	case before.Over() && !it.task.Over():
		it.hidden = false
		e.ended = slices.DeleteFunc(e.ended, func(x *item) bool { return x == it })
	}
	e.changed(it)
	return it.task
}

// noteAway counts what was over at the provider before this run.
func (e *Engine) noteAway(it *item, ev Event) {
	if it.early && ev.Kind == Told {
		it.early = false
		it.away = it.task.State == backend.Ready || it.task.State == backend.Failed
	}
	if it.away && (it.task.State == backend.Done || it.task.State == backend.Failed) {
		it.away = false
		e.away++
	}
}

// forget drops the oldest of the tasks that ended, and the bytes of one that did.
func (e *Engine) forget(it *item) {
	e.ended = append(e.ended, it)
	for len(e.ended) > keepEnded {
		old := e.ended[0]
		if _, owes := e.owing[old]; owes {
			break
		}
		e.ended = e.ended[1:]
		delete(e.items, old.task.ID)
		e.order = slices.DeleteFunc(e.order, func(x *item) bool { return x == old })
	}
}

// changed plans the item's next steps and tells the followers; mu is held.
func (e *Engine) changed(it *item) {
	e.plan(it)
	for f := range e.followers {
		f.note(it)
	}
}

// sane makes a snapshot one that JSON can say, so that a strange answer never
// keeps a ticket from the disk.
func sane(s backend.Snapshot) backend.Snapshot {
	if math.IsNaN(s.Progress) || math.IsInf(s.Progress, 0) {
		s.Progress = -1
	}
	if !json.Valid(s.Usage) || len(s.Usage) > maxUsage {
		s.Usage = nil
	}
	return s
}

// maxUsage bounds what is kept of a provider's account of its work.
const maxUsage = 16 << 10
