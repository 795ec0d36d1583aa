package ui

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/ui/picture"
)

// inGalleryKeys are those that mean something in the gallery, and some that do
// in the studio.
var inGalleryKeys = []string{
	"enter", "tab", "esc", "up", "down", "left", "right", "backspace", "delete", "home", "end", "pgup", "pgdown", "ctrl+t", "ctrl+p", "f1",
	"/", "e", "E", "r", "f", "s", "t", "x", "u", "space", "v", "a", "y", "Y", "p", "S", "o", "i", "L", "T", "X", "h", "j", "k", "l", "g", "G",
	"shift+left", "shift+right", "shift+up", "shift+down", "1", "文", "down", "right", "down", "right",
}

// FuzzGallery presses anything in any order, at any size, while entries come and
// go: the screen stays whole, and the cursor is on an entry that is there.
func FuzzGallery(f *testing.F) {
	for i := range 16 {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		keys := make([]byte, 60)
		for j := range keys {
			keys[j] = byte(r.IntN(256))
		}
		f.Add(keys, uint8(40+i*8), uint8(10+i*2))
	}
	f.Fuzz(func(t *testing.T, keys []byte, w, h uint8) {
		if len(keys) > 200 {
			return
		}
		paintGallery(t)
		synctest.Test(t, func(t *testing.T) {
			s := setup{w: max(int(w), 1), h: max(int(h), 1)}.with(at(gallery_()))
			d := start(t, s)
			d.in(picture.Blocks)
			d.press("ctrl+t")
			for i, b := range keys {
				name := inGalleryKeys[int(b)%len(inGalleryKeys)]
				d.press(name)
				switch b % 29 {
				case 3:
					d.send(tea.MouseClickMsg{X: int(b) % s.w, Y: i % s.h, Button: tea.MouseLeft})
				case 5:
					d.send(tea.MouseWheelMsg{X: int(b) % s.w, Y: i % s.h, Button: tea.MouseWheelDown})
				case 7:
					s.w, s.h = 1+int(b)*7%220, 1+i*5%60
					d.send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
				case 11:
					r := saved(0, fmt.Sprint("new ", i), 512, 384, "pictures/fern.png")
					r.ID = fmt.Sprintf("b%04d", i)
					d.history.put(r)
					d.wait(2 * newsEvery)
				case 13:
					d.wait(time.Second)
				}
				d.whole(name)
				d.still(name)
			}
			d.stop()
		})
	})
}

// still fails if the cursor is on nothing while there is something.
func (d *drive) still(after string) {
	d.t.Helper()
	found, at, ok := d.m.gallery.At()
	if ok != (found > 0) || ok && (at < 0 || at >= found) {
		d.t.Fatalf("after %s: the cursor is at %d of %d, %v", after, at, found, ok)
	}
}
