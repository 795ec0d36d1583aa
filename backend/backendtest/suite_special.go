package backendtest

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// special holds what only one protocol has.
func special(t *testing.T, s Subject) {
	tests := map[string]map[string]func(*testing.T, Subject){
		"haoee":   {"inline pictures": haoeeInline, "usage and revised prompt": haoeeUsage, "a key with its Bearer": haoeeBearer},
		"grsai":   {"stream": grsaiStream, "chatty stream": grsaiChatty, "broken stream": grsaiBroken, "a stream that says nothing": grsaiSilent, "json": grsaiJSON, "blocking": grsaiBlocking, "a final status in a 400": grsaiFinal},
		"uniall":  {"files": uniallFiles, "n": uniallCount},
		"acedata": {"batch": acedataBatch, "find": acedataFind, "blocking": acedataBlocking},
		"defapi":  {"references": defapiReferences, "consumed": defapiConsumed},
	}
	for name, test := range tests[s.Server] {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

// haoeeInline: the request says b64_json, the unused one of url and b64_json is
// empty.
func haoeeInline(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{As: AsBase64}))
	r := b.p.Models[0].Set(b.usual(), optionOf(t, b.p.Models[0], "response_format"), "b64_json")
	if _, err := b.submit(r); err != nil {
		t.Fatal(err)
	}
	sent := b.last(StepSubmit)
	if got := sent.text("response_format"); got != "b64_json" {
		t.Errorf("response_format is %q", got)
	}
	id := b.h.Tasks()[0].ID
	last := b.until(backend.Job{Model: r.Model, Ticket: id})
	if len(last.Images) != 1 || last.Images[0].URL != "" || string(last.Images[0].Data) != string(b.h.Picture(id, 0)) {
		t.Errorf("%+v", last)
	}
	if strings.Contains(last.Answer, "iVBORw0KGgo") && len(last.Answer) > 4096 {
		t.Errorf("the answer that is kept weighs %d bytes", len(last.Answer))
	}
}

// optionOf gives the name of the option that is sent in a field.
func optionOf(t *testing.T, m backend.Model, field string) string {
	t.Helper()
	o, ok := m.Option(field)
	if !ok {
		t.Fatalf("%s has no option for the field %s", m.ID, field)
	}
	return o.Name
}

func haoeeUsage(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{Revised: "一只小猫在炒菜"}))
	last := b.until(b.accepted())
	if last.Revised != "一只小猫在炒菜" || !contains(string(last.Usage), `"total_tokens":2715`) {
		t.Errorf("revised %q, usage %s", last.Revised, last.Usage)
	}
}

// haoeeBearer: a key that a person wrote with its Bearer is not given another.
func haoeeBearer(t *testing.T, s Subject) {
	b := s.inMemory(t)
	b.p = s.providerWith(t, "Bearer "+Key, b.h.BaseURL(), b.h.Client().Transport)
	b.until(b.accepted())
}

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

// uniallFiles: one local file goes by multipart; several, or one beside an
// address, are refused before anything is sent.
func uniallFiles(t *testing.T, s Subject) {
	b := s.inMemory(t)
	for _, m := range b.p.Models {
		r := b.usualOf(m)
		r.References = []backend.Reference{b.file(0)}
		if b.arrives(m, r) {
			got := b.last(StepSubmit)
			if !strings.HasPrefix(got.Header.Get("Content-Type"), "multipart/form-data") || len(got.References) != 1 {
				t.Errorf("%s: %s with %d references", m.ID, got.Header.Get("Content-Type"), len(got.References))
			}
		}
		n := len(b.h.Submits())
		for _, list := range [][]backend.Reference{{b.file(0), b.file(1)}, {b.file(0), address(1)}} {
			r.References = list
			_, err := b.submit(r)
			if e := b.asError(err, backend.OpCheck); e.Field != backend.FieldReferences || len(b.h.Submits()) != n {
				t.Errorf("%s: %v", m.ID, err)
			}
		}
	}
}

// uniallCount: n is sent for gpt-image-2 only.
func uniallCount(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{}))
	for _, m := range b.p.Models {
		r := b.usualOf(m)
		if m.HasCount() {
			r.Count = m.Count
		}
		if !b.arrives(m, r) {
			continue
		}
		got := b.last(StepSubmit)
		if n, there := got.Fields["n"]; there && m.ID != "gpt-image-2" {
			t.Errorf("%s: n is %v", m.ID, n)
		}
		task := b.h.Tasks()[len(b.h.Tasks())-1]
		if last := b.until(backend.Job{Model: m.ID, Ticket: task.ID}); len(last.Images) != r.Count {
			t.Errorf("%s: %d pictures of %d", m.ID, len(last.Images), r.Count)
		}
	}
}

