package task

import (
	"testing"
	"time"

	"easel/backend"
)

func TestAnswered(t *testing.T) {
	fate := func(f backend.Fate, k backend.Kind) *backend.Error { return &backend.Error{Fate: f, Kind: k} }
	sent := []Event{asked(), {Kind: Sending}}
	ticket := append(sent, accepted("t"))
	for name, c := range map[string]struct {
		events []Event
		err    *backend.Error
		want   EventKind // "" for nothing to say
	}{
		"accepted":                     {ticket, nil, ""},
		"painted at once":              {append(sent, painted("u")), nil, ""},
		"no id, no picture, no error":  {sent, nil, Doubtful},
		"unknown":                      {sent, fate(backend.Unknown, backend.Timeout), Doubtful},
		"unknown 502":                  {sent, fate(backend.Unknown, backend.Unavailable), Doubtful},
		"refused":                      {sent, fate(backend.Refused, backend.Invalid), Refused},
		"moderated":                    {sent, fate(backend.Refused, backend.Moderated), Refused},
		"refused with a passing kind":  {sent, fate(backend.Refused, backend.Unavailable), Refused},
		"connection refused":           {sent, fate(backend.Unsent, backend.Unavailable), Unsent},
		"429":                          {sent, fate(backend.Unsent, backend.RateLimited), Unsent},
		"no key":                       {sent, fate(backend.Unsent, backend.Unauthorized), Refused},
		"not allowed":                  {sent, fate(backend.Unsent, backend.Invalid), Refused},
		"a stream broke after its id":  {ticket, fate(backend.Unknown, backend.Unavailable), Missed},
		"unsent is not believed later": {ticket, fate(backend.Unsent, backend.Unavailable), Missed},
		"refused is not believed":      {ticket, fate(backend.Refused, backend.Unavailable), Missed},
		"broken after the pictures":    {append(sent, painted("u")), fate(backend.Unknown, backend.Unavailable), ""},
		"failed in the stream":         {append(sent, told(backend.Snapshot{State: backend.Failed})), fate(backend.Refused, backend.Moderated), ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, ok := script(t, c.events...).Answered(c.err, day)
			if e.Kind != c.want || ok != (c.want != "") {
				t.Errorf("%q %v, want %q", e.Kind, ok, c.want)
			}
		})
	}
}

func TestPolledNeverEndsByFailing(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, accepted("t"))
	now := day.Add(time.Hour)
	for name, c := range map[string]struct {
		err  *backend.Error
		want EventKind
	}{
		"400": {&backend.Error{Kind: backend.Invalid, HTTP: 400}, Missed}, "404 of a proxy": {&backend.Error{Kind: backend.Unavailable, HTTP: 404}, Missed},
		"401": {&backend.Error{Kind: backend.Unauthorized, HTTP: 401}, Held}, "402": {&backend.Error{Kind: backend.Unpaid, HTTP: 402}, Held},
		"403 of moderation": {&backend.Error{Kind: backend.Moderated, HTTP: 403}, Held}, "unpaid in a 200": {&backend.Error{Kind: backend.Unpaid}, Held},
		"429": {&backend.Error{Kind: backend.RateLimited, HTTP: 429}, Missed}, "500": {&backend.Error{Kind: backend.Unavailable, HTTP: 500}, Missed},
		"cut JSON": {&backend.Error{Kind: backend.Garbled}, Missed}, "time-out": {&backend.Error{Kind: backend.Timeout}, Missed},
		"moderated": {&backend.Error{Kind: backend.Moderated, HTTP: 400}, Missed}, "gone": {&backend.Error{Kind: backend.Gone, HTTP: 404}, Absent},
	} {
		if e := task.Polled(backend.Snapshot{}, c.err, pace(), now); e.Kind != c.want {
			t.Errorf("%s: %s, want %s", name, e.Kind, c.want)
		} else if task.Apply(e).Over() {
			t.Errorf("%s ended the task", name)
		}
	}
}

// "Not found" counts when it was said for 30 s in a row, 30 s after the submit
// and 30 s after the start; so does a refusal that names a final status.
func TestPolledBelievesAfterAWhile(t *testing.T) {
	gone := &backend.Error{Kind: backend.Gone, HTTP: 404, Message: "no such task"}
	over := backend.Snapshot{State: backend.Failed, Reason: &backend.Error{Kind: backend.Moderated, HTTP: 400, Message: "violation"}}
	type say struct {
		at   time.Duration // after the submit
		what string        // gone, over, running, 502
	}
	for name, c := range map[string]struct {
		says    []say
		started time.Duration
		grace   time.Duration
		end     int // after which of the answers it is over; -1: never
		kind    backend.Kind
	}{
		"at once":              {[]say{{5, "gone"}, {10, "gone"}}, 0, 0, -1, ""},
		"for 30 s":             {[]say{{5, "gone"}, {20, "gone"}, {35, "gone"}}, 0, 0, 2, backend.Gone},
		"for 29 s":             {[]say{{50, "gone"}, {79, "gone"}}, 0, 0, -1, ""},
		"late, for 30 s":       {[]say{{500, "gone"}, {530, "gone"}}, 0, 0, 1, backend.Gone},
		"not in a row":         {[]say{{5, "gone"}, {20, "running"}, {36, "gone"}, {60, "gone"}}, 0, 0, -1, ""},
		"interrupted by a 502": {[]say{{5, "gone"}, {20, "502"}, {36, "gone"}, {60, "gone"}}, 0, 0, -1, ""},
		"a start in between":   {[]say{{100, "gone"}, {140, "gone"}, {141, "gone"}}, 111, 0, 2, backend.Gone},
		"a longer grace":       {[]say{{5, "gone"}, {40, "gone"}, {119, "gone"}, {121, "gone"}}, 0, 120, 3, backend.Gone},
		"a final 400":          {[]say{{5, "over"}, {20, "over"}}, 0, 0, -1, ""},
		"a final 400 for 30 s": {[]say{{5, "over"}, {20, "over"}, {36, "over"}}, 0, 0, 2, backend.Moderated},
		"gone, then final":     {[]say{{5, "gone"}, {36, "over"}}, 0, 0, 1, backend.Moderated},
	} {
		t.Run(name, func(t *testing.T) {
			task := script(t, asked(), Event{Kind: Sending}, accepted("t"))
			p := pace()
			p.Started, p.Provider.Grace = task.Accepted.Add(c.started*time.Second), c.grace*time.Second
			for i, s := range c.says {
				var e Event
				now := task.Accepted.Add(s.at * time.Second)
				switch s.what {
				case "gone":
					e = task.Polled(backend.Snapshot{}, gone, p, now)
				case "over":
					e = task.Polled(over, nil, p, now)
				case "502":
					e = task.Polled(backend.Snapshot{}, &backend.Error{Kind: backend.Unavailable, HTTP: 502}, p, now)
				default:
					e = task.Polled(backend.Snapshot{State: backend.Running}, nil, p, now)
				}
				task = task.Apply(e)
				if task.Over() != (i == c.end) {
					t.Fatalf("%s at %ds: over %v", s.what, s.at, task.Over())
				}
			}
			if c.end >= 0 && (task.State != backend.Failed || task.Error.Kind != c.kind) {
				t.Errorf("%s, %v", task.State, task.Error)
			}
		})
	}
}

