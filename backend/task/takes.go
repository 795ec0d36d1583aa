package task

import (
	"math"
	"time"
)

// Takes is how long a model takes, from the submit to the result, as tasks that
// were done say: how their durations are spread, not only the middle, so that a
// model with a quick and a slow tier is known as that. It is a value that is not
// written after it was made; the zero value knows nothing.
type Takes struct {
	logs  []float64 // the logarithms of the durations in seconds, ascending
	means []float64 // for each of them, what one around it takes on the whole, in seconds
	width float64   // how far around each of them the next one may be
}

const (
	// guess is the spread (standard deviation of the logarithm) that is assumed
	// before there is one to be seen; it counts as one duration.
	guess = 0.5
	// narrowest is the least width: what is always the same is not for ever.
	narrowest = 0.05
)

// Span is when a task became ready, after it was sent: later than After, when it
// was last seen at work, and no later than By, when it was found ready. Where the
// time itself is known both are the same.
type Span struct{ After, By time.Duration }

// NewTakes learns from durations; those that are not above zero say nothing.
func NewTakes(durations ...time.Duration) Takes {
	spans := make([]Span, len(durations))
	for i, d := range durations {
		spans[i] = Span{d, d}
	}
	return TakesOf(spans...)
}

// TakesOf learns from spans. A task of which it is only known that it took no
// longer than until somebody asked does not say that it took so long: otherwise
// the first poll would come later with each, as nothing is found ready before it.
func TakesOf(spans ...Span) Takes {
	var k Takes
	k.logs = placed(spans)
	n := float64(len(k.logs))
	if n == 0 {
		return k
	}
	spread := k.spread()
	spread = math.Sqrt(((n-1)*spread*spread + guess*guess) / n)
	k.width = max(narrowest, 0.9*spread*math.Pow(n, -1./3)) // narrower than Silverman's n^(-1/5): the ends count here
	k.means = make([]float64, len(k.logs))
	for i, x := range k.logs {
		k.means[i] = math.Exp(x + k.width*k.width/2)
	}
	return k
}

// spread is the standard deviation of the logarithms, or what the middle half
// says of it if that is less: a task that hung is not the rule.
func (k Takes) spread() float64 {
	n := len(k.logs)
	_, square := moments(k.logs)
	sd := math.Sqrt(square / float64(max(n-1, 1)))
	if n < 8 {
		return sd
	}
	return min(sd, (k.logs[n*3/4]-k.logs[n/4])/1.349)
}

// moments gives the mean of values, and the sum of the squares of how far they
// are from it.
func moments(values []float64) (mean, square float64) {
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		square += (x - mean) * (x - mean)
	}
	return mean, square
}

// Known says whether anything was learned.
func (k Takes) Known() bool { return len(k.logs) > 0 }

// Median is the usual time, 0 if nothing is known.
func (k Takes) Median() time.Duration {
	if !k.Known() {
		return 0
	}
	return time.Duration(math.Exp(k.logs[len(k.logs)/2]) * float64(time.Second)).Round(time.Millisecond)
}

// Within is the chance that a task takes no longer than d.
func (k Takes) Within(d time.Duration) (chance float64) {
	if d <= 0 {
		return 0
	}
	log := math.Log(d.Seconds())
	for _, x := range k.logs {
		chance += normal((log - x) / k.width)
	}
	return chance / float64(max(len(k.logs), 1))
}

// normal is the chance that a standard normal value is below z. Beyond sure it is
// taken for 0 or 1: most of the durations are that far from any moment, and there
// the function is at its slowest.
func normal(z float64) float64 {
	const sure = 6 // off by less than 1e-9
	switch {
	case z < -sure:
		return 0
	case z > sure:
		return 1
	}
	return math.Erfc(-z/math.Sqrt2) / 2
}

// Next gives when to ask about a task that was at work at the age asked: as late
// as it can be with a chance of no more than risk, seeing that it was not ready
// then, that it is ready soon before.
// So the pauses are short (soon) where it is likely to become ready, and long
// before that, or between a quick and a slow kind of task. The answer is an age
// between asked+soon and asked+most.
func (k Takes) Next(asked, soon, most time.Duration, risk float64) time.Duration {
	was := k.Within(asked)
	bound := was + risk*(1-was)
	low, high := soon, max(soon, most)
	if k.Within(asked+high-soon) <= bound {
		return asked + high
	}
	for high-low > 20*time.Millisecond {
		if middle := (low + high) / 2; k.Within(asked+middle-soon) <= bound {
			low = middle
		} else {
			high = middle
		}
	}
	return asked + low
}

// Owes gives the age at which a task that was not ready at the age asked is
// expected to be ready for as long as owed, on the whole: the sum over the time
// of the chance that it is ready. That is the longer, the likelier it is ready.
// The answer is no later than asked+most.
func (k Takes) Owes(asked, owed, most time.Duration) time.Duration {
	was, sum := k.Within(asked), k.sum(asked)
	want := owed.Seconds() * (1 - was)
	low, high := time.Duration(0), most
	for high-low > 20*time.Millisecond {
		middle := (low + high) / 2
		if k.sum(asked+middle)-sum-was*middle.Seconds() < want {
			low = middle
		} else {
			high = middle
		}
	}
	return asked + high
}

// sum is the integral of Within up to d, in seconds.
func (k Takes) sum(d time.Duration) (sum float64) {
	if d <= 0 {
		return 0
	}
	log := math.Log(d.Seconds())
	for i, x := range k.logs {
		z := (log - x) / k.width
		sum += d.Seconds()*normal(z) - k.means[i]*normal(z-k.width)
	}
	return sum / float64(max(len(k.logs), 1))
}
