package cli

import (
	"context"
	"os"
	"os/signal"
	"slices"
)

// Heard gives a context that ends with a signal. One that was ignored when easel
// began, as nohup does, stays ignored.
func Heard(signals ...os.Signal) (context.Context, context.CancelFunc) {
	signals = slices.DeleteFunc(signals, signal.Ignored)
	if len(signals) == 0 { // none would mean all of them
		return context.WithCancel(context.Background())
	}
	return signal.NotifyContext(context.Background(), signals...)
}
