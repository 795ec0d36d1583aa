package ui

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
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
		same(t, "the prompt", d.m.studio.Request().Prompt, "a red cube")
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
		time.Sleep(500 * time.Millisecond)
		d.press("enter") // within a second of the one that was sent
		d.wants()
		time.Sleep(600 * time.Millisecond)
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
		same(t, "the prompt", d.m.studio.Request().Prompt, "one\ntwo\nthree\n")
	})
}

func TestNewlines(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		for _, k := range []string{"ctrl+j", "alt+enter", "shift+enter"} {
			d.type_("x")
			d.press(k)
		}
		same(t, "the prompt", d.m.studio.Request().Prompt, "x\nx\nx\n")
		d.wants()
	})
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
		same(t, "the text", d.m.studio.Request().Prompt, "한글中文日語ABC")
	})
}

func TestEarlierPrompts(t *testing.T) {
	h := &fakeHistory{prompts: []string{"newest", "two\nlines", "oldest"}}
	with(t, setup{history: h}, func(d *drive) {
		is := func(want string) { t.Helper(); same(t, "the prompt", d.m.studio.Request().Prompt, want) }
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
		same(t, "the prompt", d.m.studio.Request().Prompt, "new")
	})
}

func TestClearCanBeUndone(t *testing.T) {
	with(t, setup{}, func(d *drive) {
		d.type_("a long prompt")
		d.press("ctrl+u")
		same(t, "cleared", d.m.studio.Request().Prompt, "")
		d.press("ctrl+/")
		same(t, "undone", d.m.studio.Request().Prompt, "a long prompt")
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
		same(t, "the request", d.m.studio.Request(), want)
	})
}

func TestDraftOfTheDemoYieldsToAKey(t *testing.T) {
	h := &fakeHistory{draft: backend.Request{Provider: "demo", Model: "gpt-image-2", Prompt: "x"}}
	with(t, setup{history: h, start: "grsai"}, func(d *drive) { same(t, "provider", d.m.studio.Provider(), "grsai") })
	h = &fakeHistory{draft: backend.Request{Provider: "gone", Model: "gpt-image-2", Prompt: "x"}}
	with(t, setup{history: h, start: "grsai"}, func(d *drive) { same(t, "provider", d.m.studio.Provider(), "grsai") })
}

// Nothing is on its way when nothing moves: no timer, no command, so no byte.
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
		same(t, "the prompt", d.m.studio.Request().Prompt, draft().Prompt)
	})
}

// The keys on a row of the tasks, each with what it is for.
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
		same(t, "the prompt takes letters", d.m.studio.Request().Prompt, "q?")
		d.press("ctrl+z")
		if !d.got(tea.SuspendMsg{}) {
			t.Error("ctrl+z did not suspend")
		}
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
		same(t, "the prompt", d.m.studio.Request().Prompt, "from\nthe editor")
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("the file is left: %v", err)
		}
		d.send(edited(path, errors.New("exit status 1")))
		same(t, "kept", d.m.studio.Request().Prompt, "from\nthe editor")
		d.sees("exit status 1")
	})
}

func TestHugePromptIsWhole(t *testing.T) {
	text := strings.Repeat("a border collie sells leashes 直播间 ", 2600)
	with(t, setup{}, func(d *drive) {
		d.send(tea.PasteMsg{Content: text})
		d.type_("!")
		same(t, "whole", d.m.studio.Request().Prompt == text+"!", true)
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

// Enter for what an unsure task asked for is a question, and its first answer
// sends nothing; for anything else it is not.
func TestTwinOfAnUnsureTaskIsAskedAbout(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		s := atWork()
		s.lang = lang
		say := func(en, zh string) string { return map[string]string{"en": en, "zh-CN": zh}[lang] }
		with(t, s, func(d *drive) {
			unsure := flight()[3]
			unsure.Request = draft()
			unsure.Request.References = []backend.Reference{}
			d.change(unsure)
			sent := "submit uniall gpt-image-2 16:9 2048x1152 " + draft().Prompt
			d.press("enter")
			d.sees(say("asked for the same, and is unsure", "结果不确定"), say("both may be charged", "两个都可能扣费"))
			d.wants()
			d.press("esc") // no answer sends nothing
			d.wants()
			d.press("enter", "enter") // a key that bounces gives the careful answer
			d.wants()
			d.sees(say("Not sent. u says what can be done", "没有发送"))
			d.press("u", "enter") // the unsure one is selected
			d.wants("look " + unsure.ID)
			d.press("r") // run again, on its row, asks as well
			d.wants()
			d.press("down", "enter") // yes, all the same
			d.wants(sent)
			d.press("esc", "enter") // that bounced
			d.wants()
			time.Sleep(2 * time.Second)
			d.press("enter", "esc")
			d.wants()
			unsure.State = backend.Failed // lost: no reason to ask any more
			d.change(unsure)
			d.press("enter")
			d.wants(sent)
		})
	}
	with(t, atWork(), func(d *drive) { // another request than the unsure one's
		unsure := flight()[3]
		unsure.Request = draft()
		unsure.Request.Prompt += "!"
		d.change(unsure)
		d.press("enter")
		d.wants("submit uniall gpt-image-2 16:9 2048x1152 " + draft().Prompt)
	})
}
