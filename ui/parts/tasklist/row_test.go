package tasklist

import (
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/facts"
	"easel/ui/parts"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 0: "0s", 59*time.Second + 900*time.Millisecond: "59s", time.Minute: "1m", 62 * time.Second: "1m02s",
		time.Hour: "1h00m", 25 * time.Hour: "1d", 59*time.Minute + 59*time.Second: "59m59s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %q, not %q", d, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	env := parts.Env{Now: at.Add(12 * time.Second)}
	f := &facts.Facts{}
	f.Learn("uniall", "m", 31*time.Second)
	r := backend.Request{Provider: "uniall", Model: "m"}
	for _, c := range []struct {
		what string
		t    task.Task
		want string
	}{
		{"running", task.Task{State: backend.Running, Request: r, Created: at.Add(-time.Hour), Sent: at}, "12s/~31s"},
		{"another model", task.Task{State: backend.Running, Request: backend.Request{Provider: "x"}, Sent: at}, "12s"},
		{"late", task.Task{State: backend.Running, Request: r, Sent: at.Add(-time.Hour), Accepted: at.Add(-time.Hour)}, "1h00m"},
		{"unsure", task.Task{State: backend.Unsure, Request: r, Sent: at}, ""},
		{"done", task.Task{State: backend.Done, Sent: at, ReadyAt: at.Add(18 * time.Second), Finished: at.Add(time.Minute)}, "18s"},
		{"failed", task.Task{State: backend.Failed, Sent: at, Finished: at.Add(4 * time.Second)}, "4s"},
		{"refused before it was sent", task.Task{State: backend.Failed, Created: at, Finished: at}, ""},
		{"given up", task.Task{State: backend.Canceled, Sent: at, Finished: at.Add(time.Hour)}, ""},
	} {
		if got := Time(env, f, c.t); got != c.want {
			t.Errorf("%s: %q, not %q", c.what, got, c.want)
		}
	}
}

func TestPixels(t *testing.T) {
	two := []task.File{{}, {Path: "/a", Width: 10, Height: 20}, {Path: "/b", Width: 10, Height: 20}}
	if got := Pixels(task.Task{Files: two}); got != "10x20 ×2" {
		t.Error(got)
	}
	if got := Pixels(task.Task{Files: two[:1]}); got != "" {
		t.Error(got)
	}
}

// The cursor holds an id: it stays on its task when others come, and goes to a
// neighbour when its own goes.
func TestCursorHoldsAnID(t *testing.T) {
	f := &facts.Facts{}
	add := func(ids ...string) {
		var list []task.Task
		for _, id := range ids {
			list = append(list, task.Task{ID: id, Request: backend.Request{Prompt: "prompt " + id}})
		}
		f.Change(list)
	}
	var l List
	add("1", "2", "3")
	l.Move(f, 0)
	if l.Cursor() != "3" {
		t.Fatalf("the newest is selected first, not %q", l.Cursor())
	}
	l.Move(f, 1)
	add("4", "5", "6")
	if l.Cursor() != "2" || l.Visible(f, 3)[2] != "2" {
		t.Errorf("cursor %q in %v", l.Cursor(), l.Visible(f, 3))
	}
	l.Type("prompt 5")
	if got, _ := l.Selected(f); got.ID != "5" {
		t.Errorf("in the filtered list %q is selected", got.ID)
	}
	l.Drop()
	if got, _ := l.Selected(f); got.ID != "5" {
		t.Errorf("after the filter %q is selected", got.ID)
	}
}
