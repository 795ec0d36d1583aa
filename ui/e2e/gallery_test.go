//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGallery looks through what was made, marks it, throws it away and takes it
// back, with the built program and real files.
func TestGallery(t *testing.T) {
	h := newHome(t)
	for _, prompt := range []string{"a lighthouse over a stormy sea", "two swimmers, top view"} {
		if r := h.command("generate", "--provider", "demo", prompt); r.code != 0 {
			t.Fatalf("%+v", r)
		}
	}
	path := func(prompt string) string {
		for _, r := range h.history() {
			if r.Prompt == prompt {
				return r.Files[0].Path
			}
		}
		t.Fatalf("%q is not in the history", prompt)
		return ""
	}
	x := h.studio(120, 40)
	x.WaitText("ctrl+g keys")
	x.Press("ctrl+t")
	x.WaitText("2 entries", "two swimmers, top view", "a lighthouse over")
	x.Press("s")
	x.WaitText("✦ starred")
	x.Press("/")
	x.Type("is:starred")
	x.WaitText("1 of 2")
	x.Press("esc")
	x.WaitText("2 entries")
	x.Press("enter") // out of the search

	before := path("two swimmers, top view")
	x.Press("x")
	x.WaitText("1 entry", "Moved to the trash")
	if _, err := os.Stat(before); !os.IsNotExist(err) {
		t.Errorf("the picture is still where it was: %v", err)
	}
	x.Press("u")
	x.WaitText("2 entries", "Brought back")
	if _, err := os.Stat(before); err != nil {
		t.Error(err)
	}
	x.Press("enter")
	x.WaitText("MB  1024x1024 as asked") // large
	x.Press("esc")
	x.WaitText("2 entries")
	x.Press("e")
	x.WaitText("Parameters", "is loaded; Enter generates")
	x.Press("ctrl+c")
	if code := x.Exit(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	thumbs, err := filepath.Glob(filepath.Join(h.dir, ".cache", "easel", "thumbs", "*", "*.jpg"))
	if err != nil || len(thumbs) < 1 { // as many as it came to
		t.Errorf("%d thumbnails are on the disk: %v", len(thumbs), err)
	}
	lines, err := os.ReadFile(filepath.Join(h.dir, "data", "easel", "history.jsonl"))
	if err != nil || !strings.Contains(string(lines), `"starred":true`) {
		t.Errorf("the star is not in the history: %v", err)
	}
}
