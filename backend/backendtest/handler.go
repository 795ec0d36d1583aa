package backendtest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Handler is a provider without a network: an http.Handler for its API. It is
// safe for many requests at once, and works in virtual time; see Client.
type Handler struct {
	name    string
	key     string
	prefix  string
	proto   protocol
	results *results

	mu     sync.Mutex
	plan   Plan
	faults map[Step][]Fault
	sent   []Sent
	tasks  map[string]*Task
	order  []string
	turns  map[string]int // requests on each open connection, by the client's address
}

// protocol is what differs between the providers.
type protocol interface {
	// route says what an address is for; StepNone if the documents do not know it.
	route(method, path string) Step
	// judge reads a request, and notes what the documents do not allow.
	judge(s *Sent)
	// answer answers a legal request.
	answer(x *exchange)
	// refusal is the body of the provider's own error.
	refusal(step Step, status int, s *Sent, why string) any
	// id makes the id of the n-th task.
	id(n int) string
}

// exchange is one request that is being answered.
type exchange struct {
	h    *Handler
	w    http.ResponseWriter
	r    *http.Request
	sent *Sent
}

// NewHandler makes a provider that does not listen. The names are those of
// Names.
func NewHandler(name string, opts ...Option) (*Handler, error) {
	protocols := map[string]protocol{
		"haoee": haoee{}, "grsai": grsai{}, "uniall": uniall{}, "acedata": acedata{}, "defapi": defapi{},
	}
	p, ok := protocols[name]
	if !ok {
		return nil, fmt.Errorf("no loopback provider %q: there are %s", name, strings.Join(slices.Sorted(maps.Keys(protocols)), " "))
	}
	h := &Handler{
		name: name, key: Key, proto: p, plan: Plan{Polls: 2},
		faults: map[Step][]Fault{}, tasks: map[string]*Task{}, turns: map[string]int{},
	}
	h.results = &results{h: h, base: "http://" + resultsHost}
	for _, o := range opts {
		o(h)
	}
	return h, nil
}

// Key is the API key that is accepted.
func (h *Handler) Key() string { return h.key }

// SetPlan says how the tasks go that are submitted from now on.
func (h *Handler) SetPlan(p Plan) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.plan = p
}

// ServeHTTP answers a request of the API, and serves results that are kept
// beside it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, h.prefix+"/output/") {
		http.StripPrefix(h.prefix, h.results).ServeHTTP(w, r)
		return
	}
	s := Sent{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), At: time.Now()}
	s.Turn = h.turn(r.RemoteAddr)
	if path, ok := strings.CutPrefix(r.URL.EscapedPath(), h.prefix); ok {
		s.Path, s.Step = path, h.proto.route(r.Method, path)
	}
	x := &exchange{h: h, w: w, r: r, sent: &s}
	fault, bad := h.takeFault(s.Step)
	s.Faulted = bad
	if bad && fault.HangUp == BeforeRead {
		h.record(s)
		fault.serve(w, r, nil)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 256<<20))
	if err != nil {
		return // the client has gone in the middle of its request
	}
	s.Body = body
	h.judge(&s)
	at := h.record(s)
	if x.refused() {
		return
	}
	real := func(w http.ResponseWriter, r *http.Request) {
		y := &exchange{h: h, w: w, r: r, sent: &s}
		h.proto.answer(y)
		h.mu.Lock()
		h.sent[at].Made = s.Made
		h.mu.Unlock()
	}
	if bad {
		fault.serve(w, r, real)
		return
	}
	real(w, r)
}

func (h *Handler) record(s Sent) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sent = append(h.sent, s)
	return len(h.sent) - 1
}

// judge notes what no provider allows, then what this one does not.
func (h *Handler) judge(s *Sent) {
	if s.Step == StepNone {
		s.illegal("no such address")
		return
	}
	auth, ok := strings.CutPrefix(s.Header.Get("Authorization"), "Bearer ")
	s.missing, s.foreign = !ok || auth == "", auth != h.key
	if s.missing {
		s.illegal("no Authorization: Bearer")
	}
	accept := s.Header.Get("Accept")
	if !strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/event-stream") {
		s.illegal("no Accept: application/json")
	}
	if s.Method == http.MethodGet {
		if len(s.Body) > 0 {
			s.illegal("a GET with a body")
		}
	} else if t := s.Header.Get("Content-Type"); !strings.HasPrefix(t, "application/json") && !strings.HasPrefix(t, "multipart/form-data;") {
		s.illegal(fmt.Sprintf("Content-Type %q", t))
	}
	h.proto.judge(s)
}

// refused answers what is not allowed, and a wrong key, with the provider's own
// error, and says whether it did.
func (x *exchange) refused() bool {
	s := x.sent
	switch {
	case s.Step == StepNone:
		x.refuse(http.StatusNotFound, "not found")
	case s.missing:
		x.refuse(http.StatusUnauthorized, "Invalid API key")
	case len(s.Illegal) > 0:
		x.refuse(http.StatusBadRequest, strings.Join(s.Illegal, "; "))
	case s.foreign:
		x.refuse(http.StatusUnauthorized, "Invalid API key")
	default:
		return false
	}
	return true
}

// refuse answers with the provider's own error.
func (x *exchange) refuse(status int, why string) {
	x.reply(status, x.h.proto.refusal(x.sent.Step, status, x.sent, why))
}

// reply answers with JSON.
func (x *exchange) reply(status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	x.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.w.WriteHeader(status)
	x.w.Write(body)
}

// connected forgets what an earlier connection from the same port did.
func (h *Handler) connected(c net.Conn, state http.ConnState) {
	if state == http.StateNew || state == http.StateClosed {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.turns, c.RemoteAddr().String())
	}
}

func (h *Handler) turn(client string) int {
	if client == "" {
		return 0
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.turns[client]++
	return h.turns[client]
}
