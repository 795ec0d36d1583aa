package task

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

var soak = flag.Int("soak", 0, "how many tasks go through the engine in TestSoak")

// fate is what is bound to happen to a task.
type fate byte

const (
	fateDone    fate = iota
	fateUnread       // the connection breaks before the submit was read
	fateUnheard      // the answer to the submit is lost
	fateRefused      // the submit is refused
	fatePainful      // moderated after it was accepted
	fateNoUse        // its result cannot be had at all
	fates            // how many there are
)

// harsh is a provider, a journal and a library for very many tasks: all in
// numbers, so that what grows with the tasks that are over is the engine's.
type harsh struct {
	t    *testing.T
	mu   sync.Mutex
	dice *rand.Rand

	fate           []fate
	accepted       []uint8
	saved, filed   []uint8
	ended          []backend.State
	ready          map[int]time.Time // of those in flight
	faults         int
	open, openMost int
}

func newHarsh(t *testing.T, n int) *harsh {
	h := &harsh{t: t, dice: rand.New(rand.NewPCG(7, 7)), fate: make([]fate, n), accepted: make([]uint8, n), saved: make([]uint8, n),
		filed: make([]uint8, n), ended: make([]backend.State, n), ready: map[int]time.Time{}}
	for i := range h.fate {
		if h.dice.IntN(20) == 0 {
			h.fate[i] = fate(h.dice.IntN(int(fates)))
		}
	}
	return h
}

// chance says whether something of so many percent happens.
func (h *harsh) chance(percent int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	hit := h.dice.IntN(100) < percent
	if hit {
		h.faults++
	}
	return hit
}

// passing is trouble that says nothing about a task.
func (h *harsh) trouble(ctx context.Context) error {
	switch {
	case h.chance(1):
		return &backend.Error{Kind: backend.RateLimited, HTTP: 429, Fate: backend.Unsent}
	case h.chance(1):
		return &backend.Error{Kind: backend.RateLimited, HTTP: 429, Fate: backend.Unsent, After: 3 * time.Second}
	case h.chance(1):
		return &backend.Error{Kind: backend.Unavailable, HTTP: 503, Fate: backend.Unsent}
	}
	return nil
}

func number(s string) int {
	n, err := strconv.Atoi(s[strings.LastIndexByte(s, ' ')+1:])
	if err != nil {
		panic(err)
	}
	return n
}

func (h *harsh) Submit(ctx context.Context, _ backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	time.Sleep(100 * time.Millisecond)
	if err := h.trouble(ctx); err != nil {
		return err
	}
	n := number(r.Prompt)
	switch h.fate[n] {
	case fateUnread:
		return &backend.Error{Kind: backend.Unavailable, Message: "hung up"}
	case fateRefused:
		return &backend.Error{Kind: backend.Moderated, HTTP: 400, Fate: backend.Refused}
	}
	h.mu.Lock()
	h.accepted[n]++
	h.ready[n] = time.Now().Add(time.Duration(5+h.dice.IntN(10)) * time.Second)
	h.mu.Unlock()
	if h.fate[n] == fateUnheard {
		time.Sleep(30 * time.Second)
		return &backend.Error{Kind: backend.Timeout, Message: "silence"}
	}
	return told(backend.Snapshot{Ticket: "job " + strconv.Itoa(n), State: backend.Queued, Progress: -1})
}

func (h *harsh) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	time.Sleep(50 * time.Millisecond)
	if err := h.trouble(ctx); err != nil {
		return nil, err
	}
	if h.chance(1) {
		time.Sleep(20 * time.Second)
		return nil, &backend.Error{Kind: backend.Timeout, Message: "silence"}
	}
	got := map[string]backend.Snapshot{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, j := range jobs {
		n := number(j.Ticket)
		s := backend.Snapshot{Ticket: j.Ticket, State: backend.Running, Progress: 0.5, Answer: "{}"}
		switch {
		case time.Now().Before(h.ready[n]):
		case h.fate[n] == fatePainful:
			s.State, s.Reason = backend.Failed, &backend.Error{Kind: backend.Moderated, Message: "no"}
		default:
			s.State, s.Images = backend.Ready, []backend.Image{{URL: "https://cdn.example/" + j.Ticket}}
		}
		got[j.Ticket] = s
	}
	return got, nil
}

func (h *harsh) Fetch(_ context.Context, image backend.Image, w io.Writer) error {
	time.Sleep(200 * time.Millisecond)
	switch {
	case h.fate[number(image.URL)] == fateNoUse:
		return &backend.Error{Kind: backend.Garbled, Final: true}
	case h.chance(3):
		return &backend.Error{Kind: backend.Unavailable, HTTP: 503}
	}
	_, err := w.Write([]byte("picture"))
	return err
}

func (h *harsh) Append(bool, ...Event) error { return nil }
func (h *harsh) Replay(func(Event)) error    { return nil }
func (h *harsh) Check(Task) error            { return nil }

