package ui

import (
	tea "charm.land/bubbletea/v2"

	"easel/backend/task"
	"easel/ui/ask"
)

// changes takes in what the engine says, and says what ended by it.
func (m *model) changes(msg changesMsg) []tea.Cmd {
	if msg.err != nil {
		return nil // the engine is closed: the program ends
	}
	if !m.ticks { // else the next tick moves all times at once: fewer frames, fewer bytes
		m.env.Now = m.clock()
	}
	ended := m.facts.Change(msg.tasks)
	cmds := []tea.Cmd{listen(m.cfg.Changes, pause), m.usual(msg.tasks, false), m.usual(ended.Tasks, true)}
	for _, t := range ended.Tasks {
		m.say(m.told(t))
	}
	if m.away += ended.Away; ended.Away > 0 {
		m.say(ask.Good, m.env.Words.Say("studio.say.away", m.away))
	}
	for _, t := range ended.Stuck {
		m.say(ask.Warn, m.stuck(t))
	}
	switch {
	case m.env.Focused:
	case len(ended.Tasks) > 0:
		cmds = append(cmds, notify(m.cfg.Notify, m.inTmux(), m.notice(ended.Tasks)))
	case len(ended.Stuck) > 0:
		cmds = append(cmds, notify(m.cfg.Notify, m.inTmux(), m.stuck(ended.Stuck[0])))
	}
	return cmds
}

// usual asks for the usual times of the models of tasks.
func (m *model) usual(tasks []task.Task, anew bool) tea.Cmd {
	if list := m.facts.Unasked(tasks, anew); len(list) > 0 {
		return loadUsual(m.cfg.History, list)
	}
	return nil
}
