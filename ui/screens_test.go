package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// golden compares a screen with the one in testdata/screens.
func golden(t *testing.T, name, got string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0) // a test may have gone elsewhere
	path := filepath.Join(filepath.Dir(here), "..", "testdata", "screens", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./ui -run TestScreens -update writes it", err)
	}
	if string(want) != got {
		t.Errorf("the screen %s is another one (-update writes it anew):\n%s", name, got)
	}
}

// scenes are what a person sees, step by step.
var scenes = []struct {
	name string
	make func() setup
	play func(d *drive)
}{
	{"first", func() setup { return setup{start: "demo"} }, func(d *drive) {}},
	{"work", atWork, func(d *drive) {}},
	{"details", atWork, func(d *drive) { d.press("shift+tab", "j", "j", "j", "j", "enter") }},
	{"failed", atWork, func(d *drive) { d.press("shift+tab", "/"); d.type_("cube"); d.press("enter", "k", "enter") }},
	{"unsure", atWork, func(d *drive) { d.press("shift+tab", "j", "j", "j", "u") }},
	{"filter", atWork, func(d *drive) { d.press("shift+tab", "/"); d.type_("uniall 猫") }},
	{"parameters", atWork, func(d *drive) { d.press("tab", "tab", "enter", "j", "j", "right") }},
	{"pick", atWork, func(d *drive) { d.press("tab", "tab", "j", "j", "j", "enter"); d.type_("20") }},
	{"palette", atWork, func(d *drive) { d.press("ctrl+p") }},
	{"keys", atWork, func(d *drive) { d.press("ctrl+g") }},
	{"error", atWork, func(d *drive) { d.press("ctrl+u", "enter") }},
	{"references", atWork, func(d *drive) {
		d.send(ask.Looked{Reference: backend.Reference{Path: "/home/ann/ridge-sketch.png", Type: "png", Bytes: 1_240_000}})
		d.send(ask.Looked{Reference: backend.Reference{Path: "/x/r.png", Type: "png", Bytes: 5, Task: "a895kf9x5", Index: 1}})
		d.press("tab")
		d.send(tea.PasteMsg{Content: "https://example.com/pictures/collie.webp"})
	}},
	{"missing", atWork, func(d *drive) {
		d.send(tea.PasteMsg{Content: "/home/ann/Pictures/a/very/long/path/that/is/not/there/ridge-sketch-of-the-first-morning.png"})
		d.send(ask.Changed{Err: &backend.Error{Kind: backend.Invalid, Word: "check.references.missing", Args: []string{"/home/ann/Pictures/a/very/long/path/that/is/not/there/ridge-sketch-of-the-first-morning.png", "there is no such file"}}})
	}},
}

func TestScreens(t *testing.T) {
	for _, s := range scenes {
		for _, lang := range []string{"en", "zh-CN"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}} {
				name := fmt.Sprintf("%s-%s-%dx%d", s.name, lang, size[0], size[1])
				t.Run(name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						t.Setenv("TZ", "UTC")
						at := s.make()
						at.lang, at.w, at.h = lang, size[0], size[1]
						d := start(t, at)
						s.play(d)
						golden(t, name, d.screen())
						d.stop()
					})
				})
			}
		}
	}
}
