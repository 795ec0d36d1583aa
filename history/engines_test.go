package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// desk is an easel in one process of several: its engine, its store, and its own
// way to the provider, which counts.
type desk struct {
	*task.Engine
	store *Store
	via   *via
	dead  bool
}

// via is one easel's connection to a provider that all share.
type via struct {
	*counting
	mu       sync.Mutex
	submits  map[string]int // by prompt
	asked    map[string]int // by ticket
	canceled int
	cut      bool         // of a process that does not live any more
	fails    func() error // if set, what a submit ends with, and does nothing
	locked   bool         // its key is not taken any more
}

func (v *via) Submit(ctx context.Context, m backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	v.mu.Lock()
	v.submits[r.Prompt]++
	fails := v.fails
	v.mu.Unlock()
	if fails != nil {
		return fails()
	}
	return v.counting.Submit(ctx, m, r, told)
}

func (v *via) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	v.mu.Lock()
	cut, locked := v.cut, v.locked
	for _, j := range jobs {
		v.asked[j.Ticket]++
	}
	v.mu.Unlock()
	if cut {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if locked {
		return nil, &backend.Error{Kind: backend.Unauthorized, Op: backend.OpPoll, HTTP: 401, Message: "bad key"}
	}
	return v.counting.Poll(ctx, jobs...)
}

func (v *via) Cancel(context.Context, backend.Job) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.canceled++
	return nil
}

func (v *via) polls() (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range v.asked {
		n += one
	}
	return n
}

func open(t testing.TB, dir string, c *counting, base string) *desk {
	t.Helper()
	return openWith(t, dir, c, func(p *backend.Provider) { p.BaseURL = base })
}

// openWith is open where something more is to be known of the provider.
func openWith(t testing.TB, dir string, c *counting, setUp func(*backend.Provider)) *desk {
	t.Helper()
	d := &desk{store: again(t, dir), via: &via{counting: c, submits: map[string]int{}, asked: map[string]int{}}}
	p := c.provider()
	p.Driver = d.via
	d.store.halted = c.seemsStopped
	setUp(p)
	d.Engine = task.New(task.Config{Providers: []*backend.Provider{p}, Journal: d.store, Library: d.store, Home: d.store.pictures})
	must(t, d.Start(context.Background()))
	return d
}

func (d *desk) close(t testing.TB) {
	t.Helper()
	if !d.dead {
		engineClosed(t, d.Engine)
	}
	d.dead = true
	must(t, d.store.Close())
}

// leaves submits a task, and dies after a while.
func (d *desk) leaves(t testing.TB, prompt string, after time.Duration) task.Task {
	t.Helper()
	one := submit(t, d.Engine, prompt)
	pass(after)
	d.die(t)
	return one
}

// die is the end of a process that is killed: nothing of it comes to the disk any
// more, and its lock is free.
func (d *desk) die(t testing.TB) {
	t.Helper()
	d.dead = true
	d.via.mu.Lock()
	d.via.cut = true
	d.via.mu.Unlock()
	for _, l := range []*lines{d.store.journal, d.store.past} {
		if l != nil {
			must(t, l.close())
		}
	}
	must(t, d.store.seat.lock.Unlock()) // the kernel does that
	gone, end := context.WithCancel(context.Background())
	end()
	d.Engine.Close(gone) // its goroutines; what it says of the disk is of no matter
}

func (d *desk) is(t testing.TB, id string, want backend.State) {
	t.Helper()
	got, err := d.Task(id)
	if err != nil || got.State != want {
		t.Errorf("%s is %s (%v, %v), want %s", id, got.State, got.Error, err, want)
	}
}

const base = "https://p.example"

