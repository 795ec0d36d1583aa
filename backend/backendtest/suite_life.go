package backendtest

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"easel/backend"
)

// life holds the way of a task from the submit to its pictures, in every form in
// which they come.
func life(t *testing.T, s Subject) {
	tr := traitsOf(s.Server)
	for _, form := range tr.forms {
		for _, shape := range tr.results {
			if form == AsBase64 && shape != "" {
				continue // b64_json stands in the document's own shape only
			}
			t.Run(fmt.Sprintf("%s %s", form, shape), func(t *testing.T) {
				b := s.onLoopback(t, WithPlan(Plan{Polls: 3, As: form, Shape: shape}))
				b.live(tr)
			})
		}
	}
	for _, shape := range tr.submits {
		t.Run("submit "+shape, func(t *testing.T) {
			b := s.inMemory(t, WithPlan(Plan{Shape: shape}))
			j := b.accepted()
			b.pictures(j.Ticket, b.until(j).Images)
		})
	}
	if tr.multiple {
		t.Run("four pictures", func(t *testing.T) {
			b := s.inMemory(t, WithPlan(Plan{Results: 4}))
			j := b.accepted()
			last := b.until(j)
			if len(last.Images) != 4 {
				t.Errorf("%d pictures of 4", len(last.Images))
			}
			b.pictures(j.Ticket, last.Images)
		})
	}
}

// live submits, polls to the end and fetches.
func (b *bench) live(tr traits) {
	b.Helper()
	j := b.accepted()
	if made := b.h.Tasks()[0].ID; j.Ticket != made {
		b.Fatalf("the ticket is %q, the provider's id %q", j.Ticket, made)
	}
	order := map[backend.State]int{backend.Queued: 1, backend.Running: 2, backend.Ready: 3}
	before := backend.Snapshot{State: backend.Queued, Progress: -1}
	for n := 1; ; n++ {
		now, err := b.poll(j)
		if err != nil {
			b.Fatalf("poll %d: %v", n, err)
		}
		if order[now.State] < order[before.State] {
			b.Errorf("poll %d: %s after %s", n, now.State, before.State)
		}
		if told := now.Progress >= 0; now.State == backend.Running && told != tr.progress || now.Progress > 1 || now.Progress < before.Progress {
			b.Errorf("poll %d: progress %v after %v", n, now.Progress, before.Progress)
		}
		if n <= 3 && now.State == backend.Ready || n > 4 {
			b.Fatalf("poll %d: %s", n, now.State)
		}
		if before = now; now.State == backend.Ready {
			break
		}
	}
	if len(before.Images) != 1 {
		b.Fatalf("%d pictures of 1", len(before.Images))
	}
	b.pictures(j.Ticket, before.Images)
}

// statusWords holds how each documented word is read, in any case, and that an
// unknown one means that the task goes on.
func statusWords(t *testing.T, s Subject) {
	tr := traitsOf(s.Server)
	one := func(p Plan) backend.Snapshot {
		t.Helper()
		p.Polls = 1
		b := s.inMemory(t, WithPlan(p))
		got, err := b.poll(b.accepted())
		if err != nil {
			t.Errorf("%+v: %v", p, err)
		}
		return got
	}
	for word, state := range tr.words {
		if got := one(Plan{States: []string{word}}); got.State != state || got.Unknown != "" {
			t.Errorf("%s is read as %s (unknown: %q), want %s", word, got.State, got.Unknown, state)
		}
	}
	if len(tr.words) > 0 {
		if got := one(Plan{States: []string{"Warming_Up"}}); got.State != backend.Running || got.Unknown != "Warming_Up" {
			t.Errorf("an unknown word is read as %s (unknown: %q), want running", got.State, got.Unknown)
		}
	}
	for _, shape := range tr.running {
		if got := one(Plan{Shape: shape}); got.State != backend.Running && got.State != backend.Queued {
			t.Errorf("%s is read as %s, want running", shape, got.State)
		}
	}
	if tr.progress {
		if got := one(Plan{Progress: []int{45}}); got.Progress != 0.45 {
			t.Errorf("45 percent are read as %v", got.Progress)
		}
	}
}

// readyAtOnce holds that the answer to a submit may be the result.
func readyAtOnce(t *testing.T, s Subject) {
	shapes := []string{""}
	if s.Server == "haoee" {
		shapes = append(shapes, "sync")
	}
	for _, shape := range shapes {
		b := s.inMemory(t, WithPlan(Plan{AtOnce: true, Shape: shape}))
		told, err := b.submit(b.usual())
		if err != nil || len(told) == 0 {
			t.Errorf("%q: %v, told %+v", shape, err, told)
			continue
		}
		last := told[len(told)-1]
		if last.State != backend.Ready || len(last.Images) != 1 {
			t.Errorf("%q: told %+v", shape, last)
		}
		if id := b.h.Tasks()[0].ID; shape != "sync" && last.Ticket != id {
			t.Errorf("%q: the ticket is %q, want %q", shape, last.Ticket, id)
		}
		b.pictures(b.h.Tasks()[0].ID, last.Images)
	}
	b := s.inMemory(t, WithPlan(Plan{AtOnce: true, Failure: "no luck"}))
	told, err := b.submit(b.usual())
	switch {
	case err != nil: // AceData says it with an error of HTTP
		if e := b.asError(err, backend.OpSubmit); e.Fate == backend.Unsent {
			t.Errorf("a task that failed at once may be sent again: %v", err)
		}
	case len(told) == 0 || told[len(told)-1].State != backend.Failed || told[len(told)-1].Reason == nil:
		t.Errorf("a task that failed at once: %+v", told)
	}
}

