package backendtest

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// replies asks grsai for another way of the answer.
func (b *bench) replies(how string) backend.Request {
	b.Helper()
	return b.p.Models[0].Set(b.usual(), optionOf(b.T, b.p.Models[0], "replyType"), how)
}

// grsaiStream: each event is told while the stream is still open.
func grsaiStream(t *testing.T, s Subject) {
	gate := make(chan struct{}, 1)
	b := s.onLoopback(t, WithPlan(Plan{Polls: 3, Gate: gate}))
	var told []backend.Snapshot
	err := b.p.Submit(b.ctx, b.replies("stream"), func(s backend.Snapshot) error {
		told = append(told, s)
		gate <- struct{}{} // the next event comes only when this one was told
		return nil
	})
	if err != nil || len(told) != 4 {
		t.Fatalf("told %d times: %v", len(told), err)
	}
	id := b.h.Tasks()[0].ID
	for i, now := range told {
		if now.Ticket != id || i > 0 && now.Progress <= told[i-1].Progress || (now.State == backend.Ready) != (i == 3) {
			t.Errorf("event %d is told as %+v", i, now)
		}
	}
	b.pictures(id, told[3].Images)
	if len(b.h.Polls()) > 0 {
		t.Error("it was polled besides")
	}
	if err := b.p.Submit(b.ctx, b.replies("stream"), func(backend.Snapshot) error { return errors.New("the disk is full") }); err == nil {
		t.Error("a ticket that could not be written down is no error")
	}
}

func grsaiChatty(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{Polls: 2, Shape: "chatty"}))
	told, err := b.submit(b.replies("stream"))
	if err != nil || len(told) != 3 || told[2].State != backend.Ready {
		t.Errorf("%v, told %+v", err, told)
	}
	for _, p := range []Plan{{Polls: 1, Failure: "out of paint"}, {Polls: 1, Refused: true}} {
		b.h.SetPlan(p)
		told, err = b.submit(b.replies("stream"))
		if err != nil || len(told) != 2 || told[1].State != backend.Failed || (told[1].Reason.Kind == backend.Moderated) != p.Refused {
			t.Errorf("%v, told %+v", err, told)
		}
	}
}

// grsaiBroken: the id that a stream gave before it broke is polled.
func grsaiBroken(t *testing.T, s Subject) {
	for _, at := range []int{1, 2} {
		b := s.onLoopback(t, WithPlan(Plan{Polls: 4, BreakAt: at}))
		told, err := b.submit(b.replies("stream"))
		if len(told) != at || told[0].Ticket != b.h.Tasks()[0].ID || told[at-1].State != backend.Running {
			t.Fatalf("broken after %d: told %+v: %v", at, told, err)
		}
		if err != nil && backend.AsError(err).Fate != backend.Unknown {
			t.Errorf("broken after %d: %+v", at, backend.AsError(err))
		}
		job := backend.Job{Model: b.usual().Model, Ticket: told[0].Ticket, Kept: told[0].Kept}
		b.pictures(job.Ticket, b.until(job).Images)
		if n := len(b.h.Submits()); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	}
}

// grsaiSilent: a stream that ends or is garbled before it named an id is unsure.
func grsaiSilent(t *testing.T, s Subject) {
	b := s.inMemory(t)
	events := func(body string) Fault {
		return Fault{Status: 200, Body: body, Header: map[string]string{"Content-Type": "text/event-stream"}}
	}
	for _, f := range []Fault{
		events(""), events(": hello\n\n"), events("data: [DONE]\n\n"), events("data: {\"id\":\n\n"), events("data: null\n\n"),
		HTML(200), Answer(200, "{}"), {HangUp: AfterRead}, HTML(502), Answer(500, `{"id":"","status":"failed","error":"it broke"}`),
	} {
		b.h.Fault(StepSubmit, f)
		told, err := b.submit(b.replies("stream"))
		if err == nil || len(told) > 0 {
			t.Errorf("%q: told %+v", f.Body, told)
			continue
		}
		if e := b.asError(err, backend.OpSubmit); e.Fate != backend.Unknown {
			t.Errorf("%d %q: fate %d: %v", f.Status, f.Body, e.Fate, err)
		}
	}
	b.h.Fault(StepSubmit, Answer(200, `{"id":"14-x","status":"violation","error":"no"}`))
	told, err := b.submit(b.replies("stream"))
	if err != nil || len(told) != 1 || told[0].State != backend.Failed {
		t.Errorf("an answer that is no stream: %v, told %+v", err, told)
	}
}

// grsaiJSON: the answer is the result, however long it takes.
func grsaiJSON(t *testing.T, s Subject) {
	synctest.Test(t, func(t *testing.T) {
		b := s.inMemory(t, WithPlan(Plan{Takes: 4 * time.Minute}))
		told, err := b.submit(b.replies("json"))
		if err != nil || len(told) != 1 || told[0].State != backend.Ready {
			t.Fatalf("%v, told %+v", err, told)
		}
		b.pictures(b.h.Tasks()[0].ID, told[0].Images)
	})
	b := s.inMemory(t, WithPlan(Plan{Failure: "out of paint"}))
	told, err := b.submit(b.replies("json")) // a 400 with the whole object
	if e := backend.AsError(err); e != nil && e.Fate != backend.Refused || e == nil && (len(told) != 1 || told[0].State != backend.Failed) {
		t.Errorf("%v, told %+v", err, told)
	}
}

// grsaiBlocking: any 5xx to a reply that blocks is unsure, also with its own
// error and also 503.
func grsaiBlocking(t *testing.T, s Subject) {
	b := s.inMemory(t)
	for _, how := range []string{"json", "stream"} {
		for status, fate := range map[int]backend.Fate{
			500: backend.Unknown, 502: backend.Unknown, 503: backend.Unknown, 504: backend.Unknown,
			429: backend.Unsent, 400: backend.Refused,
		} {
			b.h.Fault(StepSubmit, Answer(status, `{"id":"","status":"failed","error":"it broke"}`))
			_, err := b.submit(b.replies(how))
			if e := b.asError(err, backend.OpSubmit); e.Fate != fate {
				t.Errorf("%d to %s: fate %d, want %d: %v", status, how, e.Fate, fate, err)
			}
		}
	}
}

// grsaiFinal: its 400 to a poll carries the task and a status; it is told with
// its status of HTTP, so that it is not believed at once.
func grsaiFinal(t *testing.T, s Subject) {
	b := s.inMemory(t)
	j := b.accepted()
	for status, kind := range map[string]backend.Kind{"failed": "", "violation": backend.Moderated} {
		b.h.Fault(StepPoll, Answer(400, `{"id":"`+j.Ticket+`","status":"`+status+`","error":"so it is"}`))
		got, err := b.poll(j)
		if err != nil || got.State != backend.Failed || got.Reason == nil || got.Reason.HTTP != 400 || kind != "" && got.Reason.Kind != kind {
			t.Errorf("%s: %v, %+v", status, err, got)
		}
	}
}
