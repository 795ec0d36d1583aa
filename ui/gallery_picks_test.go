package ui

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What is picked stays while something else is searched for; an action is for
// what is picked and to be seen, and how many are not is said.
func TestPicksOutliveASearch(t *testing.T) {
	inGallery(t, setup{w: 80, h: 24}, func(d *drive) {
		r := d.history.records
		d.press("down", "space", "space") // two swimmers, and a cat
		d.sees("2 picked")
		d.press("/")
		d.type_("swimm")
		d.wait(time.Second)
		d.sees("1 of 2 picked", "1 of 47")
		d.type_("x")
		d.wait(time.Second)
		d.sees("0 of 2 picked", "0 of 47")
		d.press("backspace", "enter", "s")
		d.asks("mark starred=true " + r[1].ID)
		d.press("/", "esc")
		d.wait(time.Second)
		d.sees("2 picked")
		d.misses("of 2 picked")
		// A range is what lay between its ends when another search began.
		d.press("esc", "esc", "g", "shift+down", "/")
		d.type_("fern")
		d.wait(time.Second)
		d.sees("0 of 2 picked")
		d.press("enter", "x")
		d.sees("What is picked is not among these")
		d.asks()
		d.press("e") // is for the one under the cursor
		d.sees("is loaded; Enter generates")
		d.press("ctrl+t", "space")
		d.sees("1 of 3 picked")
		d.press("a")
		d.sees("42 picked")
		d.press("a")
		d.sees("0 of 2 picked")
		d.press("esc")
		d.misses("picked")
		d.press("x")
		d.wait(time.Second)
		if len(d.history.calls) != 1 {
			t.Errorf("asked for %v", d.history.calls)
		}
	})
}

// What was done is said when it is done, and not when it failed; then it can be
// tried again.
func TestTakenBackIsSaidWhenItIs(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		id := d.history.records[0].ID
		d.press("x")
		d.wait(time.Second)
		d.asks("trash " + id)
		d.history.slow = make(chan struct{})
		d.press("u")
		d.misses("rought back")
		close(d.history.slow)
		d.history.slow = nil
		d.wait(time.Second)
		d.sees("Brought back", "47 entries")
		d.asks("restore " + id)

		d.press("s")
		d.wait(time.Second)
		d.history.fails = errors.New("the disk is full")
		d.press("u")
		d.wait(time.Second)
		d.sees("It was not done: the disk is full")
		d.misses("Taken back")
		d.history.fails, d.history.calls = nil, nil
		d.press("u")
		d.wait(time.Second)
		d.asks("mark starred=false " + d.history.records[1].ID) // where the cursor went
		d.sees("Taken back")
	})
}

// What takes something back comes after it, however fast the keys are.
func TestChangesKeepTheirOrder(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		id := d.history.records[0].ID
		d.history.slow = make(chan struct{})
		d.press("s", "x", "u", "u")
		d.asks("mark starred=true " + id)
		close(d.history.slow)
		d.history.slow = nil
		d.wait(time.Second)
		same(t, "in this order", strings.Join(d.history.calls, "; "), "trash "+id+"; restore "+id+"; mark starred=false "+id)
		d.sees("Taken back", "47 entries")
		d.misses("starred ")
	})
}
