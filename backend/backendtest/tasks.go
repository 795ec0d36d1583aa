package backendtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"time"
)

// obj is a JSON object.
type obj = map[string]any

// view is what a provider may tell about a task now.
type view struct {
	Task
	Over     bool
	Word     string // the status word of a plan, before the end; "" for the documented one
	First    bool   // told for the first time
	Progress int    // 0 to 100
	Images   []string
}

// make makes a task of a submit.
func (x *exchange) make() *Task {
	h := x.h
	h.mu.Lock()
	defer h.mu.Unlock()
	id := h.proto.id(len(h.order) + 1)
	t := &Task{ID: id, Sent: *x.sent, Plan: h.plan, Count: max(x.sent.Count, 1), Started: time.Now()}
	if t.Plan.Results > 0 {
		t.Count = t.Plan.Results
	}
	x.sent.Made = id
	h.tasks[id] = t
	h.order = append(h.order, id)
	return t
}

// look tells how a task stands, and counts that it was asked about; false if the
// id is not known, or not yet.
func (h *Handler) look(id string) (view, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.tasks[id]
	if !ok {
		return view{}, false
	}
	if t.Plan.Hidden > 0 {
		t.Plan.Hidden--
		return view{}, false
	}
	t.Polled++
	v := view{Task: *t, First: t.Polled == 1}
	if took := time.Since(t.Started); t.Plan.Takes > 0 {
		v.Over = took >= t.Plan.Takes
		v.Progress = min(int(100*took/t.Plan.Takes), 99)
	} else {
		v.Over = t.Polled > t.Plan.Polls
		v.Progress = 100 * (t.Polled - 1) / (t.Plan.Polls + 1)
	}
	if n := len(t.Plan.States); n > 0 && !v.Over {
		v.Word = t.Plan.States[min(t.Polled, n)-1]
	}
	if n := len(t.Plan.Progress); n > 0 {
		v.Progress = t.Plan.Progress[min(t.Polled, n)-1]
	}
	if v.Over {
		h.finish(&v)
	}
	return v, true
}

// end tells how a task ends, whatever its plan says about time.
func (h *Handler) end(id string) view {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := view{Task: *h.tasks[id], Over: true}
	h.finish(&v)
	return v
}

// finish adds the pictures of a task that succeeded.
func (h *Handler) finish(v *view) {
	v.Progress = 100
	if v.Failed() {
		return
	}
	for i := range v.Count {
		v.Images = append(v.Images, h.result(v.Task, i))
	}
}

// Failed says whether the task ends without a picture.
func (t Task) Failed() bool { return t.Plan.Failure != "" || t.Plan.Refused }

// reason is why it failed.
func (t Task) reason() string {
	if t.Plan.Failure == "" {
		return "the request was rejected by the safety system"
	}
	return t.Plan.Failure
}

func (h *Handler) result(t Task, i int) string {
	switch t.Plan.As {
	case AsData:
		return "data:image/png;base64," + base64.StdEncoding.EncodeToString(h.bytes(t, i))
	case AsBase64:
		return base64.StdEncoding.EncodeToString(h.bytes(t, i))
	}
	return fmt.Sprintf("%s/output/%s/%d.png", h.results.base, t.ID, i)
}

func (h *Handler) bytes(t Task, i int) []byte {
	if t.Plan.Picture != nil {
		return t.Plan.Picture
	}
	return h.Picture(t.ID, i)
}

// Picture gives the bytes of a result: a small PNG, the same for the same task
// and index, another for every other.
func (h *Handler) Picture(id string, index int) []byte {
	sum := fnv.New32a()
	fmt.Fprintf(sum, "%s/%s/%d", h.name, id, index)
	n := sum.Sum32()
	m := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for y := range 16 {
		for x := range 24 {
			m.Set(x, y, color.RGBA{byte(n) + byte(8*x), byte(n>>8) + byte(12*y), byte(n>>16) ^ byte(x*y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// uuid makes a text of the form of an UUID that differs for every n.
func uuid(n int) string {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "task %d", n)
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, sum.Sum64()&0xffffffffffff)
}
