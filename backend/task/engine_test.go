package task

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

func TestLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: 20 * time.Second, images: 2})
		e := w.start()
		task := w.submit(e)
		if task.State != backend.Pending || w.disk.has(Created) != 1 {
			t.Fatalf("%s, %d created", task.State, w.disk.has(Created))
		}
		w.is(e, task.ID, time.Second, backend.Queued)
		running := w.is(e, task.ID, 5*time.Second, backend.Running)
		if running.Progress != 0.5 {
			t.Errorf("progress %v", running.Progress)
		}
		done := w.is(e, task.ID, 20*time.Second, backend.Done)
		if len(done.Files) != 2 || done.Files[0].URL == "" || done.Files[1].Path == done.Files[0].Path || len(w.shelf.names()) != 2 {
			t.Errorf("%+v", done.Files)
		}
		if r := w.record(task.ID); r.State != backend.Done || len(r.Files) != 2 || r.Finished.IsZero() {
			t.Errorf("%+v", r)
		}
		if w.closes(e) != 0 {
			t.Error("something is pending")
		}
		submits, polls, fetches := w.gateway.count()
		if submits != 1 || polls < 8 || polls > 11 || fetches != 2 {
			t.Errorf("%d submits, %d polls, %d downloads", submits, polls, fetches)
		}
	})
}

// "sending" is on disk before a byte is sent, and the ticket when told returns.
func TestWriteAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{}
		w := newWorld(t, g)
		g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			if w.disk.has(Sending) != 1 {
				t.Error("a byte was sent before sending was on disk")
			}
			told(backend.Snapshot{State: backend.Running, Progress: 0.1}) // a stream before its id
			if err := told(backend.Snapshot{Ticket: g.accept(), State: backend.Running}); err != nil {
				t.Error(err)
			}
			if w.disk.has(Told) != 1 {
				t.Error("told returned before the ticket was on disk")
			}
			return true, nil
		}
		e := w.start()
		w.is(e, w.submit(e).ID, 10*time.Second, backend.Done)
		w.closes(e)
	})
}

// After a submit whose outcome is not known nothing is sent by itself, for ever.
func TestUnsureStays(t *testing.T) {
	for name, fail := range map[string]*backend.Error{
		"time-out": {Kind: backend.Timeout}, "502": {Kind: backend.Unavailable, HTTP: 502}, "garbled": {Kind: backend.Garbled},
		"no id": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, &gateway{onSubmit: func(context.Context, int, func(backend.Snapshot) error) (bool, error) {
					if fail == nil {
						return true, nil
					}
					return true, fail
				}})
				e := w.start()
				task := w.submit(e)
				w.is(e, task.ID, 48*time.Hour, backend.Unsure)
				w.closes(e)
				e = w.start()
				w.is(e, task.ID, 48*time.Hour, backend.Unsure)
				w.closes(e)
				if submits, _, _ := w.gateway.count(); submits != 1 {
					t.Errorf("%d submits", submits)
				}
			})
		})
	}
}

// What was surely not accepted is sent again, with growing pauses, and can be
// given up meanwhile.
func TestUnsentIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second}
		g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			if n <= 4 {
				return true, &backend.Error{Kind: backend.Unavailable, Fate: backend.Unsent, Message: "connection refused"}
			}
			if n == 5 {
				return true, &backend.Error{Kind: backend.RateLimited, HTTP: 429, Fate: backend.Unsent, After: 5 * time.Minute}
			}
			return false, nil
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, time.Second, backend.Pending)
		if got.Trouble == nil || got.Trouble.Message != "connection refused" {
			t.Errorf("trouble %v", got.Trouble)
		}
		got = w.is(e, task.ID, 10*time.Minute, backend.Done)
		if got.Sends != 6 || got.Trouble != nil {
			t.Errorf("%d sends, trouble %v", got.Sends, got.Trouble)
		}
		if last := g.submits[5].Sub(g.submits[4]); last < 5*time.Minute || last > 5*time.Minute+time.Second {
			t.Errorf("Retry-After of 5 min, sent again after %v", last)
		}
		for i, longest := range []time.Duration{2, 4, 8, 16} {
			if d := g.submits[i+1].Sub(g.submits[i]); d > longest*time.Second || d < longest*time.Second/2 {
				t.Errorf("pause %d: %v", i, d)
			}
		}
		g.onSubmit = func(context.Context, int, func(backend.Snapshot) error) (bool, error) {
			return true, &backend.Error{Kind: backend.Unavailable, Fate: backend.Unsent}
		}
		task = w.submit(e)
		w.is(e, task.ID, time.Hour, backend.Pending)
		if err := e.Stop(task.ID); err != nil {
			t.Fatal(err)
		}
		before, _, _ := g.count()
		w.is(e, task.ID, time.Hour, backend.Canceled)
		if after, _, _ := g.count(); after != before {
			t.Error("sent after it was given up")
		}
		w.closes(e)
	})
}

