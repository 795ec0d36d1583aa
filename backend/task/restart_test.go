package task

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// Wherever the power goes: nothing is sent twice, and what was accepted is
// finished or unsure.
func TestCrashAnywhere(t *testing.T) {
	// The submit lasts 100 ms, the first poll comes after 2 s and lasts 50 ms, a
	// download 200 ms.
	for _, after := range []time.Duration{0, 50, 99, 101, 1000, 2120, 2160, 2300, 2340, 2360, 2400, 5000} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, &gateway{takes: time.Second})
				e := w.start()
				task := w.submit(e)
				time.Sleep(after * time.Millisecond)
				w.disk = w.disk.crash()
				dead, stop := context.WithCancel(context.Background())
				stop()
				e.Close(dead) // its lines go nowhere any more
				synctest.Wait()
				e = w.start()
				defer w.closes(e)
				time.Sleep(time.Minute)
				synctest.Wait()
				got, err := e.Task(task.ID)
				switch {
				case after > 2360 && err != nil: // its record is in the history
					got = Task{State: w.record(task.ID).State}
				case err != nil:
					t.Fatal(err)
				}
				if submits, _, _ := w.gateway.count(); submits != 1 && after > 0 {
					t.Errorf("%d submits", submits)
				}
				want := backend.Done
				if after >= 0 && after < 100 {
					want = backend.Unsure
				}
				if after == 0 && got.State == backend.Done {
					return // the power went before it was being sent
				}
				if got.State != want {
					t.Errorf("%s, want %s (%v)", got.State, want, got.Error)
				}
				if want == backend.Done && len(w.shelf.names()) != 1 {
					t.Errorf("%d pictures", len(w.shelf.names()))
				}
			})
		})
	}
}

// Close waits for submits that are under way, so that no task is unsure without
// need; it does not wait longer than it may.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Hour})
		w.p.Parallel = 1
		w.gateway.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			select {
			case <-time.After(20 * time.Second):
				return false, nil
			case <-ctx.Done():
				return true, &backend.Error{Kind: backend.Timeout, Message: "interrupted"}
			}
		}
		e := w.start()
		sent, waits := w.submit(e), w.submit(e)
		w.is(e, sent.ID, time.Second, backend.Pending)
		begin := time.Now()
		if n := w.closes(e); n != 1 || time.Since(begin) > 20*time.Second {
			t.Errorf("%d pending after %v", n, time.Since(begin))
		}
		e = w.start()
		if got, _ := e.Task(sent.ID); got.State != backend.Queued {
			t.Errorf("%s", got.State)
		}
		w.is(e, waits.ID, time.Second, backend.Pending) // being sent
		begin = time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if n, err := e.Close(ctx); n != 0 || err != nil || time.Since(begin) > 3*time.Second {
			t.Errorf("%d pending, %v, after %v", n, err, time.Since(begin))
		}
		if _, err := e.Close(ctx); err == nil {
			t.Error("closed twice")
		}
		if _, err := e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: "x", Count: 1}, ""); !errors.Is(err, ErrClosed) {
			t.Errorf("submit after close: %v", err)
		}
		e = w.start()
		if got, _ := e.Task(waits.ID); got.State != backend.Unsure {
			t.Errorf("%s", got.State)
		}
		w.closes(e)
	})
}

// Pending tasks of an earlier run are sent when they are young, else asked about.
func TestPendingOfAnEarlierRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		for i, age := range []time.Duration{11 * time.Minute, 9 * time.Minute} {
			e := asked()
			e.V, e.ID, e.At = 1, fmt.Sprintf("task-%d", i), time.Now().Add(-age)
			w.disk.Append(true, e)
		}
		e := w.start()
		w.is(e, "task-1", 5*time.Second, backend.Done)
		old := w.is(e, "task-0", time.Hour, backend.Pending)
		if !old.Asking || !old.Idle() {
			t.Error("not asked about")
		}
		if err := e.Again("task-0"); err != nil {
			t.Fatal(err)
		}
		w.is(e, "task-0", 5*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Minute})
		e := w.start()
		for range 3 {
			w.submit(e)
		}
		time.Sleep(30 * time.Second)
		w.gateway.take(time.Hour + time.Minute)
		slow := w.submit(e) // still running when the person is back
		time.Sleep(time.Second)
		w.closes(e)
		time.Sleep(time.Hour)
		w.gateway.take(time.Minute)
		e = w.start()
		late := w.submit(e)
		w.is(e, late.ID, 2*time.Minute, backend.Done)
		w.is(e, slow.ID, 6*time.Minute, backend.Done) // it is late, and asked about rarely
		if e.Away() != 3 {
			t.Errorf("%d finished while away", e.Away())
		}
		w.closes(e)
		e = w.start()
		if e.Away() != 0 || len(e.Tasks()) != 0 {
			t.Errorf("%d away, %d tasks", e.Away(), len(e.Tasks()))
		}
		w.closes(e)
	})
}

