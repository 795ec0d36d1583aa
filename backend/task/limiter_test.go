package task

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// door is a gateway that knows how many of its submits and polls are in flight.
type door struct {
	*gateway
	mu       sync.Mutex
	inside   int
	crowded  int // the most of them
	sendings int
	sendMost int
}

func (d *door) goes(sends int) func() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside++
	d.sendings += sends
	d.crowded, d.sendMost = max(d.crowded, d.inside), max(d.sendMost, d.sendings)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.inside--
		d.sendings -= sends
	}
}

func (d *door) Submit(ctx context.Context, m backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	defer d.goes(1)()
	return d.gateway.Submit(ctx, m, r, told)
}

func (d *door) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	defer d.goes(0)()
	return d.gateway.Poll(ctx, jobs...)
}

// crowded is a world with a door before its gateway.
func crowded(t *testing.T, g *gateway) (*world, *door) {
	w := newWorld(t, g)
	d := &door{gateway: g}
	w.p.Driver = d
	return w, d
}

// begun gives when submits and polls began, in order.
func (g *gateway) begun() []time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := append(slices.Clone(g.submits), g.polls...)
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// within counts those of a time.
func within(list []time.Time, from, to time.Time) (n int) {
	for _, at := range list {
		if !at.Before(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// keeps holds that no second saw more requests than the limit, and no moment
// more of them in flight.
func (d *door) keeps(t *testing.T, perSecond, parallel int) {
	t.Helper()
	list := d.begun()
	for i := range len(list) - perSecond {
		if took := list[i+perSecond].Sub(list[i]); took < time.Second-time.Millisecond {
			t.Fatalf("%d requests in %v, at %v", perSecond+1, took, list[i])
		}
	}
	if d.crowded > parallel || d.sendMost > max(1, parallel-1) {
		t.Errorf("%d in flight, %d of them submits; want %d at most", d.crowded, d.sendMost, parallel)
	}
}

// allDone holds that all tasks were sent once and are done.
func (w *world) allDone(e *Engine, n int) {
	w.t.Helper()
	done := 0
	for _, t := range e.Tasks() {
		if t.State == backend.Done {
			done++
		}
	}
	if submits, _, _ := w.gateway.count(); done != n || submits != n {
		w.t.Errorf("%d of %d done, %d submits", done, n, submits)
	}
}

func (w *world) many(e *Engine, n int) {
	w.t.Helper()
	for range n {
		w.submit(e)
	}
}

// A thousand tasks at once do not storm a gateway, whatever its limits are, and
// those that were sent are asked about meanwhile: two polls for a submit.
func TestThousandAtOnce(t *testing.T) {
	for _, c := range []struct{ perSecond, parallel, submits, polls int }{{0, 0, 10, 8}, {3, 2, 3, 2}, {40, 1, 40, 1}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, d := crowded(t, &gateway{takes: 40 * time.Second})
				w.p.PerSecond, w.p.Parallel = float64(c.perSecond), c.parallel
				e := w.start()
				began := time.Now()
				w.many(e, 1000)
				time.Sleep(70 * time.Second)
				synctest.Wait()
				from, to := began.Add(10*time.Second), began.Add(70*time.Second)
				d.gateway.mu.Lock()
				submits, polls := within(d.submits, from, to), within(d.polls, from, to)
				d.gateway.mu.Unlock()
				if submits == 0 || polls < submits || polls > 3*submits {
					t.Errorf("%d submits and %d polls in a minute", submits, polls)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				w.allDone(e, 1000)
				d.keeps(t, c.submits, c.polls)
				w.closes(e)
			})
		})
	}
}

// After a start with a thousand tasks in flight each is asked about, none is
// sent, and the gateway is not stormed.
func TestRestartWithThousand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, d := crowded(t, &gateway{takes: 30 * time.Minute})
		w.p.Pace.Every, w.p.Pace.Max = time.Minute, 5*time.Minute
		e := w.start()
		w.many(e, 1000)
		time.Sleep(6 * time.Minute)
		w.closes(e)
		time.Sleep(time.Hour)
		_, before, _ := w.gateway.count()
		e = w.start()
		time.Sleep(110 * time.Second)
		synctest.Wait()
		_, after, _ := w.gateway.count()
		if after-before < 1000 {
			t.Errorf("%d polls after the start", after-before)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		w.allDone(e, 1000)
		d.keeps(t, 10, 8)
		w.closes(e)
	})
}