func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{onSubmit: func(context.Context, int, func(backend.Snapshot) error) (bool, error) {
			return true, &backend.Error{Kind: backend.Moderated, HTTP: 403, Fate: backend.Refused, Message: "no", TraceID: "tr"}
		}})
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, time.Second, backend.Failed)
		if got.Error.Kind != backend.Moderated || got.Error.TraceID != "tr" || got.Error.Provider != "p" {
			t.Errorf("%+v", got.Error)
		}
		if r := w.record(task.ID); r.Error == nil || r.Error.Kind != backend.Moderated {
			t.Errorf("%+v", r.Error)
		}
		w.closes(e)
	})
}

// A submit answer may already be the result, also without an id.
func TestReadyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{onSubmit: func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			return true, told(backend.Snapshot{State: backend.Ready, Images: []backend.Image{{URL: "https://cdn.example/1"}, {Data: []byte("inside")}}})
		}})
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, time.Second, backend.Done)
		if _, polls, fetches := w.gateway.count(); polls != 0 || fetches != 1 || got.Images[1].Data != nil {
			t.Errorf("%d polls, %d downloads, %d bytes still held", polls, fetches, len(got.Images[1].Data))
		}
		if names := w.shelf.names(); string(names["/p/"+task.Short()+"-1.png"]) != "inside" {
			t.Errorf("%v", names)
		}
		w.closes(e)
	})
}

// A stream is not polled while it lives; one that breaks is polled by its id.
func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Minute}
		g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			ticket := g.accept()
			for i := range 10 {
				told(backend.Snapshot{Ticket: ticket, State: backend.Running, Progress: float64(i) / 100})
				time.Sleep(3 * time.Second)
			}
			return true, &backend.Error{Kind: backend.Unavailable, Message: "the stream broke"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 29*time.Second, backend.Running)
		if _, polls, _ := g.count(); polls != 0 || got.Progress != 0.09 {
			t.Errorf("%d polls during the stream, progress %v", polls, got.Progress)
		}
		w.is(e, task.ID, time.Minute, backend.Done)
		if submits, _, _ := g.count(); submits != 1 {
			t.Errorf("%d submits", submits)
		}
		w.closes(e)
	})
}

// A poll never ends a task by failing: it goes on when the provider is back.
func TestPollFaults(t *testing.T) {
	for name, fail := range map[string]*backend.Error{
		"500": {Kind: backend.Unavailable, HTTP: 500}, "html": {Kind: backend.Garbled}, "429": {Kind: backend.RateLimited, After: time.Minute},
		"400": {Kind: backend.Invalid, HTTP: 400}, "time-out": {Kind: backend.Timeout}, "404 for 20 s": {Kind: backend.Gone, HTTP: 404},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				broken := 30 * time.Minute
				if fail.Kind == backend.Gone {
					broken = 20 * time.Second
				}
				w := newWorld(t, &gateway{onPoll: func(int, []backend.Job) (bool, map[string]backend.Snapshot, error) {
					return time.Since(begin) < broken, nil, fail
				}})
				e := w.start()
				task := w.submit(e)
				got := w.is(e, task.ID, broken-time.Second, backend.Queued)
				if got.Trouble == nil || got.Trouble.Kind != fail.Kind {
					t.Errorf("trouble %v", got.Trouble)
				}
				_, polls, _ := w.gateway.count()
				if polls > 45 {
					t.Errorf("%d polls in half an hour of trouble", polls)
				}
				w.is(e, task.ID, 10*time.Minute, backend.Done)
				w.closes(e)
			})
		})
	}
}

