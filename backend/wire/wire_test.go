package wire

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

const key = "sk-secret-0123456789"

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func client(t *testing.T) *Client {
	transport := network()
	transport.Proxy = nil
	t.Cleanup(transport.CloseIdleConnections)
	return New(transport, "easel/test")
}

func submit(url string) Call {
	return Call{Op: backend.OpSubmit, Method: "POST", URL: url, Key: key, Body: &Body{Type: "application/json", Parts: []Part{{Text: "{}"}}}}
}

func poll(url string) Call {
	return Call{Op: backend.OpPoll, Method: "GET", URL: url, Key: key}
}

func TestHeadOfARequest(t *testing.T) {
	var got *http.Request
	var body []byte
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		io.WriteString(w, `{"id":1}`)
	})
	call := submit(s.URL + "/v1/x?a=b")
	call.Header = http.Header{"Authorization": {"Bearer " + key}, "Modelname": {"m"}}
	a, err := client(t).Do(context.Background(), call)
	if err != nil || !a.OK() || string(a.Body) != `{"id":1}` {
		t.Fatalf("%+v, %v", a, err)
	}
	for name, want := range map[string]string{
		"Accept": "application/json", "User-Agent": "easel/test", "Content-Type": "application/json",
		"Authorization": "Bearer " + key, "Modelname": "m", "Content-Length": "2",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if string(body) != "{}" || got.URL.RawQuery != "a=b" || got.ContentLength != 2 {
		t.Errorf("%q %q %d", body, got.URL.RawQuery, got.ContentLength)
	}
	call = poll(s.URL)
	call.Stream = true
	if _, err := client(t).Do(context.Background(), call); err != nil || !strings.Contains(got.Header.Get("Accept"), "text/event-stream") {
		t.Errorf("%v, %q", err, got.Header.Get("Accept"))
	}
}

