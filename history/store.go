// Package history is what easel remembers: the journal of what is not over, the
// history of what is, the pictures, the draft, and the locks by which several
// engines share them.
//
// It belongs here if it is about files and what survives a restart. What the
// lines mean is decided in backend/task, how they are shown in ui.
package history

import (
	"cmp"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"easel/backend/task"
)

// The files of the data directory.
const (
	journalName = "journal.jsonl"
	historyName = "history.jsonl"
	draftName   = "draft.json"
	tornSuffix  = ".torn" // beginnings of lines that a crash cut
	newSuffix   = ".new"  // a file that is being written, to take another one's place
)

// Store is the data directory and the folder of pictures. It fulfils
// task.Journal and task.Library. Reading needs no lock and creates nothing;
// writing needs Join. All methods may be called from any goroutine.
type Store struct {
	dir      string
	pictures string
	log      *slog.Logger

	mu       sync.Mutex
	seat     *seat  // nil unless this process works in the directory
	journal  *lines // nil unless open for writing
	past     *lines
	told     func([]task.Event, bool)   // hears what other engines wrote; may be nil
	lockable func(string) (bool, error) // whether locks work at a path
	halted   func(int, string) bool     // whether a process that holds a file open is stopped
	problems []Problem
	drafts   sync.Mutex                // held while a draft is written
	samples  map[[2]string][]task.Span // how long a model took, newest first
	sampled  bool                      // the end of the history was read for that
	live     live
}

var (
	_ task.Shared  = (*Store)(nil)
	_ task.Library = (*Store)(nil)
)

// Open makes a Store of the data directory and the folder of pictures, both
// absolute. Neither needs to exist: the first write makes them.
func Open(dataDir, pictures string, log *slog.Logger) (*Store, error) {
	if !filepath.IsAbs(dataDir) || !filepath.IsAbs(pictures) {
		return nil, errors.New("the data directory and the folder of pictures must be absolute paths")
	}
	if st, err := os.Stat(dataDir); err == nil && !st.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: dataDir, Err: errors.New("not a directory")}
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Store{dir: dataDir, pictures: pictures, log: log, lockable: lockable, halted: halted, samples: map[[2]string][]task.Span{}}, nil
}

// Close closes what is open and leaves the directory to others.
func (s *Store) Close() error {
	s.live.quiet()
	return s.leave()
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// Problem is a line that cannot be read. It stays in the file.
type Problem struct {
	File    string // absolute
	Line    int    // from 1
	Message string
}

// Problems gives the damaged lines that were met so far, in the order of the
// files.
func (s *Store) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.problems)
	slices.SortFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// problem notes a damaged line once.
func (s *Store) problem(p Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.problems, p) {
		s.problems = append(s.problems, p)
		s.log.Warn("a line cannot be read", "file", p.File, "line", p.Line, "problem", p.Message)
	}
}

// syncDir puts the names in a folder on disk. Some file systems cannot; there
// is nothing to be done about that.
func syncDir(dir string) {
	if f, err := os.Open(dir); err == nil {
		f.Sync()
		f.Close()
	}
}

// replace writes a whole file: under another name first, temp, so that a crash
// leaves the old one or the new one.
func replace(path, temp string, durable bool, write func(*os.File) error) (err error) {
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(temp)
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if durable {
		if err = f.Sync(); err != nil {
			return err
		}
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(temp, path); err != nil {
		return err
	}
	if durable {
		syncDir(filepath.Dir(path))
	}
	return nil
}
