package task

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// A download that fails is tried again by itself; the task is not sent again.
func TestDownloadFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, images: 2}
		g.onFetch = func(n int, image backend.Image, _ io.Writer) (bool, error) {
			return n <= 12 && strings.HasSuffix(image.URL, "/1"), &backend.Error{Kind: backend.Unavailable, HTTP: 503}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 20*time.Second, backend.Ready)
		if got.Files[0].Path == "" || got.Files[1].Path != "" || got.Trouble == nil {
			t.Errorf("%+v, trouble %v", got.Files, got.Trouble)
		}
		got = w.is(e, task.ID, time.Hour, backend.Done)
		if submits, _, fetches := g.count(); submits != 1 || fetches != 13 || got.Trouble != nil {
			t.Errorf("%d submits, %d downloads, trouble %v", submits, fetches, got.Trouble)
		}
		w.closes(e)
	})
}

func TestDownloadOfNoPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := true
		g := &gateway{takes: time.Second}
		g.onFetch = func(int, backend.Image, io.Writer) (bool, error) {
			return bad, &backend.Error{Kind: backend.Garbled, Message: "not a picture"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 24*time.Hour, backend.Ready)
		_, _, before := g.count()
		if before < 5 || before > 15 || got.Images[0].URL == "" || !got.Idle() {
			t.Errorf("%d downloads, idle %v", before, got.Idle())
		}
		bad = false
		if err := e.Download(task.ID); err != nil {
			t.Fatal(err)
		}
		w.is(e, task.ID, time.Second, backend.Done)
		w.closes(e)
	})
}

// An address that is dead is asked for again: the provider may name a new one.
func TestDownloadFromADeadAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second}
		g.onFetch = func(n int, image backend.Image, _ io.Writer) (bool, error) {
			return !strings.HasSuffix(image.URL, "?fresh"), &backend.Error{Kind: backend.Unavailable, HTTP: 403}
		}
		fresh := false
		g.onPoll = func(n int, jobs []backend.Job) (bool, map[string]backend.Snapshot, error) {
			s, _ := g.state(jobs[0].Ticket)
			if fresh {
				s.Images[0].URL += "?fresh"
			}
			return true, map[string]backend.Snapshot{jobs[0].Ticket: s}, nil
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, 30*time.Second, backend.Ready)
		_, polls, fetches := g.count()
		if polls > fetches+1 || fetches > 8 {
			t.Errorf("%d polls for %d downloads", polls, fetches)
		}
		w.closes(e)
		fresh = true
		e = w.start()
		w.is(e, task.ID, 5*time.Second, backend.Done)
		w.closes(e)
	})
}

func TestDownloadThatIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, images: 2}
		g.onFetch = func(n int, image backend.Image, w io.Writer) (bool, error) {
			return strings.HasSuffix(image.URL, "/0"), &backend.Error{Kind: backend.Garbled, Final: true, Message: "a file: address"}
		}
		w := newWorld(t, g)
		e := w.start()
		task := w.submit(e)
		got := w.is(e, task.ID, 10*time.Second, backend.Failed)
		if got.Error.Kind != backend.Garbled || got.Files[1].Path == "" {
			t.Errorf("%v, %+v", got.Error, got.Files)
		}
		if r := w.record(task.ID); len(r.Files) != 1 || r.State != backend.Failed {
			t.Errorf("%+v", r)
		}
		w.closes(e)
	})
}

// Pictures that come inside an answer vanish with the process: they are asked
// for again.
func TestInlineAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{takes: time.Second, inline: true}
		w := newWorld(t, g)
		w.shelf.files = nil
		e := w.start()
		task := w.submit(e)
		w.is(e, task.ID, time.Second, backend.Queued)
		w.closes(e)
		// The answer with the picture came, and then the power went.
		image := told(backend.Snapshot{State: backend.Ready, Images: []backend.Image{{Data: []byte("lost")}}})
		image.V, image.ID, image.At = 1, task.ID, time.Now()
		w.disk.Append(true, image)
		e = w.start()
		w.is(e, task.ID, 5*time.Second, backend.Done)
		if names := w.shelf.names(); string(names["/p/"+task.Short()+"-0.png"]) != "picture" {
			t.Errorf("%s", names)
		}
		w.closes(e)
	})
}

// Without a ticket there is nobody to ask.
func TestInlineWithoutTicketAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &gateway{})
		for i, e := range []Event{asked(), {Kind: Sending}, painted("")} {
			e.V, e.ID, e.At = 1, "some-task-k3f9x2", time.Now().Add(time.Duration(i))
			w.disk.Append(true, e)
		}
		e := w.start()
		got := w.is(e, "k3f9x2", time.Second, backend.Failed)
		if got.Error.Kind != backend.Gone {
			t.Errorf("%v", got.Error)
		}
		w.closes(e)
	})
}
