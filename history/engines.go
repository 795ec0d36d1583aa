package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"easel/backend"
	"easel/backend/task"
)

// Several easels share a data directory. Each holds a lock of its own while it
// lives, so that the others see whose tasks nobody is at, and all take turns at
// the files. The kernel frees a lock when its process ends, however that happens.
// One that is stopped (SIGSTOP) cannot know of it, and keeps its lock; where that can
// be seen, it counts as one that does not live. It may go on at any moment, and then
// hears before its next line whose its tasks are.
const (
	enginesName = "engines" // in it: <id>.lock of each easel that lives
	guardSuffix = ".lock"   // held while a file of lines is written
)

// patience is how long a write waits for its turn: the others write for
// milliseconds, unless they were stopped in the middle of it.
const patience = 3 * time.Second

// errAlone is the error of a write by a Store that did not join.
var errAlone = errors.New("this process does not work in the data directory")

// seat is the place of this process among those that work in the directory.
type seat struct {
	engine string
	what   string
	lock   *flock.Flock
	alone  *sole // locks do not work here, and this is the only one; else nil
}

// hold takes a lock that is held for moments. Without a path there is nobody to
// keep out.
func hold(path string) (release func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	l := flock.New(path)
	switch ok, err := l.TryLockContext(ctx, 2*time.Millisecond); {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, stuck(path)
	case err != nil:
		return nil, err
	case !ok:
		return nil, fmt.Errorf("%s cannot be locked", path)
	}
	return func() { l.Unlock() }, nil
}

// stuck is the error for a lock that another easel holds for longer than any does
// that is at work.
func stuck(path string) *backend.Error {
	path = backend.Clean(path)
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Fate: backend.Unsent,
		Word: "task.stuck", Args: []string{path},
		Message: "another easel holds " + path + " and does not let go: was it stopped? Nothing is written or sent before it goes on or ends"}
}

// tryHold is hold without patience; ok says whether the lock was free.
func tryHold(path string) (release func(), ok bool, err error) {
	if path == "" {
		return func() {}, true, nil
	}
	l := flock.New(path)
	ok, err = l.TryLock()
	return func() { l.Unlock() }, ok, err
}

// Join makes this process one of those that work in the data directory, until
// leave. what says what it is, for others. Where locks do not work, it fails with
// a *LockedError if another one is at work.
func (s *Store) Join(what string) (leave func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat != nil {
		return nil, errors.New("this process works in the data directory already")
	}
	if err := os.MkdirAll(s.path(enginesName), 0o700); err != nil {
		return nil, fmt.Errorf("the data directory cannot be made: %w", err)
	}
	seat := &seat{engine: task.NewID(time.Now()), what: what}
	works, err := s.lockable(s.path(journalName + guardSuffix))
	if err != nil {
		return nil, fmt.Errorf("the data directory cannot be locked: %w", err)
	}
	if works {
		err = s.sit(seat)
	} else {
		seat.alone = newSole(s.dir, seat.engine, what)
		err = seat.alone.take()
	}
	if err != nil {
		return nil, err
	}
	s.seat = seat
	return s.leave, nil
}

// lockable says whether a lock on a file keeps another handle out.
func lockable(path string) (bool, error) {
	one, other := flock.New(path), flock.New(path)
	release, err := hold(path)
	if lockless(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	release()
	ok, err := one.TryLock()
	if err != nil || !ok {
		return err == nil, nil // somebody else has it: that is what locks are for
	}
	defer one.Unlock()
	both, err := other.TryLock()
	if both {
		other.Unlock()
	}
	return err == nil && !both, nil
}

// lockless says whether an error says that the file system has no locks.
func lockless(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK)
}

// sit takes the lock of this engine. That is done under the journal's, as is the
// clearing away of those that are free: a new one is never taken for a dead one's.
func (s *Store) sit(seat *seat) error {
	release, err := hold(s.guard(journalName))
	if err != nil {
		return err
	}
	defer release()
	s.sweep()
	seat.lock = flock.New(s.engineLock(seat.engine))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// Another one may be asking, at this moment, whether this engine lives.
	if _, err := seat.lock.TryLockContext(ctx, time.Millisecond); err != nil {
		return fmt.Errorf("the data directory cannot be locked: %w", err)
	}
	s.sign(seat, false)
	return nil
}

// Worker is an easel that works in the data directory.
type Worker struct {
	PID   int       `json:"pid"`
	What  string    `json:"what"` // "studio", "generate", …
	Since time.Time `json:"since"`
	Rests bool      `json:"rests"` // it is suspended, and may come back
}

