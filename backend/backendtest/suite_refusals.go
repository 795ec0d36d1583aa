package backendtest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"easel/backend"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// refusals holds what each status of HTTP, with the provider's own error, is
// read as.
func refusals(t *testing.T, s Subject) {
	h, err := NewHandler(s.Server)
	if err != nil {
		t.Fatal(err)
	}
	const says = "the reason that was given"
	var table []refusal
	for _, c := range []struct {
		status int
		kind   backend.Kind
		fate   backend.Fate
	}{
		{400, backend.Invalid, backend.Refused}, {401, backend.Unauthorized, backend.Refused},
		{402, backend.Unpaid, backend.Refused}, {403, "", backend.Refused},
		{422, backend.Invalid, backend.Refused}, {429, backend.RateLimited, backend.Unsent},
		{500, backend.Unavailable, backend.Refused}, {503, backend.Unavailable, backend.Unsent},
	} {
		for _, step := range []Step{StepSubmit, StepPoll} {
			body := string(asJSON(h.proto.refusal(step, c.status, &Sent{}, says)))
			table = append(table, refusal{step: step, status: c.status, body: body, kind: c.kind, fate: c.fate, says: says})
		}
	}
	for _, c := range append(table, traitsOf(s.Server).refusals...) {
		t.Run(fmt.Sprintf("%s %d %.40s", c.step, c.status, c.body), func(t *testing.T) { c.hold(t, s) })
	}
	t.Run("Retry-After", func(t *testing.T) { retryAfter(t, s) })
	t.Run("wrong key", func(t *testing.T) { wrongKey(t, s) })
}

// hold answers a submit or a poll with the refusal.
func (c refusal) hold(t *testing.T, s Subject) {
	b := s.inMemory(t)
	err, op := error(nil), backend.OpSubmit
	if c.step == StepSubmit {
		b.h.Fault(StepSubmit, Answer(c.status, c.body))
		_, err = b.submit(b.usual())
	} else {
		j := b.accepted()
		op = backend.OpPoll
		b.h.Fault(StepPoll, Answer(c.status, c.body))
		var got backend.Snapshot
		if got, err = b.poll(j); err == nil {
			t.Fatalf("a poll that was refused is read as %+v", got)
		}
		if last := b.until(j); last.State != backend.Ready {
			t.Errorf("the task ends %s after a poll that was refused", last.State)
		}
	}
	if err == nil {
		t.Fatal("no error")
	}
	e := b.asError(err, op)
	want := c.kind
	if c.status == 403 && want == "" { // no access, whether the key or the balance is why
		want = e.Kind
		if e.Kind != backend.Unauthorized && e.Kind != backend.Unpaid && e.Kind != backend.Moderated {
			t.Errorf("403 is %s: %v", e.Kind, e)
		}
	}
	if want != "" && e.Kind != want || c.status != 200 && e.HTTP != c.status || !contains(e.Message, c.says) || !contains(e.TraceID, c.trace) {
		t.Errorf("read as %s, HTTP %d, trace %q: %v", e.Kind, e.HTTP, e.TraceID, e)
	}
	if op == backend.OpSubmit && e.Fate != c.fate {
		t.Errorf("the fate is %d, want %d: %v", e.Fate, c.fate, e)
	}
}

// retryAfter holds that the wish to be left alone is heard, in both its forms.
func retryAfter(t *testing.T, s Subject) {
	b := s.inMemory(t)
	j := b.accepted()
	for _, c := range []struct {
		header   string
		min, max time.Duration
	}{
		{"7", 7 * time.Second, 7 * time.Second},
		{time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 59 * time.Minute, 61 * time.Minute},
		{"soon", 0, 0}, {"-5", 0, 0},
	} {
		for _, status := range []int{429, 503} {
			f := Limited(0)
			f.Status, f.Header = status, map[string]string{"Retry-After": c.header}
			b.h.Fault(StepSubmit, f)
			b.h.Fault(StepPoll, f)
			_, submitErr := b.submit(b.usual())
			_, pollErr := b.poll(j)
			for op, err := range map[backend.Op]error{backend.OpSubmit: submitErr, backend.OpPoll: pollErr} {
				if e := b.asError(err, op); e.After < c.min || e.After > c.max {
					t.Errorf("%d to a %s with Retry-After %s: wait %v", status, op, c.header, e.After)
				}
			}
		}
	}
}

// wrongKey holds what is read when the provider knows another key.
func wrongKey(t *testing.T, s Subject) {
	b := s.inMemory(t, WithKey("sk-another"))
	_, err := b.submit(b.usual())
	if e := b.asError(err, backend.OpSubmit); e.Kind != backend.Unauthorized || e.Fate != backend.Refused {
		t.Errorf("read as %s, fate %d: %v", e.Kind, e.Fate, err)
	}
	_, err = b.poll(backend.Job{Model: b.p.Models[0].ID, Ticket: "x"})
	if e := b.asError(err, backend.OpPoll); e.Kind != backend.Unauthorized {
		t.Errorf("read as %s: %v", e.Kind, err)
	}
}

// moderated holds that a refusal for what a picture shows is its own kind.
func moderated(t *testing.T, s Subject) {
	for _, shape := range traitsOf(s.Server).failures {
		b := s.inMemory(t, WithPlan(Plan{Polls: 1, Refused: true, Shape: shape}))
		last := b.until(b.accepted())
		if shape == "bare" || shape == "failure_reason" { // these say it in words that nobody documents
			continue
		}
		if last.State != backend.Failed || last.Reason == nil || last.Reason.Kind != backend.Moderated {
			t.Errorf("%q: %s, %+v", shape, last.State, last.Reason)
		}
	}
}

