package task_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/backendtest"
	"easel/backend/recipe"
	"easel/backend/task"
)

// line is the way to a provider. It knows what went by, and can be broken.
type line struct {
	over http.RoundTripper
	hits string // the step that meets the fault
	dial error  // once

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	step string
	at   time.Time
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	step := "poll"
	switch {
	case r.URL.Host == "results.test":
		step = "download"
	case r.Body != nil && r.Method == http.MethodPost:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if strings.Contains(string(body), `"prompt"`) {
			step = "submit"
		}
	}
	l.mu.Lock()
	l.asked = append(l.asked, asked{step, time.Now()})
	broken := l.dial
	if step != l.hits {
		broken = nil
	}
	if broken != nil {
		l.dial = nil
	}
	l.mu.Unlock()
	if broken != nil {
		return nil, broken
	}
	return l.over.RoundTrip(r)
}

// first is when the first request went by.
func (l *line) first() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked[0].at
}

// after gives the first request behind the first of a step, and how many
// submits there were.
func (l *line) after(step string) (next *asked, submits int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	hit := false
	for i, a := range l.asked {
		if a.step == "submit" {
			submits++
		}
		if hit && next == nil {
			next = &l.asked[i]
		}
		hit = hit || a.step == step
	}
	return next, submits
}

// slips is a journal that keeps nothing, and a library whose pictures are in
// memory.
type slips struct{}

func (slips) Append(bool, ...task.Event) error { return nil }
func (slips) Replay(func(task.Event)) error    { return nil }
func (slips) Finish(task.Record) error         { return nil }
func (slips) Check(task.Task) error            { return nil }
func (slips) Save(_ context.Context, t task.Task, _ int, write func(io.Writer) error) (task.File, error) {
	var b strings.Builder
	if err := write(&b); err != nil {
		return task.File{}, err
	}
	if _, err := backend.Sniff([]byte(b.String())); err != nil {
		return task.File{}, &backend.Error{Op: backend.OpFetch, Kind: backend.Garbled, Message: err.Error()}
	}
	return task.File{Path: "/pictures/" + t.Short()}, nil
}

// trial is a task that meets a fault.
type trial struct {
	h    *backendtest.Handler
	line *line
	e    *task.Engine
	many int // tasks; two for a batch
	id   string
	mend time.Duration // when the fault goes away; 0: by itself

	sees string // what a person sees when the fault was met
	seen time.Time
}

// try lets a task of a provider meet a fault at a step, and says what a person
// sees then, what is sent next, and how it ends when nobody does anything.
func try(t *testing.T, server, step string, f fault) string {
	t.Helper()
	f.plan.Takes = 6 * time.Second
	h, err := backendtest.NewHandler(server, backendtest.WithPlan(f.plan))
	if err != nil {
		t.Fatal(err)
	}
	at := backendtest.Step(step)
	switch step {
	case "stream":
		at = backendtest.StepSubmit
	case "batch":
		at = backendtest.StepPoll
	}
	if what, ok := f.of(server, step); ok {
		h.Fault(at, what)
	}
	x := &trial{h: h, mend: f.first, many: 1, line: &line{over: h.Client().Transport, hits: string(at), dial: f.dial}}
	r, err := recipe.Embedded(server)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Provider(recipe.Options{Name: server, BaseURL: h.BaseURL(), Client: &http.Client{Transport: x.line},
		Key: func(context.Context) (string, error) { return h.Key(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	x.e = task.New(task.Config{Providers: []*backend.Provider{p}, Journal: slips{}, Library: slips{}})
	if err := x.e.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer x.e.Close(context.Background())
	defer h.Mend()
	ask := p.Models[0].Fill(backend.Request{Provider: server, Model: p.Models[0].ID, Prompt: "a cat"})
	switch step {
	case "stream":
		ask.Options = map[string]string{"replyType": "stream"}
	case "batch":
		x.many = 2
	}
	return x.goes(t, ask)
}

// goes submits, follows for two hours, and says what happened.
func (x *trial) goes(t *testing.T, ask backend.Request) string {
	t.Helper()
	for range x.many {
		one, err := x.e.Submit(ask, "")
		if err != nil {
			t.Fatal(err)
		}
		x.id = one.ID
	}
	wait := 50 * time.Millisecond
	var one task.Task
	for end := time.Now().Add(2 * time.Hour); !one.Over() && time.Now().Before(end); {
		time.Sleep(wait)
		synctest.Wait()
		one, _ = x.e.Task(x.id)
		x.look(one)
		if x.sees != "" {
			wait = 10 * time.Second
		}
	}
	next, submits := x.line.after(x.line.hits)
	if made := len(x.h.Tasks()); made > x.many || submits > x.many && !(next != nil && next.step == "submit") {
		t.Errorf("%d submits made %d tasks", submits, made)
	}
	if illegal := x.h.Illegal(); len(illegal) > 0 {
		t.Errorf("illegal: %v", illegal)
	}
	for _, other := range x.e.Tasks() {
		if other.State != one.State {
			t.Errorf("one ends %s, another %s", one.State, other.State)
		}
	}
	if polls := x.h.Polls(); x.many > 1 && x.line.dial == nil && len(polls) > 0 && len(polls[0].Body) > 0 && !polls[0].Batch {
		t.Error("they were not asked about together")
	}
	return fmt.Sprintf("%s; %s; %s", x.sees, x.does(next), stateOf(one))
}

// look notes what a person sees first, and mends what goes away in time.
func (x *trial) look(one task.Task) {
	next, _ := x.line.after(x.line.hits)
	if x.mend > 0 && (next != nil || x.sees != "") && time.Since(x.line.first()) > x.mend {
		x.h.Mend()
	}
	trouble := one.Error
	if trouble == nil {
		trouble = one.Trouble
	}
	if x.sees != "" || trouble == nil && !one.Over() {
		return
	}
	x.sees, x.seen = "nothing", time.Now()
	if trouble == nil {
		return
	}
	x.sees = fmt.Sprintf("%s %s", stateOf(one), trouble.Kind)
	if one.Held {
		x.sees += ", held"
	}
}

// stateOf takes queued for running, which is the provider's choice of word.
func stateOf(one task.Task) backend.State {
	if one.State == backend.Queued {
		return backend.Running
	}
	return one.State
}

// does says what is sent behind the fault.
func (x *trial) does(next *asked) string {
	if next == nil {
		return "nothing"
	}
	does := map[string]string{"submit": "sent", "poll": "asked", "download": "fetched"}[next.step]
	if next.step == x.line.hits {
		does += " again"
	}
	if next.at.Sub(x.seen) > 80*time.Second {
		does += " after 90 s"
	}
	return does
}
