package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

const (
	askAfter  = 100 * time.Millisecond // of the first size: the first frame is on the screen
	askAgain  = 2 * time.Second        // the least between two questions, and the least before silence is an answer
	answersIn = 500 * time.Millisecond // how long leaving the terminal waits for an answer, over SSH twice as long
)

// asking knows what the terminal was asked.
type asking struct {
	tell func()         // tells who reads the terminal that it is asked; nil: nobody
	due  bool           // a question is on its way
	n    int            // how often it was asked
	at   time.Time      // when it was last
	wait func() tea.Cmd // what waits for the answer, if anything does
}

type (
	askDueMsg struct{}
	// silentMsg says that time is over for the answer to a question.
	silentMsg struct {
		asked  int
		leaves bool // what waits goes on without it
	}
)

// askSoon asks the terminal what it can: when the first frame is on the screen,
// and again when it may be another one or has changed.
func (m *model) askSoon() []tea.Cmd {
	if m.asking.due {
		return nil
	}
	m.asking.due = true
	after := askAfter
	if m.asking.n > 0 {
		after = max(after, askAgain-m.clock().Sub(m.asking.at))
	}
	return []tea.Cmd{tea.Tick(after, func(time.Time) tea.Msg { return askDueMsg{} })}
}

func (m *model) askNow() []tea.Cmd {
	m.asking.due = false
	if m.asking.wait != nil || m.book.Open() {
		return m.askSoon() // not while the terminal is about to be somebody else's, nor in the middle of a picture
	}
	q, t := m.book.Terminal.Ask()
	m.book.Terminal = t
	if q == "" || m.paint.left {
		return nil
	}
	m.put()
	m.book.Say(q)
	var cmds []tea.Cmd
	if m.book.Terminal.Tmux() { // its fence says nothing of the terminal outside
		asked := m.asking.n
		cmds = append(cmds, tea.Tick(askAgain, func(time.Time) tea.Msg { return silentMsg{asked: asked} }))
	}
	return cmds
}

// put takes down that a question is written, the fence last.
func (m *model) put() {
	m.asking.n, m.asking.at = m.asking.n+1, m.clock()
	if m.asking.tell != nil {
		m.asking.tell()
	}
}

// silent takes in that an answer did not come.
func (m *model) silent(msg silentMsg) []tea.Cmd {
	switch {
	case msg.asked != m.asking.n:
		return nil
	case msg.leaves:
		return m.goOn()
	}
	m.know(m.book.Terminal.Settle())
	return nil
}

// waits says whether something is on its way to the terminal, or an answer from
// it that whoever reads the terminal next would take for keys. In tmux that of
// the terminal outside comes after the fence, if it comes.
func (m *model) waits() bool {
	t := m.book.Terminal
	return m.book.Busy() || t.Waits() || t.Tmux() && !t.Heard() && m.asking.n > 0 && m.clock().Sub(m.asking.at) < askAgain
}

// quietly does what gives the terminal to somebody else, when all answers are
// in: at once, or a moment later. Bubble Tea asks by itself at the start, so a
// terminal that was asked nothing else is asked for the fence.
func (m *model) quietly(then func() tea.Cmd) []tea.Cmd {
	m.paint.lent = true
	if !m.waits() && (m.asking.n > 0 || m.book.Terminal.Dumb()) {
		return m.lend(then)
	}
	m.asking.wait = then
	var cmds []tea.Cmd
	if m.asking.n == 0 {
		q, t := m.book.Terminal.Fence()
		m.book.Terminal = t
		m.put()
		cmds = append(cmds, tea.Raw(q))
	}
	most, asked := answersIn, m.asking.n
	if m.book.Terminal.Remote() {
		most *= 2
	}
	return append(cmds, tea.Tick(most, func(time.Time) tea.Msg { return silentMsg{asked: asked, leaves: true} }))
}

// answered goes on with what waits, if nothing is on its way any more.
func (m *model) answered() []tea.Cmd {
	if m.asking.wait == nil || m.waits() {
		return nil
	}
	return m.goOn()
}

func (m *model) goOn() []tea.Cmd {
	then := m.asking.wait
	m.asking.wait = nil
	if then == nil {
		return nil
	}
	return m.lend(then)
}

// lend gives the terminal to somebody else, without a part of a picture.
func (m *model) lend(then func() tea.Cmd) []tea.Cmd {
	cmd := then()
	return []tea.Cmd{m.handOver(m.book.Break(), cmd)}
}

// leave ends the studio.
func (m *model) leave() []tea.Cmd {
	if m.paint.left { // asked twice
		return []tea.Cmd{tea.Quit}
	}
	m.paint.left = true
	return m.quietly(m.goodbye)
}

// goodbye takes the pictures away from the terminal, and leaves.
func (m *model) goodbye() tea.Cmd {
	s := m.book.Close(m.book.Terminal)
	if s == "" {
		return tea.Quit
	}
	return tea.Sequence(m.past(s), tea.Quit)
}
