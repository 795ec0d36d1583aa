package history

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"easel/backend"
	"easel/backend/task"
)

func starred(v bool) Mark        { return Mark{Starred: &v} }
func tagged(tags ...string) Mark { return Mark{Tags: &tags} }

func TestMark(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Finish(record("task-1", 1)))
	must(t, s.Finish(record("task-2", 1)))
	before := read(t, dir, historyName)
	must(t, s.Mark(starred(true), "task-1", "task-2", "task-1"))
	must(t, s.Mark(tagged(" dogs ", "Dogs", "", "of\x1b[2J the\nyear"), "task-2"))
	must(t, s.Mark(starred(false), "task-1"))
	must(t, s.Mark(Mark{}, "task-1"))
	must(t, s.Mark(tagged("none")))
	after := read(t, dir, historyName)
	if !strings.HasPrefix(after, before) || strings.Count(after, "\n") != 6 {
		t.Errorf("%s", after)
	}
	for _, l := range strings.Split(strings.TrimSpace(after[len(before):]), "\n") {
		var c struct {
			V       int
			ID, At  string
			Set     map[string]any
			Starred *bool
		}
		if err := json.Unmarshal([]byte(l), &c); err != nil || c.V != 1 || c.ID == "" || c.At == "" || len(c.Set) != 1 {
			t.Errorf("%s", l)
		}
	}
	for range 2 { // as it was seen live, and as it is read
		x := looked(t, s)
		e, _ := x.Get("task-2")
		if !e.Starred || !slices.Equal(e.Tags, []string{"dogs", "of the year"}) {
			t.Errorf("%+v", e)
		}
		if e, _ := x.Get("task-1"); e.Starred {
			t.Errorf("%+v", e)
		}
		r, err := s.Entry(e)
		if err != nil || !r.Starred || !slices.Equal(r.Tags, []string{"dogs", "of the year"}) || r.Prompt != "prompt of task-2" {
			t.Errorf("%+v, %v", r, err)
		}
		if recent, _ := s.Recent(1); !recent[0].Starred {
			t.Error("Recent does not know the star")
		}
		must(t, s.Close())
		s = again(t, dir)
	}
}

// Entry reads what holds: the last record, with the changes after it, and with
// the marks from before.
func TestEntryFolds(t *testing.T) {
	s, dir := fresh(t)
	write(t, dir, historyName, `{"v":1,"id":"a","at":"2026-11-20T00:00:00Z","set":{"starred":true,"prompt":"early"}}
{"v":1,"id":"a","state":"canceled","prompt":"one","urls":["u"]}
{"v":1,"id":"a","set":{"tags":["x"],"prompt":"two","mood":{"new":1}}}
{"v":1,"id":"a","state":"done","prompt":"three"}
{"v":1,"id":"a","set":{"id":"b","prompt":"no"}}
{"v":1,"id":"a","set":{"ratio":"1:1"}}
`)
	e, ok := looked(t, s).Get("a")
	if !ok || e.Prompt != "three" || e.State != "done" || !e.Starred || len(e.Tags) != 1 || e.Ratio != "1:1" {
		t.Errorf("%+v", e)
	}
	r, err := s.Entry(e)
	if err != nil || r.Prompt != "three" || r.State != "done" || !r.Starred || len(r.Tags) != 1 || r.Ratio != "1:1" || r.URLs != nil {
		t.Errorf("%+v, %v", r, err)
	}
	// The file became another one: what the index knows of places is of no use.
	write(t, dir, historyName, "\n\n"+`{"v":1,"id":"a","state":"done","prompt":"four"}`+"\n")
	if r, err := s.Entry(e); err != nil || r.Prompt != "four" {
		t.Errorf("%+v, %v", r, err)
	}
	write(t, dir, historyName, "\n")
	if r, err := s.Entry(e); err == nil {
		t.Errorf("%+v", r)
	}
}

