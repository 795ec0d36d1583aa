package task

import (
	"maps"
	"slices"
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
			t.Engine = e.Engine
		}
	case Filed:
		t.Filed = t.Over()
	}
	return t
}

func (t Task) created(e Event) Task {
	if t.ID != "" || e.ID == "" || e.Request == nil {
		return t
	}
	return Task{
		ID: e.ID, Request: *e.Request, BaseURL: e.BaseURL, Out: e.Out, Engine: e.Engine,
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
		t.Trouble = &backend.Error{Op: backend.OpPoll, Kind: backend.Garbled, Message: "the provider says that it is done, but names no picture"}
		return t.goesOn(backend.Running)
	case s.State == backend.Failed && t.State == backend.Canceled:
		return t
	case s.State == backend.Failed:
		if t.hasAddress() {
			return t
		}
		if e.Error = s.Reason; e.Error == nil {
			e.Error = &backend.Error{Op: backend.OpPoll, Kind: backend.Unavailable, Message: "the provider gave no reason"}
		}
		return t.end(backend.Failed, e)
	case s.State == backend.Queued:
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

// ready takes over the results. What is saved already stays saved.
func (t Task) ready(e Event) Task {
	if t.Accepted.IsZero() {
		t.Accepted = e.At
	}
	images := slices.Clone(e.Snapshot.Images)
	if len(images) < len(t.Images) {
		images = append(images, t.Images[len(images):]...)
	}
	fetches := append(slices.Clone(t.Fetches), make([]Download, max(0, len(images)-len(t.Fetches)))...)
	for i, old := range t.Images {
		if old.URL != images[i].URL && !fetches[i].Over {
			fetches[i] = Download{} // another address: it is tried anew
		}
	}
	t.Images, t.Fetches = images, fetches
	t.Files = append(slices.Clone(t.Files), make([]File, max(0, len(images)-len(t.Files)))...)
	if t.ReadyAt.IsZero() {
		t.ReadyAt = e.At
	}
	t.Progress = 1
	if t.State == backend.Canceled {
		return t
	}
	t.State, t.Error = backend.Ready, nil
	return t
}

// hasAddress says whether a result may still be fetched.
func (t Task) hasAddress() bool {
	for i, image := range t.Images {
		if t.Wants(i) && (image.URL != "" || image.Data != nil) {
			return true
		}
	}
	return false
}

// Wants says whether result number i is to be fetched: it is not saved, and not
// known to be lost.
func (t Task) Wants(i int) bool {
	return i >= 0 && i < len(t.Images) && i < len(t.Files) && i < len(t.Fetches) &&
		t.Files[i].Path == "" && !t.Fetches[i].Over
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

// fetched applies what happens to a download.
func (t Task) fetched(e Event) Task {
	if e.Kind == Retried {
		t.Fetches = slices.Clone(t.Fetches)
		for i := range t.Fetches {
			t.Fetches[i].Tries, t.Fetches[i].Since, t.Fetches[i].Last, t.Fetches[i].Rests = 0, time.Time{}, time.Time{}, false
		}
		return t
	}
	i := e.Index
	if i < 0 || i >= len(t.Images) || t.Files[i].Path != "" || t.State == backend.Done || t.State == backend.Failed {
		return t
	}
	fetches := slices.Clone(t.Fetches)
	t.Fetches = fetches
	f := &fetches[i]
	switch {
	case e.Kind == Saved && e.File != nil && e.File.Path != "":
		files, images := slices.Clone(t.Files), slices.Clone(t.Images)
		files[i], *f = *e.File, Download{}
		images[i].Data = nil
		t.Files, t.Images = files, images
	case e.Kind != Saved && e.Error != nil && !f.Over:
		if f.Tries++; f.Since.IsZero() {
			f.Since = e.At
		}
		f.Last, f.Error, f.Over, f.Rests = e.At, e.Error, e.Kind == Unsavable, e.Kind == Rested
	default:
		return t
	}
	t.Trouble = nil
	for _, f := range fetches {
		if f.Error != nil {
			t.Trouble = f.Error
		}
	}
	return t.settled(e)
}

// settled ends a task that has nothing left to fetch: done when all is saved,
// failed when a result cannot be had.
func (t Task) settled(e Event) Task {
	if t.State != backend.Ready {
		return t
	}
	e.Error = nil
	for i, f := range t.Files {
		switch {
		case f.Path != "":
		case t.Fetches[i].Over:
			e.Error = t.Fetches[i].Error
		default:
			return t
		}
	}
	if e.Error != nil {
		return t.end(backend.Failed, e)
	}
	return t.end(backend.Done, e)
}