// pass lets so much time go by.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Each carries out what it was asked, both see all, and one record is written.
func TestTwoEngines(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		one, two := submit(t, a.Engine, "one"), submit(t, b.Engine, "two")
		heard := b.Follow()
		pass(time.Second)
		b.is(t, one.ID, backend.Queued)
		a.is(t, two.ID, backend.Queued)
		pass(3 * time.Second)
		b.is(t, one.ID, backend.Running)
		if list, err := heard.Next(context.Background()); err != nil || len(list) == 0 {
			t.Errorf("%v, %v", list, err)
		}
		pass(time.Minute)
		for _, d := range []*desk{a, b} {
			d.is(t, one.ID, backend.Done)
			d.is(t, two.ID, backend.Done)
			if len(d.via.submits) != 1 || len(d.via.asked) != 1 {
				t.Errorf("submits %v, asked %v", d.via.submits, d.via.asked)
			}
			d.close(t)
		}
		if n := strings.Count(read(t, dir, historyName), "\n"); n != 2 {
			t.Errorf("%d records", n)
		}
		last := open(t, dir, c, base) // alone: it rewrites the journal
		last.close(t)
		if journal := read(t, dir, journalName); strings.Count(journal, "\n") != 1 {
			t.Errorf("%s", journal)
		}
	})
}

// What a dead engine left is taken within 5 s, by one that has the provider at
// the same address; what was being sent is unsure, and nothing is sent again.
func TestTakenOver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b, elsewhere := open(t, dir, c, base), open(t, dir, c, base), open(t, dir, c, "https://q.example")
		one := submit(t, a.Engine, "one")
		pass(10 * time.Second)
		if b.via.polls() != 0 {
			t.Fatal("a task of one that lives was asked about")
		}
		two := submit(t, a.Engine, "two")
		pass(10 * time.Millisecond) // it is being sent
		a.die(t)
		pass(5 * time.Second)
		for _, task := range []task.Task{one, two} {
			if got, _ := b.Task(task.ID); got.Engine != b.store.Engine() {
				t.Errorf("%s belongs to %s", task.Request.Prompt, got.Engine)
			}
		}
		b.is(t, one.ID, backend.Running)
		b.is(t, two.ID, backend.Unsure)
		pass(2 * time.Minute)
		b.is(t, one.ID, backend.Done)
		elsewhere.is(t, one.ID, backend.Done)
		if len(b.via.submits) != 0 || elsewhere.via.polls() != 0 {
			t.Errorf("sent %v, asked elsewhere %d", b.via.submits, elsewhere.via.polls())
		}
		b.close(t)
		elsewhere.close(t)
	})
}

// What no easel can ask about says why, and goes on when one comes that can.
func TestNobodyCanTake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, "https://q.example")
		one := a.leaves(t, "one", time.Second)
		pass(5 * time.Second)
		if got, _ := b.Task(one.ID); !got.Held || got.Trouble == nil || got.Engine == b.store.Engine() {
			t.Errorf("%+v", got)
		}
		again := open(t, dir, c, base)
		pass(2 * time.Minute)
		again.is(t, one.ID, backend.Done)
		b.is(t, one.ID, backend.Done)
		b.close(t)
		again.close(t)
	})
}

// A person may decide at any easel; the one whose task it is carries it out.
func TestDecidedElsewhere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		must(t, b.Stop(one.ID))
		if err := a.Stop(one.ID); err == nil {
			t.Error("stopped twice")
		}
		pass(time.Second)
		a.is(t, one.ID, backend.Canceled)
		if a.via.canceled != 1 || b.via.canceled != 0 {
			t.Errorf("canceled %d and %d", a.via.canceled, b.via.canceled)
		}
		asked := a.via.polls()
		pass(5 * time.Minute)
		if a.via.polls() != asked {
			t.Error("a stopped task was asked about")
		}
		must(t, b.engineResume(one.ID))
		pass(time.Minute)
		a.is(t, one.ID, backend.Done)
		b.is(t, one.ID, backend.Done)
		if b.via.polls() != 0 || a.via.polls() == asked {
			t.Errorf("asked %d and %d times", a.via.polls(), b.via.polls())
		}
		// Looking is a wish that the other must hear of, too.
		two := submit(t, a.Engine, "two")
		pass(10 * time.Second)
		asked = a.via.polls()
		must(t, b.Look(two.ID))
		pass(500 * time.Millisecond)
		if a.via.polls() != asked+1 {
			t.Errorf("asked %d times, then %d", asked, a.via.polls())
		}
		a.close(t)
		b.close(t)
	})
}

