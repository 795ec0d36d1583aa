package task

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

var long = flag.Bool("long", false, "measure the pace with the engine and 1,000 tasks in each cell, and with more seeds")

// crowd is a provider in memory whose jobs take what a table says, and a journal
// and a library that keep nothing but what is measured.
type crowd struct {
	takes []time.Duration // by the prompt, a number

	mu      sync.Mutex
	ready   map[string]time.Time
	polls   int
	begun   []time.Time // requests, where they are wanted
	late    []time.Duration
	pending sync.WaitGroup
}

func (c *crowd) Submit(_ context.Context, _ backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	time.Sleep(submitTakes)
	n, err := strconv.Atoi(r.Prompt)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.ready[r.Prompt] = time.Now().Add(c.takes[n])
	c.begun = append(c.begun, time.Now())
	c.mu.Unlock()
	return told(backend.Snapshot{Ticket: r.Prompt, State: backend.Queued, Progress: -1})
}

func (c *crowd) Poll(_ context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	time.Sleep(pollTakes)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.polls++
	c.begun = append(c.begun, time.Now())
	got := map[string]backend.Snapshot{}
	for _, j := range jobs {
		s := backend.Snapshot{Ticket: j.Ticket, State: backend.Running, Progress: -1}
		if !time.Now().Before(c.ready[j.Ticket]) {
			s.State, s.Images = backend.Ready, []backend.Image{{URL: "https://cdn.example/" + j.Ticket}}
		}
		got[j.Ticket] = s
	}
	return got, nil
}

func (c *crowd) Fetch(context.Context, backend.Image, io.Writer) error { return nil }

func (c *crowd) Append(bool, ...Event) error { return nil }
func (c *crowd) Replay(func(Event)) error    { return nil }
func (c *crowd) Finish(Record) error         { c.pending.Done(); return nil }
func (c *crowd) Check(Task) error            { return nil }
func (c *crowd) Save(_ context.Context, t Task, _ int, _ func(io.Writer) error) (File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ready, ok := c.ready[t.Ticket]
	if !ok {
		return File{}, errors.New("saved twice")
	}
	delete(c.ready, t.Ticket)
	c.late = append(c.late, t.ReadyAt.Sub(ready))
	return File{Path: "/" + t.Ticket}, nil
}

// cell is one set of circumstances of the comparison.
type cell struct {
	sigma  float64
	median time.Duration
	tasks  int // at once
	batch  int
	since  float64 // how many times longer it takes since the history; 0: as long
}

// figures are what came of it.
type figures struct{ polls, median, p95 float64 } // polls per task; seconds

// draws gives a history of 50 durations, as easel sees them, and what each of
// the tasks takes.
func (c cell) draws(dice *rand.Rand) (past, takes []time.Duration) {
	draw := func() time.Duration {
		return time.Duration(float64(c.median) * math.Exp(c.sigma*dice.NormFloat64()))
	}
	for range 50 {
		past = append(past, draw()+submitTakes)
	}
	for range c.tasks {
		takes = append(takes, time.Duration(float64(draw())*cmp.Or(c.since, 1)))
	}
	return past, takes
}

// pace asks about each task every 3 s, or follows the history.
func (c cell) pace(plainly bool, past []time.Duration) Pace {
	if plainly {
		return Pace{Provider: backend.Pace{First: 3 * time.Second, Every: 3 * time.Second, Max: 3 * time.Second}}
	}
	return Pace{Takes: NewTakes(past...), Provider: backend.Pace{First: 3 * time.Second, Every: 2 * time.Second, Max: 8 * time.Second}}
}

// measure plays a cell with the engine, one way or the other, under its limits.
func (c cell) measure(t *testing.T, dice *rand.Rand, plainly bool, rounds int) (f figures, late []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		w := &crowd{ready: map[string]time.Time{}}
		p := &backend.Provider{Name: "p", Driver: w, Models: []backend.Model{{ID: "m"}}, Batch: c.batch, Pace: c.pace(plainly, nil).Provider}
		var known Takes
		e := New(Config{Providers: []*backend.Provider{p}, Journal: w, Library: w, Takes: func(string, string) Takes { return known }})
		if err := e.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		for range rounds {
			past, takes := c.draws(dice)
			known = c.pace(plainly, past).Takes
			w.takes = append(w.takes, takes...)
			for i := range c.tasks {
				w.pending.Add(1)
				prompt := strconv.Itoa(len(w.takes) - c.tasks + i)
				if _, err := e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: prompt, Count: 1}, ""); err != nil {
					t.Fatal(err)
				}
			}
			w.pending.Wait()
			synctest.Wait()
		}
		if _, err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		n := rounds * c.tasks
		if len(w.late) != n {
			t.Fatalf("%d of %d were saved", len(w.late), n)
		}
		late = w.late
		f = figures{polls: float64(w.polls) / float64(n)}
		f.median, f.p95 = quantiles(late)
	})
	return f, late
}