// ticketOutlivesTheDriver holds that another driver, after a restart, answers
// for a job that was written down.
func ticketOutlivesTheDriver(t *testing.T, s Subject) {
	b := s.onLoopback(t)
	written, err := json.Marshal(b.accepted())
	if err != nil {
		t.Fatal(err)
	}
	var job backend.Job
	if err := json.Unmarshal(written, &job); err != nil {
		t.Fatal(err)
	}
	later := *b
	transport := b.h.Client().Transport
	later.p = s.provider(t, b.h.BaseURL()+"/", transport)
	b.h.results.base = "http://" + resultsHost // both are reached in memory now
	later.pictures(job.Ticket, later.until(job).Images)
}

// unknownTicket holds what is read from "I do not know this task", and that it
// passes.
func unknownTicket(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{Hidden: 2}))
	j := b.accepted()
	for range 2 {
		b.gone(j)
	}
	if last := b.until(j); last.State != backend.Ready {
		t.Errorf("a task that was not known at first ends %s", last.State)
	}
	b.gone(backend.Job{Model: j.Model, Ticket: "0-no-such-task"})
}

// gone fails unless a poll says that the task is not known. grsai says it as a
// final status in a 400.
func (b *bench) gone(j backend.Job) {
	b.Helper()
	got, err := b.p.Poll(b.ctx, j)
	if err == nil {
		one := got[j.Ticket]
		if one.State != backend.Failed || one.Reason == nil || one.Reason.HTTP != 400 {
			b.Errorf("an unknown ticket is read as %+v", got)
		}
		return
	}
	if e := b.asError(err, backend.OpPoll); e.Kind != backend.Gone {
		b.Errorf("an unknown ticket is %s: %v", e.Kind, err)
	}
}

// failed holds that a task that failed says why.
func failed(t *testing.T, s Subject) {
	for _, shape := range traitsOf(s.Server).failures {
		b := s.inMemory(t, WithPlan(Plan{Polls: 1, Failure: "the upstream ran out of paint", Shape: shape}))
		j := b.accepted()
		last := b.until(j)
		if last.State != backend.Failed || last.Reason == nil || len(last.Images) > 0 {
			t.Errorf("%q: %+v", shape, last)
			continue
		}
		e := b.asError(last.Reason, backend.OpPoll)
		if e.Kind == backend.Moderated || !contains(e.Message, "the upstream ran out of paint") {
			t.Errorf("%q: failed as %s: %v", shape, e.Kind, e)
		}
	}
}

// manyAtOnce holds that a driver serves many tasks at the same time; it is for
// the race detector.
func manyAtOnce(t *testing.T, s Subject) {
	b := s.inMemory(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			told, err := b.submit(b.usual())
			if err != nil || len(told) == 0 {
				t.Errorf("told %+v: %v", told, err)
				return
			}
			j := backend.Job{Model: b.p.Models[0].ID, Ticket: told[0].Ticket}
			for range 3 {
				got, err := b.p.Poll(b.ctx, j)
				if err != nil {
					t.Error(err)
				} else if last := got[j.Ticket]; last.State == backend.Ready {
					b.pictures(j.Ticket, last.Images)
					return
				}
			}
			t.Errorf("%s does not end", j.Ticket)
		})
	}
	all.Wait()
}

// noKey holds that nothing is sent without a key.
func noKey(t *testing.T, s Subject) {
	b := s.inMemory(t)
	b.p = s.providerWith(t, "", b.h.BaseURL(), b.h.Client().Transport)
	_, err := b.submit(b.usual())
	if e := b.asError(err, backend.OpSubmit); e.Kind != backend.Unauthorized || e.Fate != backend.Unsent {
		t.Errorf("%s, fate %d: %v", e.Kind, e.Fate, err)
	}
	_, err = b.p.Poll(b.ctx, backend.Job{Model: b.p.Models[0].ID, Ticket: "x"})
	if e := b.asError(err, backend.OpPoll); e.Kind != backend.Unauthorized {
		t.Errorf("%s: %v", e.Kind, err)
	}
	if b.p.Access == nil {
		t.Error("nobody can tell that the key is missing")
	} else if e := backend.AsError(b.p.Access(b.ctx)); e == nil || e.Kind != backend.Unauthorized {
		t.Errorf("access: %v", e)
	}
	if n := len(b.h.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}
