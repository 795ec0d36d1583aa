// Package facts is what the screen knows of the world: the tasks, the usual
// times, the providers. The root changes it when something happened; pages and
// parts read it when they draw. Nothing here waits, draws or decides.
package facts

import (
	"slices"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// Shown is how many tasks that are over stay in the list.
const Shown = 200

// Facts is all that is known. The zero value knows nothing; its methods are for
// the event loop only.
type Facts struct {
	Providers []*backend.Provider
	Started   time.Time // when the engine took up its work
	Me        string    // its name, to know its tasks from those of other easels

	tasks   map[string]task.Task
	order   []string // ids, the newest task first
	usual   map[pair]time.Duration
	away    map[string]bool // in flight when the studio started: true until first heard of
	version int
	counts  Counts
	counted counted // what counts is right for
}

type counted struct {
	version int
	day     time.Time
}

type pair struct{ provider, model string }

// Ended is what became of tasks in a change.
type Ended struct {
	Tasks []task.Task // done or failed just now, while the person was here
	Stuck []task.Task // that wait for a person since just now: unsure, or not asked about any more
	Away  int         // ready or over when first asked about: finished while the person was away
}

// Version changes whenever the tasks do: what was made of them is good as long
// as it is the same.
func (f *Facts) Version() int { return f.version }

// Provider finds a provider by its name.
func (f *Facts) Provider(name string) *backend.Provider {
	i := slices.IndexFunc(f.Providers, func(p *backend.Provider) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return f.Providers[i]
}

// Task finds a task by its id.
func (f *Facts) Task(id string) (task.Task, bool) {
	t, ok := f.tasks[id]
	return t, ok
}

// Twin finds the newest unsure task that asked for the same.
func (f *Facts) Twin(r backend.Request) (task.Task, bool) {
	for _, id := range f.order {
		if t := f.tasks[id]; t.State == backend.Unsure && t.Request.Same(r) {
			return t, true
		}
	}
	return task.Task{}, false
}

// Order gives the ids of all tasks, the newest first. It must not be changed.
func (f *Facts) Order() []string { return f.order }

// Len is the number of tasks.
func (f *Facts) Len() int { return len(f.order) }

// Load takes in what is known at the start: the tasks of the engine, and the
// records of what was over before. It gives how many of those that were in
// flight have been found finished already.
func (f *Facts) Load(tasks []task.Task, records []task.Record) (away int) {
	f.away = map[string]bool{}
	past := make([]task.Task, 0, len(records))
	for _, r := range records {
		past = append(past, FromRecord(r))
	}
	f.put(past)
	for _, t := range tasks {
		if t.Engine == f.Me && !t.Accepted.IsZero() && t.Accepted.Before(f.Started) && (!t.Over() || t.Finished.After(f.Started)) {
			f.away[t.ID] = true
			away += f.heard(t)
		}
	}
	f.put(tasks)
	f.trim()
	return away
}

// heard takes in the first news of a task that was in flight at the start, and
// gives 1 if it had finished meanwhile.
func (f *Facts) heard(t task.Task) int {
	if !f.away[t.ID] || !t.Asked.After(f.Started) && !t.Over() {
		return 0
	}
	if t.ReadyAt.IsZero() && t.State != backend.Done && t.State != backend.Failed {
		delete(f.away, t.ID) // it goes on, and will end before the person's eyes
		return 0
	}
	f.away[t.ID] = false
	return 1
}

// Change takes in tasks as they are now, and says what ended by it.
func (f *Facts) Change(tasks []task.Task) Ended {
	var e Ended
	for _, t := range tasks {
		e.Away += f.heard(t)
		was, known := f.tasks[t.ID]
		_, counted := f.away[t.ID]
		if known && !counted && !was.Over() && (t.State == backend.Done || t.State == backend.Failed) {
			e.Tasks = append(e.Tasks, t)
		}
		if known && Waits(t) && !Waits(was) {
			e.Stuck = append(e.Stuck, t)
		}
	}
	f.put(tasks)
	f.trim()
	return e
}

func (f *Facts) put(tasks []task.Task) {
	if f.tasks == nil {
		f.tasks = map[string]task.Task{}
	}
	if len(tasks) > 0 {
		f.version++
	}
	added := false
	for _, t := range tasks {
		if _, ok := f.tasks[t.ID]; !ok {
			f.order, added = append(f.order, t.ID), true
		}
		f.tasks[t.ID] = t
	}
	if added { // ids are ordered by time
		slices.SortFunc(f.order, func(a, b string) int { return strings.Compare(b, a) })
	}
}

// trim drops what is over and older than the last Shown of its kind.
func (f *Facts) trim() {
	over := 0
	f.order = slices.DeleteFunc(f.order, func(id string) bool {
		if !f.tasks[id].Over() {
			return false
		}
		if over++; over <= Shown {
			return false
		}
		delete(f.tasks, id)
		return true
	})
}

// Usual is how long the provider usually takes for the model, by one's own
// history, else by the model's description; 0 if neither says.
func (f *Facts) Usual(provider, model string) time.Duration {
	if d := f.usual[pair{provider, model}]; d > 0 {
		return d
	}
	if p := f.Provider(provider); p != nil {
		m, _ := p.Model(model)
		return m.Takes
	}
	return 0
}

// Unasked gives the pairs of provider and model among the tasks whose usual
// time was never learned; asking them all anew is the caller's choice.
func (f *Facts) Unasked(tasks []task.Task, anew bool) [][2]string {
	var out [][2]string
	for _, t := range tasks {
		p := pair{t.Request.Provider, t.Request.Model}
		if _, ok := f.usual[p]; ok && !anew || slices.Contains(out, [2]string{p.provider, p.model}) {
			continue
		}
		out = append(out, [2]string{p.provider, p.model})
	}
	return out
}

// Learn keeps a usual time.
func (f *Facts) Learn(provider, model string, d time.Duration) {
	if f.usual == nil {
		f.usual = map[pair]time.Duration{}
	}
	f.usual[pair{provider, model}] = d
}

// Counts is how many tasks there are of a kind.
type Counts struct {
	Running int // on their way: pending, queued, running, ready
	Unsure  int
	Waiting int // for a person: pending ones of an earlier run, and those that are not asked about
	Today   int // done since midnight
}

// Count counts the tasks; now says what today is.
func (f *Facts) Count(now time.Time) Counts {
	y, m, d := now.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	if f.counted == (counted{f.version, midnight}) && f.version > 0 {
		return f.counts
	}
	f.counted, f.counts = counted{f.version, midnight}, f.count(midnight)
	return f.counts
}

func (f *Facts) count(midnight time.Time) Counts {
	var c Counts
	for _, id := range f.order {
		t := f.tasks[id]
		switch {
		case t.State == backend.Unsure:
			c.Unsure++
		case Waits(t):
			c.Waiting++
		case !t.Over():
			c.Running++
		case t.State == backend.Done && !t.Finished.Before(midnight):
			c.Today++
		}
	}
	return c
}

// Moving says whether the time of a task is running: the screen must show it
// anew now and then.
func Moving(t task.Task) bool { return !t.Over() && !Waits(t) }

// Waits says whether a task goes on only when a person does something.
func Waits(t task.Task) bool { return t.State == backend.Unsure || t.Asking || t.Held }

// Began is the time from which a person counts how long a task takes.
func Began(t task.Task) time.Time {
	if !t.Sent.IsZero() {
		return t.Sent
	}
	return t.Created
}

// FromRecord makes the task of a record of the history, as far as it says.
func FromRecord(r task.Record) task.Task {
	t := task.Task{
		ID: r.ID, BaseURL: r.BaseURL, State: r.State, Ticket: r.Ticket, Progress: -1,
		Files: r.Files, Cost: r.Cost, Usage: r.Usage, Revised: r.Revised, Answer: r.Answer,
		Created: r.Created, Sent: r.Sent, ReadyAt: r.Ready, Finished: r.Finished,
		Request: backend.Request{
			Provider: r.Provider, Model: r.Model, Prompt: r.Prompt,
			Ratio: r.Ratio, Size: r.Size, Count: r.Count, Options: r.Options,
		},
	}
	for _, ref := range r.References {
		t.Request.References = append(t.Request.References, backend.Reference{
			Path: ref.Path, URL: ref.URL, Task: ref.Task, Index: ref.Index, SHA256: ref.SHA256,
		})
	}
	for _, u := range r.URLs {
		t.Images = append(t.Images, backend.Image{URL: u})
	}
	if r.Error != nil {
		t.Error = &backend.Error{Provider: r.Provider, Kind: r.Error.Kind, Message: r.Error.Message, HTTP: r.Error.HTTP, TraceID: r.Error.TraceID}
		t.Trace = r.Error.TraceID
	}
	return t
}
