package cli

import (
	"fmt"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// progress is the line on stderr that tells how a task stands while a person
// waits for it. It is drawn only where stderr is a terminal.
type progress struct {
	p     *Program
	usual time.Duration
	begun time.Time
	drawn string
	moves bool // the terminal can go back to the start of a line
}

func (p *Program) progress(work *Work, t task.Task) *progress {
	s := &progress{p: p, begun: time.Now(), moves: p.Env("TERM") != "dumb"}
	s.usual = work.Store.Usual(t.Request.Provider, t.Request.Model)
	return s
}

// draw shows the task as it is now.
func (s *progress) draw(t task.Task) {
	if !isTerm(s.p.Err) {
		return
	}
	line := s.p.Words.Say("cli.progress", t.Request.Provider, t.Request.Model, s.p.stateWord(t.State))
	if t.Trouble != nil {
		line += " · " + s.p.problem(t.Trouble)
	}
	if s.moves {
		if t.Progress > 0 && t.State == backend.Running {
			line += fmt.Sprintf(" %.0f%%", t.Progress*100)
		}
		line += " " + span(time.Since(s.begun))
		if s.usual > 0 {
			line += "/~" + span(s.usual)
		}
	}
	if line == s.drawn {
		return
	}
	s.drawn = line
	if s.moves {
		w, _ := s.p.size()
		fmt.Fprint(s.p.Err, "\r\x1b[K"+cut(line, w-1))
	} else {
		fmt.Fprintln(s.p.Err, line)
	}
}

// clear takes the line away.
func (s *progress) clear() {
	if isTerm(s.p.Err) && s.moves && s.drawn != "" {
		fmt.Fprint(s.p.Err, "\r\x1b[K")
	}
}
