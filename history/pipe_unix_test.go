//go:build unix

package history

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"easel/backend"
)

// soon fails if it takes as long as waiting for a named pipe would.
func soon(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal(what, "waits")
	}
}

// A named pipe that stands where a picture was in the trash is not opened, and
// not brought back; on another file system it would be, to be copied.
func TestANamedPipeIsNotBroughtBack(t *testing.T) {
	s, folder, ids := gallery(t, 1)
	was := entryOf(t, s, ids[0]).Files[0].Path
	must(t, s.Trash(ids...))
	in := entryOf(t, s, ids[0]).Files[0].Path
	must(t, os.Remove(in))
	if err := syscall.Mkfifo(in, 0o600); err != nil {
		t.Skip(err)
	}
	before := files(t, folder)
	soon(t, "bringing it back", func() {
		var e *backend.Error
		if err := s.Restore(ids...); !errors.As(err, &e) || e.Kind != backend.Invalid {
			t.Errorf("the reason is %v", err)
		}
	})
	if got := files(t, folder); exists(was) || !slices.Equal(got, before) {
		t.Errorf("%v", got)
	}
	if r := entryOf(t, s, ids[0]); !r.Trashed {
		t.Error("it is said to be back")
	}
	out := filepath.Join(t.TempDir(), "a.png")
	soon(t, "a copy", func() {
		if _, err := bring(in, out); err == nil || exists(out) {
			t.Error("it was copied", err)
		}
	})
}

// Nor is one opened that has the name of a picture that is to be saved.
func TestANamedPipeIsNoSavedPicture(t *testing.T) {
	s, _ := library(t)
	of := asTask("a cat")
	f, err := save(t, s, of, 0, pngOf(t, 4, 4))
	must(t, err)
	must(t, os.Remove(f.Path))
	if err := syscall.Mkfifo(f.Path, 0o600); err != nil {
		t.Skip(err)
	}
	soon(t, "saving", func() {
		if g, err := save(t, s, of, 0, pngOf(t, 4, 4)); err == nil && g.Path == f.Path {
			t.Errorf("it was taken for the picture: %+v", g)
		}
	})
}
