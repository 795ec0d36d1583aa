package task

import (
	"maps"
	"time"

	"easel/backend"
)

// maxAfter bounds a Retry-After: a gateway that says "next year" is asked again
// after an hour.
const maxAfter = time.Hour

// Apply gives the task after an event. It is pure, and takes any event in any
// state: what makes no sense there, lacks the part that its kind needs, or is of
// a kind that is not known, passes without effect.
func (t Task) Apply(e Event) Task {
	if e.Kind == Created {
		return t.created(e)
	}
	if t.ID == "" || e.ID != t.ID {
		return t
	}
	switch e.Kind {
	case Sending, Unsent, Refused, Doubtful:
		return t.submitted(e)
	case Told:
		return t.told(e)
	case Missed, Absent, Held, Ended, Disowned:
		return t.polled(e)
	case Saved, Unsavable, Unsaved, Rested, Retried:
		return t.fetched(e)
	case Adopted, Again, Lost, Stopped, Resumed, Asking, Looked:
		return t.decided(e)
	case Taken:
		if e.Engine != "" {
			t.Engine, t.Taken = e.Engine, true
			t = t.fresh()
		}
	case Filed:
		t.Filed, t.Written = t.Over(), true
	}
	return t
}

func (t Task) created(e Event) Task {
	if t.ID != "" || e.ID == "" || e.Request == nil {
		return t
	}
	return Task{
		ID: e.ID, Request: *e.Request, BaseURL: e.BaseURL, Out: e.Out, Home: e.Home, Engine: e.Engine,
		State: backend.Pending, Progress: -1, Created: e.At,
	}
}

// CanSend says whether the task may be sent: it was not, or surely not
// accepted, or a person said so.
func (t Task) CanSend() bool {
	return t.State == backend.Pending && !t.InDoubt && t.Ticket == ""
}

// submitted applies what happens to a submit.
func (t Task) submitted(e Event) Task {
	switch {
	case e.Kind == Sending:
		if !t.CanSend() {
			return t
		}
		t.InDoubt, t.Asking, t.Sent = true, false, e.At
		t.Sends++
		if e.BaseURL != "" {
			t.BaseURL = e.BaseURL
		}
		return t
	case e.Error == nil || !t.InDoubt:
		return t
	case e.Kind == Unsent:
		t.InDoubt = false
		return t.miss(e)
	case e.Kind == Doubtful:
		// A stopped task stays stopped; the doubt comes back when it is resumed.
		if t.State == backend.Pending {
			t.State, t.Error, t.Trouble = backend.Unsure, e.Error, nil
		}
		return t
	}
	t.InDoubt = false
	if t.State == backend.Canceled {
		return t
	}
	return t.end(backend.Failed, e)
}

// told applies what the provider said. A ticket is kept in every state.
func (t Task) told(e Event) Task {
	s := e.Snapshot
	if s == nil {
		return t
	}
	if s.Ticket != "" && t.Ticket == "" {
		t.Ticket, t.Accepted, t.InDoubt = s.Ticket, e.At, false
	}
	t = t.described(*s)
	if t.State == backend.Done || t.State == backend.Failed {
		return t
	}
	over := s.State == backend.Failed || s.State == backend.Ready && len(s.Images) > 0
	if t.Ticket == "" && !over {
		return t // a stream before its id: nothing to hold on to yet
	}
	t.InDoubt, t.Asking, t.Held = false, false, false
	t.Trouble, t.Misses, t.Asked, t.GoneSince, t.NotBefore = nil, 0, e.At, time.Time{}, time.Time{}
	switch {
	case s.State == backend.Ready && len(s.Images) > 0:
		return t.ready(e)
	case s.State == backend.Ready:
		t.Trouble = &backend.Error{Op: backend.OpPoll, Kind: backend.Garbled, Word: "task.no_picture", Message: "the provider says that it is done, but names no picture"}
		return t.goesOn(backend.Running)
	case s.State == backend.Failed && t.State == backend.Canceled:
		return t
	case s.State == backend.Failed:
		if t.hasAddress() {
			return t
		}
		if e.Error = s.Reason; e.Error == nil {
			e.Error = &backend.Error{Op: backend.OpPoll, Kind: backend.Unavailable, Word: "task.no_reason", Message: "the provider gave no reason"}
		}
		return t.end(backend.Failed, e)
	}
	t.Working = e.At
	if s.State == backend.Queued {
		return t.goesOn(backend.Queued)
	}
	return t.goesOn(backend.Running)
}

// described takes over what a snapshot says beside the state.
func (t Task) described(s backend.Snapshot) Task {
	if s.Progress >= 0 && s.Progress <= 1 {
		t.Progress = s.Progress
	}
	if len(s.Kept) > 0 {
		kept := maps.Clone(t.Kept)
		if kept == nil {
			kept = map[string]string{}
		}
		maps.Copy(kept, s.Kept)
		t.Kept = kept
	}
	if s.Cost != nil {
		t.Cost = s.Cost
	}
	if len(s.Usage) > 0 {
		t.Usage = s.Usage
	}
	t.Revised, t.Trace, t.Answer = or(s.Revised, t.Revised), or(s.Trace, t.Trace), or(s.Answer, t.Answer)
	return t
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// goesOn moves a task that is not over to queued or running; one that has its
// results does not go back.
func (t Task) goesOn(s backend.State) Task {
	switch t.State {
	case backend.Pending, backend.Unsure, backend.Queued, backend.Running:
		t.State, t.Error = s, nil
	}
	return t
}

// polled applies a question that brought no news.
func (t Task) polled(e Event) Task {
	if e.Error == nil || t.Over() {
		return t
	}
	switch e.Kind {
	case Missed:
		t.GoneSince = time.Time{}
		return t.miss(e)
	case Absent:
		if t.GoneSince.IsZero() {
			t.GoneSince = e.At
		}
		return t.miss(e)
	case Held:
		t.Held = true
		return t.miss(e)
	case Disowned:
		if !t.Adopted || t.State == backend.Ready {
			return t
		}
		t.Ticket, t.Adopted, t.InDoubt = "", false, true
		t.State, t.Error, t.Trouble, t.GoneSince = backend.Unsure, e.Error, nil, time.Time{}
		return t
	}
	if t.Ticket == "" || t.hasAddress() {
		return t
	}
	return t.end(backend.Failed, e)
}

// miss counts a question or a submit that came to nothing.
func (t Task) miss(e Event) Task {
	t.Misses++
	t.Asked, t.Trouble, t.NotBefore = e.At, e.Error, time.Time{}
	if after := min(e.Error.After, maxAfter); after > 0 {
		t.NotBefore = e.At.Add(after)
	}
	return t
}

// end makes the task over.
func (t Task) end(s backend.State, e Event) Task {
	t.State, t.Error, t.Trouble, t.Finished = s, e.Error, nil, e.At
	t.Held, t.Asking = false, false
	return t
}
