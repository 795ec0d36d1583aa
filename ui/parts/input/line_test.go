package input_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/parts/input"
	"easel/ui/parts/partstest"
)

func TestLineEdits(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	for _, c := range []struct {
		name, text string
		keys       []string
		want       string
		column     int
	}{
		{"typed", "", []string{"a", "b", "space", "c"}, "ab c", 4},
		{"backspace", "a猫b", []string{"backspace", "backspace"}, "a", 1},
		{"left into wide", "猫猫", []string{"left"}, "猫猫", 2},
		{"insert between wide", "猫狗", []string{"left", "x"}, "猫x狗", 3},
		{"delete", "猫狗", []string{"ctrl+a", "delete"}, "狗", 0},
		{"a family is one", "x👨‍👩‍👧y", []string{"left", "backspace"}, "xy", 1},
		{"accents are one", "e\u0301o", []string{"left", "left"}, "e\u0301o", 0},
		{"word left", "one two 三 four", []string{"alt+b", "alt+b", "alt+b"}, "one two 三 four", 4},
		{"word right", "one two", []string{"ctrl+a", "alt+f"}, "one two", 3},
		{"cut word", "one two", []string{"ctrl+w"}, "one ", 4},
		{"cut word ahead", "one two", []string{"ctrl+a", "alt+d"}, " two", 0},
		{"cut to the end", "one two", []string{"ctrl+left", "ctrl+k"}, "one ", 4},
		{"clear", "one two", []string{"ctrl+u"}, "", 0},
		{"nothing to take", "", []string{"backspace", "delete", "left", "right", "ctrl+w", "alt+d"}, "", 0},
		{"other keys", "a", []string{"f1", "ctrl+t", "up"}, "a", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l input.Line
			l.Set(c.text)
			for _, k := range c.keys {
				was := l.Value()
				if changed := l.Press(env, partstest.Key(k)); changed != (l.Value() != was) {
					t.Errorf("%s: changed is %v, %q → %q", k, changed, was, l.Value())
				}
			}
			l.View(env, 40, "")
			if l.Value() != c.want || l.Column() != c.column {
				t.Errorf("%q with the cursor at %d, want %q at %d", l.Value(), l.Column(), c.want, c.column)
			}
		})
	}
}

// The cursor must stand behind what is left of it, however narrow the line is.
func TestLineScrolls(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	text := "ridge 雾山 and 👨‍👩‍👧 e\u0301 一二三四五六七八九十 the end"
	for w := 2; w < 60; w++ {
		var l input.Line
		l.Set(text)
		for _, keys := range [][]string{{"left"}, {"right"}} {
			for i := 0; i < 60; i++ {
				shown := ansi.Strip(l.View(env, w, ""))
				if got := ansi.StringWidth(shown); got > w || l.Column() > w-1 || l.Column() < 0 {
					t.Fatalf("%d cells: %q is %d wide, cursor at %d", w, shown, got, l.Column())
				}
				if left := ansi.Truncate(shown, l.Column(), ""); ansi.StringWidth(left) != l.Column() || !strings.Contains(text, left) {
					t.Fatalf("%d cells: the cursor at %d is inside of a character of %q", w, l.Column(), shown)
				}
				l.Press(env, partstest.Key(keys[0]))
			}
		}
		if l.View(env, w, ""); l.Column() != min(ansi.StringWidth(text), w-1) && l.Column() != min(ansi.StringWidth(text), w-1)-1 {
			t.Errorf("%d cells: at the end the cursor is at %d", w, l.Column())
		}
	}
}

func TestLineIsCleanAndBounded(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	var l input.Line
	l.Insert("a\x1b[2Jb\nc\td\x00")
	if l.Value() != "ab c d" {
		t.Errorf("%q", l.Value())
	}
	l.Insert(strings.Repeat("猫", input.Max))
	if len(l.Value()) > input.Max || !strings.HasSuffix(l.Value(), "猫") {
		t.Errorf("%d bytes", len(l.Value()))
	}
	l.View(env, 30, "")
	l.Set("")
	if got := ansi.Strip(l.View(env, 10, "what to type here")); got != "what to …" || l.Column() != 0 {
		t.Errorf("the hint is %q, the cursor at %d", got, l.Column())
	}
}

func number(s string) error {
	if strings.Trim(s, "0123456789") != "" || s == "" {
		return errors.New("only digits are allowed")
	}
	return nil
}

func TestPopupJudgesEveryKey(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		d := partstest.Open(t, partstest.Env(t, lang, 80, 24), input.New(ask.Type{Tag: "seed", Title: "Seed", Hint: "a whole number", Judge: number}))
		if !d.Has("a whole number") || d.Has("only digits") {
			t.Errorf("before anything is typed: %s", d.Text())
		}
		d.Press("enter")
		if d.Done || d.Last() != nil {
			t.Error("an empty value was taken that the judge refuses")
		}
		d.Type("4x")
		if !d.Has("only digits are allowed") || d.Has("a whole number") {
			t.Errorf("a wrong value: %s", d.Text())
		}
		d.Press("enter")
		if d.Done || d.Last() != nil {
			t.Error("a wrong value was taken")
		}
		d.Press("backspace", "2", "enter")
		if got := d.Last(); !d.Done || got != (ask.Picked{Tag: "seed", Value: "42"}) {
			t.Errorf("got %+v", got)
		}
	}
}

func TestPopupSaysChecksInThePersonsLanguage(t *testing.T) {
	free := backend.FreeSize{MultipleOf: 16}
	d := partstest.Open(t, partstest.Env(t, "zh-CN", 80, 24), input.New(ask.Type{Title: "尺寸", Judge: free.Check}))
	d.Type("1600x1001")
	if !d.Has("两条边都必须是 16 的倍数") || !d.Has("1600x1008") {
		t.Error(d.Text())
	}
}

func TestPopupPastesAndCloses(t *testing.T) {
	d := partstest.Open(t, partstest.Env(t, "en", 80, 24), input.New(ask.Type{Tag: "adopt", Title: "Task id", Text: "task_"}))
	d.Send(tea.PasteMsg{Content: "  白猫\n1 \n"})
	if got := d.Before(); got != "task_白猫 1" {
		t.Errorf("the cursor stands behind %q", got)
	}
	d.Press("left", "left", "left")
	if got := d.Before(); got != "task_白" {
		t.Errorf("the cursor stands behind %q", got)
	}
	d.Press("esc")
	if !d.Done || d.Last() != nil {
		t.Error("esc answers nothing")
	}
}

// Of a list, tab completes the word that is typed last, by the known ones that
// are not there yet.
func TestPopupCompletesKnownWords(t *testing.T) {
	for _, c := range []struct{ text, typed, want string }{
		{"", "do", "dogs, "},
		{"dogs, ", "", "dogs, at work, "},
		{"dogs, ", "D", "dogs, D"},
		{"猫，", "dogs", "猫，dogs"},
		{"猫，", "dog", "猫，dogs, "},
		{"x", "", "x"},
	} {
		d := partstest.Open(t, partstest.Env(t, "en", 80, 24), input.New(ask.Type{Tag: "tags", Title: "Tags", Text: c.text, Words: []string{"at work", "dogs"}}))
		d.Type(c.typed)
		d.Press("tab")
		if got := d.Before(); got != strings.TrimRight(c.want, " ") && got != c.want {
			t.Errorf("%q and %q: %q, not %q", c.text, c.typed, got, c.want)
		}
	}
}
