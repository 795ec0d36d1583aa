package recipe

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"easel/backend"
	"easel/backend/strict"
	"easel/backend/wire"
)

// CheckExamples holds the recipe's examples to what it reads in them. The error
// joins a *strict.Error for each that reads otherwise than it says.
func (r *Recipe) CheckExamples() error {
	examples := r.form.Examples
	if r.text != "" {
		l, err := load(r.file, []byte(r.text), false)
		if err != nil {
			return err
		}
		examples = l.Examples
	}
	doc, err := strict.Read(r.file, []byte(cmp.Or(r.text, r.source)), new(map[string]any))
	if err != nil {
		return err
	}
	var problems []*strict.Error
	for i, e := range examples {
		for _, what := range r.example(e) {
			problems = append(problems, doc.Errorf(at("example", i), "the example %s", what))
		}
	}
	return strict.Join(problems...)
}

// outcome is what was read in an example.
type outcome struct {
	backend.Snapshot
	state string // of the snapshot, or error
	err   *backend.Error
}

// example reads one example and says how that differs from what it gives.
func (r *Recipe) example(e exampleForm) []string {
	known := []string{"queued", "running", "ready", "failed", "error"}
	if e.Step != "balance" && !slices.Contains(known, e.Gives.State) {
		return []string{fmt.Sprintf("gives the state %q%s", e.Gives.State, strict.Hint(e.Gives.State, known))}
	}
	got, what := r.reads(e)
	if what != "" {
		return []string{what}
	}
	return e.Gives.differ(got)
}

// reads reads an example as the answer to its step.
func (r *Recipe) reads(e exampleForm) (outcome, string) {
	a := &wire.Answer{Status: cmp.Or(e.HTTP, 200), Body: []byte(e.Answer)}
	call := wire.Call{Op: backend.OpPoll, Blocking: !r.read.polls}
	id := ""
	if e.Gives.ID != nil {
		id = *e.Gives.ID
	}
	switch e.Step {
	case "submit", "stream":
		call.Op = backend.OpSubmit
		return r.readsSubmit(call, a, e.Step == "stream"), ""
	case "poll":
		s, err := r.read.polled(call, a, id)
		return newOutcome(s, err), ""
	case "result":
		s, err := r.read.second(call, a)
		return newOutcome(s, err), ""
	case "batch":
		if r.steps.batch == nil {
			return outcome{}, "is for a batch, but there is no [poll.batch]"
		}
		items, err := r.read.items(call, a, r.form.Poll.Batch.Items)
		s, ok := items[id]
		if err == nil && !ok {
			return outcome{}, fmt.Sprintf("has no task %q", id)
		}
		return newOutcome(s, err), ""
	case "balance":
		root, _ := parse(a.Body)
		if r.form.Balance == nil {
			return outcome{}, "is for a balance, but there is no [balance]"
		}
		cost, ok := r.form.Balance.read(root)
		if !ok {
			return outcome{}, "holds no amount"
		}
		return outcome{Snapshot: backend.Snapshot{Cost: &cost}}, ""
	}
	known := []string{"submit", "stream", "poll", "batch", "result", "balance"}
	return outcome{}, fmt.Sprintf("is for the step %q%s", e.Step, strict.Hint(e.Step, known))
}

func (r *Recipe) readsSubmit(call wire.Call, a *wire.Answer, event bool) outcome {
	if root, ok := parse(a.Body); event && ok && !r.read.isError(root) {
		s, _ := r.read.snapshot(root)
		return newOutcome(s, nil)
	}
	var told backend.Snapshot
	err := (&driver{Recipe: r}).submitted(call, a, nil, func(s backend.Snapshot) error {
		told = s
		return nil
	})
	return newOutcome(told, err)
}

func newOutcome(s backend.Snapshot, err error) outcome {
	if err != nil {
		return outcome{state: "error", err: backend.AsError(err)}
	}
	return outcome{Snapshot: s, state: string(s.State), err: s.Reason}
}

// differ compares what is given with what was read.
func (g givesForm) differ(got outcome) []string {
	var out []string
	is := func(name, got, want string) {
		if got != want {
			out = append(out, fmt.Sprintf("reads with %s %q, not %q", name, got, want))
		}
	}
	text := func(name, got string, want *string) {
		if want != nil {
			is(name, got, *want)
		}
	}
	if g.State != "" {
		is("state", got.state, g.State)
	}
	why := got.err
	if why == nil {
		why = &backend.Error{}
	}
	cost := ""
	if got.Cost != nil {
		cost = got.Cost.Amount
	}
	text("id", got.Ticket, g.ID)
	text("kind", string(why.Kind), g.Kind)
	text("reason", why.Message, g.Reason)
	text("cost", cost, g.Cost)
	text("revised", got.Revised, g.Revised)
	text("trace", cmp.Or(got.Trace, why.TraceID), g.Trace)
	text("unknown", got.Unknown, g.Unknown)
	if g.Progress != nil {
		is("progress", strconv.FormatFloat(got.Progress, 'g', -1, 64), strconv.FormatFloat(*g.Progress, 'g', -1, 64))
	}
	if g.Images != nil && !sameImages(got.Images, *g.Images) {
		out = append(out, fmt.Sprintf("reads with the images %s, not %q", describeImages(got.Images), *g.Images))
	}
	return out
}

func sameImages(got []backend.Image, want []string) bool {
	return slices.EqualFunc(got, want, func(i backend.Image, text string) bool {
		w := newImage(text)
		return i.URL == w.URL && bytes.Equal(i.Data, w.Data)
	})
}

func describeImages(images []backend.Image) string {
	var list []string
	for _, i := range images {
		if i.Data != nil {
			list = append(list, fmt.Sprintf("(%d bytes)", len(i.Data)))
		} else {
			list = append(list, strconv.Quote(i.URL))
		}
	}
	return "[" + strings.Join(list, " ") + "]"
}
