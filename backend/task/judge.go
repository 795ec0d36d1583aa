package task

import (
	"time"

	"easel/backend"
)

// What the outcome of a step means for a task. The functions here are pure: they
// give the event that says so.

// Answered gives the event of a submit that ended, with err or without; ok is
// false if there is nothing to say beyond what told said. t is the task as it is
// then.
func (t Task) Answered(err *backend.Error, now time.Time) (e Event, ok bool) {
	if err == nil {
		err = &backend.Error{Provider: t.Request.Provider, Op: backend.OpSubmit, Kind: backend.Garbled,
			Word: "task.no_id", Message: "the answer names no id and no picture"}
	} else if t.Ticket != "" && !t.InDoubt {
		// A stream that broke: the id is known, and is polled.
		return t.event(Missed, now, err), !t.Over()
	}
	switch {
	case !t.InDoubt:
		return Event{}, false
	case err.Fate == backend.Unsent && passing(err.Kind):
		return t.event(Unsent, now, err), true
	case err.Fate == backend.Unsent || err.Fate == backend.Refused:
		return t.event(Refused, now, err), true
	}
	return t.event(Doubtful, now, err), true
}

// passing says whether an error goes away by itself: a request that is wrong, a
// key that is missing, a prompt that is refused do not.
func passing(k backend.Kind) bool {
	switch k {
	case backend.Invalid, backend.Unauthorized, backend.Unpaid, backend.Moderated, backend.Gone:
		return false
	}
	return true
}

// Polled gives the event of a poll that ended: with what the provider said of
// the task, or with err. A poll never ends a task by failing; that it is not
// there, or over with an HTTP error, is believed when it was said for a while.
func (t Task) Polled(s backend.Snapshot, err *backend.Error, p Pace, now time.Time) Event {
	final := false
	switch {
	case err == nil && s.State == backend.Failed && s.Reason != nil && s.Reason.HTTP >= 400:
		err, final = s.Reason, true
	case err == nil:
		return t.event(Told, now, nil).with(s)
	case err.HTTP == 401, err.HTTP == 402, err.HTTP == 403, err.Kind == backend.Unauthorized, err.Kind == backend.Unpaid:
		return t.event(Held, now, err)
	}
	if !final && err.Kind != backend.Gone {
		return t.event(Missed, now, err)
	}
	since := t.GoneSince
	if since.IsZero() {
		since = now
	}
	limit := max(grace, p.Provider.Grace)
	if now.Sub(since) < grace || now.Sub(t.Accepted) < limit || now.Sub(t.Sent) < limit || now.Sub(p.Started) < grace {
		return t.event(Absent, now, err)
	}
	switch {
	case t.Adopted && !final:
		return t.event(Disowned, now, err)
	case final:
		return t.event(Ended, now, err)
	}
	e := *err
	e.Kind = backend.Gone
	return t.event(Ended, now, &e)
}

// missing is the error for a ticket that a batch answer does not have.
func (t Task) missing() *backend.Error {
	return &backend.Error{Provider: t.Request.Provider, Op: backend.OpPoll, Kind: backend.Gone,
		Word: "task.unknown", Message: "the provider does not know this task"}
}

// Undone gives the event of a download that failed. What is no picture or cut
// is tried for two minutes, an address that seems dead for ten, a result that
// cannot be had at all ends, and all else is tried for as long as the address
// lives.
func (t Task) Undone(i int, err *backend.Error, p Pace, now time.Time) Event {
	e := t.event(Unsaved, now, err)
	e.Index = i
	if i < 0 || i >= len(t.Fetches) {
		return e
	}
	since := t.Fetches[i].Since
	switch {
	case err.Final:
		e.Kind = Unsavable
	case !since.IsZero() && err.Kind == backend.Garbled && now.Sub(since) >= scrapTime,
		!since.IsZero() && dead(err) && now.Sub(since) >= deadTime,
		p.Lasts > 0 && t.Images[i].Data == nil && now.Sub(t.ReadyAt) > p.Lasts:
		e.Kind = Rested
	}
	return e
}

// left gives the event of a task whose engine ended while it was sent: nobody
// knows what became of it.
func (t Task) left(now time.Time) (Event, bool) {
	return t.event(Doubtful, now, doubt()), t.State == backend.Pending && t.InDoubt
}

// Left gives a task of the journal as it is when no engine is at work: one that
// was being sent is unsure.
func (t Task) Left(now time.Time) Task {
	if e, ok := t.left(now); ok {
		return t.Apply(e)
	}
	return t
}

// event makes an event of the task.
func (t Task) event(kind EventKind, now time.Time, err *backend.Error) Event {
	return Event{V: 1, ID: t.ID, At: now, Kind: kind, Error: err}
}

func (e Event) with(s backend.Snapshot) Event {
	e.Snapshot = &s
	return e
}
