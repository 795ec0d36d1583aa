package task

import (
	"context"
	"time"

	"easel/backend"
)

// An engine takes only what it can carry out: before it takes a task that another
// one left, it knows of a key for the provider. To find one may run a command of the
// person's, so it is done beside everything else, when there is something to take,
// and not again and again.

const (
	// keyAtStart is how long a start waits for keys: one that is in the config or
	// in a variable is there by then, a command may take longer.
	keyAtStart = 50 * time.Millisecond
	// keyAgain is the pause before a key that was not found is looked for once
	// more. It grows, for the command may ask the person for something.
	keyAgain     = 10 * time.Second
	keyAgainMost = 5 * time.Minute
)

// key is what is known of an engine's key for a provider; Engine.mu guards it.
type key struct {
	known   bool
	why     *backend.Error // why there is none that can be used; nil: there is
	refused bool           // there is one, and the provider does not take it
	misses  int            // times in a row that none was found
	last    time.Time      // when that was
	looking chan struct{}  // closed when the search that goes on has ended; nil if none does
}

// wanted says whether it is time to look for the key.
func (k *key) wanted(now time.Time) bool {
	switch {
	case k.looking != nil || k.refused:
		return false
	case k.known && k.why == nil:
		return false
	}
	return k.misses == 0 || !now.Before(k.last.Add(pause(k.misses, keyAgain, keyAgainMost, 0)))
}

// found notes how a search ended.
func (k *key) found(err *backend.Error, now time.Time) {
	k.known, k.why, k.refused = true, err, false
	if k.misses, k.last = k.misses+1, now; err == nil {
		k.misses = 0
	}
}

// heard learns from an answer of the provider. A key that it does not take serves
// for nothing more in this run, unless it takes it after all.
func (k *key) heard(err *backend.Error) {
	switch {
	case err == nil:
		k.known, k.why, k.refused, k.misses = true, nil, false, 0
	case err.Kind == backend.Unauthorized && err.HTTP == 401: // a 403 may be about the model
		k.known, k.why, k.refused = true, err, true
	}
}

// access says why there is no key for a provider, and whether that is known; if not,
// it is found out. mu is held.
func (e *Engine) access(l *lane) (why *backend.Error, known bool) {
	if l.p.Access == nil {
		return l.key.why, true
	}
	if e.phase == running && l.key.wanted(time.Now()) {
		l.key.looking = make(chan struct{})
		ctx := e.ctx
		e.goes(func() { e.findKey(ctx, l) })
	}
	return l.key.why, l.key.known
}

// findKey looks for the key of a provider. With one, what others left there is taken;
// without, it is said of it.
func (e *Engine) findKey(ctx context.Context, l *lane) {
	err := backend.AsError(l.p.Access(ctx))
	e.mu.Lock()
	ended := l.key.looking
	l.key.looking = nil
	rests := ctx.Err() != nil // suspended, or closed: that says nothing about the key
	if !rests {
		l.key.found(err, time.Now())
	}
	e.mu.Unlock()
	close(ended)
	if !rests {
		e.takeLeft()
	}
}
