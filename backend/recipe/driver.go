package recipe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"easel/backend"
	"easel/backend/wire"
)

// driver follows a recipe at one address with one key.
type driver struct {
	*Recipe
	name   string
	base   string // without a slash at the end; "" if nobody named it
	hint   string
	key    func(context.Context) (string, error)
	client *wire.Client
}

// Submit sends a request, and tells what its answer, or each event of it, says.
func (d *driver) Submit(ctx context.Context, m backend.Model, r backend.Request, told func(backend.Snapshot) error) error {
	key, err := d.access(ctx)
	if err != nil {
		return err
	}
	call, err := d.submitCall(m, r, key)
	if err != nil {
		return err
	}
	if call.Stream {
		return d.stream(ctx, call, told)
	}
	a, err := d.client.Do(ctx, call)
	return d.submitted(call, a, err, told)
}

// submitted reads the answer to a submit with the eyes of a poll: it may be the
// result. A good answer that cannot be read may still name the id.
func (d *driver) submitted(call wire.Call, a *wire.Answer, err error, told func(backend.Snapshot) error) error {
	if a == nil {
		return err
	}
	if err == nil && !a.OK() {
		return d.read.refused(call, a)
	}
	root, ok := parse(a.Body)
	if err != nil || !ok {
		if err == nil {
			err = unreadable(call, a)
		}
		if id := d.read.rescue(a); id != "" {
			d.tell(call, a, backend.Snapshot{Ticket: id, State: backend.Running, Progress: -1}, told)
		}
		return err
	}
	if d.read.isError(root) {
		return d.read.refused(call, a)
	}
	s, _ := d.read.snapshot(root)
	if !d.read.polls {
		s = d.read.last(root, s)
	}
	over := s.State == backend.Failed || s.State == backend.Ready && len(s.Images) > 0
	if !over && (s.Ticket == "" || !d.read.polls) {
		e := call.Judge(a, false)
		e.Kind, e.Message = backend.Garbled, "the answer names no id and no picture"
		return e
	}
	return d.tell(call, a, s, told)
}

// tell hands a snapshot on, without the key and with a piece of the answer.
func (d *driver) tell(call wire.Call, a *wire.Answer, s backend.Snapshot, told func(backend.Snapshot) error) error {
	if err := told(shown(call, a.Body, s)); err != nil {
		return unheard(err)
	}
	return nil
}

// unheard is the error of who was told: the provider has accepted the request,
// so it must not be sent again.
func unheard(err error) error {
	e := *backend.AsError(err)
	e.Fate, e.Cause = backend.Unknown, err
	return &e
}

// stream reads a submit that is answered event by event. When it breaks behind
// an id, that is no error: the task is polled.
func (d *driver) stream(ctx context.Context, call wire.Call, told func(backend.Snapshot) error) error {
	ticket, over := "", false
	var failed error // of told
	event := func(data string) error {
		a := &wire.Answer{Status: http.StatusOK, Header: http.Header{}, Body: []byte(data)}
		root, ok := parse(a.Body)
		if !ok { // [DONE], or the half of one
			return nil
		}
		if d.read.isError(root) {
			return d.read.refused(call, a)
		}
		s, known := d.read.snapshot(root)
		if !known {
			return nil
		}
		if s.Ticket == "" {
			s.Ticket = ticket
		}
		ticket = s.Ticket
		over = s.State == backend.Failed || s.State == backend.Ready && len(s.Images) > 0
		if failed = d.tell(call, a, s, told); failed != nil {
			return failed
		}
		if over {
			return io.EOF
		}
		return nil
	}
	a, err := d.client.Events(ctx, call, event)
	switch {
	case failed != nil:
		return failed
	case over || err == nil && ticket != "":
		return nil
	case a != nil:
		return d.submitted(call, a, err, told)
	case ticket != "" && d.read.polls:
		return nil
	case err != nil:
		return err
	}
	return &backend.Error{Op: call.Op, Kind: backend.Garbled, HTTP: http.StatusOK, Message: "the stream ended before it named an id"}
}

// Fetch writes the bytes of a result.
func (d *driver) Fetch(ctx context.Context, i backend.Image, w io.Writer) error {
	data := i.Data
	if data == nil && wire.IsInline(i.URL) {
		var ok bool
		if data, ok = wire.Inline(i.URL); !ok {
			return &backend.Error{Op: backend.OpFetch, Kind: backend.Garbled, Message: "the data URI of the picture cannot be read"}
		}
	}
	if data != nil {
		return wire.Write(data, w)
	}
	header := http.Header{}
	if d.form.ResultsKey {
		key, err := d.access(ctx)
		if err != nil {
			return err
		}
		d.authorize(header, key)
	}
	return d.client.Fetch(ctx, i.URL, d.base, header, w)
}

func unreadable(call wire.Call, a *wire.Answer) *backend.Error {
	e := call.Judge(a, false)
	e.Kind = backend.Garbled
	e.Message = fmt.Sprintf("the answer cannot be read: %s", wire.Hide(piece(a.Body), call.Key))
	if len(a.Body) == 0 {
		e.Message = "the answer is empty"
	}
	return e
}

func piece(body []byte) string {
	text := []rune(backend.Clean(strings.TrimSpace(string(body[:min(len(body), 600)]))))
	if len(text) > 120 {
		return string(text[:120]) + "…"
	}
	return string(text)
}

// rescue finds the id in an answer that is no whole JSON, so that a task that
// was accepted is not lost because its answer was cut off. The id itself must be
// whole.
func (r *reader) rescue(a *wire.Answer) string {
	if a.Web || !a.OK() || !r.polls || len(a.Body) > 1<<20 || bytes.Count(a.Body, []byte("[")) > 1000 {
		return ""
	}
	text := strings.TrimSpace(string(a.Body))
	if !strings.HasPrefix(text, "{") {
		return ""
	}
	for _, p := range r.ID {
		v := gjson.Get(text, p)
		whole := len(v.Raw) > 2 && strings.HasSuffix(v.Raw, `"`) && !strings.Contains(v.Raw, `\`)
		if v.Type == gjson.String && whole && utf8.ValidString(v.Str) {
			return v.Str
		}
	}
	return ""
}

// last reads the answer of a provider that answers once and for all: without a
// picture it failed.
func (r *reader) last(root gjson.Result, s backend.Snapshot) backend.Snapshot {
	if len(s.Images) > 0 || s.State == backend.Failed {
		return s
	}
	if s.State == backend.Ready || words(root, r.Reason) != "" {
		s.State, s.Reason = backend.Failed, r.reason(root, "")
	}
	return s
}
