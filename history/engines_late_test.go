package history

import (
	"context"
	"io"
	"os"
	"path/filepath"
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
