package messages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"easel/ui/ask"
	"easel/ui/parts/messages"
	"easel/ui/parts/partstest"
)

func TestLogKeepsTheLast(t *testing.T) {
	var l messages.Log
	if _, ok := l.Last(); ok {
		t.Error("an empty log has no last message")
	}
	for i := range messages.Kept + 7 {
		l.Add(partstest.Now, ask.Info, fmt.Sprint(i))
	}
	if got := l.Entries(); len(got) != messages.Kept || got[0].Text != "7" {
		t.Errorf("%d entries, the first is %q", len(got), got[0].Text)
	}
	l.Add(partstest.Now, ask.Bad, "two\nlines \x1b[2J and\ta tab")
	if e, _ := l.Last(); e.Text != "two lines and a tab" || e.Level != ask.Bad {
		t.Errorf("%+v", e)
	}
}

func TestMessages(t *testing.T) {
	l := &messages.Log{}
	d := partstest.Open(t, partstest.Env(t, "en", 80, 24), messages.New(l))
	if !d.Has("Nothing was said yet.") {
		t.Error(d.Text())
	}
	for i := range 60 {
		l.Add(partstest.Now.Add(time.Duration(i)*time.Second), ask.Level(i%4), fmt.Sprintf("message %02d", i))
	}
	d.Send(nil)
	if !d.Has("17:46:11  ✗ message 59") || d.Has("message 10") {
		t.Errorf("it begins at the end:\n%s", d.Text())
	}
	// What is said meanwhile shows, as long as the person is at the end.
	l.Add(partstest.Now, ask.Good, "just now")
	if !d.Has("✓ just now") {
		t.Error(d.Text())
	}
	d.Press("g")
	if !d.Has("17:45:12  · message 00") {
		t.Error(d.Text())
	}
	l.Add(partstest.Now, ask.Warn, "while reading")
	if !d.Has("message 00") || d.Has("while reading") {
		t.Errorf("who reads is not moved:\n%s", d.Text())
	}
	d.Press("y")
	got, ok := d.Last().(ask.Copy)
	if !ok || !strings.HasPrefix(got.Text, "2026-11-20 17:45:12 message 00\n") || !strings.HasSuffix(got.Text, "while reading\n") {
		t.Errorf("copied %q", got.Text)
	}
	d.Press("esc")
	if !d.Done {
		t.Error("esc closes")
	}
}

func TestLongMessagesWrap(t *testing.T) {
	l := &messages.Log{}
	l.Add(partstest.Now, ask.Bad, strings.Repeat("a long message ", 10)+"the end")
	for _, w := range []int{40, 60, 120} {
		d := partstest.Open(t, partstest.Env(t, "en", w, 30), messages.New(l))
		if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(d.Text(), "│", " ")), " "), "the end") || !d.Has("✗ a long message") {
			t.Errorf("%d cells:\n%s", w, d.Text())
		}
	}
}
