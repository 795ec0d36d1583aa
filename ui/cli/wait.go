package cli

import (
	"context"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// tick is how often the time on the progress line moves.
const tick = 250 * time.Millisecond

// wait follows a task until it is enough or ctx ends, and gives it as it is
// then. draw is called now and then with the task as it is.
func wait(ctx context.Context, f *task.Follower, t task.Task, enough func(task.Task) bool, draw func(task.Task)) task.Task {
	changes := make(chan []task.Task)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(changes)
		for {
			list, err := f.Next(ctx)
			if err != nil {
				return
			}
			select {
			case changes <- list:
			case <-ctx.Done():
				return
			}
		}
	}()
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for !enough(t) {
		draw(t)
		select {
		case list, ok := <-changes:
			if !ok {
				return t
			}
			for _, c := range list {
				if c.ID == t.ID {
					t = c
				}
			}
		case <-clock.C:
		}
	}
	return t
}

// settled says whether nothing more will happen to the task by itself in this
// run: it is over, or needs a person, another config, or a later try.
func settled(t task.Task) bool { return t.Idle() }

// onDisk says whether the provider's id is on disk, so that any later run can
// go on with the task.
func onDisk(t task.Task) bool { return t.Ticket != "" }

// outcome is the exit status that says what became of a task.
func outcome(t task.Task) int {
	saved, missing := 0, len(t.Images)
	for _, f := range t.Files {
		if f.Path != "" {
			saved, missing = saved+1, missing-1
		}
	}
	switch {
	case t.State == backend.Done && missing <= 0:
		return Saved
	case saved > 0, !t.Over(): // some saved and some not, or not known yet
		return Open
	case t.Error == nil:
		return Failed
	case t.Error.Kind == backend.Moderated:
		return Refused
	case t.Error.Kind == backend.Unauthorized || t.Error.Kind == backend.Unpaid:
		return NoAccess
	case t.Error.Kind == backend.Invalid && t.Ticket == "":
		return Wrong // the provider says that the call is wrong
	}
	return Failed
}
