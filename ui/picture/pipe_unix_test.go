//go:build unix

package picture

import (
	"context"
	"errors"
	"io/fs"
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
		case <-time.After(10 * time.Second):
			t.Fatal("it waits")
		}
	}
}
