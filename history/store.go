// Package history is what easel remembers: the journal of what is not over, the
// history of what is, the pictures, the draft, and the lock that lets one
// engine at a time write them.
//
// It belongs here if it is about files and what survives a restart. What the
// lines mean is decided in backend/task, how they are shown in ui.
package history

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// Store is the data directory and the folder of pictures. It fulfils
// task.Journal and task.Library. Reading needs no lock and creates nothing;
// writing needs Lock. All methods may be called from any goroutine.
type Store struct{}

var (
	_ task.Journal = (*Store)(nil)
	_ task.Library = (*Store)(nil)
)

// Open makes a Store of the data directory and the folder of pictures, both
// absolute. Neither needs to exist: the first write makes them.
func Open(dataDir, pictures string, log *slog.Logger) (*Store, error) { return &Store{}, nil }

// Close closes what is open and gives up the lock if it is held.
func (s *Store) Close() error { return nil }

// LockedError says who holds the lock of the data directory.
type LockedError struct {
	PID   int       `json:"pid"`
	What  string    `json:"what"` // "studio", "generate", …
	Since time.Time `json:"since"`
}

func (e *LockedError) Error() string { return "another easel is at work" }

// Lock takes the lock of the data directory for this process, or fails at once
// with a *LockedError that says who holds it. what names the holder for others.
func (s *Store) Lock(what string) (release func() error, err error) { return nil, errSoon }

var errSoon = errors.New("soon")

// Append fulfils task.Journal.
func (s *Store) Append(sync bool, events ...task.Event) error { return errSoon }

// Replay fulfils task.Journal.
func (s *Store) Replay(f func(task.Event)) error { return errSoon }

// Finish fulfils task.Journal.
func (s *Store) Finish(r task.Record) error { return errSoon }

// Check fulfils task.Library.
func (s *Store) Check(t task.Task) error { return errSoon }

// Save fulfils task.Library.
func (s *Store) Save(ctx context.Context, t task.Task, index int, write func(io.Writer) error) (task.File, error) {
	return task.File{}, errSoon
}

// Recent gives the n records that were finished last, the last first.
func (s *Store) Recent(n int) ([]task.Record, error) { return nil, errSoon }

// Search gives at most limit records (0: all) that hold every word of the query
// in prompt, model, provider, state or id, the last finished first.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]task.Record, error) {
	return nil, errSoon
}

// ErrNone is the error for an id that nothing has.
var ErrNone = errors.New("no such task")

// Find gives the record with the id, or with the last characters of it (at
// least 4) if they fit one only.
func (s *Store) Find(id string) (task.Record, error) { return task.Record{}, ErrNone }

// Unfinished gives what the journal says is not over, newest first, without
// writing anything.
func (s *Store) Unfinished() ([]task.Task, error) { return nil, errSoon }

// Prompts gives at most limit different prompts, the newest first.
func (s *Store) Prompts(ctx context.Context, limit int) ([]string, error) { return nil, errSoon }

// Usual gives how long the provider usually takes for the model: the median of
// what was read of the history so far, 0 if that says nothing.
func (s *Store) Usual(provider, model string) time.Duration { return 0 }

// Draft gives the request that was being written last; the zero value if none.
func (s *Store) Draft() (backend.Request, error) { return backend.Request{}, nil }

// SaveDraft keeps the request that is being written.
func (s *Store) SaveDraft(r backend.Request) error { return errSoon }

// Problem is a line that cannot be read. It stays in the file.
type Problem struct {
	File    string // absolute
	Line    int    // from 1
	Message string
}

// Problems gives the damaged lines that were met so far.
func (s *Store) Problems() []Problem { return nil }
