package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
)

// with plays a test in virtual time.
func with(t *testing.T, s setup, play func(d *drive)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := start(t, s)
		play(d)
		d.stop()
	})
}

func TestEnterGeneratesAndLeavesThePrompt(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.type_("a red cube")
		d.press("enter")
		d.wants("submit uniall gpt-image-2 1:1 1024x1024 a red cube")
		same(t, "the prompt", d.m.page.Request().Prompt, "a red cube")
		d.sees("○ a red cube", "pending")
	})
}

func TestEnterThatBouncesSendsOnce(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.type_("a red cube")
		for range 100 { // held down for three seconds
			d.press("enter")
			time.Sleep(30 * time.Millisecond)
		}
		d.wants("submit uniall gpt-image-2 1:1 1024x1024 a red cube")
		time.Sleep(1100 * time.Millisecond)
		d.press("enter") // another roll, on purpose
		d.wants("submit uniall gpt-image-2 1:1 1024x1024 a red cube")
		d.press("enter") // at once: said, and not sent
		d.sees("Enter was pressed twice")
		d.wants()
		time.Sleep(300 * time.Millisecond)
		d.press("enter") // on purpose, now that it was said
		d.wants("submit uniall gpt-image-2 1:1 1024x1024 a red cube")
		d.type_("s")
		d.press("enter") // another prompt is another task, however soon
		d.wants("submit uniall gpt-image-2 1:1 1024x1024 a red cubes")
	})
}

func TestPasteKeepsItsLinesAndNeverSubmits(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.send(tea.PasteMsg{Content: "one\r\ntwo\x1b[31m\nthree\n"})
		d.wants()
		same(t, "the prompt", d.m.page.Request().Prompt, "one\ntwo\nthree\n")
	})
}

func TestNewlines(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		for _, k := range []string{"ctrl+j", "alt+enter", "shift+enter"} {
			d.type_("x")
			d.press(k)
		}
		same(t, "the prompt", d.m.page.Request().Prompt, "x\nx\nx\n")
		d.wants()
	})
}

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
			r := d.m.page.Request()
			if len(r.References) != 1 || r.References[0].Path != path || r.References[0].Width != 3 || r.Prompt != "in the style of " {
				t.Errorf("pasted %q: %+v", pasted, r)
			}
			d.sees("1 a sketch.png")
		})
	}
	for _, text := range []string{path + ".gone.png", "see " + path, "line\n" + path} {
		with(t, setup{}, func(d *drive) {
			d.send(tea.PasteMsg{Content: text})
			if r := d.m.page.Request(); r.Prompt != text || len(r.References) != 0 {
				t.Errorf("pasted %q: %+v", text, r)
			}
		})
	}
}

func TestCursorColumnBehindWideCharacters(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.send(tea.PasteMsg{Content: "한글中文日本語ABC"})
		at := d.m.View().Cursor
		if at == nil || at.X != 3+17 || at.Y != 3 {
			t.Errorf("the cursor is at %+v; it should be 17 cells behind the edge of the prompt", at)
		}
		d.press("left", "left", "left", "left")
		same(t, "column in front of 語", d.m.View().Cursor.X, 3+12)
		d.press("backspace")
		same(t, "the text", d.m.page.Request().Prompt, "한글中文日語ABC")
	})
}

func TestEarlierPrompts(t *testing.T) {
	h := &fakeHistory{prompts: []string{"newest", "two\nlines", "oldest"}}
	with(t, setup{history: h}, func(d *drive) {
		is := func(want string) { t.Helper(); same(t, "the prompt", d.m.page.Request().Prompt, want) }
		d.type_("being written")
		d.press("up")
		is("newest")
		d.press("up")
		is("two\nlines")
		d.press("up") // the cursor is on the first line again
		is("oldest")
		d.press("up", "down")
		is("two\nlines")
		d.press("down") // on the last line
		is("newest")
		d.press("down")
		is("being written")
		d.press("down")
		is("being written")
	})
}

func TestWhatWasSentIsAnEarlierPrompt(t *testing.T) {
	with(t, setup{history: &fakeHistory{prompts: []string{"old"}}}, func(d *drive) {
		d.type_("new")
		d.press("enter", "ctrl+u", "up")
		same(t, "the prompt", d.m.page.Request().Prompt, "new")
	})
}

func TestClearCanBeUndone(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.type_("a long prompt")
		d.press("ctrl+u")
		same(t, "cleared", d.m.page.Request().Prompt, "")
		d.press("ctrl+/")
		same(t, "undone", d.m.page.Request().Prompt, "a long prompt")
	})
}