func (h *harsh) Finish(r Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := number(r.Prompt)
	h.filed[n]++
	h.ended[n] = r.State
	delete(h.ready, n)
	h.open--
	return nil
}

func (h *harsh) Save(_ context.Context, t Task, _ int, write func(io.Writer) error) (File, error) {
	if err := write(io.Discard); err != nil {
		return File{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.saved[number(t.Ticket)]++
	return File{Path: "/" + t.Ticket}, nil
}

// decides is a person who decides about unsure tasks: what the provider has is
// adopted, what it has not is lost.
func (h *harsh) decides(ctx context.Context, e *Engine) {
	f := e.Follow()
	defer f.Close()
	for {
		list, err := f.Next(ctx)
		if err != nil {
			return
		}
		for _, t := range list {
			if t.State != backend.Unsure {
				continue
			}
			n := number(t.Request.Prompt)
			if h.fate[n] == fateUnread {
				err = e.Lost(t.ID)
			} else {
				err = e.Adopt(t.ID, "job "+strconv.Itoa(n))
			}
			if err != nil {
				h.t.Error(err)
			}
		}
	}
}

// add makes tasks, some each second, and gives the memory in use afterwards.
func (h *harsh) add(e *Engine, from, to int) uint64 {
	for n := from; n < to; {
		for range min(25, to-n) {
			h.mu.Lock()
			h.open++
			h.openMost = max(h.openMost, h.open)
			h.mu.Unlock()
			if _, err := e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: fmt.Sprint("number ", n), Count: 1}, ""); err != nil {
				h.t.Fatal(err)
			}
			n++
		}
		time.Sleep(time.Second)
	}
	for range 100 { // until all are over
		time.Sleep(time.Minute)
		synctest.Wait()
		if h.left() == 0 {
			break
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (h *harsh) left() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// account holds that each task ended once, and as it had to.
func (h *harsh) account() {
	want := [fates]struct {
		state           backend.State
		accepted, saved uint8
	}{
		fateDone: {backend.Done, 1, 1}, fateUnread: {backend.Failed, 0, 0}, fateUnheard: {backend.Done, 1, 1},
		fateRefused: {backend.Failed, 0, 0}, fatePainful: {backend.Failed, 1, 0}, fateNoUse: {backend.Failed, 1, 0},
	}
	var seen [fates]int
	wrong := 0
	for n, f := range h.fate {
		seen[f]++
		w := want[f]
		if h.filed[n] != 1 || h.ended[n] != w.state || h.accepted[n] != w.accepted || h.saved[n] != w.saved {
			if wrong++; wrong < 10 {
				h.t.Errorf("number %d, whose fate is %d: %s, accepted %d times, saved %d times, filed %d times", n, f, h.ended[n], h.accepted[n], h.saved[n], h.filed[n])
			}
		}
	}
	if wrong > 0 || len(h.ready) > 0 {
		h.t.Errorf("%d tasks ended otherwise than they had to, %d are left at the provider", wrong, len(h.ready))
	}
	h.t.Logf("%d tasks (fates %v), %d faults, at most %d open", len(h.fate), seen, h.faults, h.openMost)
}

// TestSoak sends very many tasks through one engine, in virtual time, at a
// provider that is at fault all the time: nothing is lost, nothing is doubled,
// and the memory does not grow with the tasks that are over. -soak=1000000 makes it
// more.
func TestSoak(t *testing.T) {
	n := 100_000
	if testing.Short() || raceDetector {
		n = 10_000
	}
	if *soak > 0 {
		n = *soak
	}
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		h := newHarsh(t, n)
		p := &backend.Provider{Name: "p", BaseURL: "https://p.example", Driver: h, Models: []backend.Model{{ID: "m", Count: 1}},
			Batch: 20, Parallel: 100, PerSecond: 400, Pace: backend.Pace{First: 5 * time.Second, Every: 3 * time.Second, Max: 8 * time.Second}}
		e := New(Config{Providers: []*backend.Provider{p}, Journal: h, Library: h})
		ctx, cancel := context.WithCancel(t.Context())
		if err := e.Start(ctx); err != nil {
			t.Fatal(err)
		}
		go h.decides(ctx, e)
		var heap [4]uint64
		for i := range heap {
			heap[i] = h.add(e, i*n/4, (i+1)*n/4)
		}
		cancel()
		if pending, err := e.Close(context.Background()); err != nil || pending > 0 {
			t.Errorf("%d pending, %v", pending, err)
		}
		h.account()
		t.Logf("memory after each quarter: %d kB", []uint64{heap[0] >> 10, heap[1] >> 10, heap[2] >> 10, heap[3] >> 10})
		if grown := int64(heap[3]) - int64(heap[0]); grown > 1<<20 {
			t.Errorf("%d bytes more after three times as many tasks", grown)
		}
	})
	t.Log(time.Since(began).Round(time.Millisecond))
}
