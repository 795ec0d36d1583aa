package task

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"easel/backend"
)

var day = time.Date(2026, 11, 20, 17, 45, 12, 0, time.UTC)

// script builds a task from events, one second apart, each passed through JSON.
func script(t *testing.T, events ...Event) Task {
	t.Helper()
	task := Task{}
	for i, e := range events {
		e.V, e.ID, e.At = 1, "0123456789ab-k3f9x2", day.Add(time.Duration(i)*time.Second)
		task = task.Apply(through(t, e))
	}
	return task
}

// through passes an event through JSON, as the journal does. Bytes of pictures
// come along by hand: the running engine has them.
func through(t testing.TB, e Event) Event {
	t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var out Event
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if e.Snapshot != nil {
		for i, image := range e.Snapshot.Images {
			out.Snapshot.Images[i].Data = image.Data
		}
	}
	return out
}

func asked() Event {
	return Event{Kind: Created, BaseURL: "https://a.example", Request: &backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}}
}
func told(s backend.Snapshot) Event { return Event{Kind: Told, Snapshot: &s} }
func accepted(ticket string) Event {
	return told(backend.Snapshot{Ticket: ticket, State: backend.Queued, Progress: -1})
}
func because(k EventKind, w string) Event {
	return Event{Kind: k, Error: &backend.Error{Kind: backend.Unavailable, Message: w}}
}
func painted(urls ...string) Event {
	s := backend.Snapshot{State: backend.Ready, Progress: -1}
	for _, u := range urls {
		s.Images = append(s.Images, backend.Image{URL: u})
	}
	return told(s)
}
func saved(i int) Event {
	return Event{Kind: Saved, Index: i, File: &File{Path: "/p/" + string(rune('a'+i)) + ".png"}}
}
func lost(i int) Event {
	e := because(Unsavable, "a file: address")
	e.Index, e.Error.Kind, e.Error.Final = i, backend.Garbled, true
	return e
}