func TestDraftIsSavedAfterAWhile(t *testing.T) {
	h := &fakeHistory{}
	with(t, setup{history: h}, func(d *drive) {
		d.type_("a red cube")
		same(t, "saves while typing", len(h.saved), 0)
		d.wait(time.Second)
		d.type_("!")
		d.wait(time.Second)
		d.wait(time.Minute)
		same(t, "saves", len(h.saved), 2)
		var r backend.Request
		if err := json.Unmarshal(h.saved[1], &r); err != nil {
			t.Fatal(err)
		}
		same(t, "the draft", r.Prompt+" "+r.Provider+" "+r.Model, "a red cube! uniall gpt-image-2")
		same(t, "unsaved", d.m.draft.dirty, false)
	})
}

func TestDraftComesBack(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		want := draft()
		same(t, "the request", d.m.page.Request(), want)
	})
}

func TestDraftOfTheDemoYieldsToAKey(t *testing.T) {
	h := &fakeHistory{draft: backend.Request{Provider: "demo", Model: "gpt-image-2", Prompt: "x"}}
	with(t, setup{history: h, start: "grsai"}, func(d *drive) { same(t, "provider", d.m.page.Provider(), "grsai") })
	h = &fakeHistory{draft: backend.Request{Provider: "gone", Model: "gpt-image-2", Prompt: "x"}}
	with(t, setup{history: h, start: "grsai"}, func(d *drive) { same(t, "provider", d.m.page.Provider(), "grsai") })
}

// Nothing is on its way when nothing moves: no timer, no command, so no byte.
func TestIdleIsStill(t *testing.T) {
	s := atWork()
	s.still = true
	with(t, s, func(d *drive) {
		d.wait(time.Minute)
		if d.m.ticks {
			t.Error("a timer is running")
		}
		was := d.m.View().Content
		d.wait(time.Hour)
		same(t, "messages in an hour", len(d.msgs), 0)
		same(t, "the screen", d.m.View().Content, was)
	})
}

func TestTimerRunsOnlyWhileSomethingThatMovesIsSeen(t *testing.T) {
	s := atWork()
	with(t, s, func(d *drive) {
		was := d.screen()
		d.wait(2 * time.Second)
		if d.screen() == was || !d.m.ticks {
			t.Error("the time of a running task stands still")
		}
		d.press("shift+tab", "/")
		d.type_("cube") // the running ones are not seen now
		d.wait(time.Second)
		if d.m.ticks {
			t.Error("a timer is running for what is not seen")
		}
		d.press("esc")
		d.wait(time.Second)
		if !d.m.ticks {
			t.Error("the timer did not start again")
		}
		for _, task := range flight()[:2] {
			task.State, task.Finished, task.ReadyAt = backend.Done, time.Now(), time.Now()
			d.change(task)
		}
		d.wait(time.Second)
		if d.m.ticks {
			t.Error("a timer is running though all is over")
		}
	})
}

func TestTinyScreens(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		for w := 1; w <= 130; w += 3 {
			for h := 1; h <= 45; h += 2 {
				d.send(tea.WindowSizeMsg{Width: w, Height: h})
				d.whole("a resize")
			}
		}
		d.send(tea.WindowSizeMsg{Width: 39, Height: 24})
		d.sees("40x10")
		d.type_("nothing is typed where nothing is seen")
		same(t, "the prompt", d.m.page.Request().Prompt, draft().Prompt)
	})
}

