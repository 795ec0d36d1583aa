package ui

import (
	"runtime"

	tea "charm.land/bubbletea/v2"

	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
)

// perform carries out what the page asked for.
func (m *model) perform(asks []any) []tea.Cmd {
	var cmds []tea.Cmd
	for _, a := range asks {
		cmds = append(cmds, m.performOne(a)...)
	}
	return cmds
}

func (m *model) performOne(a any) []tea.Cmd {
	one := func(c tea.Cmd) []tea.Cmd { return []tea.Cmd{c} }
	switch a := a.(type) {
	case ask.Say:
		m.say(a.Level, a.Text)
	case ask.Do:
		return m.do(a.Action)
	case ask.Generate:
		return one(submit(m.cfg.Engine, a.Request))
	case ask.Draft:
		return m.draftChanged()
	case ask.Change:
		return one(change(m.cfg.Engine, a))
	case ask.LookAt:
		return one(lookAt(a, m.cfg.Getenv("HOME")))
	case ask.Edit:
		return m.edit(a.Text)
	case ask.Copy:
		m.say(ask.Good, m.env.Words.Say("studio.say.copied", a.What))
		return one(tea.SetClipboard(a.Text))
	case ask.View:
		return m.open(a.Path)
	default:
		if cmds, ok := m.ofPast(a); ok {
			return cmds
		}
		return m.popup(a)
	}
	return nil
}

// do carries out an action that is the root's.
func (m *model) do(a keys.Action) []tea.Cmd {
	switch a {
	case keys.Quit:
		return m.quit()
	case keys.Suspend:
		return m.quietly(func() tea.Cmd { return tea.Suspend })
	case keys.Redraw:
		m.lost(true)
		return append(m.askSoon(), tea.ClearScreen)
	case keys.OtherPage:
		return m.otherPage()
	case keys.Palette, keys.Help, keys.Messages:
		m.openFor(a)
	default: // of the gallery's, what is done where requests are written
		if m.page != page(m.studio) {
			env := m.env
			env.Now = m.clock()
			return append(m.turnTo(m.studio), m.perform(m.studio.Do(env, a))...)
		}
	}
	return nil
}

// draftChanged sees to it that the draft is saved soon. One timer is enough
// however much is typed.
func (m *model) draftChanged() []tea.Cmd {
	m.draft.dirty = true
	if m.draft.timer {
		return nil
	}
	m.draft.timer = true
	return []tea.Cmd{draftDue()}
}

// edit opens the person's editor: $VISUAL, else $EDITOR, else vi.
func (m *model) edit(text string) []tea.Cmd {
	editor := m.cfg.Getenv("VISUAL")
	if editor == "" {
		editor = m.cfg.Getenv("EDITOR")
	}
	none := m.env.Words.Say("studio.say.no_editor")
	return m.quietly(func() tea.Cmd { return edit(text, editor, none) })
}

func (m *model) open(path string) []tea.Cmd {
	say := m.env.Words.Say
	command := viewer(runtime.GOOS, path, m.cfg.Getenv)
	if command == nil {
		m.say(ask.Warn, say("studio.say.no_display"))
		return nil
	}
	return []tea.Cmd{view(command, say("studio.say.opened", path), say("studio.say.not_opened"))}
}

// answer takes in what is a fact in an answer to a page: a new task is known
// before the page hears of it. True if the page has no need to hear.
func (m *model) answer(msg tea.Msg) ([]tea.Cmd, bool) {
	if s, ok := msg.(ask.Submitted); ok && s.Err == nil {
		m.env.Now = m.clock()
		if _, known := m.facts.Task(s.Task.ID); !known { // the engine may have told more already
			m.facts.Change([]task.Task{s.Task})
		}
	}
	switch msg.(type) {
	case ask.Submitted, ask.Changed, ask.Looked, ask.Edited, ask.Earlier, ask.Picked,
		ask.Past, ask.Found, ask.Recalled, ask.Marked, ask.Weighed, ask.Emptied:
		return nil, false
	}
	return m.popupReply(msg), true
}

func (m *model) inTmux() bool { return m.cfg.Getenv("TMUX") != "" }
