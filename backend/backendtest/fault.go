package backendtest

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Fault is something that goes wrong with a request. The zero Fault changes
// nothing; the functions below make the usual ones.
type Fault struct {
	Times   int               // how often; 0 is once, below 0 always
	Arrived chan<- struct{}   // gets a value when the fault begins
	Held    <-chan struct{}   // the answer waits until it is closed
	Delay   time.Duration     // before the answer
	Carry   bool              // the request is carried out before it goes wrong: a task is made
	HangUp  HangUp            // the connection ends without an answer
	Never   bool              // no answer until the client has gone
	Status  int               // another answer, with Header and Body
	Header  map[string]string // Content-Type is application/json unless it says another
	Body    string
	Cut     int  // only so many bytes of the answer, then the connection ends; 0: all
	Endless bool // Body again and again, as long as somebody reads
}

// HangUp is when a connection ends.
type HangUp int

// The moments.
const (
	NoHangUp     HangUp = iota
	BeforeRead          // before the body of the request was read
	AfterRead           // when all of it was read
	InsideAnswer        // behind the head of the answer
)

// Answer is a fault that answers something else.
func Answer(status int, body string) Fault { return Fault{Status: status, Body: body} }

// HTML is a fault that answers a web page.
func HTML(status int) Fault {
	return Fault{Status: status, Header: map[string]string{"Content-Type": "text/html; charset=utf-8"},
		Body: "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome</h1></body></html>\n"}
}

// Redirect is a fault that sends the client elsewhere.
func Redirect(status int, to string) Fault {
	return Fault{Status: status, Header: map[string]string{"Location": to}}
}

// Limited is a fault that says 429, with a Retry-After unless it is 0.
func Limited(after time.Duration) Fault {
	f := Fault{Status: http.StatusTooManyRequests, Body: `{"error":{"message":"too many requests","code":"too_many_requests"}}`}
	if after > 0 {
		f.Header = map[string]string{"Retry-After": strconv.Itoa(int(after / time.Second))}
	}
	return f
}

// Fault makes the next request of that step go wrong; several stand in a queue.
func (h *Handler) Fault(step Step, f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults[step] = append(h.faults[step], f)
}

// Mend forgets all faults that are still to come.
func (h *Handler) Mend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.faults)
}

func (h *Handler) takeFault(step Step) (Fault, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	queue := h.faults[step]
	if len(queue) == 0 {
		return Fault{}, false
	}
	f := queue[0]
	switch {
	case f.Times > 1:
		queue[0].Times--
	case f.Times >= 0:
		h.faults[step] = queue[1:]
	}
	return f, true
}

// serve lets a request go wrong. real is what would have answered it.
func (f Fault) serve(w http.ResponseWriter, r *http.Request, real http.HandlerFunc) {
	if f.Arrived != nil {
		select {
		case f.Arrived <- struct{}{}:
		case <-r.Context().Done():
		}
	}
	if f.Held != nil {
		select {
		case <-f.Held:
		case <-r.Context().Done():
		}
	}
	pause(r.Context(), f.Delay)
	answer := httptest.NewRecorder()
	switch {
	case f.Carry, f.Cut > 0 && f.Status == 0, f.HangUp == InsideAnswer && f.Status == 0:
		real(answer, r)
	}
	switch {
	case f.Never:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.HangUp == BeforeRead:
		reset(w)
		return
	case f.HangUp == AfterRead:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		answer = httptest.NewRecorder()
		answer.Header().Set("Content-Type", "application/json")
		for k, v := range f.Header {
			answer.Header().Set(k, v)
		}
		answer.WriteHeader(f.Status)
		answer.WriteString(f.Body)
	case f.Cut == 0 && f.HangUp == NoHangUp && !f.Carry:
		real(w, r)
		return
	}
	if f.Endless {
		f.flood(w, r)
		return
	}
	f.write(w, answer)
}

func (f Fault) flood(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.Header["Content-Type"])
	w.WriteHeader(f.Status)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, f.Body); err != nil {
			return
		}
	}
}

// write sends an answer, or its beginning under the length of the whole.
func (f Fault) write(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	body := answer.Body.Bytes()
	for k, v := range answer.Header() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(answer.Code)
	if f.Cut == 0 && f.HangUp == NoHangUp {
		w.Write(body)
		return
	}
	w.Write(body[:min(f.Cut, len(body))])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// reset ends a connection as a crashed server does, where there is one.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// pause waits, or until the client has gone.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
