package history

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// Usual gives how long the provider usually takes for the model: the median of
// what was read of the history so far, 0 if that says nothing.
func (s *Store) Usual(provider, model string) time.Duration {
	return s.Takes(provider, model).Median()
}

// Takes gives how long the last tasks of the model took. The first call reads
// the end of the history.
func (s *Store) Takes(provider, model string) task.Takes {
	s.mu.Lock()
	read := s.sampled
	s.sampled = true
	s.mu.Unlock()
	if !read {
		s.readSamples()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return task.TakesOf(s.samples[[2]string{provider, model}]...)
}

// samplesOf bounds how many durations are kept of a model.
const samplesOf = 50

// samplesFrom is how many of the last records a start learns from.
const samplesFrom = 200

// readSamples takes the durations of the last records of the history.
func (s *Store) readSamples() {
	n := 0
	s.pastLines(context.Background(), firstPiece, func(l pastLine) bool {
		var r struct { // of a record; the rest is not decoded
			State                backend.State
			Provider, Model      string
			Sent, Working, Ready time.Time
		}
		if json.Unmarshal(l.raw, &r) == nil {
			s.mu.Lock()
			s.sample(task.Record{State: r.State, Provider: r.Provider, Model: r.Model, Sent: r.Sent, Working: r.Working, Ready: r.Ready}, false)
			s.mu.Unlock()
		}
		n++
		return n < samplesFrom
	})
}

// took is when a task became ready at the provider, after it was sent, as far as
// its record says; not if it does not. It was ready at some time after it was
// last said to be at work, not when that was noticed. One that was at work long
// before it was noticed says when easel came back.
func took(r task.Record) (task.Span, bool) {
	by, after := r.Ready.Sub(r.Sent), r.Working.Sub(r.Sent)
	if r.State != backend.Done || r.Ready.IsZero() || r.Sent.IsZero() || by <= 0 || by > task.Late {
		return task.Span{}, false
	}
	switch {
	case after < 0 || after >= by: // in one answer
		return task.Span{After: by, By: by}, true
	case by-after > blindest:
		return task.Span{}, false
	}
	return task.Span{After: after, By: by}, true
}

// blindest is the longest time between two answers that says something about
// the provider; the longest pause of a task that is expected is shorter.
const blindest = 3 * time.Minute

// sample takes the duration of a record; s.mu is held.
func (s *Store) sample(r task.Record, newest bool) {
	took, ok := took(r)
	if !ok {
		return
	}
	key := [2]string{r.Provider, r.Model}
	list := s.samples[key]
	if newest {
		list = slices.Insert(list, 0, took)
	} else {
		list = append(list, took)
	}
	s.samples[key] = list[:min(len(list), samplesOf)]
}
