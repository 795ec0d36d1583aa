package ui

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestPasteOfAPictureIsAReference(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a sketch.png")
	f, err := os.Create(path)
	if err == nil {
		err = png.Encode(f, image.NewGray(image.Rect(0, 0, 3, 2)))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, pasted := range []string{path, "'" + path + "'", strings.ReplaceAll(path, " ", `\ `), "file://" + path + "\n"} {
		with(t, setup{}, func(d *drive) {
			d.type_("in the style of ")
			d.send(tea.PasteMsg{Content: pasted})
			r := d.m.studio.Request()
			if len(r.References) != 1 || r.References[0].Path != path || r.References[0].Width != 3 || r.Prompt != "in the style of " {
				t.Errorf("pasted %q: %+v", pasted, r)
			}
			d.sees("1 a sketch.png")
		})
	}
	for _, text := range []string{path + ".gone.png", "see " + path, "line\n" + path} {
		with(t, setup{}, func(d *drive) {
			d.send(tea.PasteMsg{Content: text})
			if r := d.m.studio.Request(); r.Prompt != text || len(r.References) != 0 {
				t.Errorf("pasted %q: %+v", text, r)
			}
		})
	}
}

func TestChoicesFollowOneAnother(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		r := func() string {
			r := d.m.studio.Request()
			return fmt.Sprintf("%s %s %s %s x%d %s", r.Provider, r.Model, r.Ratio, r.Size, r.Count, r.Options["quality"])
		}
		d.press("tab", "tab", "down", "down", "right")
		same(t, "the size follows the ratio", r(), "uniall gpt-image-2 16:9 1360x768 x1 auto")
		d.sees("Size 1024x1024 → 1360x768")
		d.press("down", "right", "down", "right", "right", "down", "down", "right")
		same(t, "stepped", r(), "uniall gpt-image-2 16:9 2048x1152 x2 medium")
		d.press("up", "up", "up", "up", "left") // the ratio: the size keeps its tier
		same(t, "the tier stays", r(), "uniall gpt-image-2 1:1 2048x2048 x2 medium")
		d.press("up", "right")
		same(t, "another model", r(), "uniall nano-banana-pro 1:1 1K x1 ")
		d.sees("Size 2048x2048 → 1K", "Count 2 → 1", "Quality medium left out")
		d.press("up", "right", "right")
		same(t, "another provider", r(), "defapi dall-e-3  1024x1024 x1 ")
		d.sees("Model nano-banana-pro → dall-e-3")
	})
}

func TestPickerOffersOnlyWhatIsSold(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		d.press("tab", "tab", "down", "down", "down", "enter")
		d.sees("1360x768", "2048x1152", "3840x2160")
		d.misses("1152x2048")
		d.type_("4k")
		d.press("enter")
		same(t, "size", d.m.studio.Request().Size, "3840x2160")
	})
}

func TestFreeSizeIsJudgedAsItIsTyped(t *testing.T) {
	with(t, setup{start: "grsai"}, func(d *drive) {
		d.press("tab", "tab", "down", "right", "down", "down", "enter")
		d.type_("1537x1024")
		d.sees("must be multiples of")
		d.press("enter")
		same(t, "refused", d.m.studio.Request().Size, "1024x1024")
		for range "1537x1024" {
			d.press("backspace")
		}
		d.type_("1536×1024")
		d.misses("must be multiples of")
		d.press("enter")
		same(t, "taken", d.m.studio.Request().Size, "1536x1024")
		d.sees("typed")
	})
}

func TestMouse(t *testing.T) {
	click := func(d *drive, x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	with(t, atWork(), func(d *drive) {
		find := func(text string) (x, y int) {
			for y, l := range strings.Split(d.screen(), "\n") {
				if i := strings.Index(l, text); i >= 0 {
					return width(l[:i]), y
				}
			}
			t.Fatalf("%q is not on the screen:\n%s", text, d.screen())
			return 0, 0
		}
		click(d, 3, 3)
		d.type_("X")
		same(t, "typed where it was clicked", d.m.studio.Request().Prompt[:4], "XSun")
		x, y := find("a red cube")
		click(d, x, y)
		d.sees("› ✗ a red cube")
		x, y = find("Quality")
		click(d, x, y)
		d.sees("› Quality")
		x, y = find("medium ›")
		click(d, x+len("medium "), y)
		same(t, "the arrow steps", d.m.studio.Request().Options["quality"], "high")
		x, _ = find("high ›")
		click(d, x, y)
		d.sees("╭─ Quality")
		x, y = find("  low")
		click(d, x+3, y)
		same(t, "chosen in the list", d.m.studio.Request().Options["quality"], "low")
		x, y = find("✗ a red")
		d.send(tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelUp})
		d.sees("› ? a blue glass")
	})
}

func TestSearchOfPrompts(t *testing.T) {
	with(t, setup{history: &fakeHistory{prompts: []string{"a border collie", "one\ntwo", "a red cube"}}}, func(d *drive) {
		d.press("ctrl+r")
		d.type_("cube")
		d.press("enter")
		same(t, "the prompt", d.m.studio.Request().Prompt, "a red cube")
		d.wants() // it can be changed first
	})
}

func TestPaletteDoesByName(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		d.press("ctrl+p")
		d.type_("choose the model")
		d.press("enter")
		d.sees("╭─ Model")
		d.type_("banana")
		d.press("enter")
		same(t, "model", d.m.studio.Request().Model, "nano-banana-pro")
	})
}

func TestReferences(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.press("tab")
		for _, u := range []string{"https://a.example/1.png", "https://a.example/2.png", "https://a.example/3.png"} {
			d.send(tea.PasteMsg{Content: u})
		}
		urls := func() (s string) {
			for _, r := range d.m.studio.Request().References {
				s += r.URL[len("https://a.example/"):][:1]
			}
			return s
		}
		same(t, "added", urls(), "123")
		d.press("K")
		same(t, "sooner", urls(), "132")
		d.press("K", "J", "J")
		same(t, "back", urls(), "123")
		d.press("left", "x")
		same(t, "removed", urls(), "13")
		d.send(tea.PasteMsg{Content: "https://a.example/1.png"})
		d.sees("is a reference already")
		d.send(tea.PasteMsg{Content: "https://a.example/4.png"})
		d.send(tea.PasteMsg{Content: "https://a.example/5.png"})
		d.send(tea.PasteMsg{Content: "https://a.example/6.png"})
		d.sees("5 references are too many", "at most 4")
		d.press("esc")
		d.type_("x")
		d.press("enter")
		d.wants() // refused before it is sent
	})
}
