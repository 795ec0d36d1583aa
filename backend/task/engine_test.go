package task

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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

// A download that fails is tried again by itself; the task is not sent again.
func TestDownloadFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, images: 2}
		g.onFetch = func(n int, image backend.Image, _ io.Writer) (bool, error) {
			return n <= 12 && strings.HasSuffix(image.URL, "/1"), &backend.Error{Kind: backend.Unavailable, HTTP: 503}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 20*time.Second, backend.Ready)
		if got.Files[0].Path == "" || got.Files[1].Path != "" || got.Trouble == nil {
			t.Errorf("%+v, trouble %v", got.Files, got.Trouble)
		}
		got = w.is(e, task.ID, time.Hour, backend.Done)
		if submits, _, fetches := g.count(); submits != 1 || fetches != 13 || got.Trouble != nil {
			t.Errorf("%d submits, %d downloads, trouble %v", submits, fetches, got.Trouble)
		}
		w.closes(e)
	})
}

func TestDownloadOfNoPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := true
		g := &gateway{takes: time.Second}
		g.onFetch = func(int, backend.Image, io.Writer) (bool, error) {
			return bad, &backend.Error{Kind: backend.Garbled, Message: "not a picture"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 24*time.Hour, backend.Ready)
		_, _, before := g.count()
		if before < 5 || before > 15 || got.Images[0].URL == "" || !got.Idle() {
			t.Errorf("%d downloads, idle %v", before, got.Idle())
		}
		bad = false
		if err := e.Download(task.ID); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, time.Second, backend.Done)
		w.closes(e)
	})
}

// An address that is dead is asked for again: the provider may name a new one.
func TestDownloadFromADeadAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second}
		g.onFetch = func(n int, image backend.Image, _ io.Writer) (bool, error) {
			return !strings.HasSuffix(image.URL, "?fresh"), &backend.Error{Kind: backend.Unavailable, HTTP: 403}
		}
		fresh := false
		g.onPoll = func(n int, jobs []backend.Job) (bool, map[string]backend.Snapshot, error) {
			s, _ := g.state(jobs[0].Ticket)
			if fresh {
				s.Images[0].URL += "?fresh"
			}
			return true, map[string]backend.Snapshot{jobs[0].Ticket: s}, nil
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 30*time.Second, backend.Ready)
		_, polls, fetches := g.count()
		if polls > fetches+1 || fetches > 8 {
			t.Errorf("%d polls for %d downloads", polls, fetches)
		}
		w.closes(e)
		fresh = true
		e = w.start()
		w.is(e, task.ID, 5*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestDownloadThatIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, images: 2}
		g.onFetch = func(n int, image backend.Image, w io.Writer) (bool, error) {
			return strings.HasSuffix(image.URL, "/0"), &backend.Error{Kind: backend.Garbled, Final: true, Message: "a file: address"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 10*time.Second, backend.Failed)
		if got.Error.Kind != backend.Garbled || got.Files[1].Path == "" {
			t.Errorf("%v, %+v", got.Error, got.Files)
		}
		if r := w.record(task.ID); len(r.Files) != 1 || r.State != backend.Failed {
			t.Errorf("%+v", r)
		}
		w.closes(e)
	})
}

// Pictures that come inside an answer vanish with the process: they are asked
// for again.
func TestInlineAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, inline: true}
		w := newWorld(t, g)
		w.shelf.files = nil
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, time.Second, backend.Queued)
		w.closes(e)
		// The answer with the picture came, and then the power went.
		image := told(backend.Snapshot{State: backend.Ready, Images: []backend.Image{{Data: []byte("lost")}}})
		image.V, image.ID, image.At = 1, task.ID, time.Now()
		w.disk.Append(true, image)
		e = w.start()
		w.is(e, task.ID, 5*time.Second, backend.Done)
		if names := w.shelf.names(); string(names["/p/"+task.Short()+"-0.png"]) != "picture" {
			t.Errorf("%s", names)
		}
		w.closes(e)
	})
}

// Without a ticket there is nobody to ask.
func TestInlineWithoutTicketAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{})
		for i, e := range []Event{asked(), {Kind: Sending}, painted("")} {
			e.V, e.ID, e.At = 1, "some-task-k3f9x2", time.Now().Add(time.Duration(i))
			w.disk.Append(true, e)
		}
		e := w.start()
		got := w.is(e, "k3f9x2", time.Second, backend.Failed)
		if got.Error.Kind != backend.Gone {
			t.Errorf("%v", got.Error)
		}
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
		w.gateway.takes = time.Hour + time.Minute
		slow := w.submit(e) // still running when the person is back
		time.Sleep(time.Second)
		w.closes(e)
		time.Sleep(time.Hour)
		w.gateway.takes = time.Minute
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

func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: 30 * time.Second})
		w.p.Batch = 10
		e := w.start()
		for range 25 {
			w.submit(e)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, task := range e.Tasks() {
			if task.State != backend.Done {
				t.Errorf("%s: %v", task.State, task.Trouble)
			}
		}
		_, polls, _ := w.gateway.count()
		if polls > 80 || slices.Max(w.gateway.polled) != 10 {
			t.Errorf("%d polls, at most %d together", polls, slices.Max(w.gateway.polled))
		}
		w.closes(e)
	})
}

// One job that spoils a batch does not spoil it for the others.
func TestBatchThatIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spoiled := 0
		g := &gateway{takes: 10 * time.Second}
		g.onPoll = func(n int, jobs []backend.Job) (bool, map[string]backend.Snapshot, error) {
			bad := slices.ContainsFunc(jobs, func(j backend.Job) bool { return j.Ticket == "ticket-3" })
			if bad && len(jobs) > 1 {
				spoiled++
			}
			return bad, nil, &backend.Error{Kind: backend.Invalid, HTTP: 400, Message: "bad id"}
		}
		w := newWorld(t, g)
		w.p.Batch = 10
		e := w.start()
		for range 10 {
			w.submit(e)
		}
		time.Sleep(15 * time.Second)
		synctest.Wait()
		done := 0
		for _, task := range e.Tasks() {
			if task.State == backend.Done {
				done++
			} else if task.Ticket != "ticket-3" || task.Over() {
				t.Errorf("%s is %s", task.Ticket, task.State)
			}
		}
		if done != 9 || spoiled != 1 {
			t.Errorf("%d done, %d polls spoiled", done, spoiled)
		}
		time.Sleep(20 * time.Second) // the bad one alone does no harm to others
		other := w.submit(e)
		w.is(e, other.ID, 15*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{takes: 10 * time.Second})
		w.p.Parallel = 3
		e := w.start()
		for range 50 {
			w.submit(e)
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if w.gateway.most > 6 { // three to the API, three downloads
			t.Errorf("%d in flight", w.gateway.most)
		}
		for _, task := range e.Tasks() {
			if task.State != backend.Done {
				t.Errorf("%s", task.State)
			}
		}
		w.closes(e)
	})
}

// Submits that block for minutes leave room for polls.
func TestBlockingSubmitsLeaveRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: 10 * time.Second}
		w := newWorld(t, g)
		w.p.Parallel = 4
		e := w.start()
		first := w.submit(e)
		w.is(e, first.ID, time.Second, backend.Queued)
		g.mu.Lock()
		g.onSubmit = func(ctx context.Context, n int, told func(backend.Snapshot) error) (bool, error) {
			time.Sleep(10 * time.Minute)
			return false, nil
		}
		g.mu.Unlock()
		for range 10 {
			w.submit(e)
		}
		w.is(e, first.ID, 20*time.Second, backend.Done)
		w.closes(e)
	})
}
