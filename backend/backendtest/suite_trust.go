package backendtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"easel/backend"
)

// keyStaysHome holds that the key reaches the provider and nobody else: not the
// host of the results, not where that sends one, no error and no snapshot.
func keyStaysHome(t *testing.T, s Subject) {
	t.Run("results that have moved", func(t *testing.T) { movedResults(t, s) })
	t.Run("results beside the API", func(t *testing.T) {
		b := s.inMemory(t, WithPlan(Plan{}))
		b.h.results.base = b.h.BaseURL() // the cleanup tells if the key came with the download
		j := b.accepted()
		b.pictures(j.Ticket, b.until(j).Images)
		if n := len(b.h.Downloads()); n != 1 {
			t.Errorf("%d downloads", n)
		}
	})
	t.Run("errors that repeat it", func(t *testing.T) {
		b := s.inMemory(t)
		j := b.accepted()
		echo := string(asJSON(b.h.proto.refusal(StepPoll, 401, &Sent{}, "no such key: "+Key)))
		for _, f := range []Fault{
			Answer(401, echo), Answer(500, echo), Answer(200, echo), Answer(404, "no route for "+Key), Answer(502, "Bearer "+Key),
			Answer(200, "<html><title>"+Key+"</title>"), Redirect(307, "https://example.com/?key="+Key),
		} {
			b.h.Fault(StepSubmit, f)
			b.h.Fault(StepPoll, f)
			told, err := b.submit(b.usual())
			b.keyless("submit", told, err)
			got, err := b.p.Poll(b.ctx, j)
			b.keyless("poll", got, err)
		}
	})
	t.Run("tasks that repeat it", func(t *testing.T) {
		b := s.inMemory(t, WithPlan(Plan{Failure: "no such key: " + Key, Revised: Key}))
		b.keyless("failure", b.until(b.accepted()), nil)
		b.h.SetPlan(Plan{Revised: "a cat and " + Key})
		b.keyless("success", b.until(b.accepted()), nil)
	})
	t.Run("curl", func(t *testing.T) {
		b := s.inMemory(t)
		shower, ok := b.p.Driver.(backend.Shower)
		if !ok {
			return // optional
		}
		text, err := shower.Curl(b.p.Models[0], b.usual())
		if err != nil || !contains(text, "curl") || !contains(text, b.h.BaseURL()) || contains(text, Key) {
			t.Errorf("%v:\n%s", err, text)
		}
	})
}

// movedResults holds that a download follows a redirect, and takes nothing of
// the API with it.
func movedResults(t *testing.T, s Subject) {
	b := s.onLoopback(t, WithPlan(Plan{}))
	image := b.until(b.accepted()).Images[0]
	leaks := make(chan string, 10)
	third := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var all strings.Builder
		r.Header.Write(&all)
		if contains(all.String(), Key) || r.Header.Get("Authorization")+r.Header.Get("ModelName") != "" {
			leaks <- all.String()
		}
		w.Write(b.h.Picture("third", 0))
	}))
	defer third.Close()
	b.h.Fault(StepDownload, Redirect(302, third.URL+"/moved.png"))
	if got, err := b.fetch(image); err != nil || string(got) != string(b.h.Picture("third", 0)) {
		t.Errorf("a result that has moved is not fetched: %d bytes, %v", len(got), err)
	}
	select {
	case leak := <-leaks:
		t.Errorf("the third host got:\n%s", leak)
	default:
	}
}

// keyless fails if the key stands in anything that a driver gave.
func (b *bench) keyless(what string, value any, err error) {
	b.Helper()
	for _, text := range textsIn(value, err) {
		if contains(text, Key) {
			b.Errorf("%s: the key stands in %q", what, text)
		}
	}
}

// textsIn gives every text in a value that a driver gave, and in an error.
func textsIn(value any, err error) []string {
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for k, one := range v {
				out = append(out, k)
				walk(one)
			}
		}
	}
	for _, v := range []any{value, backend.AsError(err)} {
		data, _ := json.Marshal(v)
		var tree any
		json.Unmarshal(data, &tree)
		walk(tree)
	}
	if err != nil {
		out = append(out, err.Error())
	}
	return out
}

// noRedirects holds that a call of the API goes where the config says and
// nowhere else: a redirect is an error that names the new address.
func noRedirects(t *testing.T, s Subject) {
	for _, status := range []int{301, 302, 307, 308} {
		b := s.onLoopback(t)
		j := b.accepted()
		n := len(b.h.Requests())
		to := b.h.ResultsURL() + "/v2/elsewhere"
		b.h.Fault(StepSubmit, Redirect(status, to))
		b.h.Fault(StepPoll, Redirect(status, to))
		_, err := b.submit(b.usual())
		if e := b.asError(err, backend.OpSubmit); !contains(e.Message, to) || e.Fate == backend.Unsent {
			t.Errorf("%d to a submit: fate %d: %v", status, e.Fate, err)
		}
		_, err = b.p.Poll(b.ctx, j)
		if e := b.asError(err, backend.OpPoll); !contains(e.Message, to) || e.Kind == backend.Gone {
			t.Errorf("%d to a poll: %s: %v", status, e.Kind, err)
		}
		if len(b.h.Requests()) != n+2 || len(b.h.Downloads()) > 0 {
			t.Errorf("%d is followed: %d requests, %d elsewhere", status, len(b.h.Requests())-n, len(b.h.Downloads()))
		}
	}
}

// evil is a text that drives a terminal.
const evil = "a\x1b]0;title\a\x1b[2J\x1b[31mred\x1b[0m\r\n\x9b2J\u009b31m\x00\x07\u202eb"

// noEscapesOnScreen holds that a provider's text cannot drive the terminal,
// wherever it comes from.
func noEscapesOnScreen(t *testing.T, s Subject) {
	b := s.inMemory(t)
	body := string(asJSON(b.h.proto.refusal(StepSubmit, 400, &Sent{}, evil)))
	j := b.accepted()
	for _, f := range []Fault{
		Answer(400, body), Answer(500, body), {Status: 502, Body: evil}, {Status: 200, Body: "<html>" + evil},
		{Status: 403, Body: `{"success":false,"error":{"code":"x","message":"y"},"trace_id":` + string(asJSON(evil)) + `}`},
		{Status: 307, Header: map[string]string{"Location": "http://example.com/\x1b[2J"}},
	} {
		b.h.Fault(StepSubmit, f)
		b.h.Fault(StepPoll, f)
		told, err := b.submit(b.usual())
		b.harmless(fmt.Sprintf("submit %d", f.Status), told, err)
		got, err := b.p.Poll(b.ctx, j)
		b.harmless(fmt.Sprintf("poll %d", f.Status), got, err)
	}
	for _, p := range []Plan{{Failure: evil}, {Revised: evil}, {Refused: true, Failure: evil}, {States: []string{evil}, Polls: 1}} {
		b.h.SetPlan(p)
		j := b.accepted()
		got, err := b.poll(j)
		b.harmless(fmt.Sprintf("%+v", p), got, err)
		b.harmless("its end", b.until(j), nil)
	}
}

func (b *bench) harmless(what string, value any, err error) {
	b.Helper()
	for _, text := range textsIn(value, err) {
		if backend.CleanLines(text) != text {
			b.Errorf("%s: %q can drive a terminal", what, text)
		}
	}
	if e := backend.AsError(err); e != nil && backend.Clean(e.Error()) != e.Error() {
		b.Errorf("%s: the error is not one line: %q", what, e.Error())
	}
}