func TestApplyLeadsToState(t *testing.T) {
	sending, stopped, resumed := Event{Kind: Sending}, because(Stopped, "by the person"), Event{Kind: Resumed}
	doubt, again := because(Doubtful, "hung up"), Event{Kind: Again}
	for name, c := range map[string]struct {
		events []Event
		state  backend.State
		ticket string
	}{
		"created":                     {[]Event{asked()}, backend.Pending, ""},
		"being sent":                  {[]Event{asked(), sending}, backend.Pending, ""},
		"accepted":                    {[]Event{asked(), sending, accepted("t1")}, backend.Queued, "t1"},
		"runs":                        {[]Event{asked(), sending, accepted("t1"), told(backend.Snapshot{State: backend.Running})}, backend.Running, "t1"},
		"a word nobody knows":         {[]Event{asked(), sending, accepted("t1"), told(backend.Snapshot{State: "dreaming"})}, backend.Running, "t1"},
		"back in the queue":           {[]Event{asked(), sending, accepted("t1"), told(backend.Snapshot{State: backend.Running}), accepted("t1")}, backend.Queued, "t1"},
		"the first ticket counts":     {[]Event{asked(), sending, accepted("t1"), accepted("t2")}, backend.Queued, "t1"},
		"painted":                     {[]Event{asked(), sending, accepted("t1"), painted("u")}, backend.Ready, "t1"},
		"painted at once":             {[]Event{asked(), sending, painted("u")}, backend.Ready, ""},
		"ready does not go back":      {[]Event{asked(), sending, accepted("t1"), painted("u"), accepted("t1")}, backend.Ready, "t1"},
		"ready without a picture":     {[]Event{asked(), sending, accepted("t1"), painted()}, backend.Running, "t1"},
		"ready without anything":      {[]Event{asked(), sending, painted()}, backend.Pending, ""},
		"saved":                       {[]Event{asked(), sending, accepted("t1"), painted("u"), saved(0)}, backend.Done, "t1"},
		"one of two saved":            {[]Event{asked(), sending, accepted("t1"), painted("u", "v"), saved(1)}, backend.Ready, "t1"},
		"two of two saved":            {[]Event{asked(), sending, accepted("t1"), painted("u", "v"), saved(1), saved(0)}, backend.Done, "t1"},
		"one saved, one lost":         {[]Event{asked(), sending, accepted("t1"), painted("u", "v"), saved(1), lost(0)}, backend.Failed, "t1"},
		"one lost, one open":          {[]Event{asked(), sending, accepted("t1"), painted("u", "v"), lost(0)}, backend.Ready, "t1"},
		"a download failed":           {[]Event{asked(), sending, accepted("t1"), painted("u"), because(Unsaved, "cut")}, backend.Ready, "t1"},
		"failed":                      {[]Event{asked(), sending, accepted("t1"), told(backend.Snapshot{State: backend.Failed})}, backend.Failed, "t1"},
		"failed at once":              {[]Event{asked(), sending, told(backend.Snapshot{State: backend.Failed})}, backend.Failed, ""},
		"failed after it was painted": {[]Event{asked(), sending, accepted("t1"), painted("u"), told(backend.Snapshot{State: backend.Failed})}, backend.Ready, "t1"},
		"refused":                     {[]Event{asked(), sending, because(Refused, "no")}, backend.Failed, ""},
		"unsent":                      {[]Event{asked(), sending, because(Unsent, "429")}, backend.Pending, ""},
		"unsent, then accepted":       {[]Event{asked(), sending, because(Unsent, "429"), sending, accepted("t1")}, backend.Queued, "t1"},
		"unsure":                      {[]Event{asked(), sending, doubt}, backend.Unsure, ""},
		"unsure is not sent":          {[]Event{asked(), sending, doubt, sending}, backend.Unsure, ""},
		"unsure, yet accepted":        {[]Event{asked(), sending, doubt, accepted("t1")}, backend.Queued, "t1"},
		"unsure, sent again":          {[]Event{asked(), sending, doubt, again, sending, accepted("t1")}, backend.Queued, "t1"},
		"unsure, adopted":             {[]Event{asked(), sending, doubt, {Kind: Adopted, Ticket: "t9"}}, backend.Running, "t9"},
		"adopted, not known there":    {[]Event{asked(), sending, doubt, {Kind: Adopted, Ticket: "t9"}, because(Disowned, "unknown")}, backend.Unsure, ""},
		"not adopted, not disowned":   {[]Event{asked(), sending, accepted("t1"), because(Disowned, "unknown")}, backend.Queued, "t1"},
		"lost":                        {[]Event{asked(), sending, doubt, because(Lost, "by the person")}, backend.Failed, ""},
		"lost needs a doubt":          {[]Event{asked(), because(Lost, "by the person")}, backend.Pending, ""},
		"gone":                        {[]Event{asked(), sending, accepted("t1"), because(Ended, "gone")}, backend.Failed, "t1"},
		"gone, but the address lives": {[]Event{asked(), sending, accepted("t1"), painted("u"), because(Ended, "gone")}, backend.Ready, "t1"},
		"a poll failed":               {[]Event{asked(), sending, accepted("t1"), because(Missed, "502")}, backend.Queued, "t1"},
		"asking stops":                {[]Event{asked(), sending, accepted("t1"), because(Held, "401")}, backend.Queued, "t1"},
		"stopped before it is sent":   {[]Event{asked(), stopped, sending}, backend.Canceled, ""},
		"stopped keeps its ticket":    {[]Event{asked(), sending, stopped, accepted("t1")}, backend.Canceled, "t1"},
		"stopped stays stopped":       {[]Event{asked(), sending, accepted("t1"), stopped, painted("u")}, backend.Canceled, "t1"},
		"resumed, to be sent":         {[]Event{asked(), stopped, resumed}, backend.Pending, ""},
		"resumed, runs":               {[]Event{asked(), sending, accepted("t1"), stopped, resumed}, backend.Running, "t1"},
		"resumed, painted meanwhile":  {[]Event{asked(), sending, accepted("t1"), stopped, painted("u"), resumed}, backend.Ready, "t1"},
		"resumed, saved meanwhile":    {[]Event{asked(), sending, accepted("t1"), painted("u"), stopped, saved(0), resumed}, backend.Done, "t1"},
		"resumed, in doubt":           {[]Event{asked(), sending, stopped, doubt, resumed}, backend.Unsure, ""},
		"resumed while being sent":    {[]Event{asked(), sending, stopped, resumed, sending}, backend.Unsure, ""},
		"done is not resumed":         {[]Event{asked(), sending, accepted("t1"), painted("u"), saved(0), resumed}, backend.Done, "t1"},
		"created once":                {[]Event{asked(), sending, accepted("t1"), asked()}, backend.Queued, "t1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := script(t, c.events...)
			if got.State != c.state || got.Ticket != c.ticket {
				t.Fatalf("%s, ticket %q; want %s, %q", got.State, got.Ticket, c.state, c.ticket)
			}
			if got.Over() == got.Finished.IsZero() {
				t.Errorf("%s, finished %v", got.State, got.Finished)
			}
			if (got.State == backend.Failed || got.State == backend.Unsure) && got.Error == nil {
				t.Errorf("%s without a reason", got.State)
			}
		})
	}
}

