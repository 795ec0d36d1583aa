//go:build unix

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/gofrs/flock"
)

// TestAnotherHoldsTheLock: an easel that was stopped while it wrote keeps the
// others from writing. Each way says so in the language of the screen, nothing is
// sent, what was typed stays, and all goes on when the lock is free.
func TestAnotherHoldsTheLock(t *testing.T) {
	t.Parallel()
	for lang, locale := range locales {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w, h := speak(t, lang), newHome(t, locale)
			if r := h.command("generate", "--provider", "demo", "a lighthouse"); r.code != 0 {
				t.Fatalf("%+v", r)
			}
			x := h.studio(80, 24)
			x.WaitText(w.Say("studio.prompt.empty"))
			journal, free := h.lock("journal.jsonl")
			stuck := w.Say("task.stuck", journal)
			x.Type("a boat")
			x.Press("enter")
			s := x.WaitFor("the studio to say who is in the way", says(stuck))
			if s.Row("▌ a boat") == "" || s.Has(w.Say("studio.count.running", 1)) {
				t.Errorf("what was typed is gone, or something runs\n%s", s)
			}
			if r := h.command("generate", "a second boat"); r.code != 2 || r.out != "" || strings.TrimSpace(r.err) != "easel: "+stuck {
				t.Errorf("generate: %+v", r)
			}
			free()
			x.Press("enter")
			x.WaitFor("the boat", func(s Screen) bool { return s.Row("✓", "a boat") != "" })

			past, free := h.lock("history.jsonl")
			x.Press("ctrl+t")
			x.WaitText(w.Say("gallery.count.all", "2"), "a lighthouse", "a boat")
			x.Press("s")
			x.WaitFor("the gallery to say who is in the way", says(w.Say("task.stuck", past)))
			free()
			leave(t, x)
			h.one("a boat")
			for _, r := range h.history() {
				if r.Starred || r.Prompt == "a second boat" {
					t.Errorf("it was done all the same: %+v", r)
				}
			}
		})
	}
}

// lock holds the lock of a file in the data directory, as another easel does that
// was stopped. It gives the path of the lock.
func (h *home) lock(name string) (path string, free func()) {
	h.t.Helper()
	path = filepath.Join(h.dir, "data", "easel", name+".lock")
	l := flock.New(path)
	if err := l.Lock(); err != nil {
		h.t.Fatal(err)
	}
	return path, func() {
		if err := l.Unlock(); err != nil {
			h.t.Error(err)
		}
	}
}

// says finds a text on a screen, however it is broken into lines.
func says(text string) func(Screen) bool {
	dense := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	return func(s Screen) bool { return strings.Contains(dense(s.Text()), dense(text)) }
}
