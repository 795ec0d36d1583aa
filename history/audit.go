package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"easel/backend/task"
)

// The bounds of an audit.
const (
	auditRecords = 10_000    // the last of the history
	auditBytes   = 256 << 20 // of pictures whose content is compared; of others the size is
	auditFiles   = 50_000    // in the folders of pictures
)

// Audit is what a look at the history and the pictures found. Its lists hold
// absolute paths.
type Audit struct {
	Records  int      // tasks of the history that were looked at
	Pictures int      // their files, and those of open tasks
	Compared int      // those whose content was compared, not only the size
	Missing  []string // named by the history, and not there
	Changed  []string // there, but not as the history says
	Unknown  []string // pictures in the folders that no task names
	Left     []string // temporary files that a crash left, and second names of what is in the trash
	Trash    Emptied  // what is in the trash
	Torn     []string // files with beginnings of lines that a crash cut
	Bounded  bool     // there was more than is looked at
}

// Audit compares the history and the journal with the pictures, the newest
// first, within bounds. It writes nothing. What of the history cannot be read
// shows in Problems.
func (s *Store) Audit(ctx context.Context) (Audit, error) {
	a := audit{known: map[string]bool{}, left: auditBytes}
	if err := s.auditJournal(&a); err != nil {
		return a.Audit, err
	}
	oldest := time.Time{}
	err := s.back(ctx, nil, func(r task.Record) bool {
		if a.Records == auditRecords {
			a.Bounded = true
			return false
		}
		a.Records++
		oldest = r.Created
		if r.Trashed {
			a.trashed(r)
			return true
		}
		for _, f := range r.Files {
			a.file(f)
		}
		return true
	})
	if err != nil {
		return a.Audit, err
	}
	after := "" // the last day whose tasks were not all looked at
	if a.Bounded {
		after = oldest.Format(time.DateOnly)
	}
	s.auditFolders(ctx, &a, after)
	if !a.Bounded {
		s.auditTrash(ctx, &a)
	}
	for _, name := range []string{journalName, historyName} {
		if path := s.path(name + tornSuffix); exists(path) {
			a.Torn = append(a.Torn, path)
		}
	}
	return a.Audit, ctx.Err()
}

// audit is one that is under way.
type audit struct {
	Audit
	known map[string]bool // paths, and for open tasks paths without their ending
	left  int64           // bytes that may still be read
}

// auditJournal notes what open tasks have and may have: a picture can be there
// before the line that says so.
func (s *Store) auditJournal(a *audit) error {
	sc, err := s.scan(func(task.Event) {})
	if err != nil || sc == nil {
		return err
	}
	for _, t := range sc.tasks {
		for i := range max(len(t.Images), t.Request.Count, 1) {
			a.known[filepath.Join(s.folder(*t), stem(*t, i))] = true
		}
		for _, f := range t.Files {
			if f.Path != "" && !t.Filed {
				a.file(f)
			}
		}
	}
	return nil
}

// file compares a picture with what was written of it.
func (a *audit) file(f task.File) {
	if a.known[f.Path] {
		return
	}
	a.known[f.Path] = true
	a.Pictures++
	st, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.Missing = append(a.Missing, f.Path)
	case err != nil: // it cannot be looked at, so nothing is said
	case !st.Mode().IsRegular() || f.Bytes > 0 && st.Size() != f.Bytes:
		a.Changed = append(a.Changed, f.Path)
	case f.SHA256 != "" && st.Size() <= a.left:
		a.left -= st.Size()
		a.Compared++
		if sum, err := sumOf(f.Path); err == nil && sum != f.SHA256 {
			a.Changed = append(a.Changed, f.Path)
		}
	}
}

// trashed notes the pictures of a record that is in the trash. A person may have
// emptied it, with easel or without: nothing of it is missing.
func (a *audit) trashed(r task.Record) {
	for i, f := range r.Files {
		a.known[f.Path] = true
		if !isTrash(f.Path) || r.Gone || !a.Trash.count(f.Path) {
			continue
		}
		if i < len(r.Origin) && same(r.Origin[i], f.Path) {
			a.known[r.Origin[i]] = true
			a.Left = append(a.Left, r.Origin[i])
		}
	}
}

// auditTrash looks for files in the trash that no record names.
func (s *Store) auditTrash(ctx context.Context, a *audit) {
	seen := 0
	filepath.WalkDir(filepath.Join(s.pictures, trashName), func(path string, e fs.DirEntry, err error) error {
		switch seen++; {
		case seen > auditFiles || ctx.Err() != nil:
			a.Bounded = true
			return fs.SkipAll
		case err != nil || !e.Type().IsRegular() || a.known[path]:
		default:
			a.stray(path, e)
		}
		return nil
	})
}

func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// auditFolders looks for files that nobody knows in the folders of the days
// after one, the newest first. Other folders are not easel's.
func (s *Store) auditFolders(ctx context.Context, a *audit, after string) {
	days, _ := os.ReadDir(s.pictures)
	slices.SortFunc(days, func(x, y os.DirEntry) int { return cmp.Compare(y.Name(), x.Name()) })
	seen := 0
	for _, day := range days {
		if _, err := time.Parse(time.DateOnly, day.Name()); err != nil || !day.IsDir() || day.Name() <= after {
			continue
		}
		list, _ := os.ReadDir(filepath.Join(s.pictures, day.Name()))
		if seen += len(list); seen > auditFiles || ctx.Err() != nil {
			a.Bounded = true
			return
		}
		for _, e := range list {
			a.stray(filepath.Join(s.pictures, day.Name(), e.Name()), e)
		}
	}
}

// youngest is the age below which a temporary file may be in use.
const youngest = time.Hour

// stray notes a file that nobody knows.
func (a *audit) stray(path string, e os.DirEntry) {
	name, ending := e.Name(), filepath.Ext(e.Name())
	switch {
	case !e.Type().IsRegular() || a.known[path] || a.known[strings.TrimSuffix(path, ending)]:
	case strings.HasPrefix(name, ".easel-"):
		if st, err := e.Info(); err == nil && time.Since(st.ModTime()) > youngest {
			a.Left = append(a.Left, path)
		}
	case slices.Contains(endings, strings.ToLower(ending)) && name[0] != '.':
		a.Unknown = append(a.Unknown, path)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
