package demo

import (
	"math"
	"time"
)

// stage is how far a task is at one moment, in the protocol's words.
type stage struct {
	status   string // queued, processing, succeeded, failed
	progress int    // percent
	code     string // why it failed
	reason   string
	gone     bool // the task is not known any more
	busy     bool // this poll is answered 503
}

// at gives the stage of a task that began so long ago. It is a pure function:
// every demo of every process says the same.
func (t ticket) at(elapsed time.Duration) stage {
	elapsed = max(0, elapsed)
	queue, total := t.takes()
	part := float64(elapsed-queue) / float64(total-queue)
	s := stage{status: "processing", progress: t.progress(part)}
	switch {
	case t.fault&faultVanish != 0 && elapsed > 4*time.Second:
		return stage{gone: true}
	case part < 0:
		s = stage{status: "queued"}
	case t.fault&faultModerated != 0 && part > 0.25:
		s.status, s.code = "failed", "output_moderation"
		s.reason = "the picture was withheld by the content policy: change the prompt"
	case t.fault&faultFail != 0 && part > 0.6:
		s.status, s.code = "failed", "generation_failed"
		s.reason = "the paint ran dry half-way; nothing was charged"
	case t.fault&faultStuck != 0:
		s.progress = min(s.progress, 99)
	case part >= 1:
		s = stage{status: "succeeded", progress: 100}
	}
	s.busy = t.fault&faultFlaky != 0 && int(elapsed/time.Second)%3 == 2
	return s
}

// takes gives how long a task waits in the queue and when it is over, from its
// start: 6 to 14 s, a sketch 2 to 4, by size, quality, count and chance.
func (t ticket) takes() (queue, total time.Duration) {
	chance := float64(t.plan.Seed>>40%1000) / 1000
	mega := float64(t.size.w*t.size.h) / 1e6
	seconds := 5 + math.Sqrt(mega)*1.1 + float64(t.quality)*0.8 + 0.5*float64(t.count-1) + 2*chance
	wait := 1 + float64(t.plan.Seed>>50%1000)/1000
	low, high := 6., 14.
	if models[t.model].sketch {
		seconds, wait, low, high = 2+chance+0.3*float64(t.count-1), 0.6+wait/4, 2, 4
	}
	if t.fault&faultSlow != 0 {
		seconds, high = 85+10*chance, 100
	}
	seconds = min(max(seconds, low), high)
	return time.Duration(wait * float64(time.Second)), time.Duration(seconds * float64(time.Second))
}

// progress is what is told at a part (0 to 1) of the running time: it rises all
// the time, in fits and starts that differ between tasks, and holds at 99 when
// the work goes on.
func (t ticket) progress(part float64) int {
	if part <= 0 {
		return 0
	}
	part = min(part, 1)
	phase := float64(t.plan.Seed >> 33 % 628 / 100)
	p := part + 0.045*(math.Sin(part*13+phase)-math.Sin(phase))*(1-part)
	return int(min(max(p, 0.01), 0.99) * 100)
}
