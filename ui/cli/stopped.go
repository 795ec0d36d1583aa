package cli

import (
	"context"
	"log/slog"
	"time"

	"easel/backend/task"
)

// lettingGo is how long a suspension waits for the answers to what was sent.
const lettingGo = 3 * time.Second

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
	after := func() {
		if err := e.Wake(); err != nil {
			log.Error("tasks are not taken up again", "error", err)
		}
	}
	return stopped(before, after)
}