// acedataBatch: many tasks in one request; the answer comes in any order, and
// what it does not know is missing.
func acedataBatch(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{}))
	if b.p.Batch < 3 {
		t.Fatalf("%d tasks are asked for together", b.p.Batch)
	}
	jobs := []backend.Job{b.accepted(), b.accepted(), {Model: "nano-banana", Ticket: "no-such-task"}}
	got, err := b.p.Poll(b.ctx, jobs...)
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %+v", err, got)
	}
	for _, j := range jobs[:2] {
		b.pictures(j.Ticket, got[j.Ticket].Images)
		if len(got[j.Ticket].Images) != 1 || got[j.Ticket].State != backend.Ready {
			t.Errorf("%s: %+v", j.Ticket, got[j.Ticket])
		}
	}
	polls := b.h.Polls()
	if len(polls) != 1 || !polls[0].Batch || !slices.Equal(polls[0].Tickets, []string{jobs[0].Ticket, jobs[1].Ticket, "no-such-task"}) {
		t.Errorf("asked in %d requests, first %q", len(polls), polls[0].Tickets)
	}
	for name, f := range garbage() {
		b.h.Fault(StepPoll, f)
		for ticket, one := range must(b.p.Poll(b.ctx, jobs...)) {
			if one.State == backend.Failed || one.State == backend.Ready {
				t.Errorf("%s: %s is read as %+v", name, ticket, one)
			}
		}
	}
}

func must(m map[string]backend.Snapshot, _ error) map[string]backend.Snapshot { return m }

// acedataBlocking: without async the answer is the result, and any 5xx leaves
// open what became of the request.
func acedataBlocking(t *testing.T, s Subject) {
	b := s.inMemory(t, WithPlan(Plan{Takes: time.Nanosecond}))
	m := b.p.Models[0]
	if _, ok := m.Option("async"); !ok {
		return // a recipe may know only the way that is polled
	}
	r := m.Set(b.usual(), optionOf(t, m, "async"), "false")
	told, err := b.submit(r)
	if err != nil || len(told) != 1 || told[0].State != backend.Ready {
		t.Fatalf("%v, told %+v", err, told)
	}
	b.pictures(b.h.Tasks()[0].ID, told[0].Images)
	for status, fate := range map[int]backend.Fate{500: backend.Unknown, 503: backend.Unknown, 429: backend.Unsent, 403: backend.Refused} {
		b.h.Fault(StepSubmit, Answer(status, `{"success":false,"error":{"code":"api_error","message":"fetch failed"}}`))
		_, err := b.submit(r)
		if e := b.asError(err, backend.OpSubmit); e.Fate != fate {
			t.Errorf("%d: fate %d, want %d: %v", status, e.Fate, fate, err)
		}
	}
}

// acedataFind: tasks can be listed by time, to look for one whose submit had no
// answer.
func acedataFind(t *testing.T, s Subject) {
	b := s.inMemory(t)
	finder, ok := b.p.Driver.(backend.Finder)
	if !ok {
		return // optional
	}
	start := time.Now().Truncate(time.Second)
	b.h.Fault(StepSubmit, Fault{HangUp: AfterRead, Carry: true})
	if _, err := b.submit(b.usual()); err == nil {
		t.Fatal("no error")
	}
	found, err := finder.Find(b.ctx, b.p.Models[0], start, start.Add(time.Minute))
	if err != nil || len(found) != 1 || found[0].Ticket != b.h.Tasks()[0].ID || found[0].Prompt != prompt || found[0].Created.Before(start) {
		t.Errorf("%v, %+v", err, found)
	}
	if found, err := finder.Find(b.ctx, b.p.Models[0], start.Add(-time.Hour), start.Add(-time.Minute)); err != nil || len(found) != 0 {
		t.Errorf("of another time: %v, %+v", err, found)
	}
}

// defapiReferences: addresses only, at most four.
func defapiReferences(t *testing.T, s Subject) {
	b := s.inMemory(t)
	for _, m := range b.p.Models {
		r := b.usualOf(m)
		for _, list := range [][]backend.Reference{{b.file(0)}, {address(0), b.file(1)}, {address(0), address(1), address(2), address(3), address(4)}} {
			r.References = list
			_, err := b.submit(r)
			if e := b.asError(err, backend.OpCheck); e.Field != backend.FieldReferences || len(b.h.Requests()) > 0 {
				t.Errorf("%s, %d references: %v", m.ID, len(list), err)
			}
		}
	}
}

func defapiConsumed(t *testing.T, s Subject) {
	b := s.inMemory(t)
	last := b.until(b.accepted())
	if last.Cost == nil || last.Cost.Amount != "0.500000" || last.Cost.Unit != "credits" {
		t.Errorf("the cost is %+v", last.Cost)
	}
	b.h.Fault(StepPoll, Answer(http.StatusOK, `{"code":0,"message":"ok","data":{"status":"success","result":[{"image":""},{"image":null}],"consumed":null}}`))
	got, err := b.p.Poll(b.ctx, backend.Job{Model: b.p.Models[0].ID, Ticket: b.h.Tasks()[0].ID})
	if one := got[b.h.Tasks()[0].ID]; err == nil && (len(one.Images) > 0 || one.State == backend.Failed) {
		t.Errorf("a success without a picture is read as %+v", got)
	}
}