// fair gives n of the tasks of a cell, so that each cell counts alike.
func fair(late []time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = late[i*len(late)/n]
	}
	return out
}

func quantiles(late []time.Duration) (median, p95 float64) {
	late = slices.Sorted(slices.Values(late))
	return late[len(late)/2].Seconds(), late[len(late)*95/100].Seconds()
}

// The seeds of the draws. What the constants of Next are was found with others.
var paceSeeds = []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}

// comparison is both ways over a whole set of cells, read in two ways: each cell
// counts alike, requests for a task and as many of the latenesses of each; and
// (whole) each task does, so that the cells of 1,000 are nearly all.
type comparison struct {
	whole reading
	t     *testing.T
	sigma float64
	batch int
	play  func(c cell, dice *rand.Rand, plainly bool, rounds int) (figures, []time.Duration)
	least int // tasks of each cell
	reading
}

// reading is requests and latenesses, ours and the plain way's, and what they
// come to.
type reading struct {
	ours, plain             float64
	late, lateThen          []time.Duration
	ratio                   float64
	median, medianThen, p95 float64
	p95Then                 float64
}

func (r *reading) add(o reading) {
	r.ours, r.plain = r.ours+o.ours, r.plain+o.plain
	r.late, r.lateThen = append(r.late, o.late...), append(r.lateThen, o.lateThen...)
}

// sum gives what it comes to, for the log.
func (r *reading) sum() string {
	r.ratio = r.ours / r.plain
	r.median, r.p95 = quantiles(r.late)
	r.medianThen, r.p95Then = quantiles(r.lateThen)
	return fmt.Sprintf("%.3f of the polls, median lateness %.2f s for %.2f s, p95 %.2f s for %.2f s",
		r.ratio, r.median, r.medianThen, r.p95, r.p95Then)
}

// run plays every cell with a seed.
func (x *comparison) run(seed uint64) {
	x.t.Logf("seed %d\n%5s %6s   %21s   %23s   %23s", seed, "tasks", "median", "polls a task", "median lateness", "p95 lateness")
	for _, tasks := range []int{1, 50, 1000} {
		for _, median := range []time.Duration{10, 20, 45, 90} {
			c := cell{x.sigma, median * time.Second, tasks, x.batch, 0}
			rounds := max(1, x.least/tasks)
			dice := func() *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(c.median)+uint64(tasks))) }
			a, late := x.play(c, dice(), false, rounds)
			b, then := x.play(c, dice(), true, rounds)
			x.t.Logf("%5d %6v   %5.2f of %5.2f (%.2f)   %7.2f s for %7.2f s   %7.2f s for %7.2f s", tasks, c.median,
				a.polls, b.polls, a.polls/b.polls, a.median, b.median, a.p95, b.p95)
			x.add(reading{ours: a.polls, plain: b.polls, late: fair(late, 200), lateThen: fair(then, 200)})
			n := float64(tasks)
			x.whole.add(reading{ours: n * a.polls, plain: n * b.polls, late: fair(late, tasks), lateThen: fair(then, tasks)})
		}
	}
	x.t.Logf("each cell alike: %s", x.sum())
	x.t.Logf("each task alike: %s", x.whole.sum())
}

// most is the bound of requests by the spread of the durations, in both readings.
var most = map[float64]float64{0.25: 0.5, 0.5: 0.75}

// holds judges a comparison, in both readings. A slack is for few draws: where
// each task counts alike, four histories of 50 decide of one seed, and that of
// the slowest model of its p95.
func (x *comparison) holds(slack float64) {
	x.t.Helper()
	x.reading.holds(x.t, "each cell alike", most[x.sigma], slack)
	x.whole.holds(x.t, "each task alike", most[x.sigma], slack)
}

func (r reading) holds(t *testing.T, how string, most, slack float64) {
	t.Helper()
	if r.ratio > slack*most {
		t.Errorf("%s: %.3f of the plain way's requests, want at most %v", how, r.ratio, most)
	}
	if r.median > slack*r.medianThen || r.p95 > slack*r.p95Then {
		t.Errorf("%s: what is done is noticed later than in the plain way: median %.2f s for %.2f s, p95 %.2f s for %.2f s",
			how, r.median, r.medianThen, r.p95, r.p95Then)
	}
}