// The keys on a row of the tasks, each with what it is for.
func TestKeysOnARow(t *testing.T) {
	const done = "a899kf9x1"
	go_ := func(d *drive, word string) {
		d.press("shift+tab", "/")
		d.type_(word)
		d.press("enter")
	}
	for _, c := range []struct {
		key, row string
		check    func(t *testing.T, d *drive)
	}{
		{"enter", "leashes", func(t *testing.T, d *drive) { d.sees("╭─ Details"); d.press("esc"); d.misses("╭─ Details") }},
		{"e", "leashes", func(t *testing.T, d *drive) {
			r := d.m.page.Request()
			same(t, "loaded", r.Provider+" "+r.Prompt, "grsai a border collie selling leashes on a live stream, ring light")
			d.type_("!")
			same(t, "the focus", strings.HasSuffix(d.m.page.Request().Prompt, "light!"), true)
		}},
		{"r", "leashes", func(t *testing.T, d *drive) {
			d.wants("submit grsai gpt-image-2 16:9 2048x1152 a border collie selling leashes on a live stream, ring light")
			same(t, "the prompt stays", d.m.page.Request().Prompt, draft().Prompt)
		}},
		{"x", "Sunrise", func(t *testing.T, d *drive) { d.wants("stop b003qw7e3"); d.sees("may still be charged") }},
		{"x", "leashes", func(t *testing.T, d *drive) { d.wants(); d.sees("nothing to give up") }},
		{"x", "mountain", func(t *testing.T, d *drive) { d.wants("resume a894kf9x6") }},
		{"d", "Sunrise", func(t *testing.T, d *drive) { d.wants("download b003qw7e3") }},
		{"d", "leashes", func(t *testing.T, d *drive) { d.wants(); d.sees("saved already") }},
		{"y", "leashes", func(t *testing.T, d *drive) {
			same(t, "copied", d.copied(), "/home/ann/Pictures/easel/2026-11-20/174512-a-border-collie-9kf9x1-1.png")
			d.sees("Path sent to the terminal")
		}},
		{"y", "cube", func(t *testing.T, d *drive) { same(t, "copied", d.copied(), ""); d.sees("no saved picture") }},
		{"Y", "leashes", func(t *testing.T, d *drive) { same(t, "copied", d.copied(), "https://cdn.example.com/r.png") }},
		{"p", "leashes", func(t *testing.T, d *drive) {
			same(t, "copied", d.copied(), "a border collie selling leashes on a live stream, ring light")
		}},
		{"o", "leashes", func(t *testing.T, d *drive) { d.sees("no display here") }},
		{"f", "leashes", func(t *testing.T, d *drive) { d.sees("there is no such file") }},
		{"i", "leashes", func(t *testing.T, d *drive) {
			d.sees(`"state": "done"`, "2048x1152")
			d.press("q")
			d.misses(`"state"`)
		}},
		{"u", "leashes", func(t *testing.T, d *drive) { d.sees("not unsure") }},
		{"u", "sphere", func(t *testing.T, d *drive) { d.sees("may be charged", "Adopt") }},
		{"l", "swimmers", func(t *testing.T, d *drive) { d.sees("2 of 2", "-2.png"); d.press("h"); d.sees("1 of 2") }},
	} {
		t.Run(c.key+" "+c.row, func(t *testing.T) {
			with(t, atWork(), func(d *drive) {
				go_(d, c.row)
				d.press(c.key)
				c.check(t, d)
			})
		})
	}
	_ = done
}

func TestWaysOutOfUnsure(t *testing.T) {
	const id = "b001qw7e1"
	open := func(d *drive, downs int) {
		d.press("shift+tab", "j", "j", "j", "u")
		for range downs {
			d.press("down")
		}
		d.press("enter")
	}
	with(t, atWork(), func(d *drive) { open(d, 0); d.wants("look " + id); d.sees("Asking the provider") })
	with(t, atWork(), func(d *drive) {
		open(d, 1)
		d.type_("task_9f")
		d.press("enter")
		d.wants("adopt " + id + " task_9f")
	})
	with(t, atWork(), func(d *drive) {
		open(d, 2)
		d.wants() // only after an explicit yes
		d.press("enter")
		d.wants() // the first choice is the careful one
		open2 := func() { d.press("u", "down", "down", "enter", "down", "enter") }
		open2()
		d.wants("again " + id)
	})
	with(t, atWork(), func(d *drive) { open(d, 3); d.wants("lost " + id) })
	with(t, atWork(), func(d *drive) { // never sent: it is sent, or dropped
		d.press("shift+tab", "j", "j", "u", "enter")
		d.wants("again b002qw7e2")
		d.press("u", "down", "enter")
		d.wants("stop b002qw7e2")
	})
}

func TestChoicesFollowOneAnother(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		r := func() string {
			r := d.m.page.Request()
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
		same(t, "size", d.m.page.Request().Size, "3840x2160")
	})
}

func TestFreeSizeIsJudgedAsItIsTyped(t *testing.T) {
	with(t, setup{start: "grsai"}, func(d *drive) {
		d.press("tab", "tab", "down", "right", "down", "down", "enter")
		d.type_("1537x1024")
		d.sees("must be multiples of")
		d.press("enter")
		same(t, "refused", d.m.page.Request().Size, "1024x1024")
		for range "1537x1024" {
			d.press("backspace")
		}
		d.type_("1536×1024")
		d.misses("must be multiples of")
		d.press("enter")
		same(t, "taken", d.m.page.Request().Size, "1536x1024")
		d.sees("typed")
	})
}

