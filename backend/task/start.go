package task

import (
	"context"
	"fmt"
	"time"

	"easel/backend"
)

// askAfter is the age from which a pending task of an earlier run is not sent
// without asking. One that was refused on a failing disk, whose line stayed in the
// file because its easel was killed before it could take it back, looks the same.
const askAfter = 10 * time.Minute

// Start replays the journal and takes up what is not over. It returns when all
// tasks are known; the work goes on until Close.
func (e *Engine) Start(ctx context.Context) error {
	e.mu.Lock()
	was := e.phase
	e.mu.Unlock()
	if was != unstarted {
		return ErrClosed
	}
	e.started = stamp()
	if e.shared != nil {
		e.me = e.shared.Engine()
		e.shared.Attend(e.hear)
	}
	if err := e.replay(); err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	e.mu.Lock()
	e.phase = running
	items := append([]*item(nil), e.order...)
	for _, it := range items {
		it.lane, it.mine, it.hidden = e.lanes[it.task.Request.Provider], e.owns(it.task), it.task.Over()
	}
	e.mu.Unlock()
	if e.shared != nil {
		e.takeFirst()
		items = nil
	}
	takes := map[[2]string]Takes{}
	for _, it := range items {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		it.first = true
		e.takeUp(it, takes)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.lanes {
		if l.shut {
			ctx := e.ctx
			e.goes(func() { e.open(ctx, l) })
		}
	}
	e.begin()
	return nil
}

// begin starts what goes on until the engine is closed or suspended; mu is held.
func (e *Engine) begin() {
	ctx := e.ctx
	e.goes(func() { e.run(ctx) })
	if e.shared != nil {
		e.goes(func() { e.attend(ctx) })
	}
}

// replay builds the tasks from the journal. The list has one owner, so that
// each event costs the same.
func (e *Engine) replay() error {
	strays := 0
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.c.Journal.Replay(func(ev Event) {
		it := e.items[ev.ID]
		if it == nil {
			t := Task{}.Apply(ev)
			if t.ID == "" {
				strays++
				return
			}
			it = &item{lock: newTurn(), task: t, lines: 1}
			e.add(it)
			return
		}
		it.lines++
		it.task = it.task.Apply(ev)
	})
	if strays > 0 {
		e.c.Log.Warn("lines of the journal belong to no task", "lines", strays)
	}
	return err
}

// takeUp decides what happens to a task of an earlier run, or of an engine that
// does not live any more.
func (e *Engine) takeUp(it *item, takes map[[2]string]Takes) {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	t := it.task
	if e.shared == nil {
		t = t.fresh()
		it.task = t
	}
	it.old, it.early, it.away = true, it.first && !t.Over() && t.Ticket != "", it.first && t.State == backend.Ready
	it.first = false
	e.mu.Unlock()
	if t.Over() {
		if !t.Filed {
			e.file(it)
		}
		return
	}
	now := stamp()
	if ev, ok := t.left(now); ok {
		e.record(it, ev)
		t = e.task(it)
	}
	if t.old(now) && !t.Asking {
		e.record(it, t.event(Asking, now, nil))
	}
	e.miss(it, now)
	if it.lane == nil {
		e.hold(it, noProvider(t.Request.Provider))
		return
	}
	p := it.lane.p
	key := [2]string{p.Name, t.Request.Model}
	if _, ok := takes[key]; !ok {
		takes[key] = e.takes(p, t.Request.Model)
	}
	if other := elsewhere(t, p); other != nil {
		e.hold(it, other)
	}
	e.mu.Lock()
	it.takes = takes[key]
	it.lane.shut = it.lane.shut || e.shared == nil && p.Access != nil
	e.plan(it)
	e.mu.Unlock()
}

// inside says whether a picture that is not saved came inside an answer: only who
// heard that answer has it.
func (t Task) inside(i int, image backend.Image) bool {
	return t.Wants(i) && image.URL == "" && t.Ticket == ""
}

// carried says whether the engine of a task has a picture of it that nobody else
// can get.
func (t Task) carried() bool {
	for i, image := range t.Images {
		if t.inside(i, image) {
			return true
		}
	}
	return false
}

// miss gives up the pictures that came inside an answer and are not saved; the
// item's lock is held.
func (e *Engine) miss(it *item, now time.Time) {
	t := e.task(it)
	for i, image := range t.Images {
		if t.inside(i, image) {
			ev := t.event(Unsavable, now, &backend.Error{Op: backend.OpFetch, Kind: backend.Gone, Final: true,
				Word: "task.inline", Message: "the picture came inside the answer, and easel ended before it was saved"})
			ev.Index = i
			e.record(it, ev)
		}
	}
}

// old says whether a task is to be sent that was asked for so long ago that the
// person is asked before that.
func (t Task) old(now time.Time) bool {
	return t.CanSend() && now.Sub(later(t.Created, t.Wanted)) > askAfter
}

// elsewhere is the error for a task that was sent to another address than the
// provider has now; nil where it may be asked about.
func elsewhere(t Task, p *backend.Provider) *backend.Error {
	if p.Local || t.Sent.IsZero() || t.BaseURL == p.BaseURL {
		return nil
	}
	return wrong("task.elsewhere", "the task was sent to %s, but the config names %s: it is not asked about there", backend.Clean(t.BaseURL), p.BaseURL)
}

// hold stops the asking about a task whose item lock is held. Without a
// provider its downloads rest, too.
func (e *Engine) hold(it *item, why *backend.Error) {
	t := e.task(it)
	e.record(it, t.event(Held, stamp(), why))
	for i := range t.Images {
		if it.lane == nil && t.Wants(i) {
			ev := t.event(Rested, stamp(), why)
			ev.Index = i
			e.record(it, ev)
		}
	}
}

// open lets a provider's requests go once its key is found. Without one its
// tasks of earlier runs are held, and those of this run get the driver's error.
func (e *Engine) open(ctx context.Context, l *lane) {
	err := backend.AsError(l.p.Access(ctx))
	e.mu.Lock()
	var held []*item
	for _, it := range e.order {
		if err != nil && it.lane == l && it.mine && it.old && !it.task.Over() {
			held = append(held, it)
		}
	}
	e.mu.Unlock()
	if ctx.Err() != nil {
		e.mu.Lock()
		l.shut = false // suspended: it is found when it is needed
		e.mu.Unlock()
		return
	}
	for _, it := range held {
		it.lock.Lock()
		e.hold(it, err)
		it.lock.Unlock()
	}
	e.mu.Lock()
	l.shut = false
	e.mu.Unlock()
	e.nudge()
}
