package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// answersWhole is a driver whose pictures come inside the answer to the submit.
type answersWhole struct{ *via }

func (w answersWhole) Submit(_ context.Context, _ backend.Model, _ backend.Request, told func(backend.Snapshot) error) error {
	return told(backend.Snapshot{State: backend.Ready, Progress: -1, Images: []backend.Image{{Data: w.picture}}})
}

// filled is a library whose disk has no room for a while.
type filled struct {
	*Store
	full atomic.Bool
}

func (l *filled) Save(ctx context.Context, t task.Task, index int, write func(io.Writer) error) (task.File, error) {
	if l.full.Load() {
		return task.File{}, unsaved("x", os.ErrPermission)
	}
	return l.Store.Save(ctx, t, index, write)
}

// A picture that only its engine has is not lost because that is stopped for a
// while: nobody takes the task before it is gone.
func TestStoppedWithAPictureInMemory(t *testing.T) {
	for _, dies := range []bool{false, true} {
		t.Run(fmt.Sprint("dies ", dies), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			c := &counting{picture: pngOf(t, 16, 9)}
			synctest.Test(t, func(t *testing.T) {
				a := &desk{store: again(t, dir), via: &via{counting: c, submits: map[string]int{}, asked: map[string]int{}}}
				disk := &filled{Store: a.store}
				disk.full.Store(true)
				p := c.provider()
				p.Driver = answersWhole{a.via}
				a.store.halted = c.seemsStopped
				a.Engine = task.New(task.Config{Providers: []*backend.Provider{p}, Journal: a.store, Library: disk, Home: a.store.pictures})
				must(t, a.Start(t.Context()))
				b := open(t, dir, c, base)
				one := submit(t, a.Engine, "one")
				c.stop(a.store.Engine(), true)
				pass(20 * time.Second)
				if got, _ := b.Task(one.ID); got.Over() {
					t.Errorf("it is %s: %v", got.State, got.Error)
				}
				if dies {
					a.die(t)
					pass(20 * time.Second)
					b.is(t, one.ID, backend.Failed)
					b.close(t)
					return
				}
				c.stop(a.store.Engine(), false)
				disk.full.Store(false)
				pass(5 * time.Minute)
				a.is(t, one.ID, backend.Done)
				a.close(t)
				b.close(t)
			})
		})
	}
}

// What a person wants sent again is sent, however old it is and however long the
// key takes: they were asked already.
func TestAgainWhileTheKeyTakesItsTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		one := a.leaves(t, "one", 10*time.Millisecond)
		pass(15 * time.Minute)
		b := withKey(t, dir, c, keyed(200*time.Millisecond))
		must(t, b.Again(one.ID))
		pass(time.Minute)
		b.is(t, one.ID, backend.Done)
		b.close(t)
	})
}

// What is ready is fetched, and that needs no key.
func TestReadyIsFetchedWithoutAKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 5 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		for range 20_000 {
			pass(time.Millisecond)
			if got, _ := a.Task(one.ID); got.State == backend.Ready {
				break
			}
		}
		a.is(t, one.ID, backend.Ready)
		a.die(t)
		b := withKey(t, dir, c, &purse{})
		pass(time.Minute)
		b.is(t, one.ID, backend.Done)
		b.close(t)
	})
}

// Who fails with a picture that another engine is at as well takes nothing away
// from that one.
func TestSaveThatFailsBesideAnother(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	a, b := again(t, dir), again(t, dir)
	of := asTask("x")
	of.Taken, of.Out = true, t.TempDir()
	_, err := b.Save(t.Context(), of, 0, func(w io.Writer) error {
		if _, err := a.Save(t.Context(), of, 0, func(io.Writer) error { return io.ErrUnexpectedEOF }); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("it says %v", err)
		}
		_, err := io.Copy(w, bytes.NewReader(pngOf(t, 16, 9)))
		return err
	})
	must(t, err)
	if got := fmt.Sprint(names(t, of.Out)); got != fmt.Sprint([]string{stem(of, 0) + ".png"}) {
		t.Error(got)
	}
}
