package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// studio is the handler. What it remembers is small and only makes it livelier:
// whom it called busy, and the last tasks for the list at "/".
type studio struct {
	speed float64
	now   func() time.Time
	brush chan struct{} // one painter at a time: never more than one core

	mu     sync.Mutex
	recent []string       // ids, the newest last
	seen   map[uint64]int // seeds of prompts that misbehave once or twice, and how often they came
}

const (
	keepRecent = 20
	keepSeen   = 256
)

// Handler is the demo without a socket, for tests that need none.
func Handler(o Options) http.Handler {
	s := &studio{speed: o.Speed, now: o.Now, brush: make(chan struct{}, 1), seen: map[uint64]int{}}
	if s.speed <= 0 {
		s.speed = 1
	}
	if s.now == nil {
		s.now = time.Now
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/images/tasks", s.submit)
	mux.HandleFunc("GET /v1/images/tasks/{id}", s.poll)
	mux.HandleFunc("GET /v1/images/results/{id}/{name}", s.result)
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, &refusal{http.StatusNotFound, "not_found", "there is nothing at " + r.URL.Path})
	})
	return mux
}

// submit answers flat: task_id, status, progress.
func (s *studio) submit(w http.ResponseWriter, r *http.Request) {
	a, err := readAsk(r)
	if err != nil {
		refuse(w, err)
		return
	}
	t, err := a.ticket()
	if err != nil {
		refuse(w, err)
		return
	}
	t.start = s.now().Truncate(time.Millisecond)
	times := s.count(t)
	switch {
	case t.fault&faultUnpaid != 0:
		refuse(w, &refusal{http.StatusPaymentRequired, "insufficient_user_quota", "the balance does not cover this picture"})
		return
	case t.fault&faultBusy != 0 && times <= 2:
		w.Header().Set("Retry-After", strconv.Itoa(int(2/s.speed+0.5)))
		refuse(w, &refusal{http.StatusTooManyRequests, "too_many_requests", "all brushes are in use"})
		return
	}
	s.remember(t.String())
	if t.fault&faultLost != 0 && times <= 1 {
		panic(http.ErrAbortHandler) // the task is there, its answer is not
	}
	reply(w, http.StatusOK, s.object(r, t))
}

// count says how often a prompt that misbehaves on its first tries has come.
func (s *studio) count(t ticket) int {
	if t.fault&(faultBusy|faultLost) == 0 {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) >= keepSeen {
		clear(s.seen)
	}
	key := t.plan.Seed ^ uint64(t.fault)
	s.seen[key]++
	return s.seen[key]
}

func (s *studio) remember(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent = append(s.recent[max(0, len(s.recent)-keepRecent+1):], id)
}

// elapsed is how old a task is, in the demo's own time.
func (s *studio) elapsed(t ticket) time.Duration {
	return time.Duration(float64(s.now().Sub(t.start)) * s.speed)
}

// poll answers wrapped in code, message and data.
func (s *studio) poll(w http.ResponseWriter, r *http.Request) {
	t, err := readTicket(r.PathValue("id"))
	if err != nil {
		refuse(w, errGone)
		return
	}
	switch at := t.at(s.elapsed(t)); {
	case at.gone:
		refuse(w, errGone)
	case at.busy:
		refuse(w, &refusal{http.StatusServiceUnavailable, "unavailable", "the painter is out for coffee"})
	default:
		reply(w, http.StatusOK, map[string]any{"code": "success", "message": "", "data": s.object(r, t)})
	}
}

var errGone = &refusal{http.StatusNotFound, "task_not_exist", "there is no such task"}

// object is a task as the protocol shows it.
func (s *studio) object(r *http.Request, t ticket) map[string]any {
	at := t.at(s.elapsed(t))
	o := map[string]any{
		"task_id": t.String(), "model": models[t.model].id,
		"status": at.status, "progress": strconv.Itoa(at.progress) + "%", "error": nil,
	}
	if at.code != "" {
		o["error"] = map[string]any{"code": at.code, "message": at.reason}
	}
	if at.status == "succeeded" {
		urls := make([]string, t.count)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://%s/v1/images/results/%s/%d.%s", r.Host, t, i+1, t.extension())
		}
		o["result_url"] = urls[0]
		o["metadata"] = map[string]any{"result_count": t.count, "result_urls": urls}
		o["consumed"] = "0"
	}
	return o
}

// list shows the last tasks to a browser: where a person finds the id of a task
// whose answer was lost.
func (s *studio) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	var b strings.Builder
	b.WriteString("<!doctype html><title>easel demo</title><h1>The last tasks</h1><pre>")
	for i := len(s.recent) - 1; i >= 0; i-- {
		if t, err := readTicket(s.recent[i]); err == nil {
			fmt.Fprintf(&b, "%s  %s  %s\n", t.start.Format(time.DateTime), t.at(s.elapsed(t)).status, html.EscapeString(s.recent[i]))
		}
	}
	fmt.Fprint(w, b.String(), "</pre>\n")
}

func refuse(w http.ResponseWriter, err error) {
	no, ok := errors.AsType[*refusal](err)
	if !ok {
		no = &refusal{http.StatusInternalServerError, "internal", err.Error()}
	}
	reply(w, no.status, map[string]any{"code": no.code, "message": no.message, "data": nil})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the other end may be gone: nothing to do about it
}
