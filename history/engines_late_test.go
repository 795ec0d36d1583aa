package history

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// An easel is suspended in the middle of a submit, another one takes the task, and
// the person there has it sent again. What the first submit failed of then says
// nothing about the second, which may be paid already.
func TestLateFailureOfAnEarlierSubmit(t *testing.T) {
	for name, late := range map[string]*backend.Error{
		"surely not sent": {Kind: backend.Unavailable, Op: backend.OpSubmit, Fate: backend.Unsent, Message: "connection refused"},
		"refused":         {Kind: backend.Invalid, Op: backend.OpSubmit, Fate: backend.Refused, Message: "no"},
		"nobody knows":    {Kind: backend.Timeout, Op: backend.OpSubmit, Message: "hung up"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
			synctest.Test(t, func(t *testing.T) {
				a, b := open(t, dir, c, base), open(t, dir, c, base)
				a.via.fails = func() error { time.Sleep(20 * time.Second); return late }
				b.via.fails = func() error {
					time.Sleep(30 * time.Second)
					return &backend.Error{Kind: backend.Timeout, Op: backend.OpSubmit}
				}
				one := submit(t, a.Engine, "one")
				pass(time.Second)
				gone, end := context.WithCancel(context.Background())
				end()
				must(t, a.Suspend(gone))
				pass(5 * time.Second)
				b.is(t, one.ID, backend.Unsure)
				must(t, a.Wake())
				must(t, b.Again(one.ID))
				pass(2 * time.Second)
				if b.via.submits["one"] != 1 {
					t.Fatalf("%d submits by the second", b.via.submits["one"])
				}
				pass(20 * time.Second) // the first submit ended, the second goes on
				b.is(t, one.ID, backend.Pending)
				a.is(t, one.ID, backend.Pending)
				pass(5 * time.Minute)
				b.is(t, one.ID, backend.Unsure) // the second was not answered either
				a.is(t, one.ID, backend.Unsure)
				if n := a.via.submits["one"] + b.via.submits["one"]; n != 2 {
					t.Errorf("sent %d times, twice wanted", n)
				}
				a.close(t)
				b.close(t)
			})
		})
	}
}

// stalled is the journal of a process that is stopped after its first lines, when it
// was about to write more. It does that first when it goes on.
type stalled struct {
	*Store
	lines atomic.Int32 // how many more are written before
	over  chan struct{}
	wrote chan struct{}
	once  sync.Once
}

func (s *stalled) Put(sync bool, decide func() []task.Event, done func()) error {
	if s.lines.Add(-1) < 0 {
		<-s.over
		defer s.once.Do(func() { close(s.wrote) })
	}
	return s.Store.Put(sync, decide, done)
}

func (s *stalled) Look() error {
	if s.lines.Load() <= 0 {
		<-s.wrote
	}
	return s.Store.Look()
}

// An easel is stopped before it sends a task. Another one writes the journal anew,
// takes the task and ends it, and a third writes the journal without it. The first one
// goes on: it does not send what is over, although it can read nowhere of it.
func TestStoppedBeforeItWasSent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 10 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := &desk{store: again(t, dir), via: &via{counting: c, submits: map[string]int{}, asked: map[string]int{}}}
		p := c.provider()
		p.Driver = a.via
		journal := &stalled{Store: a.store, over: make(chan struct{}), wrote: make(chan struct{})}
		journal.lines.Store(1000)
		a.Engine = task.New(task.Config{Providers: []*backend.Provider{p}, Journal: journal, Library: a.store})
		must(t, a.Start(context.Background()))
		submit(t, a.Engine, "what the second one leaves out")
		pass(time.Minute)
		journal.lines.Store(1) // created is written, sending is not
		one := submit(t, a.Engine, "one")
		c.stop(a.store.Engine(), true)
		b := open(t, dir, c, base)
		pass(time.Minute)
		b.is(t, one.ID, backend.Done)
		b.close(t)
		third := open(t, dir, c, base)
		if strings.Contains(read(t, dir, journalName), one.ID) {
			t.Fatal("the journal was not written anew")
		}
		c.stop(a.store.Engine(), false)
		close(journal.over)
		pass(time.Minute)
		a.is(t, one.ID, backend.Done)
		if a.via.submits["one"] != 0 || b.via.submits["one"] != 1 {
			t.Errorf("sent %v and %v", a.via.submits, b.via.submits)
		}
		third.close(t)
		a.close(t)
	})
}

// What the first submit failed of counts while nobody sent it anew: who has the
// task learns that it was refused.
func TestLateRefusalCounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		a.via.fails = func() error {
			time.Sleep(20 * time.Second)
			return &backend.Error{Kind: backend.Moderated, Op: backend.OpSubmit, Fate: backend.Refused, Message: "no"}
		}
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		gone, end := context.WithCancel(context.Background())
		end()
		must(t, a.Suspend(gone))
		pass(5 * time.Second)
		b.is(t, one.ID, backend.Unsure)
		must(t, a.Wake())
		pass(time.Minute)
		b.is(t, one.ID, backend.Failed)
		a.is(t, one.ID, backend.Failed)
		if r, err := a.store.Recent(10); err != nil || len(r) != 1 {
			t.Errorf("%d records, %v", len(r), err)
		}
		a.close(t)
		b.close(t)
	})
}

// Lines that a writer takes back, because the disk is full, nobody else has heard,
// and what is written in their place is heard whole.
func TestLinesThatAreTakenBack(t *testing.T) {
	a, dir := fresh(t)
	b := again(t, dir)
	replay(t, b)
	var heard []string
	b.Attend(func(list []task.Event, _ bool) {
		for _, e := range list {
			heard = append(heard, e.ID+" "+string(e.Kind))
		}
	})
	must(t, a.Append(true, created("one")))
	must(t, b.Look())
	release, err := hold(a.guard(journalName)) // somebody writes, as far as the disk has room
	must(t, err)
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_APPEND, 0)
	must(t, err)
	st, err := f.Stat()
	must(t, err)
	ghost, err := line(created("ghost"))
	must(t, err)
	_, err = io.WriteString(f, string(ghost)+`{"v":1,"id":"gho`)
	must(t, err)
	must(t, b.Look())
	must(t, f.Truncate(st.Size()))
	must(t, f.Close())
	release()
	must(t, a.Append(true, created("two"), event("two", task.Sending), event("two", task.Filed)))
	must(t, b.Look())
	if len(heard) != 4 || heard[0] != "one created" || heard[1] != "two created" || heard[3] != "two filed" {
		t.Errorf("heard %v", heard)
	}
}
