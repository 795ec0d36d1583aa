package history

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// A start rewrites the journal, also beside others: they read on in the new one,
// and what is in flight goes on as if nothing had been.
func TestRewrittenUnderFollowers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		submit(t, a.Engine, "over")
		pass(time.Minute)
		var mine []string
		for i := range 5 {
			mine = append(mine, submit(t, a.Engine, fmt.Sprint("a", i)).ID, submit(t, b.Engine, fmt.Sprint("b", i)).ID)
			pass(time.Second)
			before := read(t, dir, journalName)
			one := open(t, dir, c, base)
			first, _, _ := strings.Cut(before, "\n")
			if i == 0 && strings.HasPrefix(read(t, dir, journalName), first) {
				t.Error("the journal was not rewritten")
			}
			submit(t, one.Engine, fmt.Sprint("c", i))
			pass(30 * time.Second)
			one.close(t)
		}
		pass(time.Minute)
		for _, id := range mine {
			a.is(t, id, backend.Done)
			b.is(t, id, backend.Done)
		}
		for _, d := range []*desk{a, b} {
			if len(d.Tasks()) != 16 {
				t.Errorf("%d tasks are seen, 16 made", len(d.Tasks()))
			}
			d.close(t)
		}
		if c.submits != 16 || strings.Count(read(t, dir, historyName), "\n") != 16 {
			t.Errorf("%d submits, history:\n%s", c.submits, read(t, dir, historyName))
		}
	})
}

// One that was away for several generations of the journal learns of what ended
// meanwhile, from the history where the journal does not have it any more.
func TestMissedGenerations(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		submit(t, a.Engine, "zero")
		pass(time.Minute)
		one := submit(t, a.Engine, "one")
		pass(2 * time.Second)
		must(t, a.Suspend(context.Background()))
		asked := a.via.polls()
		b := open(t, dir, c, base) // takes it
		submit(t, b.Engine, "two")
		pass(time.Second)
		open(t, dir, c, base).close(t)
		pass(time.Minute) // it ends, in a file that the first one never saw
		three := submit(t, b.Engine, "three")
		pass(2 * time.Second)
		for range 2 {
			open(t, dir, c, base).close(t)
		}
		must(t, a.Wake())
		pass(5 * time.Second)
		a.is(t, one.ID, backend.Done)
		if got, _ := a.Task(one.ID); len(got.Files) != 1 || got.Files[0].Path == "" {
			t.Errorf("its picture is not known: %+v", got.Files)
		}
		a.is(t, three.ID, backend.Running)
		pass(time.Minute)
		a.is(t, three.ID, backend.Done)
		if a.via.polls() != asked || c.submits != 4 {
			t.Errorf("it asked %d times, then %d; %d submits", asked, a.via.polls(), c.submits)
		}
		a.close(t)
		b.close(t)
		if n := strings.Count(read(t, dir, historyName), "\n"); n != 4 {
			t.Errorf("%d records", n)
		}
	})
}

// What only the running engine knows survives a new journal: a task that waits for
// a person's yes is not sent because somebody else began.
func TestAskingOutlivesARewriting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		s := again(t, dir)
		old := created("0000000000a-aaaaaa")
		old.At, old.BaseURL = time.Now().Add(-time.Hour), base
		must(t, s.Append(true, old))
		must(t, s.Append(true, over("gone", time.Now().Add(-48*time.Hour))...))
		must(t, s.Close())
		write := func() { // something to leave out, so that the next start rewrites
			s := again(t, dir)
			must(t, s.Append(true, over(task.NewID(time.Now()), time.Now().Add(-48*time.Hour))...))
			must(t, s.Close())
		}
		a := open(t, dir, c, base)
		pass(time.Second)
		if x, err := a.Task(old.ID); err != nil || !x.Asking {
			t.Fatalf("%v, %+v", err, x)
		}
		write()
		b := open(t, dir, c, base)
		pass(10 * time.Second)
		if x, err := a.Task(old.ID); err != nil || !x.Asking || c.submits != 0 {
			t.Errorf("%v, asking %v, %d submits", err, x.Asking, c.submits)
		}
		b.close(t)
		a.close(t)
	})
}
