// Package written stands between the renderer and the terminal. The renderer
// writes frames at its own pace; what goes past them, pictures before all, is
// written beside it: as soon and as quickly as the terminal takes it, never in the
// middle of a frame, and whoever gave it knows when it is there.
package written

import (
	"errors"
	"os"
	"sync"
)

// Terminal is what the renderer writes to: a terminal's file (term.File) with one
// way to write, so that no other goes past Write.
type Terminal struct {
	file *os.File

	mu    sync.Mutex // held while something is written
	ended bool
}

// ErrEnded says that the terminal is not the renderer's any more.
var ErrEnded = errors.New("the terminal is somebody else's")

// To writes to a terminal.
func To(terminal *os.File) *Terminal { return &Terminal{file: terminal} }

// Fd, Read and Close are the file's.
func (t *Terminal) Fd() uintptr                { return t.file.Fd() }
func (t *Terminal) Read(p []byte) (int, error) { return t.file.Read(p) }
func (t *Terminal) Close() error               { return t.file.Close() }

// Write writes whole sequences, as the renderer does.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.file.Write(p)
}

// Past writes whole sequences between two frames, and returns when the terminal
// took them. It may be called from any goroutine.
func (t *Terminal) Past(text string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return ErrEnded
	}
	_, err := t.file.WriteString(text)
	return err
}

// End waits for what is being written; nothing is written past the frames after it.
func (t *Terminal) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
}
