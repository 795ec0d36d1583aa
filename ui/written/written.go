// Package written stands between the renderer and the terminal, and knows when
// something is there. The renderer writes at its own pace, and to a terminal at
// the other end of a slow link or on a busy machine it takes as long as it takes:
// what must come before something else is waited for, not given a time.
package written

import (
	"bytes"
	"os"
	"sync"
	"time"
)

// Terminal is what the renderer writes to: a terminal's file (term.File) with one
// way to write, so that no other goes past Write.
type Terminal struct {
	file   *os.File
	mu     sync.Mutex
	awaits []await
}

type await struct {
	text  []byte
	there chan struct{} // closed when it is written
}

// To writes to a terminal.
func To(terminal *os.File) *Terminal { return &Terminal{file: terminal} }

// Fd, Read and Close are the file's.
func (t *Terminal) Fd() uintptr                { return t.file.Fd() }
func (t *Terminal) Read(p []byte) (int, error) { return t.file.Read(p) }
func (t *Terminal) Close() error               { return t.file.Close() }

// Await is told of a text before the renderer is given it, which must write it
// in one piece. It returns what waits until the terminal has it, or the time is
// over. It may be called from any goroutine.
func (t *Terminal) Await(text string) func(most time.Duration) {
	a := await{[]byte(text), make(chan struct{})}
	t.mu.Lock()
	t.awaits = append(t.awaits, a)
	t.mu.Unlock()
	return func(most time.Duration) {
		over := time.NewTimer(most)
		defer over.Stop()
		select {
		case <-a.there:
		case <-over.C:
		}
	}
}

// Write writes, and then says so. What could not be written is not waited for
// any longer, either.
func (t *Terminal) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.awaits[:0]
	for _, a := range t.awaits {
		if bytes.Contains(p, a.text) {
			close(a.there)
		} else {
			kept = append(kept, a)
		}
	}
	clear(t.awaits[len(kept):])
	t.awaits = kept
	return n, err
}
