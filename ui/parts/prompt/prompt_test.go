package prompt

import (
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/theme"
)

func env() parts.Env {
	return parts.Env{Theme: theme.New(true, false), Keys: keys.New(func(k string, _ ...any) string { return k })}
}

// with makes an editor with text; "|" is the cursor.
func with(text string) *Editor {
	e := New()
	before, after, _ := strings.Cut(text, "|")
	e.buf.set(before + after)
	e.buf.move(0, 0)
	for range []rune(before) {
		e.stay(e.buf.after())
	}
	return e
}

func is(e *Editor) string {
	var lines []string
	for i, l := range e.buf.lines {
		if i == e.buf.row {
			lines = append(lines, l.text[:e.buf.col]+"|"+l.text[e.buf.col:])
		} else {
			lines = append(lines, l.text)
		}
	}
	return strings.Join(lines, "\n")
}

func press(e *Editor, names ...string) {
	for _, n := range names {
		k := tea.Key{}
		for _, m := range []struct {
			name string
			mod  tea.KeyMod
		}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}} {
			if s, ok := strings.CutPrefix(n, m.name); ok {
				n, k.Mod = s, k.Mod|m.mod
			}
		}
		switch n {
		case "left":
			k.Code = tea.KeyLeft
		case "right":
			k.Code = tea.KeyRight
		case "up":
			k.Code = tea.KeyUp
		case "down":
			k.Code = tea.KeyDown
		case "backspace":
			k.Code = tea.KeyBackspace
		case "delete":
			k.Code = tea.KeyDelete
		case "home":
			k.Code = tea.KeyHome
		case "end":
			k.Code = tea.KeyEnd
		default:
			r, _ := utf8.DecodeRuneInString(n)
			k.Code = r
			if k.Mod == 0 {
				k.Text = n
			}
		}
		e.Press(env(), tea.KeyPressMsg(k))
	}
}

func TestEditing(t *testing.T) {
	for _, c := range []struct {
		keys, from, to string
	}{
		{"x", "a|b", "ax|b"},
		{"文", "a|", "a文|"},
		{"backspace", "a文|b", "a|b"},
		{"backspace", "one\n|two", "one|two"},
		{"backspace", "|", "|"},
		{"backspace", "e\u0301|", "|"}, // a letter with its accent goes as one
		{"backspace", "👩‍👩‍👧|", "|"},
		{"delete", "|👩‍👩‍👧x", "|x"},
		{"\u200d", "👩|👧", "👩\u200d👧|"}, // what was two is one now
		{"delete", "one|\ntwo", "one|two"},
		{"ctrl+d", "a|bc", "a|c"},
		{"ctrl+j", "a|b", "a\n|b"},
		{"ctrl+a", "one\ntw|o", "one\n|two"},
		{"ctrl+e", "o|ne\ntwo", "one|\ntwo"},
		{"ctrl+k", "o|ne\ntwo", "o|\ntwo"},
		{"ctrl+k", "one|\ntwo", "one|two"},
		{"ctrl+w", "one two |three", "one |three"},
		{"ctrl+w", "one, |", "|"},
		{"alt+d", "|one two", "| two"},
		{"alt+b", "one two|", "one |two"},
		{"alt+f", "|one two", "one| two"},
		{"left", "one\n|two", "one|\ntwo"},
		{"right", "one|\ntwo", "one\n|two"},
		{"ctrl+u", "one\ntw|o", "|"},
		{"up", "one\ntwo|", "one|\ntwo"},
		{"down", "on|e\ntwo", "one\ntw|o"},
	} {
		e := with(c.from)
		press(e, strings.Fields(c.keys)...)
		if got := is(e); got != c.to {
			t.Errorf("%s in %q: %q, not %q", c.keys, c.from, got, c.to)
		}
	}
}

