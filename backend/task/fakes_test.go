package task

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// disk is a journal in memory that keeps JSON, as a file does: what it gives
// back after a restart has gone through it.
type disk struct {
	mu      sync.Mutex
	lines   [][]byte
	synced  int // lines that are on disk for sure
	records []Record
	full    bool
}

var errFull = errors.New("no space left on device")

func (d *disk) Append(sync bool, events ...Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return errFull
	}
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		d.lines = append(d.lines, line)
	}
	if sync {
		d.synced = len(d.lines)
	}
	return nil
}

func (d *disk) Replay(f func(Event)) error {
	for _, line := range d.lines {
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		f(e)
	}
	return nil
}

func (d *disk) Finish(r Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return errFull
	}
	d.records = append(d.records, r)
	return nil
}

// crash gives what is on disk for sure after the power went.
func (d *disk) crash() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &disk{lines: d.lines[:d.synced:d.synced], synced: d.synced, records: d.records}
}

func (d *disk) setFull(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

// has counts the lines of a kind that are on disk for sure.
func (d *disk) has(kind EventKind) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, line := range d.lines[:d.synced] {
		var e Event
		if json.Unmarshal(line, &e) == nil && e.Kind == kind {
			n++
		}
	}
	return n
}

// shelf is a library in memory.
type shelf struct {
	mu    sync.Mutex
	files map[string][]byte
	check error
}

func (s *shelf) Check(Task) error { return s.check }

func (s *shelf) Save(ctx context.Context, t Task, index int, write func(io.Writer) error) (File, error) {
	name := fmt.Sprintf("/p/%s-%d.png", t.Short(), index)
	s.mu.Lock()
	had := s.files[name] != nil
	s.mu.Unlock()
	if !had {
		var b buffer
		if err := write(&b); err != nil {
			return File{}, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.files == nil {
			s.files = map[string][]byte{}
		}
		s.files[name] = b
	}
	return File{Path: name}, nil
}

type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// gateway is a provider in memory. Jobs are ready some time after the submit.
// Each hook, if set, comes first; it decides alone if it says so.
type gateway struct {
	takes  time.Duration
	images int
	inline bool

	onSubmit func(ctx context.Context, n int, told func(backend.Snapshot) error) (alone bool, err error)
	onPoll   func(n int, jobs []backend.Job) (alone bool, got map[string]backend.Snapshot, err error)
	onFetch  func(n int, image backend.Image, w io.Writer) (alone bool, err error)

	mu       sync.Mutex
	jobs     map[string]time.Time // when each is ready
	submits  []time.Time
	polls    []time.Time
	polled   []int // jobs in each poll
	fetches  []time.Time
	inFlight int
	most     int
	canceled []string
}

func (g *gateway) begin(list *[]time.Time) (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	*list = append(*list, time.Now())
	g.inFlight++
	g.most = max(g.most, g.inFlight)
	return len(*list)
}

func (g *gateway) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight--
}

func (g *gateway) Submit(ctx context.Context, m backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	n := g.begin(&g.submits)
	defer g.end()
	if g.onSubmit != nil {
		if alone, err := g.onSubmit(ctx, n, told); alone {
			return err
		}
	}
	time.Sleep(100 * time.Millisecond)
	return told(backend.Snapshot{Ticket: g.accept(), State: backend.Queued, Progress: -1})
}

// take says how long jobs take from now on.
func (g *gateway) take(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.takes = d
}

// accept makes a job.
func (g *gateway) accept() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.jobs == nil {
		g.jobs = map[string]time.Time{}
	}
	ticket := fmt.Sprintf("ticket-%d", len(g.jobs)+1)
	g.jobs[ticket] = time.Now().Add(g.takes)
	return ticket
}

func (g *gateway) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	n := g.begin(&g.polls)
	defer g.end()
	g.mu.Lock()
	g.polled = append(g.polled, len(jobs))
	g.mu.Unlock()
	select {
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
		return nil, &backend.Error{Kind: backend.Timeout, Message: "interrupted"}
	}
	if g.onPoll != nil {
		if alone, got, err := g.onPoll(n, jobs); alone {
			return got, err
		}
	}
	got := map[string]backend.Snapshot{}
	for _, j := range jobs {
		if s, ok := g.state(j.Ticket); ok {
			got[j.Ticket] = s
		}
	}
	if len(got) == 0 {
		return nil, &backend.Error{Kind: backend.Gone, HTTP: 404, Message: "not found"}
	}
	return got, nil
}

