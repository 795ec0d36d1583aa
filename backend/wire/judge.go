package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"easel/backend"
)

// Judge says what an answer that is no good news means: its kind, and of a
// submit what became of it. own says whether the answer holds the provider's own
// error, in whose words the message then is; the kind may be known better by who
// can read the answer.
//
// This and lost are the only places that say whether a submit may be repeated:
// 429 and 503 may; a gateway that gave up (408, 502, 504, 52x), a 500 that the
// provider did not explain, and any 5xx to a reply that blocks leave it open;
// all else is a refusal.
func (call Call) Judge(a *Answer, own bool) *backend.Error {
	e := &backend.Error{Op: call.Op, HTTP: a.Status, After: retryAfter(a.Header, time.Now())}
	e.Kind, e.Fate = call.kind(a), call.fate(a.Status, own)
	if a.Web && !own && a.Status < 500 {
		e.Word, e.Args = "wire.web", []string{Hide(title(a), call.Key)}
	}
	e.Message = Hide(describe(a), call.Key)
	return e
}

func (call Call) fate(status int, own bool) backend.Fate {
	switch {
	case status == http.StatusTooManyRequests:
		return backend.Unsent
	case status == http.StatusRequestTimeout:
		return backend.Unknown
	case status >= 500 && call.Blocking, status >= 500 && call.Stream:
		return backend.Unknown
	case status == http.StatusServiceUnavailable:
		return backend.Unsent
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout, status >= 520:
		return backend.Unknown
	case status >= 500 && !own:
		return backend.Unknown
	case status >= 200 && status < 300 && !own:
		return backend.Unknown
	}
	return backend.Refused
}

func (call Call) kind(a *Answer) backend.Kind {
	switch s := a.Status; {
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return backend.Unauthorized
	case s == http.StatusPaymentRequired:
		return backend.Unpaid
	case s == http.StatusTooManyRequests:
		return backend.RateLimited
	case s == http.StatusRequestTimeout, s == http.StatusGatewayTimeout, s == 522, s == 524:
		return backend.Timeout
	case s >= 500:
		return backend.Unavailable
	case (s == http.StatusNotFound || s == http.StatusGone) && call.Op == backend.OpPoll:
		// A wrong base URL says 404 as well, but not in JSON: a task must not end by it.
		if json.Valid(a.Body) {
			return backend.Gone
		}
		return backend.Garbled
	case s >= 400:
		return backend.Invalid
	}
	return backend.Garbled
}

// describe says what came in the answer, for want of the provider's own words.
func describe(a *Answer) string {
	status := strings.TrimSpace(http.StatusText(a.Status))
	text := backend.Clean(strings.TrimSpace(string(a.Body[:min(len(a.Body), 400)])))
	switch {
	case a.Web && a.Status < 500:
		return "answered with a web page" + title(a) + ": is the base URL right?"
	case a.Web:
		return strings.TrimSpace(status + " (a web page" + title(a) + ")")
	case text == "":
		return strings.TrimSpace(status + " (an empty answer)")
	case status == "" || strings.Contains(text, status):
		return text
	}
	return status + ": " + text
}

// lost says what became of a request that got no answer. Nothing was written if
// it was not begun or there never was a connection: then a submit may be sent
// again.
func (x *exchange) lost(err error, unbegun bool) error {
	e := &backend.Error{Op: x.Op, Cause: err}
	if !x.written.Load() && (unbegun || x.traced.Load() || isDial(err)) {
		e.Fate = backend.Unsent
	}
	cause := context.Cause(x.ctx)
	switch {
	case errors.Is(cause, errSilence):
		return x.say(e, backend.Timeout, "wire.silence", "nothing came for %s", x.watch.limit.String())
	case errors.Is(cause, context.DeadlineExceeded):
		return x.say(e, backend.Timeout, "wire.late", "no answer in time")
	case cause != nil && e.Fate == backend.Unsent:
		return x.say(e, backend.Stopped, "wire.stopped", "stopped before anything was sent")
	case cause != nil:
		return x.say(e, backend.Timeout, "wire.left", "interrupted before an answer came")
	case e.Fate == backend.Unsent || isDial(err):
		return x.say(e, backend.Unavailable, "wire.unreachable", "cannot be reached: %s", reason(err))
	case isTimeout(err):
		return x.say(e, backend.Timeout, "wire.late", "no answer in time")
	}
	return x.say(e, backend.Unavailable, "wire.hangup", "hung up before an answer came: %s", reason(err))
}

// cut is a good answer that ended early.
func (x *exchange) cut(err error) error {
	if context.Cause(x.ctx) != nil || isTimeout(err) {
		return x.lost(err, false)
	}
	return x.fail(backend.Unavailable, "wire.cut", "the answer was cut off: %s", reason(err))
}

// moved is a redirect, which no call follows: it would turn a POST into a GET,
// or send the key elsewhere.
func (x *exchange) moved(res *http.Response, to string) error {
	if u, err := res.Request.URL.Parse(to); err == nil {
		to = u.String()
	}
	e := &backend.Error{Op: x.Op, HTTP: res.StatusCode, Fate: backend.Refused}
	return x.say(e, backend.Invalid, "wire.moved", "the base URL has moved to %s", to)
}

// unsendable is a request that cannot even be begun.
func (x *exchange) unsendable(err error) error {
	e := &backend.Error{Op: x.Op, Fate: backend.Unsent, Cause: err}
	return x.say(e, backend.Invalid, "wire.unsendable", "cannot be sent: %s", reason(err))
}

func (x *exchange) webPage(a *Answer) error {
	return x.fail(backend.Garbled, "wire.web", "answered with a web page%s: is the base URL right?", title(a))
}

func (x *exchange) fail(kind backend.Kind, word, format string, args ...string) error {
	return x.say(&backend.Error{Op: x.Op}, kind, word, format, args...)
}

// say fills in what happened, without the key and in clean text.
func (x *exchange) say(e *backend.Error, kind backend.Kind, word, format string, args ...string) error {
	return say(e, x.Key, kind, word, format, args...)
}

func say(e *backend.Error, key string, kind backend.Kind, word, format string, args ...string) error {
	anys := make([]any, len(args))
	for i := range args {
		args[i] = backend.Clean(Hide(args[i], key))
		anys[i] = args[i]
	}
	e.Kind, e.Word, e.Args, e.Message = kind, word, args, fmt.Sprintf(format, anys...)
	return e
}

// isDial says whether an error came from making a connection.
func isDial(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect") {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	return isTLS(err)
}

func isTLS(err error) bool {
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, header := errors.AsType[tls.RecordHeaderError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	return verify || header || unknown
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// reason is what an error says, without the address, which is said already or
// holds too much.
func reason(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset"
	}
	return err.Error()
}

// retryAfter reads a Retry-After: seconds, or a date. 0 if it says nothing that
// can be understood, or a time that is past.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(seconds > 0) { // NaN as well
			return 0
		}
		return time.Duration(min(seconds, (365*24*time.Hour).Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

func megabytes(n int64) string { return strconv.FormatInt(n>>20, 10) }
