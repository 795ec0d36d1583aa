package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/picture"
)

// paintGallery goes to a folder where the pictures of gallery_ are, so that every
// path is the same on the screen.
func paintGallery(t *testing.T) {
	if _, err := os.Stat("pictures"); err == nil {
		return // a test above did it
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("pictures", 0o700); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string][2]int{
		"collie-1": {512, 288}, "collie-2": {512, 288}, "swimmers": {300, 300}, "cat": {192, 340}, "night": {640, 360}, "fern": {160, 120},
	} {
		fourColors(t, "pictures/"+name+".png", size[0], size[1])
	}
}

// gallery_ is a history to look through: pictures of every form, a task that
// failed, one that was given up, one whose file is not there any more, and one
// that was made from another.
func gallery_() []task.Record {
	list := []task.Record{
		saved(1, "a border collie selling leashes on a live stream, ring light", 2048, 1152, "pictures/collie-1.png", "pictures/collie-2.png"),
		saved(2, "two swimmers, top view, risograph", 300, 300, "pictures/swimmers.png"),
		saved(3, "白色暹罗猫，窗边，柔光", 768, 1360, "pictures/cat.png"),
		saved(4, "a red cube on a clean white desk", 0, 0),
		saved(5, "a mountain, no people", 0, 0),
		saved(6, "a lighthouse in fog", 2048, 1152, "pictures/gone.png"),
		saved(7, "the same collie, at night", 2048, 1152, "pictures/night.png"),
	}
	list[3].State, list[3].Error = backend.Failed, &task.RecordError{Kind: backend.Moderated, Message: "Your request was rejected.", HTTP: 400}
	list[4].State = backend.Canceled
	list[6].References = []task.RecordReference{{Path: list[0].Files[0].Path, Task: list[0].ID}}
	for i := range 40 {
		list = append(list, saved(8+i, fmt.Sprintf("study %d of a fern, ink", 40-i), 512, 384, "pictures/fern.png"))
	}
	return list
}

// at sets the times of records to those of the bubble.
func at(list []task.Record) []task.Record {
	for i := range list {
		t := ago(time.Duration(i+1) * 10 * time.Minute)
		list[i].Created, list[i].Sent, list[i].Ready, list[i].Finished = t, t, t.Add(20*time.Second), t.Add(21*time.Second)
	}
	return list
}

// inGallery plays in a studio that shows the gallery.
func inGallery(t *testing.T, s setup, play func(d *drive)) {
	t.Helper()
	paintGallery(t)
	synctest.Test(t, func(t *testing.T) {
		t.Setenv("TZ", "UTC")
		d := start(t, s.with(at(gallery_())))
		d.in(picture.Blocks)
		d.press("ctrl+t")
		play(d)
		d.stop()
	})
}

func TestGalleryScreens(t *testing.T) {
	paintGallery(t)
	scenes := []struct {
		name string
		play func(d *drive)
	}{
		{"gallery", func(d *drive) { d.press("right", "s") }},
		{"gallery-turned", func(d *drive) { d.press("L", "down") }},
		{"gallery-search", func(d *drive) { d.press("/"); d.type_("fern -9") }},
		{"gallery-none", func(d *drive) { d.press("/"); d.type_("tag:nothing"); d.press("enter") }},
		{"gallery-picked", func(d *drive) { d.press("space", "v", "down", "down") }},
		{"gallery-made-from", func(d *drive) { d.press("/"); d.type_("at night"); d.press("enter") }},
		{"gallery-large", func(d *drive) { d.press("enter", "right") }},
		{"gallery-details", func(d *drive) { d.press("enter", "enter") }},
		{"gallery-failed", func(d *drive) { d.press("/"); d.type_("state:failed"); d.press("enter", "enter") }},
		{"gallery-tags", func(d *drive) {
			d.press("t")
			d.type_("dogs, work")
			d.press("enter")
			d.wait(time.Second)
			d.press("down", "t")
			d.type_("d")
		}},
		{"gallery-trash", func(d *drive) { d.press("x", "T", "X") }},
	}
	for _, s := range scenes {
		for _, lang := range []string{"en", "zh-CN"} {
			for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
				name := fmt.Sprintf("%s-%s-%dx%d", s.name, lang, size[0], size[1])
				t.Run(name, func(t *testing.T) {
					inGallery(t, setup{lang: lang, w: size[0], h: size[1]}, func(d *drive) {
						s.play(d)
						golden(t, name, d.screen())
					})
				})
			}
		}
	}
}

