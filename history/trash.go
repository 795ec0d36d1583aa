package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"easel/backend"
	"easel/backend/task"
	"easel/history/search"
)

// The trash is a folder beside the pictures. What goes there, or comes back, is
// given its new name first; then a line is written that says so; then the old
// name goes. Wherever a crash falls between, the picture is where the history
// says that it is.
const (
	trashName     = ".trash"
	elsewhereName = "elsewhere" // in it: pictures of other folders (--out)
	trashLockName = "trash.lock"
)

// moved is a picture with its new name.
type moved struct{ from, to string }

// shift is what is to become of one entry.
type shift struct {
	id    string
	set   any
	moved []moved
}

// placed is what a change says when pictures move.
type placed struct {
	Trashed bool        `json:"trashed"`
	Files   []task.File `json:"files,omitempty"`
	Origin  []string    `json:"origin"` // null: they are where they belong
}

// Trash moves the pictures of entries into the trash and marks them. Pictures
// that are not there any more are marked only. The error says what could not be
// moved; all else was.
func (s *Store) Trash(ids ...string) error { return s.shift(ids, s.discard) }

// Restore takes entries out of the trash, and gives their pictures back the
// names that they had, or, where those are taken, names beside them.
func (s *Store) Restore(ids ...string) error { return s.shift(ids, s.bringBack) }

func (s *Store) shift(ids []string, plan func(task.Record) (shift, error)) error {
	release, err := s.lockTrash()
	if err != nil {
		return err
	}
	defer release()
	if _, _, err := s.look(); err != nil {
		return err
	}
	var failed []error
	var done []moved
	sets, seen := map[string]any{}, map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		r, err := s.now(id)
		if err != nil {
			failed = append(failed, unmoved(short(id), err))
			continue
		}
		sh, err := plan(r)
		if err != nil {
			failed = append(failed, err)
		}
		done = append(done, sh.moved...)
		if sh.set != nil {
			sets[id] = sh.set
		}
	}
	syncNames(done)
	if err := s.change(ids, sets); err != nil {
		for _, m := range done {
			os.Remove(m.to)
		}
		return err
	}
	for _, m := range done {
		if err := os.Remove(m.from); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, unmoved(m.from, err))
		}
	}
	return several(failed)
}

// now gives the record of an id as it is now.
func (s *Store) now(id string) (task.Record, error) {
	x, err := s.Index()
	if err != nil {
		return task.Record{}, err
	}
	if e, ok := x.Get(id); ok {
		return s.Entry(e)
	}
	return s.exactly(id)
}

// discard gives the pictures of a record names in the trash.
func (s *Store) discard(r task.Record) (shift, error) {
	if r.Trashed || r.Gone {
		return shift{}, nil
	}
	sh := shift{id: r.ID}
	files := slices.Clone(r.Files)
	var origin []string
	for i, f := range files {
		origin = append(origin, f.Path)
		st, err := os.Lstat(f.Path)
		if f.Path == "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && (!st.Mode().IsRegular() || !isPicture(f.Path)) {
			err = notPicture(f.Path)
		}
		to := ""
		if err == nil {
			to, err = bring(f.Path, s.inTrash(f.Path))
		}
		if err != nil {
			sh.undo()
			return shift{}, unmoved(f.Path, err)
		}
		sh.moved = append(sh.moved, moved{f.Path, to})
		files[i].Path = to
	}
	sh.set = placed{true, files, origin}
	return sh, nil
}

// bringBack gives the pictures of a record the names that they had. One that is
// not in the trash any more is no reason to leave the rest there.
func (s *Store) bringBack(r task.Record) (shift, error) {
	switch {
	case r.Gone:
		return shift{}, &backend.Error{Op: backend.OpSave, Kind: backend.Gone, Word: "task.emptied", Args: []string{short(r.ID)},
			Message: short(r.ID) + " was in the trash when that was emptied"}
	case !r.Trashed:
		return shift{}, nil
	}
	sh := shift{id: r.ID}
	files := slices.Clone(r.Files)
	var lost error
	for i, f := range files {
		if i >= len(r.Origin) || r.Origin[i] == f.Path || !isTrash(f.Path) {
			continue // it was marked only
		}
		old := r.Origin[i]
		if !filepath.IsAbs(old) || !isPicture(old) {
			sh.undo()
			return shift{}, notPicture(old)
		}
		if _, err := os.Lstat(f.Path); errors.Is(err, fs.ErrNotExist) {
			if files[i].Path = old; !exists(old) {
				lost = unmoved(f.Path, err)
			}
			continue
		}
		to, err := bring(f.Path, old)
		if err != nil {
			sh.undo()
			return shift{}, unmoved(f.Path, err)
		}
		sh.moved = append(sh.moved, moved{f.Path, to})
		files[i].Path = to
	}
	sh.set = placed{false, files, nil}
	return sh, lost
}

// undo takes new names away again.
func (sh shift) undo() {
	for _, m := range sh.moved {
		os.Remove(m.to)
	}
}

