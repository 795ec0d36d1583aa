package facts

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

func TestOrderAndTrim(t *testing.T) {
	f := &Facts{}
	var list []task.Task
	for i := range Shown + 50 {
		list = append(list, task.Task{ID: fmt.Sprintf("%05d", i), State: backend.Done})
	}
	list = append(list, task.Task{ID: "00001a", State: backend.Running}) // old, but it goes on
	f.Change(list)
	if f.Len() != Shown+1 || f.Order()[0] != "00249" || f.Order()[Shown] != "00001a" {
		t.Errorf("%d tasks, the first %s, the last %s", f.Len(), f.Order()[0], f.Order()[f.Len()-1])
	}
	if _, ok := f.Task("00000"); ok {
		t.Error("what is not listed is kept")
	}
}

func TestCount(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f := &Facts{}
	f.Change([]task.Task{
		{ID: "1", State: backend.Running}, {ID: "2", State: backend.Pending}, {ID: "3", State: backend.Unsure},
		{ID: "4", State: backend.Pending, Asking: true}, {ID: "5", State: backend.Running, Held: true},
		{ID: "6", State: backend.Done, Finished: now.Add(-time.Hour)}, {ID: "7", State: backend.Done, Finished: now.Add(-24 * time.Hour)},
		{ID: "8", State: backend.Failed, Finished: now},
	})
	if got := f.Count(now); got != (Counts{Running: 2, Unsure: 1, Waiting: 2, Today: 1}) {
		t.Errorf("%+v", got)
	}
	if got := f.Count(now.Add(24 * time.Hour)); got.Today != 0 {
		t.Errorf("the next day: %+v", got)
	}
}

func TestUsualIsLearnedElseDescribed(t *testing.T) {
	f := &Facts{Providers: []*backend.Provider{{Name: "p", Models: []backend.Model{{ID: "m", Takes: 20 * time.Second}}}}}
	if got := f.Usual("p", "m"); got != 20*time.Second {
		t.Error(got)
	}
	f.Learn("p", "m", 31*time.Second)
	if got := f.Usual("p", "m"); got != 31*time.Second {
		t.Error(got)
	}
	tasks := []task.Task{{Request: backend.Request{Provider: "p", Model: "m"}}, {Request: backend.Request{Provider: "p", Model: "n"}}}
	if got := f.Unasked(tasks, false); !reflect.DeepEqual(got, [][2]string{{"p", "n"}}) {
		t.Error(got)
	}
	if got := f.Unasked(tasks, true); len(got) != 2 {
		t.Error(got)
	}
}

// A record of a task, and the task of a record, say the same: what is seen live
// and what is seen after a restart do not differ.
func TestRecordsComeBack(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	is := task.Task{
		ID: "k3f9x2", BaseURL: "https://x", State: backend.Failed, Ticket: "t", Progress: -1, Answer: "{}", Revised: "r",
		Request: backend.Request{Provider: "p", Model: "m", Prompt: "a", Ratio: "1:1", Size: "2K", Count: 2, Options: map[string]string{"q": "low"},
			References: []backend.Reference{{Path: "/a.png", Task: "x", Index: 1, SHA256: "ab"}}},
		Files: []task.File{{Path: "/p.png", URL: "u", Width: 1, Height: 2, Format: "png", Bytes: 3, SHA256: "cd"}},
		Error: &backend.Error{Provider: "p", Kind: backend.Moderated, Message: "no", HTTP: 400, TraceID: "tr"}, Cost: &backend.Cost{Amount: "1", Unit: "c"},
		Created: at, Sent: at, ReadyAt: at.Add(time.Second), Finished: at.Add(time.Minute),
	}
	b, err := json.Marshal(is.Record())
	if err != nil {
		t.Fatal(err)
	}
	var r task.Record
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(FromRecord(r).Record())
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != string(again) {
		t.Errorf("it was\n%s\nand is\n%s", b, again)
	}
}