// Two easels with work at a provider ask it no more often than one may.
func TestShared(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Hour}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		for i := range 100 {
			submit(t, a.Engine, fmt.Sprint("a ", i))
			submit(t, b.Engine, fmt.Sprint("b ", i))
		}
		pass(time.Minute) // by now each knows of the other
		before := a.via.polls() + b.via.polls()
		pass(time.Minute)
		polls := a.via.polls() + b.via.polls() - before
		if polls > 10*60+10 || polls < 8*60 {
			t.Errorf("%d polls in a minute, where 600 are allowed", polls)
		}
		a.close(t)
		b.close(t)
	})
}

func (d *desk) engineResume(id string) error { return d.Engine.Resume(id) }

// A suspended easel lets its tasks go, and does not do twice what another did
// meanwhile; what nobody took is its own again.
func TestSuspended(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		must(t, a.Suspend(context.Background()))
		asked := a.via.polls()
		pass(10 * time.Minute)
		if a.via.polls() != asked {
			t.Error("it asked while it was suspended")
		}
		if _, err := a.Submit(one.Request, ""); err == nil {
			t.Error("it took a task while it was suspended")
		}
		must(t, a.Wake())
		pass(10 * time.Second)
		a.is(t, one.ID, backend.Done) // nobody took it
		two := submit(t, a.Engine, "two")
		pass(time.Second)
		b := open(t, dir, c, base)
		must(t, a.Suspend(context.Background()))
		pass(5 * time.Second)
		if got, _ := b.Task(two.ID); got.Engine != b.store.Engine() {
			t.Errorf("it belongs to %s", got.Engine)
		}
		asked = a.via.polls()
		must(t, a.Wake())
		pass(2 * time.Minute)
		a.is(t, two.ID, backend.Done)
		if a.via.polls() != asked || c.submits != 2 {
			t.Errorf("asked %d times, then %d; %d submits", asked, a.via.polls(), c.submits)
		}
		a.close(t)
		b.close(t)
	})
}

// The answer to a submit counts also when the easel was suspended meanwhile and
// another one took the task for unsure.
func TestAnsweredAfterSuspension(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(10 * time.Millisecond)
		gone, end := context.WithCancel(context.Background())
		end()
		must(t, a.Suspend(gone)) // does not wait
		must(t, a.Wake())
		pass(2 * time.Minute)
		a.is(t, one.ID, backend.Done)
		b.is(t, one.ID, backend.Done)
		if c.submits != 1 {
			t.Errorf("%d submits", c.submits)
		}
		a.close(t)
		b.close(t)
	})
}

// A process that was stopped in the middle of a write keeps others from writing;
// they say so after a while, and write what they owe when it goes on.
func TestStoppedWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 20 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		release, err := hold(a.store.guard(journalName))
		must(t, err)
		if _, err := a.Submit(one.Request, ""); !saysStuck(err) {
			t.Errorf("%v", err)
		}
		pass(time.Minute)
		a.is(t, one.ID, backend.Done) // what runs goes on
		release()
		pass(10 * time.Second)
		a.close(t)
		if open, _ := reader(t, dir).Unfinished(); len(open) != 0 {
			t.Errorf("%+v", open)
		}
		if n := strings.Count(read(t, dir, historyName), "\n"); n != 1 {
			t.Errorf("%d records", n)
		}
	})
}

// A line that one cut when it died is set aside by the next who writes, and what
// another wrote whole stays.
func TestTornByAnother(t *testing.T) {
	a, dir := fresh(t)
	b := again(t, dir)
	replay(t, b)
	must(t, a.Append(true, created("one")))
	var heard []string
	b.Attend(func(list []task.Event, anew bool) {
		for _, e := range list {
			heard = append(heard, e.ID)
		}
	})
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_WRONLY|os.O_APPEND, 0)
	must(t, err)
	_, err = io.WriteString(f, `{"v":1,"id":"torn","ki`)
	must(t, err)
	must(t, f.Close())
	must(t, b.Look())
	must(t, b.Append(true, created("two")))
	must(t, a.Append(true, created("three")))
	must(t, b.Look())
	if got := fmt.Sprint(heard); got != "[one three]" {
		t.Errorf("heard %s", got)
	}
	if got := replay(t, reader(t, dir)); len(got) != 3 || !strings.Contains(got[1], "two") {
		t.Errorf("%+v", got)
	}
	if torn := read(t, dir, journalName+tornSuffix); torn != `{"v":1,"id":"torn","ki`+"\n" {
		t.Errorf("%q", torn)
	}
}

