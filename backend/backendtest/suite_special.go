package backendtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
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
