package history

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// What is taken while nothing can be written is said when something can: who comes
// then leaves it to the one that has it.
func TestTakenOnAFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 10 * time.Minute}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), open(t, dir, c, base)
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		good := b.store.journal.f
		bad, err := os.Open(filepath.Join(dir, journalName)) // cannot be written to
		must(t, err)
		b.store.journal.reading.Lock()
		b.store.journal.f = bad
		b.store.journal.reading.Unlock()
		a.die(t)
		pass(5 * time.Second)
		if got, _ := b.Task(one.ID); got.Engine != b.store.Engine() {
			t.Fatalf("it belongs to %s", got.Engine)
		}
		b.store.journal.reading.Lock()
		b.store.journal.f = good
		b.store.journal.reading.Unlock()
		must(t, bad.Close())
		pass(10 * time.Second)
		if journal := read(t, dir, journalName); !strings.Contains(journal, `"kind":"taken","engine":"`+b.store.Engine()) {
			t.Errorf("nobody is told:\n%s", journal)
		}
		third := open(t, dir, c, base)
		pass(5 * time.Second)
		if got, _ := third.Task(one.ID); got.Engine != b.store.Engine() || third.via.polls() != 0 {
			t.Errorf("it belongs to %s, the third asked %d times", got.Engine, third.via.polls())
		}
		b.close(t)
		third.close(t)
	})
}

// A picture that was saved just before a crash is found by an easel that has
// another folder for its own.
func TestSavedInTheFolderOfTheOther(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "data")
	c := &counting{picture: pngOf(t, 16, 9), takes: 5 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, dir, c, base), &desk{via: &via{counting: c, submits: map[string]int{}, asked: map[string]int{}}}
		one := submit(t, a.Engine, "one")
		pass(time.Second)
		now, err := a.Task(one.ID)
		must(t, err)
		first, err := a.store.Save(context.Background(), now, 0, func(w io.Writer) error { _, err := w.Write(c.picture); return err })
		must(t, err)
		a.die(t)
		b.store, err = Open(dir, filepath.Join(root, "elsewhere"), nil)
		must(t, err)
		_, err = b.store.Join("test")
		must(t, err)
		p := c.provider()
		p.Driver = b.via
		b.Engine = task.New(task.Config{Providers: []*backend.Provider{p}, Journal: b.store, Library: b.store, Home: filepath.Join(root, "elsewhere")})
		must(t, b.Start(context.Background()))
		pass(time.Minute)
		got, err := b.Task(one.ID)
		must(t, err)
		if got.State != backend.Done || got.Files[0].Path != first.Path {
			t.Errorf("%s in %+v, it was in %s", got.State, got.Files, first.Path)
		}
		if _, err := os.Stat(filepath.Join(root, "elsewhere")); err == nil {
			t.Error("it is there twice")
		}
		b.close(t)
	})
}
