// Package ui is the studio: the root of the screen, which owns the state and
// decides who hears a message, and the commands that leave the event loop.
//
// There are three kinds of messages with one rule each. Facts (the engine's
// changes, the size, the focus) change the state here, and pages read it when
// they draw. Input goes to the popup on top, else to the page. Everything else is
// an answer to what the page or a popup asked for, and goes back to it.
// What waits or touches the world is in cmds.go and cmds_past.go, how things look in the parts.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/facts"
	"easel/ui/keys"
	"easel/ui/pages/gallery"
	"easel/ui/pages/studio"
	"easel/ui/parts"
	"easel/ui/parts/messages"
	"easel/ui/picture"
	"easel/ui/theme"
)

// model is the root. There is one; it is changed by Update only.
type model struct {
	cfg     Config
	clock   func() time.Time
	facts   facts.Facts
	studio  *studio.Page
	gallery *gallery.Page
	page    page          // the one that is shown
	dir     string        // where the program was started
	popups  []parts.Popup // the last one is on top
	box     parts.Rect    // where the top one was drawn last
	env     parts.Env     // Now is when something that is drawn with time changed last

	log       messages.Log
	sized     bool // the terminal's size is known
	shown     bool // its last message is on the screen
	away      int  // finished while the person was away
	ticks     bool // a tick is on its way
	draft     draftState
	book      *picture.Book // the pictures on the screen
	finder    finder
	searching context.CancelFunc     // gives the search up that is under way
	refiled   map[string]search.Span // up to which change of it a task's files are known
	paint     painter
	asking    asking
	asked     bool // to quit
	// past writes what goes past the frames, and ends when the terminal has it.
	past func(text string) tea.Cmd
}

// draftState says what is to be saved.
type draftState struct {
	dirty bool // it changed since it was saved
	timer bool // a look at it is on its way
	told  bool // that it cannot be saved was said
}

func newModel(c Config, clock func() time.Time, past past) *model {
	m := &model{cfg: c, clock: clock, past: func(s string) tea.Cmd { return tea.Raw(s) }}
	m.facts = facts.Facts{Providers: c.Providers, Started: c.Since, Me: c.Me}
	if c.Since.IsZero() {
		m.facts.Started = clock()
	}
	m.away = m.facts.Load(past.tasks, past.records)
	m.book = picture.NewBook(picture.NewTerminal(c.Pictures, colorprofile.Ascii, c.Getenv), bookBytes, picture.NewShelf(c.Thumbs, thumbs))
	m.studio = studio.New(&m.facts, m.book, past.draft, c.Start)
	m.gallery = gallery.New(&m.facts, m.book)
	m.page = m.studio
	m.env = parts.Env{
		Theme: theme.New(true, !c.NoColor), Words: c.Words, Keys: keys.New(c.Words.Say),
		Now: clock(), Width: 80, Height: 24, Focused: true,
	}
	for _, note := range append(past.problems, c.Notes...) {
		m.say(ask.Warn, note)
	}
	if m.away > 0 {
		m.say(ask.Good, c.Words.Say("studio.say.away", m.away))
	}
	return m
}

// Init asks for what is not known yet. None of it is waited for.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{
		tea.RequestBackgroundColor,
		listen(m.cfg.Changes, 0),
		loadPrompts(m.cfg.History),
		m.usual(tasksOf(&m.facts), false),
	}
	return tea.Batch(append(cmds, m.perform(m.studio.Start())...)...)
}

// Update takes in one message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmds := m.receive(msg)
	if !m.ticks && m.page.Moving(m.env) {
		m.ticks = true
		cmds = append(cmds, tick())
	}
	cmds = append(cmds, m.show()...)
	return m, tea.Batch(cmds...)
}

func (m *model) receive(msg tea.Msg) []tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg, tea.BackgroundColorMsg, tea.FocusMsg, tea.BlurMsg, tea.ResumeMsg,
		tickMsg, changesMsg, usualMsg, draftDueMsg, draftSavedMsg, saidMsg, refiledMsg:
		return m.fact(msg)
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		return m.input(msg)
	case tea.ColorProfileMsg, tea.TerminalVersionMsg, uv.KittyGraphicsEvent, uv.CellSizeEvent, uv.PixelSizeEvent,
		uv.PrimaryDeviceAttributesEvent, picture.PixelsEvent, askDueMsg, drawnMsg, sentMsg, fileMsg, backMsg, stayMsg, paintDueMsg, silentMsg:
		return m.pictures(msg)
	default:
		return m.reply(msg)
	}
}

