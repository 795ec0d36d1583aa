package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"easel/backend/task"
)

func TestJournalGivesBackWhatWasWritten(t *testing.T) {
	s, dir := fresh(t)
	events := []task.Event{created("one"), event("one", task.Sending), told("one", "t1"), created("two")}
	for i, e := range events {
		must(t, s.Append(i%2 == 0, e))
	}
	want := read(t, dir, journalName)
	must(t, s.Close())
	s = again(t, dir)
	var got []task.Event
	must(t, s.Replay(func(e task.Event) { got = append(got, e) }))
	if !reflect.DeepEqual(got, events) {
		t.Errorf("%+v", got)
	}
	if is := read(t, dir, journalName); is != want {
		t.Errorf("nothing was over, but the journal was rewritten:\n%s", is)
	}
	first, _, _ := strings.Cut(want, "\n")
	var g generation
	if err := json.Unmarshal([]byte(first), &g); err != nil || g.Kind != "journal" || g.Generation == "" || g.V != 1 {
		t.Errorf("the first line is %s", first)
	}
	if !strings.Contains(want, "<cat> & a dog") {
		t.Error("people cannot grep for what they wrote")
	}
}

func TestJournalIsRewrittenWithWhatIsOpen(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Append(true, over("gone", time.Now().Add(-48*time.Hour))...))
	must(t, s.Append(true, over("stopped", time.Now().Add(-time.Hour))...)) // may be taken up again
	unfiled := over("unfiled", time.Now().Add(-48*time.Hour))[:2]
	must(t, s.Append(true, append(unfiled, created("open"), told("open", "t"))...))
	before, _, _ := strings.Cut(read(t, dir, journalName), "\n")
	must(t, s.Close())
	s = again(t, dir)
	if n := len(replay(t, s)); n != 10 {
		t.Errorf("%d events", n)
	}
	after := read(t, dir, journalName)
	for id, n := range map[string]int{"gone": 0, "stopped": 3, "unfiled": 2, "open": 2} {
		if got := strings.Count(after, `"id":"`+id+`"`); got != n {
			t.Errorf("%s has %d lines, want %d", id, got, n)
		}
	}
	if first, _, _ := strings.Cut(after, "\n"); first == before || !strings.Contains(first, generationKind) {
		t.Errorf("generation %s after %s", first, before)
	}
	must(t, s.Append(true, event("open", task.Sending)))
	if n := len(replay(t, s)); n != 8 {
		t.Errorf("%d events after the rewriting", n)
	}
}

// A torn last line is set aside, a damaged one is reported with its number and
// kept, lines of a newer version pass unharmed, and everything else loads.
func TestJournalDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	line := func(e task.Event) string { l, _ := line(e); return string(l) }
	gone := over("gone", day.Add(-72*time.Hour))
	newer := `{"v":2,"id":"open","at":{"unix":1},"kind":"dreamt","dream":["sheep"]}` + "\n"
	strange := `{"v":1,"id":"open","at":"2026-11-20T17:45:12Z","kind":"starred","more":{"a":1}}` + "\n"
	stray := line(told("nobody", "its only trace"))
	bad := `{"v":1,"id":"open","kind":"told","snapsh` + "\x00\x00\n"
	write(t, dir, journalName, line(created("open"))+bad+newer+strange+stray+line(gone[0])+
		line(gone[1])+line(gone[2])+"[]\n"+line(told("open", "t1"))+`{"v":1,"id":"open","ki`)
	s := reader(t, dir)
	open, err := s.Unfinished()
	must(t, err)
	if len(open) != 1 || open[0].Ticket != "t1" {
		t.Errorf("%+v", open)
	}
	w := again(t, dir)
	replay(t, w)
	for _, s := range []*Store{s, w} {
		problems := s.Problems()
		if len(problems) != 2 || problems[0].Line != 2 || problems[1].Line != 9 || problems[0].File != filepath.Join(dir, journalName) {
			t.Errorf("%+v", problems)
		}
	}
	after := read(t, dir, journalName)
	for _, kept := range []string{newer, strange, stray, bad, line(told("open", "t1"))} {
		if !strings.Contains(after, kept) {
			t.Errorf("lost %s", kept)
		}
	}
	if strings.Contains(after, "gone") || strings.Contains(after, `"ki`+"\n") {
		t.Errorf("%s", after)
	}
	if torn := read(t, dir, journalName+tornSuffix); torn != `{"v":1,"id":"open","ki`+"\n" {
		t.Errorf("set aside: %q", torn)
	}
}

