package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// LockedError says who holds the lock of the data directory.
type LockedError struct {
	PID   int       `json:"pid"`  // 0 if that is not known
	What  string    `json:"what"` // "studio", "generate", …
	Since time.Time `json:"since"`
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return "another easel is at work in this data directory"
	}
	return fmt.Sprintf("another easel is at work in this data directory: %s, process %d, since %s",
		e.What, e.PID, e.Since.Local().Format("2006-01-02 15:04:05"))
}

// Lock takes the lock of the data directory for this process, or fails at once
// with a *LockedError that says who holds it. what names the holder for others.
// The kernel frees the lock when the process ends, however that happens.
func (s *Store) Lock(what string) (release func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		return nil, s.holder()
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data directory cannot be made: %w", err)
	}
	l := flock.New(s.path(lockName))
	// A reader that looks whether the lock is free holds it for a moment.
	for try := range 5 {
		if try > 0 {
			time.Sleep(10 * time.Millisecond)
		}
		ok, err := l.TryLock()
		if err != nil {
			return nil, fmt.Errorf("the data directory cannot be locked: %w", err)
		}
		if ok {
			s.lock = l
			s.sign(what)
			return s.unlock, nil
		}
	}
	return nil, s.holder()
}

// sign says for others who holds the lock; a failure costs only that.
func (s *Store) sign(what string) {
	err := replace(s.path(holderName), s.path(holderName+newSuffix), false, func(f *os.File) error {
		return json.NewEncoder(f).Encode(LockedError{PID: os.Getpid(), What: what, Since: time.Now()})
	})
	if err != nil {
		s.log.Warn("the holder of the lock cannot be written", "error", err)
	}
}

func (s *Store) holder() *LockedError {
	e := &LockedError{}
	if data, err := os.ReadFile(s.path(holderName)); err != nil || json.Unmarshal(data, e) != nil {
		return &LockedError{}
	}
	return e
}

func (s *Store) unlock() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return nil
	}
	var errs []error
	for _, l := range []*lines{s.journal, s.past} {
		if l != nil {
			errs = append(errs, l.close())
		}
	}
	os.Remove(s.path(holderName))
	errs = append(errs, s.lock.Unlock())
	s.lock, s.journal, s.past = nil, nil, nil
	return errors.Join(errs...)
}

// free says whether nobody holds the lock. It creates nothing.
func (s *Store) free() bool {
	s.mu.Lock()
	mine := s.lock != nil
	s.mu.Unlock()
	if mine {
		return false
	}
	if _, err := os.Stat(s.path(lockName)); err != nil {
		return true
	}
	l := flock.New(s.path(lockName), flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	if err != nil || !ok {
		return false
	}
	l.Unlock()
	return true
}
