package picture

import (
	"context"
	"errors"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	patience = 2 * time.Second // with a disk that does not answer
	visits   = 4               // files that are being read or left behind at a time
)

// Slow is the error for a file whose disk does not answer.
type Slow struct {
	back <-chan struct{} // closed when a file that was given up answered
}

func (Slow) Error() string { return "the disk does not answer" }

// disk reads files of disks that may not answer: a network mount that hangs holds
// up its own pictures, and others for a moment only. What is stuck in the system
// cannot be called back, so it is left behind, a few of them at most.
type disk struct {
	patience time.Duration
	stat     func(path string) (fs.FileInfo, error)
	open     func(path string) (Source, error)

	slots chan struct{}
	mu    sync.Mutex
	hung  map[string]int // visits that take too long, by folder
	given int            // all of them
	back  chan struct{}  // closed when one that was left behind is over
}

// Source is a file that is open.
type Source interface {
	io.ReaderAt
	io.Closer
}

func newDisk() *disk {
	return &disk{
		patience: patience, stat: os.Stat, open: openFile,
		slots: make(chan struct{}, visits), hung: map[string]int{}, back: make(chan struct{}),
	}
}

func openFile(path string) (Source, error) {
	st, err := os.Stat(path) // before it is opened: opening a named pipe waits for ever
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, errors.New("not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// visit is one file that is looked at. Whoever is last with it ends it: who asked
// for it, or what is stuck in the system.
type visit struct {
	disk *disk
	ctx  context.Context
	path string
	file Source
	at   int64
	err  error // why nothing more is read
	lost bool  // what is stuck ends it

	hung, ended bool // it takes too long; it is over: under the disk's lock
}

// visit begins one; end must follow, unless it fails. A folder in which a file is
// stuck is not asked for another one.
func (d *disk) visit(ctx context.Context, path string) (*visit, error) {
	d.mu.Lock()
	slow := Slow{d.back}
	stuck := d.hung[filepath.Dir(path)] > 0 || d.given >= visits
	d.mu.Unlock()
	if stuck {
		return nil, slow
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := time.NewTimer(d.patience)
	defer t.Stop()
	select {
	case d.slots <- struct{}{}:
		return &visit{disk: d, ctx: ctx, path: path}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.C:
		return nil, slow
	}
}

// do has the system do something, and waits for it no longer than anybody waits
// for the file.
func (v *visit) do(op func()) error {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		op()
		select {
		case done <- struct{}{}:
		case <-gone:
			v.over()
			v.disk.answered()
		}
	}()
	begun := time.Now()
	t := time.NewTimer(v.disk.patience)
	defer t.Stop()
	select {
	case <-done:
		return nil
	case <-v.ctx.Done():
		v.err = v.ctx.Err()
		time.AfterFunc(v.disk.patience-time.Since(begun), func() { v.disk.giveUp(v) }) // if it is not over by then
	case <-t.C:
		v.err = v.disk.giveUp(v)
	}
	v.lost = true
	close(gone)
	return v.err
}

func (d *disk) giveUp(v *visit) Slow {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !v.ended {
		v.hung = true
		d.hung[filepath.Dir(v.path)]++
		d.given++
	}
	return Slow{d.back}
}

// end closes the file: that may wait for a disk, too.
func (v *visit) end() {
	if v.lost {
		return
	}
	v.ctx = context.WithoutCancel(v.ctx)
	if v.file == nil || v.do(v.shut) == nil {
		v.over()
	}
}

func (v *visit) shut() {
	if v.file != nil {
		v.file.Close()
		v.file = nil
	}
}

// over is the very end.
func (v *visit) over() {
	v.shut()
	d := v.disk
	d.mu.Lock()
	v.ended = true
	if v.hung {
		dir := filepath.Dir(v.path)
		if d.hung[dir]--; d.hung[dir] == 0 {
			delete(d.hung, dir)
		}
		d.given--
	}
	d.mu.Unlock()
	<-d.slots
}

// answered tells those who wait for a file that was left behind.
func (d *disk) answered() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.back)
	d.back = make(chan struct{})
}

// load decodes the picture in a file.
func (d *disk) load(ctx context.Context, path string) (image.Image, error) {
	v, err := d.visit(ctx, path)
	if err != nil {
		return nil, err
	}
	defer v.end()
	if e := v.do(func() { v.file, err = d.open(path) }); e != nil {
		return nil, e
	}
	if err != nil {
		return nil, err
	}
	img, err := Decode(ctx, v)
	if v.err != nil {
		return nil, v.err
	}
	return img, err
}

// look says what is known of a file.
func (d *disk) look(ctx context.Context, path string) (fs.FileInfo, error) {
	v, err := d.visit(ctx, path)
	if err != nil {
		return nil, err
	}
	defer v.end()
	var st fs.FileInfo
	if e := v.do(func() { st, err = d.stat(path) }); e != nil {
		return nil, e
	}
	return st, err
}

// Read reads on, into a piece of its own: one that comes late is nobody's.
func (v *visit) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	var n int
	var err error
	at, piece := v.at, make([]byte, len(p))
	if e := v.do(func() { n, err = v.file.ReadAt(piece, at) }); e != nil {
		return 0, e
	}
	if copy(p, piece[:n]); n > 0 {
		v.at += int64(n)
		return n, nil // its end is told the next time
	}
	return 0, err
}

// Seek goes to a place counted from the beginning.
func (v *visit) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	v.at = offset
	return offset, nil
}
