//go:build unix

package crash

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"easel/backend/backendtest"
)

// arrival is a submit as it reached the provider.
type arrival struct {
	at       time.Time
	answered time.Time // when the first byte of the answer was on its way; zero: never
	again    bool      // answered with what allows another submit
	open     bool      // answered in a way that says nothing about the task
	refused  bool      // answered with the provider's own error
}

// provider is a loopback provider that is late, slow and often broken. It counts
// submits by their prompts, which are unique.
type provider struct {
	*backendtest.Server
	api, files string // where easel finds it

	mu      sync.Mutex
	random  *rand.Rand
	calm    bool
	submits map[string][]*arrival // by prompt
}

func newProvider(t *testing.T, name string, seed uint64) *provider {
	t.Helper()
	server, err := backendtest.Start(name)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{Server: server, random: rand.New(rand.NewPCG(seed, 7)), submits: map[string][]*arrival{}}
	api, files := listen(t, p.answer), listen(t, p.download)
	p.api, p.files = api, files
	t.Cleanup(server.Close)
	return p
}

func listen(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String()
}

// dice gives a number below n; n if the provider is calm, which is nothing bad.
func (p *provider) dice(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calm {
		return n
	}
	return p.random.IntN(n)
}

func (p *provider) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm = true
}

// answer answers a request of the API.
func (p *provider) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var asked struct{ Prompt string }
	json.Unmarshal(body, &asked)
	if asked.Prompt == "" {
		p.poll(w, r)
		return
	}
	p.SetPlan(backendtest.Plan{Takes: time.Duration(100+p.dice(900)) * time.Millisecond})
	a := &arrival{at: time.Now()}
	p.mu.Lock()
	p.submits[asked.Prompt] = append(p.submits[asked.Prompt], a)
	p.mu.Unlock()
	p.submit(w, r, a)
}

// submit answers a submit: late, and one in five wrongly.
func (p *provider) submit(w http.ResponseWriter, r *http.Request, a *arrival) {
	note := func(which *bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		*which = true
	}
	late := &late{ResponseWriter: w, p: p, r: r, a: a, wait: time.Duration(p.dice(800)) * time.Millisecond}
	switch p.dice(100) {
	case 0, 1, 2, 3:
		note(&a.again)
		w.Header().Set("Retry-After", "1")
		plain(w, http.StatusTooManyRequests, `{"error":{"message":"too many requests","code":"too_many_requests"}}`)
	case 4, 5:
		note(&a.again)
		note(&a.open) // to a reply that blocks it says nothing
		plain(w, http.StatusServiceUnavailable, "<html><title>busy</title></html>")
	case 6, 7:
		note(&a.open)
		panic(http.ErrAbortHandler)
	case 8, 9, 10:
		note(&a.open)
		p.carryOut(r)
		panic(http.ErrAbortHandler)
	case 11, 12:
		note(&a.open)
		p.carryOut(r)
		plain(w, http.StatusBadGateway, "<html><title>bad gateway</title></html>")
	case 13, 14:
		note(&a.open)
		late.cut = 12
		p.Server.Handler.ServeHTTP(late, r)
	case 15:
		note(&a.refused)
		note(&a.open) // a stream's is none
		plain(w, http.StatusInternalServerError, `{"success":false,"id":"","status":"failed","error":"out of order"}`)
	default:
		p.Server.Handler.ServeHTTP(late, r)
	}
}

// carryOut makes the task that a request asks for, and drops the answer.
func (p *provider) carryOut(r *http.Request) {
	p.Server.Handler.ServeHTTP(httptest.NewRecorder(), r)
}

// poll answers a question about tasks, one in six wrongly.
func (p *provider) poll(w http.ResponseWriter, r *http.Request) {
	late := &late{ResponseWriter: w, p: p, r: r, wait: time.Duration(p.dice(60)) * time.Millisecond}
	switch p.dice(36) {
	case 0:
		plain(w, http.StatusInternalServerError, `{"success":false,"error":{"code":"api_error","message":"oops"}}`)
	case 1:
		plain(w, http.StatusServiceUnavailable, "<html><title>busy</title></html>")
	case 2:
		panic(http.ErrAbortHandler)
	case 3:
		plain(w, http.StatusNotFound, `{"error":{"message":"not found"}}`)
	case 4:
		late.cut = 20
		p.Server.Handler.ServeHTTP(late, r)
	case 5:
		plain(w, http.StatusTooManyRequests, `{"error":{"message":"too many requests","code":"too_many_requests"}}`)
	default:
		p.Server.Handler.ServeHTTP(late, r)
	}
}

// download sends a picture slowly, in pieces, one in five wrongly.
func (p *provider) download(w http.ResponseWriter, r *http.Request) {
	whole := httptest.NewRecorder()
	p.Results().ServeHTTP(whole, r)
	bytes := whole.Body.Bytes()
	cut := len(bytes)
	switch p.dice(30) {
	case 0, 1:
		plain(w, http.StatusInternalServerError, "oops")
		return
	case 2:
		panic(http.ErrAbortHandler)
	case 3:
		plain(w, http.StatusOK, "<html><title>busy</title></html>")
		return
	case 4, 5:
		cut = len(bytes) / 2
	}
	wait := time.Duration(p.dice(60)) * time.Millisecond
	w.WriteHeader(whole.Code)
	for i := 0; i < cut; i += 200 {
		w.Write(bytes[i:min(i+200, cut)])
		http.NewResponseController(w).Flush()
		pause(r, wait)
	}
	if cut < len(bytes) {
		panic(http.ErrAbortHandler)
	}
}

func plain(w http.ResponseWriter, status int, body string) {
	if strings.HasPrefix(body, "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func pause(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// late is an answer whose first byte waits: the task is made already then. The
// addresses of results in it are those of the slow host.
type late struct {
	http.ResponseWriter
	p      *provider
	r      *http.Request
	a      *arrival // nil of a poll
	wait   time.Duration
	cut    int // only so many bytes, then it hangs up; 0: all
	status int
	begun  bool
}

func (l *late) WriteHeader(status int) { l.status = status }

func (l *late) Write(b []byte) (int, error) {
	n := len(b)
	b = bytes.ReplaceAll(b, []byte(l.p.ResultsURL()), []byte(l.p.files))
	if !l.begun {
		l.begin()
	}
	if l.cut > 0 {
		l.ResponseWriter.Write(b[:min(l.cut, len(b))])
		http.NewResponseController(l.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	_, err := l.ResponseWriter.Write(b)
	return n, err
}

func (l *late) begin() {
	l.begun = true
	pause(l.r, l.wait)
	if l.a != nil && l.r.Context().Err() == nil {
		l.p.mu.Lock()
		l.a.answered = time.Now()
		l.p.mu.Unlock()
	}
	if l.status != 0 {
		l.ResponseWriter.WriteHeader(l.status)
	}
}

// Flush hands on what was written, and begins nothing.
func (l *late) Flush() {
	if l.begun {
		http.NewResponseController(l.ResponseWriter).Flush()
	}
}
