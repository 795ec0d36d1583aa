package ui

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/ui/picture"
)

// A picture on a disk that does not answer says so, holds up no other one, and
// comes when the disk is back, without a key.
func TestAPictureOnADiskThatHangs(t *testing.T) {
	records := shelf(t)
	stuck := records[0].Files[0].Path
	records[1].Files[0].Path = fourColors(t, t.TempDir()+"/c.png", 300, 300)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 200, h: 50}.with(records))
		back := make(chan struct{})
		d.m.book.Shelf().OpenWith(func(path string) (picture.Source, error) {
			if path == stuck {
				<-back
			}
			f, err := os.Open(path)
			return f, err
		})
		d.in(picture.Blocks)
		d.press("shift+tab")
		d.misses("does not answer")
		d.wait(3 * time.Second)
		d.sees("The disk does not answer")
		d.press("down")
		d.wait(time.Second)
		d.holds()
		d.press("up")
		d.sees("The disk does not answer")
		close(back)
		d.wait(time.Second)
		d.misses("does not answer")
		d.holds()
		if s := d.screen(); !strings.Contains(s, "collie") {
			t.Error(s)
		}
		d.stop()
	})
}