// A task is asked about at the address that it was sent to, and nowhere else.
func TestAnotherBaseURL(t *testing.T) {
	for _, local := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, &gateway{takes: time.Minute})
			w.p.Local = local
			e := w.start()
			task := w.submit(e)
			w.is(e, task.ID, time.Second, backend.Queued)
			w.closes(e)
			if local != (task.BaseURL == "") {
				t.Errorf("local %v, base URL %q", local, task.BaseURL)
			}
			w.p.BaseURL = "https://other.example"
			e = w.start()
			if local {
				w.is(e, task.ID, 2*time.Minute, backend.Done)
				w.closes(e)
				return
			}
			got := w.is(e, task.ID, time.Hour, backend.Queued)
			if _, polls, _ := w.gateway.count(); polls != 0 || !got.Held || !strings.Contains(got.Trouble.Message, "https://p.example") {
				t.Errorf("%d polls, held %v, %v", polls, got.Held, got.Trouble)
			}
			if err := e.Look(task.ID); err == nil {
				t.Error("looked elsewhere")
			}
			w.closes(e)
		})
	}
}

func TestMissingProviderAndKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Minute})
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, time.Second, backend.Queued)
		w.closes(e)
		w.p.Access = func(context.Context) error {
			time.Sleep(5 * time.Second) // a key_command
			return &backend.Error{Kind: backend.Unauthorized, Message: "no key: set P_KEY"}
		}
		begin := time.Now()
		e = w.start()
		if time.Since(begin) > 0 {
			t.Error("the start waits for the key")
		}
		got := w.is(e, task.ID, time.Hour, backend.Queued)
		if !got.Held || !strings.Contains(got.Trouble.Message, "P_KEY") {
			t.Errorf("held %v, %v", got.Held, got.Trouble)
		}
		w.closes(e)
		w.p.Name, w.p.Access = "q", nil
		e = w.start()
		got = w.is(e, task.ID, time.Hour, backend.Queued)
		if _, polls, _ := w.gateway.count(); polls != 0 || !got.Held || !strings.Contains(got.Trouble.Message, "no provider p") {
			t.Errorf("%d polls, held %v, %v", polls, got.Held, got.Trouble)
		}
		other, err := e.Submit(backend.Request{Provider: "q", Model: "m", Prompt: "x", Count: 1}, "")
		if err != nil {
			t.Fatal(err)
		}
		w.is(e, other.ID, 2*time.Minute, backend.Done)
		w.closes(e)
		w.p.Name = "p"
		e = w.start()
		w.is(e, task.ID, time.Minute, backend.Done)
		w.closes(e)
	})
}

// The demo's results are at another address in each run: one that was named by
// an earlier process is fetched from this one.
func TestResultsOfTheDemoMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		home := ""
		g := &gateway{takes: time.Second, onFetch: func(_ int, i backend.Image, _ io.Writer) (bool, error) {
			if strings.HasPrefix(i.URL, home) {
				return false, nil
			}
			return true, &backend.Error{Kind: backend.Unavailable, Message: "connection refused"}
		}}
		w := newWorld(t, g)
		w.p.Local, w.p.BaseURL = true, "http://127.0.0.1:1"
		home = "nowhere"
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 5*time.Second, backend.Ready)
		w.closes(e)
		w.p.BaseURL, home = "http://127.0.0.1:2", "http://127.0.0.1:2/ticket-1/"
		e = w.start()
		defer w.closes(e)
		w.is(e, task.ID, time.Minute, backend.Done)
	})
}

// The demo is asked all the while, however well it is known how long it takes.
func TestTheDemoIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, local := range []bool{false, true} {
			w := newWorld(t, &gateway{takes: time.Hour})
			w.p.Local, w.takes = local, NewTakes(100*time.Second)
			e := w.start()
			w.submit(e)
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if _, polls, _ := w.gateway.count(); (polls > 10) != local {
				t.Errorf("%d polls in 30 s, local %v", polls, local)
			}
			w.closes(e)
		}
	})
}

// A clock that was set back between two runs keeps no task waiting until it has
// come to where it was.
func TestClockSetBack(t *testing.T) {
	for name, known := range map[string]int{"pending": 1, "in flight": 3, "ready": 4} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, &gateway{})
				ahead := time.Now().Add(5 * time.Hour)
				r := backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}
				events := []Event{
					{V: 1, ID: "a", At: ahead, Kind: Created, Request: &r, BaseURL: w.p.BaseURL},
					{V: 1, ID: "a", At: ahead, Kind: Sending, BaseURL: w.p.BaseURL},
					{V: 1, ID: "a", At: ahead, Kind: Told, Snapshot: &backend.Snapshot{Ticket: w.gateway.accept(), State: backend.Running}},
					{V: 1, ID: "a", At: ahead, Kind: Told, Snapshot: &backend.Snapshot{State: backend.Ready,
						Images: []backend.Image{{URL: "https://cdn.example/a"}}}},
				}
				if err := w.disk.Append(true, events[:known]...); err != nil {
					t.Fatal(err)
				}
				e := w.start()
				defer w.closes(e)
				w.is(e, "a", 10*time.Second, backend.Done)
			})
		})
	}
}
