package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// lines is a file of JSON lines that is only appended to, by this process and by
// others. What this process appends while the disk is busy is written and fsynced
// together, under a lock that keeps the others out; each caller returns when its
// own lines are where it was promised.
type lines struct {
	path  string
	guard string               // the file that is locked while lines are written
	told  func(lines [][]byte) // hears the lines of others, each once and in order; may be nil

	mu      sync.Mutex
	written *sync.Cond
	next    *batch // what the next write takes
	busy    bool   // a write is under way

	reading sync.Mutex // guards what follows: whoever writes or reads
	f       file       // nil when it is closed
	read    int64      // up to here all lines are known to this process
	refused
}

// file is what lines needs of a file.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
	Stat() (os.FileInfo, error)
}

// batch is what goes to the disk at once.
type batch struct {
	parts []*part
	sync  bool
	done  bool
}

// part is what one caller has to say. decide is called when the lines of others
// were told and nobody else can write, done when its own are written, and before
// anybody else can write: what it changes in memory is changed in the order of the
// file.
type part struct {
	decide func() ([]byte, error)
	done   func()
	err    error
}

// openLines opens a file of lines for appending, and makes it if it is not there.
// The guard must be held, or nobody else know of the file. It is taken as read.
func openLines(path, guard string, told func([][]byte)) (*lines, error) {
	l := &lines{path: path, guard: guard, told: told}
	l.written = sync.NewCond(&l.mu)
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *lines) open() error {
	_, err := os.Stat(l.path)
	fresh := err != nil
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if l.read, err = setAside(f, l.path); err != nil {
		f.Close()
		return err
	}
	if fresh {
		syncDir(filepath.Dir(l.path))
	}
	l.f = f
	return nil
}

// setAside moves a cut last line to a file beside, and gives the size of what
// is whole. A last line that only lacks its end is given one.
func setAside(f file, path string) (int64, error) {
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
	if err := keepTorn(path, tail); err != nil {
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
	return l.put(sync, func() ([]byte, error) { return data, nil }, nil)
}

// put writes what decide gives; see part.
func (l *lines) put(sync bool, decide func() ([]byte, error), done func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &batch{}
	}
	p := &part{decide: decide, done: done}
	b := l.next
	b.parts, b.sync = append(b.parts, p), b.sync || sync
	for l.busy && !b.done {
		l.written.Wait()
	}
	if b.done {
		return p.err
	}
	l.next, l.busy = nil, true
	l.mu.Unlock()
	if err := l.write(b); err != nil {
		for _, p := range b.parts {
			p.err = err
		}
	}
	l.mu.Lock()
	b.done, l.busy = true, false
	l.written.Broadcast()
	return p.err
}

// write puts a batch on disk. What fails is taken back, so that the file stays
// whole lines, and holds none that its caller was told is not written.
func (l *lines) write(b *batch) error {
	if err := l.settle(); err != nil {
		return err
	}
	release, err := hold(l.guard)
	if err != nil {
		return err
	}
	l.reading.Lock()
	defer l.reading.Unlock()
	l.release = release
	defer l.letGo()
	if err := l.meet(); err != nil {
		return err
	}
	var data []byte
	for _, p := range b.parts {
		var d []byte
		if d, p.err = p.decide(); p.err == nil {
			data = append(data, d...)
		}
	}
	if len(data) > 0 {
		_, err = l.f.WriteAt(data, l.read)
		if err == nil && b.sync {
			err = l.f.Sync()
		}
		if err != nil {
			l.bytes = data
			return err
		}
		l.read += int64(len(data))
	}
	for _, p := range b.parts {
		if p.err == nil && p.done != nil {
			p.done()
		}
	}
	return nil
}

// meet takes in what others wrote, and what they left unfinished when they ended;
// the guard is held.
func (l *lines) meet() error {
	if l.f == nil {
		return os.ErrClosed
	}
	if err := l.anew(); err != nil {
		return err
	}
	st, err := l.f.Stat()
	if err != nil {
		return err
	}
	switch {
	case st.Size() == l.read:
		return nil
	case st.Size() < l.read: // a person cut it: writers take back only what nobody read
		l.read = st.Size()
	}
	end, err := setAside(l.f, l.path)
	if err != nil {
		return err
	}
	return l.tell(end)
}

// anew opens the file again if another one has its name: it was rewritten, or a
// person moved it away. The new one is told from its beginning.
func (l *lines) anew() error {
	now, err := os.Stat(l.path)
	if mine, bad := l.f.Stat(); bad == nil && err == nil && os.SameFile(now, mine) {
		return nil
	}
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if st, err := l.f.Stat(); err == nil && st.Size() > l.read {
		err = l.tell(st.Size()) // what came to the old one last
		if err != nil {
			f.Close()
			return err
		}
	}
	l.f.Close()
	l.f, l.read = f, 0
	return nil
}

// look tells the lines that others wrote since, if the file changed and nobody is
// writing: what a writer is at may be taken back, when the disk is full.
func (l *lines) look() error {
	if l.settle() != nil {
		return nil // it keeps the others out: they have no news
	}
	if same, err := l.same(); same || err != nil {
		return err
	}
	release, ok, err := tryHold(l.guard)
	if err != nil || !ok {
		return err
	}
	defer release()
	l.reading.Lock()
	defer l.reading.Unlock()
	return l.meet()
}

// same says whether the file is as this process knows it.
func (l *lines) same() (bool, error) {
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.f == nil {
		return false, os.ErrClosed
	}
	now, err := os.Stat(l.path)
	if err != nil {
		return false, nil // it is made anew
	}
	mine, err := l.f.Stat()
	return err == nil && os.SameFile(now, mine) && now.Size() == l.read, err
}

// tell reads up to a place, and hands on the lines that are whole.
func (l *lines) tell(end int64) error {
	if l.told == nil {
		l.read = max(l.read, end)
		return nil
	}
	r := bufio.NewReader(io.NewSectionReader(l.f, l.read, end-l.read))
	var list [][]byte
	at := l.read
	for {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF { // a line that is being written is read when it is whole
			break
		}
		if err != nil {
			return err
		}
		at += int64(len(raw))
		list = append(list, raw)
	}
	l.read = at
	if len(list) > 0 {
		l.told(list)
	}
	return nil
}

func (l *lines) close() error {
	l.mu.Lock()
	for l.busy {
		l.written.Wait()
	}
	l.mu.Unlock()
	l.settled()
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.f == nil {
		return nil
	}
	err := errors.Join(l.giveUp(), l.f.Close())
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