func same(a, b string) bool {
	x, err1 := os.Lstat(a)
	y, err2 := os.Lstat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

func isPicture(path string) bool {
	return slices.Contains(endings, strings.ToLower(filepath.Ext(path)))
}

// inTrash gives the name that a picture should have in the trash.
func (s *Store) inTrash(path string) string {
	rel, err := filepath.Rel(s.pictures, path)
	if err != nil || !filepath.IsLocal(rel) {
		rel = filepath.Join(elsewhereName, filepath.Base(path))
	}
	return filepath.Join(s.pictures, trashName, rel)
}

// isTrash says whether a file is in a trash of ours. It may be that of an
// output_dir that was set before.
func isTrash(path string) bool {
	return filepath.IsAbs(path) && isPicture(path) &&
		slices.Contains(strings.Split(filepath.Dir(filepath.Clean(path)), string(filepath.Separator)), trashName)
}

// lockTrash keeps other easels from moving pictures meanwhile.
func (s *Store) lockTrash() (release func() error, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	l := flock.New(s.path(trashLockName))
	switch _, err := l.TryLockContext(ctx, 20*time.Millisecond); {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, stuck(l.Path())
	case err != nil:
		return nil, fmt.Errorf("the trash cannot be locked: %w", err)
	}
	return l.Unlock, nil
}

// Emptied is what is in the trash, or was.
type Emptied struct {
	Pictures int
	Bytes    int64
}

// Trashed says what is in the trash.
func (s *Store) Trashed(ctx context.Context) (Emptied, error) {
	var sum Emptied
	return sum, s.inTheTrash(ctx, func(_ string, list []moved) error {
		for _, m := range list {
			sum.count(m.to)
		}
		return nil
	})
}

func (e *Emptied) count(path string) bool {
	st, err := os.Lstat(path)
	if err != nil || !st.Mode().IsRegular() {
		return false
	}
	e.Pictures++
	e.Bytes += st.Size()
	return true
}

// emptyTogether is how many entries are noted as gone with one write.
const emptyTogether = 256

// EmptyTrash deletes the pictures in the trash for good. Their records stay in
// the history, and say so. What it gives was deleted, also with an error.
func (s *Store) EmptyTrash(ctx context.Context) (Emptied, error) {
	var sum Emptied
	release, err := s.lockTrash()
	if err != nil {
		return sum, err
	}
	defer release()
	if _, _, err := s.look(); err != nil {
		return sum, err
	}
	var failed []error
	var gone []string
	sets := map[string]any{}
	note := func() error {
		err := s.change(gone, sets)
		gone, sets = nil, map[string]any{}
		return err
	}
	err = s.inTheTrash(ctx, func(id string, list []moved) error {
		for _, m := range list {
			before := sum
			if !sum.count(m.to) {
				continue
			}
			if same(m.from, m.to) {
				os.Remove(m.from) // a crash kept it from going
			}
			if err := os.Remove(m.to); err != nil {
				sum = before
				failed = append(failed, unmoved(m.to, err))
				return nil
			}
			sweep(filepath.Dir(m.to))
		}
		gone, sets[id] = append(gone, id), map[string]bool{"gone": true}
		if len(gone) >= emptyTogether {
			return note()
		}
		return nil
	})
	return sum, errors.Join(err, note(), several(failed))
}

// sweep removes a folder of the trash, and those above it, as far as they are
// empty by now.
func sweep(dir string) {
	for isTrash(filepath.Join(dir, "a.png")) && os.Remove(dir) == nil {
		dir = filepath.Dir(dir)
	}
}

// inTheTrash calls f for every entry that is in the trash, with those of its
// files that are there, and where they were before.
func (s *Store) inTheTrash(ctx context.Context, f func(id string, list []moved) error) error {
	x, err := s.wholeIndex(ctx)
	if err != nil {
		return err
	}
	found, err := search.NewFinder(x).Find(ctx, search.Parse("is:trashed", time.Now()))
	if err != nil {
		return err
	}
	for i := range found.Len() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r, err := s.Entry(found.At(i))
		if err != nil || !r.Trashed {
			continue // it was taken out meanwhile
		}
		var list []moved
		for i, file := range r.Files {
			if !isTrash(file.Path) {
				continue
			}
			m := moved{to: file.Path}
			if i < len(r.Origin) {
				m.from = r.Origin[i]
			}
			list = append(list, m)
		}
		if err := f(r.ID, list); err != nil {
			return err
		}
	}
	return nil
}

// unmoved is the error for a picture that stays where it is.
func unmoved(path string, err error) error {
	if be, ok := errors.AsType[*backend.Error](err); ok {
		return be
	}
	why := backend.Clean(reason(err))
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Cause: err,
		Word: "task.unmoved", Args: []string{backend.Clean(path), why},
		Message: fmt.Sprintf("%s stays where it is: %s", backend.Clean(path), why)}
}

// short is the part of an id that people see.
func short(id string) string { return backend.Clean(id[max(0, len(id)-6):]) }

func notPicture(path string) error {
	path = backend.Clean(path)
	return &backend.Error{Op: backend.OpSave, Kind: backend.Invalid, Word: "task.not_picture_file", Args: []string{path},
		Message: path + " is no picture file"}
}

// several is one error for all: it says how many there are, and the first.
func several(failed []error) error {
	if len(failed) < 2 {
		return errors.Join(failed...)
	}
	n, first := fmt.Sprint(len(failed)), ""
	if e, ok := errors.AsType[*backend.Error](failed[0]); ok && len(e.Args) > 0 {
		first = e.Args[0]
	}
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Cause: errors.Join(failed...),
		Word: "task.unmoved_more", Args: []string{n, first}, Message: n + " could not be moved; the first is " + first}
}
