package task

import (
	"context"
	"io"
	"log/slog"
	"time"

	"easel/backend"
)

// Journal is where events are on disk before they count. history fulfils it.
type Journal interface {
	// Append writes events as lines, in order; with sync it returns when they
	// are on disk.
	Append(sync bool, events ...Event) error
	// Replay calls f for every event in the order in which they were written.
	Replay(f func(Event)) error
	// Finish writes the record of a task that is over to the history, on disk.
	Finish(Record) error
}

// Library is where pictures are saved. history fulfils it.
type Library interface {
	// Check says whether a picture of the task could be written: found before
	// the submit. The error names the folder.
	Check(t Task) error
	// Save stores result number index of t: write is called with where to write
	// the bytes. The name is a pure function of task and index, the file comes
	// into being whole or not at all, never over another; one that is there
	// already under that name is taken as it is, and write is not called.
	Save(ctx context.Context, t Task, index int, write func(io.Writer) error) (File, error)
}

// Config is what an Engine needs.
type Config struct {
	Providers []*backend.Provider
	Journal   Journal
	Library   Library
	Usual     func(provider, model string) time.Duration // the usual time from the history; 0: not known
	Log       *slog.Logger
}

// Engine does the steps that Next names. All methods may be called from any
// goroutine; none waits for the network.
type Engine struct{}

// New makes an Engine that does nothing yet.
func New(c Config) *Engine { panic("soon") }

// Start replays the journal and takes up what is not over. It returns when all
// tasks are known; the work goes on until Close.
func (e *Engine) Start(ctx context.Context) error { panic("soon") }

// Close stops the work: submits that were sent wait for their answer for at
// most the context's time, so that quitting makes no task unsure without need.
// It gives the number of tasks that were not sent.
func (e *Engine) Close(ctx context.Context) (pending int, err error) { panic("soon") }

// Submit checks the request (backend.Provider.Check, and that the output can be
// written), puts it on disk, and gives the new task, pending. It is sent in the
// background. out is a folder to write into, "" for the library's own.
func (e *Engine) Submit(r backend.Request, out string) (Task, error) { panic("soon") }

// Tasks gives what is not over and what ended since Start, newest first.
func (e *Engine) Tasks() []Task { panic("soon") }

// Task finds a task by its id, or by the last characters of it (at least 4) if
// they fit one only.
func (e *Engine) Task(id string) (Task, error) { panic("soon") }

// Follow gives a follower that hears of every task that changes from now on.
func (e *Engine) Follow() *Follower { panic("soon") }

// Follower hears of changes; see Next. It never makes the engine wait.
type Follower struct{}

// Next waits until something changed, and gives the tasks that did, each once
// and as it is now, oldest change first. It ends with an error when the context
// ends or the engine is closed.
func (f *Follower) Next(ctx context.Context) ([]Task, error) { panic("soon") }

// Close ends the follower.
func (f *Follower) Close() {}

// The ways in which a person changes what happens to a task. Each checks that
// the task is in a state where it makes sense, puts the decision on disk, and
// returns; an error says why not.

// Look asks the provider about a task now: of an unsure task by time where the
// provider can, of one in flight by its ticket.
func (e *Engine) Look(id string) error { panic("soon") }

// Adopt gives an unsure task the ticket that the person found at the provider.
func (e *Engine) Adopt(id, ticket string) error { panic("soon") }

// Again sends an unsure task again, after an explicit yes, or a pending one of
// an earlier run.
func (e *Engine) Again(id string) error { panic("soon") }

// Lost ends an unsure task: failed.
func (e *Engine) Lost(id string) error { panic("soon") }

// Stop stops watching a task (canceled), and cancels it at the provider where
// it can; it may still be charged.
func (e *Engine) Stop(id string) error { panic("soon") }

// Resume takes a stopped task up again under the same id.
func (e *Engine) Resume(id string) error { panic("soon") }

// Download tries the downloads of a ready task again now.
func (e *Engine) Download(id string) error { panic("soon") }
