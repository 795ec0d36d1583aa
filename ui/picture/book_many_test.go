package picture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// many are n thumbnails in files of their own.
func many(t *testing.T, n int) []Want {
	dir := t.TempDir()
	list := make([]Want, n)
	for i := range list {
		list[i] = Want{Path: pictureFile(t, dir, fmt.Sprintf("%d.png", i), 64, 48), Cols: 10, Rows: 5, Thumb: true}
	}
	return list
}

// all makes what is wanted, one job after the other, and gives the order.
func all(t *testing.T, b *Book, sight, ahead []Want) (made []Want, sent string) {
	t.Helper()
	for {
		j := b.Turn(sight, ahead)
		if j == nil {
			break
		}
		if b.Turn(sight, ahead) != nil {
			t.Fatal("two jobs at a time")
		}
		if !b.Take(j.Do()) {
			t.Fatal("not taken")
		}
		made = append(made, j.want)
	}
	for {
		s := b.Send()
		if s == "" {
			return made, sent
		}
		if b.Send() != "" {
			t.Fatal("sent while something is on its way")
		}
		sent += s
		b.Sent()
	}
}

func TestBookServesManyInTheirOrder(t *testing.T) {
	b := NewBook(terminal(Kitty), 1<<20, NewShelf("", 1<<20))
	list := many(t, 12)
	made, sent := all(t, b, list[:8], list[8:])
	if !slices.Equal(made, list) {
		t.Errorf("made %v", made)
	}
	if n := strings.Count(sent, "a=T"); n != 8 {
		t.Errorf("%d pictures were sent, and 8 are in sight", n)
	}
	for i, w := range list {
		if _, ok := b.Find(w); ok != (i < 8) {
			t.Errorf("%d: ready to be drawn: %v", i, ok)
		}
	}
	made, sent = all(t, b, list[4:], nil)
	if n := strings.Count(sent, "a=T"); len(made) != 0 || n != 4 {
		t.Errorf("four that were made came into sight: %d made, %d sent", len(made), n)
	}
	if _, sent = all(t, b, list[2:10], nil); sent != "" {
		t.Error("what was sent is sent again")
	}
	b.Lost()
	if _, sent = all(t, b, list[2:10], nil); strings.Count(sent, "a=T") != 8 {
		t.Error("what was lost is not sent again")
	}
}

// What scrolled away before it was ready is neither made nor sent.
func TestBookGivesUpWhatScrolledAway(t *testing.T) {
	b := NewBook(terminal(Kitty), 1<<20, NewShelf("", 1<<20))
	list := many(t, 9)
	gone := b.Turn(list[:3], list[3:6])
	next := b.Turn(list[6:], nil)
	if next == nil || next.want != list[6] {
		t.Fatalf("the next job is %+v", next)
	}
	if m := gone.Do(); !errors.Is(m.err, context.Canceled) || b.Take(m) {
		t.Errorf("what nobody waits for was made: %v", m.err)
	}
	b.Take(next.Do())
	made, sent := all(t, b, list[6:], nil)
	if len(made) != 2 || strings.Count(sent, "a=T") != 3 {
		t.Errorf("%d were made and %d sent", len(made)+1, strings.Count(sent, "a=T"))
	}
	// One that was made ahead waits for one that is in sight.
	spare := b.Turn(list[6:], list[:1])
	if spare == nil || b.Turn(list[1:2], list[:1]).want != list[1] || b.Take(spare.Do()) {
		t.Error("what is in sight waits for what is not")
	}
}

func TestBookHasNoMoreThanTheIds(t *testing.T) {
	b := NewBook(terminal(Kitty), 64<<20, NewShelf("", 1<<20))
	w := many(t, 1)[0]
	var sight, ahead []Want
	for i := range 300 {
		sight = append(sight, Want{Path: w.Path, Cols: 2 + i, Rows: 3, Thumb: true})
		ahead = append(ahead, Want{Path: w.Path, Cols: 2 + i, Rows: 4, Thumb: true})
	}
	if made, _ := all(t, b, sight[:200], ahead); len(made) != Ids {
		t.Errorf("%d were made for %d ids", len(made), Ids)
	}
	all(t, b, sight, nil)
	seen := map[int]bool{}
	for e := b.used.Front(); e != nil; e = e.Next() {
		id := e.Value.(*Page).id
		if id == 0 || id == queryID || seen[id] {
			t.Fatalf("the id %d", id)
		}
		seen[id] = true
	}
}

