package task

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

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
