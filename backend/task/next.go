package task

import (
	"time"

	"easel/backend"
)

// Step is what a task needs next.
type Step int

// The steps. Rest waits for an event: an answer that is on its way, or a person.
const (
	Rest Step = iota
	Submit
	Poll
	Fetch
)

// Pace is what decides when, beside the task itself.
type Pace struct {
	Provider backend.Pace
	Takes    Takes         // how long the model takes
	Lasts    time.Duration // the life of result addresses; 0: not known
	Started  time.Time     // when this engine began
	Together bool          // one more question costs no request, or hardly
	Round    time.Duration // how long it takes, at the limit per second, to ask once about all that is at work there
	Now      time.Time     // what is due at once is not due later; zero: no bound
	Jitter   float64       // 0 to 1: how much of a pause after a failure is taken off, at most half
}

const (
	// grace is how long "not found" is not believed: in a row, after the submit,
	// and after the start.
	grace = 30 * time.Second
	// scrapTime is how long a result that is cut or no picture is tried.
	scrapTime = 2 * time.Minute
	// deadTime is how long an address is tried that seems to be dead.
	deadTime = 10 * time.Minute

	lateEvery  = 5 * time.Minute // between polls of a late task
	lateFor    = 24 * time.Hour  // how long that goes on
	rareEvery  = time.Hour       // afterwards
	everyUnset = 3 * time.Second // where a recipe names no pace
	maxUnset   = 15 * time.Second

	// nearby is the longest pause around the time when a task is expected, where
	// the recipe allows it: whoever waits for a picture waits no longer than
	// with a plain poll every 3 s, and less makes up for those that the risks
	// below and a crowd let wait. Where many are asked about at once it is
	// nearbyAll: what is due soon goes along, and is noticed sooner by that.
	nearby    = 2100 * time.Millisecond
	nearbyAll = 2650 * time.Millisecond
	// firstRisk is the share of tasks that may be ready for longer than that
	// before the first poll: one poll less for all costs so many a longer wait.
	// laterRisk is the share, at each poll after it, of those that are still
	// at work: it leaves out polls between a quick and a slow kind of task, not
	// at the end, where few are left but each is about to be ready.
	firstRisk = 0.045
	laterRisk = 0.004

	// In a crowd, where more is at work than can be asked about so often, a
	// question more for one is a wait more for another, and for what is to be
	// sent. There a task may be ready for longer before it is asked about: the
	// first time in place of nearby for crowdLeast and crowdPart of what the model
	// takes, crowdMost at most; later on the whole (Takes.Owes) for owedLeast and
	// owedPart. For what takes long, a while more is less.
	crowdLeast = 2100 * time.Millisecond
	crowdPart  = 0.42
	crowdMost  = 38 * time.Second
	owedLeast  = 1200 * time.Millisecond
	owedPart   = 0.03
	// crowdGrows is how fast the first of these comes with the time by which a
	// round of questions takes longer than the pause; the other grows with it.
	crowdGrows = 7

	// longestFirst bounds the pause before the first poll: what was learned may
	// be of another day.
	longestFirst = 2 * time.Minute
	// expected is the chance up to which a task is expected; one that is not
	// ready by then takes longer than any before, and who knows how long.
	expected = 0.9999
)

// Next gives the next step of the task, and when it is due, not before now. It
// is pure. With Rest the time is zero.
func (t Task) Next(p Pace, now time.Time) (Step, time.Time) {
	step, at := Rest, time.Time{}
	first := func(s Step, due time.Time, ok bool) {
		if due.Before(now) {
			due = now
		}
		if ok && (step == Rest || due.Before(at)) {
			step, at = s, due
		}
	}
	due, ok := t.SubmitAt(p)
	first(Submit, due, ok)
	due, ok = t.PollAt(p)
	first(Poll, due, ok)
	for i := range t.Images {
		due, ok = t.FetchAt(i, p)
		first(Fetch, due, ok)
	}
	return step, at
}

