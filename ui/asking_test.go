package ui

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/picture"
)

func (d *drive) asked() (n int) {
	for _, msg := range d.out {
		if r, ok := msg.(tea.RawMsg); ok && strings.HasSuffix(fmt.Sprint(r.Msg), ansi.RequestPrimaryDeviceAttributes) {
			n++
		}
	}
	return n
}

func (d *drive) way(want picture.Way) {
	d.t.Helper()
	same(d.t, "the way", d.m.book.Terminal.Way(), want)
}

// A link on which an answer takes its time: blocks until it comes, however late,
// and then the picture.
func TestALateYesIsTaken(t *testing.T) {
	records := shelf(t)
	for _, latency := range []time.Duration{150 * time.Millisecond, 3 * time.Second, time.Minute} {
		for _, tmux := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				s := setup{env: map[string]string{"SSH_CONNECTION": "x"}}.with(records)
				if tmux {
					s.env["TMUX"] = "/tmp/x"
				}
				d := start(t, s)
				d.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
				d.answers = nil
				if tmux { // answers for itself at once
					d.answers = saidBy(picture.Blocks)
				}
				d.press("shift+tab")
				d.wait(askAfter)
				same(t, "asked", d.asked(), 1)
				d.wait(latency)
				d.way(picture.Blocks)
				d.holds()
				for _, a := range saidBy(picture.Kitty) {
					d.send(a)
				}
				d.way(picture.Kitty)
				if sent, _ := d.sentIDs(); len(sent) != 1 {
					t.Errorf("sent %v", sent)
				}
				d.stop()
			})
		}
	}
}

// In tmux another terminal may be attached: it is asked when it may have come,
// and silence is a no, but not soon.
func TestAnotherTerminalIsAsked(t *testing.T) {
	records := shelf(t)
	for what, comes := range map[string]func(*drive){
		"focus":  func(d *drive) { d.send(tea.FocusMsg{}) },
		"size":   func(d *drive) { d.send(tea.WindowSizeMsg{Width: 121, Height: 40}) },
		"ctrl+l": func(d *drive) { d.press("ctrl+l") },
		"resume": func(d *drive) { d.send(tea.ResumeMsg{}) },
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := start(t, setup{env: map[string]string{"TMUX": "/tmp/x"}}.with(records))
				d.in(picture.Kitty)
				d.press("shift+tab")
				d.wait(2 * askAgain)
				d.way(picture.Kitty)
				d.answers, d.out = saidBy(picture.Blocks), nil
				comes(d)
				if sent, _ := d.sentIDs(); len(sent) != 1 {
					t.Errorf("sent %v to what may be another terminal", sent)
				}
				d.wait(askAfter)
				same(t, "asked", d.asked(), 1)
				d.wait(askAgain - time.Millisecond)
				d.way(picture.Kitty)
				d.wait(time.Millisecond)
				d.way(picture.Blocks)
				d.holds()
				d.answers = saidBy(picture.Kitty)
				comes(d)
				d.wait(askAgain)
				d.way(picture.Kitty)
				d.stop()
			})
		})
	}
}

func TestAskedNotTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{})
		for range 50 {
			d.send(tea.WindowSizeMsg{Width: 100, Height: 40})
			d.send(tea.WindowSizeMsg{Width: 101, Height: 40})
			d.wait(100 * time.Millisecond)
		}
		if n := d.asked(); n < 3 || n > 5 {
			t.Errorf("asked %d times in ten seconds", n)
		}
		d.stop()
	})
}

// Who reads the terminal next would take an answer for keys.
func TestTheTerminalIsGivenAwayWhenItIsSilent(t *testing.T) {
	type when struct {
		name  string
		early bool // before it was asked
		env   map[string]string
		ok    []tea.Msg // lets go
		most  time.Duration
	}
	yes := saidBy(picture.Kitty)
	fence := []tea.Msg{uv.PrimaryDeviceAttributesEvent{62}}
	tmux := map[string]string{"TMUX": "/tmp/x"}
	for _, w := range []when{
		{"asked", false, nil, fence, answersIn},
		{"not asked", true, nil, fence, answersIn},
		{"over SSH", false, map[string]string{"SSH_TTY": "/dev/pts/1"}, fence, 2 * answersIn},
		{"in tmux", false, tmux, yes, answersIn},
		{"in tmux, only tmux answers", false, tmux, nil, answersIn},
		{"dumb", true, map[string]string{"TERM": "dumb"}, nil, 0},
	} {
		for what, c := range map[string]struct {
			key  string
			gone tea.Msg
		}{"quit": {"ctrl+c", tea.QuitMsg{}}, "suspend": {"ctrl+z", tea.SuspendMsg{}}} {
			for _, answered := range []bool{true, false} {
				t.Run(fmt.Sprint(w.name, what, answered), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						d := start(t, setup{env: w.env})
						d.answers = nil
						if !w.early {
							d.wait(askAfter)
						}
						if w.name == "in tmux, only tmux answers" {
							d.send(fence[0])
						}
						d.press(c.key)
						if d.got(c.gone) != (w.most == 0) {
							t.Fatal("gone before the answer")
						}
						if w.most > 0 {
							same(t, "asked", d.asked(), 1)
						}
						if answered {
							for _, msg := range w.ok {
								d.send(msg)
							}
						}
						if !answered || w.ok == nil {
							d.wait(w.most - time.Millisecond)
							if w.most > 0 && d.got(c.gone) {
								t.Fatal("gone too early")
							}
							d.wait(time.Millisecond)
						}
						if !d.got(c.gone) {
							t.Error("not gone")
						}
						d.stop()
					})
				})
			}
		}
	}
}