// asks gives what the history was asked for since the last time.
func (d *drive) asks(want ...string) {
	d.t.Helper()
	d.history.mu.Lock()
	defer d.history.mu.Unlock()
	slices.Sort(d.history.calls) // commands run side by side
	slices.Sort(want)
	same(d.t, "the history was asked", strings.Join(d.history.calls, "; "), strings.Join(want, "; "))
	d.history.calls = nil
}

// here is the prompt of the entry under the cursor.
func (d *drive) here(prompt string) {
	d.t.Helper()
	e, ok := d.m.gallery.Entry()
	if !ok || !strings.HasPrefix(e.Prompt, prompt) {
		d.t.Errorf("the cursor is on %q, not on %q", e.Prompt, prompt)
	}
}

func TestGalleryOpensAndCloses(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		d.sees("47 entries", "a border collie", "Studio   Gallery")
		d.press("esc")
		d.sees("Parameters")
		d.press("f2")
		d.sees("47 entries")
		d.send(tea.MouseClickMsg{X: 11, Y: 0, Button: tea.MouseLeft})
		d.sees("Parameters")
		d.send(tea.MouseClickMsg{X: 20, Y: 0, Button: tea.MouseLeft})
		d.sees("47 entries")
		d.press("?")
		d.sees("Gallery", "pick from here")
		d.press("esc", "ctrl+p")
		d.type_("choose the model")
		d.press("enter")
		d.sees("nano-banana-pro") // the studio, where requests are written
	})
}

// Opening says that there is nothing, not what is wrong with nothing.
func TestEmptyGallery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 80, h: 24})
		d.press("ctrl+t")
		d.sees("Nothing is here yet")
		d.press("enter", "e", "x", "j", "G", "space", "v", "a", "u", "y", "t", "L")
		d.sees("Nothing is here yet")
		d.stop()
	})
}

func TestGalleryCursorAndSearch(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		d.here("a border collie")
		d.press("right", "right")
		d.here("白色")
		d.press("down")
		d.here("a lighthouse")
		d.press("up", "left", "left", "left")
		d.here("a border collie")
		d.press("down", "down", "/")
		d.type_("at night")
		d.here("the same collie")
		d.sees("1 of 47")
		d.press("esc") // what was searched for goes, the cursor stays
		d.here("the same collie")
		d.press("esc", "esc")
		d.sees("Parameters")
		d.press("ctrl+t", "G")
		d.here("study 1 of")
		d.press("g", "pgdown", "pgup")
		d.here("a border collie")
		d.press("/")
		d.type_("provider:nobody")
		d.sees("Nothing fits the search", "is:trashed")
		same(t, "hints", strings.Count(d.screen(), "since:7d"), 1)
		d.press("enter", "x", "enter")
		d.asks()
	})
}

// A person searches on while an answer is on its way: the late one is dropped.
func TestLateAnswersAreDropped(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		var cmds []tea.Cmd
		d.press("/")
		for _, r := range "fern" {
			_, cmd := d.m.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			cmds = append(cmds, cmd)
		}
		for i := len(cmds) - 1; i >= 0; i-- { // in the wrong order
			d.run(cmds[i])
			d.settle()
		}
		d.sees("40 of 47")
		d.send(ask.Found{Number: 1}) // it was found before it was given up
		d.sees("40 of 47")
		d.send(ask.Recalled{Number: 1, Err: errors.New("an old one")})
		d.misses("an old one")
	})
}