// SubmitAt says whether the task is to be sent, and when. One that was surely
// not accepted is sent again after a pause, for as long as nobody stops it.
func (t Task) SubmitAt(p Pace) (time.Time, bool) {
	if !t.CanSend() || t.Held || t.Asking {
		return time.Time{}, false
	}
	if t.Misses == 0 {
		return p.atOnce(t.Created), true
	}
	return t.again(pause(t.Misses, 2*time.Second, time.Minute, p.Jitter)), true
}

// PollAt says whether the task is to be asked about, and when.
func (t Task) PollAt(p Pace) (time.Time, bool) {
	if t.Ticket == "" || t.Held || !t.pollable() {
		return time.Time{}, false
	}
	every := p.least()
	switch {
	case t.Asked.IsZero(): // taken up at a start, adopted, or asked for by a person
		return p.atOnce(t.Accepted), true
	case t.Misses > 0:
		longest := 2 * time.Minute
		if !t.GoneSince.IsZero() {
			longest = 10 * time.Second // whether it is gone shows within the grace
		}
		wait := pause(t.Misses, every, longest, p.Jitter)
		return t.again(max(wait, t.lateEvery())), true
	case t.Asked.Equal(t.Accepted):
		return t.Accepted.Add(t.firstPoll(p)), true
	}
	return t.Asked.Add(t.every(p)), true
}

// atOnce is when a step is due that waits for nothing: in the order of the times
// when that became so, but now if such a time, of an earlier run, has yet to come
// because the clock was set back.
func (p Pace) atOnce(since time.Time) time.Time {
	if !p.Now.IsZero() && since.Sub(p.Now) > time.Second { // ids made at one moment are a little ahead
		return p.Now
	}
	return since
}

// pollable says whether the provider has something to say about the task: while
// it runs, and when its results are not to be had as they are.
func (t Task) pollable() bool {
	if t.State != backend.Ready {
		return t.State == backend.Queued || t.State == backend.Running
	}
	for i, image := range t.Images {
		if !t.Wants(i) {
			continue
		}
		f := t.Fetches[i]
		if image.URL == "" && image.Data == nil || f.Error != nil && dead(f.Error) && t.Asked.Before(f.Last) {
			return true
		}
	}
	return false
}

// dead says whether a download failed in a way that an address does whose life
// is over. The provider may name a new one, and is asked once for each such
// failure.
func dead(err *backend.Error) bool {
	switch err.HTTP {
	case 401, 403, 404, 410:
		return true
	}
	return err.Kind == backend.Gone
}

// firstPoll is the pause before the first poll. Where it is known how long the
// model takes, nothing is asked while nothing can be expected.
func (t Task) firstPoll(p Pace) time.Duration {
	if !p.Takes.Known() {
		return or0(p.Provider.First, p.least())
	}
	return t.asksFirst(p, max(p.soon(), min(p.patience(), crowdGrows*p.over())))
}

// asksFirst is the pause before the first poll where a task may be ready for as
// long as wait before it.
func (t Task) asksFirst(p Pace, wait time.Duration) time.Duration {
	age := t.age(t.Accepted)
	return p.Takes.Next(age, wait, max(p.least(), longestFirst), p.risk(firstRisk)) - age
}

// least is the shortest pause between two polls of a task.
func (p Pace) least() time.Duration { return or0(p.Provider.Every, everyUnset) }

// over is by how much a round of questions takes longer than the pause around
// the time when a task is expected; with more than zero there is a crowd.
func (p Pace) over() time.Duration { return p.Round - p.soon() }

// soon is the pause around the time when a task is expected.
func (p Pace) soon() time.Duration {
	near := nearby
	if p.Together {
		near = nearbyAll
	}
	return max(p.least(), min(near, or0(p.Provider.Max, maxUnset), p.Takes.Median()/3))
}

// patience is how long a task may be ready before the first poll, in a crowd.
func (p Pace) patience() time.Duration {
	return max(p.soon(), min(crowdMost, crowdLeast+p.share(crowdPart)))
}

// owed is how long a task may be ready before a later poll, on the whole, in a
// crowd.
func (p Pace) owed() time.Duration { return owedLeast + p.share(owedPart) }

// share is a part of what the model takes.
func (p Pace) share(part float64) time.Duration {
	return time.Duration(part * float64(p.Takes.Median()))
}

