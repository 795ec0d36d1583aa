package task

import (
	"encoding/json"
	"testing"
	"time"

	"easel/backend"
)

// kinds are all kinds of events and one that nobody knows.
var kinds = []EventKind{Created, Taken, Sending, Told, Unsent, Refused, Doubtful, Ended, Disowned, Saved, Unsavable,
	Adopted, Again, Lost, Stopped, Resumed, Filed, Missed, Absent, Held, Asking, Looked, Unsaved, Rested, Retried, "starred"}

// chance makes an event of two bytes: the kind, and which parts it has.
func chance(kind, parts byte, at time.Time) Event {
	e := Event{V: 1, ID: "id-of-the-task", At: at, Kind: kinds[int(kind)%len(kinds)], Index: int(parts>>5) - 1}
	err := &backend.Error{Kind: backend.Kinds[int(parts)%len(backend.Kinds)], Message: "why", After: time.Duration(parts) * time.Second}
	if parts&1 != 0 {
		e.Error = err
	}
	if parts&2 != 0 {
		s := backend.Snapshot{State: []backend.State{backend.Queued, backend.Running, backend.Ready, backend.Failed}[parts>>3&3], Progress: -1}
		if parts&4 != 0 {
			s.Ticket = "ticket-" + string('a'+rune(parts>>5&1))
		}
		for i := range int(parts >> 6) {
			image := backend.Image{URL: "u"}
			if i == 1 {
				image = backend.Image{Data: []byte("bytes")}
			}
			s.Images = append(s.Images, image)
		}
		e.Snapshot = &s
	}
	if parts&8 != 0 {
		e.File, e.Ticket = &File{Path: "/a"}, "adopted"
	}
	if parts&16 != 0 {
		e.Request = &backend.Request{Provider: "p", Model: "m"}
	}
	return e
}

// crash is the byte for a process that ends at once, and a start afterwards.
const crash = 255

// restarted gives the task as a start finds it after a crash, and what the
// journal says then.
func restarted(t *testing.T, before, written Task, at time.Time) (task, replayed Task) {
	task = written
	if e, ok := written.left(at); ok {
		task = written.Apply(through(t, e))
	}
	if task.Ticket != before.Ticket || task.Sends != before.Sends || task.CanSend() && !before.CanSend() {
		t.Fatalf("after a crash: ticket %q for %q, %d submits of %d", task.Ticket, before.Ticket, task.Sends, before.Sends)
	}
	if (task.State == backend.Unsure) != (before.State == backend.Unsure || before.State == backend.Pending && before.InDoubt) {
		t.Fatalf("after a crash: %s became %s", before.State, task.State)
	}
	return task, task
}

// FuzzApply holds, for any order of any events: no ticket of the provider's is
// lost, nothing is submitted twice without a person's word, what is saved stays
// saved, what is written is what is read, and Next always has an answer.
func FuzzApply(f *testing.F) {
	f.Add([]byte{0, 16, 2, 0, 3, 6, 3, 0x52, 9, 8})
	f.Add([]byte{0, 16, 2, 0, 6, 1, 12, 0, 2, 0})
	f.Add([]byte{0, 16, 2, 0, 14, 1, 15, 0, 6, 1, 2, 0, 3, 6})
	f.Add([]byte{0, 16, 2, 0, 6, 1, 11, 8, 8, 1, 3, 6})
	f.Add([]byte{0, 16, 2, 0, crash, 0, 2, 0, 12, 0, 2, 0, 3, 6, crash, 0, 3, 0x52, crash, 0, 9, 8})
	f.Add([]byte{0, 16, 2, 0, 4, 1, crash, 0, 2, 0, 14, 1, crash, 0, 15, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		task, replayed := Task{}, Task{}
		may := true // a submit may begin
		for i := 0; i+1 < len(script) && i < 200; i += 2 {
			at := day.Add(time.Duration(i) * time.Second)
			before := task
			if script[i] == crash {
				task, replayed = restarted(t, before, replayed, at)
				holdFiles(t, before, task)
				continue
			}
			e := chance(script[i], script[i+1], at)
			task = before.Apply(e)
			if write, _ := before.Durable(e); write {
				replayed = replayed.Apply(through(t, e))
			}
			holdTicket(t, before, task, e)
			if task.Sends > before.Sends {
				if !may {
					t.Fatalf("sent again without a word, after %v", script[:i+2])
				}
				may = false
			}
			// Again is a person's word; unsent and refused mean that nobody has it.
			surely := (e.Kind == Unsent || e.Kind == Refused) && before.InDoubt && e.Error != nil
			if e.Kind == Again || surely {
				may = before.Ticket == ""
			}
			holdFiles(t, before, task)
			for _, at := range []time.Time{{}, e.At} {
				step, due := task.Next(Pace{}, at)
				if step == Submit && !may {
					t.Fatal("it is to be sent again")
				}
				if (step == Rest) != due.IsZero() && !at.IsZero() {
					t.Fatalf("step %d at %v", step, due)
				}
			}
		}
		holdReplay(t, task, replayed)
	})
}

// holdTicket: a ticket of the provider's stays; a person's may prove wrong.
func holdTicket(t *testing.T, before, after Task, e Event) {
	if before.Ticket != "" && after.Ticket != before.Ticket && !(e.Kind == Disowned && before.Adopted) {
		t.Fatalf("%s: ticket %q became %q", e.Kind, before.Ticket, after.Ticket)
	}
	if e.Kind == Told && e.Snapshot != nil && before.ID != "" && e.Snapshot.Ticket != "" && after.Ticket == "" {
		t.Fatal("the ticket was not taken")
	}
	if after.Ticket != "" && after.InDoubt {
		t.Fatal("in doubt, with a ticket")
	}
	if after.Over() == after.Finished.IsZero() {
		t.Fatalf("%s, finished %v", after.State, after.Finished)
	}
}

func holdFiles(t *testing.T, before, after Task) {
	for i, f := range before.Files {
		if f.Path != "" && after.Files[i].Path != f.Path {
			t.Fatal("a saved picture is forgotten")
		}
	}
	if before.State == backend.Done && after.State != backend.Done {
		t.Fatalf("done became %s", after.State)
	}
	if len(after.Files) != len(after.Images) || len(after.Fetches) != len(after.Images) {
		t.Fatal("the lists of results do not match")
	}
}

// holdReplay: what the journal says is what was seen live, but for what only
// the running engine knows. Bytes of pictures are left out by JSON in both.
func holdReplay(t *testing.T, live, replayed Task) {
	for _, task := range []*Task{&live, &replayed} {
		task.Held, task.Asking, task.Progress, task.Asked, task.NotBefore, task.GoneSince = false, false, 0, time.Time{}, time.Time{}, time.Time{}
		task.Working = time.Time{} // a poll that brings no news is not written
		task.Misses, task.Fetches, task.Trouble, task.Error = 0, nil, nil, nil
		if task.State == backend.Queued {
			task.State = backend.Running
		}
	}
	a, _ := json.Marshal(live)
	b, _ := json.Marshal(replayed)
	if string(a) != string(b) {
		t.Fatalf("live     %s\nreplayed %s", a, b)
	}
}
