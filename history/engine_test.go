package history

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// counting is a provider in memory whose jobs are ready after a while, and that
// counts what it was asked. It outlives engines.
type counting struct {
	picture []byte
	takes   time.Duration
	batch   int

	mu      sync.Mutex
	jobs    map[string]time.Time
	submits int
	polls   int
	halted  map[string]bool // the engines that seem to be stopped, by their lock
}

// stop makes an engine seem stopped, or at work again, to those that were opened
// with this provider.
func (c *counting) stop(engine string, stopped bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.halted == nil {
		c.halted = map[string]bool{}
	}
	c.halted[engine+guardSuffix] = stopped
}

func (c *counting) seemsStopped(_ int, path string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.halted[filepath.Base(path)]
}

func (c *counting) Submit(ctx context.Context, m backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	c.mu.Lock()
	c.submits++
	if c.jobs == nil {
		c.jobs = map[string]time.Time{}
	}
	ticket := fmt.Sprint("ticket-", c.submits)
	c.jobs[ticket] = time.Now().Add(c.takes)
	c.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	return told(backend.Snapshot{Ticket: ticket, State: backend.Queued, Progress: -1, Answer: `{"id":"` + ticket + `"}`})
}

func (c *counting) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	time.Sleep(20 * time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.polls++
	got := map[string]backend.Snapshot{}
	for _, j := range jobs {
		if ready, ok := c.jobs[j.Ticket]; ok {
			s := backend.Snapshot{Ticket: j.Ticket, State: backend.Running, Progress: 0.3}
			if !time.Now().Before(ready) {
				s.State, s.Images = backend.Ready, []backend.Image{{URL: "https://cdn.example/" + j.Ticket}}
			}
			got[j.Ticket] = s
		}
	}
	return got, nil
}

func (c *counting) Fetch(ctx context.Context, i backend.Image, w io.Writer) error {
	time.Sleep(30 * time.Millisecond)
	_, err := w.Write(c.picture)
	return err
}

func (c *counting) provider() *backend.Provider {
	return &backend.Provider{Name: "p", BaseURL: "https://p.example", Driver: c, Batch: c.batch,
		Models: []backend.Model{{ID: "m"}}, Pace: backend.Pace{First: time.Second, Every: 2 * time.Second}}
}

func engine(t testing.TB, s *Store, c *counting) *task.Engine {
	t.Helper()
	e := task.New(task.Config{Providers: []*backend.Provider{c.provider()}, Journal: s, Library: s, Takes: s.Takes})
	must(t, e.Start(context.Background()))
	return e
}

func submit(t testing.TB, e *task.Engine, prompt string) task.Task {
	t.Helper()
	got, err := e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: prompt, Count: 1}, "")
	must(t, err)
	return got
}

// The whole way with real files: submitted, left, taken up, saved, remembered.
func TestEngineOnDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	synctest.Test(t, func(t *testing.T) {
		c := &counting{picture: pngOf(t, 16, 9), takes: time.Minute}
		s := again(t, dir)
		e := engine(t, s, c)
		for i := range 3 {
			submit(t, e, fmt.Sprint("cat ", i))
		}
		time.Sleep(10 * time.Second)
		if _, err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		must(t, s.Close())
		if open, err := reader(t, dir).Unfinished(); err != nil || len(open) != 3 || open[0].State != backend.Running || open[0].Request.Prompt != "cat 2" {
			t.Fatalf("%v, %+v", err, open)
		}
		time.Sleep(time.Hour)
		s = again(t, dir)
		e = engine(t, s, c)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		for _, got := range e.Tasks() {
			if got.State != backend.Done {
				t.Fatalf("%s: %v %v", got.State, got.Error, got.Trouble)
			}
			if st, err := os.Stat(got.Files[0].Path); err != nil || st.Size() != int64(len(c.picture)) {
				t.Errorf("%v", err)
			}
		}
		if e.Away() != 3 || c.submits != 3 {
			t.Errorf("%d away, %d submits", e.Away(), c.submits)
		}
		if _, err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		must(t, s.Close())
		r := reader(t, dir)
		records, err := r.Recent(10)
		must(t, err)
		if len(records) != 3 || records[0].Files[0].Width != 16 || records[0].Answer == "" {
			t.Errorf("%+v", records)
		}
		if open, _ := r.Unfinished(); len(open) != 0 {
			t.Errorf("%d open", len(open))
		}
		s = again(t, dir)
		engineClosed(t, engine(t, s, c))
		if journal := read(t, dir, journalName); strings.Count(journal, "\n") != 1 {
			t.Errorf("%s", journal)
		}
		must(t, s.Close())
	})
}