// What is wanted stays, though it weighs too much: it would be made for ever.
func TestBookKeepsWhatIsWanted(t *testing.T) {
	b := NewBook(terminal(Blocks), 1000, NewShelf("", 1<<20))
	list := many(t, 6)
	if made, _ := all(t, b, list[:4], list[4:]); len(made) != 6 || b.used.Len() != 6 {
		t.Errorf("%d were made, %d are kept", len(made), b.used.Len())
	}
	all(t, b, list[:1], nil)
	all(t, b, []Want{{Path: list[0].Path, Cols: 20, Rows: 10}}, nil)
	if b.used.Len() != 1 {
		t.Errorf("%d are kept, and one is wanted", b.used.Len())
	}
}

func TestThumbsNeedNoPaintingOver(t *testing.T) {
	for _, way := range []Way{ITerm2, Sixel, Kitty, Blocks} {
		b := NewBook(terminal(way), 1<<20, NewShelf("", 1<<20))
		w := many(t, 1)[0]
		all(t, b, []Want{w}, nil)
		p, ok := b.Find(w)
		if !ok || p.Err != nil || p.Drawn.Over != "" || len(p.Drawn.Cells) == 0 || strings.TrimSpace(p.Drawn.Cells[0]) == "" {
			t.Errorf("%s: %v %+v", way, ok, p)
		}
		if want := way == Kitty; (len(p.Drawn.Once) > 0) != want {
			t.Errorf("%s: pixels are sent: %v", way, !want)
		}
		w.Thumb = false
		all(t, b, []Want{w}, nil)
		p, _ = b.Find(w)
		if want := way == ITerm2 || way == Sixel; (p.Drawn.Over != "") != want {
			t.Errorf("%s: painted over: %v", way, !want)
		}
	}
}

func TestThumbsComeFromTheShelf(t *testing.T) {
	cache := t.TempDir()
	w := many(t, 1)[0]
	b := NewBook(terminal(Blocks), 1<<20, NewShelf(cache, 1<<20))
	all(t, b, []Want{w}, nil)
	dirs, err := os.ReadDir(cache)
	if err != nil || len(dirs) != 1 {
		t.Fatalf("%v %v", dirs, err)
	}
	// A large one that is under way and was given up takes no turn for ever.
	large := Want{Path: w.Path, Cols: 40, Rows: 20}
	for range 3 {
		j := b.Turn([]Want{large}, nil)
		b.Turn(nil, nil)
		j.Do()
	}
	if made, _ := all(t, b, []Want{large}, nil); len(made) != 1 {
		t.Error("not made")
	}
}

// A key that is held down through two hundred tasks queues no work: what was
// begun for one is given up for the next.
func TestBookQueuesNothingForAHeldKey(t *testing.T) {
	path := pictureFile(t, t.TempDir(), "a.png", 64, 64)
	b := NewBook(terminal(Blocks), 1<<20, NewShelf("", 1<<20))
	var jobs []*Job
	for i := range 200 {
		if j := b.Turn([]Want{{Path: path, Cols: 10 + i, Rows: 10}}, nil); j != nil {
			jobs = append(jobs, j)
		}
	}
	done, taken := 0, 0
	for _, j := range jobs {
		m := j.Do()
		if !errors.Is(m.err, context.Canceled) {
			done++
		}
		if b.Take(m) {
			taken++
		}
	}
	if len(jobs) != 200 || done != 1 || taken != 1 {
		t.Errorf("%d jobs, %d done, %d taken", len(jobs), done, taken)
	}
}
