package cli

import (
	"image"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/term"

	"easel/ui/answers"
	"easel/ui/picture"
)

// How long the terminal has for its answer: two seconds, for the link may be
// slow. That of a terminal outside of tmux comes after tmux's own.
const (
	answerWithin  = 2 * time.Second
	outsideWithin = time.Second
)

// askTerminal asks the terminal what it can, and reads until it has answered, so
// that nothing is left for the shell. What is typed meanwhile is lost.
func askTerminal(t picture.Terminal, in, out *os.File) picture.Terminal {
	q, asked := t.Ask()
	if q == "" || !answers.Pieces {
		return t
	}
	t = asked
	state, err := term.MakeRaw(in.Fd())
	if err != nil {
		return t
	}
	defer func() { _ = term.Restore(in.Fd(), state) }()
	keys, err := uv.NewCancelReader(answers.New(in))
	if err != nil {
		return t
	}
	defer keys.Close()
	heard, ended := make(chan tea.Msg), make(chan struct{})
	go listenTo(keys, heard, ended)
	defer func() {
		close(ended)
		keys.Cancel()
		for range heard { // until it has stopped reading
		}
	}()
	if _, err := out.WriteString(q); err != nil {
		return t
	}
	w, h, _ := term.GetSize(out.Fd())
	px, py := answers.Pixels(out, w, h)
	t, _ = t.Learn(picture.PixelsEvent{Width: px, Height: py}, image.Pt(w, h))
	end := time.NewTimer(answerWithin)
	for {
		select {
		case msg, ok := <-heard:
			if !ok {
				return t
			}
			t, _ = t.Learn(msg, image.Pt(w, h))
			if !t.Waits() && (!t.Tmux() || t.Heard()) {
				return t
			}
			if !t.Waits() {
				end.Reset(outsideWithin)
			}
		case <-end.C:
			return t
		}
	}
}

// listenTo tells what the terminal says, until nobody listens.
func listenTo(r io.Reader, heard chan<- tea.Msg, ended <-chan struct{}) {
	defer close(heard)
	var d uv.EventDecoder
	piece := make([]byte, 4096)
	for {
		n, err := r.Read(piece)
		if err != nil {
			return
		}
		for b := piece[:n]; len(b) > 0; {
			n, event := d.Decode(b)
			b = b[max(n, 1):]
			var msg tea.Msg = event
			if name, ok := event.(uv.TerminalVersionEvent); ok {
				msg = tea.TerminalVersionMsg(name)
			}
			select {
			case heard <- msg:
			case <-ended:
				return
			}
		}
	}
}