func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Hour}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, time.Minute, backend.Running)
		g.mu.Lock()
		clear(g.jobs)
		g.mu.Unlock()
		w.is(e, task.ID, 20*time.Second, backend.Running)
		got := w.is(e, task.ID, 25*time.Second, backend.Failed)
		if got.Error.Kind != backend.Gone {
			t.Errorf("%v", got.Error)
		}
		w.closes(e)
	})
}

// 401, 402 and 403 stop the asking until the next start, or until a person asks.
func TestHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		locked := true
		g := &gateway{}
		g.onPoll = func(int, []backend.Job) (bool, map[string]backend.Snapshot, error) {
			return locked, nil, &backend.Error{Kind: backend.Unauthorized, HTTP: 401, Message: "bad key"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 24*time.Hour, backend.Queued)
		if !got.Held || got.Trouble == nil || !got.Idle() {
			t.Errorf("held %v, trouble %v", got.Held, got.Trouble)
		}
		if _, polls, _ := g.count(); polls != 1 {
			t.Errorf("%d polls", polls)
		}
		if err := e.Look(task.Short()); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, time.Hour, backend.Queued)
		if _, polls, _ := g.count(); polls != 2 {
			t.Errorf("%d polls after a look", polls)
		}
		w.closes(e)
		locked = false
		e = w.start()
		w.is(e, task.ID, time.Minute, backend.Done)
		w.closes(e)
	})
}

func TestSubmitRefusesWhatCannotBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{})
		e := w.start()
		ok := backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}
		bad := func(change func(*backend.Request)) backend.Request { r := ok; change(&r); return r }
		for name, r := range map[string]backend.Request{
			"provider": bad(func(r *backend.Request) { r.Provider = "q" }), "model": bad(func(r *backend.Request) { r.Model = "n" }),
			"prompt": bad(func(r *backend.Request) { r.Prompt = " " }), "count": bad(func(r *backend.Request) { r.Count = 9 }),
			"reference": bad(func(r *backend.Request) { r.References = []backend.Reference{{Path: "/does/not/exist.png"}} }),
		} {
			if _, err := e.Submit(r, ""); backend.KindOf(err) != backend.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.shelf.check = &backend.Error{Kind: backend.Invalid, Message: "read-only"}
		if _, err := e.Submit(ok, "/out"); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("output: %v", err)
		}
		w.shelf.check = nil
		w.disk.setFull(true)
		if _, err := e.Submit(ok, ""); !errors.Is(err, errFull) {
			t.Errorf("full disk: %v", err)
		}
		w.disk.setFull(false)
		synctest.Wait()
		if submits, _, _ := w.gateway.count(); submits != 0 || len(e.Tasks()) != 0 || len(w.disk.lines) != 0 {
			t.Errorf("%d submits, %d tasks, %d lines", submits, len(e.Tasks()), len(w.disk.lines))
		}
		w.closes(e)
	})
}

// A full disk stops what was not sent yet; what runs goes on, and is written
// when there is room again.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: 10 * time.Second}
		w := newWorld(t, g)
		g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			w.disk.setFull(true) // after "sending", before the ticket
			return false, nil
		}
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 5*time.Second, backend.Running)
		if got.Ticket == "" || w.disk.has(Told) != 0 {
			t.Errorf("ticket %q, %d lines", got.Ticket, w.disk.has(Told))
		}
		w.is(e, task.ID, time.Minute, backend.Done)
		w.disk.setFull(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if w.record(task.ID).State != backend.Done || w.disk.has(Told) < 1 {
			t.Error("not written when there was room again")
		}
		w.closes(e)
		w.disk = w.disk.crash()
		e = w.start()
		if len(e.Tasks()) != 0 {
			t.Errorf("%v", e.Tasks()[0].State)
		}
		w.closes(e)
	})
}

func TestFullDiskBeforeSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: time.Second})
		w.p.Parallel = 1
		first := true
		w.gateway.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			time.Sleep(time.Second)
			w.disk.setFull(first)
			first = false
			return false, nil
		}
		e := w.start()
		w.submit(e)
		task := w.submit(e)
		got := w.is(e, task.ID, 5*time.Second, backend.Pending)
		if got.Trouble == nil || !strings.Contains(got.Trouble.Message, "no space") || got.Sends != 0 {
			t.Errorf("trouble %v, %d sends", got.Trouble, got.Sends)
		}
		w.disk.setFull(false)
		w.is(e, task.ID, 2*time.Minute, backend.Done)
		w.closes(e)
	})
}