func engineClosed(t testing.TB, e *task.Engine) {
	t.Helper()
	if _, err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// However the journal is cut by a crash, a start goes on: nothing that the
// provider accepted is lost, nothing is sent twice by itself, no picture is
// there twice.
func TestEngineAfterAnyCut(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var journal string
	c := &counting{picture: pngOf(t, 16, 9), takes: 5 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		s := again(t, dir)
		e := engine(t, s, c)
		submit(t, e, "a cat")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		journal = read(t, dir, journalName)
		engineClosed(t, e)
		must(t, s.Close())
	})
	os.Remove(filepath.Join(dir, historyName))
	states := map[backend.State]int{}
	for cut := len(journal); cut >= 0; cut -= 7 {
		write(t, dir, journalName, journal[:cut])
		synctest.Test(t, func(t *testing.T) {
			s := again(t, dir)
			before := c.submits
			e := engine(t, s, c)
			time.Sleep(30 * time.Second)
			synctest.Wait()
			kind := lastWhole(journal[:cut])
			want := map[string]backend.State{"": "", "created": backend.Done, "sending": backend.Unsure, "told": backend.Done, "filed": ""}[kind]
			got := backend.State("")
			if list := e.Tasks(); len(list) == 1 {
				got = list[0].State
			}
			if kind == "told" && got == "" {
				got = backend.Done // over, and filed again
			}
			if got != want {
				t.Errorf("cut at %d, after %s: %q, want %q", cut, kind, got, want)
			}
			sent := c.submits - before
			if kind != "created" && sent != 0 || kind == "created" && sent != 1 {
				t.Errorf("cut at %d, after %s: %d submits", cut, kind, sent)
			}
			states[got]++
			engineClosed(t, e)
			must(t, s.Close())
		})
	}
	if states[backend.Unsure] == 0 || states[backend.Done] == 0 || len(states) != 3 {
		t.Errorf("%v", states)
	}
	pictures := 0
	filepath.WalkDir(filepath.Join(filepath.Dir(dir), "pictures"), func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			pictures++
		}
		return nil
	})
	if pictures != 1 {
		t.Errorf("%d files for one picture", pictures)
	}
}

// lastWhole gives the last kind of event that a cut journal tells of.
func lastWhole(journal string) (kind string) {
	for l := range strings.Lines(journal) {
		var e task.Event
		if json.Unmarshal([]byte(l), &e) == nil && e.Kind != generationKind && e.Kind != task.Saved {
			kind = string(e.Kind)
		}
	}
	return kind
}

// A stopped task can be taken up at a later start, and its record follows.
func TestEngineResumesAfterRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	synctest.Test(t, func(t *testing.T) {
		c := &counting{picture: pngOf(t, 16, 9), takes: time.Second}
		s := again(t, dir)
		e := engine(t, s, c)
		id := submit(t, e, "a cat").ID
		time.Sleep(500 * time.Millisecond)
		must(t, e.Stop(id))
		engineClosed(t, e)
		must(t, s.Close())
		for range 2 { // also after the journal was rewritten
			s = again(t, dir)
			e = engine(t, s, c)
			engineClosed(t, e)
			must(t, s.Close())
		}
		s = again(t, dir)
		if r, err := s.Find(id); err != nil || r.State != backend.Canceled || r.Ticket == "" {
			t.Fatalf("%v, %+v", err, r)
		}
		e = engine(t, s, c)
		must(t, e.Resume(id))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		engineClosed(t, e)
		if r, err := s.Find(id); err != nil || r.State != backend.Done || len(r.Files) != 1 || c.submits != 1 {
			t.Errorf("%v, %+v, %d submits", err, r, c.submits)
		}
		must(t, s.Close())
	})
}

// Many at once: all saved, each once.
func TestEngineWithManyTasks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	synctest.Test(t, func(t *testing.T) {
		c := &counting{picture: pngOf(t, 16, 9), takes: 30 * time.Second, batch: 50}
		s := again(t, dir)
		e := engine(t, s, c)
		f := e.Follow()
		heard := map[string]backend.State{}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				list, err := f.Next(context.Background())
				if err != nil {
					return
				}
				for _, t := range list {
					heard[t.ID] = t.State
				}
			}
		}()
		for i := range 300 {
			submit(t, e, fmt.Sprint("cat ", i))
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		engineClosed(t, e)
		<-done
		for _, state := range heard {
			if state != backend.Done {
				t.Errorf("%s", state)
			}
		}
		records, err := s.Recent(1000)
		must(t, err)
		paths := map[string]bool{}
		for _, r := range records {
			paths[r.Files[0].Path] = true
		}
		if len(heard) != 300 || len(records) != 300 || len(paths) != 300 || c.submits != 300 {
			t.Errorf("%d heard of, %d records, %d pictures, %d submits", len(heard), len(records), len(paths), c.submits)
		}
		list := e.Tasks()
		if !slices.IsSortedFunc(list, func(a, b task.Task) int { return strings.Compare(b.ID, a.ID) }) {
			t.Error("not newest first")
		}
		if c.polls > 300 {
			t.Errorf("%d polls for 300 tasks", c.polls)
		}
		must(t, s.Close())
	})
}

// The journal holds what tells one line from the next, and no more than that:
// a long run of polls leaves nothing behind.
func TestEngineWritesLittle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	synctest.Test(t, func(t *testing.T) {
		c := &counting{picture: pngOf(t, 16, 9), takes: 10 * time.Minute}
		s := again(t, dir)
		e := engine(t, s, c)
		submit(t, e, "a cat")
		time.Sleep(15 * time.Minute)
		synctest.Wait()
		engineClosed(t, e)
		kinds := map[task.EventKind]int{}
		must(t, s.Replay(func(e task.Event) { kinds[e.Kind]++ }))
		want := map[task.EventKind]int{task.Created: 1, task.Sending: 1, task.Told: 3, task.Saved: 1, task.Filed: 1}
		if !maps.Equal(kinds, want) {
			t.Errorf("%v", kinds)
		}
		must(t, s.Close())
	})
}