// What comes new moves neither the cursor nor what is in sight; it is said, and
// is at the top.
func TestNewOnesDoNotMoveAnything(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		inGallery(t, setup{w: size[0], h: size[1]}, func(d *drive) {
			d.press("down")
			before := strings.Split(d.screen(), "\n")
			for i := range 4 {
				r := saved(0, fmt.Sprintf("new %d", i), 512, 384, d.history.records[0].Files[0].Path)
				r.ID = fmt.Sprintf("b00%d", i)
				d.history.put(r)
				d.wait(2 * newsEvery)
				after := strings.Split(d.screen(), "\n")
				if a, b := strings.Join(after[3:], "\n"), strings.Join(before[3:], "\n"); a != b {
					t.Fatalf("%d moved it:\n%s\nto\n%s", i, b, a)
				}
				d.sees(fmt.Sprintf("%d new above", i+1), fmt.Sprintf("%d entries", 48+i))
			}
			d.press("up", "up")
			d.here("new")
			d.press("g")
			d.here("new 3")
			d.misses("new above")
		})
	}
}

func TestGalleryLargeView(t *testing.T) {
	inGallery(t, setup{w: 80, h: 24}, func(d *drive) {
		d.press("enter")
		d.sees("a border collie", "1 of 2", "collie-1.png")
		d.press("right", "y")
		d.sees("2 of 2", "collie-2.png")
		same(t, "the path", d.copied(), d.history.records[0].Files[1].Path)
		d.press("down")
		d.sees("two swimmers", "300x300", "swimmers.png")
		d.press("enter")
		d.sees("╭─ Details", "gpt-image-2", "0.50 credits")
		d.press("enter")
		d.misses("╭─ Details")
		d.sees("47 entries")
		d.press("down", "down", "enter") // the one that failed has no picture
		d.sees("╭─ Details", "Your request was rejected.")
		d.press("esc")
		d.sees("47 entries")
	})
}

func TestStarsAndTags(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		first, second := d.history.records[0].ID, d.history.records[1].ID
		d.press("s")
		d.asks("mark starred=true " + first)
		d.wait(time.Second)
		d.sees("✦ starred", "u takes it back")
		d.press("space", "space", "s") // the first and the second
		d.asks("mark starred=true " + second)
		d.wait(time.Second)
		d.press("s")
		d.asks("mark starred=false " + first + " " + second)
		d.wait(time.Second)
		d.press("u")
		d.asks("mark starred=true " + first + " " + second)
		d.wait(time.Second)
		d.press("esc", "g", "t")
		d.type_("dogs， at work ,,dogs")
		d.press("enter")
		d.asks("mark tags=[dogs at work] " + first)
		d.wait(time.Second)
		d.sees("#dogs", "#at work")
		d.press("right", "t")
		d.type_("do")
		d.press("tab")
		d.type_("cats")
		d.press("enter")
		d.asks("mark tags=[dogs cats] " + second)
		d.wait(time.Second)
		d.press("/")
		d.type_("tag:cats is:starred")
		d.sees("1 of 47", "two swimmers")
	})
}

// Of several, the tags that all have are typed, and the others stay.
func TestTagsOfSeveral(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		ids := []string{d.history.records[0].ID, d.history.records[1].ID}
		d.history.put(map[string]any{"v": 1, "id": ids[0], "set": map[string]any{"tags": []string{"both", "one"}}},
			map[string]any{"v": 1, "id": ids[1], "set": map[string]any{"tags": []string{"both"}}})
		d.wait(time.Second)
		d.press("space", "space", "t")
		d.sees("Tags of 2", "both, ")
		d.press("ctrl+u")
		d.type_("all")
		d.press("enter")
		d.asks("mark tags=[all] "+ids[1], "mark tags=[all one] "+ids[0])
		d.wait(time.Second)
		d.sees("2 tagged")
		d.press("u")
		d.asks("mark tags=[both] "+ids[1], "mark tags=[both one] "+ids[0])
	})
}