func TestErrorsSayWhoAndWhatToDo(t *testing.T) {
	e := &fakeEngine{err: &backend.Error{Provider: "uniall", Op: backend.OpSubmit, Kind: backend.Unauthorized, Message: "no key: set UNIALL_API_KEY"}}
	with(t, setup{engine: e}, func(d *drive) {
		d.type_("a red cube")
		d.press("enter")
		d.sees("✗ uniall: no key: set UNIALL_API_KEY · Check the key (the variable KEY)")
		d.press("ctrl+p")
		d.type_("messages")
		d.press("enter")
		d.sees("╭─ Messages", "UNIALL_API_KEY")
	})
}

func TestForeignTextCannotDriveTheTerminal(t *testing.T) {
	evil := "\x1b]0;owned\x07\x1b[2J\u009b31m\u202eevil"
	with(t, setup{}, func(d *drive) {
		r := backend.Request{Provider: "uniall", Model: "gpt-image-2" + evil, Prompt: evil, Size: evil, Ratio: evil, Count: 1, Options: map[string]string{"x": evil}, References: []backend.Reference{{URL: "https://" + evil}}}
		d.change(task.Task{ID: "c1", State: backend.Running, Progress: -1, Request: r, Ticket: evil})
		d.press("shift+tab")
		d.change(task.Task{ID: "c1", State: backend.Failed, Request: r, Ticket: evil, Revised: evil, Finished: time.Now(),
			Error: &backend.Error{Provider: "uniall", Kind: backend.Unavailable, Message: evil, TraceID: evil}, Cost: &backend.Cost{Amount: evil, Unit: evil},
			Files: []task.File{{Path: "/x/" + evil, URL: evil, Width: 1, Height: 1, Format: evil}}})
		for _, keys := range [][]string{{}, {"enter"}, {"i"}, {"esc", "e"}} {
			d.press(keys...)
			v := d.m.View()
			for _, bad := range []string{"\x1b]0", "\x1b[2J", "\x07", "\u009b", "\u202e"} {
				if strings.Contains(v.Content+v.WindowTitle, bad) {
					t.Errorf("after %v the screen holds %q", keys, bad)
				}
			}
		}
	})
}

func TestNotificationsOnlyWhileAway(t *testing.T) {
	over := func(n int) task.Task {
		return task.Task{ID: "b003qw7e3", State: backend.Done, Finished: time.Now(), ReadyAt: time.Now(), Request: flight()[1].Request,
			Files: []task.File{{Path: "/x.png"}}}
	}
	for _, c := range []struct {
		notify string
		env    map[string]string
		blur   bool
		want   string
	}{
		{"auto", nil, true, "\x1b]9;Saved: Sunrise over three misty ridges, a sing…\x07"},
		{"auto", map[string]string{"TMUX": "/tmp/x"}, true, "\a"},
		{"bell", nil, true, "\a"},
		{"off", nil, true, ""},
		{"auto", nil, false, ""},
	} {
		s := atWork()
		s.notify, s.env = c.notify, c.env
		with(t, s, func(d *drive) {
			if c.blur {
				d.send(tea.BlurMsg{})
			}
			going := flight()[1]
			going.Asked = time.Now().Add(time.Second) // it is still running when first asked about
			d.change(going)
			d.change(over(3))
			same(t, fmt.Sprintf("%+v", c), d.raw(), c.want)
			d.sees("✓ Saved: Sunrise")
		})
	}
}

func TestFinishedWhileAway(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		list := flight()[:2]
		for i := range list {
			list[i].State, list[i].Asked, list[i].ReadyAt = backend.Ready, time.Now().Add(time.Second), time.Now()
		}
		d.change(list[0])
		d.change(list[1])
		d.sees("2 finished while you were away")
		for i := range list {
			list[i].State, list[i].Finished = backend.Done, time.Now()
		}
		d.change(list...)
		d.sees("2 finished while you were away") // and not said again one by one
	})
	with(t, atWork(), func(d *drive) { // one that was still running finishes in front of the person
		r := flight()[1]
		r.Asked = time.Now().Add(time.Second)
		d.change(r)
		r.State, r.ReadyAt, r.Finished, r.Files = backend.Done, time.Now(), time.Now(), []task.File{{Path: "/x.png"}}
		d.change(r)
		d.sees("Saved: ")
		d.misses("away")
	})
}

func TestCursorStaysOnItsTask(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		d.press("shift+tab", "j", "j", "j", "j")
		before := d.m.View().Content
		if !strings.Contains(d.screen(), "› ✓ a border collie") {
			t.Fatal(before)
		}
		d.press("esc")
		d.press("enter")
		d.change(task.Task{ID: "z9", State: backend.Running, Progress: -1, Created: time.Now(), Request: backend.Request{Prompt: "newer", Provider: "uniall"}})
		d.sees("› ✓ a border collie", "newer")
	})
}