// Workers gives the easels that work in the data directory now, the first first.
func (s *Store) Workers() (out []Worker) {
	for _, engine := range s.engines() {
		w, ok := s.worker(engine)
		held := s.held(engine)
		w.Rests = w.Rests || held && !s.Alive(engine)
		if ok && (held || w.Rests && living(w.PID)) {
			out = append(out, w)
		}
	}
	return out // the names are ordered by time
}

// worker reads what the lock of an engine says of it.
func (s *Store) worker(engine string) (w Worker, ok bool) {
	data, err := os.ReadFile(s.engineLock(engine))
	return w, err == nil && json.Unmarshal(data, &w) == nil
}

// sign writes whose lock it is; that it cannot costs only what is said of it.
func (s *Store) sign(seat *seat, rests bool) {
	data, _ := line(Worker{PID: os.Getpid(), What: seat.what, Since: time.Now(), Rests: rests}) // plain values
	if err := os.WriteFile(s.engineLock(seat.engine), data, 0o600); err != nil {
		s.log.Warn("whose a lock is cannot be written", "error", err)
	}
}

// rests says whether an engine let its lock go only to be suspended, and its
// process is still there.
func (s *Store) rests(engine string) bool {
	who, ok := s.worker(engine)
	return ok && who.Rests && living(who.PID)
}

// sweep takes the locks of dead engines away; the journal's guard is held.
func (s *Store) sweep() {
	for _, engine := range s.engines() {
		if !s.held(engine) && !s.rests(engine) {
			os.Remove(s.engineLock(engine))
		}
	}
}

func (s *Store) engineLock(engine string) string {
	return filepath.Join(s.path(enginesName), engine+guardSuffix)
}

// engines lists the engines that have a lock, dead ones with them.
func (s *Store) engines() (out []string) {
	list, _ := os.ReadDir(s.path(enginesName))
	for _, e := range list {
		if name, ok := strings.CutSuffix(e.Name(), guardSuffix); ok {
			out = append(out, name)
		}
	}
	return out
}

// guard is the lock of a file of lines; "" where locks do not work.
func (s *Store) guard(name string) string {
	if s.seat != nil && s.seat.alone != nil {
		return ""
	}
	return s.path(name + guardSuffix)
}

// Engine is the name of this process in the journal.
func (s *Store) Engine() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == nil {
		return ""
	}
	return s.seat.engine
}

// Alive says whether the engine of that name is at work. It creates nothing.
func (s *Store) Alive(engine string) bool {
	if !s.held(engine) {
		return false
	}
	w, ok := s.worker(engine)
	return !ok || !s.halted(w.PID, s.engineLock(engine))
}

// Stopped says whether the engine of that name is not at work, but still there.
func (s *Store) Stopped(engine string) bool { return s.held(engine) && !s.Alive(engine) }

// held says whether the engine of that name holds its lock.
func (s *Store) held(engine string) bool {
	if engine == "" || engine != filepath.Base(engine) {
		return false
	}
	path := s.engineLock(engine)
	if _, err := os.Stat(path); err != nil {
		return false
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock() // shared: those who ask do not take each other for the owner
	if ok {
		l.Unlock()
	}
	return !ok && !lockless(err) && !errors.Is(err, fs.ErrNotExist)
}

// Others says whether there is another engine, at work or stopped.
func (s *Store) Others() bool {
	me := s.Engine()
	return slices.ContainsFunc(s.engines(), func(x string) bool { return x != me && s.held(x) })
}

// Pause gives the lock of this engine up: others may take its tasks. Resume takes
// it again, under the same name; what was taken meanwhile stays taken.
func (s *Store) Pause() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == nil || s.seat.lock == nil || !s.seat.lock.Locked() {
		return nil
	}
	s.sign(s.seat, true)
	return s.seat.lock.Unlock()
}

// Resume undoes Pause.
func (s *Store) Resume() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == nil || s.seat.alone != nil || s.seat.lock.Locked() {
		return nil
	}
	if s.journal != nil {
		if err := s.journal.settle(); err != nil { // it may keep the guard that is taken here
			return err
		}
	}
	return s.sit(s.seat)
}

func (s *Store) leave() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == nil {
		return nil
	}
	var errs []error
	for _, l := range []*lines{s.journal, s.past} {
		if l != nil {
			errs = append(errs, l.close())
		}
	}
	if s.seat.alone != nil {
		errs = append(errs, s.seat.alone.leave())
	} else {
		os.Remove(s.engineLock(s.seat.engine)) // while it is held: nobody finds it free
		errs = append(errs, s.seat.lock.Unlock())
	}
	s.seat, s.journal, s.past = nil, nil, nil
	return errors.Join(errs...)
}
