package task

import (
	"container/heap"
	"time"

	"golang.org/x/time/rate"

	"easel/backend"
)

const (
	// parallelUnset is how many requests may be in flight at a provider whose
	// recipe names no limit.
	parallelUnset = 8
	// perSecondUnset is how many requests may begin in a second. No provider
	// documents a number; a thousand tasks need three minutes at this one.
	perSecondUnset = 10
	// slowest is the least that is left of it, in a second, at a provider that
	// is in trouble.
	slowest = 0.5
	// quietAtMost bounds for how long the Retry-After of one task is believed
	// for the others, too.
	quietAtMost = time.Minute
	// pollsFirst is how many polls go before a submit where both wait: what was
	// sent is not forgotten over what is to be sent. likelyFirst is how many of
	// those that most likely bring a picture, which somebody waits for.
	pollsFirst  = 2
	likelyFirst = 20
)

// lane is a provider and what waits for it.
type lane struct {
	p        *backend.Provider
	parallel int // for this engine; all is what the provider allows
	all      int
	batch    int
	key      key
	shut     bool // it waits for the key

	submits, polls, fetches queue // by due time
	asking                  queue // the polls that are due, by when they press

	// In flight. Submits and polls share the limit, and one place is always
	// left for polls: submits may block for minutes. Downloads go to other
	// hosts, and have a limit of their own.
	sending, polling, fetching int

	// Submits and polls also share a limit of how many begin in a second. It
	// falls by half when the provider is in trouble, and comes back.
	limit      *rate.Limiter
	full       rate.Limit // for this engine, while the provider is well; most is what it allows
	most       rate.Limit
	asked      int       // polls since the last submit
	slowed     time.Time // when the limit fell last
	sendAfter  time.Time // by the Retry-After of a submit
	pollsAfter time.Time // by that of a poll
}

func newLane(p *backend.Provider) *lane {
	l := &lane{p: p, parallel: p.Parallel, batch: max(p.Batch, 1), full: rate.Limit(p.PerSecond)}
	if l.parallel <= 0 {
		l.parallel = parallelUnset
	}
	if l.full <= 0 {
		l.full = perSecondUnset
	}
	l.all, l.most = l.parallel, l.full
	l.limit = rate.NewLimiter(l.full, 1) // evenly: never more than that in any second
	return l
}

// share leaves of what the provider allows the part of one of n engines.
func (l *lane) share(n int, now time.Time) {
	full := l.most / rate.Limit(n)
	l.parallel = max(min(2, l.all), l.all/n) // one place is for polls
	if full == l.full {
		return
	}
	l.limit.SetLimitAt(now, l.limit.Limit()*full/l.full)
	l.full = full
}

func (l *lane) maySend() bool {
	return l.sending < max(1, l.parallel-1) && l.sending+l.polling < l.parallel
}
func (l *lane) mayPoll() bool  { return l.sending+l.polling < l.parallel }
func (l *lane) mayFetch() bool { return l.fetching < l.parallel }

// round is how long it takes, at the limit per second, to ask once about all
// that is at work.
func (l *lane) round() time.Duration {
	n := len(l.polls) + len(l.asking) + l.polling
	return time.Duration(float64(n) / float64(l.batch) / float64(l.limit.Limit()) * float64(time.Second))
}

// sends and asks say whether a submit, or a poll, is due and allowed but for the
// limit per second.
func (l *lane) sends(now time.Time) bool {
	return l.maySend() && l.submits.due(now) && !now.Before(l.sendAfter)
}
func (l *lane) asks(now time.Time) bool {
	return l.mayPoll() && len(l.asking) > 0 && !now.Before(l.pollsAfter)
}

// ahead is how many polls go before a submit now. One that is due but does not
// press goes when nothing else would: more likely than not it is for nothing,
// and where more is to be asked than may be, it would make others wait.
func (l *lane) ahead(now time.Time) int {
	switch first := l.asking[0]; {
	case first.due.After(now):
		return 0
	case first.likely:
		return likelyFirst
	}
	return pollsFirst
}

// setPoll puts a poll where it belongs now, as set does.
func (l *lane) setPoll(j *job, due time.Time, wanted bool) {
	if j.asking {
		heap.Remove(&l.asking, j.at)
		j.asking = false
	}
	l.polls.set(j, due, wanted)
}

// comeDue moves the polls that are due to those that ask. There the one that
// presses first is first, so that none waits for ever.
func (l *lane) comeDue(now time.Time) {
	for l.polls.due(now) {
		j := heap.Pop(&l.polls).(*job)
		j.due, j.asking = j.presses, true
		heap.Push(&l.asking, j)
	}
}

// takePoll gives the next poll that asks, or else is due by a moment.
func (l *lane) takePoll(by time.Time) *job {
	if len(l.asking) == 0 {
		return l.polls.take(by)
	}
	j := heap.Pop(&l.asking).(*job)
	j.asking, j.flying = false, true
	return j
}

// alone says whether the next poll goes by itself.
func (l *lane) alone() bool {
	if len(l.asking) > 0 {
		return l.asking[0].it.alone
	}
	return len(l.polls) > 0 && l.polls[0].it.alone
}

// next gives the time when something can be begun, if that does not depend on
// an answer.
func (l *lane) next(now time.Time) (at time.Time, ok bool) {
	sooner := func(due time.Time) {
		if !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	if len(l.submits) > 0 && l.maySend() {
		sooner(later(l.submits[0].due, l.sendAfter))
	}
	if len(l.asking) > 0 && l.mayPoll() {
		sooner(later(now, l.pollsAfter))
	} else if len(l.polls) > 0 && l.mayPoll() {
		sooner(later(l.polls[0].due, l.pollsAfter))
	}
	if ok {
		r := l.limit.ReserveN(now, 1)
		free := now.Add(r.DelayFrom(now))
		r.CancelAt(now)
		at = later(at, free)
	}
	if len(l.fetches) > 0 && l.mayFetch() {
		sooner(l.fetches[0].due)
	}
	return at, ok
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (e *Engine) heard(l *lane, err *backend.Error, after *time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.key.heard(err)
	l.heard(err, after, time.Now())
}

// heard takes from an answer how the provider does: refused for haste (429), in
// trouble (5xx) or silent, it gets half as many requests, and more with each one
// that it answers. A Retry-After counts for all of a kind.
func (l *lane) heard(err *backend.Error, after *time.Time, now time.Time) {
	if err == nil {
		if l.limit.Limit() < l.full {
			l.limit.SetLimitAt(now, min(l.full, l.limit.Limit()+l.full/20))
		}
		return
	}
	switch err.Kind {
	case backend.RateLimited, backend.Unavailable, backend.Timeout:
	default:
		return
	}
	if until := now.Add(min(err.After, quietAtMost)); err.After > 0 && until.After(*after) {
		*after = until
	}
	if now.Sub(l.slowed) >= time.Second { // those in flight fail together
		l.slowed = now
		l.limit.SetLimitAt(now, max(min(slowest, l.full), l.limit.Limit()/2))
	}
}

// together gives the polls that go into one request: those that are due, filled
// up with those that will be soon where many may be asked for at once.
func (l *lane) together(now time.Time) []*job {
	first := l.takePoll(now)
	if first == nil {
		return nil
	}
	jobs := []*job{first}
	soon := now.Add(max(l.p.Pace.Every, nearbyAll)) // one more costs no request
	for len(jobs) < l.batch && !first.it.alone {
		if l.alone() {
			break
		}
		next := l.takePoll(soon)
		if next == nil {
			break
		}
		jobs = append(jobs, next)
	}
	return jobs
}
