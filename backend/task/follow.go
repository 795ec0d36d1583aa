package task

import "context"

// Follower hears of changes; see Next. It never makes the engine wait: what
// changes several times before Next is called is heard of once.
type Follower struct {
	e     *Engine
	ready chan struct{}

	// Guarded by Engine.mu.
	changed []*item // in the order of their first change
	seen    map[*item]bool
}

// Follow gives a follower that hears of every task that changes from now on.
func (e *Engine) Follow() *Follower {
	f := &Follower{e: e, ready: make(chan struct{}, 1), seen: map[*item]bool{}}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.followers[f] = struct{}{}
	return f
}

// note marks an item as changed; mu is held.
func (f *Follower) note(it *item) {
	if f.seen[it] {
		return
	}
	f.seen[it] = true
	f.changed = append(f.changed, it)
	select {
	case f.ready <- struct{}{}:
	default:
	}
}

// Next waits until something changed, and gives the tasks that did, each once
// and as it is now, oldest change first. It ends with an error when the context
// ends or the engine is closed.
func (f *Follower) Next(ctx context.Context) ([]Task, error) {
	for {
		if list := f.take(); len(list) > 0 {
			return list, nil
		}
		select {
		case <-f.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.e.over:
			if list := f.take(); len(list) > 0 {
				return list, nil
			}
			return nil, ErrClosed
		}
	}
}

func (f *Follower) take() []Task {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	if len(f.changed) == 0 {
		return nil
	}
	list := make([]Task, len(f.changed))
	for i, it := range f.changed {
		list[i] = it.task
	}
	f.changed = f.changed[:0]
	clear(f.seen)
	return list
}

// Close ends the follower: it hears of nothing any more.
func (f *Follower) Close() {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	delete(f.e.followers, f)
}