func TestFirstNewTaskIsSelected(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		d.press("enter")
		d.sees("› ○ Sunrise over")
		d.wait(2 * time.Second)
		d.press("enter")
		same(t, "rows with a cursor", strings.Count(d.screen(), "› ○"), 1)
		d.sees("  ○ Sunrise over") // the second one is not
	})
}

func TestFilter(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		d.press("shift+tab", "/")
		d.type_("grsai NICE q")
		d.sees("No task fits")
		d.press("backspace", "backspace")
		d.sees("a very nice picture", "1 of 10")
		d.misses("a red cube")
		at := d.m.View().Cursor
		if at == nil || at.X != 1+len("Tasks  /grsai NICE") {
			t.Errorf("the cursor is at %+v", at)
		}
		d.press("enter", "x")
		d.wants() // x is a key again: the task is over, so nothing is asked
		d.press("esc")
		d.sees("a red cube")
	})
}

func TestQuitAndSuspend(t *testing.T) {
	for _, keys := range [][]string{{"ctrl+c"}, {"tab", "q"}, {"ctrl+p", "ctrl+c"}} {
		with(t, atWork(), func(d *drive) {
			d.press(keys...)
			if !d.m.asked || !d.got(tea.QuitMsg{}) {
				t.Errorf("%v did not quit", keys)
			}
		})
	}
	with(t, setup{}, func(d *drive) {
		d.type_("q?")
		same(t, "the prompt takes letters", d.m.page.Request().Prompt, "q?")
		d.press("ctrl+z")
		if !d.got(tea.SuspendMsg{}) {
			t.Error("ctrl+z did not suspend")
		}
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
		same(t, "typed where it was clicked", d.m.page.Request().Prompt[:4], "XSun")
		x, y := find("a red cube")
		click(d, x, y)
		d.sees("› ✗ a red cube")
		x, y = find("Quality")
		click(d, x, y)
		d.sees("› Quality")
		x, y = find("medium ›")
		click(d, x+len("medium "), y)
		same(t, "the arrow steps", d.m.page.Request().Options["quality"], "high")
		x, _ = find("high ›")
		click(d, x, y)
		d.sees("╭─ Quality")
		x, y = find("  low")
		click(d, x+3, y)
		same(t, "chosen in the list", d.m.page.Request().Options["quality"], "low")
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
		same(t, "the prompt", d.m.page.Request().Prompt, "a red cube")
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
		same(t, "model", d.m.page.Request().Model, "nano-banana-pro")
	})
}

func TestReferences(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.press("tab")
		for _, u := range []string{"https://a.example/1.png", "https://a.example/2.png", "https://a.example/3.png"} {
			d.send(tea.PasteMsg{Content: u})
		}
		urls := func() (s string) {
			for _, r := range d.m.page.Request().References {
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

func TestEditorIsThePersonsOwn(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	with(t, setup{env: map[string]string{"EDITOR": "ed -s"}}, func(d *drive) {
		d.type_("before")
		d.press("ctrl+o")
		list, err := os.ReadDir(dir)
		if err != nil || len(list) != 1 {
			t.Fatalf("files for the editor: %v, %v", list, err)
		}
		path := filepath.Join(dir, list[0].Name())
		if b, _ := os.ReadFile(path); string(b) != "before" {
			t.Errorf("the editor gets %q", b)
		}
		if err := os.WriteFile(path, []byte("from\nthe editor\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		d.send(edited(path, nil))
		same(t, "the prompt", d.m.page.Request().Prompt, "from\nthe editor")
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("the file is left: %v", err)
		}
		d.send(edited(path, errors.New("exit status 1")))
		same(t, "kept", d.m.page.Request().Prompt, "from\nthe editor")
		d.sees("exit status 1")
	})
}

func TestHugePromptIsWhole(t *testing.T) {
	text := strings.Repeat("a border collie sells leashes 直播间 ", 2600)
	with(t, setup{}, func(d *drive) {
		d.send(tea.PasteMsg{Content: text})
		d.type_("!")
		same(t, "whole", d.m.page.Request().Prompt == text+"!", true)
		d.sees("the model takes 32000")
	})
}

func TestWithoutColour(t *testing.T) {
	s := atWork()
	s.noColor = true
	with(t, s, func(d *drive) {
		if c := d.m.View().Content; strings.Contains(c, "38;") || strings.Contains(c, "\x1b[3") {
			t.Errorf("there are colours: %q", c)
		}
		d.sees("✓ a border collie", "✗ a red cube", "may be charged")
	})
}
