package ui

import (
	"slices"
	"strconv"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/parts/tasklist"
)

// stays is how long a message is not taken away by a key.
const stays = 3 * time.Second

// say shows a message and keeps it.
func (m *model) say(level ask.Level, text string) {
	m.log.Add(m.clock(), level, text)
	m.shown = true
	if m.cfg.Log != nil && level == ask.Bad {
		m.cfg.Log.Warn("said", "text", backend.Clean(text))
	}
}

// hush takes the message away when the person goes on and has had the time to
// read it. No timer does: it would write while nothing happens.
func (m *model) hush(now time.Time) {
	if last, ok := m.log.Last(); ok && now.Sub(last.At) > stays {
		m.shown = false
	}
}

// told says how a task ended.
func (m *model) told(t task.Task) (ask.Level, string) {
	say, name := m.env.Words.Say, short(tasklist.Title(t), 40)
	if t.State == backend.Done {
		n := 0
		for _, f := range t.Files {
			if f.Path != "" {
				n++
			}
		}
		if i := slices.IndexFunc(t.Files, task.File.Vast); i >= 0 {
			return ask.Warn, say("studio.say.vast", t.Files[i].Width, t.Files[i].Height, name)
		}
		return ask.Good, say("studio.say.saved", n, name)
	}
	e := t.Error
	if e == nil {
		e = &backend.Error{}
	}
	return ask.Bad, say("studio.say.failed", t.Request.Provider, m.env.Words.Error(e), name)
}

// notice is what a notification says of tasks that ended.
func (m *model) notice(tasks []task.Task) string {
	if len(tasks) == 1 {
		_, text := m.told(tasks[0])
		return text
	}
	done := 0
	for _, t := range tasks {
		if t.State == backend.Done {
			done++
		}
	}
	return m.env.Words.Say("studio.say.ended", strconv.Itoa(len(tasks)), strconv.Itoa(done))
}

func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
