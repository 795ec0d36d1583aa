package picture

import (
	"fmt"
	"strings"
	"testing"
)

// turn makes a picture ready, as the event loop and a command do it.
func turn(t *testing.T, b *Book, w Want) Page {
	t.Helper()
	if j := b.Turn([]Want{w}, nil); j != nil && !b.Take(j.Do()) {
		t.Fatal("it was not taken")
	}
	for b.Send() != "" {
		b.Sent()
	}
	p, ok := b.Find(w)
	if !ok {
		t.Fatalf("%v is not there", w)
	}
	return p
}

func TestBookTakesOnlyWhatIsWaitedFor(t *testing.T) {
	b := NewBook(terminal(Blocks), 1<<20, NewShelf("", 1<<20))
	path := pictureFile(t, t.TempDir(), "a.png", 64, 64)
	first := Want{Path: path, Cols: 20, Rows: 10}
	j := b.Turn([]Want{first}, nil)
	if b.Turn([]Want{first}, nil) != nil {
		t.Error("the same again is another job")
	}
	made := j.Do()
	k := b.Turn([]Want{{Path: path, Cols: 30, Rows: 10}}, nil)
	if b.Take(made) {
		t.Error("a late one was taken")
	}
	if m := j.Do(); m.err == nil {
		t.Error("nobody waits for it, and it was made")
	}
	if !b.Take(k.Do()) {
		t.Error("the one that is waited for was not taken")
	}
	if b.Take(k.Do()) || b.used.Len() != 1 {
		t.Error("it is there twice")
	}
	if s := b.Close(terminal(Kitty)); s != "" {
		t.Errorf("blocks need no %q", s)
	}
	if b.Turn([]Want{{Path: path, Cols: 30, Rows: 10}}, nil) == nil {
		t.Error("another terminal needs it made anew")
	}
}

func TestBookForgetsTheOldestAndSaysSo(t *testing.T) {
	b := NewBook(terminal(Kitty), 40_000, NewShelf("", 1<<20))
	path := pictureFile(t, t.TempDir(), "a.png", 64, 64)
	ids := map[int]bool{}
	for i := range 300 {
		w := Want{Path: path, Cols: 20 + i%150, Rows: 10 + i/150}
		j := b.Turn([]Want{w}, nil)
		if j == nil {
			t.Fatal("not made anew")
		}
		b.Take(j.Do())
		s := b.Send()
		if !strings.Contains(s, fmt.Sprintf("i=%d,", j.id)) {
			t.Fatalf("not sent: %.80q", s)
		}
		for e := b.used.Front().Next(); e != nil; e = e.Next() {
			if e.Value.(*Page).id == j.id {
				t.Fatal("two pictures have one id")
			}
		}
		if i > 100 && !strings.Contains(s, "a=d,d=I") {
			t.Fatal("the one that was dropped stays at the terminal")
		}
		b.Sent()
		ids[j.id] = true
	}
	if b.bytes > b.most {
		t.Errorf("%d bytes of at most %d", b.bytes, b.most)
	}
	if ids[0] || ids[queryID] || len(ids) < 250 {
		t.Errorf("%d ids: %v", len(ids), ids)
	}
}

func TestBookTriesAgainWhatFailed(t *testing.T) {
	b := NewBook(terminal(Blocks), 1<<20, NewShelf("", 1<<20))
	dir := t.TempDir()
	w := Want{Path: dir + "/a.png", Cols: 20, Rows: 10}
	if p := turn(t, b, w); p.Err == nil {
		t.Fatal("there is no file")
	}
	b.Turn(nil, nil)
	pictureFile(t, dir, "a.png", 64, 64)
	if p := turn(t, b, w); p.Err != nil {
		t.Error(p.Err)
	}
}

func TestBookSendsLessOverSSH(t *testing.T) {
	path := pictureFile(t, t.TempDir(), "a.png", 1200, 1200)
	sizes := map[string]int{}
	for _, ssh := range []string{"", "10.0.0.1 50000 10.0.0.2 22"} {
		b := NewBook(NewTerminal("kitty", 3, env("SSH_CONNECTION", ssh)), 1<<20, NewShelf("", 1<<20))
		b.Terminal.cellPx.X, b.Terminal.cellPx.Y = 20, 40
		sizes[ssh] = len(strings.Join(turn(t, b, Want{Path: path, Cols: 100, Rows: 50}).Drawn.Once, ""))
	}
	for ssh, n := range sizes {
		if most := 400_000; n > most || ssh != "" && n > most/4 {
			t.Errorf("%q: %d bytes", ssh, n)
		}
	}
}
