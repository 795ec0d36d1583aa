package task

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"easel/backend"
)

// Journal is where events are on disk before they count. history fulfils it.
type Journal interface {
	// Append writes events as lines, in order, all or none; with sync it returns
	// when they are on disk.
	Append(sync bool, events ...Event) error
	// Replay calls f for every event in the order in which they were written.
	Replay(f func(Event)) error
	// Finish writes the record of a task that is over to the history, on disk.
	Finish(Record) error
}

// Library is where pictures are saved. history fulfils it.
type Library interface {
	// Check says whether a picture of the task could be written: found before
	// the submit. The error names the folder.
	Check(t Task) error
	// Save stores result number index of t: write is called with where to write
	// the bytes. The name is a pure function of task and index, the file comes
	// into being whole or not at all, never over another; one that is there
	// already under that name is taken as it is, and write is not called.
	Save(ctx context.Context, t Task, index int, write func(io.Writer) error) (File, error)
}

// Config is what an Engine needs.
type Config struct {
	Providers []*backend.Provider
	Journal   Journal
	Library   Library
	Home      string                             // the library's own folder; "" where there is only one
	Takes     func(provider, model string) Takes // how long a model takes, from the history; may be nil
	Log       *slog.Logger
}

// Engine does the steps that Next names. All methods may be called from any
// goroutine; none waits for the network.
//
// Two kinds of locks: an item's lock orders the events of one task, and is held
// while they are written to disk; mu guards everything in memory, and is never
// held while anything waits. An item's lock is taken before mu.
type Engine struct {
	c       Config
	started time.Time
	wake    chan struct{} // something is due earlier than was thought
	over    chan struct{} // closed when all work has ended

	ctx      context.Context // of polls and downloads
	stop     context.CancelFunc
	sendCtx  context.Context // of submits, which Close waits for
	stopSend context.CancelFunc
	work     sync.WaitGroup // every goroutine
	sends    sync.WaitGroup // those of submits
	taking   turn           // held while tasks are taken that others left; before an item's lock

	mu        sync.Mutex
	phase     phase
	items     map[string]*item
	order     []*item // oldest first
	ended     []*item // over since Start, oldest first
	lanes     map[string]*lane
	followers map[*Follower]struct{}
	owing     map[*item]struct{} // with lines that could not be written
	flushAt   time.Time
	lastID    time.Time
	away      int
	me        string // the name of this engine in the journal; "" if it is the only one
	shared    Shared // nil if it is the only one
}

type phase int

const (
	unstarted phase = iota
	running
	paused
	closed
)

// ErrClosed is the error of an engine that is not running: not yet, or not any
// more.
var ErrClosed = errors.New("the engine is not running")

// lastBound is how long Close waits for requests that were told to end.
const lastBound = 3 * time.Second

// keepEnded is how many tasks that ended in this run stay in memory.
const keepEnded = 1000

// item is a task and what the engine knows beside it.
type item struct {
	lock   turn // see Engine
	onWire bool // a submit is under way; guarded by lock

	// Guarded by Engine.mu.
	task   Task
	lane   *lane // nil if the provider is not in the config
	takes  Takes
	jitter float64
	send   *job
	poll   *job
	fetch  []*job // by index
	halt   context.CancelFunc
	ctx    context.Context // of its downloads
	owed   []Event         // applied, but not on disk yet
	alone  bool            // its last poll was refused
	lines  int             // of the journal that are in task, this engine's with them
	gone   bool            // its lines are not in the journal any more: it was over
	mine   bool            // this engine carries it out
	first  bool            // left by another engine before this one began, and not taken up yet
	old    bool            // of an earlier run, or left by another engine
	early  bool            // in flight since an earlier run, and the provider said nothing in this one
	away   bool            // it was over at the provider before this run
	hidden bool            // it was over before this run
}

// turn is a lock that is held while lines are written: a mutex made of a channel,
// so that who waits for it lets virtual time go on.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) Lock()   { t <- struct{}{} }
func (t turn) Unlock() { <-t }

// New makes an Engine that does nothing yet.
func New(c Config) *Engine {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		c: c, wake: make(chan struct{}, 1), over: make(chan struct{}),
		items: map[string]*item{}, lanes: map[string]*lane{},
		followers: map[*Follower]struct{}{}, owing: map[*item]struct{}{}, taking: newTurn(),
	}
	e.shared, _ = c.Journal.(Shared)
	e.ctx, e.stop = context.WithCancel(context.Background())
	e.sendCtx, e.stopSend = context.WithCancel(context.Background())
	for _, p := range c.Providers {
		e.lanes[p.Name] = newLane(p)
	}
	return e
}

// Close stops the work: submits that were sent wait for their answer for at
// most the context's time, so that quitting makes no task unsure without need.
// It gives the number of tasks that were not sent.
func (e *Engine) Close(ctx context.Context) (pending int, err error) {
	e.mu.Lock()
	was := e.phase
	e.phase = closed
	e.mu.Unlock()
	if was == closed {
		return 0, ErrClosed
	}
	e.stop()
	done := make(chan struct{})
	go func() {
		e.sends.Wait()
		e.stopSend() // what is left waits for no submit
		e.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		e.stopSend()
		select {
		case <-done:
		case <-time.After(lastBound): // a driver that does not obey
			e.c.Log.Error("a request does not end")
		}
	}
	err = e.flush()
	e.mu.Lock()
	for _, it := range e.order {
		if it.task.CanSend() {
			pending++
		}
	}
	e.mu.Unlock()
	close(e.over)
	return pending, err
}

