package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// failing is a file on a disk that fails, in ways that can be chosen, until it is
// healed.
type failing struct {
	file
	room                  int   // how many bytes still get into the file; negative: all
	write, sync, cut, see error // what the operations end with; a write, after the bytes
	healed                *atomic.Bool
}

func (f *failing) WriteAt(b []byte, at int64) (int, error) {
	if f.healed.Load() {
		return f.file.WriteAt(b, at)
	}
	if f.room >= 0 {
		b = b[:min(f.room, len(b))]
	}
	n, err := f.file.WriteAt(b, at)
	return n, errors.Join(f.write, err)
}

func (f *failing) ReadAt(b []byte, at int64) (int, error) {
	if f.see != nil && !f.healed.Load() {
		return 0, f.see
	}
	return f.file.ReadAt(b, at)
}

func (f *failing) Sync() error {
	if f.sync != nil && !f.healed.Load() {
		return f.sync
	}
	return f.file.Sync()
}

func (f *failing) Truncate(size int64) error {
	if f.cut != nil && !f.healed.Load() {
		return f.cut
	}
	return f.file.Truncate(size)
}

var errDisk = errors.New("input/output error")

// fails lets the disk of a file of lines fail, until it is healed.
func fails(l *lines, how failing) (heal func()) {
	l.reading.Lock()
	defer l.reading.Unlock()
	how.file, how.healed = l.f, &atomic.Bool{}
	l.f = &how
	return func() { how.healed.Store(true) }
}

// hears lists what a store hears of others.
func hears(s *Store) *[]string {
	list := &[]string{}
	s.Attend(func(events []task.Event, _ bool) {
		for _, e := range events {
			*list = append(*list, e.ID+" "+string(e.Kind))
		}
	})
	return list
}

// A line that is refused is never in the file for others, in whatever way the disk
// fails: either it is taken back at once, or nobody reads and nothing is written
// before it is; and nothing of others is lost.
func TestRefusedLines(t *testing.T) {
	first, err := line(created("refused"))
	must(t, err)
	writes := map[string]failing{
		"nothing written":     {room: 0, write: errDisk},
		"a part of a line":    {room: 20, write: errDisk},
		"all but the end":     {room: len(first) - 1, write: errDisk},
		"one line":            {room: len(first), write: errDisk},
		"a line and a part":   {room: len(first) + 20, write: errDisk},
		"all, with an error":  {room: -1, write: errDisk},
		"all, but not synced": {room: -1, sync: errDisk},
	}
	for name, w := range writes {
		for bits := range 5 { // what the cut, the fsync and a look at the rest end with
			w := w
			if bits&1 != 0 {
				w.cut = errDisk
			}
			if bits&2 != 0 {
				w.sync = errDisk
			}
			if bits&4 != 0 {
				w.see = errDisk
			}
			stuck := w.sync != nil || w.see != nil || w.cut != nil && w.room != 0
			t.Run(fmt.Sprintf("%s, cut %v, sync %v, read %v", name, w.cut, w.sync, w.see), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { refusedLines(t, w, stuck) })
			})
		}
	}
}

func refusedLines(t *testing.T, how failing, stuck bool) {
	a, dir := fresh(t)
	b := again(t, dir)
	must(t, a.Append(true, created("one")))
	must(t, b.Append(true, created("two")))
	must(t, a.Look())
	mine, theirs := hears(a), hears(b)
	before := read(t, dir, journalName)
	heal := fails(a.journal, how)
	err := a.Append(true, created("refused"), created("refused, too"))
	if !errors.Is(err, errDisk) {
		t.Fatalf("it says %v", err)
	}
	if stuck {
		must(t, b.Look())
		must(t, a.Look())
		if err := b.Append(true, created("early")); !saysStuck(err) {
			t.Errorf("another one writes: %v", err)
		}
		if err := a.Append(true, created("early")); !errors.Is(err, errDisk) && !errors.Is(err, how.see) {
			t.Errorf("it writes on: %v", err)
		}
		pass(10 * retakeEvery)
	} else if now := read(t, dir, journalName); now != before {
		t.Errorf("it stays in the file: %s", strings.TrimPrefix(now, before))
	}
	heal()
	pass(retakeEvery)
	if now := read(t, dir, journalName); now != before {
		t.Errorf("it is not taken back by itself: %s", strings.TrimPrefix(now, before))
	}
	must(t, b.Append(true, created("three")))
	must(t, a.Append(true, created("four")))
	must(t, b.Look())
	if got := fmt.Sprint(*mine, *theirs); got != "[three created] [four created]" {
		t.Errorf("heard %s", got)
	}
	must(t, a.Close())
	must(t, b.Close())
	if got := strings.Join(replay(t, again(t, dir)), ", "); got != "one created, two created, three created, four created" {
		t.Errorf("there are %s", got)
	}
	if exists(filepath.Join(dir, journalName+tornSuffix)) {
		t.Error("something was set aside")
	}
}

// A record that is refused is taken back by itself as well: nobody waits for the
// next write of an easel that rests.
func TestRefusedRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, dir := fresh(t)
		must(t, a.Finish(record("one", 1)))
		heal := fails(a.past, failing{room: -1, sync: errDisk, cut: errDisk})
		if err := a.Finish(record("two", 1)); !errors.Is(err, errDisk) {
			t.Fatalf("it says %v", err)
		}
		b := again(t, dir)
		if err := b.Finish(record("early", 1)); !saysStuck(err) {
			t.Errorf("it says %v", err)
		}
		heal()
		pass(retakeEvery)
		must(t, b.Finish(record("three", 1)))
		if list, err := b.Recent(10); err != nil || len(list) != 2 || list[0].ID != "three" {
			t.Errorf("%v, %+v", err, list)
		}
	})
}