// A gateway that is out of order is asked ever more rarely, is not stormed when
// it is back, and has its full share soon after.
func TestOutage(t *testing.T) {
	for name, fail := range map[string]*backend.Error{
		"502": {Kind: backend.Unavailable, HTTP: 502}, "429": {Kind: backend.RateLimited, HTTP: 429}, "silence": {Kind: backend.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from := time.Now().Add(8 * time.Minute)
				to := from.Add(10 * time.Minute)
				g := &gateway{takes: 20 * time.Minute}
				g.onPoll = func(int, []backend.Job) (bool, map[string]backend.Snapshot, error) {
					now := time.Now()
					return now.After(from) && now.Before(to), nil, fail
				}
				w, d := crowded(t, g)
				e := w.start()
				w.many(e, 1000)
				time.Sleep(8 * time.Minute)
				time.Sleep(15 * time.Minute)
				synctest.Wait()
				all := d.begun()
				if n := within(all, from.Add(time.Minute), to); n > 9*60*2/3 {
					t.Errorf("%d requests in nine minutes of trouble", n)
				}
				if n := within(all, to, to.Add(5*time.Second)); n > 25 {
					t.Errorf("%d requests in the first five seconds after it", n)
				}
				if n := within(all, to.Add(30*time.Second), to.Add(90*time.Second)); n < 550 {
					t.Errorf("%d requests in a minute when all is well again", n)
				}
				time.Sleep(30 * time.Minute)
				synctest.Wait()
				w.allDone(e, 1000)
				d.keeps(t, 10, 8)
				w.closes(e)
			})
		})
	}
}

// Tasks that failed together do not come back together.
func TestJitterSpreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Hour}
		g.onPoll = func(int, []backend.Job) (bool, map[string]backend.Snapshot, error) {
			return true, nil, &backend.Error{Kind: backend.Garbled} // the lane does not slow down for it
		}
		w, d := crowded(t, g)
		w.p.PerSecond, w.p.Parallel = 1000, 100
		e := w.start()
		w.many(e, 50)
		time.Sleep(8 * time.Minute)
		synctest.Wait()
		most := 0
		for _, at := range d.polls[len(d.polls)-50:] {
			most = max(most, within(d.polls, at, at.Add(2*time.Second)))
		}
		if most > 10 {
			t.Errorf("%d of 50 come back within two seconds", most)
		}
		w.closes(e)
	})
}

// A Retry-After holds for all of a kind, polls or submits, but for no more than
// a minute; the task that was told waits for all of it.
func TestRetryAfterHoldsForAll(t *testing.T) {
	limited := &backend.Error{Kind: backend.RateLimited, HTTP: 429, Fate: backend.Unsent, After: 90 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Hour}
		var told time.Time
		g.onPoll = func(n int, _ []backend.Job) (bool, map[string]backend.Snapshot, error) {
			if n == 100 {
				told = time.Now()
			}
			return n == 100, nil, limited
		}
		w, _ := crowded(t, g)
		e := w.start()
		w.many(e, 40)
		time.Sleep(2 * time.Minute)
		w.submit(e)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		last := 7 * time.Second / 8 // those that were in flight
		if n := within(g.polls, told.Add(last), told.Add(time.Minute)); n > 0 {
			t.Errorf("%d polls while the provider asked for rest", n)
		}
		if n := within(g.polls, told.Add(time.Minute), told.Add(90*time.Second)); n == 0 {
			t.Error("one task's long Retry-After holds all others for more than a minute")
		}
		w.closes(e)
	})
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Hour}
		g.onSubmit = func(_ context.Context, n int, _ func(backend.Snapshot) error) (bool, error) { return n == 20, limited }
		w, _ := crowded(t, g)
		e := w.start()
		w.many(e, 40)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		told := g.submits[19]
		if n := within(g.submits, told.Add(time.Second), told.Add(time.Minute)); n > 0 {
			t.Errorf("%d submits while the provider asked for rest", n)
		}
		if n := within(g.polls, told.Add(time.Second), told.Add(time.Minute)); n == 0 {
			t.Error("what was sent is not asked about because a submit was refused")
		}
		if len(g.submits) != 41 || g.submits[40].Sub(told) < 90*time.Second {
			t.Errorf("%d submits, the last %v after the refusal", len(g.submits), g.submits[len(g.submits)-1].Sub(told))
		}
		w.closes(e)
	})
}

// TestHalving is what answers do to the limit of a lane.
func TestHalving(t *testing.T) {
	l := newLane(&backend.Provider{PerSecond: 8})
	now, none := day, time.Time{}
	hears := func(kind backend.Kind, after time.Duration, want float64) {
		t.Helper()
		now = now.Add(after)
		var err *backend.Error
		if kind != "" {
			err = &backend.Error{Kind: kind}
		}
		l.heard(err, &none, now)
		if got := float64(l.limit.Limit()); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("after %q: %v a second, want %v", kind, got, want)
		}
	}
	hears("", 0, 8)
	for _, kind := range []backend.Kind{backend.Invalid, backend.Gone, backend.Garbled, backend.Unauthorized, backend.Unpaid, backend.Moderated} {
		hears(kind, time.Second, 8)
	}
	hears(backend.RateLimited, time.Second, 4)
	hears(backend.RateLimited, 500*time.Millisecond, 4) // those in flight fail together
	hears(backend.Unavailable, time.Second, 2)
	hears(backend.Timeout, time.Second, 1)
	hears(backend.Timeout, time.Second, 0.5)
	hears(backend.Timeout, time.Hour, 0.5) // never nothing
	for n := range 19 {
		hears("", 0, min(8, 0.5+0.4*float64(n+1)))
	}
	slow := newLane(&backend.Provider{PerSecond: 0.2})
	slow.heard(&backend.Error{Kind: backend.RateLimited}, &none, now)
	if got := slow.limit.Limit(); got != 0.2 {
		t.Errorf("a limit of 0.2 a second becomes %v", got)
	}
}
