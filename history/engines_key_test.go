package history

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// purse is where an easel's key is looked for.
type purse struct {
	takes time.Duration // as a key_command does
	there atomic.Bool
	looks atomic.Int32
}

func (p *purse) access(ctx context.Context) error {
	p.looks.Add(1)
	select {
	case <-time.After(p.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	if p.there.Load() {
		return nil
	}
	return &backend.Error{Kind: backend.Unauthorized, Fate: backend.Unsent, Message: "no key: set P_KEY"}
}

// withKey opens an easel that looks for its key in a purse.
func withKey(t testing.TB, dir string, c *counting, p *purse) *desk {
	t.Helper()
	return openWith(t, dir, c, func(q *backend.Provider) { q.Access = p.access })
}

func keyed(takes time.Duration) *purse {
	p := &purse{takes: takes}
	p.there.Store(true)
	return p
}

// has says whose a task is, as an easel knows it.
func (d *desk) has(t testing.TB, id string, owner *desk) {
	t.Helper()
	if got, err := d.Task(id); err != nil || got.Engine != owner.store.Engine() {
		t.Errorf("%s belongs to %s, %v", id, got.Engine, err)
	}
}

// shows checks that a task is shown as held, for a reason.
func (d *desk) shows(t testing.TB, id, reason string) {
	t.Helper()
	got, err := d.Task(id)
	if err != nil || !got.Held || got.Trouble == nil || !strings.Contains(got.Trouble.Message, reason) {
		t.Errorf("held %v, %v, %v; want it held for %q", got.Held, got.Trouble, err, reason)
	}
}

// takers counts the easels that took a task, by the journal.
func takers(t testing.TB, dir string) map[string]int {
	t.Helper()
	out := map[string]int{}
	must(t, reader(t, dir).Replay(func(e task.Event) {
		if e.Kind == task.Taken {
			out[e.Engine]++
		}
	}))
	return out
}

// An easel without a key never takes what another one left, whichever is first: it
// says why. One with a key takes it within 5 s.
func TestKeylessTakesNothing(t *testing.T) {
	for name, late := range map[string]bool{"the keyed one is there": false, "the keyed one comes later": true} {
		for _, before := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", the keyless one was there before: ", before), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "data")
				c := &counting{picture: pngOf(t, 16, 9), takes: 2 * time.Minute}
				synctest.Test(t, func(t *testing.T) { keylessTakesNothing(t, dir, c, late, before) })
			})
		}
	}
}

func keylessTakesNothing(t *testing.T, dir string, c *counting, late, before bool) {
	var keyless, rich *desk
	a := open(t, dir, c, base)
	if before {
		keyless = withKey(t, dir, c, &purse{})
	}
	if !late {
		rich = withKey(t, dir, c, keyed(0))
	}
	one := submit(t, a.Engine, "one")
	pass(10 * time.Second)
	two := submit(t, a.Engine, "two")
	pass(10 * time.Millisecond) // it is being sent
	a.die(t)
	if !before {
		keyless = withKey(t, dir, c, &purse{})
	}
	pass(5 * time.Second)
	if late {
		for _, id := range []string{one.ID, two.ID} {
			keyless.shows(t, id, "P_KEY")
			keyless.has(t, id, a)
		}
		keyless.is(t, one.ID, backend.Running)
		keyless.is(t, two.ID, backend.Unsure)
		pass(time.Minute)
		rich = withKey(t, dir, c, keyed(0))
		pass(5 * time.Second)
	}
	for _, id := range []string{one.ID, two.ID} {
		rich.has(t, id, rich)
		keyless.has(t, id, rich)
	}
	if got, _ := keyless.Task(one.ID); got.Held {
		t.Errorf("it is carried on, and shown as held: %v", got.Trouble)
	}
	pass(2 * time.Minute)
	for _, d := range []*desk{keyless, rich} {
		d.is(t, one.ID, backend.Done)
		d.is(t, two.ID, backend.Unsure)
	}
	if got := takers(t, dir); len(got) != 1 || got[rich.store.Engine()] != 2 {
		t.Errorf("taken by %v", got)
	}
	if keyless.via.polls() != 0 || len(keyless.via.submits)+len(rich.via.submits) != 0 {
		t.Errorf("the keyless one asked %d times; sent again %v %v", keyless.via.polls(), keyless.via.submits, rich.via.submits)
	}
	keyless.close(t)
	rich.close(t)
}

// A command that gives the key only after a while holds nothing up, and runs once.
func TestKeyThatTakesTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		one := a.leaves(t, "one", 10*time.Second)
		slow := keyed(3 * time.Second)
		begun := time.Now()
		b := withKey(t, dir, c, slow)
		if took := time.Since(begun); took > 100*time.Millisecond {
			t.Errorf("the start takes %v", took)
		}
		pass(2 * time.Second)
		b.has(t, one.ID, a)
		if got, _ := b.Task(one.ID); got.Held {
			t.Errorf("held for %v, and its key is being looked for", got.Trouble)
		}
		pass(3 * time.Second)
		b.has(t, one.ID, b)
		pass(time.Minute)
		b.is(t, one.ID, backend.Done)
		if n := slow.looks.Load(); n != 1 || b.Away() != 0 {
			t.Errorf("looked for %d times, %d finished while away", n, b.Away())
		}
		// What was over before this one came is counted, although the key came later.
		two := b.leaves(t, "two", time.Second)
		pass(time.Minute)
		last := withKey(t, dir, c, slow)
		pass(10 * time.Second)
		last.is(t, two.ID, backend.Done)
		if last.Away() != 1 {
			t.Errorf("%d finished while away", last.Away())
		}
		last.close(t)
	})
}

