package task

import (
	"time"

	"easel/backend"
)

// decided applies what a person wants.
func (t Task) decided(e Event) Task {
	switch e.Kind {
	case Adopted:
		if t.State == backend.Unsure && t.Ticket == "" && e.Ticket != "" {
			t.Ticket, t.Adopted, t.InDoubt, t.Accepted = e.Ticket, true, false, e.At
			t.State, t.Error = backend.Running, nil
			return t.now()
		}
	case Again:
		switch {
		case t.State == backend.Unsure && t.Ticket == "":
			t.State, t.Error, t.InDoubt, t.Wanted = backend.Pending, nil, false, e.At
			return t.now()
		case t.State == backend.Pending:
			t.Asking, t.Wanted = false, e.At
			return t.now()
		}
	case Lost:
		if t.State == backend.Unsure && e.Error != nil {
			return t.end(backend.Failed, e)
		}
	case Stopped:
		if !t.Over() && e.Error != nil {
			return t.end(backend.Canceled, e)
		}
	case Resumed:
		if t.State == backend.Canceled {
			return t.resumed(e)
		}
	case Asking:
		t.Asking = t.State == backend.Pending && !t.InDoubt
	case Looked:
		if !t.Over() {
			return t.now()
		}
	}
	return t
}

// resumed brings a stopped task back to where it was.
func (t Task) resumed(e Event) Task {
	t.Error, t.Trouble, t.Finished, t.Filed = nil, nil, time.Time{}, false
	switch {
	case len(t.Images) > 0:
		t.State = backend.Ready
		return t.now().settled(e)
	case t.Ticket != "":
		t.State = backend.Running
	case t.InDoubt:
		t.State, t.Error = backend.Unsure, doubt()
	default:
		t.State = backend.Pending
	}
	return t.now()
}

// fresh is the task as another engine takes it up: what this one waited for, the
// other has not tried.
func (t Task) fresh() Task {
	if t.Over() {
		return t
	}
	t.Asking = false
	return t.now().retried()
}

// now forgets every reason to wait.
func (t Task) now() Task {
	t.Held, t.Misses, t.Asked, t.GoneSince, t.NotBefore = false, 0, time.Time{}, time.Time{}, time.Time{}
	return t
}

// doubt is why a task is unsure whose submit began and was never heard of.
func doubt() *backend.Error {
	return &backend.Error{Op: backend.OpSubmit, Kind: backend.Timeout, Word: "task.doubt", Message: "it was sent, but no answer was heard: it may run, and be charged"}
}
