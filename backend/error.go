package backend

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is what a person or the engine can do about an error. The words appear
// in JSON and never depend on the language.
type Kind string

// The kinds of errors.
const (
	Invalid      Kind = "invalid"      // the request or the configuration is wrong
	Unauthorized Kind = "unauthorized" // the key is missing, empty or rejected
	Unpaid       Kind = "unpaid"       // the balance does not cover it
	Moderated    Kind = "moderated"    // refused for what it shows: change the prompt
	RateLimited  Kind = "ratelimited"  // too many requests: later
	Unavailable  Kind = "unavailable"  // the provider or the way to it is broken: later
	Gone         Kind = "gone"         // the provider does not know the task, or its result is away
	Garbled      Kind = "garbled"      // an answer that cannot be read
	Stopped      Kind = "stopped"      // by the person
	Timeout      Kind = "timeout"      // no answer in time
)

// Kinds lists every kind.
var Kinds = []Kind{Invalid, Unauthorized, Unpaid, Moderated, RateLimited, Unavailable, Gone, Garbled, Stopped, Timeout}

// Op is the step at which something went wrong.
type Op string

// The steps.
const (
	OpCheck  Op = "check"
	OpSubmit Op = "submit"
	OpPoll   Op = "poll"
	OpFetch  Op = "fetch"
	OpSave   Op = "save"
)

// Fate is what became of a submit that ended with an error. The zero value is
// the careful one: nobody knows, so it must not be sent again by itself.
type Fate int

// The fates of a submit.
const (
	Unknown Fate = iota // it may have been accepted, and charged
	Refused             // the provider answered, and did not accept it
	Unsent              // surely not accepted: it may be sent again
)

// Error is every error that leaves a Driver or a check.
type Error struct {
	Provider string        `json:"provider,omitempty"`
	Op       Op            `json:"op,omitempty"`
	Kind     Kind          `json:"kind"`
	Message  string        `json:"message"` // the provider's own words, cleaned, or ours in English
	HTTP     int           `json:"http,omitempty"`
	After    time.Duration `json:"after,omitempty"` // Retry-After
	Fate     Fate          `json:"-"`               // of a submit
	Final    bool          `json:"final,omitempty"` // of a fetch: trying again is of no use
	TraceID  string        `json:"trace_id,omitempty"`

	// Field, Word and Args let a screen say the message in another language:
	// Word names an entry of the catalogue ("check.size.edge"), Args fill it.
	Field string   `json:"field,omitempty"`
	Word  string   `json:"word,omitempty"`
	Args  []string `json:"args,omitempty"`

	Cause error `json:"-"`
}

// Error gives one line: who, at which step, what, and the trace id if there is
// one.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Provider != "" {
		b.WriteString(e.Provider)
		if e.Op != "" && e.Op != OpCheck {
			b.WriteString(" (" + string(e.Op) + ")")
		}
		b.WriteString(": ")
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Message)
	if e.Message == "" {
		b.WriteString(string(e.Kind))
	}
	if e.HTTP != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.HTTP)
	}
	if e.TraceID != "" {
		b.WriteString(" [trace " + e.TraceID + "]")
	}
	return b.String()
}

// Unwrap gives the cause, for errors.Is.
func (e *Error) Unwrap() error { return e.Cause }

// AsError finds the *Error in err, or makes one of kind Unavailable of it. It
// returns nil for nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Kind: Unavailable, Message: Clean(err.Error()), Cause: err}
}

// KindOf gives the kind of err, and "" for nil.
func KindOf(err error) Kind {
	if e := AsError(err); e != nil {
		return e.Kind
	}
	return ""
}
