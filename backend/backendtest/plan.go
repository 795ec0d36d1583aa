package backendtest

import (
	"strings"
	"time"
)

// Plan is how tasks go that are submitted from now on. The zero Plan is ready at
// the first poll; a Handler begins with Plan{Polls: 2}.
type Plan struct {
	Polls    int           // polls (or events of a stream) that are answered before the end
	Takes    time.Duration // instead of Polls: the time from the submit to the end
	Hidden   int           // polls that are answered with "not found" first
	States   []string      // the status words before the end, in order, the last one again and again; nil: the documented ones
	AtOnce   bool          // the answer to the submit is already the result
	As       Form          // how pictures come, where the request does not say it
	Results  int           // pictures; 0: as many as were asked for
	Failure  string        // the reason of a failure; "" succeeds
	Refused  bool          // the end is the provider's moderation
	Shape    string        // another shape of the answers that was seen; see each server
	Picture  []byte        // the bytes of every result; nil: Handler.Picture
	BreakAt  int           // a stream breaks after so many events; 0: it does not
	Gate     chan struct{} // a stream waits for a value of it before each event but the first
	Revised  string        // the prompt as the provider understood it, where it tells
	Progress []int         // of the polls before the end; nil: rising
}

// Form is how a picture comes.
type Form string

// The forms of pictures.
const (
	AsURL    Form = "url"
	AsData   Form = "data"   // a data URI
	AsBase64 Form = "base64" // bare
)

// Option sets up a Handler.
type Option func(*Handler)

// WithKey makes key the only one that is accepted.
func WithKey(key string) Option { return func(h *Handler) { h.key = key } }

// WithPrefix puts the whole API under a path, as gateways behind a proxy do.
func WithPrefix(path string) Option {
	return func(h *Handler) { h.prefix = "/" + strings.Trim(path, "/") }
}

// WithPlan says how tasks go.
func WithPlan(p Plan) Option { return func(h *Handler) { h.plan = p } }
