package ui

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/picture"
)

const (
	bookBytes = 12 << 20               // of pictures that are ready, in memory
	thumbs    = 6 << 20                // of thumbnails, in memory
	stayFor   = time.Second            // a person looks at a picture before it is sent in all its pixels over SSH
	paintIn   = 100 * time.Millisecond // pixels are painted over a frame that is on the screen, at most so often
)

// painter knows what the terminal painted over the cells.
type painter struct {
	painted bool
	at      picture.Spot // what is painted, if anything is
	due     bool         // a look at what is to be painted is on its way
	left    bool         // the person wants to leave
	lent    bool         // the terminal is, or soon will be, somebody else's
	stays   picture.Want // at which the person may be looking for a while
}

type (
	paintDueMsg struct{}
	stayMsg     struct{ picture.Want }
	drawnMsg    struct{ picture.Made }
	sentMsg     struct{} // the terminal has a piece
	fileMsg     struct{} // a file that was given up answered
	backMsg     struct{} // the terminal is the studio's again
)

// show sees to it that the terminal has the pictures which the page shows: what
// is not ready is made, what was not sent is sent.
func (m *model) show() []tea.Cmd {
	if m.paint.left {
		return nil
	}
	spots, sight, ahead := m.pictured()
	var cmds []tea.Cmd
	if job := m.book.Turn(sight, ahead); job != nil {
		cmds = append(cmds, drawPicture(job))
	}
	if wait := m.book.Await(); wait != nil {
		cmds = append(cmds, awaitFile(wait))
	}
	if !m.paint.lent {
		if s := m.book.Send(); s != "" {
			cmds = append(cmds, m.sendPictures(s))
		}
	}
	cmds = append(cmds, m.stay(sight)...)
	return append(cmds, m.repaint(m.over(spots))...)
}

// stay has a look soon whether a picture that was sent in few pixels is still
// what the person looks at.
func (m *model) stay(sight []picture.Want) []tea.Cmd {
	if len(sight) == 0 || !m.book.Stays(sight[0]) {
		m.paint.stays = picture.Want{}
		return nil
	}
	w := sight[0]
	if w == m.paint.stays {
		return nil
	}
	m.paint.stays = w
	return []tea.Cmd{tea.Tick(stayFor, func(time.Time) tea.Msg { return stayMsg{w} })}
}

// better makes it in all its pixels then.
func (m *model) better(w picture.Want) []tea.Cmd {
	if m.paint.stays != w || m.paint.left {
		return nil
	}
	if job := m.book.Stay(w); job != nil {
		return []tea.Cmd{drawPicture(job)}
	}
	m.paint.stays = picture.Want{} // later
	return nil
}

// over is the spot whose pixels the terminal paints over the cells; there is one
// at most, and the zero value is none.
func (m *model) over(spots []picture.Spot) picture.Spot {
	for _, s := range spots {
		if p, ok := m.book.Find(s.Want); ok && p.Drawn.Over != "" {
			return s
		}
	}
	return picture.Spot{}
}

// repaint clears what the terminal painted when that is to change, and has a
// look soon at what is to be painted then.
func (m *model) repaint(spot picture.Spot) []tea.Cmd {
	var cmds []tea.Cmd
	want := m.paints(spot)
	if m.paint.painted && (!want || spot != m.paint.at) {
		m.paint.painted = false
		cmds = append(cmds, tea.ClearScreen)
	}
	if want && !m.paint.painted && !m.paint.due {
		m.paint.due = true
		cmds = append(cmds, tea.Tick(paintIn, func(time.Time) tea.Msg { return paintDueMsg{} }))
	}
	return cmds
}

// paints says whether pixels are to be written over the cells of a spot: text
// that lies over them would be written over, too.
func (m *model) paints(spot picture.Spot) bool {
	p, ok := m.book.Find(spot.Want)
	if !ok || p.Drawn.Over == "" || spot.Covered || len(m.popups) > 0 || m.small() {
		return false
	}
	return spot.Y+p.Drawn.Rows <= m.env.Height-1-len(m.bottom())
}

// paintNow writes the pixels, with the cursor back where it was.
func (m *model) paintNow() []tea.Cmd {
	m.paint.due = false
	spots, _, _ := m.pictured()
	spot := m.over(spots)
	if m.paint.painted || m.paint.left || !m.paints(spot) {
		return nil
	}
	m.paint.painted, m.paint.at = true, spot
	p, _ := m.book.Find(spot.Want)
	return []tea.Cmd{tea.Raw(ansi.SaveCursor + ansi.CursorPosition(spot.X+1, spot.Y+1) + p.Drawn.Over + ansi.RestoreCursor)}
}

// pictures takes in what has to do with pictures: answers of the terminal, and
// what was made. They are never input, however late they come.
func (m *model) pictures(msg tea.Msg) []tea.Cmd {
	switch msg := msg.(type) {
	case askDueMsg:
		return m.askNow()
	case drawnMsg:
		if m.book.Take(msg.Made) && m.book.Renewed(msg.Made) {
			m.paint.painted = false
		}
	case sentMsg:
		m.book.Sent()
		return m.answered()
	case fileMsg:
		m.book.Answered()
	case backMsg:
		m.paint.lent = false
		m.lost(true)
	case stayMsg:
		return m.better(msg.Want)
	case paintDueMsg:
		return m.paintNow()
	case silentMsg:
		return m.silent(msg)
	default:
		return m.learn(msg)
	}
	return nil
}

// learn takes in an answer. Another way to show pictures begins with none.
func (m *model) learn(msg tea.Msg) []tea.Cmd {
	t, changed := m.book.Terminal.Learn(msg, image.Pt(m.env.Width, m.env.Height))
	m.know(t, changed)
	return m.answered()
}

func (m *model) know(t picture.Terminal, changed bool) {
	if !changed {
		m.book.Terminal = t
	} else {
		m.book.Say(m.book.Close(t))
	}
}

// lost says that the screen is another one, or was cleared: what was painted is
// not there any more, and what was sent may not be.
func (m *model) lost(sent bool) {
	m.paint.painted = false
	if sent {
		m.book.Lost()
	}
}
