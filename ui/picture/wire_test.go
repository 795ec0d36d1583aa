package picture

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"easel/ui/picture/picturetest"
)

// noisy are files that weigh as much on the wire as any.
func noisy(t testing.TB, n int) []Want {
	dir := t.TempDir()
	list := make([]Want, n)
	for i := range list {
		m := image.NewRGBA(image.Rect(0, 0, 300-30*i, 200))
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		for k := range m.Pix {
			m.Pix[k] = uint8(rng.Uint32()) | uint8(k%4/3*255)
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.png", i))
		if err := os.WriteFile(path, plainPNG(t, m), 0o600); err != nil {
			t.Fatal(err)
		}
		list[i] = Want{Path: path, Cols: 60, Rows: 25}
	}
	return list
}

// wired is a book whose pictures go to a strict terminal.
type wired struct {
	t *testing.T
	b *Book
	picturetest.Terminal
}

func newWired(t *testing.T, term Terminal) *wired {
	return &wired{t: t, b: NewBook(term, 12<<20, NewShelf("", 1<<20))}
}

// see makes what is in sight, all of it.
func (w *wired) see(sight ...Want) {
	for j := w.b.Turn(sight, nil); j != nil; j = w.b.Turn(sight, nil) {
		w.b.Take(j.Do())
	}
}

// piece writes one, and gives its length.
func (w *wired) piece() int {
	w.t.Helper()
	s := w.b.Send()
	if s == "" {
		return 0
	}
	if w.b.Send() != "" {
		w.t.Error("two pieces are on their way")
	}
	if len(s) > pieceBytes+5000 {
		w.t.Errorf("a piece of %d bytes", len(s))
	}
	w.Write(s)
	w.b.Sent()
	return len(s)
}

func (w *wired) rest() (n int) {
	w.t.Helper()
	for w.piece() > 0 {
		n++
	}
	return n
}

// right fails if the terminal was told something wrong, or does not have what is
// in sight.
func (w *wired) right() {
	w.t.Helper()
	for _, s := range w.Wrong {
		w.t.Error(s)
	}
	if w.Open() {
		w.t.Error("the terminal waits for more")
	}
	for _, want := range w.b.sight {
		p, ok := w.b.Find(want)
		if !ok {
			w.t.Errorf("%s cannot be seen", filepath.Base(want.Path))
		}
		if wide := w.Held[p.id]; wide < p.Drawn.Width-2 || wide > p.Drawn.Width {
			w.t.Errorf("%s: the terminal has %d of %v", filepath.Base(want.Path), p.id, w.Held)
		}
	}
}

func TestAPictureIsSentInPieces(t *testing.T) {
	for name, term := range map[string]Terminal{
		"kitty": terminal(Kitty), "tmux": NewTerminal("kitty", colorprofile.TrueColor, env("TMUX", "x")),
	} {
		t.Run(name, func(t *testing.T) {
			list := noisy(t, 1)
			w := newWired(t, term)
			w.see(list...)
			for n := 1; ; n++ {
				w.piece()
				_, ok := w.b.Find(list[0])
				if ok == w.Open() || ok != (len(w.Held) == 1) {
					t.Fatalf("after piece %d: shown %v, and the terminal waits for more: %v", n, ok, w.Open())
				}
				if ok {
					if n < 4 {
						t.Errorf("%d pieces", n)
					}
					break
				}
			}
			if w.rest() > 0 {
				t.Error("sent again")
			}
			w.right()
		})
	}
}

// Whatever comes in the middle of a picture: nothing is taken for a part of it.
func TestAPictureIsGivenUpHalfway(t *testing.T) {
	list := noisy(t, 2)
	for name, c := range map[string]struct {
		do     func(w *wired)
		after  []Want
		broken int
	}{
		"another one is looked at": {func(w *wired) { w.see(list[1]) }, list[1:], 1},
		"none is looked at":        {func(w *wired) { w.see() }, nil, 1},
		"it is looked at again": {func(w *wired) {
			w.see(list[1])
			w.piece()
			w.see(list[0])
		}, list[:1], 2},
		"another screen":             {func(w *wired) { w.b.Lost() }, list[:1], 1},
		"it is dropped":              {func(w *wired) { w.b.drop(w.b.used.Front()); w.see(list[0]) }, list[:1], 1},
		"the terminal is given away": {func(w *wired) { w.Write(w.b.Break()) }, list[:1], 1},
		"another way":                {func(w *wired) { w.b.Say(w.b.Close(terminal(Blocks))) }, nil, 1},
		"the end":                    {func(w *wired) { s := w.b.Close(w.b.Terminal); w.Write(w.b.Break() + s) }, nil, 1},
		"a question":                 {func(w *wired) { q, _ := w.b.Terminal.Ask(); w.b.Say(q) }, list[:1], 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWired(t, terminal(Kitty))
			w.see(list[0])
			w.piece()
			if !w.Open() || !w.b.Open() {
				t.Fatal("it is whole already")
			}
			c.do(w)
			w.rest()
			w.right()
			if w.Broken != c.broken || len(w.Held) != len(c.after) {
				t.Errorf("%d were given up, the terminal has %v", w.Broken, w.Held)
			}
			if s := w.b.Break(); s != "" {
				t.Errorf("and still to be ended: %q", s)
			}
		})
	}
}

// A question that waits for the end of a picture comes before the next one.
func TestAQuestionComesBetweenTwoPictures(t *testing.T) {
	list := noisy(t, 2)
	w := newWired(t, terminal(Kitty))
	w.see(list...)
	w.piece()
	w.b.Say("?")
	for n := 0; ; n++ {
		s := w.b.Send()
		w.Write(s)
		w.b.Sent()
		if strings.HasSuffix(s, "?") {
			if w.Sent != 1 {
				t.Errorf("it came when %d pictures were begun", w.Sent)
			}
			break
		}
		if n > 50 {
			t.Fatal("it never came")
		}
	}
	w.rest()
	w.right()
}

// TestNoOrderOfEventsMixesPictures does at random what may happen, and in the end
// the terminal has what is in sight, and nothing was mixed.
func TestNoOrderOfEventsMixesPictures(t *testing.T) {
	list := append(noisy(t, 4), many(t, 6)...)
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 1))
		term := terminal(Kitty)
		if seed%3 == 0 {
			term = NewTerminal("kitty", colorprofile.TrueColor, env("TMUX", "x"))
		}
		w := newWired(t, term)
		w.b.most = 900_000 // two or three of the large ones
		flies := ""
		for range 60 {
			switch rng.IntN(12) {
			case 0, 1:
				at := rng.IntN(len(list))
				w.see(list[at:min(at+1+rng.IntN(3), len(list))]...)
			case 2:
				w.b.Lost()
			case 3:
				w.Write(flies)
				flies = ""
				w.Write(w.b.Break())
			case 4:
				q, _ := w.b.Terminal.Ask()
				w.b.Say(q)
			case 5:
				w.b.Say(w.b.Close(term))
			default:
				if flies != "" {
					w.Write(flies)
					w.b.Sent()
				}
				flies = w.b.Send()
			}
		}
		w.Write(flies)
		w.b.Sent()
		w.see(list[:2]...)
		w.rest()
		if w.right(); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