// risk is the risk that is taken to save a question; where many are asked in one
// request, there is less to save.
func (p Pace) risk(usual float64) float64 {
	if p.Together {
		return usual * 3 / 4
	}
	return usual
}

// every is the pause after a poll that said "still running". The recipe names
// the least and the most; between them it follows the chance that the task is
// ready. Without a history, and for a task that takes longer than it should, it
// grows with the time that the task has taken.
func (t Task) every(p Pace) time.Duration {
	if late := t.lateEvery(); late > 0 {
		return late
	}
	age := t.age(t.Asked)
	longest := max(or0(p.Provider.Max, maxUnset), p.least())
	if !p.Takes.Known() || p.Takes.Within(age) > expected {
		return min(max(p.least(), age/8), longest)
	}
	wait := p.Takes.Next(age, p.soon(), longest, p.risk(laterRisk)) - age
	if over := p.over(); over > 0 {
		wait = max(wait, p.Takes.Owes(age, min(p.owed(), over), longestFirst)-age)
	}
	return wait
}

// pressesAt says when a poll is so likely to bring the result that it is not to
// wait for others, however many they are, and whether the history says so. A
// smaller crowd may ask before that. Without a history it presses when it is due.
func (t Task) pressesAt(p Pace, due time.Time) (at time.Time, likely bool) {
	if !p.Takes.Known() || p.Together || t.Asked.IsZero() || t.Misses > 0 || t.State == backend.Ready || t.lateEvery() > 0 {
		return due, false
	}
	age := t.age(t.Asked)
	if p.Takes.Within(age) > expected {
		return due, false
	}
	if t.Asked.Equal(t.Accepted) {
		return later(due, t.Asked.Add(t.asksFirst(p, p.patience()))), true
	}
	return later(due, t.Asked.Add(p.Takes.Owes(age, p.owed(), longestFirst)-age)), true
}

// age is how long before a moment the task was sent.
func (t Task) age(at time.Time) time.Duration {
	if t.Sent.IsZero() {
		return at.Sub(t.Accepted)
	}
	return at.Sub(t.Sent)
}

// lateEvery is the pause between polls of a task that takes too long; 0 if it
// does not.
func (t Task) lateEvery() time.Duration {
	switch took := t.Asked.Sub(t.Accepted); {
	case t.Accepted.IsZero() || took <= Late:
		return 0
	case took <= Late+lateFor:
		return lateEvery
	}
	return rareEvery
}

// FetchAt says whether result number i is to be fetched, and when. A download
// that failed is tried again for as long as the address lives.
func (t Task) FetchAt(i int, p Pace) (time.Time, bool) {
	if t.State != backend.Ready || !t.Wants(i) || t.Fetches[i].Rests {
		return time.Time{}, false
	}
	if t.Images[i].URL == "" && t.Images[i].Data == nil {
		return time.Time{}, false
	}
	f := t.Fetches[i]
	if f.Tries == 0 {
		return p.atOnce(t.ReadyAt), true
	}
	at := f.Last.Add(pause(f.Tries, time.Second, 5*time.Minute, p.Jitter))
	if f.Error.Kind == backend.Garbled {
		at = f.Last.Add(pause(f.Tries, time.Second, 30*time.Second, p.Jitter))
	}
	if after := f.Last.Add(min(f.Error.After, maxAfter)); after.After(at) {
		at = after
	}
	return at, true
}

// again is the time after a failure: after a pause, and not before the provider
// allows it.
func (t Task) again(wait time.Duration) time.Time {
	at := t.Asked.Add(wait)
	if t.NotBefore.After(at) {
		return t.NotBefore
	}
	return at
}

// pause is the wait after the nth failure in a row: twice as long each time, up
// to the longest, less a part by chance, so that many do not come back at once.
func pause(n int, first, longest time.Duration, jitter float64) time.Duration {
	wait := longest
	if n = max(n, 1); n <= 20 {
		wait = min(first<<(n-1), longest)
	}
	return wait - time.Duration(float64(wait)*min(max(jitter, 0), 1)/2)
}

func or0(d, other time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return other
}
