package task

import (
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

var long = flag.Bool("long", false, "measure the pace with 1,000 tasks in each cell, and in batches")

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
	time.Sleep(100 * time.Millisecond)
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
	time.Sleep(50 * time.Millisecond)
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
}

// figures are what came of it.
type figures struct{ polls, median, p95 float64 } // polls per task; seconds

// plainly asks about each task every 3 s; the other way follows its history.
// Both go through the same engine, under its limits.
func (c cell) measure(t *testing.T, plainly bool, rounds int) (f figures, late []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		dice := rand.New(rand.NewPCG(uint64(c.median), uint64(c.tasks)+uint64(c.sigma*100)))
		draw := func() time.Duration {
			return time.Duration(float64(c.median) * math.Exp(c.sigma*dice.NormFloat64()))
		}
		w := &crowd{ready: map[string]time.Time{}}
		p := &backend.Provider{Name: "p", Driver: w, Models: []backend.Model{{ID: "m"}}, Batch: c.batch,
			Pace: backend.Pace{First: 3 * time.Second, Every: 2 * time.Second, Max: 8 * time.Second}}
		if plainly {
			p.Pace = backend.Pace{First: 3 * time.Second, Every: 3 * time.Second, Max: 3 * time.Second}
		}
		var known Takes
		e := New(Config{Providers: []*backend.Provider{p}, Journal: w, Library: w, Takes: func(string, string) Takes { return known }})
		if err := e.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		for range rounds {
			past := make([]time.Duration, 50)
			for i := range past {
				past[i] = draw() + 100*time.Millisecond
			}
			if known = NewTakes(past...); plainly {
				known = Takes{}
			}
			for range c.tasks {
				w.takes = append(w.takes, draw())
			}
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

// TestPaceAgainstPlain compares the pace with the plain way, each task every
// 3 s: how many requests it takes, and how long a task that is done goes
// unnoticed. Each number of tasks counts alike: what counts is the requests for
// a task, and the lateness of all.
func TestPaceAgainstPlain(t *testing.T) {
	least, slack := 200, 1.05 // with fewer tasks the figures wobble
	if *long {
		least, slack = 1000, 1
	}
	for _, set := range []struct {
		sigma float64
		batch int
		most  float64
	}{{0.25, 1, 0.5}, {0.5, 1, 0.75}, {0.25, 50, 0.5}, {0.5, 50, 0.75}} {
		if set.batch > 1 && !*long {
			continue
		}
		t.Run(fmt.Sprintf("sigma=%v,batch=%d", set.sigma, set.batch), func(t *testing.T) {
			var ours, plain float64
			var late, lateThen []time.Duration // of the whole set
			t.Logf("%5s %6s   %21s   %23s   %23s", "tasks", "median", "polls a task", "median lateness", "p95 lateness")
			for _, tasks := range []int{1, 50, 1000} {
				for _, median := range []time.Duration{10, 20, 45, 90} {
					c := cell{set.sigma, median * time.Second, tasks, set.batch}
					rounds := max(1, least/tasks)
					a, more := c.measure(t, false, rounds)
					late = append(late, fair(more, least)...)
					b, more := c.measure(t, true, rounds)
					lateThen = append(lateThen, fair(more, least)...)
					t.Logf("%5d %6v   %5.2f of %5.2f (%.2f)   %7.2f s for %7.2f s   %7.2f s for %7.2f s", tasks, c.median,
						a.polls, b.polls, a.polls/b.polls, a.median, b.median, a.p95, b.p95)
					ours, plain = ours+a.polls, plain+b.polls
				}
			}
			median, p95 := quantiles(late)
			medianThen, p95Then := quantiles(lateThen)
			t.Logf("all together: %.3f of the polls, median lateness %.2f s for %.2f s, p95 %.2f s for %.2f s",
				ours/plain, median, medianThen, p95, p95Then)
			if median > slack*medianThen || p95 > slack*p95Then {
				t.Error("what is done is noticed later than in the plain way")
			}
			if ours > slack*set.most*plain {
				t.Errorf("%.3f of the plain way's requests, want at most %v", ours/plain, set.most)
			}
		})
	}
}