// garbage are answers that cannot be read.
func garbage() map[string]Fault {
	web := HTML(http.StatusOK)
	out := map[string]Fault{
		"HTML": web, "cut off": {Cut: 12}, "only a head": {HangUp: InsideAnswer},
	}
	for name, body := range map[string]string{
		"empty": "", "null": "null", "object": "{}", "list": "[]", "list of null": "[null]", "text": `"hello"`, "number": "17", "true": "true",
		"half":        `{"task_id": "abc`,
		"two":         `{} {}`,
		"not UTF-8":   "{\"\xff\": \"\xfe\"}",
		"wrong types": `{"code":[],"data":"","task_id":{},"id":[1],"status":7,"progress":{"a":1},"results":"x","items":3,"response":[],"error":[[]],"metadata":9}`,
		"lists":       `{"code":{},"data":[[[]]],"task_id":[],"id":{},"status":[],"progress":[],"results":[1],"items":{},"response":"x","error":0}`,
		"deep":        strings.Repeat(`{"data":[`, 5000) + strings.Repeat(`]}`, 5000),
		"nulls":       `{"code":null,"data":null,"task_id":null,"id":null,"status":null,"progress":null,"results":null,"items":null,"response":null,"error":null}`,
	} {
		out[name] = Answer(http.StatusOK, body)
	}
	return out
}

// garbled holds that an answer that cannot be read ends nothing: a submit is
// unsure, a task lives on.
func garbled(t *testing.T, s Subject) {
	for name, fault := range garbage() {
		t.Run(name, func(t *testing.T) {
			b := s.inMemory(t)
			b.h.Fault(StepSubmit, fault)
			told, err := b.submit(b.usual())
			if err == nil {
				t.Fatalf("a submit is read as %+v", told)
			}
			e := b.asError(err, backend.OpSubmit)
			if e.Fate != backend.Unknown {
				t.Errorf("a submit has the fate %d: %v", e.Fate, err)
			}
			if name == "HTML" && !contains(strings.ToLower(e.Message), "base url") {
				t.Errorf("a web page does not make one look at the base URL: %v", err)
			}
			j := b.accepted()
			b.h.Fault(StepPoll, fault)
			got, err := b.p.Poll(b.ctx, j)
			if one := got[j.Ticket]; err == nil && (one.State == backend.Failed || one.State == backend.Ready) {
				t.Errorf("a poll is read as %+v", got)
			}
			if err != nil {
				b.asError(err, backend.OpPoll)
			}
			if last := b.until(j); last.State != backend.Ready {
				t.Errorf("the task ends %s afterwards", last.State)
			}
		})
	}
}

// downloads holds what is read when a result does not come.
func downloads(t *testing.T, s Subject) {
	b := s.onLoopback(t, WithPlan(Plan{}))
	result := b.until(b.accepted()).Images[0]
	for name, c := range map[string]struct {
		fault Fault
		final bool
	}{
		"not found": {Answer(404, "gone"), false}, "forbidden": {Answer(403, "<Error/>"), false},
		"broken": {HTML(502), false}, "cut off": {Fault{Cut: 40}, false},
		"a web page": {HTML(200), false}, "JSON": {Answer(200, `{"error":"expired"}`), false}, "empty": {Answer(200, ""), false},
		"a file":  {Redirect(302, "file:///etc/hostname"), true},
		"hung up": {Fault{HangUp: AfterRead, Times: 3}, false}, "limited": {Limited(3 * time.Second), false},
	} {
		b.h.Fault(StepDownload, c.fault) // a GET may be repeated on another connection
		_, err := b.fetch(result)
		b.h.Mend()
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if e := b.asError(err, backend.OpFetch); e.Final != c.final {
			t.Errorf("%s: final is %v: %v", name, e.Final, err)
		}
	}
	if _, err := b.fetch(result); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	for _, address := range []string{"file:///etc/hostname", "ftp://example.com/a.png", "javascript:alert(1)"} {
		got, err := b.fetch(backend.Image{URL: address})
		if err == nil || len(got) > 0 {
			t.Errorf("%s is fetched: %q", address, got)
		} else if e := b.asError(err, backend.OpFetch); !e.Final || e.Kind != backend.Garbled {
			t.Errorf("%s: %s, final is %v: %v", address, e.Kind, e.Final, err)
		}
	}
	if got, err := b.fetch(backend.Image{Data: b.h.Picture("inline", 0)}); err != nil || string(got) != string(b.h.Picture("inline", 0)) {
		t.Errorf("bytes that are there already: %d, %v", len(got), err)
	}
	b.endless(result)
}

// endless holds that a result that does not end is cut, and over.
func (b *bench) endless(result backend.Image) {
	b.Helper()
	huge := string(b.h.Picture("huge", 0)) + strings.Repeat("\x00", 1<<20)
	b.h.Fault(StepDownload, Fault{Status: 200, Header: map[string]string{"Content-Type": "image/png"}, Body: huge, Endless: true})
	n := counter(0)
	err := b.p.Fetch(b.ctx, result, &n)
	if e := b.asError(err, backend.OpFetch); !e.Final || n > backend.MaxPicture {
		b.Errorf("an endless picture: %d bytes, final is %v: %v", n, e.Final, err)
	}
}

// counter takes a picture and a little more, so that a driver without a limit
// comes to an end too.
type counter int64

func (n *counter) Write(p []byte) (int, error) {
	if *n += counter(len(p)); *n > backend.MaxPicture+1<<20 {
		return 0, errors.New("too much")
	}
	return len(p), nil
}
