//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"easel/ui/words"
)

// size is a size of terminals that people have.
type size struct {
	name          string
	width, height int
}

var sizes = []size{{"80x24", 80, 24}, {"120x40", 120, 40}}

// locales are the variables that choose a language.
var locales = map[string]string{"en": "LANG=en_US.UTF-8", "zh-CN": "LANG=zh_CN.UTF-8"}

func speak(t *testing.T, lang string) *words.Words {
	t.Helper()
	w, err := words.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestDemo is a person's first minutes on a fresh machine: start, type, Enter,
// watch, see it done, leave, and come back.
func TestDemo(t *testing.T) {
	for lang, locale := range locales {
		for _, size := range sizes {
			t.Run(lang+"-"+size.name, func(t *testing.T) {
				t.Parallel()
				firstMinutes(t, newHome(t, locale), lang, size)
			})
		}
	}
}

func firstMinutes(t *testing.T, h *home, lang string, size size) {
	w := speak(t, lang)
	prompt := "a lighthouse in the evening, oil on canvas"
	x := h.studio(size.width, size.height)
	s := x.WaitFor("the first screen", func(s Screen) bool {
		col, row, ok := s.Find("▌")
		return ok && s.Has("easel", w.Say("studio.prompt.empty"), w.Say("studio.tasks.none"), "ctrl+g "+w.Say("keys.help")) &&
			s.X == col+2 && s.Y == row && s.Cursor // where the text goes
	})
	golden(t, "first-"+lang+"-"+size.name, s)
	x.Type(prompt)
	s = x.WaitText(prompt)
	if col, row, _ := s.Find(prompt); s.X != col+len(prompt) || s.Y != row {
		t.Errorf("the cursor is not behind the text\n%s", s)
	}
	x.Press("enter")
	x.WaitText(w.Say("studio.count.running", 1), "a lighthouse in the e")
	x.WaitFor("the task to be done", func(s Screen) bool {
		return strings.Contains(s.Row("✓", "a lighthouse"), "1024x1024")
	})
	s = x.Screen()
	if col, row, _ := s.Find(prompt); s.X != col+len(prompt) || s.Y != row {
		t.Errorf("the cursor moved while the task ran\n%s", s)
	}
	leave(t, x)
	r := h.one(prompt)
	if f := r.Files[0]; r.Provider != "demo" || f.Width != 1024 || f.Height != 1024 || f.Format != "png" {
		t.Errorf("%s made %+v", r.Provider, f)
	}
	if open := h.tasks(); len(open) > 0 {
		t.Errorf("still open: %+v", open)
	}
	x = h.studio(size.width, size.height)
	s = x.WaitFor("the task and the draft of before", func(s Screen) bool {
		return s.Row("✓", "a lighthouse", "1024x1024") != "" && s.Row("▌ "+prompt) != ""
	})
	if s.Has(w.Say("studio.count.running", 1)) {
		t.Errorf("something runs\n%s", s)
	}
	leave(t, x)
}

// leave quits with Ctrl+C, and checks that the terminal is as it was before.
func leave(t *testing.T, x *Terminal) {
	t.Helper()
	x.Press("ctrl+c")
	if code := x.Exit(); code != 0 {
		t.Errorf("exit status %d\n%s", code, x.Screen())
	}
	if s := x.Screen(); s.Alternate || !s.Cursor {
		raw := x.Raw()
		t.Errorf("the terminal is left in a state\n%s\nafter %q", s, raw[max(len(raw)-300, 0):])
	}
}

// golden compares a screen with the one in testdata/screens.
func golden(t *testing.T, name string, s Screen) {
	t.Helper()
	path := filepath.Join("testdata", "screens", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(s.Text()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != s.Text() {
		t.Errorf("%s is not as it was (-update writes it anew):\n%s\nwas\n%s", name, s, want)
	}
}

// TestParameters: what is chosen in the palette's list and in the rows is what
// is painted.
func TestParameters(t *testing.T) {
	for _, size := range sizes {
		t.Run(size.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			x := h.studio(size.width, size.height)
			x.WaitText("Describe a picture", "1024x1024")
			x.Type("a fox")
			x.Press("ctrl+p")
			x.WaitText("Commands")
			x.Type("ratio")
			x.WaitText("› choose the ratio")
			x.Press("enter")
			x.WaitText("21:9")
			x.Type("16:9")
			x.WaitGone("21:9")
			x.Press("enter")
			x.WaitText("16:9", "1280x720")
			x.Press("tab", "tab")
			for _, row := range [][2]string{{"Size", "2048x1152"}, {"Format", "jpeg"}, {"Count", "2"}} {
				downTo(x, row[0])
				x.Press("right")
				x.WaitText("‹ " + row[1] + " ›")
			}
			x.Press("esc")
			if s := x.WaitGone("‹"); !s.Has("enter generate") {
				x.Press("esc") // the first one closed the rows, which are a popup here
			}
			x.WaitText("enter generate")
			x.Press("enter")
			x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", "a fox", "2048x1152 ×2") != "" })
			leave(t, x)
			for _, f := range h.one("a fox").Files {
				if f.Width != 2048 || f.Height != 1152 || f.Format != "jpeg" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// downTo moves down to a row of the parameters.
func downTo(x *Terminal, name string) {
	x.t.Helper()
	folded := "› easel-paint" // all of them in one row, which opens
	at := row(x.WaitFor("the parameters", func(s Screen) bool { return row(s) != "" || s.Has(folded) }))
	for at != name {
		x.Press("down")
		at = row(x.WaitFor("the next row", func(s Screen) bool { return row(s) != "" && row(s) != at }))
	}
}

// row is the name of the row of the parameters that is selected, "" if none is.
func row(s Screen) string {
	for _, line := range s.Lines {
		for _, name := range []string{"Provider", "Model", "Ratio", "Size", "Quality", "Format", "Count"} {
			if strings.Contains(line, "› "+name) {
				return name
			}
		}
	}
	return ""
}