// fact changes the state.
func (m *model) fact(msg tea.Msg) []tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.sized, m.env.Width, m.env.Height = true, msg.Width, msg.Height
		// In tmux another terminal may have come; elsewhere the cells may have
		// another size.
		m.lost(m.book.Terminal.Tmux())
		return append(m.askSoon(), cellPixels(msg.Width, msg.Height))
	case tea.BackgroundColorMsg:
		m.env.Theme = theme.New(msg.IsDark(), !m.cfg.NoColor)
		return m.learn(msg)
	case tea.FocusMsg:
		m.env.Focused = true
		if m.book.Terminal.Tmux() { // it may be another terminal that is attached now
			m.lost(true)
			return m.askSoon()
		}
	case tea.BlurMsg:
		m.env.Focused = false
	case tea.ResumeMsg:
		m.lost(true)
		return append(m.askSoon(), tea.RequestWindowSize)
	case tickMsg:
		m.ticks, m.env.Now = false, m.clock()
	case changesMsg:
		return m.changes(msg)
	case usualMsg:
		for _, u := range msg {
			m.facts.Learn(u.provider, u.model, u.takes)
		}
	case draftDueMsg:
		m.draft.timer = false
		if m.draft.dirty {
			m.draft.dirty = false
			return []tea.Cmd{saveDraft(m.cfg.History, m.studio.Request())}
		}
	case draftSavedMsg:
		if msg.err != nil && !m.draft.told {
			m.draft.told = true
			m.say(ask.Warn, m.env.Words.Say("studio.say.draft", clean(msg.err)))
		}
	case saidMsg:
		m.say(msg.level, msg.text)
	case refiledMsg:
		m.refiledNow(msg)
	}
	return nil
}

// input gives a key, a paste or the mouse to who has it: the popup on top, else
// the page.
func (m *model) input(msg tea.Msg) []tea.Cmd {
	env := m.env
	env.Now = m.clock()
	k, isKey := msg.(tea.KeyPressMsg)
	if isKey {
		m.hush(env.Now)
		if k.String() == "ctrl+c" {
			return m.quit()
		}
	}
	if m.small() {
		return nil
	}
	if c, ok := msg.(tea.MouseClickMsg); ok && c.Y == 0 && len(m.popups) == 0 {
		return m.clickHeader(c.X)
	}
	if c, ok := msg.(tea.MouseClickMsg); ok && c.Y == m.env.Height-1 { // no popup lies over it
		if c.Button == tea.MouseLeft {
			return m.clickFooter(c.X)
		}
		return nil
	}
	if len(m.popups) == 0 {
		return m.perform(m.page.Update(env, msg))
	}
	top := len(m.popups) - 1
	cmd, done := m.popups[top].Update(env, m.inBox(msg))
	if done {
		m.popups = append(m.popups[:top], m.popups[top+1:]...)
	}
	if cmd == nil {
		return nil
	}
	// What a popup sends is a value, no work: it is taken in before the next key.
	return m.receive(cmd())
}

// inBox makes the place of the mouse relative to the popup on top.
func (m *model) inBox(msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X-m.box.X, msg.Y-m.box.Y
		return msg
	case tea.MouseWheelMsg:
		msg.X, msg.Y = msg.X-m.box.X, msg.Y-m.box.Y
		return msg
	}
	return msg
}

// reply gives an answer to who asked. One about a task is a fact as well.
func (m *model) reply(msg tea.Msg) []tea.Cmd {
	if cmds, ok := m.answer(msg); ok {
		return cmds
	}
	if cmds, ok := m.heard(msg); ok {
		return cmds
	}
	env := m.env
	env.Now = m.clock()
	if _, ok := msg.(ask.Picked); ok { // of a popup that lay over the page that is shown
		return m.perform(m.page.Update(env, msg))
	}
	return m.perform(m.studio.Update(env, msg))
}

func (m *model) quit() []tea.Cmd {
	m.asked = true
	return m.leave()
}