// A key that comes later is found, without asking for it all the time.
func TestKeyThatComesLater(t *testing.T) {
	for _, asked := range []bool{false, true} {
		t.Run(fmt.Sprint("a person asks: ", asked), func(t *testing.T) { keyComesLater(t, asked) })
	}
}

func keyComesLater(t *testing.T, asked bool) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		p := &purse{}
		b := withKey(t, dir, c, p)
		pass(time.Hour)
		if p.looks.Load() != 0 {
			t.Error("a key was looked for that nobody needs")
		}
		one := a.leaves(t, "one", time.Second)
		pass(time.Hour)
		b.shows(t, one.ID, "P_KEY")
		if n := p.looks.Load(); n < 10 || n > 20 {
			t.Errorf("looked for %d times in an hour", n)
		}
		p.there.Store(true)
		if asked {
			must(t, b.Look(one.ID))
			pass(5 * time.Second)
		} else {
			pass(6 * time.Minute)
		}
		b.is(t, one.ID, backend.Done)
		b.close(t)
	})
}

// A key that the provider refuses is noticed with what was taken: that is held, and
// said everywhere. It is not lost, and no more is taken; when that easel ends, one
// with a right key goes on with it.
func TestWrongKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, wrong := open(t, dir, c, base), withKey(t, dir, c, keyed(0))
		wrong.via.locked = true
		one := a.leaves(t, "one", time.Second)
		pass(5 * time.Second)
		wrong.has(t, one.ID, wrong)
		wrong.shows(t, one.ID, "bad key")
		right := withKey(t, dir, c, keyed(0))
		pass(time.Minute)
		right.has(t, one.ID, wrong)
		right.shows(t, one.ID, "bad key")
		two := right.leaves(t, "two", time.Second)
		pass(time.Minute)
		wrong.has(t, two.ID, right)
		wrong.shows(t, two.ID, "bad key")
		asked := wrong.via.polls()
		last := withKey(t, dir, c, keyed(0))
		pass(5 * time.Second)
		last.has(t, two.ID, last)
		wrong.close(t)
		pass(5 * time.Second)
		last.has(t, one.ID, last)
		last.is(t, one.ID, backend.Done)
		if wrong.via.polls() != asked || asked != 1 {
			t.Errorf("asked %d times with a wrong key", wrong.via.polls())
		}
		last.close(t)
	})
}

// A person who mends the key at the provider has the rest taken by looking again.
func TestWrongKeyThatIsMended(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), withKey(t, dir, c, keyed(0))
		b.via.locked = true
		one := a.leaves(t, "one", time.Second)
		pass(5 * time.Second)
		d := open(t, dir, c, base)
		two := d.leaves(t, "two", time.Second)
		pass(5 * time.Second)
		b.shows(t, two.ID, "bad key")
		b.via.mu.Lock()
		b.via.locked = false
		b.via.mu.Unlock()
		must(t, b.Look(two.ID)) // not its own yet
		pass(5 * time.Second)
		b.has(t, two.ID, b)
		must(t, b.Look(one.ID))
		pass(2 * time.Minute)
		b.is(t, one.ID, backend.Done)
		b.is(t, two.ID, backend.Done)
		b.close(t)
	})
}

// What a person decides at an easel without a key counts: what ends a task is done
// there, all else by one that has a key.
func TestDecidedWithoutKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a, keyless := open(t, dir, c, base), withKey(t, dir, c, &purse{})
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		two := submit(t, a.Engine, "two")
		pass(10 * time.Millisecond) // it is being sent
		a.die(t)
		pass(5 * time.Second)
		must(t, keyless.Stop(one.ID))
		must(t, keyless.Again(two.ID))
		pass(time.Minute)
		keyless.is(t, one.ID, backend.Canceled)
		if n := strings.Count(read(t, dir, historyName), `"canceled"`); n != 1 {
			t.Errorf("%d records of what was given up", n)
		}
		keyless.is(t, two.ID, backend.Pending)
		keyless.shows(t, two.ID, "P_KEY")
		if len(keyless.via.submits) != 0 {
			t.Error("sent without a key")
		}
		rich := withKey(t, dir, c, keyed(0))
		pass(time.Minute)
		keyless.is(t, two.ID, backend.Done)
		if rich.via.submits["two"] != 1 {
			t.Errorf("sent %v", rich.via.submits)
		}
		rich.close(t)
		keyless.close(t)
	})
}

// The reason that is shown is that of this easel, not that of one that has ended.
func TestHeldForTheReasonHere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, keyless := withKey(t, dir, c, keyed(0)), withKey(t, dir, c, &purse{})
		a.via.locked = true
		one := submit(t, a.Engine, "one")
		pass(10 * time.Second)
		keyless.shows(t, one.ID, "bad key")
		a.die(t)
		pass(5 * time.Second)
		keyless.shows(t, one.ID, "P_KEY")
		keyless.close(t)
	})
}
