package recipe

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

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

// Poll asks how jobs stand.
func (d *driver) Poll(ctx context.Context, jobs ...backend.Job) (map[string]backend.Snapshot, error) {
	key, err := d.access(ctx)
	if err != nil {
		return nil, err
	}
	if d.steps.poll == nil {
		return nil, &backend.Error{Op: backend.OpPoll, Kind: backend.Invalid, Message: d.name + " answers at once, and knows no tasks"}
	}
	got := make(map[string]backend.Snapshot, len(jobs))
	for len(jobs) > 0 {
		n := 1
		if d.steps.batch != nil && (len(jobs) > 1 || d.steps.poll.path == "") {
			n = min(len(jobs), d.batchMax())
			err = d.together(ctx, jobs[:n], key, got)
		} else {
			err = d.alone(ctx, jobs[0], key, got)
		}
		if err != nil {
			return got, err
		}
		jobs = jobs[n:]
	}
	return got, nil
}

// alone asks for one job.
func (d *driver) alone(ctx context.Context, j backend.Job, key string, got map[string]backend.Snapshot) error {
	call, err := d.call(d.steps.poll, backend.OpPoll, d.jobValues(j, key), key)
	if err != nil {
		return err
	}
	a, err := d.client.Do(ctx, call)
	if err != nil {
		return err
	}
	s, err := d.read.polled(call, a, j.Ticket)
	if err != nil {
		return err
	}
	s = shown(call, a.Body, s)
	s.Ticket = j.Ticket
	if s.State == backend.Ready && len(s.Images) == 0 && d.steps.result != nil {
		if s, err = d.result(ctx, j, key, s); err != nil {
			return err
		}
	}
	got[j.Ticket] = s
	return nil
}

// polled reads the answer to a poll.
func (r *reader) polled(call wire.Call, a *wire.Answer, ticket string) (backend.Snapshot, error) {
	root, ok := parse(a.Body)
	if !a.OK() {
		if s, _ := r.snapshot(root); ok && r.also(a.Status) && s.State == backend.Failed && s.Ticket == ticket && ticket != "" {
			s.Reason.HTTP = a.Status
			return s, nil
		}
		return backend.Snapshot{}, r.refused(call, a)
	}
	switch {
	case !ok:
		return backend.Snapshot{}, unreadable(call, a)
	case r.empty && strings.Join(strings.Fields(string(a.Body)), "") == "{}":
		return backend.Snapshot{}, &backend.Error{Op: call.Op, Kind: backend.Gone, HTTP: a.Status, Message: "the provider does not know this task"}
	case r.isError(root):
		return backend.Snapshot{}, r.refused(call, a)
	}
	s, known := r.snapshot(root)
	if !known {
		return s, unreadable(call, a)
	}
	return s, nil
}

func (r *reader) also(status int) bool {
	for _, s := range r.AlsoOn {
		if s == status {
			return true
		}
	}
	return false
}

// together asks for many jobs in one request. What the provider does not know
// is missing in its answer.
func (d *driver) together(ctx context.Context, jobs []backend.Job, key string, got map[string]backend.Snapshot) error {
	vars := values{"model": d.spell("model", jobs[0].Model), "key": key}
	var ids []any
	for _, j := range jobs {
		ids = append(ids, j.Ticket)
	}
	vars["ids"] = ids
	call, err := d.call(d.steps.batch, backend.OpPoll, vars, key)
	if err != nil {
		return err
	}
	a, err := d.client.Do(ctx, call)
	if err != nil {
		return err
	}
	found, err := d.read.items(call, a, d.form.Poll.Batch.Items)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if s, ok := found[j.Ticket]; ok {
			got[j.Ticket] = s
		}
	}
	return nil
}

// result makes the second request for the pictures of a task that is ready. An
// answer of its own that it failed is told with its HTTP status, so that it is
// not believed at once.
func (d *driver) result(ctx context.Context, j backend.Job, key string, s backend.Snapshot) (backend.Snapshot, error) {
	for name, v := range s.Kept {
		if j.Kept[name] == "" {
			kept := map[string]string{name: v}
			for k, old := range j.Kept {
				kept[k] = old
			}
			j.Kept = kept
		}
	}
	call, err := d.call(d.steps.result, backend.OpPoll, d.jobValues(j, key), key)
	if err != nil {
		return s, err
	}
	a, err := d.client.Do(ctx, call)
	if err != nil {
		return s, err
	}
	got, err := d.read.second(call, a)
	if err != nil {
		return s, err
	}
	got = shown(call, a.Body, got)
	got.Ticket, got.Progress = s.Ticket, s.Progress
	if got.Cost == nil {
		got.Cost = s.Cost
	}
	return got, nil
}

// second reads the answer to the request for the result.
func (r *reader) second(call wire.Call, a *wire.Answer) (backend.Snapshot, error) {
	root, ok := parse(a.Body)
	switch {
	case !a.OK():
		e := r.refused(call, a)
		switch e.Kind {
		case backend.Invalid, backend.Moderated, backend.Stopped:
			return backend.Snapshot{State: backend.Failed, Progress: -1, Reason: e}, nil
		}
		return backend.Snapshot{}, e
	case !ok:
		return backend.Snapshot{}, unreadable(call, a)
	case r.isError(root):
		return backend.Snapshot{}, r.refused(call, a)
	}
	s, _ := r.snapshot(root)
	if s.State != backend.Failed && len(s.Images) == 0 {
		return s, unreadable(call, a)
	}
	return s, nil
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