func TestApplyKeepsWhatWasSaid(t *testing.T) {
	got := script(t, asked(), Event{Kind: Sending, BaseURL: "https://b.example"},
		told(backend.Snapshot{Ticket: "t1", State: backend.Running, Progress: 0.5, Kept: map[string]string{"a": "1"}, Trace: "tr"}),
		told(backend.Snapshot{State: backend.Running, Progress: -1, Kept: map[string]string{"b": "2"}, Answer: "{}"}),
		because(Missed, "502"),
	)
	if got.BaseURL != "https://b.example" || got.Progress != 0.5 || got.Trace != "tr" || got.Answer != "{}" {
		t.Errorf("%+v", got)
	}
	if want := map[string]string{"a": "1", "b": "2"}; !reflect.DeepEqual(got.Kept, want) {
		t.Errorf("kept %v", got.Kept)
	}
	if got.Misses != 1 || got.Trouble == nil || got.Sends != 1 {
		t.Errorf("misses %d, trouble %v, sends %d", got.Misses, got.Trouble, got.Sends)
	}
}

// A value that somebody holds does not change under them.
func TestApplyLeavesTheOldValueAlone(t *testing.T) {
	before := script(t, asked(), Event{Kind: Sending}, told(backend.Snapshot{Ticket: "t1", State: backend.Running, Kept: map[string]string{"a": "1"}}), painted("u", "v"))
	was, _ := json.Marshal(before)
	for _, e := range []Event{saved(0), because(Unsaved, "cut"), painted("w", "x"), {Kind: Retried}, told(backend.Snapshot{Kept: map[string]string{"a": "2"}})} {
		e.ID, e.At = before.ID, day.Add(time.Minute)
		before.Apply(e)
	}
	if is, _ := json.Marshal(before); string(is) != string(was) {
		t.Errorf("was %s\nis  %s", was, is)
	}
}

func TestApplyPassesWhatItDoesNotKnow(t *testing.T) {
	tasks := []Task{script(t, asked()), script(t, asked(), Event{Kind: Sending}, accepted("t1"), painted("u"))}
	for _, task := range tasks {
		for _, e := range []Event{
			{Kind: "starred"}, {Kind: ""}, {Kind: Told}, {Kind: Saved, Index: 7}, {Kind: Saved}, {Kind: Unsavable, Index: -1},
			{Kind: Refused}, {Kind: Doubtful}, {Kind: Ended}, {Kind: Lost}, {Kind: Stopped}, {Kind: Adopted}, {Kind: Missed}, {Kind: Taken},
		} {
			e.ID, e.At = task.ID, day.Add(time.Hour)
			if got := task.Apply(e); !reflect.DeepEqual(got, task) {
				t.Errorf("%s changed %s", e.Kind, task.State)
			}
		}
	}
	other := tasks[0].Apply(Event{ID: "another", At: day, Kind: Sending})
	if other.InDoubt {
		t.Error("an event of another task was applied")
	}
}

func TestRecord(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, accepted("t1"), painted("u", "v"), saved(1), because(Stopped, "given up"))
	r := task.Record()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"id":"0123456789ab-k3f9x2","state":"canceled","provider":"p","model":"m","prompt":"a cat","ratio":"","size":"","count":1,` +
		`"options":{},"references":[],"ticket":"t1","base_url":"https://a.example",` +
		`"files":[{"path":"/p/b.png","url":"","width":0,"height":0,"format":"","bytes":0,"sha256":""}],` +
		`"error":{"kind":"unavailable","message":"given up","http":0,"trace_id":""},"cost":null,"usage":null,"revised_prompt":"",` +
		`"created":"2026-11-20T17:45:12Z","finished":"2026-11-20T17:45:17Z","sent":"2026-11-20T17:45:13Z","working":"2026-11-20T17:45:14Z","ready":"2026-11-20T17:45:15Z","urls":["u"]}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
}

func TestID(t *testing.T) {
	last := ""
	tails := map[string]bool{}
	for i := range 2000 {
		id := NewID(day.Add(time.Duration(i) * time.Microsecond))
		if id <= last {
			t.Fatalf("%s after %s", id, last)
		}
		if strings.ToLower(id) != id || strings.ContainsAny(id, "ilou-_") || len(id) != timeLen+tailLen {
			t.Fatalf("%q", id)
		}
		last = id
		tails[Task{ID: id}.Short()] = true
	}
	if len(tails) < 1990 { // of 2^30; two of the same are a matter of one in 500 runs
		t.Errorf("only %d of 2000 tails are different", len(tails))
	}
	if NewID(time.Date(2286, 1, 1, 0, 0, 0, 0, time.UTC)) < NewID(day) {
		t.Error("ids of another century come before ours")
	}
}
