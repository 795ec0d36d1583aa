package history

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// record gives a record that took some seconds.
func record(id string, took int) task.Record {
	return task.Record{V: 1, ID: id, State: backend.Done, Provider: "p", Model: "m", Prompt: "prompt of " + id,
		Created: day, Sent: day, Ready: day.Add(time.Duration(took) * time.Second), Finished: day}
}

func ids(records []task.Record) string {
	var out []string
	for _, r := range records {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func TestRecent(t *testing.T) {
	s, _ := fresh(t)
	for i := range 5 {
		must(t, s.Finish(record(fmt.Sprintf("task-%d", i), 1)))
	}
	for n, want := range map[int]string{0: "", 1: "task-4", 3: "task-4 task-3 task-2", 9: "task-4 task-3 task-2 task-1 task-0"} {
		got, err := s.Recent(n)
		must(t, err)
		if ids(got) != want {
			t.Errorf("%d: %s", n, ids(got))
		}
	}
	if got, _ := s.Recent(1); got[0].Prompt != "prompt of task-4" || !got[0].Created.Equal(day) {
		t.Errorf("%+v", got[0])
	}
}

// Later lines of a task count; changes are laid over it; what is not known
// stays in the file.
func TestFold(t *testing.T) {
	s, dir := fresh(t)
	stopped := record("task-1", 1)
	stopped.State, stopped.URLs = backend.Canceled, []string{"https://a.example/1"}
	must(t, s.Finish(stopped))
	must(t, s.Finish(record("task-2", 1)))
	must(t, s.Finish(record("task-1", 2)))
	must(t, s.Finish(record("task-1", 2))) // a crash wrote it twice
	s.Close()
	changes := `{"v":1,"id":"task-2","at":"2026-11-21T00:00:00Z","set":{"starred":true,"prompt":"first"}}
{"v":1,"id":"task-2","at":"2026-11-21T00:00:01Z","set":{"prompt":"second"}}
{"v":1,"id":"nobody","at":"2026-11-21T00:00:01Z","set":{"starred":true}}
{"v":1,"id":"task-1","at":"2026-11-21T00:00:01Z","set":{"id":"task-2"}}
`
	before := read(t, dir, historyName)
	write(t, dir, historyName, before+changes)
	s = again(t, dir)
	got, err := s.Recent(10)
	must(t, err)
	if ids(got) != "task-1 task-2" || got[0].State != backend.Done || got[0].URLs != nil || got[1].Prompt != "second" {
		t.Errorf("%+v", got)
	}
	must(t, s.Finish(record("task-3", 1)))
	if after := read(t, dir, historyName); !strings.HasPrefix(after, before+changes) {
		t.Error("lines were changed")
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

func TestHistoryDamage(t *testing.T) {
	s, dir := fresh(t)
	for i := range 3 {
		must(t, s.Finish(record(fmt.Sprintf("task-%d", i), 1)))
	}
	must(t, s.Close())
	lines := strings.SplitAfter(read(t, dir, historyName), "\n")
	newer := `{"v":2,"id":{"new":"form"},"state":7}` + "\n"
	torn := `{"v":1,"id":"task-9","sta`
	write(t, dir, historyName, lines[0]+"\x00\x00\n"+newer+lines[1]+"{}\n\n"+lines[2]+torn)
	r := reader(t, dir)
	got, err := r.Recent(10)
	must(t, err)
	if ids(got) != "task-2 task-1 task-0" {
		t.Errorf("%s", ids(got))
	}
	if p := r.Problems(); len(p) != 2 || p[0].Line != 2 || p[1].Line != 5 {
		t.Errorf("%+v", p)
	}
	// Reading twice reports once.
	r.Recent(10)
	if p := r.Problems(); len(p) != 2 {
		t.Errorf("%+v", p)
	}
	s = again(t, dir)
	must(t, s.Finish(record("task-3", 1)))
	after := read(t, dir, historyName)
	if !strings.Contains(after, "\x00\x00\n") || !strings.Contains(after, newer) || strings.Contains(after, torn) {
		t.Errorf("%q", after)
	}
	if aside := read(t, dir, historyName+tornSuffix); aside != torn+"\n" {
		t.Errorf("set aside: %q", aside)
	}
	if got, _ := s.Recent(1); ids(got) != "task-3" {
		t.Errorf("%s", ids(got))
	}
}

// A last line that lacks nothing but its end is no torn one.
func TestLastLineWithoutEnd(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Finish(record("task-1", 1)))
	must(t, s.Close())
	write(t, dir, historyName, strings.TrimSuffix(read(t, dir, historyName), "\n"))
	if got, _ := reader(t, dir).Recent(5); ids(got) != "task-1" {
		t.Errorf("%s", ids(got))
	}
	s = again(t, dir)
	must(t, s.Finish(record("task-2", 1)))
	if got, _ := s.Recent(5); ids(got) != "task-2 task-1" {
		t.Errorf("%s", ids(got))
	}
}

func TestFind(t *testing.T) {
	s, _ := fresh(t)
	for _, id := range []string{"aaaa-1-k3f9x2", "aaaa-2-k3f9x2", "aaaa-3-77f9x2"} {
		r := record(id, 1)
		r.Prompt = "about aaaa-1-k3f9x2 and 77f9x2"
		must(t, s.Finish(r))
	}
	for id, want := range map[string]string{
		"aaaa-1-k3f9x2": "aaaa-1-k3f9x2", "77f9x2": "aaaa-3-77f9x2", " 77F9X2": "aaaa-3-77f9x2", "-77f9x2": "aaaa-3-77f9x2",
		"k3f9x2": "", "9x2": "", "": "", "about": "",
	} {
		got, err := s.Find(id)
		if got.ID != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", id, got.ID, err)
		}
	}
	if _, err := s.Find("k3f9x2"); errors.Is(err, ErrNone) {
		t.Error("two that fit are not none")
	}
}

func TestSearch(t *testing.T) {
	s, _ := fresh(t)
	for i, prompt := range []string{"a Border Collie", `say "hi" <b> \ slash`, "ein Äpfelchen in Öl", "一只边境牧羊犬", "two\nlines"} {
		r := record(fmt.Sprintf("task-%d", i), 1)
		r.Prompt, r.Model = prompt, "gpt-image-2"
		if i == 4 {
			r.State, r.Provider = backend.Failed, "uniall"
		}
		must(t, s.Finish(r))
	}
	must(t, s.Mark(Mark{Tags: &[]string{"Shop", "spring"}}, "task-0"))
	must(t, s.Mark(starred(true), "task-1", "task-3"))
	for query, want := range map[string]string{
		"shop": "task-0", "tag:spring": "task-0", "is:starred": "task-3 task-1", "-is:starred model:gpt": "task-4 task-2 task-0",
		"state:failed": "task-4", `"border collie"`: "task-0", `"collie border"`: "", "brdr": "", "a -border": "task-4 task-3 task-2 task-1",
		"before:2026-11-20": "", "since:2026-11-20 hi": "task-1", "id:ask-3": "task-3", `"two lines"`: "task-4",
		"": "task-4 task-3 task-2 task-1 task-0", "collie": "task-0", "COLLIE border": "task-0", "collie cat": "",
		`"hi"`: "task-1", "<b>": "task-1", `\`: "task-1", "äpfel öl": "task-2", "ÄPFEL": "task-2", "边境": "task-3", "lines": "task-4",
		"gpt-image": "task-4 task-3 task-2 task-1 task-0", "failed": "task-4", "uniall": "task-4", "task-2": "task-2",
		"options": "", "null": "",
	} {
		got, err := s.Search(context.Background(), query, 0)
		must(t, err)
		if ids(got) != want {
			t.Errorf("%q: %s, want %s", query, ids(got), want)
		}
	}
	if got, _ := s.Search(context.Background(), "gpt-image", 2); ids(got) != "task-4 task-3" {
		t.Errorf("limit: %s", ids(got))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Search(ctx, "x", 0); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestPrompts(t *testing.T) {
	s, _ := fresh(t)
	for i, p := range []string{"one", "two", "one", "three", "two"} {
		r := record(fmt.Sprintf("task-%d", i), 1)
		r.Prompt = p
		must(t, s.Finish(r))
	}
	e := created("open")
	e.Request.Prompt = "open"
	must(t, s.Append(true, e))
	for limit, want := range map[int]string{10: "open two three one", 2: "open two", 0: ""} {
		got, err := s.Prompts(context.Background(), limit)
		must(t, err)
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v", limit, got)
		}
	}
}

func TestUsual(t *testing.T) {
	s, dir := fresh(t)
	for _, took := range []int{50, 10, 30, 7200, -5} { // the last two say nothing
		must(t, s.Finish(record(fmt.Sprint("task", took), took)))
	}
	failed := record("failed", 1)
	failed.State = backend.Failed
	must(t, s.Finish(failed))
	if d := s.Usual("p", "m"); d != 30*time.Second {
		t.Errorf("%v", d)
	}
	if d := s.Usual("p", "other"); d != 0 {
		t.Errorf("%v", d)
	}
	must(t, s.Close())
	s = again(t, dir)
	if d := s.Usual("p", "m"); d != 30*time.Second {
		t.Errorf("after a restart: %v", d)
	}
	for i := range 130 { // the model became quicker
		must(t, s.Finish(record("quick", map[bool]int{true: 50, false: 4}[i < 70])))
	}
	if d := s.Usual("p", "m"); d != 4*time.Second {
		t.Errorf("later: %v", d)
	}
}

// Lines longer than what is read at once, and pieces that end anywhere.
func TestBackward(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines")
	for _, lengths := range [][]int{{}, {0}, {5}, {0, 0, 3}, {firstPiece - 1}, {firstPiece}, {firstPiece + 1},
		{10, firstPiece * 3, 20, laterPiece * 3, 0, 7}, {laterPiece, laterPiece - 1, laterPiece + 1, firstPiece}} {
		for _, ended := range []bool{true, false} {
			var want []string
			for i, n := range lengths {
				want = append(want, strings.Repeat(string(rune('a'+i)), n))
			}
			text := strings.Join(want, "\n")
			if ended && len(lengths) > 0 {
				text += "\n"
			}
			must(t, os.WriteFile(path, []byte(text), 0o600))
			f, err := os.Open(path)
			must(t, err)
			var got []string
			for b := newBackward(f, int64(len(text))); ; {
				raw, at, err := b.next()
				if err != nil {
					break
				}
				if at < 0 || !strings.HasPrefix(text[at:], string(raw)) {
					t.Fatalf("%v: a line at %d", lengths, at)
				}
				got = append(got, string(raw))
			}
			f.Close()
			slices.Reverse(got)
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%v, ended %v: %d lines", lengths, ended, len(got))
			}
		}
	}
}

// FuzzHistory holds, for any bytes in the history: nothing panics, whole
// records are found by search and by id, and a start changes only a torn end.
func FuzzHistory(f *testing.F) {
	one, _ := line(record("the-one", 3))
	f.Add([]byte("x\n"), []byte("y"), "prompt")
	f.Add([]byte(`{"v":1,"id":"the-one","set":{"prompt":7}}`+"\n"), []byte("\n\n"), "the")
	f.Add([]byte("{}\n"), []byte(`{"v":1,"id":"the-one","set":null,"state":"done"}`), `"`)
	f.Fuzz(func(t *testing.T, front, behind []byte, query string) {
		dir := filepath.Join(t.TempDir(), "data")
		text := string(front) + "\n" + string(one) + string(behind)
		write(t, dir, historyName, text)
		s := again(t, dir)
		all, err := s.Recent(1 << 20)
		must(t, err)
		if !slices.ContainsFunc(all, func(r task.Record) bool { return r.ID == "the-one" }) {
			t.Fatal("a whole record was not read")
		}
		if _, err := s.Search(context.Background(), query, 3); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prompts(context.Background(), 3); err != nil {
			t.Fatal(err)
		}
		s.Usual("p", "m")
		must(t, s.Finish(record("another", 1)))
		after := read(t, dir, historyName)
		if whole := text[:strings.LastIndexByte(text, '\n')+1]; !strings.HasPrefix(after, whole) {
			t.Fatal("lines were changed")
		}
		if got, err := s.Recent(1); err != nil || ids(got) != "another" {
			t.Fatalf("%s, %v", ids(got), err)
		}
	})
}

// What was noticed late did not take as long; what nobody asked about for long
// says nothing.
func TestTook(t *testing.T) {
	sent := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ working, ready, after, by time.Duration }{
		"in one answer":            {-time.Hour, 40 * time.Second, 40 * time.Second, 40 * time.Second},
		"seen at work before":      {36 * time.Second, 40 * time.Second, 36 * time.Second, 40 * time.Second},
		"ready at the first poll":  {time.Second, 70 * time.Second, time.Second, 70 * time.Second},
		"easel was away":           {time.Second, 10 * time.Minute, 0, 0},
		"longer than what is late": {29 * time.Minute, 31 * time.Minute, 0, 0},
	} {
		r := task.Record{State: backend.Done, Sent: sent, Working: sent.Add(c.working), Ready: sent.Add(c.ready)}
		if got, ok := took(r); got != (task.Span{After: c.after, By: c.by}) || ok != (c.by > 0) {
			t.Errorf("%s: %v, want %v to %v", name, got, c.after, c.by)
		}
	}
}

// The provider became three times as quick or as slow over night: how long it
// takes now is learned from what is noticed, though nothing is noticed before it
// is asked about.
func TestTakesFollowsTheProvider(t *testing.T) {
	for _, now := range []time.Duration{30 * time.Second, 270 * time.Second} {
		s, _ := fresh(t)
		p := task.Pace{Provider: backend.Pace{First: 3 * time.Second, Every: 3 * time.Second, Max: 8 * time.Second}}
		asks := func(takes time.Duration) (late time.Duration, polls int) {
			p.Takes = s.Takes("p", "m")
			x := task.Task{ID: "x", Ticket: "t", State: backend.Running, Sent: day, Accepted: day, Asked: day, Working: day}
			for {
				at, _ := x.PollAt(p)
				polls++
				if at.Sub(day) >= takes {
					s.mu.Lock()
					s.sample(task.Record{State: backend.Done, Provider: "p", Model: "m", Sent: day, Working: x.Working, Ready: at}, true)
					s.mu.Unlock()
					return at.Sub(day) - takes, polls
				}
				x.Asked, x.Working = at, at
			}
		}
		dice := rand.New(rand.NewPCG(11, 11))
		draw := func(median time.Duration) time.Duration {
			return time.Duration(float64(median) * math.Exp(0.25*dice.NormFloat64()))
		}
		for range 60 {
			asks(draw(90 * time.Second))
		}
		var first, last time.Duration
		polls := 0
		for n := range 40 {
			late, asked := asks(draw(now))
			switch {
			case n < 5:
				first += late / 5
			case n >= 30:
				last += late / 10
				polls += asked
			}
		}
		t.Logf("90s became %v: %v late on average at first, %v after 30 tasks, with %d polls for 10 tasks", now, first, last, polls)
		if last > 4*time.Second || polls > 10*int(now/(3*time.Second)) {
			t.Errorf("90s became %v: still %v late, %d polls for 10 tasks", now, last, polls)
		}
	}
}
