package task

import (
	"container/heap"
	"context"
	"time"
)

// job is a step of an item that waits for its time or is being done.
type job struct {
	it     *item
	index  int // of the result, for a download
	due    time.Time
	at     int // its place in the queue, -1 if it is in none
	flying bool

	// Of a poll.
	presses time.Time // when it goes before submits; its due time once it is asking
	likely  bool      // by then the task is likely to be ready, as the history says
	asking  bool      // it was due, and is in the queue of those
}

// queue is a heap of jobs, the next one first.
type queue []*job

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}
func (q *queue) Push(x any) {
	j := x.(*job)
	j.at = len(*q)
	*q = append(*q, j)
}
func (q *queue) Pop() any {
	last := len(*q) - 1
	j := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	j.at = -1
	return j
}

// set puts the job where it belongs now: at its due time, or out of the queue.
func (q *queue) set(j *job, due time.Time, wanted bool) {
	switch {
	case j.at >= 0 && !wanted:
		heap.Remove(q, j.at)
	case j.at >= 0 && !due.Equal(j.due):
		j.due = due
		heap.Fix(q, j.at)
	case j.at < 0 && wanted:
		j.due = due
		heap.Push(q, j)
	}
}

// due says whether a job is due.
func (q queue) due(now time.Time) bool { return len(q) > 0 && !q[0].due.After(now) }

// take gives the next job if it is due, and marks it as being done.
func (q *queue) take(now time.Time) *job {
	if len(*q) == 0 || (*q)[0].due.After(now) {
		return nil
	}
	j := heap.Pop(q).(*job)
	j.flying = true
	return j
}

// plan brings the item's jobs in line with its task; mu is held.
func (e *Engine) plan(it *item) {
	l := it.lane
	if l == nil {
		return
	}
	if it.send == nil {
		it.send, it.poll = &job{it: it, at: -1}, &job{it: it, at: -1}
	}
	p := e.pace(it)
	due, ok := it.task.SubmitAt(p)
	l.submits.set(it.send, due, ok && it.mine && !it.send.flying)
	due, ok = it.task.PollAt(p)
	l.setPoll(it.poll, due, ok && it.mine && !it.poll.flying && !it.send.flying)
	it.poll.presses, it.poll.likely = it.task.pressesAt(p, due)
	for len(it.fetch) < len(it.task.Images) {
		it.fetch = append(it.fetch, &job{it: it, index: len(it.fetch), at: -1})
	}
	for i, j := range it.fetch {
		due, ok = it.task.FetchAt(i, p)
		l.fetches.set(j, due, ok && it.mine && !j.flying)
	}
	e.nudge()
}

func (e *Engine) pace(it *item) Pace {
	l := it.lane
	p := l.p
	return Pace{Provider: p.Pace, Takes: it.takes, Lasts: p.Lasts, Started: e.started, Together: p.Batch > 1, Round: l.round(), Now: time.Now(), Jitter: it.jitter}
}

// nudge makes the loop look at the queues again.
func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// run starts what is due, until Close.
func (e *Engine) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		e.mu.Lock()
		next := e.dispatch(time.Now())
		e.mu.Unlock()
		timer.Stop()
		if !next.IsZero() {
			timer.Reset(time.Until(next))
		}
		select {
		case <-timer.C:
		case <-e.wake:
		case <-ctx.Done():
			return
		}
	}
}

// dispatch starts what is due and allowed, and gives the time when something is
// due next, zero if that depends on an event.
func (e *Engine) dispatch(now time.Time) (next time.Time) {
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if e.phase != running {
		return next
	}
	for _, l := range e.lanes {
		if l.shut {
			continue
		}
		e.dispatchLane(l, now)
		if at, ok := l.next(now); ok {
			sooner(at)
		}
	}
	if len(e.owing) > 0 {
		if !now.Before(e.flushAt) {
			e.flushAt = now.Add(flushEvery)
			e.goes(func() { e.flush() })
		}
		sooner(e.flushAt)
	}
	return next
}

func (e *Engine) dispatchLane(l *lane, now time.Time) {
	for {
		l.comeDue(now)
		send, poll := l.sends(now), l.asks(now)
		switch {
		case !send && !poll || !l.limit.AllowN(now, 1):
		case send && (!poll || l.asked >= l.ahead(now)):
			l.asked = 0
			l.sending++
			j := l.submits.take(now)
			e.sends.Add(1)
			e.goes(func() {
				defer e.sends.Done()
				e.send(l, j)
			})
			continue
		default:
			l.asked++
			l.polling++
			jobs, ctx := l.together(now), e.ctx
			e.goes(func() { e.pollJobs(ctx, l, jobs) })
			continue
		}
		break
	}
	for l.mayFetch() {
		j := l.fetches.take(now)
		if j == nil {
			break
		}
		l.fetching++
		if j.it.ctx == nil {
			j.it.ctx, j.it.halt = context.WithCancel(e.ctx)
		}
		ctx := j.it.ctx
		e.goes(func() { e.fetch(ctx, l, j) })
	}
}

// landed says that jobs are done; the lane's counter is one of its own.
func (e *Engine) landed(counter *int, jobs ...*job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	*counter--
	for _, j := range jobs {
		j.flying = false
		e.plan(j.it)
	}
	e.nudge()
}