func TestTrash(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		id := d.history.records[1].ID
		d.press("right", "x")
		d.asks("trash " + id)
		d.wait(time.Second)
		d.here("白色")
		d.sees("Moved to the trash · u brings it back", "46 entries")
		d.press("u")
		d.asks("restore " + id)
		d.wait(time.Second)
		d.here("白色")
		d.sees("47 entries", "Brought back")
		d.press("a", "x")
		d.wait(time.Second)
		d.sees("47 moved to the trash", "Nothing is here")
		d.history.calls = nil
		d.press("T")
		d.sees("is:trashed", "47 of 47")
		d.press("x")
		d.sees("It is in the trash already")
		d.press("u")
		d.wait(time.Second)
		d.asks("restore " + d.history.records[0].ID)
		d.press("X")
		d.sees("3 pictures, 4.2 MB, are deleted for good")
		d.press("enter") // the careful answer
		d.asks()
		d.press("X", "down", "enter")
		d.asks("empty")
		d.sees("The trash is empty: 3 pictures, 4.2 MB")
		d.press("T")
		d.sees("1 entry")
	})
}

func TestPicks(t *testing.T) {
	inGallery(t, setup{w: 80, h: 24}, func(d *drive) {
		r := d.history.records
		d.press("space", "down", "space")
		d.sees("2 picked")
		d.press("y")
		same(t, "copied", d.copied(), strings.Join([]string{r[0].Files[0].Path, r[0].Files[1].Path, r[2].Files[0].Path}, "\n"))
		d.misses("picked")
		d.press("g", "shift+down", "shift+down")
		d.sees("3 picked")
		d.press("down", "v", "up", "up")
		d.sees("4 picked")
		d.press("esc")
		d.misses("picked")
		d.press("a")
		d.sees("47 picked")
		d.press("a")
		d.misses("picked")
		d.press("v", "G", "x")
		d.wait(time.Second)
		if n := len(strings.Fields(d.history.calls[0])); n != 1+46 { // from the second, where the range ended
			t.Errorf("%d words: %s", n, d.history.calls[0])
		}
	})
}

func TestFromTheGalleryToTheStudio(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		r := d.history.records
		d.press("e")
		d.sees("Parameters", "is loaded; Enter generates")
		got := d.m.studio.Request()
		same(t, "the request", got.Prompt+" "+got.Ratio+" "+got.Size+" "+fmt.Sprint(got.Count), r[0].Prompt+" 16:9 2048x1152 2")
		d.press("ctrl+t", "down", "down", "E")
		got = d.m.studio.Request()
		same(t, "only the prompt", got.Prompt+" "+fmt.Sprint(got.Count), r[6].Prompt+" 2")
		d.press("ctrl+t", "enter", "r")
		d.wants("submit uniall gpt-image-2 16:9 2048x1152 " + r[6].Prompt)
		d.sees("Sent once more")
		d.press("esc", "g", "enter", "right", "f")
		d.sees("Reference collie-2.png added")
		refs := d.m.studio.Request().References
		if len(refs) != 1 || refs[0].Task != r[0].ID || refs[0].Index != 1 || !strings.HasSuffix(refs[0].Path, r[0].Files[1].Path) {
			t.Errorf("the reference is %+v", refs)
		}
		d.press("i")
		d.sees("All of it")
		d.press("esc", "o")
		d.sees("There is no display here")
		d.press("p")
		same(t, "the prompt", d.copied(), r[0].Prompt)
	})
}

// A person goes on before the task was read that an action is for: what is meant
// is the result that was looked at, and it is run again once.
func TestActAndGoOn(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		first := d.history.records[0]
		d.press("right")
		d.history.put(map[string]any{"v": 1, "id": first.ID, "set": map[string]any{"tags": []string{"read it anew"}}})
		d.wait(time.Second)
		quick := func(keys ...string) {
			var cmds []tea.Cmd
			for _, k := range keys {
				_, cmd := d.m.Update(key_(k))
				cmds = append(cmds, cmd)
			}
			for _, cmd := range cmds {
				d.run(cmd)
			}
			d.settle()
		}
		quick("left", "r", "down")
		d.wants("submit uniall gpt-image-2 16:9 2048x1152 " + first.Prompt)
		d.misses("Sent a moment ago")
		d.press("up", "enter", "right")
		d.history.put(map[string]any{"v": 1, "id": first.ID, "set": map[string]any{"tags": []string{"and again"}}})
		quick("f", "down")
		refs := d.m.studio.Request().References
		if len(refs) != 1 || refs[0].Task != first.ID || refs[0].Index != 1 {
			t.Errorf("the references are %+v", refs)
		}
	})
}