// A task that is taken up again after it was marked keeps its marks, for who
// reads from the end too.
func TestMarksOutliveAnotherRecord(t *testing.T) {
	s, _ := fresh(t)
	r := record("task-1", 1)
	must(t, s.Finish(r))
	must(t, s.Finish(record("task-2", 1)))
	must(t, s.Mark(starred(true), "task-1"))
	must(t, s.Mark(tagged("dogs"), "task-1"))
	r.Prompt, r.Written = "better", true
	must(t, s.Finish(r))
	other := record("task-2", 2)
	other.Written = true
	must(t, s.Finish(other))
	recent, err := s.Recent(2)
	if err != nil || recent[1].Prompt != "better" || !recent[1].Starred || !slices.Equal(recent[1].Tags, []string{"dogs"}) || recent[0].Starred {
		t.Errorf("%+v, %v", recent, err)
	}
	e, _ := looked(t, s).Get("task-1")
	if got, err := s.Entry(e); err != nil || !got.Starred || !e.Starred || got.Prompt != "better" {
		t.Errorf("%+v, %+v, %v", e, got, err)
	}
}

// Whatever lines come in whatever order, the index says of an entry what its
// record says, whether the file was there at once or grew.
func TestIndexSaysWhatTheRecordSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for range 30 {
		s, dir := fresh(t)
		live, grows := fresh(t)
		write(t, grows, historyName, "")
		looked(t, live)
		var all strings.Builder
		for range 60 {
			id := fmt.Sprintf("task-%d", rng.IntN(6))
			var v any
			switch rng.IntN(6) {
			case 0, 1:
				r := record(id, 1)
				r.Prompt = fmt.Sprint("Prompt ", rng.IntN(100))
				r.State = []backend.State{backend.Done, backend.Failed, backend.Canceled}[rng.IntN(3)]
				for range rng.IntN(3) {
					r.Files = append(r.Files, task.File{Path: fmt.Sprintf("/p/%d.png", rng.IntN(100)), Width: rng.IntN(100)})
				}
				v = r
			case 2:
				v = change{V: 1, ID: id, Set: Mark{Starred: new(rng.IntN(2) == 0)}}
			case 3:
				v = change{V: 1, ID: id, Set: map[string]any{"tags": []string{fmt.Sprint("t", rng.IntN(3))}, "mood": "new"}}
			case 4:
				v = change{V: 1, ID: id, Set: placed{rng.IntN(2) == 0, []task.File{{Path: "/p/.trash/a.png"}}, []string{"/p/a.png"}}}
			case 5:
				v = change{V: 1, ID: id, Set: map[string]any{"prompt": fmt.Sprint("Other ", rng.IntN(100)), "gone": rng.IntN(2) == 0}}
			}
			l, err := line(v)
			must(t, err)
			all.Write(l)
			appendTo(t, live.path(historyName), string(l))
			if rng.IntN(4) == 0 {
				looked(t, live)
			}
		}
		write(t, dir, historyName, all.String())
		x, y := looked(t, s), looked(t, live)
		if x.Len() != y.Len() || x.Len() == 0 {
			t.Fatal(x.Len(), y.Len())
		}
		for i := range 6 {
			e, ok := x.Get(fmt.Sprintf("task-%d", i))
			if !ok {
				continue
			}
			if grown, _ := y.Get(e.ID); !reflect.DeepEqual(e, grown) {
				t.Errorf("at once %+v, grown %+v\n%s", e, grown, all.String())
			}
			r, err := s.Entry(e)
			path, width := "", 0
			if len(r.Files) > 0 {
				path, width = r.Files[0].Path, r.Files[0].Width
			}
			if err != nil || r.Prompt != e.Prompt || r.State != e.State || r.Starred != e.Starred || r.Trashed != e.Trashed || r.Gone != e.Gone ||
				!slices.Equal(r.Tags, e.Tags) || len(r.Files) != e.Files || path != e.Path || width != e.Width {
				t.Errorf("%v\nindex  %+v\nrecord %+v\n%s", err, e, r, all.String())
			}
		}
	}
}
