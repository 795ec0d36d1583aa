package task

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// unsure gives a world with one unsure task. Later submits succeed.
func unsure(t *testing.T, g *gateway) (*world, *Engine, Task) {
	g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
		return n == 1, &backend.Error{Kind: backend.Timeout, Message: "no answer"}
	}
	w := newWorld(t, g)
	e := w.start()
	task := w.submit(e)
	return w, e, w.is(e, task.ID, time.Second, backend.Unsure)
}

func TestAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e, task := unsure(t, &gateway{takes: time.Second})
		if err := e.Again(task.Short()); err != nil {
			t.Fatal(err)
		}
		if w.disk.has(Again) != 1 {
			t.Error("the yes is not on disk")
		}
		w.is(e, task.ID, 10*time.Second, backend.Done)
		if err := e.Again(task.ID); err == nil {
			t.Error("a task that is done was sent again")
		}
		if submits, _, _ := w.gateway.count(); submits != 2 {
			t.Errorf("%d submits", submits)
		}
		w.closes(e)
	})
}

func TestAdopt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e, task := unsure(t, &gateway{takes: time.Second})
		other := w.submit(e)
		ticket := w.is(e, other.ID, time.Second, backend.Queued).Ticket
		for _, bad := range []string{"", "a\x1b[2Jb", strings.Repeat("x", 600), ticket} {
			if err := e.Adopt(task.ID, bad); backend.KindOf(err) != backend.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := e.Adopt(task.ID, " typo "); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, 20*time.Second, backend.Running)
		got := w.is(e, task.ID, 30*time.Second, backend.Unsure)
		if got.Error.Kind != backend.Gone || got.Ticket != "" {
			t.Errorf("%v, ticket %q", got.Error, got.Ticket)
		}
		if err := e.Adopt(task.ID, w.gateway.accept()); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, 10*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e, task := unsure(t, &gateway{})
		if err := e.Lost(task.ID); err != nil {
			t.Fatal(err)
		}
		got := w.is(e, task.ID, time.Hour, backend.Failed)
		if got.Error.Kind != backend.Stopped || w.record(task.ID).State != backend.Failed {
			t.Errorf("%v", got.Error)
		}
		if err := e.Lost(task.ID); err == nil {
			t.Error("lost twice")
		}
		w.closes(e)
	})
}

// finding is a gateway that lists its jobs.
type finding struct {
	*gateway
	list []backend.Found
	from time.Time
	to   time.Time
	err  error
}

func (f *finding) Find(ctx context.Context, m backend.Model, from, to time.Time) ([]backend.Found, error) {
	f.from, f.to = from, to
	return f.list, f.err
}

func TestLookForUnsure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e, task := unsure(t, &gateway{takes: time.Second})
		if err := e.Look(task.ID); backend.KindOf(err) != backend.Invalid || !strings.Contains(err.Error(), "adopt") {
			t.Errorf("a provider that cannot: %v", err)
		}
		f := &finding{gateway: w.gateway}
		w.p.Driver = f
		look := func(want backend.State, list ...backend.Found) Task {
			t.Helper()
			f.list = list
			if err := e.Look(task.ID); err != nil {
				t.Fatal(err)
			}
			return w.is(e, task.ID, 0, want)
		}
		if got := look(backend.Unsure); got.Trouble == nil || got.Trouble.Kind != backend.Gone {
			t.Errorf("nothing found: %v", got.Trouble)
		}
		if f.from.After(task.Sent) || f.to.Before(task.Sent) {
			t.Errorf("looked from %v to %v", f.from, f.to)
		}
		look(backend.Unsure, backend.Found{Ticket: "x", Prompt: "a dog"})
		cat := backend.Found{Ticket: "x", Prompt: "a cat"}
		if got := look(backend.Unsure, cat, backend.Found{Ticket: "y", Prompt: "a cat"}); !strings.Contains(got.Trouble.Message, "x y") {
			t.Errorf("two found: %v", got.Trouble)
		}
		f.err = errors.New("offline")
		if got := look(backend.Unsure, cat); !strings.Contains(got.Trouble.Message, "offline") {
			t.Errorf("failed: %v", got.Trouble)
		}
		f.err, cat.Ticket = nil, w.gateway.accept()
		if got := look(backend.Running, cat); got.Ticket != cat.Ticket || !got.Adopted {
			t.Errorf("found: %q", got.Ticket)
		}
		w.is(e, task.ID, 10*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestStopAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: 10 * time.Second})
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, time.Second, backend.Queued)
		if err := e.Stop(task.ID); err != nil {
			t.Fatal(err)
		}
		got := w.is(e, task.ID, time.Minute, backend.Canceled)
		if got.Error.Kind != backend.Stopped || !strings.Contains(got.Error.Message, "charged") {
			t.Errorf("%v", got.Error)
		}
		if len(w.gateway.canceled) != 1 || w.record(task.ID).State != backend.Canceled {
			t.Errorf("canceled at the provider: %v", w.gateway.canceled)
		}
		if _, polls, _ := w.gateway.count(); polls != 0 {
			t.Errorf("%d polls of a stopped task", polls)
		}
		w.closes(e)
		e = w.start()
		if len(e.Tasks()) != 0 {
			t.Error("a stopped task is shown after a restart")
		}
		if err := e.Resume(task.ID); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, 10*time.Second, backend.Done)
		if w.record(task.ID).State != backend.Done || len(e.Tasks()) != 1 {
			t.Error("the record does not say that it is done")
		}
		if err := e.Resume(task.ID); err == nil {
			t.Error("resumed what is done")
		}
		w.closes(e)
	})
}

