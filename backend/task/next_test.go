package task

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"easel/backend"
)

// pace is a pace without chance: pauses are at their longest.
func pace() Pace {
	return Pace{Provider: backend.Pace{First: 5 * time.Second, Every: 4 * time.Second, Max: 12 * time.Second}, Started: day}
}

// always is what is known of a model that took the same time for ever.
func always(d time.Duration) Takes {
	return NewTakes(slices.Repeat([]time.Duration{d}, 50)...)
}

func TestNext(t *testing.T) {
	sending := Event{Kind: Sending}
	later := func(e Event, d time.Duration) Event { e.Error.After = d; return e }
	garbled := because(Unsaved, "html")
	garbled.Error.Kind = backend.Garbled
	inline := painted("")
	for name, c := range map[string]struct {
		events []Event
		pace   func(*Pace)
		step   Step
		at     time.Duration // after the first event; events are a second apart
	}{
		"new":                     {[]Event{asked()}, nil, Submit, 0},
		"asked about":             {[]Event{asked(), {Kind: Asking}}, nil, Rest, 0},
		"asked about, yes":        {[]Event{asked(), {Kind: Asking}, {Kind: Again}}, nil, Submit, 0},
		"being sent":              {[]Event{asked(), sending}, nil, Rest, 0},
		"unsent":                  {[]Event{asked(), sending, because(Unsent, "refused")}, nil, Submit, 4 * time.Second},
		"unsent twice":            {[]Event{asked(), sending, because(Unsent, ""), sending, because(Unsent, "")}, nil, Submit, 8 * time.Second},
		"unsent, Retry-After":     {[]Event{asked(), sending, later(because(Unsent, "429"), 90*time.Second)}, nil, Submit, 92 * time.Second},
		"Retry-After of a year":   {[]Event{asked(), sending, later(because(Unsent, "429"), 365*24*time.Hour)}, nil, Submit, time.Hour + 2*time.Second},
		"Retry-After below zero":  {[]Event{asked(), sending, later(because(Unsent, "429"), -time.Hour)}, nil, Submit, 4 * time.Second},
		"unsure":                  {[]Event{asked(), sending, because(Doubtful, "")}, nil, Rest, 0},
		"unsure, again":           {[]Event{asked(), sending, because(Doubtful, ""), {Kind: Again}}, nil, Submit, 0},
		"accepted":                {[]Event{asked(), sending, accepted("t")}, nil, Poll, 7 * time.Second},
		"takes what it takes":     {[]Event{asked(), sending, accepted("t")}, func(p *Pace) { p.Takes = always(40 * time.Second) }, Poll, 41740234375},
		"takes a moment":          {[]Event{asked(), sending, accepted("t")}, func(p *Pace) { p.Takes = always(5 * time.Second) }, Poll, 9582519531},
		"takes absurdly long":     {[]Event{asked(), sending, accepted("t")}, func(p *Pace) { p.Takes = always(5 * time.Hour) }, Poll, 122 * time.Second},
		"longer than ever":        {[]Event{asked(), sending, accepted("t"), accepted("t")}, func(p *Pace) { p.Takes = always(time.Second) }, Poll, 7 * time.Second},
		"no pace in the recipe":   {[]Event{asked(), sending, accepted("t")}, func(p *Pace) { p.Provider = backend.Pace{} }, Poll, 5 * time.Second},
		"asked once":              {[]Event{asked(), sending, accepted("t"), accepted("t")}, nil, Poll, 7 * time.Second},
		"one miss":                {[]Event{asked(), sending, accepted("t"), because(Missed, "502")}, nil, Poll, 7 * time.Second},
		"three misses":            {[]Event{asked(), sending, accepted("t"), because(Missed, ""), because(Missed, ""), because(Missed, "")}, nil, Poll, 21 * time.Second},
		"miss with Retry-After":   {[]Event{asked(), sending, accepted("t"), later(because(Missed, "429"), time.Minute)}, nil, Poll, 63 * time.Second},
		"not found so far":        {[]Event{asked(), sending, accepted("t"), because(Absent, ""), because(Absent, ""), because(Absent, "")}, nil, Poll, 15 * time.Second},
		"well again":              {[]Event{asked(), sending, accepted("t"), because(Missed, ""), because(Missed, ""), accepted("t")}, nil, Poll, 9 * time.Second},
		"held":                    {[]Event{asked(), sending, accepted("t"), because(Held, "401")}, nil, Rest, 0},
		"held, looked at":         {[]Event{asked(), sending, accepted("t"), because(Held, "401"), {Kind: Looked}}, nil, Poll, 2 * time.Second},
		"held before it was sent": {[]Event{asked(), because(Held, "no key")}, nil, Rest, 0},
		"adopted":                 {[]Event{asked(), sending, because(Doubtful, ""), {Kind: Adopted, Ticket: "t"}}, nil, Poll, 3 * time.Second},
		"painted":                 {[]Event{asked(), sending, accepted("t"), painted("u")}, nil, Fetch, 3 * time.Second},
		"held, but painted":       {[]Event{asked(), sending, accepted("t"), because(Held, "401"), painted("u")}, nil, Fetch, 4 * time.Second},
		"a picture inside, lost":  {[]Event{asked(), sending, accepted("t"), inline}, nil, Poll, 7 * time.Second},
		"inside, and no ticket":   {[]Event{asked(), sending, inline}, nil, Rest, 0},
		"one saved":               {[]Event{asked(), sending, accepted("t"), painted("u", "v"), saved(0)}, nil, Fetch, 3 * time.Second},
		"download failed":         {[]Event{asked(), sending, accepted("t"), painted("u"), because(Unsaved, "503")}, nil, Fetch, 5 * time.Second},
		"download, Retry-After":   {[]Event{asked(), sending, accepted("t"), painted("u"), later(because(Unsaved, ""), 70*time.Second)}, nil, Fetch, 74 * time.Second},
		"download rests":          {[]Event{asked(), sending, accepted("t"), painted("u"), because(Rested, "")}, nil, Rest, 0},
		"download rests, d":       {[]Event{asked(), sending, accepted("t"), painted("u"), because(Rested, ""), {Kind: Retried}}, nil, Fetch, 3 * time.Second},
		"one rests, one does not": {[]Event{asked(), sending, accepted("t"), painted("u", "v"), because(Rested, "")}, nil, Fetch, 3 * time.Second},
		"done":                    {[]Event{asked(), sending, accepted("t"), painted("u"), saved(0)}, nil, Rest, 0},
		"failed":                  {[]Event{asked(), sending, because(Refused, "")}, nil, Rest, 0},
		"stopped":                 {[]Event{asked(), sending, accepted("t"), because(Stopped, "")}, nil, Rest, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := pace()
			if c.pace != nil {
				c.pace(&p)
			}
			task := script(t, c.events...)
			step, at := task.Next(p, day)
			if step != c.step || step != Rest && !at.Equal(day.Add(c.at)) || step == Rest && !at.IsZero() {
				t.Errorf("step %d after %v, want %d after %v", step, at.Sub(day), c.step, c.at)
			}
			if task.Idle() != (c.step == Rest && name != "being sent") {
				t.Errorf("idle %v", task.Idle())
			}
			if _, at := task.Next(p, day.Add(100*24*time.Hour)); step != Rest && at.Before(day.Add(100*24*time.Hour)) {
				t.Error("a step is due in the past")
			}
		})
	}
}