// A failure that was said with HTTP 200 is believed at once.
func TestPolledFailure(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, accepted("t"))
	s := backend.Snapshot{State: backend.Failed, Reason: &backend.Error{Kind: backend.Moderated, HTTP: 200, Message: "violation"}}
	if got := task.Apply(task.Polled(s, nil, pace(), day)); got.State != backend.Failed || got.Error.Kind != backend.Moderated {
		t.Errorf("%s, %v", got.State, got.Error)
	}
}

// An id that a person gave and the provider does not know is a mistake of the
// person's: the task is unsure again.
func TestPolledAdopted(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, because(Doubtful, "hung up"), Event{Kind: Adopted, Ticket: "tpyo"})
	gone := &backend.Error{Kind: backend.Gone, HTTP: 404}
	for _, after := range []time.Duration{time.Minute, 2 * time.Minute} {
		task = task.Apply(task.Polled(backend.Snapshot{}, gone, pace(), task.Accepted.Add(after)))
	}
	if task.State != backend.Unsure || task.Ticket != "" || !task.InDoubt {
		t.Errorf("%s, ticket %q", task.State, task.Ticket)
	}
	if task.CanSend() {
		t.Error("it may be sent without asking")
	}
}

func TestUndone(t *testing.T) {
	ready := script(t, asked(), Event{Kind: Sending}, accepted("t"), painted("u"))
	scrap := &backend.Error{Kind: backend.Garbled, Message: "html"}
	away := &backend.Error{Kind: backend.Unavailable, HTTP: 503}
	failing := func(err *backend.Error, p Pace) (tries int, took time.Duration, task Task) {
		task = ready
		for {
			due, ok := task.FetchAt(0, p)
			if !ok || tries == 100 {
				return tries, task.Fetches[0].Last.Sub(task.Fetches[0].Since), task
			}
			tries++
			task = task.Apply(task.Undone(0, err, p, due))
		}
	}
	tries, took, task := failing(scrap, pace())
	if tries < 6 || tries > 12 || took < 2*time.Minute || took > 3*time.Minute {
		t.Errorf("no picture: %d tries in %v", tries, took)
	}
	if task.State != backend.Ready || task.Images[0].URL != "u" || task.Trouble == nil || !task.Idle() {
		t.Errorf("no picture: %s, %v", task.State, task.Trouble)
	}
	if tries, took, _ = failing(away, pace()); tries != 100 || took < 7*time.Hour {
		t.Errorf("away: %d tries in %v", tries, took)
	}
	old := &backend.Error{Kind: backend.Gone, HTTP: 404}
	if tries, took, task = failing(old, pace()); tries < 8 || took < 10*time.Minute || took > 16*time.Minute || task.State != backend.Ready {
		t.Errorf("dead: %d tries in %v", tries, took)
	}
	p := pace()
	p.Lasts = 2 * time.Hour
	if tries, took, task = failing(away, p); tries < 20 || took < 2*time.Hour || took > 2*time.Hour+6*time.Minute || task.State != backend.Ready {
		t.Errorf("away, with a life of 2 h: %d tries in %v", tries, took)
	}
	final := &backend.Error{Kind: backend.Garbled, Final: true}
	if tries, _, task = failing(final, pace()); tries != 1 || task.State != backend.Failed || task.Error.Kind != backend.Garbled {
		t.Errorf("final: %d tries, %s, %v", tries, task.State, task.Error)
	}
}

func TestLeft(t *testing.T) {
	for name, c := range map[string]struct {
		events []Event
		state  backend.State
	}{
		"pending":    {[]Event{asked()}, backend.Pending},
		"being sent": {[]Event{asked(), {Kind: Sending}}, backend.Unsure},
		"accepted":   {[]Event{asked(), {Kind: Sending}, accepted("t")}, backend.Queued},
		"unsent":     {[]Event{asked(), {Kind: Sending}, because(Unsent, "")}, backend.Pending},
	} {
		if got := script(t, c.events...).Left(day); got.State != c.state {
			t.Errorf("%s: %s", name, got.State)
		}
	}
}