// Whatever several easels, the people at them, and fate do: nothing is sent twice
// by itself, nothing that was accepted is lost, and in the end all agree.
func TestManyEngines(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			manyEngines(t, rand.New(rand.NewPCG(seed, 7)), 0)
		})
	}
}

// The same where engines are taken for stopped that are at work: what was seen of one
// may be over by then, and it goes on where it was.
func TestManyEnginesThatSeemStopped(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			manyEngines(t, rand.New(rand.NewPCG(seed, 8)), 4)
		})
	}
}

// manyEngines makes one in so many moves an engine seem stopped; 0: none.
func manyEngines(t *testing.T, dice *rand.Rand, halts int) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 15 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		var all, living []*desk
		join := func() {
			d := open(t, dir, c, base)
			all, living = append(all, d), append(living, d)
		}
		join()
		again := map[string]int{} // prompts that a person had sent again
		asleep := map[*desk]bool{}
		for n := range 120 {
			pass(time.Duration(dice.IntN(1500)) * time.Millisecond)
			i := dice.IntN(len(living))
			d := living[i]
			if halts > 0 && dice.IntN(halts) == 0 {
				c.stop(d.store.Engine(), dice.IntN(2) == 0)
			}
			some := ""
			if list := d.Tasks(); len(list) > 0 {
				some = list[dice.IntN(len(list))].ID
			}
			switch move := dice.IntN(12); {
			case move == 0 && len(living) < 4:
				join()
			case move == 1 && len(living) > 1:
				d.die(t)
				living = append(living[:i:i], living[i+1:]...)
			case move == 2:
				must(t, d.Suspend(context.Background()))
				asleep[d] = true
			case move == 3 && asleep[d]:
				must(t, d.Wake())
				asleep[d] = false
			case move == 4:
				d.Stop(some) // errors: it is over, or asleep
			case move == 5:
				d.Engine.Resume(some)
			case move == 6:
				if was, err := d.Task(some); err == nil && was.State == backend.Unsure && d.Again(some) == nil {
					again[was.Request.Prompt]++
				}
			case move == 7:
				d.Look(some)
			default:
				d.Submit(backend.Request{Provider: "p", Model: "m", Prompt: fmt.Sprint("prompt ", n), Count: 1}, "")
			}
		}
		for _, d := range living {
			must(t, d.Wake())
			c.stop(d.store.Engine(), false)
		}
		pass(5 * time.Minute)
		sent := map[string]int{}
		for _, d := range all {
			for prompt, n := range d.via.submits {
				sent[prompt] += n
			}
		}
		for prompt, n := range sent {
			if n > 1+again[prompt] {
				t.Errorf("%s was sent %d times, %d of them wanted", prompt, n, 1+again[prompt])
			}
		}
		first := living[0]
		done := 0
		for _, x := range first.Tasks() {
			if !x.Over() && x.State != backend.Unsure && !x.Asking {
				t.Errorf("%s is left %s: %v", x.Request.Prompt, x.State, x.Trouble)
			}
			if x.State == backend.Done {
				done++
			}
			for _, d := range living[1:] {
				if got, err := d.Task(x.ID); err == nil && got.State != x.State {
					t.Errorf("%s is %s here, %s there", x.Request.Prompt, x.State, got.State)
					for _, l := range strings.Split(read(t, dir, journalName), "\n") {
						if strings.Contains(l, x.ID) {
							t.Log(l)
						}
					}
				}
			}
		}
		for _, d := range living {
			d.close(t)
		}
		if done == 0 {
			t.Error("nothing was done")
		}
	})
}

// saysStuck says whether an error tells that another easel holds a lock, in words
// that can be said in any language.
func saysStuck(err error) bool {
	e, ok := errors.AsType[*backend.Error](err)
	return ok && e.Word == "task.stuck" && strings.Contains(e.Error(), "does not let go")
}
