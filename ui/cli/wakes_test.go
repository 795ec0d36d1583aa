package cli

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"

	"easel/backend/task"
)

// An engine that cannot go on after a suspension tries again, until it can or is
// closed.
func TestWakes(t *testing.T) {
	for name, last := range map[string]error{"at last": nil, "closed": task.ErrClosed} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				wakes(func() error {
					if tries++; tries < 3 {
						return errors.New("another easel holds the lock")
					}
					return last
				}, slog.New(slog.DiscardHandler))
				if tries != 3 {
					t.Errorf("%d tries", tries)
				}
			})
		})
	}
}
