package recipe

import (
	"context"
	"strings"

	"easel/backend"
	"easel/backend/wire"
)

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

// items reads the answer to a batch: the snapshots by ticket.
func (r *reader) items(call wire.Call, a *wire.Answer, places []string) (map[string]backend.Snapshot, error) {
	root, ok := parse(a.Body)
	switch {
	case !a.OK():
		return nil, r.refused(call, a)
	case !ok:
		return nil, unreadable(call, a)
	case r.isError(root):
		return nil, r.refused(call, a)
	}
	out, found := map[string]backend.Snapshot{}, false
	for _, p := range places {
		list := root.Get(p)
		if !list.IsArray() {
			continue
		}
		found = true
		for _, item := range list.Array() {
			if s, known := r.snapshot(item); known && s.Ticket != "" {
				out[s.Ticket] = shown(call, []byte(item.Raw), s)
			}
		}
		break
	}
	if !found {
		return nil, unreadable(call, a)
	}
	return out, nil
}
