package task

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"easel/backend"
)

// simulate plays a cell without an engine: PollAt, and the limit per second of a
// lane, in a plain loop over what comes next. It is a hundred times faster than
// the engine in virtual time, so that the pace can be judged with many draws;
// TestPaceSimulated holds that the engine comes to the same.
func (c cell) simulate(dice *rand.Rand, plainly bool, rounds int) (f figures, late []time.Duration) {
	polls := 0
	for range rounds {
		past, takes := c.draws(dice)
		s := sim{pace: c.pace(plainly, past), now: time.Unix(1_800_000_000, 0), tokens: 1}
		for _, d := range takes {
			s.submits = append(s.submits, &simTask{takes: d})
		}
		s.play()
		polls += s.asked
		late = append(late, s.late...)
	}
	f = figures{polls: float64(polls) / float64(rounds*c.tasks)}
	f.median, f.p95 = quantiles(late)
	return f, late
}

// simTask is a task, and when it is ready and due.
type simTask struct {
	task       Task
	takes      time.Duration
	ready, due time.Time
	presses    time.Time
	likely     bool
}

// sim is a provider's lane that knows only submits and polls.
type sim struct {
	pace    Pace
	now     time.Time
	tokens  float64
	submits []*simTask
	polls   simQueue
	asking  simQueue // those that are due, by when they press
	inRow   int      // polls since the last submit
	asked   int
	late    []time.Duration
	spans   []Span // what a history would learn of it
}

// What a request takes, as with the crowd.
const (
	submitTakes = 100 * time.Millisecond
	pollTakes   = 50 * time.Millisecond
)

// play goes on until all is noticed.
func (s *sim) play() {
	for len(s.submits) > 0 || len(s.polls) > 0 || len(s.asking) > 0 {
		s.step()
	}
}

// step begins one request, or waits until one can begin.
func (s *sim) step() {
	for len(s.polls) > 0 && !s.polls[0].due.After(s.now) {
		x := heap.Pop(&s.polls).(*simTask)
		x.due = x.presses
		heap.Push(&s.asking, x)
	}
	due := len(s.asking) > 0
	switch {
	case len(s.submits) == 0 && !due:
		s.wait(s.polls[0].due.Sub(s.now))
	case s.tokens < 1:
		s.wait(time.Duration((1-s.tokens)/perSecondUnset*float64(time.Second)) + 1)
	case len(s.submits) > 0 && (!due || s.inRow >= s.ahead()):
		s.tokens, s.inRow = s.tokens-1, 0
		s.submit()
	default:
		s.tokens, s.inRow = s.tokens-1, s.inRow+1
		s.poll()
	}
}

func (s *sim) wait(d time.Duration) {
	s.now = s.now.Add(d)
	s.tokens = min(1, s.tokens+d.Seconds()*perSecondUnset)
}

func (s *sim) submit() {
	x, told := s.submits[0], s.now.Add(submitTakes)
	s.submits = s.submits[1:]
	x.ready = told.Add(x.takes)
	x.task = Task{ID: "x", Ticket: "t", State: backend.Queued, Sent: s.now, Accepted: told, Asked: told}
	s.plan(x)
}

// ahead is that of a lane.
func (s *sim) ahead() int {
	l := lane{asking: queue{{due: s.asking[0].due, likely: s.asking[0].likely}}}
	return l.ahead(s.now)
}

func (s *sim) plan(x *simTask) {
	s.pace.Round = time.Duration(float64(len(s.polls)+len(s.asking)+1) / perSecondUnset * float64(time.Second))
	x.due, _ = x.task.PollAt(s.pace)
	x.presses, x.likely = x.task.pressesAt(s.pace, x.due)
	heap.Push(&s.polls, x)
}

func (s *sim) poll() {
	x, answer := heap.Pop(&s.asking).(*simTask), s.now.Add(pollTakes)
	s.asked++
	if !answer.Before(x.ready) {
		s.late = append(s.late, answer.Sub(x.ready))
		s.spans = append(s.spans, Span{x.task.Asked.Sub(x.task.Sent), answer.Sub(x.task.Sent)})
		return
	}
	x.task.Asked, x.task.State = answer, backend.Running
	s.plan(x)
}

// simQueue is a heap of tasks by the time when they are due.
type simQueue []*simTask

func (q simQueue) Len() int           { return len(q) }
func (q simQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q simQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *simQueue) Push(x any)        { *q = append(*q, x.(*simTask)) }
func (q *simQueue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}