func TestAppendNeedsToJoin(t *testing.T) {
	s := reader(t, filepath.Join(t.TempDir(), "data"))
	if err := s.Append(true, created("a")); !errors.Is(err, errAlone) {
		t.Error(err)
	}
	if err := s.Finish(task.Record{ID: "a"}); !errors.Is(err, errAlone) {
		t.Error(err)
	}
}

// Lines that are written at the same time are all there, whole, and in the
// order of each writer.
func TestAppendTogether(t *testing.T) {
	s, dir := fresh(t)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 50 {
				id := fmt.Sprintf("w%d-%02d", w, i)
				if err := s.Append(i%3 == 0, created(id), event(id, task.Sending)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]int{}
	must(t, reader(t, dir).Replay(func(e task.Event) {
		w, i := e.ID[:2], seen[e.ID[:2]]
		if e.ID != fmt.Sprintf("%s-%02d", w, i/2) || (e.Kind == task.Created) != (i%2 == 0) {
			t.Errorf("%s %s as number %d", e.ID, e.Kind, i)
		}
		seen[w]++
	}))
	if len(seen) != 8 || seen["w0"] != 100 {
		t.Errorf("%v", seen)
	}
}

// What cannot be written wholly is taken back: the file stays whole lines, and
// the next append works.
func TestAppendThatFails(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Append(true, created("a")))
	before := read(t, dir, journalName)
	l := s.journal
	good := l.f
	var err error
	l.f, err = os.Open(filepath.Join(dir, journalName)) // cannot be written to
	must(t, err)
	if err := s.Append(true, created("b")); err == nil {
		t.Error("written to a read-only file")
	}
	good.WriteAt(bytes.Repeat([]byte("half a line "), 100), l.read)
	l.f.Close()
	l.f = good
	must(t, s.Append(true, created("c")))
	after := read(t, dir, journalName)
	want, _ := line(created("c"))
	if after != before+string(want) {
		t.Errorf("%s", after)
	}
}

func TestEventsThatJSONCannotSay(t *testing.T) {
	s, _ := fresh(t)
	e := told("a", "t")
	e.Snapshot.Usage = json.RawMessage("{")
	if err := s.Append(true, created("a"), e); err == nil {
		t.Error("written")
	}
	if n := len(replay(t, s)); n != 0 {
		t.Errorf("%d events of an append that failed", n)
	}
}

// FuzzJournal holds, for any bytes in the journal: nothing panics, what can be
// read is read, a start keeps every line that it does not understand, and after
// it the journal is whole.
func FuzzJournal(f *testing.F) {
	one, _ := line(created("one"))
	f.Add([]byte("x\n"), false)
	f.Add([]byte(`{"v":1,"id":"one","kind":"told","snapshot":null}`+"\n{\n"), true)
	f.Add([]byte(`{"v":9,"id":7}`+"\n"+`{"v":1,"kind":"filed","id":"one"}`), true)
	f.Add([]byte("\n\n\x00\n"+`{"v":1,"kind":"journal"}`), false)
	f.Fuzz(func(t *testing.T, data []byte, behind bool) {
		dir := filepath.Join(t.TempDir(), "data")
		all := append(bytes.Clone(one), data...)
		if behind {
			all = append(append(bytes.Clone(data), '\n'), one...)
		}
		write(t, dir, journalName, string(all))
		s := again(t, dir)
		tasks := map[string]task.Task{}
		must(t, s.Replay(func(e task.Event) { tasks[e.ID] = tasks[e.ID].Apply(e) }))
		if _, ok := tasks["one"]; !ok {
			t.Fatal("a whole line was not read")
		}
		if _, err := s.Unfinished(); err != nil {
			t.Fatal(err)
		}
		after := read(t, dir, journalName)
		if after[len(after)-1] != '\n' && after != string(all) {
			t.Fatalf("%q", after)
		}
		for l := range strings.Lines(string(all)) {
			var e task.Event
			if strings.HasSuffix(l, "\n") && readEvent([]byte(l), &e) != nil && !strings.Contains(after, l) {
				t.Fatalf("lost %q", l)
			}
		}
		must(t, s.Append(true, event("one", task.Sending)))
		last := task.Event{}
		must(t, s.Replay(func(e task.Event) { last = e }))
		if last.Kind != task.Sending {
			t.Fatalf("what was appended is not there: %+v", last)
		}
	})
}
