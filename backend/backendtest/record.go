package backendtest

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Step is a kind of request that a provider gets.
type Step string

// The steps, for Fault and in Sent. StepNone are requests to addresses that the
// documents do not know.
const (
	StepNone     Step = ""
	StepSubmit   Step = "submit"
	StepPoll     Step = "poll"
	StepDownload Step = "download"
)

// Sent is a request as it arrived.
type Sent struct {
	Step   Step
	Method string
	Path   string // without the prefix
	Query  url.Values
	Header http.Header
	Body   []byte
	At     time.Time

	Model      string         // of a submit, or of haoee's header
	Fields     map[string]any // the body of a submit: texts, ints, bools, lists of texts
	References []Ref          // of a submit, in order
	Count      int            // pictures asked for
	Tickets    []string       // asked about by a poll
	Batch      bool           // asked about together
	Illegal    []string       // what the documents do not allow
	Turn       int            // the how manieth request on its connection; 0 in memory
	Made       string         // the id of the task that it made
	Faulted    bool           // it met a fault

	missing bool // no key at all
	foreign bool // another key than the server's
}

// Ref is a reference as it arrived.
type Ref struct {
	Kind  string // url, data, base64, file
	URL   string // of kind url
	Bytes []byte // of the other kinds, decoded
	Type  string // of kind data and file: the content type that was named
}

func (s *Sent) illegal(why ...string) { s.Illegal = append(s.Illegal, why...) }

// Task is a task of a provider.
type Task struct {
	ID      string
	Sent    Sent
	Plan    Plan
	Count   int
	Polled  int // polls and events that told of it
	Started time.Time
}

// Submits gives the submits in the order in which they arrived.
func (h *Handler) Submits() []Sent { return h.requests(StepSubmit) }

// Polls gives the polls in the order in which they arrived.
func (h *Handler) Polls() []Sent { return h.requests(StepPoll) }

func (h *Handler) requests(step Step) []Sent {
	return slices.DeleteFunc(h.Requests(), func(s Sent) bool { return s.Step != step })
}

// Requests gives everything that arrived at the API, in order.
func (h *Handler) Requests() []Sent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.sent)
}

// Downloads gives what arrived at the host of the results.
func (h *Handler) Downloads() []Sent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.results.sent)
}

// Tasks gives the tasks that were made, oldest first.
func (h *Handler) Tasks() []Task {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]Task, 0, len(h.order))
	for _, id := range h.order {
		out = append(out, *h.tasks[id])
	}
	return out
}

// Illegal gives everything that was sent although the documents do not allow
// it, with the request that it was in.
func (h *Handler) Illegal() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, s := range slices.Concat(h.sent, h.results.sent) {
		for _, why := range s.Illegal {
			out = append(out, "not allowed: "+s.Method+" "+s.Path+": "+why)
		}
	}
	return out
}
