package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"easel/backend/task"
)

// lettingGo is how long a suspension waits for the answers to what was sent.
const lettingGo = 3 * time.Second

// wakeEvery is the pause between two tries to go on after a suspension.
const wakeEvery = time.Second

// Sleeps leaves the tasks of an engine to other easels while the process is
// suspended, until the end.
func Sleeps(e *task.Engine, log *slog.Logger) (end func()) {
	before := func() {
		ctx, cancel := context.WithTimeout(context.Background(), lettingGo)
		defer cancel()
		if err := e.Suspend(ctx); err != nil {
			log.Error("tasks are not left to others", "error", err)
		}
	}
	return stopped(before, func() { wakes(e.Wake, log) })
}

// wakes wakes an engine. What keeps it from that may pass: another easel that was
// stopped while it held a lock, a disk that is away.
func wakes(wake func() error, log *slog.Logger) {
	for {
		err := wake()
		if err == nil || errors.Is(err, task.ErrClosed) {
			return
		}
		log.Error("tasks are not taken up again yet", "error", err)
		time.Sleep(wakeEvery)
	}
}