// Where the pictures of a task are is known in the studio, too: in the trash, and
// back where they were.
func TestTheStudioFollowsThePictures(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		r := d.history.records[1]
		to := func(path string, trashed bool) {
			files := slices.Clone(r.Files)
			files[0].Path = path
			d.history.put(map[string]any{"v": 1, "id": r.ID, "set": map[string]any{"trashed": trashed, "files": files}})
			d.wait(time.Second)
			got, _ := d.m.facts.Task(r.ID)
			same(t, "the file", got.Files[0].Path, path)
			same(t, "the state", got.State, backend.Done)
		}
		to("pictures/fern.png", true)
		d.press("esc")
		to(r.Files[0].Path, false)
		d.misses("saved", "finished while")
	})
}

// On a small screen nothing is cut: neither a key's name in the last row, nor what
// is known of an entry that has all there is.
func TestNothingIsCutOnASmallScreen(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		inGallery(t, setup{w: 80, h: 24, lang: lang}, func(d *drive) {
			footer := func() {
				t.Helper()
				lines := strings.Split(strings.TrimRight(d.screen(), "\n"), "\n")
				if last := lines[len(lines)-1]; strings.Contains(last, "…") || !strings.Contains(last, "ctrl+g") {
					t.Errorf("the last row is %q", last)
				}
			}
			footer()
			d.press("G", "space")
			footer()
			d.press("esc", "/")
			d.type_("at night")
			d.press("enter", "s", "t")
			d.type_("dogs, at work")
			d.press("enter")
			d.wait(time.Second)
			d.press("enter")
			footer()
			d.press("enter")
			footer()
			say := d.m.env.Words.Say
			for _, label := range []string{"pixels", "file", "path", "model", "asked", "references", "cost", "ticket", "id", "created"} {
				d.sees(say("studio.details." + label))
			}
			d.sees(say("gallery.starred"), "#dogs  #at work", say("gallery.from", "a border collie selling leashes"), "0.50 credits", "night.png")
			d.press("esc", "T")
			footer()
		})
	}
}

// The cursor stays in sight when the screen becomes smaller, or the grid a list.
func TestResizeKeepsTheCursorInSight(t *testing.T) {
	inGallery(t, setup{w: 140, h: 40}, func(d *drive) {
		d.press("down", "down", "down", "right", "right")
		e, _ := d.m.gallery.Entry()
		for _, size := range [][2]int{{104, 26}, {80, 24}, {64, 20}, {200, 50}, {40, 12}, {120, 40}} {
			d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			d.here(e.Prompt)
			if !strings.Contains(d.screen(), "▌ "+e.Prompt[:12]) && !strings.Contains(d.screen(), "› ✓ "+e.Prompt[:12]) {
				t.Errorf("at %v %q is not in sight:\n%s", size, e.Prompt, d.screen())
			}
		}
		// What a person scrolled to stays.
		for range 20 {
			d.send(tea.MouseWheelMsg{X: 20, Y: 20, Button: tea.MouseWheelDown})
		}
		d.sees("study 1 of")
		d.send(tea.WindowSizeMsg{Width: 104, Height: 26})
		d.misses("▌ study")
		d.sees("study 9 of")
	})
}

// What a model does not sell is changed, and that is said.
func TestLoadingSaysWhatChanged(t *testing.T) {
	paintGallery(t)
	list := gallery_()
	list[0].Model, list[0].Size = "gpt-image-9", "7x7"
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 120, h: 40}.with(at(list)))
		d.press("ctrl+t", "e")
		d.sees("gpt-image-9 → gpt-image-2", "7x7")
		d.stop()
	})
}

