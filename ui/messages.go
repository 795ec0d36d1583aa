package ui

import (
	"strconv"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/parts/tasklist"
)

// Message is one line that was said to the person.
type Message struct {
	At    time.Time
	Level ask.Level
	Text  string
}

const (
	info = ask.Info
	good = ask.Good
	warn = ask.Warn
	bad  = ask.Bad
)

// kept is how many messages the log keeps, and stays how long a message is not
// taken away by a key.
const (
	kept  = 500
	stays = 3 * time.Second
)

// say shows a message and keeps it.
func (m *model) say(msg Message) {
	msg.At, msg.Text = m.clock(), backend.Clean(msg.Text)
	if len(m.log) >= kept {
		m.log = append(m.log[:0], m.log[len(m.log)-kept+1:]...)
	}
	m.log = append(m.log, msg)
	m.shown = true
	if m.cfg.Log != nil && msg.Level == bad {
		m.cfg.Log.Warn("said", "text", msg.Text)
	}
}

// hush takes the message away when the person goes on and has had the time to
// read it. No timer does: it would write while nothing happens.
func (m *model) hush(now time.Time) {
	if m.shown && now.Sub(m.log[len(m.log)-1].At) > stays {
		m.shown = false
	}
}

// told says how a task ended.
func (m *model) told(t task.Task) Message {
	say, name := m.env.Words.Say, short(tasklist.Title(t), 40)
	if t.State == backend.Done {
		n := 0
		for _, f := range t.Files {
			if f.Path != "" {
				n++
			}
		}
		return Message{Level: good, Text: say("studio.say.saved", n, name)}
	}
	e := t.Error
	if e == nil {
		e = &backend.Error{}
	}
	return Message{Level: bad, Text: say("studio.say.failed", t.Request.Provider, m.env.Words.Error(e), name)}
}

// notice is what a notification says of tasks that ended.
func (m *model) notice(tasks []task.Task) string {
	if len(tasks) == 1 {
		return m.told(tasks[0]).Text
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
