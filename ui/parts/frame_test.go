package parts_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts"
	"easel/ui/parts/partstest"
)

func TestFrame(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	for w := range 40 {
		for _, f := range []parts.Frame{{}, {Title: "尺寸 Size"}, {Title: "A title that is far too long for it", Note: "3 of 13"}} {
			lines := strings.Split(ansi.Strip(f.View(env, w, 99, []string{"短 text", "", strings.Repeat("长", 40)})), "\n")
			if len(lines) != 5 && w > 6 {
				t.Fatalf("%d cells: %d rows", w, len(lines))
			}
			for _, l := range lines {
				if n := ansi.StringWidth(l); n > w || w > 6 && n != w {
					t.Fatalf("%d cells: %q has %d", w, l, n)
				}
			}
		}
	}
	got := ansi.Strip(parts.Frame{Title: "Size", Note: "2"}.View(env, 20, 99, []string{"one"}))
	want := " ╭─ Size ─────────╮ \n │ one            │ \n ╰─────────── 2 ─╯ "
	if got != want {
		want = " ╭─ Size ─────────╮ \n │ one            │ \n ╰──────────── 2 ─╯ "
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A box over a page must leave what is beside it where it was, also where it
// cuts wide characters and styles in half.
func TestLay(t *testing.T) {
	styled := "\x1b[31m留白,像一张旧明信片 and some text\x1b[m"
	page := strings.Join([]string{styled, "short", "", styled, strings.Repeat("x", 40)}, "\n")
	box := "╭──╮\n│猫│\n╰──╯"
	for x := range 36 {
		for y := -1; y < 6; y++ {
			got := strings.Split(page, "\n")
			parts.Lay(got, box, x, y)
			for i, line := range got {
				was := strings.Split(page, "\n")[i]
				if i < y || i > y+2 {
					if line != was {
						t.Fatalf("row %d is not under the box: %q", i, line)
					}
					continue
				}
				row := strings.Split(box, "\n")[i-y]
				if mid := ansi.Cut(ansi.Strip(line), x, x+4); mid != row {
					t.Fatalf("at %d,%d: %q in row %d, want %q", x, y, mid, i, row)
				}
				if n, want := ansi.StringWidth(line), max(ansi.StringWidth(was), x+4); n != want {
					t.Fatalf("at %d,%d: row %d has %d cells, want %d: %q", x, y, i, n, want, line)
				}
				if right, want := ansi.TruncateLeft(ansi.Strip(line), x+5, ""), ansi.TruncateLeft(ansi.Strip(was), x+5, ""); strings.TrimLeft(right, " ") != strings.TrimLeft(want, " ") {
					t.Fatalf("at %d,%d: right of the box is %q, want %q", x, y, right, want)
				}
				for _, s := range []string{line, line[:strings.Index(line, row)]} {
					if last := strings.LastIndex(s, "\x1b["); last >= 0 && !strings.HasPrefix(s[last:], "\x1b[m") {
						t.Fatalf("a style runs on: %q", s)
					}
				}
			}
		}
	}
}

func TestFrameKeepsToItsRoom(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	for h := range 9 {
		got := parts.Frame{Title: "x"}.View(env, 20, h, make([]string, 4))
		if n := strings.Count(got, "\n") + 1; n > max(h, 1) || h >= 6 && n != 6 {
			t.Errorf("%d rows of %d", n, h)
		}
	}
}

func TestCentre(t *testing.T) {
	box := strings.TrimSuffix(strings.Repeat(strings.Repeat("x", 20)+"\n", 8), "\n")
	for _, c := range []struct{ w, h, x, y int }{{80, 24, 30, 6}, {20, 8, 0, 0}, {10, 4, 0, 0}, {21, 9, 0, 0}} {
		if r := parts.Centre(box, c.w, c.h); r != (parts.Rect{X: c.x, Y: c.y, W: 20, H: 8}) {
			t.Errorf("%dx%d: %+v", c.w, c.h, r)
		}
	}
}

func TestTail(t *testing.T) {
	for _, c := range []struct {
		s    string
		w    int
		want string
	}{{"/home/ann", 20, "/home/ann"}, {"/home/ann", 5, "…/ann"}, {"留白像一张", 6, "…一张"}, {"留白像一张", 5, "…一张"}, {"abc", 0, ""}, {"abc", 1, "…"}, {"abc", 2, "…c"}} {
		if got := parts.Tail(c.s, c.w); got != c.want || ansi.StringWidth(got) > c.w {
			t.Errorf("Tail(%q, %d) is %q, want %q", c.s, c.w, got, c.want)
		}
	}
}

// Keys may come faster than the screen is drawn.
func TestScrollStopsAtTheEnd(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	var s parts.Scroll
	lines := strings.Split(strings.Repeat("x\n", 29)+"x", "\n")
	s.Window(lines, 10)
	for range 100 {
		s.Update(env, partstest.Key("j"))
	}
	if s.Update(env, partstest.Key("k")); s.Top() != 19 {
		t.Errorf("one up from the end is line %d", s.Top())
	}
	for range 100 {
		s.Update(env, partstest.Key("k"))
	}
	if s.Update(env, partstest.Key("j")); s.Top() != 1 {
		t.Errorf("one down from the top is line %d", s.Top())
	}
	if s.Update(env, partstest.Key("x")) {
		t.Error("a key that moves nothing was taken")
	}
}

func BenchmarkLay(b *testing.B) {
	env := partstest.Env(b, "en", 120, 40)
	row := env.Theme.Text.Render(strings.Repeat("Sunrise 留白 ", 4)) + env.Theme.Quiet.Render(strings.Repeat("ridge ", 10))
	page := slices.Repeat([]string{row}, 40)
	box := parts.Frame{Title: "Size"}.View(env, 60, 99, make([]string, 16))
	for b.Loop() {
		parts.Lay(slices.Clone(page), box, 30, 8)
	}
}
