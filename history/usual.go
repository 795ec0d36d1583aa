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
	return task.NewTakes(s.samples[[2]string{provider, model}]...)
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

// took is how long the provider took for a task, 0 if the record does not say.
// It was ready at some time after it was last said to be at work, not when that
// was noticed: without this the pause before the first poll would grow by itself,
// as nothing is ever noticed before it. One that was at work long before it was
// noticed says when easel came back.
func took(r task.Record) time.Duration {
	took := r.Ready.Sub(r.Sent)
	if r.State != backend.Done || r.Ready.IsZero() || r.Sent.IsZero() || took <= 0 || took > task.Late {
		return 0
	}
	blind := r.Ready.Sub(r.Working)
	switch {
	case r.Working.Before(r.Sent) || blind <= 0:
		return took
	case blind > blindest:
		return 0
	}
	return took - min(blind/2, took/7)
}

// blindest is the longest time between two answers that says something about
// the provider; the longest pause of a task that is expected is shorter.
const blindest = 3 * time.Minute

// sample takes the duration of a record; s.mu is held.
func (s *Store) sample(r task.Record, newest bool) {
	took := took(r)
	if took == 0 {
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