func (g *gateway) state(ticket string) (backend.Snapshot, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ready, ok := g.jobs[ticket]
	s := backend.Snapshot{Ticket: ticket, State: backend.Running, Progress: 0.5}
	if !time.Now().Before(ready) {
		s.State = backend.Ready
		for i := range max(1, g.images) {
			image := backend.Image{URL: fmt.Sprintf("https://cdn.example/%s/%d", ticket, i)}
			if g.inline {
				image = backend.Image{Data: []byte("picture")}
			}
			s.Images = append(s.Images, image)
		}
	}
	return s, ok
}

func (g *gateway) Fetch(ctx context.Context, i backend.Image, w io.Writer) error {
	n := g.begin(&g.fetches)
	defer g.end()
	if g.onFetch != nil {
		if alone, err := g.onFetch(n, i, w); alone {
			return err
		}
	}
	select {
	case <-time.After(200 * time.Millisecond):
	case <-ctx.Done():
		return &backend.Error{Kind: backend.Timeout, Message: "interrupted"}
	}
	_, err := w.Write([]byte("picture"))
	return err
}

func (g *gateway) Cancel(ctx context.Context, j backend.Job) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.canceled = append(g.canceled, j.Ticket)
	return nil
}

// count gives how many submits, polls and downloads there were.
func (g *gateway) count() (submits, polls, fetches int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.submits), len(g.polls), len(g.fetches)
}

// world is what an engine lives in; it outlives engines.
type world struct {
	t       *testing.T
	gateway *gateway
	disk    *disk
	shelf   *shelf
	p       *backend.Provider
	takes   Takes
}

func newWorld(t *testing.T, g *gateway) *world {
	p := &backend.Provider{
		Name: "p", BaseURL: "https://p.example", Driver: g, Models: []backend.Model{{ID: "m", Count: 4}},
		Pace: backend.Pace{First: 2 * time.Second, Every: 2 * time.Second, Max: 10 * time.Second},
	}
	return &world{t: t, gateway: g, disk: &disk{}, shelf: &shelf{}, p: p}
}

// start starts an engine. A test that fails leaves the closing to it.
func (w *world) start() *Engine {
	w.t.Helper()
	e := New(Config{Providers: []*backend.Provider{w.p}, Journal: w.disk, Library: w.shelf,
		Takes: func(string, string) Takes { return w.takes }})
	if err := e.Start(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		e.Close(ctx)
	})
	return e
}

// closes closes an engine that has all the time it wants.
func (w *world) closes(e *Engine) int {
	w.t.Helper()
	pending, err := e.Close(context.Background())
	if err != nil {
		w.t.Error(err)
	}
	return pending
}

func (w *world) submit(e *Engine) Task {
	w.t.Helper()
	t, err := e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// is waits for a while, and says whether the task is in a state then.
func (w *world) is(e *Engine, id string, after time.Duration, want backend.State) Task {
	w.t.Helper()
	time.Sleep(after)
	synctest.Wait()
	t, err := e.Task(id)
	if err != nil {
		w.t.Fatal(err)
	}
	if t.State != want {
		w.t.Fatalf("after %v: %s, want %s (error %v, trouble %v)", after, t.State, want, t.Error, t.Trouble)
	}
	return t
}

// record gives the record of a task in the history.
func (w *world) record(id string) Record {
	w.t.Helper()
	w.disk.mu.Lock()
	defer w.disk.mu.Unlock()
	for i := len(w.disk.records) - 1; i >= 0; i-- {
		if w.disk.records[i].ID == id {
			return w.disk.records[i]
		}
	}
	w.t.Fatalf("no record of %s", id)
	return Record{}
}

// names gives the names of the saved pictures.
func (s *shelf) names() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.files)
}
