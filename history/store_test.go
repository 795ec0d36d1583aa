package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"easel/backend"
	"easel/backend/task"
)

var day = time.Date(2026, 11, 20, 17, 45, 12, 0, time.UTC)

// fresh gives a store in a new place, with the lock unless it is for reading.
func fresh(t testing.TB) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s := again(t, dir)
	return s, dir
}

// again opens a store and takes its lock.
func again(t testing.TB, dir string) *Store {
	t.Helper()
	s := reader(t, dir)
	if _, err := s.Join("test"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func reader(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, filepath.Join(filepath.Dir(dir), "pictures"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func created(id string) task.Event {
	return task.Event{V: 1, ID: id, At: day, Kind: task.Created, BaseURL: "https://a.example",
		Request: &backend.Request{Provider: "p", Model: "m", Prompt: "a <cat> & a dog " + id, Count: 1}}
}

func event(id string, kind task.EventKind) task.Event {
	return task.Event{V: 1, ID: id, At: day, Kind: kind}
}

func told(id, ticket string) task.Event {
	e := event(id, task.Told)
	e.Snapshot = &backend.Snapshot{Ticket: ticket, State: backend.Running, Progress: -1}
	return e
}

// over gives the events of a task that is stopped and filed.
func over(id string, at time.Time) []task.Event {
	stop, filed := event(id, task.Stopped), event(id, task.Filed)
	stop.At, stop.Error = at, &backend.Error{Kind: backend.Stopped}
	return []task.Event{created(id), stop, filed}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func replay(t testing.TB, s *Store) (ids []string) {
	t.Helper()
	must(t, s.Replay(func(e task.Event) { ids = append(ids, e.ID+" "+string(e.Kind)) }))
	return ids
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	must(t, err)
	return string(data)
}

func write(t testing.TB, dir, name, data string) {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600))
}

// Reading creates nothing, and everything is simply empty.
func TestReadingCreatesNothing(t *testing.T) {
	root := t.TempDir()
	s := reader(t, filepath.Join(root, "data"))
	ctx := context.Background()
	recent, err1 := s.Recent(10)
	found, err2 := s.Search(ctx, "x", 0)
	open, err3 := s.Unfinished()
	prompts, err4 := s.Prompts(ctx, 10)
	draft, err5 := s.Draft()
	if err := errors.Join(err1, err2, err3, err4, err5, s.Replay(func(task.Event) {})); err != nil {
		t.Error(err)
	}
	if len(recent)+len(found)+len(open)+len(prompts) != 0 || draft.Prompt != "" || s.Usual("p", "m") != 0 || len(s.Problems()) != 0 {
		t.Error("something is there")
	}
	if _, err := s.Find("k3f9x2"); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	must(t, s.Close())
	if entries, _ := os.ReadDir(root); len(entries) != 0 {
		t.Errorf("created %v", entries)
	}
}

func TestReadingBesideAWriter(t *testing.T) {
	s, dir := fresh(t)
	open1 := created("open")
	open1.Engine = s.Engine()
	must(t, s.Append(true, open1, event("open", task.Sending)))
	must(t, s.Finish(record("done", 1)))
	before := names(t, dir)
	r := reader(t, dir)
	open, err := r.Unfinished()
	must(t, err)
	if len(open) != 1 || open[0].State != backend.Pending {
		t.Errorf("%+v", open)
	}
	if recent, err := r.Recent(5); err != nil || len(recent) != 1 {
		t.Errorf("%v, %v", recent, err)
	}
	if after := names(t, dir); !reflect.DeepEqual(before, after) {
		t.Errorf("%v, then %v", before, after)
	}
	// Once the writer is gone, what it was sending is unsure.
	must(t, s.Close())
	open, err = r.Unfinished()
	must(t, err)
	if open[0].State != backend.Unsure || open[0].Error == nil {
		t.Errorf("%s", open[0].State)
	}
}

func names(t testing.TB, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestJoin(t *testing.T) {
	s, dir := fresh(t)
	if _, err := s.Join("again"); err == nil {
		t.Error("joined twice by one store")
	}
	other := reader(t, dir)
	leave, err := other.Join("generate")
	must(t, err)
	me, it := s.Engine(), other.Engine()
	if me == it || !s.Alive(it) || !other.Alive(me) || !s.Others() || !s.Alive(me) || s.Alive("../engines/"+it) || s.Alive("") {
		t.Errorf("%s and %s", me, it)
	}
	must(t, leave())
	must(t, leave())
	if s.Alive(it) || s.Others() || !s.Alive(me) {
		t.Error("it left")
	}
	must(t, s.Close())
	if got := names(t, filepath.Join(dir, enginesName)); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// One that pauses seems dead, and is itself again afterwards.
func TestPause(t *testing.T) {
	s, dir := fresh(t)
	me, other := s.Engine(), again(t, dir)
	must(t, s.Pause())
	if other.Alive(me) || other.Others() {
		t.Error("it lives")
	}
	must(t, again(t, dir).Close()) // sweeps
	must(t, s.Resume())
	must(t, s.Resume())
	if !other.Alive(me) || s.Engine() != me {
		t.Error("it does not live")
	}
}

// Who asks whether an engine lives holds its lock for a moment: one that comes
// back just then waits for that.
func TestResumeWhileAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := fresh(t)
		must(t, s.Pause())
		asks := flock.New(s.engineLock(s.Engine()), flock.SetFlag(os.O_RDONLY))
		if ok, err := asks.TryRLock(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		resumed := make(chan error, 1)
		go func() { resumed <- s.Resume() }()
		synctest.Wait()
		must(t, asks.Unlock())
		must(t, <-resumed)
		if !s.Alive(s.Engine()) {
			t.Error("it does not live")
		}
	})
}

// A file system without locks says so with an error of its own; any other error
// does not mean that.
func TestLockless(t *testing.T) {
	for err, want := range map[error]bool{
		syscall.ENOLCK: true, syscall.ENOSYS: true, syscall.ENOTSUP: true,
		nil: false, syscall.EACCES: false, syscall.ENOSPC: false, context.DeadlineExceeded: false,
	} {
		if err != nil {
			err = &os.PathError{Op: "lock", Path: "x", Err: err}
		}
		if got := lockless(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
}

// The kernel frees the lock of a process that was killed; whoever comes next
// clears it away.
func TestLockOfADeadProcess(t *testing.T) {
	if dir := os.Getenv("HOLD_LOCK_IN"); dir != "" {
		again(t, dir)
		fmt.Println("locked")
		os.Stdin.Read(make([]byte, 1)) // until it is killed
		return
	}
	dir := filepath.Join(t.TempDir(), "data")
	cmd := exec.Command(os.Args[0], "-test.run=^TestLockOfADeadProcess$")
	cmd.Env = append(os.Environ(), "HOLD_LOCK_IN="+dir)
	_, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	s := reader(t, dir)
	list := s.engines()
	if len(list) != 1 || !s.Alive(list[0]) {
		t.Errorf("%v", list)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if s.Alive(list[0]) {
		t.Error("the dead live")
	}
	if now := again(t, dir).engines(); len(now) != 1 || now[0] == list[0] {
		t.Errorf("%v, then %v", list, now)
	}
}

// Where locks do nothing, one easel works, and says to the next who it is.
func TestWithoutLocks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open := func() *Store {
		s := reader(t, dir)
		s.lockable = func(string) (bool, error) { return false, nil }
		return s
	}
	s := open()
	leave, err := s.Join("studio")
	must(t, err)
	must(t, s.Append(true, created("a")))
	_, err = open().Join("generate")
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || locked.PID != os.Getpid() || locked.What != "studio" || time.Since(locked.Since) > time.Minute {
		t.Fatalf("%v", err)
	}
	must(t, leave())
	gone := exec.Command(os.Args[0], "-test.run=^$")
	must(t, gone.Run())
	crashed := newSole(dir, "crashed", "studio")
	crashed.who.PID = gone.Process.Pid
	must(t, crashed.take())
	leave, err = open().Join("generate")
	must(t, err)
	must(t, leave())
}

func TestLocksAreFoundToWork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if works, err := lockable(path); !works || err != nil {
		t.Errorf("%v, %v", works, err)
	}
}

func TestModes(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Append(true, created("a")))
	must(t, s.Finish(record("b", 1)))
	must(t, s.SaveDraft(backend.Request{Prompt: "x"}))
	for _, name := range append(names(t, dir), ".") {
		st, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", name, st.Mode())
		}
	}
}

func TestDraft(t *testing.T) {
	s := reader(t, filepath.Join(t.TempDir(), "deep", "data"))
	want := backend.Request{Provider: "p", Model: "m", Prompt: "two\nlines", Options: map[string]string{"a": "b"},
		References: []backend.Reference{{Path: "/a.png", Bytes: 3}}, Count: 2}
	must(t, s.SaveDraft(want))
	must(t, s.SaveDraft(want))
	got, err := s.Draft()
	must(t, err)
	want.References[0].Bytes = 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := names(t, s.dir); !reflect.DeepEqual(got, []string{draftName}) {
		t.Errorf("%v", got)
	}
	write(t, s.dir, draftName, "{")
	if _, err := s.Draft(); err == nil {
		t.Error("a broken draft was read")
	}
}