// What becomes of a submit that got no answer.
func TestNoAnswer(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secret := httptest.NewUnstartedServer(http.NotFoundHandler())
	secret.Config.ErrorLog = log.New(io.Discard, "", 0)
	secret.StartTLS()
	t.Cleanup(secret.Close)
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) {})
	hangup := serve(t, func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	reset := serve(t, func(w http.ResponseWriter, r *http.Request) {
		c, _, _ := http.NewResponseController(w).Hijack()
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	})
	inside := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `{"id":`)
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	shy, err := net.Listen("tcp", "127.0.0.1:0") // hangs up before TLS begins
	if err != nil {
		t.Fatal(err)
	}
	defer shy.Close()
	go func() {
		for {
			c, err := shy.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	for name, c := range map[string]struct {
		url  string
		fate backend.Fate
		kind backend.Kind
		says string
	}{
		"hung up before TLS": {"https://" + shy.Addr().String(), backend.Unsent, backend.Unavailable, "cannot be reached"},
		"refused":            {closed.URL, backend.Unsent, backend.Unavailable, "connection refused"},
		"no such host":       {"http://host.invalid", backend.Unsent, backend.Unavailable, "cannot be reached"},
		"certificate":        {secret.URL, backend.Unsent, backend.Unavailable, "certificate"},
		"no TLS":             {strings.Replace(plain.URL, "http:", "https:", 1), backend.Unsent, backend.Unavailable, "cannot be reached"},
		"no scheme":          {"nonsense", backend.Unsent, backend.Invalid, "cannot be"},
		"hung up":            {hangup.URL, backend.Unknown, backend.Unavailable, "hung up"},
		"reset":              {reset.URL, backend.Unknown, backend.Unavailable, "hung up"},
		"hung up in the end": {inside.URL, backend.Unknown, backend.Unavailable, "cut off"},
	} {
		_, err := client(t).Do(context.Background(), submit(c.url))
		e := backend.AsError(err)
		if e == nil || e.Fate != c.fate || e.Kind != c.kind && name != "no scheme" || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// A transport that tells no trace: only what surely never had a connection is
// unsent.
type deaf struct{ err error }

func (d deaf) RoundTrip(*http.Request) (*http.Response, error) { return nil, d.err }

func TestNoTrace(t *testing.T) {
	for err, fate := range map[error]backend.Fate{
		errors.New("something"): backend.Unknown, io.EOF: backend.Unknown,
		&net.OpError{Op: "read", Err: errors.New("x")}:        backend.Unknown,
		&net.OpError{Op: "dial", Err: errors.New("x")}:        backend.Unsent,
		&net.OpError{Op: "proxyconnect", Err: errors.New("")}: backend.Unsent,
		&net.DNSError{Err: "no such host"}:                    backend.Unsent,
	} {
		_, got := New(deaf{err}, "").Do(context.Background(), submit("http://x.test"))
		if e := backend.AsError(got); e.Fate != fate {
			t.Errorf("%v: fate %d, want %d", err, e.Fate, fate)
		}
	}
}

// stuck never answers.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestSilence(t *testing.T) {
	blocking, stream := submit("http://x.test"), submit("http://x.test")
	blocking.Blocking, stream.Stream = true, true
	for _, c := range []struct {
		call Call
		want time.Duration
	}{
		{poll("http://x.test"), 30 * time.Second}, {submit("http://x.test"), 2 * time.Minute}, {blocking, 15 * time.Minute}, {stream, 5 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := New(stuck{}, "").Do(context.Background(), c.call)
			e := backend.AsError(err)
			if took := time.Since(start); took != c.want || e.Kind != backend.Timeout || e.Fate != backend.Unknown {
				t.Errorf("%s after %v: %+v", c.call.Op, took, e)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := New(stuck{}, "").Do(ctx, submit("http://x.test"))
		if e := backend.AsError(err); e.Kind != backend.Timeout || e.Fate != backend.Unknown {
			t.Errorf("%+v", e)
		}
		_, err = New(stuck{}, "").Do(ctx, submit("http://x.test"))
		if e := backend.AsError(err); e.Fate != backend.Unsent {
			t.Errorf("a context that is over: %+v", e)
		}
	})
}

// dripping answers a byte every 20 s.
type dripping struct{}

func (dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		for _, b := range []byte(`{"id":"x"}`) {
			time.Sleep(20 * time.Second)
			pw.Write([]byte{b})
		}
	}()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: pr, Request: r, ContentLength: -1}, nil
}

func TestSlowIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := New(dripping{}, "").Do(context.Background(), poll("http://x.test"))
		if err != nil || string(a.Body) != `{"id":"x"}` {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestOwnConnection(t *testing.T) {
	var dials, turn atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn.Add(1)
		if r.Method == "POST" && r.ProtoMajor != 1 {
			t.Errorf("a submit by %s", r.Proto)
		}
		io.WriteString(w, "{}")
	}))
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			dials.Add(1)
		}
	}
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	transport := s.Client().Transport.(*http.Transport)
	c := New(transport, "x")
	for range 3 {
		for _, call := range []Call{poll(s.URL), submit(s.URL), poll(s.URL)} {
			if _, err := c.Do(context.Background(), call); err != nil {
				t.Fatal(err)
			}
		}
	}
	if dials.Load() != 4 {
		t.Errorf("%d connections for 3 submits and 6 polls, want 4", dials.Load())
	}
}

