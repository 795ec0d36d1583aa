package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
)

// every key that means something anywhere, and some that mean nothing.
var every = []string{
	"enter", "tab", "shift+tab", "esc", "up", "down", "left", "right", "backspace", "delete", "home", "end", "pgup", "pgdown",
	"ctrl+p", "ctrl+g", "ctrl+l", "ctrl+j", "ctrl+r", "ctrl+u", "ctrl+w", "ctrl+k", "ctrl+/", "alt+b", "alt+f", "alt+enter", "f1",
	"a", "x", "J", "K", "e", "r", "d", "y", "Y", "p", "o", "f", "i", "u", "/", "?", "g", "G", "h", "l", "j", "k", "1", "文", "space", "ctrl+q",
}

var states = []backend.State{backend.Pending, backend.Unsure, backend.Queued, backend.Running, backend.Ready, backend.Done, backend.Failed, backend.Canceled}

// FuzzKeys presses anything in any order, at any size, while tasks come and go:
// the screen stays whole, and the engine is never asked to send the same again
// without a yes.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03"), uint8(120), uint8(40))
	for i := range 24 { // about a second's worth
		r := rand.New(rand.NewPCG(1, uint64(i)))
		keys := make([]byte, 60)
		for j := range keys {
			keys[j] = byte(r.IntN(256))
		}
		f.Add(keys, uint8(30+i*4), uint8(8+i*2))
	}
	f.Fuzz(func(t *testing.T, keys []byte, w, h uint8) {
		if len(keys) > 300 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			s := atWork()
			s.w, s.h = max(int(w), 1), max(int(h), 1)
			d := start(t, s)
			for i, b := range keys {
				name := every[int(b)%len(every)]
				d.press(name)
				switch b % 31 {
				case 7:
					d.send(tea.PasteMsg{Content: "pasted 文字\nlines"})
				case 11:
					d.send(tea.MouseClickMsg{X: int(b) % s.w, Y: i % s.h, Button: tea.MouseLeft})
				case 13:
					s.w, s.h = 1+int(b)*7%140, 1+i*5%50
					d.send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
				case 17:
					d.change(task.Task{ID: fmt.Sprintf("f%03d", i), State: states[i%len(states)], Progress: float64(i) / 300, Created: time.Now(), Request: flight()[0].Request})
				}
				d.whole(name)
			}
			for _, call := range d.engine.calls {
				if strings.HasPrefix(call, "again b001") && !strings.Contains(d.said(), "Sending again") {
					t.Errorf("sent again without a yes: %s", d.engine.asked())
				}
			}
			d.stop()
		})
	})
}

// whole fails if the screen does not fit.
func (d *drive) whole(after string) {
	d.t.Helper()
	v := d.m.View()
	w, h := d.m.env.Width, d.m.env.Height
	lines := strings.Split(v.Content, "\n")
	if len(lines) > h {
		d.t.Fatalf("after %s: %d lines in %dx%d", after, len(lines), w, h)
	}
	for _, l := range lines {
		if n := width(l); n > w {
			d.t.Fatalf("after %s: a line of %d cells in %dx%d: %q", after, n, w, h, l)
		}
	}
	if v.Cursor != nil && (v.Cursor.X < 0 || v.Cursor.Y < 0 || v.Cursor.X >= w || v.Cursor.Y >= h) {
		d.t.Fatalf("after %s: the cursor is at %+v in %dx%d", after, v.Cursor.Position, w, h)
	}
}

// said is every message so far.
func (d *drive) said() string {
	var s []string
	for _, e := range d.m.log.Entries() {
		s = append(s, e.Text)
	}
	return strings.Join(s, "\n")
}
