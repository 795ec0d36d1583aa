package demo

import (
	"testing"
	"time"

	"easel/backend/demo/paint"
)

func TestLifeOfATask(t *testing.T) {
	for _, prompt := range []string{"a cat", "mountains", "the sea", "x", "y", "z", "城", "花"} {
		for _, s := range models[0].sizes {
			for quality := range qualities {
				task := ticket{size: s, quality: quality, count: 1 + quality, plan: paint.Read(prompt)}
				walk(t, task, time.Second, 2*time.Second, 6*time.Second, 14*time.Second)
			}
		}
		walk(t, ticket{model: 1, size: size{1024, 1024}, count: 2, plan: paint.Read(prompt)}, 500*time.Millisecond, 2*time.Second, 2*time.Second, 4*time.Second)
		walk(t, ticket{size: size{1024, 1024}, count: 1, fault: faultSlow, plan: paint.Read(prompt)}, time.Second, 2*time.Second, 85*time.Second, 100*time.Second)
	}
}

// walk follows a task from its start: it must wait, rise, and end in time.
func walk(t *testing.T, task ticket, queueMin, queueMax, endMin, endMax time.Duration) {
	t.Helper()
	var began time.Duration
	last, seen := 0, map[int]bool{}
	for at := time.Duration(0); ; at += 50 * time.Millisecond {
		s := task.at(at)
		if s.progress < last {
			t.Fatalf("progress falls from %d to %d at %v", last, s.progress, at)
		}
		last = s.progress
		seen[last] = true
		switch s.status {
		case "queued":
			began = at
		case "succeeded":
			if began < queueMin-50*time.Millisecond || began > queueMax || at < endMin || at > endMax+50*time.Millisecond || last != 100 {
				t.Fatalf("%v: queued for %v, over after %v at %d%%", task.size, began, at, last)
			}
			if len(seen) < 20 {
				t.Fatalf("only %d different progresses were seen", len(seen))
			}
			return
		case "processing":
		default:
			t.Fatalf("%q at %v", s.status, at)
		}
		if at > 2*time.Minute {
			t.Fatal("it does not end")
		}
	}
}

func TestLifeOfATaskThatMisbehaves(t *testing.T) {
	run := func(f fault, at time.Duration) stage {
		return ticket{size: size{1024, 1024}, count: 1, fault: f, plan: paint.Read("a cat")}.at(at)
	}
	if s := run(faultFail, time.Minute); s.status != "failed" || s.code != "generation_failed" || s.reason == "" || s.progress > 99 {
		t.Errorf("[fail]: %+v", s)
	}
	if s := run(faultModerated, time.Minute); s.status != "failed" || s.code != "output_moderation" {
		t.Errorf("[refuse]: %+v", s)
	}
	for _, f := range []fault{faultFail, faultModerated} {
		if s := run(f, 2500*time.Millisecond); s.status != "processing" {
			t.Errorf("%b does not begin well: %+v", f, s)
		}
	}
	if s := run(faultStuck, 24*time.Hour); s.status != "processing" || s.progress != 99 {
		t.Errorf("[stuck]: %+v", s)
	}
	if run(faultVanish, 3*time.Second).gone || !run(faultVanish, 5*time.Second).gone || !run(faultVanish, time.Hour).gone {
		t.Error("[vanish] is not there, or not gone")
	}
	busy := 0
	for i := range 30 {
		if run(faultFlaky, time.Duration(i)*time.Second).busy {
			busy++
		}
	}
	if busy != 10 {
		t.Errorf("[flaky]: %d of 30 polls are answered 503, want 10", busy)
	}
	if s := run(0, -time.Hour); s.status != "queued" {
		t.Errorf("a clock that went back: %+v", s)
	}
}