// TestPaceSimulated compares the pace with the plain way, each task every 3 s:
// how many requests it takes, with each seed, and how long a task that is done
// goes unnoticed, with all of them. Then the engine shows that it comes to what
// was simulated.
func TestPaceSimulated(t *testing.T) {
	seeds, least, slack := paceSeeds, 1000, 1.
	if !*long {
		seeds, least, slack = seeds[:3], 400, 1.06
	}
	for _, sigma := range []float64{0.25, 0.5} {
		t.Run(fmt.Sprintf("sigma=%v", sigma), func(t *testing.T) {
			all := &comparison{t: t, sigma: sigma}
			for _, seed := range seeds {
				x := &comparison{t: t, sigma: sigma, batch: 1, least: least, play: cell.simulate}
				x.run(seed)
				x.holds(1.25)
				all.add(x.reading)
				all.whole.add(x.whole)
			}
			t.Logf("%d seeds, each cell alike: %s", len(seeds), all.sum())
			t.Logf("%d seeds, each task alike: %s", len(seeds), all.whole.sum())
			all.holds(slack)
		})
	}
	for _, c := range []cell{{0.25, 20 * time.Second, 50, 1, 0}, {0.5, 10 * time.Second, 50, 1, 0}, {0.25, 45 * time.Second, 1, 1, 0}} {
		dice := func() *rand.Rand { return rand.New(rand.NewPCG(paceSeeds[0], uint64(c.tasks))) }
		rounds := max(2, 40/c.tasks)
		a, _ := c.simulate(dice(), false, rounds)
		b, _ := c.measure(t, dice(), false, rounds)
		if math.Abs(a.polls-b.polls) > 0.03*b.polls || math.Abs(a.median-b.median) > 0.2 {
			t.Errorf("%+v: the simulation says %+v, the engine %+v", c, a, b)
		}
	}
}

// TestPaceAgainstPlain is the same comparison with the engine, also where many
// are asked for in one request.
func TestPaceAgainstPlain(t *testing.T) {
	if !*long {
		t.Skip("the engine with 1,000 tasks in each cell: -long")
	}
	for _, batch := range []int{1, 50} {
		for _, sigma := range []float64{0.25, 0.5} {
			t.Run(fmt.Sprintf("sigma=%v,batch=%d", sigma, batch), func(t *testing.T) {
				x := &comparison{t: t, sigma: sigma, batch: batch, least: 1000}
				x.play = func(c cell, dice *rand.Rand, plainly bool, rounds int) (figures, []time.Duration) {
					return c.measure(t, dice, plainly, rounds)
				}
				x.run(paceSeeds[0])
				x.holds(1.1)
			})
		}
	}
}

// TestPaceMisled: a history that does not hold any more, as the provider became
// three times slower or quicker over night. What is done is still noticed within
// the recipe's longest pause, or before the time at which the person was used to
// see it; and no more is asked than in the plain way.
func TestPaceMisled(t *testing.T) {
	for _, median := range []time.Duration{10 * time.Second, 90 * time.Second} {
		for _, since := range []float64{1. / 3, 3} {
			c := cell{0.25, median, 1, 1, since}
			dice := func() *rand.Rand { return rand.New(rand.NewPCG(paceSeeds[0], 1)) }
			f, late := c.simulate(dice(), false, 400)
			plain, _ := c.simulate(dice(), true, 400)
			bound := 8*time.Second + pollTakes + time.Second
			if since < 1 {
				bound = median*2/3 + nearby // about when the first of those in the history were ready
			}
			t.Logf("%v, now %.2f times that: %.2f polls for %.2f, median lateness %.2f s, p95 %.2f s, longest %v",
				median, since, f.polls, plain.polls, f.median, f.p95, slices.Max(late).Round(10*time.Millisecond))
			if slices.Max(late) > bound {
				t.Errorf("noticed after %v, want %v at most", slices.Max(late), bound)
			}
			if f.polls > plain.polls {
				t.Errorf("%.2f polls a task, %.2f in the plain way", f.polls, plain.polls)
			}
		}
	}
}

// TestPaceUnknown: without a history a task is asked about at the recipe's pace,
// more rarely the longer it takes.
func TestPaceUnknown(t *testing.T) {
	p := cell{}.pace(false, nil)
	for _, takes := range []time.Duration{time.Second, 10 * time.Second, 90 * time.Second, 10 * time.Minute} {
		s := sim{pace: p, now: time.Unix(1_800_000_000, 0), tokens: 1, submits: []*simTask{{takes: takes}}}
		s.play()
		if s.late[0] > min(max(3*time.Second, takes/10+time.Second), 9*time.Second) || s.asked > 2+int(takes/(3*time.Second)) {
			t.Errorf("one that takes %v is noticed after %v and %d polls", takes, s.late[0], s.asked)
		}
	}
}
