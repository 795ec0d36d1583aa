package cli

import (
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// A command about a task ends when there is nothing more to wait for, and not while
// the task is being sent.
func TestWhenAWayEnds(t *testing.T) {
	then := time.Now()
	later := then.Add(time.Second)
	stopped := task.Task{State: backend.Canceled, Asked: then}
	unsure := task.Task{State: backend.Unsure, InDoubt: true, Sends: 1, Asked: then}
	for name, c := range map[string]struct {
		way         string
		before, now task.Task
		want        bool
	}{
		"not resumed yet":                     {"resume", stopped, stopped, false},
		"resumed, not asked about yet":        {"resume", stopped, task.Task{State: backend.Running, Ticket: "t"}, false},
		"resumed, and it runs":                {"resume", stopped, task.Task{State: backend.Running, Ticket: "t", Asked: later}, true},
		"resumed, unsure as it was":           {"resume", stopped, task.Task{State: backend.Unsure, InDoubt: true}, true},
		"resumed, nobody can ask":             {"resume", stopped, task.Task{State: backend.Running, Ticket: "t", Held: true}, true},
		"resumed, its picture is on its way":  {"resume", stopped, task.Task{State: backend.Ready, Ticket: "t", Asked: later, Images: []backend.Image{{URL: "u"}}, Files: make([]task.File, 1), Fetches: make([]task.Download, 1)}, false},
		"resumed, its picture cannot be had":  {"resume", stopped, task.Task{State: backend.Ready, Ticket: "t", Asked: later, Images: []backend.Image{{URL: "u"}}, Files: make([]task.File, 1), Fetches: []task.Download{{Rests: true}}}, true},
		"resumed, and stopped again at once":  {"resume", stopped, task.Task{State: backend.Canceled, Asked: later}, false},
		"resumed and done":                    {"resume", stopped, task.Task{State: backend.Done, Asked: then}, true},
		"to be sent again, and waits":         {"again", unsure, task.Task{State: backend.Pending, Sends: 1}, false},
		"to be sent again, and nobody can":    {"again", unsure, task.Task{State: backend.Pending, Sends: 1, Held: true, Asked: later}, true},
		"being sent again":                    {"again", unsure, task.Task{State: backend.Pending, InDoubt: true, Sends: 2}, false},
		"sent again, and accepted":            {"again", unsure, task.Task{State: backend.Queued, Ticket: "t", Sends: 2, Asked: later}, true},
		"sent again, and unsure again":        {"again", unsure, task.Task{State: backend.Unsure, InDoubt: true, Sends: 2, Trouble: &backend.Error{}}, true},
		"sent again, and refused":             {"again", unsure, task.Task{State: backend.Failed, Sends: 2}, true},
		"sent again, surely not accepted yet": {"again", unsure, task.Task{State: backend.Pending, Sends: 2, Asked: later, Trouble: &backend.Error{}}, true},
	} {
		for _, w := range (&Program{}).ways() {
			if w.name == c.way && w.ends(c.before, c.now) != c.want {
				t.Errorf("%s: it ends %v, want %v", name, !c.want, c.want)
			}
		}
	}
}