func TestFetchLine(t *testing.T) {
	inGallery(t, setup{w: 80, h: 24}, func(d *drive) {
		d.press("S")
		if got := d.copied(); !strings.HasPrefix(got, "scp ") || !strings.HasSuffix(got, d.history.records[0].Files[0].Path+" .") {
			t.Errorf("copied %q", got)
		}
		d.sees("scp line sent to the terminal's clipboard")
		d.press("esc", "shift+tab", "S")
		d.sees("scp line sent")
	})
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"/home/ann/a.png"}, "scp ann@box:/home/ann/a.png ."},
		{[]string{"/home/ann/my pictures/it's $HOME.png", "/b/猫.png"}, `scp 'ann@box:/home/ann/my pictures/it'\''s $HOME.png' ann@box:/b/猫.png .`},
	} {
		same(t, "the line", scp("ann", "box", c.paths), c.want)
	}
}

func TestGalleryMouse(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		d.here("a border collie")
		click := func(x, y int, mod tea.KeyMod) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft, Mod: mod}) }
		click(30, 6, 0)
		d.here("two swimmers")
		click(30, 6, 0)
		d.sees("300x300  asked for 2048x1152")
		click(30, 6, 0)
		d.sees("47 entries")
		d.send(tea.MouseWheelMsg{X: 30, Y: 10, Button: tea.MouseWheelDown})
		d.here("two swimmers")
		d.misses("two swimmers, t…")
		click(4, 6, tea.ModCtrl)
		d.sees("1 picked")
		click(10, 2, 0)
		d.type_("fern")
		d.sees("40 of 47")
		d.send(tea.PasteMsg{Content: " ink\n"})
		d.sees("/ fern ink")
	})
}

// An entry that comes back does not push the one under the cursor out of sight.
func TestTakenBackAndTheCursorInSight(t *testing.T) {
	inGallery(t, setup{w: 120, h: 40}, func(d *drive) {
		d.press("down", "down", "right", "right", "x")
		d.wait(time.Second)
		e, _ := d.m.gallery.Entry()
		d.press("u")
		d.wait(time.Second)
		d.here(e.Prompt)
		d.sees("▌ "+e.Prompt[:12], "47 entries")
	})
}

// Every action can be had with the mouse: those that the footer names there, all
// others in the palette, which the footer names.
func TestFooterIsClickedOn(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		inGallery(t, setup{w: 120, h: 40, lang: lang}, func(d *drive) {
			click := func(text string) {
				t.Helper()
				lines := strings.Split(strings.TrimRight(d.screen(), "\n"), "\n")
				for y := len(lines) - 1; y >= 0; y-- {
					if before, _, ok := strings.Cut(lines[y], text); ok {
						d.send(tea.MouseClickMsg{X: width(before), Y: y, Button: tea.MouseLeft})
						return
					}
				}
				t.Errorf("no %q:\n%s", text, strings.Join(lines, "\n"))
			}
			first := d.history.records[0].ID
			click("s " + d.m.env.Keys.Name(keys.Star))
			d.asks("mark starred=true " + first)
			click("space ")
			click("ctrl+p ")
			click(d.m.env.Keys.Name(keys.PickAll))
			click("a " + d.m.env.Keys.Name(keys.PickAll))
			click("/ " + d.m.env.Keys.Name(keys.Find))
			d.type_("fern")
			click("esc ")
			d.asks()
		})
	}
}

// A key that the footer names has a press.
func TestEveryKeyCanBePressedByItsName(t *testing.T) {
	for _, e := range keys.Table {
		if len(e.Keys) == 0 {
			continue
		}
		if k, ok := pressOf(e.Keys[0]); !ok || k.String() != e.Keys[0] {
			t.Errorf("%s is %s, %v", e.Keys[0], k, ok)
		}
	}
}

