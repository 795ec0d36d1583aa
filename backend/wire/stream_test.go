package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"easel/backend"
)

func events(t *testing.T, h http.HandlerFunc) ([]string, *Answer, error) {
	t.Helper()
	call := submit(serve(t, h).URL)
	call.Stream = true
	var got []string
	a, err := client(t).Events(context.Background(), call, func(data string) error {
		got = append(got, data)
		return nil
	})
	return got, a, err
}

func stream200(body string, abort bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		io.WriteString(w, body)
		http.NewResponseController(w).Flush()
		if abort {
			panic(http.ErrAbortHandler)
		}
	}
}

func TestEvents(t *testing.T) {
	for body, want := range map[string][]string{
		"data: {\"a\":1}\n\ndata: {\"a\":2}\n\n":                               {`{"a":1}`, `{"a":2}`},
		": hi\n\nevent: message\nid: 4\nretry: 1\ndata: 1\n\ndata: [DONE]\n\n": {"1", "[DONE]"},
		"data: {\ndata: }\r\n\r\n":                                             {"{\n}"},
		"data: last":                                                           {"last"},
		"":                                                                     nil,
		"event: nothing\n\n":                                                   nil,
	} {
		got, a, err := events(t, stream200(body, false))
		if err != nil || a != nil || !slices.Equal(got, want) {
			t.Errorf("%q gives %q, %v, %v", body, got, a, err)
		}
	}
}

func TestBrokenStream(t *testing.T) {
	got, _, err := events(t, stream200("data: 1\n\ndata: 2", true))
	e := backend.AsError(err)
	if len(got) == 0 || got[0] != "1" || e == nil || e.Fate != backend.Unknown || e.Kind != backend.Unavailable {
		t.Errorf("%q, %+v", got, e)
	}
	got, _, err = events(t, stream200("data: "+strings.Repeat("x", MaxAnswer+10)+"\n\n", false))
	if len(got) > 0 || err == nil {
		t.Errorf("an event without end: %d, %v", len(got), err)
	}
}

func TestNoStream(t *testing.T) {
	got, a, err := events(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"id":1}`) })
	if err != nil || len(got) > 0 || string(a.Body) != `{"id":1}` {
		t.Errorf("%q, %+v, %v", got, a, err)
	}
	_, a, err = events(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(502)
	})
	if err != nil || a.Status != 502 {
		t.Errorf("%+v, %v", a, err)
	}
	if _, _, err = events(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>") }); backend.KindOf(err) != backend.Garbled {
		t.Error(err)
	}
}

func TestEventsStop(t *testing.T) {
	call := submit(serve(t, stream200("data: 1\n\ndata: 2\n\n", false)).URL)
	call.Stream = true
	full := errors.New("the disk is full")
	n := 0
	_, err := client(t).Events(context.Background(), call, func(string) error { n++; return full })
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

func FuzzEvents(f *testing.F) {
	for _, s := range []string{"data: {}\n\n", ": c\n\nevent: x\ndata: 1\ndata: 2\n\n", "data", "id: \x00\n\n", "\ufeffdata: 1\r\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		transport := answering(200, "text/event-stream", text)
		call := submit("http://x.test")
		call.Stream = true
		n := 0
		_, err := New(transport, "").Events(context.Background(), call, func(data string) error {
			if strings.TrimSpace(data) == "" {
				t.Errorf("an event of nothing: %q", data)
			}
			n += len(data)
			return nil
		})
		if n > len(text) {
			t.Errorf("%d bytes of %d", n, len(text))
		}
		if err != nil && backend.AsError(err).Fate != backend.Unknown {
			t.Error(err)
		}
	})
}

// answering is a transport that always answers the same.
type answer struct {
	status     int
	kind, body string
}

func answering(status int, kind, body string) answer { return answer{status, kind, body} }

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {a.kind}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1}, nil
}
