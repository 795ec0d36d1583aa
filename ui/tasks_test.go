package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
)

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
			r := d.m.studio.Request()
			same(t, "loaded", r.Provider+" "+r.Prompt, "grsai a border collie selling leashes on a live stream, ring light")
			d.type_("!")
			same(t, "the focus", strings.HasSuffix(d.m.studio.Request().Prompt, "light!"), true)
		}},
		{"r", "leashes", func(t *testing.T, d *drive) {
			d.wants("submit grsai gpt-image-2 16:9 2048x1152 a border collie selling leashes on a live stream, ring light")
			same(t, "the prompt stays", d.m.studio.Request().Prompt, draft().Prompt)
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

// A picture that claims to be vast is saved, and the person is warned.
func TestVastPicture(t *testing.T) {
	with(t, atWork(), func(d *drive) {
		r := flight()[1]
		r.Asked = time.Now().Add(time.Second)
		d.change(r)
		r.State, r.ReadyAt, r.Finished = backend.Done, time.Now(), time.Now()
		r.Files = []task.File{{Path: "/x.png", Width: 60_000, Height: 60_000, Format: "png"}}
		d.change(r)
		d.sees("! Saved, but it claims 60000x60000 pixels")
	})
}

func TestTaskThatWaitsForAPersonSaysSo(t *testing.T) {
	with(t, setup{work: true, notify: "bell"}, func(d *drive) {
		d.send(tea.BlurMsg{})
		r := flight()[1]
		r.Held, r.Trouble = true, &backend.Error{Op: backend.OpPoll, Kind: backend.Unauthorized, HTTP: 401}
		d.change(r)
		d.sees("! grsai: the key was rejected", "u asks again")
		same(t, "the bell", d.raw(), "\a")
		q := flight()[0]
		q.State, q.Ticket = backend.Unsure, ""
		d.change(q)
		d.sees("! uniall did not answer: it may have accepted the task")
		d.change(q) // said once
		same(t, "the bell", d.raw(), "\a\a")
	})
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