// A terminal that paints over the cells paints the large view only: the grid
// stands in cells, which scroll.
func TestGalleryWhereTheTerminalPaints(t *testing.T) {
	paintGallery(t)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 120, h: 40}.with(at(gallery_())))
		d.in(picture.Sixel)
		painted := func() int { return strings.Count(d.raw(), "\x1bP") }
		d.press("ctrl+t", "down", "pgdown", "g")
		d.wait(10 * paintIn)
		same(t, "painted over the grid", painted(), 0)
		if !strings.Contains(d.screen(), "▄▄▄▄") {
			t.Errorf("no thumbnails:\n%s", d.screen())
		}
		d.press("enter")
		d.wait(paintIn)
		same(t, "painted, large", painted(), 1)
		d.press("esc")
		d.wait(10 * paintIn)
		same(t, "painted", painted(), 1)
		cleared := 0
		for _, m := range d.out {
			if fmt.Sprintf("%T", m) == "tea.clearScreenMsg" {
				cleared++
			}
		}
		same(t, "cleared", cleared, 1)
		d.stop()
	})
}

// Without pictures there are words, and everything works.
func TestGalleryWithoutPictures(t *testing.T) {
	paintGallery(t)
	list := gallery_()
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 120, h: 40, noColor: true}.with(at(list)))
		d.m.cfg.Pictures = "off"
		d.m.book.Terminal = picture.NewTerminal("off", 3, func(string) string { return "" })
		d.press("ctrl+t")
		d.sees("› ✓ a border collie", "2048x1152", "✗ a red cube")
		d.press("L")
		d.sees("There is no grid here", "› ✓ a border collie")
		d.press("down", "s")
		d.wait(time.Second)
		d.sees("✦")
		d.press("enter")
		d.sees("╭─ Details", "two swimmers")
		if sight, _ := d.m.gallery.Pictures(d.m.env); len(sight) != 0 {
			t.Errorf("%d pictures are wanted", len(sight))
		}
		d.stop()
	})
}

func TestAHistoryThatCannotBeReadIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 80, h: 24})
		d.history.err = fmt.Errorf("it is\x1b[31m broken")
		d.press("ctrl+t")
		d.sees("The history cannot be read: it is")
		d.history.err = nil
		d.press("esc", "ctrl+t")
		d.sees("Nothing is here yet")
		d.stop()
	})
}

// At 100,000 entries only what is in sight is looked up and wanted, wherever one
// goes, and all can be acted on at once.
func TestHundredThousand(t *testing.T) {
	const n = 100_000
	h := &fakeHistory{}
	x := h.open()
	r := saved(0, "number %[1]d", 512, 384, "pictures/%[1]d.png")
	r.ID = "a%06[1]d"
	form, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		line := fmt.Appendf(nil, string(form), i)
		x.Add(line, int64(i))
		h.lines = append(h.lines, line)
	}
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 200, h: 50, history: h})
		d.in(picture.Blocks)
		d.press("ctrl+t")
		d.sees("100,000 entries", "number 99999")
		wanted := func() {
			t.Helper()
			sight, ahead := d.m.gallery.Pictures(d.m.env)
			if len(sight) == 0 || len(sight) > 32 || len(ahead) > 40 {
				t.Errorf("%d are wanted, and %d may be next", len(sight), len(ahead))
			}
		}
		wanted()
		d.press("G")
		d.here("number 0")
		wanted()
		d.press("pgup", "pgup", "up", "left")
		wanted()
		for range 200 {
			d.send(tea.MouseWheelMsg{X: 20, Y: 20, Button: tea.MouseWheelUp})
		}
		wanted()
		d.press("g", "/")
		d.type_("number 7777")
		d.here("number 7777")
		d.press("esc", "esc", "a", "x")
		d.wait(time.Second)
		d.sees("100000 moved to the trash")
		if got := len(strings.Fields(d.history.calls[0])); got != 1+n {
			t.Errorf("%d were asked for", got-1)
		}
		d.stop()
	})
}
