// Package answers stands between the terminal and the event loop, and sees to
// it that what the terminal says arrives in one piece: on a slow link an answer
// comes in pieces, and its rest would be typed into the prompt. What has begun as
// an answer, or as a report of the mouse or the focus, is held back until it is
// whole. Only its first bytes can be a key as well (Esc, alt+[): they are let go
// after a moment, and the rest is still known for what it is.
//
// What is asked of a terminal and what an answer means belongs to ui/picture and
// to Bubble Tea, which gets the bytes.
package answers

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Reader reads the keys of a terminal; the rest of the file is as it was. It may
// be read from several goroutines: Bubble Tea, back from a shell, does not wait
// for the one that it had before, which may still have the beginning of an answer.
type Reader struct {
	*os.File
	again  atomic.Bool // it was asked once more
	mu     sync.Mutex  // guards what follows
	filter filter
	read   func([]byte) (int, error)
	wait   func(time.Duration) bool // whether bytes are there before the time is over
	out    []byte
	piece  [most]byte
}

// New reads from a terminal that is asked something at once.
func New(terminal *os.File) *Reader {
	return &Reader{
		File: terminal, filter: filter{asked: time.Now()}, read: terminal.Read,
		wait: func(d time.Duration) bool { return readable(terminal, d) },
	}
}

// Asked says that the terminal is asked something again, the device attributes
// last. Until it answers, Esc is held back longer. It may be called from any
// goroutine.
func (r *Reader) Asked() { r.again.Store(true) }

// Read gives what is whole. It may give nothing and no error: then what came is
// the beginning of something.
func (r *Reader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.out) == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// fill reads once, and goes on while what is held back may be a key.
func (r *Reader) fill() error {
	r.out = r.out[:0]
	for {
		n, err := r.read(r.piece[:])
		if err != nil {
			return err
		}
		if r.again.Swap(false) {
			r.filter.asked = time.Now()
		}
		r.out = r.filter.feed(r.out, r.piece[:n], time.Now())
		for {
			d, waits := r.filter.waits(time.Now())
			if !waits || len(r.out) > most {
				return nil
			}
			if r.wait(d) {
				break
			}
			r.out = r.filter.expire(r.out)
		}
	}
}