// A task that is stopped while it is being sent keeps the ticket that comes.
func TestStopWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 50*time.Millisecond, backend.Pending)
		if err := e.Stop(task.ID); err != nil {
			t.Fatal(err)
		}
		got := w.is(e, task.ID, time.Minute, backend.Canceled)
		if got.Ticket == "" || len(w.gateway.canceled) != 1 || w.record(task.ID).Ticket == "" {
			t.Errorf("ticket %q, canceled %v, record %q", got.Ticket, w.gateway.canceled, w.record(task.ID).Ticket)
		}
		e.Resume(task.ID)
		w.is(e, task.ID, 5*time.Second, backend.Done)
		if submits, _, _ := w.gateway.count(); submits != 1 {
			t.Errorf("%d submits", submits)
		}
		w.closes(e)
	})
}

// Who leaves drops only what was not sent, whatever was last seen of it: a task
// that is being sent goes on.
func TestDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		e := w.start()
		sending := w.submit(e)
		w.is(e, sending.ID, 50*time.Millisecond, backend.Pending)
		if err := e.Drop(sending.ID); err == nil {
			t.Error("dropped while it was sent")
		}
		w.is(e, sending.ID, time.Minute, backend.Done)
		if err := e.Drop(sending.ID); err == nil {
			t.Error("dropped what is done")
		}
		waiting := w.submit(e)
		if err := e.Drop(waiting.ID); err != nil {
			t.Error(err)
		}
		w.is(e, waiting.ID, time.Minute, backend.Canceled)
		if submits, _, _ := w.gateway.count(); submits != 1 {
			t.Errorf("%d submits", submits)
		}
		w.closes(e)
	})
}

// Stopped and taken up again while the submit is under way, it is not sent a
// second time, whatever the person presses.
func TestResumeWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 50*time.Millisecond, backend.Pending)
		e.Stop(task.ID)
		e.Resume(task.ID)
		w.is(e, task.ID, 0, backend.Unsure)
		if err := e.Again(task.ID); err == nil {
			t.Error("sent again while the first submit is under way")
		}
		w.is(e, task.ID, 10*time.Second, backend.Done)
		if submits, _, _ := w.gateway.count(); submits != 1 {
			t.Errorf("%d submits", submits)
		}
		w.closes(e)
	})
}

// A download that is stopped ends at once.
func TestStopWhileFetching(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 2300*time.Millisecond, backend.Ready)
		e.Stop(task.ID)
		got := w.is(e, task.ID, time.Second, backend.Canceled)
		if got.Files[0].Path != "" || got.Fetches[0].Tries != 0 || w.gateway.inFlight != 0 {
			t.Errorf("%+v, %d in flight", got.Files, w.gateway.inFlight)
		}
		e.Resume(task.ID)
		w.is(e, task.ID, time.Second, backend.Done)
		w.closes(e)
	})
}

// A picture that came in the moment of stopping is known.
func TestStopTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second}
		g.onFetch = func(_ int, _ backend.Image, w io.Writer) (bool, error) {
			time.Sleep(200 * time.Millisecond) // it does not look at the context
			_, err := w.Write([]byte("picture"))
			return true, err
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 2300*time.Millisecond, backend.Ready)
		e.Stop(task.ID)
		got := w.is(e, task.ID, time.Second, backend.Canceled)
		if r := w.record(task.ID); got.Files[0].Path == "" || len(r.Files) != 1 {
			t.Errorf("%+v, record %+v", got.Files, r.Files)
		}
		w.closes(e)
	})
}

func TestFindByTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Hour})
		for _, id := range []string{"aaaa-1-k3f9x2", "aaaa-2-k3f9x2", "aaaa-3-77f9x2"} {
			e := asked()
			e.V, e.ID, e.At = 1, id, time.Now()
			w.disk.Append(true, e)
		}
		e := w.start()
		for id, want := range map[string]string{
			"aaaa-1-k3f9x2": "aaaa-1-k3f9x2", "77f9x2": "aaaa-3-77f9x2", " 77F9X2 ": "aaaa-3-77f9x2", "7f9x2": "aaaa-3-77f9x2",
			"k3f9x2": "", "f9x2": "", "9x2": "", "": "", "zzzzzz": "",
		} {
			got, err := e.Task(id)
			if got.ID != want || (err == nil) != (want != "") {
				t.Errorf("%q: %q, %v", id, got.ID, err)
			}
		}
		w.closes(e)
	})
}

func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: 5 * time.Second})
		e := w.start()
		f, quiet := e.Follow(), e.Follow()
		defer f.Close()
		quiet.Close()
		a := w.submit(e)
		b := w.submit(e)
		time.Sleep(time.Minute)
		synctest.Wait()
		list, err := f.Next(context.Background())
		if err != nil || len(list) != 2 || list[0].ID != a.ID || list[1].ID != b.ID || list[0].State != backend.Done {
			t.Fatalf("%v, %d tasks", err, len(list))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := f.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nothing new: %v", err)
		}
		c := w.submit(e)
		if list, err := f.Next(context.Background()); err != nil || list[0].ID != c.ID {
			t.Errorf("%v, %v", list, err)
		}
		w.closes(e)
		for {
			if _, err = f.Next(context.Background()); err != nil {
				break
			}
		}
		if !errors.Is(err, ErrClosed) {
			t.Errorf("after close: %v", err)
		}
	})
}
