package task

import (
	"context"
	"slices"
	"time"

	"easel/backend"
)

// What becomes of the tasks of an engine that does not live any more.

// open says whether something is still to be done for the task by its engine.
func (t Task) open() bool { return !t.Over() || !t.Filed }

// takeFirst takes at the start of this engine what others left. It does not wait for
// keys that are not there at once: what is there is taken when they are.
func (e *Engine) takeFirst() {
	var keys []chan struct{}
	left := e.left()
	e.mu.Lock()
	for _, it := range left {
		it.first = true
		e.may(it)
	}
	for _, l := range e.lanes {
		if l.key.looking != nil {
			keys = append(keys, l.key.looking)
		}
	}
	e.mu.Unlock()
	bound, end := context.WithTimeout(e.ctx, keyAtStart)
	defer end()
	for _, ended := range keys {
		select {
		case <-ended:
		case <-bound.Done():
		}
	}
	e.takeLeft()
}

// takeLeft takes the tasks whose engines do not live any more, as far as this one
// may, and says of the others what is in the way.
func (e *Engine) takeLeft() {
	e.taking.Lock() // who comes second finds it done
	defer e.taking.Unlock()
	var mine []*item
	for _, it := range e.left() {
		e.mu.Lock()
		why, known := e.may(it)
		e.mu.Unlock()
		switch {
		case why != nil:
			e.showHeld(it)
		case known:
			mine = append(mine, it)
		}
	}
	if len(mine) == 0 {
		return
	}
	taken := e.take(mine)
	takes := map[[2]string]Takes{}
	for _, it := range taken {
		e.takeUp(it, takes)
	}
}

// left gives the items of engines that do not live any more that are open.
func (e *Engine) left() (out []*item) {
	e.mu.Lock()
	for _, it := range e.order {
		if !it.mine && !it.gone && it.task.open() {
			out = append(out, it)
		}
	}
	e.mu.Unlock()
	alive := map[string]bool{}
	return slices.DeleteFunc(out, func(it *item) bool {
		owner := e.task(it).Engine
		if _, ok := alive[owner]; !ok {
			alive[owner] = e.shared.Alive(owner)
		}
		return alive[owner] || e.carries(e.task(it))
	})
}

// carries says whether the engine of a task is stopped with a picture in memory
// that only it can save: it would be lost to whoever took the task.
func (e *Engine) carries(t Task) bool { return t.carried() && e.shared.Stopped(t.Engine) }

// unfit is why a task cannot be carried out at a lane; nil if it can, with a key.
func (l *lane) unfit(t Task) *backend.Error {
	if l == nil {
		return noProvider(t.Request.Provider)
	}
	return elsewhere(t, l.p)
}

// may says why this engine may not take a task, and whether that is known: it has
// the provider, at the address that it was sent to, and a key. For one that is over
// only its record is to be written; one that is ready is only to be fetched, and that
// in time. mu is held.
func (e *Engine) may(it *item) (why *backend.Error, known bool) {
	if it.task.Over() {
		return nil, true
	}
	if why := it.lane.unfit(it.task); why != nil {
		return why, true
	}
	if it.task.State == backend.Ready && !it.task.pollable() {
		return nil, true
	}
	return e.access(it.lane)
}

// mayNow says whether this engine may take a task about which a person decided here,
// and which is after that. A key that the provider refused may be tried so.
func (e *Engine) mayNow(it *item, after Task) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if after.Over() {
		return true
	}
	if it.lane.unfit(after) != nil {
		return false
	}
	it.lane.key.last = time.Time{} // it may have been put there for this
	why, known := e.access(it.lane)
	return known && (why == nil || it.lane.key.refused)
}

// take writes that tasks are this engine's from now on, and gives those that are:
// somebody may have been quicker.
func (e *Engine) take(left []*item) (taken []*item) {
	now := stamp()
	var events []Event
	decide := func() []Event {
		taken, events = nil, nil
		for _, it := range left {
			if t := e.task(it); t.open() && !e.owns(t) && !e.shared.Alive(t.Engine) && !e.carries(t) {
				ev := t.event(Taken, now, nil)
				ev.Engine = e.me
				taken, events = append(taken, it), append(events, ev)
				if t.old(now) { // before anybody can send it
					events = append(events, t.event(Asking, now, nil))
				}
			}
		}
		return events
	}
	done := func() {
		of := map[string]*item{}
		for _, it := range taken {
			of[e.task(it).ID] = it
		}
		for _, ev := range events {
			e.apply(of[ev.ID], ev)
		}
	}
	if err := e.put(false, decide, done); err != nil {
		e.c.Log.Error("what another easel left cannot be taken up", "error", err)
		if e.shared.Others() {
			return nil
		}
		decide() // nobody is there to be told; what is not sent yet stays unsent while nothing can be written
		done()
		for _, it := range taken {
			e.oweTaken(it, now)
		}
	}
	return taken
}

// oweTaken sees to it that others hear later of what was taken.
func (e *Engine) oweTaken(it *item, now time.Time) {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	ev := it.task.event(Taken, now, nil)
	ev.Engine = e.me
	owed := append([]Event{ev}, it.owed...)
	e.mu.Unlock()
	e.owe(it, owed)
}

// showHeld says of a task that nobody carries out why this engine does not.
func (e *Engine) showHeld(it *item) {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	why, _ := e.may(it)
	e.mu.Unlock()
	if t := e.task(it); why != nil && !e.owns(t) && !(t.Held && t.Trouble != nil && t.Trouble.Message == why.Message) {
		if ev, ok := t.left(stamp()); ok && e.doubtLeft(it) != nil {
			e.apply(it, ev) // it is said later, by who takes it
		}
		e.hold(it, why)
	}
}

// doubtLeft writes of a task that was being sent when its engine ended that nobody
// knows what became of it, before a person decides about it; the item's lock is held.
func (e *Engine) doubtLeft(it *item) error {
	if _, ok := e.task(it).left(stamp()); !ok || e.shared == nil {
		return nil
	}
	return e.agree(it, func(t Task) (Event, error) {
		ev, ok := t.left(stamp())
		if !ok || e.owns(t) || e.shared.Alive(t.Engine) {
			return Event{}, nil
		}
		return ev, nil
	})
}