// A task that does not end is asked about for ever, more and more rarely.
func TestPaceOfALongTask(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, accepted("t"))
	p := pace()
	polls := map[string]int{}
	now := day
	for now.Before(day.Add(72 * time.Hour)) {
		step, at := task.Next(p, now)
		if step != Poll {
			t.Fatalf("step %d at %v", step, now.Sub(day))
		}
		took := at.Sub(task.Asked)
		switch age := task.Asked.Sub(task.Accepted); {
		case age == 0:
		case age < 30*time.Second && took != 4*time.Second:
			t.Fatalf("%v after %v", took, age)
		case age <= Late && (took < 4*time.Second || took > 12*time.Second):
			t.Fatalf("%v after %v", took, age)
		case age > Late && age <= Late+24*time.Hour && took != 5*time.Minute:
			t.Fatalf("%v after %v", took, age)
		case age > Late+24*time.Hour && took != time.Hour:
			t.Fatalf("%v after %v", took, age)
		case age > Late && !task.IsLate(at):
			t.Fatalf("not late after %v", age)
		}
		e := accepted("t")
		e.ID, e.At = task.ID, at
		task, now = task.Apply(e), at
		polls[map[bool]string{true: "late", false: "usual"}[at.Sub(day) > Late]]++
	}
	if n := polls["usual"]; n < 150 || n > 250 {
		t.Errorf("%d polls in the first half hour", n)
	}
	if n := polls["late"]; n < 330 || n > 345 {
		t.Errorf("%d polls of the late task", n)
	}
}

