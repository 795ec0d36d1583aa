//go:build unix

package picture

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What is no file is an error at once: a named pipe would be waited for for ever,
// and all other pictures with it.
func TestANamedPipeIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "a.png")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	s := NewShelf("", 1<<20)
	answer := make(chan error, 2)
	go func() {
		for _, path := range []string{pipe, dir} {
			_, err := s.Thumb(context.Background(), path)
			answer <- err
		}
	}()
	for range 2 {
		select {
		case err := <-answer:
			if err == nil || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the reason is %v", err)
			}
		case <-time.After(time.Minute):
			t.Fatal("it waits")
		}
	}
}

// A named pipe that is opened all the same is stuck as a file of a network mount
// is: what comes behind it is shown, and it is over when somebody writes into it.
func TestAFileThatIsStuckInTheSystem(t *testing.T) {
	dir := t.TempDir()
	pipe, other := filepath.Join(dir, "a.png"), pictureFile(t, t.TempDir(), "b.png", 40, 30)
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	s := NewShelf("", 1<<20)
	s.disk.patience = 50 * time.Millisecond
	s.OpenWith(func(path string) (Source, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		return f, nil
	})
	var slow Slow
	if _, err := s.Thumb(context.Background(), pipe); !errors.As(err, &slow) {
		t.Fatal("the reason is", err)
	}
	s.disk.patience = time.Minute
	if _, err := s.Thumb(context.Background(), other); err != nil {
		t.Error("another one:", err)
	}
	w, err := os.OpenFile(pipe, os.O_RDWR, 0) // writing alone would wait for a reader, where it is stuck before that
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	select {
	case <-slow.back:
	case <-time.After(time.Minute):
		t.Fatal("it is still stuck")
	}
}