func TestUpAndDownKeepTheirColumn(t *testing.T) {
	e := with("a long line\nx\nanother lin|e")
	press(e, "up", "up")
	if got := is(e); got != "a long line|\nx\nanother line" {
		t.Error(got)
	}
	press(e, "down", "down")
	if got := is(e); got != "a long line\nx\nanother lin|e" {
		t.Error(got)
	}
}

func TestUndoTakesAWordBack(t *testing.T) {
	e := New()
	press(e, "a", "b", " ", "c", "d")
	press(e, "ctrl+_")
	if got := is(e); got != "ab |" {
		t.Error(got)
	}
	press(e, "ctrl+_", "ctrl+_")
	if got := is(e); got != "|" {
		t.Error(got)
	}
}

func TestRowsAreDrawnAndTheCursorIsInThem(t *testing.T) {
	e := with("a border collie selling leashes|")
	view := e.View(env(), 17, 3)
	if got := ansi.Strip(strings.Join(view, "/")); got != "a border collie/selling leashes/" {
		t.Error(got)
	}
	if x, y := e.Cursor(); x != 15 || y != 1 {
		t.Errorf("the cursor is at %d,%d", x, y)
	}
	e.SetValue(strings.Repeat("x\n", 20))
	e.View(env(), 17, 3)
	if x, y := e.Cursor(); x != 0 || y != 2 {
		t.Errorf("the cursor is at %d,%d", x, y)
	}
	if above, below := e.More(3); above != 18 || below != 0 {
		t.Errorf("hidden: %d above, %d below", above, below)
	}
	e.Click(5, 0)
	if got := is(e); strings.Count(got[:strings.Index(got, "|")], "\n") != 18 {
		t.Errorf("clicked into %q", got)
	}
}

func BenchmarkPress100KB(b *testing.B) {
	e := New()
	e.SetValue(strings.Repeat("a border collie sells leashes ", 3400))
	for b.Loop() {
		press(e, "x")
		e.View(env(), 60, 8)
	}
}

// FuzzEditor presses anything in any text: the cursor stays at the edge of a
// cluster, no row is too wide, and nothing is lost that was not cut.
func FuzzEditor(f *testing.F) {
	f.Add("a border 文字，collie\n\nx", "lrudbDwWkaehnz文x", 12)
	f.Add("👩‍👩‍👧e\u0301 （文）", "brlbblrwuW", 3)
	names := map[rune]string{
		'l': "left", 'r': "right", 'u': "up", 'd': "down", 'b': "backspace", 'D': "delete", 'w': "ctrl+w", 'W': "alt+d",
		'k': "ctrl+k", 'a': "ctrl+a", 'e': "ctrl+e", 'h': "alt+b", 'n': "ctrl+j", 'z': "ctrl+_", 'f': "alt+f",
	}
	f.Fuzz(func(t *testing.T, text, pressed string, w int) {
		w = 2 + max(w, -w)%80
		if len(text) > 2000 || len(pressed) > 200 {
			return
		}
		e := New()
		e.SetEarlier([]string{"earlier", "two\nlines"})
		e.SetValue(text)
		for _, r := range pressed {
			name, ok := names[r]
			if !ok {
				name = string(r)
			}
			press(e, name)
			view := e.View(env(), w, 5)
			x, y := e.Cursor()
			if x < 0 || x >= w || y < 0 || y >= 5 {
				t.Fatalf("%q after %s: the cursor is at %d,%d of %dx5", e.Value(), name, x, y, w)
			}
			for _, row := range view {
				if n := ansi.StringWidth(row); n > w {
					t.Fatalf("%q: a row of %d cells in %d", e.Value(), n, w)
				}
			}
			edge := false
			line := e.buf.lines[e.buf.row].text
			for i := 0; i <= len(line); {
				edge = edge || i == e.buf.col
				if i == len(line) {
					break
				}
				n, _ := parts.Cluster(line[i:])
				i += n
			}
			if !edge {
				t.Fatalf("%q after %s: the cursor is inside of a cluster, at %d", e.Value(), name, e.buf.col)
			}
		}
	})
}
