package cli

import (
	"testing"

	"easel/backend"
	"easel/backend/task"
)

func TestOutcome(t *testing.T) {
	two := []backend.Image{{URL: "https://a/1"}, {URL: "https://a/2"}}
	saved, missing := task.File{Path: "/a/1.png"}, task.File{}
	why := func(k backend.Kind) *backend.Error { return &backend.Error{Kind: k} }
	for name, c := range map[string]struct {
		task task.Task
		want int
	}{
		"all saved":                 {task.Task{State: backend.Done, Images: two, Files: []task.File{saved, saved}}, Saved},
		"done, one cannot be had":   {task.Task{State: backend.Done, Images: two, Files: []task.File{saved, missing}}, Open},
		"failed, but one is saved":  {task.Task{State: backend.Failed, Images: two, Files: []task.File{missing, saved}, Error: why(backend.Garbled)}, Open},
		"failed":                    {task.Task{State: backend.Failed, Error: why(backend.Unavailable)}, Failed},
		"failed without a reason":   {task.Task{State: backend.Failed}, Failed},
		"refused as wrong":          {task.Task{State: backend.Failed, Error: why(backend.Invalid)}, Wrong},
		"accepted, then found bad":  {task.Task{State: backend.Failed, Ticket: "t", Error: why(backend.Invalid)}, Failed},
		"moderated":                 {task.Task{State: backend.Failed, Ticket: "t", Error: why(backend.Moderated)}, Refused},
		"key rejected":              {task.Task{State: backend.Failed, Error: why(backend.Unauthorized)}, NoAccess},
		"balance":                   {task.Task{State: backend.Failed, Error: why(backend.Unpaid)}, NoAccess},
		"stopped by the person":     {task.Task{State: backend.Canceled, Error: why(backend.Stopped)}, Failed},
		"in flight":                 {task.Task{State: backend.Running, Ticket: "t"}, Open},
		"unsure, for a bad gateway": {task.Task{State: backend.Unsure, Error: why(backend.Unavailable)}, Open},
		"not sent":                  {task.Task{State: backend.Pending}, Open},
		"painted, not saved":        {task.Task{State: backend.Ready, Images: two}, Open},
	} {
		if got := outcome(c.task); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
