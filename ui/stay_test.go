package ui

import (
	"fmt"
	"image"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"easel/backend/task"
	"easel/ui/picture"
)

// heavy is a picture that weighs much.
func heavy(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(rng.Uint32()) | uint8(i%4/3*255)
	}
	return m
}

// Over SSH a picture is sent in few pixels first, and in all of them when the
// person stays.
func TestOverSSHTheFullPictureFollows(t *testing.T) {
	dir := t.TempDir()
	var records []task.Record
	for i := range 3 {
		path := writePNG(t, filepath.Join(dir, fmt.Sprintf("%d.png", i)), heavy(700, 700))
		records = append(records, saved(i+1, fmt.Sprint("number ", i), 700, 700, path))
	}
	for _, c := range []struct {
		env  map[string]string
		both bool
	}{{map[string]string{"SSH_TTY": "/dev/pts/1"}, true}, {nil, false}} {
		synctest.Test(t, func(t *testing.T) {
			d := start(t, setup{env: c.env}.with(records))
			d.in(picture.Kitty)
			d.press("shift+tab")
			first := len(d.raw())
			if c.both && (first < 20_000 || first > 100_000) || first > 400_000 {
				t.Errorf("%d bytes at first", first)
			}
			d.out = nil
			d.wait(stayFor)
			if full := len(d.raw()); c.both && (full < 2*first || full > 400_000) || !c.both && full > 0 {
				t.Errorf("%d bytes at first, %d then", first, full)
			}
			if strings.Contains(d.raw(), "a=d") {
				t.Error("it is deleted first")
			}
			d.out = nil
			d.wait(10 * stayFor)
			same(t, "sent while nothing happens", d.raw(), "")
			if !c.both {
				d.stop()
				return
			}
			d.press("down", "down") // no more than a look
			if sent, _ := d.sentIDs(); len(sent) != 2 || len(d.raw()) > 200_000 {
				t.Errorf("sent %v, %d bytes", sent, len(d.raw()))
			}
			d.press("up", "up") // it is there in full
			d.out = nil
			d.wait(10 * stayFor)
			same(t, "sent again", d.raw(), "")
			d.send(tea.ResumeMsg{})
			if sent, _ := d.sentIDs(); len(sent) != 1 || len(d.raw()) < 2*first {
				t.Errorf("after it was lost: sent %v, %d bytes", sent, len(d.raw()))
			}
			d.stop()
		})
	}
}

// A key that is held down goes through two hundred tasks: what was begun for one
// is given up for the next, and one is at work at a time.
func TestHeldDownThroughManyTasks(t *testing.T) {
	dir := t.TempDir()
	var records []task.Record
	for i := range 200 {
		path := filepath.Join(dir, fmt.Sprintf("%03d.png", i)) // none is there but the last
		if i == 199 {
			fourColors(t, path, 2048, 1152)
		}
		records = append(records, saved(i+1, fmt.Sprint("number ", i), 2048, 1152, path))
	}
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{}.with(records))
		d.in(picture.Blocks)
		d.press("shift+tab")
		var jobs []tea.Cmd // that nobody runs yet: decoding takes longer than the key repeats
		for range 199 {
			_, cmd := d.m.Update(key_("down"))
			jobs = append(jobs, cmd)
		}
		for _, cmd := range jobs {
			d.run(cmd)
		}
		d.settle()
		d.holds()
		d.stop()
	})
}
