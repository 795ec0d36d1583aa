package history

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// How a task stands is seen at every easel within a second: that
// it waits for a person, so that nobody waits for it. Another easel that takes it
// up, with a key of its own, begins without that.
func TestSeenElsewhere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(15 * time.Second)
		a.is(t, one.ID, backend.Running)
		a.via.mu.Lock()
		a.via.locked = true
		a.via.mu.Unlock()
		pass(time.Minute)
		for _, d := range []*desk{a, b} {
			if x, err := d.Task(one.ID); err != nil || !x.Held || !x.Idle() || x.Trouble == nil {
				t.Errorf("%v: held %v, idle %v, %v", err, x.Held, x.Idle(), x.Trouble)
			}
		}
		a.die(t)
		pass(10 * time.Second)
		b.is(t, one.ID, backend.Done)
		b.close(t)
	})
}

// A task of a dead easel that was to be sent long ago is not sent before the
// person at the one that takes it was asked.
func TestOldTaskIsTakenAndAskedAbout(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		w := again(t, dir)
		var ids []string
		var old []task.Event
		for _, id := range []string{"0000000000a-aaaaaa", "0000000000b-bbbbbb", "0000000000c-cccccc"} {
			e := created(id)
			e.At, e.BaseURL, e.Engine = time.Now().Add(-time.Hour), base, w.Engine()
			ids, old = append(ids, id), append(old, e)
		}
		must(t, w.Append(true, old...))
		pass(2 * time.Second)
		must(t, w.Close())
		pass(time.Minute)
		for _, id := range ids {
			if x, err := a.Task(id); err != nil || !x.Asking || x.Engine != a.store.Engine() {
				t.Errorf("%v: asking %v, of %s", err, x.Asking, x.Engine)
			}
		}
		if c.submits != 0 {
			t.Errorf("%d were sent", c.submits)
		}
		must(t, a.Again(ids[0]))
		pass(5 * time.Minute)
		a.is(t, ids[0], backend.Done)
		a.close(t)
	})
}
