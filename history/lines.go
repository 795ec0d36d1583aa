package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// lines is a file of JSON lines that is only appended to. Appends that come
// while the disk is busy are written and fsynced together; each of their callers
// returns when its own lines are where it was promised.
type lines struct {
	path string

	mu      sync.Mutex
	written *sync.Cond
	f       *os.File
	size    int64  // of what is whole
	next    *batch // what the next write takes
	busy    bool   // a write is under way
	broken  bool   // bytes beyond size may be in the file
}

// batch is what goes to the disk at once.
type batch struct {
	data []byte
	sync bool
	done bool
	err  error
}

// openLines opens a file of lines for appending, and makes it if it is not
// there. A last line that a crash cut is set aside.
func openLines(path string) (*lines, error) {
	_, err := os.Stat(path)
	fresh := err != nil
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	size, err := setAside(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	if fresh {
		syncDir(filepath.Dir(path))
	}
	l := &lines{path: path, f: f, size: size}
	l.written = sync.NewCond(&l.mu)
	return l, nil
}

// setAside moves a cut last line to a file beside, and gives the size of what
// is whole. A last line that only lacks its end is given one.
func setAside(f *os.File) (int64, error) {
	st, err := f.Stat()
	if err != nil || st.Size() == 0 {
		return 0, err
	}
	tail, at, err := newBackward(f, st.Size()).next()
	if err != nil {
		return 0, err
	}
	if at+int64(len(tail)) < st.Size() {
		return st.Size(), nil // ends with a line break
	}
	if json.Valid(tail) {
		_, err := f.WriteAt([]byte("\n"), st.Size())
		return st.Size() + 1, err
	}
	if err := keepTorn(f.Name(), tail); err != nil {
		return 0, err
	}
	return at, f.Truncate(at)
}

// keepTorn puts the beginning of a line into a file beside.
func keepTorn(path string, tail []byte) error {
	f, err := os.OpenFile(path+tornSuffix, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(bytes.Clone(tail), '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// append writes data, which is whole lines: all of it or nothing. With sync it
// is on disk when append returns.
func (l *lines) append(data []byte, sync bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &batch{}
	}
	b := l.next
	b.data, b.sync = append(b.data, data...), b.sync || sync
	for l.busy && !b.done {
		l.written.Wait()
	}
	if b.done {
		return b.err
	}
	l.next, l.busy = nil, true
	l.mu.Unlock()
	err := l.write(b)
	l.mu.Lock()
	b.done, b.err, l.busy = true, err, false
	l.written.Broadcast()
	return err
}

// write puts a batch on disk. What fails is taken back, so that the file stays
// whole lines.
func (l *lines) write(b *batch) error {
	if l.f == nil {
		return os.ErrClosed
	}
	if l.broken {
		if err := l.f.Truncate(l.size); err != nil {
			return fmt.Errorf("taking back what was cut: %w", err)
		}
		l.broken = false
	}
	_, err := l.f.WriteAt(b.data, l.size)
	if err == nil && b.sync {
		err = l.f.Sync()
	}
	if err != nil {
		l.broken = l.f.Truncate(l.size) != nil
		return err
	}
	l.size += int64(len(b.data))
	return nil
}

func (l *lines) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.busy {
		l.written.Wait()
	}
	err := l.f.Close()
	l.f = nil
	return err
}

// line encodes a value as one line.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// backward reads the lines of a file from its end.
type backward struct {
	r    io.ReaderAt
	at   int64  // where buf begins in the file
	buf  []byte // what is read and not given yet
	all  []byte // the memory behind buf
	size int    // of the next piece, at least
}

const (
	firstPiece = 256 << 10 // what a start reads
	laterPiece = 1 << 20
)

func newBackward(r io.ReaderAt, end int64) *backward {
	return &backward{r: r, at: end, size: firstPiece}
}

// next gives the line before the one that it gave last, without its end, and
// where it begins. It is valid until the next call. The error is io.EOF before
// the first line.
func (b *backward) next() ([]byte, int64, error) {
	body := bytes.TrimSuffix(b.buf, []byte("\n"))
	i := bytes.LastIndexByte(body, '\n')
	for i < 0 && b.at > 0 {
		if err := b.more(); err != nil {
			return nil, 0, err
		}
		body = bytes.TrimSuffix(b.buf, []byte("\n"))
		i = bytes.LastIndexByte(body, '\n')
	}
	if len(b.buf) == 0 {
		return nil, 0, io.EOF
	}
	out := body[i+1:]
	b.buf = b.buf[:i+1]
	return out, b.at + int64(i+1), nil
}

// more reads the piece before buf. The memory is used again where it is enough.
func (b *backward) more() error {
	n := int(min(int64(max(b.size, len(b.buf))), b.at)) // a long line is read in pieces that grow
	if cap(b.all) < n+len(b.buf) {
		b.all = make([]byte, n+len(b.buf)+laterPiece/4)
	}
	b.all = b.all[:n+len(b.buf)]
	copy(b.all[n:], b.buf)
	if _, err := b.r.ReadAt(b.all[:n], b.at-int64(n)); err != nil {
		return err
	}
	b.at -= int64(n)
	b.buf = b.all
	b.size = laterPiece
	return nil
}
