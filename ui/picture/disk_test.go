package picture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// mount is a disk where files in a folder named "nas" are stuck until they are
// let go: when they are opened, or when they are read.
type mount struct {
	data   []byte
	reads  bool // they can be opened
	letGo  chan struct{}
	opened atomic.Int32 // how many were, or are stuck
	closed atomic.Int32
	stuck  atomic.Int32
	most   atomic.Int32 // at a time
}

func (m *mount) block() {
	m.most.Store(max(m.most.Load(), m.stuck.Add(1)))
	<-m.letGo
	m.stuck.Add(-1)
}

func (m *mount) open(path string) (Source, error) {
	nas := strings.Contains(path, "nas")
	if m.opened.Add(1); nas && !m.reads {
		m.block()
	}
	return &mounted{bytes.NewReader(m.data), m, nas && m.reads, 0}, nil
}

type mounted struct {
	io.ReaderAt
	m     *mount
	stuck bool
	n     int
}

func (f *mounted) ReadAt(p []byte, at int64) (int, error) {
	if f.n++; f.stuck && f.n > 1 { // its head was read
		f.m.block()
	}
	return f.ReaderAt.ReadAt(p, at)
}

func (f *mounted) Close() error { f.m.closed.Add(1); return nil }

func mounts(t *testing.T, reads bool) (*mount, *disk) {
	m := &mount{data: encodePNG(t, painted(400, 300)), reads: reads, letGo: make(chan struct{})}
	d := newDisk()
	d.open = m.open
	return m, d
}

// One file whose disk hangs costs the others a moment, all files of its folder
// no more; a few of them are left behind at most; and when the disk is back, they
// are shown.
func TestADiskThatHangsHoldsUpItsOwnFiles(t *testing.T) {
	for _, reads := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m, d := mounts(t, reads)
			ctx, began := context.Background(), time.Now()
			for i := range 10 {
				_, err := d.load(ctx, filepath.Join("/nas", string(rune('a'+i))))
				if !errors.As(err, &Slow{}) {
					t.Fatal("the reason is", err)
				}
				if _, err := d.load(ctx, "/home/a.png"); err != nil {
					t.Fatal("another one:", err)
				}
			}
			if took := time.Since(began); took != patience {
				t.Error("all of them took", took)
			}
			// More folders, and in the end nothing is tried any more.
			for i := range 10 {
				if _, err := d.load(ctx, filepath.Join("/nas", string(rune('a'+i)), "x.png")); !errors.As(err, &Slow{}) {
					t.Fatal("the reason is", err)
				}
			}
			_, err := d.load(ctx, "/home/a.png")
			var slow Slow
			if !errors.As(err, &slow) || m.most.Load() != visits || time.Since(began) != visits*patience {
				t.Errorf("%v; %d are stuck, after %v", err, m.most.Load(), time.Since(began))
			}
			close(m.letGo)
			<-slow.back
			synctest.Wait()
			for _, path := range []string{"/nas/a", "/nas/b/x.png", "/home/a.png"} {
				if _, err := d.load(ctx, path); err != nil {
					t.Error(path, err)
				}
			}
			if m.opened.Load() != m.closed.Load() || len(d.slots) > 0 || d.given > 0 || len(d.hung) > 0 {
				t.Errorf("%d were opened, %d closed, %d are still there: %v", m.opened.Load(), m.closed.Load(), len(d.slots), d.hung)
			}
		})
	}
}

// A file that nobody waits for any more lets the next one go on at once, and is
// known to be stuck when it is still there after a while.
func TestAFileThatIsGivenUpLetsOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := mounts(t, true)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		if _, err := d.load(ctx, "/nas/a.png"); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Fatal(err, time.Since(began))
		}
		if _, err := d.load(context.Background(), "/home/a.png"); err != nil || time.Since(began) != time.Second {
			t.Error("another one:", err, time.Since(began))
		}
		time.Sleep(patience)
		synctest.Wait()
		if _, err := d.load(context.Background(), "/nas/b.png"); !errors.As(err, &Slow{}) || time.Since(began) != time.Second+patience {
			t.Error("it is asked again:", err, time.Since(began))
		}
		close(m.letGo)
		synctest.Wait()
		if len(d.slots) > 0 || d.given > 0 {
			t.Error("it is still there")
		}
	})
}

// A file that is stuck when it is closed is a picture all the same, a little later.
func TestAFileThatDoesNotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := mounts(t, false)
		d.open = func(path string) (Source, error) { return clings{bytes.NewReader(m.data), m}, nil }
		began := time.Now()
		if _, err := d.load(context.Background(), "/nas/a.png"); err != nil || time.Since(began) != patience {
			t.Error(err, time.Since(began))
		}
		if _, err := d.load(context.Background(), "/nas/b.png"); !errors.As(err, &Slow{}) {
			t.Error("the next one:", err)
		}
		close(m.letGo)
		synctest.Wait()
		if len(d.slots) > 0 || d.given > 0 {
			t.Error("it is still there")
		}
	})
}

type clings struct {
	io.ReaderAt
	m *mount
}

func (c clings) Close() error { c.m.block(); return nil }

// The shelf goes on to the next picture, does not keep what says nothing of the
// file, and the book tries it again when the disk is back.
func TestThePictureComesWhenTheDiskIsBack(t *testing.T) {
	dir := t.TempDir()
	list := []Want{
		{Path: pictureFile(t, dir, "nas.png", 40, 30), Cols: 10, Rows: 5, Thumb: true},
		{Path: pictureFile(t, t.TempDir(), "b.png", 40, 30), Cols: 10, Rows: 5, Thumb: true},
	}
	synctest.Test(t, func(t *testing.T) {
		m, _ := mounts(t, true)
		s := NewShelf("", 1<<20)
		s.OpenWith(m.open)
		b := NewBook(terminal(Blocks), 1<<20, s)
		made, _ := all(t, b, list, nil)
		first, _ := b.Find(list[0])
		second, ok := b.Find(list[1])
		if len(made) != 2 || !errors.As(first.Err, &Slow{}) || !ok || second.Err != nil {
			t.Fatalf("made %v, %v, %v", made, first.Err, second.Err)
		}
		wait := b.Await()
		if wait == nil || b.Await() != nil {
			t.Fatal("it is not waited for once")
		}
		done := make(chan struct{})
		go func() { wait(); close(done) }()
		synctest.Wait()
		select {
		case <-done:
			t.Error("the disk is not back")
		default:
		}
		close(m.letGo)
		<-done
		b.Answered()
		if made, _ = all(t, b, list, nil); len(made) != 1 || made[0] != list[0] {
			t.Errorf("made %v", made)
		}
		if first, ok = b.Find(list[0]); !ok || first.Err != nil {
			t.Error(first.Err)
		}
	})
}