func TestAnswerThatIsNone(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // else the server may reset the connection
		switch r.URL.Path {
		case "/moved":
			w.Header().Set("Location", "https://new.example/v2/"+key)
			w.WriteHeader(307)
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<html><title>Wel&shy;come\nto &quot;"+key+"&quot;</title>")
		case "/bare":
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, "\n <!DOCTYPE HTML><p>")
		case "/mislabelled":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, ` {"id":1}`)
		case "/large":
			w.Write(bytes.Repeat([]byte(" "), MaxAnswer+1))
		}
	})
	for path, c := range map[string]struct {
		kind backend.Kind
		fate backend.Fate
		says string
	}{
		"/moved": {backend.Invalid, backend.Refused, "the base URL has moved to https://new.example/v2/(key)"},
		"/page":  {backend.Garbled, backend.Unknown, "web page (“Welcome to \"(key)\"”): is the base URL right?"},
		"/bare":  {backend.Garbled, backend.Unknown, "web page: is the base URL right?"},
		"/large": {backend.Garbled, backend.Unknown, "more than 8 MB"},
	} {
		_, err := client(t).Do(context.Background(), submit(s.URL+path))
		if e := backend.AsError(err); e == nil || e.Kind != c.kind || e.Fate != c.fate || !strings.Contains(strings.ReplaceAll(e.Message, "\u00ad", ""), c.says) {
			t.Errorf("%s: %+v", path, e)
		}
	}
	if a, err := client(t).Do(context.Background(), submit(s.URL+"/mislabelled")); err != nil || a.Web {
		t.Errorf("JSON that is called HTML: %+v, %v", a, err)
	}
}

func TestJudge(t *testing.T) {
	page := "<!doctype html><title>Gateway</title>"
	for _, c := range []struct {
		op       backend.Op
		status   int
		body     string
		own      bool
		blocking bool
		kind     backend.Kind
		fate     backend.Fate
		says     string
	}{
		{backend.OpSubmit, 400, `{}`, true, false, backend.Invalid, backend.Refused, "Bad Request: {}"},
		{backend.OpSubmit, 401, ``, false, false, backend.Unauthorized, backend.Refused, "Unauthorized (an empty answer)"},
		{backend.OpSubmit, 402, ``, false, false, backend.Unpaid, backend.Refused, "Payment Required"},
		{backend.OpSubmit, 403, page, false, false, backend.Unauthorized, backend.Refused, "web page (“Gateway”): is the base URL right?"},
		{backend.OpSubmit, 404, `404 page not found`, false, false, backend.Invalid, backend.Refused, "404 page not found"},
		{backend.OpSubmit, 408, `{}`, true, false, backend.Timeout, backend.Unknown, ""},
		{backend.OpSubmit, 422, `{}`, true, false, backend.Invalid, backend.Refused, ""},
		{backend.OpSubmit, 429, page, false, false, backend.RateLimited, backend.Unsent, ""},
		{backend.OpSubmit, 429, `{}`, true, true, backend.RateLimited, backend.Unsent, ""},
		{backend.OpSubmit, 500, `{}`, true, false, backend.Unavailable, backend.Refused, ""},
		{backend.OpSubmit, 500, `{}`, false, false, backend.Unavailable, backend.Unknown, ""},
		{backend.OpSubmit, 500, `{}`, true, true, backend.Unavailable, backend.Unknown, ""},
		{backend.OpSubmit, 502, page, false, false, backend.Unavailable, backend.Unknown, "Bad Gateway (a web page (“Gateway”))"},
		{backend.OpSubmit, 502, `{}`, true, false, backend.Unavailable, backend.Unknown, ""},
		{backend.OpSubmit, 503, page, false, false, backend.Unavailable, backend.Unsent, ""},
		{backend.OpSubmit, 503, `{}`, true, true, backend.Unavailable, backend.Unknown, ""},
		{backend.OpSubmit, 504, `{}`, true, false, backend.Timeout, backend.Unknown, ""},
		{backend.OpSubmit, 524, page, false, false, backend.Timeout, backend.Unknown, "(a web page (“Gateway”))"},
		{backend.OpSubmit, 530, `x`, true, false, backend.Unavailable, backend.Unknown, "x"},
		{backend.OpSubmit, 200, `{}`, false, false, backend.Garbled, backend.Unknown, ""},
		{backend.OpSubmit, 200, `{}`, true, true, backend.Garbled, backend.Refused, ""},
		{backend.OpSubmit, 304, ``, false, false, backend.Garbled, backend.Refused, ""},
		{backend.OpPoll, 404, `{}`, false, false, backend.Gone, backend.Refused, ""},
		{backend.OpPoll, 410, `{}`, true, false, backend.Gone, backend.Refused, ""},
		{backend.OpPoll, 404, page, false, false, backend.Garbled, backend.Refused, "is the base URL right?"},
		{backend.OpPoll, 404, `404 page not found`, false, false, backend.Garbled, backend.Refused, ""},
		{backend.OpPoll, 400, `{}`, true, false, backend.Invalid, backend.Refused, ""},
	} {
		a := &Answer{Status: c.status, Header: http.Header{}, Body: []byte(c.body)}
		a.Web = isWebPage(a)
		e := Call{Op: c.op, Blocking: c.blocking, Key: key}.Judge(a, c.own)
		if e.Kind != c.kind || e.Fate != c.fate || e.HTTP != c.status || e.Op != c.op || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s %d %q own %v blocking %v: %s, fate %d: %q", c.op, c.status, c.body, c.own, c.blocking, e.Kind, e.Fate, e.Message)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 120 ": 2 * time.Minute, "1.5": 1500 * time.Millisecond, "-5": 0, "soon": 0, "NaN": 0,
		"1e300": 365 * 24 * time.Hour, "Inf": 365 * 24 * time.Hour,
		"Fri, 20 Nov 2026 12:01:00 GMT": time.Minute, "Fri, 20 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"7", "Fri, 20 Nov 2026 12:01:00 GMT", "1e99", "-0", "0x1p-2", "NaN"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if d := retryAfter(http.Header{"Retry-After": {text}}, now); d < 0 {
			t.Errorf("%q: %v", text, d)
		}
	})
}

func TestBodyIsStreamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.png")
	data := bytes.Repeat([]byte("\x89PNG\r\n\x1a\nxyz"), 5000)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var got []byte
	var length int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		length = r.ContentLength
		got, _ = io.ReadAll(r.Body)
		if kind, p, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
			form, err := multipart.NewReader(bytes.NewReader(got), p["boundary"]).ReadForm(1 << 20)
			if err != nil {
				t.Error(err)
				return
			}
			f, err := form.File["image"][0].Open()
			if err != nil {
				t.Error(err)
				return
			}
			got, _ = io.ReadAll(f)
		}
		io.WriteString(w, "{}")
	})
	call := submit(s.URL)
	call.Body = &Body{Type: "application/json", Parts: []Part{{Text: `{"image":"`}, {File: path, Base64: true}, {Text: `"}`}}}
	if _, err := client(t).Do(context.Background(), call); err != nil {
		t.Fatal(err)
	}
	if want := `{"image":"` + base64.StdEncoding.EncodeToString(data) + `"}`; string(got) != want || length != int64(len(want)) {
		t.Errorf("%d bytes arrived, told %d, want %d", len(got), length, len(want))
	}
	call.Body = &Body{Type: `multipart/form-data; boundary=xyz`, Parts: []Part{
		{Text: "--xyz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"}, {File: path}, {Text: "\r\n--xyz--\r\n"},
	}}
	if _, err := client(t).Do(context.Background(), call); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes of %d: %v", len(got), len(data), err)
	}
	call.Body.Parts[1].File = filepath.Join(dir, "missing.png")
	_, err := client(t).Do(context.Background(), call)
	if e := backend.AsError(err); e == nil || e.Fate != backend.Unsent || e.Kind != backend.Invalid {
		t.Errorf("a missing file: %+v", e)
	}
}

func TestHide(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"no " + key + " here": "no (key) here",
		key + key:             "(key)(key)",
	} {
		if got := Hide(text, key); got != want {
			t.Errorf("%q", got)
		}
	}
	odd := `k+/"\é-0123`
	for _, text := range []string{"k%2B%2F%22%5C%C3%A9-0123", `k+/\"\\é-0123`, odd} {
		if got := Hide("<"+text+">", odd); got != "<(key)>" {
			t.Errorf("%q stays: %q", text, got)
		}
	}
}
