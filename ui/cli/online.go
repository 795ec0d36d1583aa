package cli

import (
	"context"
	"time"

	"easel/backend"
)

const (
	// nobody is a task that cannot exist: asking for it costs nothing.
	nobody = "easel-doctor-asks-for-a-task-that-cannot-exist"
	// onlineTime is how long a provider may take to say so.
	onlineTime = 20 * time.Second
)

// ask asks a provider for a task that cannot exist, and says what the answer
// shows. The status is Saved if the address answers as the recipe says and the
// key is not refused.
func ask(ctx context.Context, p *Program, provider *backend.Provider) (said string, status int) {
	ctx, cancel := context.WithTimeout(ctx, onlineTime)
	defer cancel()
	model := ""
	if len(provider.Models) > 0 {
		model = provider.Models[0].ID
	}
	begun := time.Now()
	_, err := provider.Poll(ctx, backend.Job{Model: model, Ticket: nobody})
	took := time.Since(begun).Round(time.Millisecond).String()
	e := backend.AsError(err)
	if provider.Local && (e == nil || e.Kind == backend.Gone) {
		return p.Words.Say("cli.online_demo", took), Saved
	}
	if e == nil || e.Kind == backend.Gone {
		return p.Words.Say("cli.online_well", took), Saved
	}
	said = p.Words.Error(e)
	switch e.Kind {
	case backend.Invalid, backend.RateLimited, backend.Moderated:
		// It understood the question and did not refuse the key.
		return p.Words.Say("cli.online_said", took, said), Saved
	case backend.Unauthorized, backend.Unpaid:
		return said, NoAccess
	case backend.Garbled:
		return said, Wrong
	}
	return said, Failed
}