// Failures of a late task do not make it asked about more often.
func TestLateMisses(t *testing.T) {
	task := script(t, asked(), Event{Kind: Sending}, accepted("t"))
	e := because(Missed, "502")
	e.ID, e.At = task.ID, day.Add(2*time.Hour)
	task = task.Apply(e)
	if _, at := task.Next(pace(), day); !at.Equal(day.Add(2*time.Hour + 5*time.Minute)) {
		t.Errorf("asked again after %v", at.Sub(day))
	}
}

func TestPause(t *testing.T) {
	for n := range 100 {
		for _, jitter := range []float64{0, 0.3, 1, 7, -1} {
			d := pause(n, time.Second, time.Minute, jitter)
			if d < time.Second/2 || d > time.Minute {
				t.Fatalf("pause %d with %v: %v", n, jitter, d)
			}
		}
	}
	if a, b := pause(3, time.Second, time.Minute, 0), pause(3, time.Second, time.Minute, 1); a != 4*time.Second || b != 2*time.Second {
		t.Errorf("%v to %v", b, a)
	}
}

// The more there is at work that cannot be asked about so often, the later a task
// is asked about, but never later than where it presses; and where all can be
// asked about in time, a crowd changes nothing.
func TestRound(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	for _, median := range []time.Duration{6, 20, 90} {
		past, _ := cell{sigma: 0.25, median: median * time.Second}.draws(dice)
		p := Pace{Provider: backend.Pace{Every: 2 * time.Second, Max: 8 * time.Second}, Takes: NewTakes(past...)}
		first := script(t, asked(), Event{Kind: Sending}, accepted("t"))
		seen := accepted("t")
		seen.ID, seen.At = first.ID, first.Accepted.Add(p.Takes.Median())
		for name, task := range map[string]Task{"first": first, "later": first.Apply(seen)} {
			p.Round = 0
			alone, _ := task.PollAt(p)
			before := alone
			for _, round := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 6 * time.Second, time.Minute} {
				p.Round = round
				at, _ := task.PollAt(p)
				presses, likely := task.pressesAt(p, at)
				if at.Before(before) || presses.Before(at) || !likely || round <= 2*time.Second && !at.Equal(alone) {
					t.Errorf("%s poll of what takes %v s, round %v: after %v, presses after %v; alone after %v", name, median, round, at.Sub(task.Asked), presses.Sub(task.Asked), alone.Sub(task.Asked))
				}
				before = at
			}
			if presses, _ := task.pressesAt(p, before); !presses.Equal(before) || !before.After(alone) {
				t.Errorf("%s poll of what takes %v s, in a great crowd: after %v, presses after %v, alone after %v", name, median, before.Sub(task.Asked), presses.Sub(task.Asked), alone.Sub(task.Asked))
			}
		}
	}
}