// goes runs f in a goroutine that Close waits for. It is called with mu held,
// and does nothing once the engine is closed.
func (e *Engine) goes(f func()) {
	if e.phase == running {
		e.work.Go(f)
	}
}

// Submit checks the request (backend.Provider.Check, and that the output can be
// written), puts it on disk, and gives the new task, pending. It is sent in the
// background. out is a folder to write into, "" for the library's own.
func (e *Engine) Submit(r backend.Request, out string) (Task, error) {
	e.mu.Lock()
	l, ready := e.lanes[r.Provider], e.phase == running
	e.mu.Unlock()
	switch {
	case !ready:
		return Task{}, ErrClosed
	case l == nil:
		return Task{}, noProvider(r.Provider)
	}
	r, err := lookAt(r.Clone())
	if err != nil {
		return Task{}, err
	}
	if err := l.p.Check(r); err != nil {
		return Task{}, err
	}
	now := e.newTime()
	ev := Event{V: 1, ID: NewID(now), At: now, Kind: Created, Request: &r, BaseURL: address(l.p), Out: out, Home: e.c.Home, Engine: e.me}
	it := &item{lock: newTurn(), lane: l, takes: e.takes(l.p, r.Model), mine: true}
	if err := e.c.Library.Check(Task{}.Apply(ev)); err != nil {
		return Task{}, err
	}
	it.lock.Lock()
	defer it.lock.Unlock()
	err = e.put(true, func() []Event { return []Event{ev} }, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		it.task = Task{}.Apply(ev)
		e.add(it)
		e.changed(it)
	})
	if err != nil {
		return Task{}, unwritten(err)
	}
	return e.task(it), nil
}

// newTime is now, but later than any time that it gave before, so that ids are
// in the order in which tasks were made.
func (e *Engine) newTime() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := stamp().Truncate(time.Microsecond)
	if !now.After(e.lastID) {
		now = e.lastID.Add(time.Microsecond)
	}
	e.lastID = now
	return now
}

// stamp is the time of an event. It keeps the monotonic clock while the process
// lives: a wall clock that is set back stops no poll.
func stamp() time.Time { return time.Now() }

// address is where tasks of the provider are asked about; that of the demo is
// another one in each run, and no part of them.
func address(p *backend.Provider) string {
	if p.Local {
		return ""
	}
	return p.BaseURL
}

// takes is how long the model takes: from the history, or from the recipe. The
// demo is asked at its recipe's pace all the same: that costs nothing, and its
// progress is there to be watched.
func (e *Engine) takes(p *backend.Provider, model string) Takes {
	if p.Local {
		return Takes{}
	}
	if e.c.Takes != nil {
		if k := e.c.Takes(p.Name, model); k.Known() {
			return k
		}
	}
	m, _ := p.Model(model)
	return NewTakes(m.Takes)
}

// add puts an item into the lists, in the order of ids; mu is held.
func (e *Engine) add(it *item) {
	e.items[it.task.ID] = it
	at := len(e.order)
	for at > 0 && e.order[at-1].task.ID > it.task.ID {
		at--
	}
	e.order = slices.Insert(e.order, at, it)
}

// Tasks gives what is not over and what ended since Start (the last 1,000),
// newest first.
func (e *Engine) Tasks() []Task {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Task, 0, len(e.order))
	for _, it := range slices.Backward(e.order) {
		if !it.hidden {
			out = append(out, it.task)
		}
	}
	return out
}

// Task finds a task by its id, or by the last characters of it (at least 4) if
// they fit one only.
func (e *Engine) Task(id string) (Task, error) {
	it, err := e.find(id)
	if err != nil {
		return Task{}, err
	}
	return e.task(it), nil
}

func (e *Engine) find(id string) (*item, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	e.mu.Lock()
	defer e.mu.Unlock()
	if it := e.items[id]; it != nil {
		return it, nil
	}
	var found *item
	for _, it := range e.order {
		if len(id) < 4 || !strings.HasSuffix(it.task.ID, id) {
			continue
		}
		if found != nil {
			return nil, wrong("task.ambiguous", "%s fits several tasks: give more of the id", backend.Clean(id))
		}
		found = it
	}
	if found == nil {
		return nil, unknown(id)
	}
	return found, nil
}

// unknown is the error for a task that is not open.
func unknown(id string) *backend.Error {
	return wrong("task.none", "there is no open task %s", backend.Clean(id))
}

func (e *Engine) task(it *item) Task {
	e.mu.Lock()
	defer e.mu.Unlock()
	return it.task
}

// Away is how many tasks of earlier runs were over at the provider when this
// run asked for the first time, and have ended here by now: what finished while
// the person was away.
func (e *Engine) Away() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.away
}
