package task

import (
	"testing"
	"time"

	"easel/backend"
)

// Where more polls are due than may go, the one that presses goes first, not the
// one that was due first; one that does not press yet goes behind a submit, and
// its turn comes.
func TestPollThatPresses(t *testing.T) {
	l := newLane(&backend.Provider{})
	at := func(s int) time.Time { return day.Add(time.Duration(s) * time.Second) }
	early := &job{it: &item{}, at: -1, presses: at(50), likely: true}
	late := &job{it: &item{}, at: -1, presses: at(20), likely: true}
	plain := &job{it: &item{}, at: -1, presses: at(40)}
	l.setPoll(early, at(1), true)
	l.setPoll(late, at(5), true)
	l.setPoll(plain, at(40), true)
	for _, c := range []struct {
		now, ahead int
		first      *job
	}{{2, 0, early}, {6, 0, late}, {20, likelyFirst, late}, {45, pollsFirst, plain}, {60, likelyFirst, early}} {
		l.comeDue(at(c.now))
		if got := l.ahead(at(c.now)); got != c.ahead || l.asking[0] != c.first {
			t.Errorf("after %d s: %d polls before a submit, want %d; %v is first", c.now, got, c.ahead, l.asking[0].presses.Sub(day))
		}
		if c.now >= 20 {
			l.takePoll(at(c.now))
		}
	}
	l.setPoll(early, at(70), true)
	l.comeDue(at(70))
	l.setPoll(early, at(80), true) // planned anew while it asks
	if len(l.asking) != 0 || len(l.polls) != 1 || !l.polls[0].due.Equal(at(80)) {
		t.Errorf("%d ask, %d wait", len(l.asking), len(l.polls))
	}
	l.setPoll(early, at(80), false)
	if len(l.polls) != 0 || early.at != -1 {
		t.Error("a poll that is not wanted is in the queue")
	}
}

// Owes is the sum of the chance, here against one in small steps.
func TestOwes(t *testing.T) {
	k := NewTakes(10*time.Second, 20*time.Second, 25*time.Second, 80*time.Second)
	for _, asked := range []time.Duration{0, 15 * time.Second, 40 * time.Second} {
		sum, step, was := 0.0, 10*time.Millisecond, k.Within(asked)
		at := asked
		for ; sum < 3; at += step {
			sum += (k.Within(at) - was) / (1 - was) * step.Seconds()
		}
		if got := k.Owes(asked, 3*time.Second, longestFirst); (got - at).Abs() > 50*time.Millisecond {
			t.Errorf("asked at %v: 3 s are owed at %v, want %v", asked, got, at)
		}
	}
	if got := k.Owes(0, time.Hour, time.Minute); got != time.Minute {
		t.Errorf("%v, want the most", got)
	}
}
