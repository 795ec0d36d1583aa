package task

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Crowds follow each other, and each learns from what was noticed of the one
// before, which is never sooner than it asked: what is known of the model stays
// what the model does, and nothing is noticed later and later.
func TestCrowdsLearnFromEachOther(t *testing.T) {
	for _, c := range []cell{{0.25, 10 * time.Second, 200, 1, 0}, {0.25, 90 * time.Second, 200, 1, 0}, {0.5, 45 * time.Second, 200, 1, 0}} {
		dice := rand.New(rand.NewPCG(7, uint64(c.median)))
		past, _ := c.draws(dice)
		known := NewTakes(past...)
		first, last := 0.0, 0.0
		for generation := range 30 {
			_, takes := c.draws(dice)
			s := sim{pace: c.pace(false, nil), now: time.Unix(1_800_000_000, 0), tokens: 1}
			s.pace.Takes = known
			for _, d := range takes {
				s.submits = append(s.submits, &simTask{takes: d})
			}
			s.play()
			known = TakesOf(s.spans[len(s.spans)-100 : len(s.spans)-50]...)
			median, _ := quantiles(s.late)
			switch {
			case generation < 10:
				first += median / 10
			case generation >= 20:
				last += median / 10
			}
			if off := known.Median().Seconds() / c.median.Seconds(); off < 0.75 || off > 1.4 {
				t.Fatalf("%+v: after %d crowds the model is said to take %v", c, generation+1, known.Median())
			}
		}
		t.Logf("%v, %v: median lateness %.2f s at first, %.2f s at last, said to take %v", c.median, c.sigma, first, last, known.Median())
		if last > 1.4*first {
			t.Errorf("%+v: the median lateness grew from %.2f s to %.2f s", c, first, last)
		}
	}
}

// Spans say what durations do, where they are narrow, and hardly less where all
// that is known is on which side of a question they were.
func TestTakesOf(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	var exact, narrow, wide []Span
	for range 50 {
		d := time.Duration(40 * float64(time.Second) * math.Exp(0.25*dice.NormFloat64()))
		exact = append(exact, Span{d, d})
		narrow = append(narrow, Span{d.Truncate(2 * time.Second), d.Truncate(2*time.Second) + 2*time.Second})
		asked := []time.Duration{0, 45 * time.Second, 60 * time.Second, 80 * time.Second, 3 * time.Minute}
		for i := range asked {
			if d <= asked[i] {
				wide = append(wide, Span{asked[i-1], asked[i]})
				break
			}
		}
	}
	want := TakesOf(exact...)
	for name, c := range map[string]struct {
		spans []Span
		off   float64
	}{"narrow": {narrow, 0.03}, "wide": {wide, 0.12}} {
		got := TakesOf(c.spans...)
		for _, chance := range []float64{0.1, 0.5, 0.9} {
			a, b := quantile(want, chance), quantile(got, chance)
			if off := math.Abs(b.Seconds()/a.Seconds() - 1); off > c.off {
				t.Errorf("%s: %.1f within %v, want %v", name, chance, b, a)
			}
		}
	}
	if k := TakesOf(Span{0, 0}, Span{time.Second, -time.Second}); k.Known() {
		t.Error("nothing says something")
	}
	if k := TakesOf(Span{0, 30 * time.Second}); k.Median() < 15*time.Second || k.Median() > 30*time.Second {
		t.Errorf("found ready after 30 s: %v", k.Median())
	}
	if k := TakesOf(Span{20 * time.Second, 10 * time.Second}); k.Median() != 10*time.Second {
		t.Errorf("at work after it was ready: %v", k.Median())
	}
}

func quantile(k Takes, chance float64) time.Duration {
	d := time.Duration(0)
	for k.Within(d) < chance {
		d += 100 * time.Millisecond
	}
	return d
}
