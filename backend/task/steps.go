package task

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"easel/backend"
)

// The bounds of one step. A driver has its own, shorter ones; these end what
// hangs in spite of them.
const (
	sendBound  = 30 * time.Minute // a blocking answer may take long
	pollBound  = 2 * time.Minute
	fetchBound = 30 * time.Minute
	askBound   = 30 * time.Second // cancel, find
)

// send submits a task: "sending" is on disk first, then the driver speaks.
func (e *Engine) send(l *lane, j *job) {
	it := j.it
	defer e.landed(&l.sending, j)
	r, ok := e.beginSend(it)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(e.sendCtx, sendBound)
	defer cancel()
	sends := e.task(it).Sends
	err := l.p.Submit(ctx, r, func(s backend.Snapshot) error { return e.told(it, s) })
	e.heard(l, backend.AsError(err), &l.sendAfter)
	it.lock.Lock()
	defer it.lock.Unlock()
	it.onWire = false
	e.answered(it, sends, backend.AsError(err))
	t := e.task(it)
	if t.State == backend.Canceled {
		e.cancelThere(it) // stopped while it was being sent
	}
}

// answered records how submit number sends ended; the item's lock is held. While
// this engine was suspended, another one may have sent the task anew, as a person
// wished: what the first submit failed of says nothing about the second.
func (e *Engine) answered(it *item, sends int, err *backend.Error) {
	if t := e.task(it); e.owns(t) {
		if ev, ok := t.Answered(err, stamp()); ok {
			e.record(it, ev)
		}
		return
	}
	e.agree(it, func(t Task) (Event, error) {
		ev, ok := t.Answered(err, stamp())
		if !ok || t.Sends != sends || ev.Kind == Missed {
			return Event{}, nil
		}
		return ev, nil
	})
}

// beginSend puts "sending" on disk and gives the request to send.
func (e *Engine) beginSend(it *item) (backend.Request, bool) {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	t, ready := it.task, e.phase == running
	e.mu.Unlock()
	if !ready || !t.CanSend() || t.Held || t.Asking {
		return backend.Request{}, false
	}
	r, err := unchanged(t.Request)
	begun := false
	failed := e.agree(it, func(t Task) (Event, error) {
		begun = e.owns(t) && t.CanSend() && !t.Held && !t.Asking // a person may have stopped it elsewhere
		if !begun {
			return Event{}, nil
		}
		ev := t.event(Sending, stamp(), nil)
		ev.BaseURL = address(it.lane.p)
		return ev, nil
	})
	if failed != nil {
		e.record(it, t.event(Missed, stamp(), backend.AsError(failed)))
	}
	if failed != nil || !begun {
		return backend.Request{}, false
	}
	if err != nil {
		e.record(it, t.event(Refused, stamp(), backend.AsError(err)))
		return backend.Request{}, false
	}
	it.onWire = true
	return r, true
}

// lookAt looks at the local references of a request. One whose file is gone
// goes by its address if it has one.
func lookAt(r backend.Request) (backend.Request, error) {
	for i, ref := range r.References {
		seen, err := backend.LookAt(ref)
		if err != nil && ref.URL == "" {
			return r, err
		}
		if err == nil {
			r.References[i] = seen
		}
	}
	return r, nil
}

// unchanged looks at the references again: the request may come from an earlier
// run. A file that became another picture is not what was asked for.
func unchanged(r backend.Request) (backend.Request, error) {
	was := r
	r, err := lookAt(r.Clone())
	if err != nil {
		return r, err
	}
	for i, ref := range r.References {
		if old := was.References[i]; old.SHA256 != "" && ref.SHA256 != old.SHA256 {
			return r, wrong("task.changed", "%s is not the picture any more that it was when the task was made", ref.Name())
		}
	}
	return r, nil
}

// told takes a snapshot of a submit. It returns when the ticket is on disk; if
// the disk is full, the ticket lives in memory and goes on.
func (e *Engine) told(it *item, s backend.Snapshot) error {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.note(it, s)
	return nil
}

// note records what the provider said; the item's lock is held.
func (e *Engine) note(it *item, s backend.Snapshot) {
	t := e.task(it)
	if s.Unknown != "" {
		e.c.Log.Warn("a status word that the recipe does not know", "provider", t.Request.Provider, "task", t.ID, "word", s.Unknown)
	}
	e.record(it, t.event(Told, stamp(), nil).with(sane(s)))
}