// Who ends while the disk still fails waits a while for it. Then it lets the others
// go on, and says what may be left.
func TestRefusedAndLeft(t *testing.T) {
	for name, after := range map[string]time.Duration{"soon": time.Second, "never": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, dir := fresh(t)
				b := again(t, dir)
				must(t, a.Append(true, created("one")))
				heal := fails(a.journal, failing{room: -1, sync: errDisk, cut: errDisk})
				if err := a.Append(true, created("refused")); !errors.Is(err, errDisk) {
					t.Fatalf("it says %v", err)
				}
				time.AfterFunc(after, heal)
				err := a.Close()
				e, _ := errors.AsType[*backend.Error](err)
				if left := e != nil && e.Word == "task.remains" && errors.Is(e, errDisk); left != (name == "never") {
					t.Errorf("it ends with %v", err)
				}
				must(t, b.Append(true, created("two")))
				want := map[string]string{"soon": "one created, two created", "never": "one created, refused created, two created"}[name]
				if got := strings.Join(replay(t, b), ", "); got != want {
					t.Errorf("there are %s", got)
				}
			})
		})
	}
}

// A task that is refused because the disk fails is never sent, by no easel, when
// its line stayed in the file for a while; one that is asked for afterwards is, once.
func TestRefusedTaskIsNotSent(t *testing.T) {
	for name, meanwhile := range map[string]func(t *testing.T, a *desk, heal func()){
		"the disk works again": func(t *testing.T, a *desk, heal func()) { heal() },
		"suspended": func(t *testing.T, a *desk, heal func()) {
			must(t, a.Suspend(t.Context()))
			pass(time.Minute)
			if err := a.Wake(); !errors.Is(err, errDisk) {
				t.Errorf("it wakes: %v", err)
			}
			heal()
			must(t, a.Wake())
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			c := &counting{picture: pngOf(t, 16, 9), takes: 10 * time.Second}
			synctest.Test(t, func(t *testing.T) {
				a, b := open(t, dir, c, base), open(t, dir, c, base)
				heal := fails(a.store.journal, failing{room: -1, sync: errDisk, cut: errDisk})
				_, err := a.Submit(backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}, "")
				if e := backend.AsError(err); e == nil || e.Word != "task.unwritten" {
					t.Fatalf("it says %v", err)
				}
				if !strings.Contains(read(t, dir, journalName), "a cat") {
					t.Fatal("the line is not in the file: nothing is tested")
				}
				pass(time.Minute)
				meanwhile(t, a, heal)
				pass(time.Minute)
				if n := len(a.Tasks()) + len(b.Tasks()) + c.submits; n != 0 {
					t.Errorf("%v, %v, %d submits", a.Tasks(), b.Tasks(), c.submits)
				}
				one := submit(t, a.Engine, "a cat")
				pass(time.Minute)
				b.is(t, one.ID, backend.Done)
				a.die(t)
				pass(time.Minute)
				if c.submits != 1 || len(b.Tasks()) != 1 {
					t.Errorf("%d submits, %v", c.submits, b.Tasks())
				}
				b.close(t)
			})
		})
	}
}

// Where a lock did not keep the others out, and one wrote behind the line of a
// refused task, nothing of it is lost, and the task is given up: nobody sends it
// before a person takes it up.
func TestRefusedTaskThatOthersHeard(t *testing.T) {
	for _, rewritten := range []bool{false, true} {
		t.Run(fmt.Sprint("rewritten ", rewritten), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			c := &counting{picture: pngOf(t, 16, 9), takes: 10 * time.Second}
			synctest.Test(t, func(t *testing.T) {
				a := open(t, dir, c, base)
				heal := fails(a.store.journal, failing{room: -1, sync: errDisk, cut: errDisk})
				if _, err := a.Submit(backend.Request{Provider: "p", Model: "m", Prompt: "a cat", Count: 1}, ""); err == nil {
					t.Fatal("it was not refused")
				}
				behind(t, dir, over("theirs", time.Now()), rewritten)
				heal()
				pass(time.Minute)
				list := a.Tasks()
				if len(list) != 2 || c.submits != 0 {
					t.Fatalf("%d submits, %+v", c.submits, list)
				}
				cat := list[0]
				if cat.Request.Prompt != "a cat" {
					cat = list[1]
				}
				a.is(t, cat.ID, backend.Canceled)
				a.die(t)
				b := open(t, dir, c, base)
				pass(time.Minute)
				if c.submits != 0 {
					t.Errorf("%d submits", c.submits)
				}
				must(t, b.Resume(cat.ID))
				pass(time.Minute)
				b.is(t, cat.ID, backend.Done)
				if c.submits != 1 {
					t.Errorf("%d submits", c.submits)
				}
				b.close(t)
			})
		})
	}
}

// behind writes lines into a journal, whoever holds its guard, or into a copy that
// takes its place.
func behind(t *testing.T, dir string, events []task.Event, anew bool) {
	t.Helper()
	data, err := encoded(events)
	must(t, err)
	path := filepath.Join(dir, journalName)
	all := read(t, dir, journalName) + string(data)
	if anew {
		must(t, os.Rename(path, path+".old"))
	}
	must(t, os.WriteFile(path, []byte(all), 0o600))
}
