package ui

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"easel/backend/task"
	"easel/ui/picture"
	"easel/ui/picture/picturetest"
)

// noisy is two tasks, each with a picture that weighs as much on the wire as any.
func noisy(t testing.TB) []task.Record {
	dir := t.TempDir()
	var list []task.Record
	for n, name := range []string{"a.png", "b.png"} {
		list = append(list, saved(n+1, "noise in "+name, 600, 400, writePNG(t, filepath.Join(dir, name), heavy(600, 400))))
	}
	return list
}

// halfway is a studio that has sent a part of a picture.
func halfway(t *testing.T, records []task.Record, s setup) *drive {
	d := start(t, s.with(records))
	d.in(picture.Kitty)
	d.give(key_("shift+tab"))
	if !d.m.book.Open() {
		t.Fatal("no picture is on its way")
	}
	return d
}

// terminal is a strict one that was sent all that was written, up to the message
// that gives it to somebody else.
func (d *drive) terminal(until tea.Msg) *picturetest.Terminal {
	d.t.Helper()
	var x picturetest.Terminal
	for _, msg := range d.out {
		if until != nil && fmt.Sprintf("%T", msg) == fmt.Sprintf("%T", until) {
			break
		}
		if r, ok := msg.(tea.RawMsg); ok {
			x.Write(fmt.Sprint(r.Msg))
		}
	}
	for _, s := range x.Wrong {
		d.t.Error(s)
	}
	return &x
}

// A key is answered between two pieces, and there is a frame's time between them.
func TestAKeyIsAnsweredWhileAPictureIsSent(t *testing.T) {
	records := noisy(t)
	synctest.Test(t, func(t *testing.T) {
		d := halfway(t, records, setup{})
		d.give(key_("tab")) // to the prompt
		for n := 1; d.m.book.Open(); n++ {
			same(t, "pieces", d.pieces(), n)
			d.give(key_("a"))
			same(t, "pieces after the key", d.pieces(), n)
			time.Sleep(frame)
			d.takeIn()
		}
		if n := d.pieces(); n < 5 {
			t.Errorf("%d pieces", n)
		}
		d.settle()
		if x := d.terminal(nil); len(x.Held) != 1 || x.Sent != 1 || x.Broken != 0 {
			t.Errorf("the terminal has %v of %d, %d broken", x.Held, x.Sent, x.Broken)
		}
		d.sees("aaaaa")
		d.stop()
	})
}

func (d *drive) pieces() (n int) {
	for _, msg := range d.out {
		if _, ok := msg.(tea.RawMsg); ok {
			n++
		}
	}
	return n
}

// What is on its way to the terminal is written before anything else is: two
// commands may overtake each other.
func TestTheTerminalIsGivenAwayAfterWhatIsOnItsWay(t *testing.T) {
	records := noisy(t)
	synctest.Test(t, func(t *testing.T) {
		d := halfway(t, records, setup{})
		d.give(key_("ctrl+c"))
		same(t, "pieces", d.pieces(), 1)
		time.Sleep(frame)
		d.takeIn()
		same(t, "pieces, the end of them, and what drops the pictures", d.pieces(), 3)
		d.wait(10 * frame)
		if !d.got(tea.QuitMsg{}) {
			t.Error("not left")
		}
		d.stop()
	})
}

// Whoever gets the terminal, or is shown on it, in the middle of a picture: it
// does not wait for the rest of it.
func TestAPictureThatIsGivenUpIsEnded(t *testing.T) {
	records := noisy(t)
	tmux := map[string]string{"TMUX": "/tmp/x"}
	for name, c := range map[string]struct {
		env   map[string]string
		do    func(d *drive)
		until tea.Msg
		held  int // whole pictures in the end
	}{
		"quit":          {nil, func(d *drive) { d.give(key_("ctrl+c")) }, tea.QuitMsg{}, 0},
		"quit, in tmux": {tmux, func(d *drive) { d.give(key_("ctrl+c")) }, tea.QuitMsg{}, 0},
		"suspend":       {nil, func(d *drive) { d.give(key_("ctrl+z")) }, tea.SuspendMsg{}, 0},
		"suspend and resume": {nil, func(d *drive) {
			d.give(key_("ctrl+z"))
			d.settle()
			d.send(tea.ResumeMsg{})
		}, nil, 1},
		"another one": {nil, func(d *drive) { d.give(key_("down")) }, nil, 1},
		"back and forth": {nil, func(d *drive) {
			for range 5 {
				d.give(key_("down"))
				time.Sleep(frame)
				d.give(key_("up"))
			}
		}, nil, 1},
		"another size": {nil, func(d *drive) {
			d.give(tea.WindowSizeMsg{Width: 140, Height: 50})
			d.wait(askAgain)
		}, nil, 1},
		"another size, in tmux": {tmux, func(d *drive) {
			d.give(tea.WindowSizeMsg{Width: 140, Height: 50})
			d.wait(askAgain)
		}, nil, 1},
		"redraw":       {nil, func(d *drive) { d.give(key_("ctrl+l")); d.wait(askAgain) }, nil, 1},
		"another cell": {nil, func(d *drive) { d.give(uv.CellSizeEvent{Width: 12, Height: 24}) }, nil, 1},
		"no kitty any more": {nil, func(d *drive) {
			d.answers = saidBy(picture.Blocks)
			d.give(key_("ctrl+l"))
			d.wait(askAgain)
		}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := halfway(t, records, setup{env: c.env})
				c.do(d)
				d.wait(2 * answersIn)
				if c.until != nil && !d.got(c.until) {
					t.Fatalf("no %T", c.until)
				}
				x := d.terminal(c.until)
				if x.Open() {
					t.Error("the terminal waits for more")
				}
				if c.held == 0 && len(x.Held) > 0 || c.held > 0 && len(x.Held) == 0 {
					t.Errorf("the terminal has %v", x.Held)
				}
				if s := d.m.book.Break(); s != "" {
					t.Errorf("and still to be ended: %q", s)
				}
				d.stop()
			})
		})
	}
}