// pollJobs asks about tasks in one request.
func (e *Engine) pollJobs(ctx context.Context, l *lane, jobs []*job) {
	defer e.landed(&l.polling, jobs...)
	tasks := make([]Task, len(jobs))
	asked := make([]backend.Job, len(jobs))
	for i, j := range jobs {
		tasks[i] = e.task(j.it)
		asked[i] = backend.Job{Model: tasks[i].Request.Model, Ticket: tasks[i].Ticket, Kept: tasks[i].Kept}
	}
	bounded, cancel := context.WithTimeout(ctx, pollBound)
	defer cancel()
	got, err := l.p.Poll(bounded, asked...)
	if ctx.Err() != nil && err != nil {
		return // the engine closes or rests: that says nothing about the tasks
	}
	failed := backend.AsError(err)
	e.heard(l, failed, &l.pollsAfter)
	for i, j := range jobs {
		s, ok := got[asked[i].Ticket]
		e.polled(j.it, asked[i].Ticket, s, ok, failed)
	}
}

// polled records what a poll brought for one task.
func (e *Engine) polled(it *item, ticket string, s backend.Snapshot, ok bool, err *backend.Error) {
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	t, p := it.task, e.pace(it)
	it.alone = err != nil && refusal(err)
	e.mu.Unlock()
	if t.Over() || t.Ticket != ticket {
		return
	}
	switch {
	case ok:
		err = nil
	case err == nil:
		err = t.missing()
	}
	ev := t.Polled(sane(s), err, p, stamp())
	if ev.Kind == Told {
		e.note(it, s)
		return
	}
	e.c.Log.Info("a poll brought nothing", "task", t.ID, "error", ev.Error, "event", ev.Kind)
	e.record(it, ev)
}

// refusal says whether a poll was refused for what is in it: its tasks are then
// asked about alone until that goes well, so that one does not spoil it for the
// others.
func refusal(err *backend.Error) bool {
	return err.Kind == backend.Invalid || err.Kind == backend.Gone || err.Kind == backend.Garbled
}

// fetch downloads one result.
func (e *Engine) fetch(ctx context.Context, l *lane, j *job) {
	it := j.it
	defer e.landed(&l.fetching, j)
	t := e.task(it)
	if t.State != backend.Ready || !t.Wants(j.index) {
		return
	}
	image := t.Images[j.index]
	bounded, cancel := context.WithTimeout(ctx, fetchBound)
	defer cancel()
	file, err := e.c.Library.Save(bounded, t, j.index, func(w io.Writer) error {
		if image.Data != nil {
			_, err := w.Write(image.Data)
			return err
		}
		return l.p.Fetch(bounded, here(l.p, image), w)
	})
	if err != nil && ctx.Err() != nil {
		return // stopped, by the person or by Close
	}
	it.lock.Lock()
	defer it.lock.Unlock()
	e.mu.Lock()
	t, p := it.task, e.pace(it)
	e.mu.Unlock()
	if err != nil {
		ev := t.Undone(j.index, backend.AsError(err), p, stamp())
		e.c.Log.Info("a download failed", "task", t.ID, "index", j.index, "error", ev.Error, "event", ev.Kind)
		e.record(it, ev)
		return
	}
	file.URL = image.URL
	ev := t.event(Saved, stamp(), nil)
	ev.Index, ev.File = j.index, &file
	e.record(it, ev)
}

// here is a result as it can be had now. One of the demo has the address of the
// process that named it; that of this process answers for it as well.
func here(p *backend.Provider, i backend.Image) backend.Image {
	base, err1 := url.Parse(p.BaseURL)
	at, err2 := url.Parse(i.URL)
	if p.Local && i.URL != "" && err1 == nil && err2 == nil {
		at.Scheme, at.Host = base.Scheme, base.Host
		i.URL = at.String()
	}
	return i
}

// noProvider is the error for a provider that the config does not have.
func noProvider(name string) *backend.Error {
	return wrong("task.provider", "there is no provider %s in the config", backend.Clean(name))
}

// unwritten is the error for a disk that takes no line. A journal that says in its
// own words what is wrong is not the disk's fault.
func unwritten(err error) *backend.Error {
	if own, ok := errors.AsType[*backend.Error](err); ok && own.Word != "" {
		return own
	}
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Fate: backend.Unsent, Cause: err,
		Word: "task.unwritten", Args: []string{backend.Clean(err.Error())},
		Message: "the journal cannot be written: " + backend.Clean(err.Error()) + "; nothing new is sent before it can: make room on that disk, or set data_dir"}
}

// wrong is the error for what cannot be done. word names it in the catalogue.
func wrong(word, format string, args ...string) *backend.Error {
	anys := make([]any, len(args))
	for i, a := range args {
		anys[i] = a
	}
	return &backend.Error{Op: backend.OpCheck, Kind: backend.Invalid, Fate: backend.Unsent,
		Word: word, Args: args, Message: fmt.Sprintf(format, anys...)}
}
