package task

import (
	"context"
	"time"
)

// Shared is a Journal that several engines write, each carrying out what it was
// asked. Whose a task is, the last Created or Taken of it says; it may be taken by
// another engine when its own does not live any more. history fulfils it.
type Shared interface {
	Journal
	// Engine is the name of this engine, another one each time.
	Engine() string
	// Attend names who hears the events that others wrote, each once and in the
	// order of the file: in Look, and before own events are written. anew says
	// that the journal was rewritten: these are all its events, own ones with them.
	Attend(told func(events []Event, anew bool))
	// Look tells what others wrote since.
	Look() error
	// Put writes the events that decide gives, all or none. decide is called when
	// all that others wrote was told, and nobody else can write; done before
	// anybody else can. With sync the events are on disk by then.
	Put(sync bool, decide func() []Event, done func()) error
	// Alive says whether an engine is at work, Stopped whether one that is not may
	// yet go on with what it has in memory, Others whether there is any but this one,
	// at work or about to be again.
	Alive(engine string) bool
	Stopped(engine string) bool
	Others() bool
	// Recorded gives the last record of a task that the history has.
	Recorded(id string) (Record, error)
	// Pause makes this engine seem dead until Resume.
	Pause() error
	Resume() error
}

const (
	lookEvery = 300 * time.Millisecond // so soon is seen what others do
	restEvery = 20 * time.Millisecond  // between looks whether the submits are over, before a rest
	takeEvery = 3                      // looks between two looks for what a dead engine left
)

// put is Shared.Put; an engine that is the only one needs no more than to write.
func (e *Engine) put(sync bool, decide func() []Event, done func()) error {
	if e.shared != nil {
		var lines []Event
		return e.shared.Put(sync, func() []Event {
			lines = decide()
			return lines
		}, func() {
			done()
			e.count(lines)
		})
	}
	if list := decide(); len(list) > 0 {
		if err := e.c.Journal.Append(sync, list...); err != nil {
			return err
		}
	}
	done()
	return nil
}

// owns says whether this engine carries a task out.
func (e *Engine) owns(t Task) bool { return e.shared == nil || t.Engine == e.me }

// hear takes in what other engines wrote.
func (e *Engine) hear(events []Event, anew bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if anew {
		e.reread(events)
		return
	}
	for _, ev := range events {
		it := e.items[ev.ID]
		if it == nil {
			t := Task{}.Apply(ev)
			if t.ID == "" {
				continue // of a task that ended long ago
			}
			e.changed(e.unknown(t))
			continue
		}
		e.heed(it, ev)
	}
}

// unknown adds a task that this engine hears of for the first time; mu is held. Of
// its own it knows all but those whose first line could not be written: the person
// was told that nothing is sent. Where such a line stayed in the file and others
// heard it before it could be taken back, it is given up, and not sent until that
// is written; a person may take it up again.
func (e *Engine) unknown(t Task) *item {
	it := &item{lock: newTurn(), task: t, lane: e.lanes[t.Request.Provider], mine: e.owns(t), lines: 1}
	e.add(it)
	if it.mine {
		it.task = t.Apply(t.event(Asking, stamp(), nil))
		e.goes(func() {
			if err := e.Drop(t.ID); err != nil {
				e.c.Log.Info("a task that was not asked for waits for a person", "task", t.ID, "error", err)
			}
		})
	}
	return it
}

// heed takes in a line that another engine wrote of a known task; mu is held.
func (e *Engine) heed(it *item, ev Event) {
	was := it.task
	it.lines++
	e.applied(it, ev)
	if it.mine && it.task.Over() && !was.Over() {
		e.goes(func() { e.endedElsewhere(it) })
	}
}

// endedElsewhere does what is left to do for a task of this engine that a person
// ended at another one.
func (e *Engine) endedElsewhere(it *item) {
	it.lock.Lock()
	defer it.lock.Unlock()
	if t := e.task(it); t.Over() && !t.Filed {
		e.file(it)
	}
	e.cancelThere(it)
}

// attend follows the other engines, and takes up what a dead one left.
func (e *Engine) attend(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := e.shared.Look(); err != nil {
			e.c.Log.Warn("the journal cannot be read", "error", err)
		}
		if n%takeEvery == 0 {
			e.takeLeft()
			e.share()
		}
	}
}

// share gives each engine that has work at a provider a part of what may be asked
// of it.
func (e *Engine) share() {
	e.mu.Lock()
	owners := map[*lane]map[string]bool{}
	for _, it := range e.order {
		if !it.mine && it.lane != nil && !it.task.Idle() && it.task.BaseURL == address(it.lane.p) {
			if owners[it.lane] == nil {
				owners[it.lane] = map[string]bool{}
			}
			owners[it.lane][it.task.Engine] = false
		}
	}
	e.mu.Unlock()
	for _, list := range owners {
		for engine := range list {
			list[engine] = e.shared.Alive(engine)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.lanes {
		n := 1
		for _, lives := range owners[l] {
			if lives {
				n++
			}
		}
		l.share(n, time.Now())
	}
	e.nudge()
}

// Suspend lets the tasks go: another engine may take them. Submits that are under
// way are waited for, as long as ctx allows; polls and downloads end. It is for a
// process that is about to be suspended, and does nothing where no others can be.
func (e *Engine) Suspend(ctx context.Context) error {
	e.mu.Lock()
	if e.shared == nil || e.phase != running {
		e.mu.Unlock()
		return nil
	}
	e.phase = paused
	e.stop()
	e.mu.Unlock()
	tick := time.NewTicker(restEvery)
	defer tick.Stop()
	for e.sending() && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done(): // the answer still counts when it comes after Wake
		}
	}
	if err := e.flush(); err != nil {
		e.c.Log.Error("lines cannot be written", "error", err)
	}
	return e.shared.Pause()
}

// sending says whether a submit is under way. Who waits for it may give up, and
// others begin, which a WaitGroup does not allow.
func (e *Engine) sending() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.lanes {
		if l.sending > 0 {
			return true
		}
	}
	return false
}

// Wake goes on after Suspend with what nobody took meanwhile.
func (e *Engine) Wake() error {
	e.mu.Lock()
	was := e.phase
	e.mu.Unlock()
	if was != paused {
		return nil
	}
	if err := e.shared.Resume(); err != nil {
		return err
	}
	e.mu.Lock()
	if e.phase != paused {
		e.mu.Unlock()
		return ErrClosed
	}
	e.phase = running // nothing is begun before what others did is known
	e.ctx, e.stop = context.WithCancel(context.Background())
	e.mu.Unlock()
	// With the patience of a write: what others took is theirs.
	if err := e.put(false, func() []Event { return nil }, func() {}); err != nil {
		e.c.Log.Warn("the journal cannot be read", "error", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != running {
		return ErrClosed
	}
	for _, it := range e.order {
		it.ctx, it.halt = nil, nil
		e.plan(it)
	}
	e.begin()
	return nil
}
