package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend/task"
	"easel/history/search"
)

// shown gives the ids that a query finds in an index, in their order.
func shown(t testing.TB, x *search.Index, query string) string {
	t.Helper()
	found, err := search.NewFinder(x).Find(context.Background(), search.Parse(query, day))
	must(t, err)
	var out []string
	for i := range found.Len() {
		out = append(out, found.At(i).ID)
	}
	return strings.Join(out, " ")
}

func index(t testing.TB, s *Store) *search.Index {
	t.Helper()
	x, err := s.Index()
	must(t, err)
	return x
}

// looked gives the index as it is when all that was written is seen.
func looked(t testing.TB, s *Store) *search.Index {
	t.Helper()
	_, err := s.wholeIndex(context.Background())
	must(t, err)
	x, _, err := s.look()
	must(t, err)
	return x
}

func TestIndexOfNothing(t *testing.T) {
	s := reader(t, t.TempDir()+"/data")
	if x := index(t, s); x.Len() != 0 || !x.Whole() {
		t.Errorf("%d entries", x.Len())
	}
	if _, err := os.Stat(s.dir); err == nil {
		t.Error("looking made the data directory")
	}
}

// The end of the file is there at once, the whole takes its place.
func TestIndexOfTheEndThenOfTheWhole(t *testing.T) {
	s, _ := fresh(t)
	const n = 2000
	var lines strings.Builder
	var last string
	for i := range n {
		r := record(task.NewID(day.Add(time.Duration(i)*time.Second)), 1)
		l, err := line(r)
		must(t, err)
		lines.Write(l)
		last = r.ID
	}
	write(t, s.dir, historyName, lines.String())
	first := index(t, s)
	if again := index(t, s); again != first && !again.Whole() {
		t.Error("a second call began again")
	}
	if first.Whole() || first.Len() == 0 || first.Len() >= n {
		t.Fatalf("at once: %d of %d, whole %v", first.Len(), n, first.Whole())
	}
	if e, ok := first.Get(last); !ok || e.Prompt != "prompt of "+last {
		t.Errorf("the newest: %+v", e)
	}
	whole, err := s.IndexNews(context.Background(), first, first.Epoch())
	must(t, err)
	if whole == first || !whole.Whole() || whole.Len() != n {
		t.Fatalf("then: %d of %d", whole.Len(), n)
	}
	if first.Len() >= n {
		t.Error("the first index was changed")
	}
	for _, e := range []search.Entry{at(t, whole, 0), at(t, whole, n-1)} {
		if r, err := s.Entry(e); err != nil || r.ID != e.ID || r.Prompt != e.Prompt {
			t.Errorf("%v, %+v", err, r)
		}
	}
	must(t, s.Close())
}

func at(t testing.TB, x *search.Index, i int) search.Entry {
	t.Helper()
	found, err := search.NewFinder(x).Find(context.Background(), search.Query{})
	must(t, err)
	return found.At(i)
}

// Whatever is written by this process or by another one is told to who waits,
// and nobody looks while nobody waits.
func TestIndexNews(t *testing.T) {
	s, dir := fresh(t)
	must(t, s.Finish(record("task-1", 1)))
	x := index(t, s)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		begin := time.Now()
		wait := func(do func()) {
			t.Helper()
			epoch := x.Epoch()
			go do()
			var err error
			if x, err = s.IndexNews(ctx, x, epoch); err != nil {
				t.Fatal(err)
			}
		}
		wait(func() { must(t, s.Finish(record("task-2", 1))) })
		if shown(t, x, "") != "task-2 task-1" || time.Since(begin) > 0 {
			t.Errorf("%s after %v", shown(t, x, ""), time.Since(begin))
		}
		wait(func() { must(t, s.Mark(starred(true), "task-1")) })
		if shown(t, x, "is:starred") != "task-1" {
			t.Error("a star is not seen")
		}
		wait(func() { // another easel
			time.Sleep(10 * time.Second)
			write(t, dir, historyName, read(t, dir, historyName)+`{"v":1,"id":"task-3","state":"done"}`+"\n")
		})
		if shown(t, x, "") != "task-3 task-2 task-1" || time.Since(begin) > 10*time.Second+lookEvery {
			t.Errorf("%s after %v", shown(t, x, ""), time.Since(begin))
		}
		if _, err := s.IndexNews(ctx, x, x.Epoch()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("without news: %v", err)
		}
	})
}

// What a person does to the file is seen, whether it grew, shrank or became
// another one.
func TestIndexFollowsTheFile(t *testing.T) {
	lines := func(ids ...string) string {
		var b strings.Builder
		for _, id := range ids {
			fmt.Fprintf(&b, `{"v":1,"id":%q,"state":"done","prompt":"of %s"}`+"\n", id, id)
		}
		return b.String()
	}
	s, dir := fresh(t)
	must(t, os.MkdirAll(dir, 0o700))
	path := s.path(historyName)
	for i, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, ""},
		{func() { write(t, dir, historyName, lines("a", "b")) }, "b a"},
		{func() { appendTo(t, path, lines("c")) }, "c b a"},
		{func() { appendTo(t, path, `{"v":1,"id":"d","sta`) }, "c b a"},
		{func() { appendTo(t, path, `te":"done"}`) }, "d c b a"}, // whole but for its end
		{func() { appendTo(t, path, "\n"+lines("e")) }, "e d c b a"},
		{func() { must(t, os.Truncate(path, int64(len(lines("a"))))) }, "a"},
		{func() { write(t, dir, historyName, lines("f", "g", "h", "i", "j", "k", "l", "m")) }, "m l k j i h g f"},
		{func() { // in place, of the same length
			must(t, os.WriteFile(path, []byte(lines("x", "g", "h", "i", "j", "k", "l", "m")), 0o600))
			must(t, os.Chtimes(path, day, day))
		}, "x m l k j i h g"},
		{func() { // another file, longer, as editors write it
			must(t, os.WriteFile(path+"~", []byte(lines("n", "g", "h", "i", "j", "k", "l", "m", "o")), 0o600))
			must(t, os.Rename(path+"~", path))
		}, "o n m l k j i h g"},
		{func() { must(t, os.Remove(path)) }, ""},
		{func() { write(t, dir, historyName, lines("p")) }, "p"},
	} {
		step.do()
		if got := shown(t, looked(t, s), ""); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	must(t, err)
	_, err = f.WriteString(text)
	must(t, err)
	must(t, f.Close())
}

// Who needs the whole is told when it cannot be had.
func TestNoWholeIndex(t *testing.T) {
	s, dir := fresh(t)
	write(t, dir, historyName, strings.Repeat(`{"v":1,"id":"a","state":"done"}`+"\n", 20_000))
	x := index(t, s)
	must(t, s.Close())
	if x.Whole() {
		t.Skip("it was quicker")
	}
	if _, err := s.wholeIndex(context.Background()); err == nil && !index(t, s).Whole() {
		t.Error("no error")
	}
	s = again(t, dir)
	f, err := os.Open(s.path(historyName))
	must(t, err)
	must(t, f.Close())
	index(t, s)
	s.live.quiet()
	s.live.stop = func() {}
	s.whole(context.Background(), f)
	if _, err := s.wholeIndex(context.Background()); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

// A line that is longer than any record is passed over.
func TestIndexOfALongLine(t *testing.T) {
	s, dir := fresh(t)
	long := func(n int) string {
		return `{"v":1,"id":"long","state":"done","prompt":"` + strings.Repeat("x", n) + "\"}\n"
	}
	one := `{"v":1,"id":"one","state":"done"}` + "\n"
	write(t, dir, historyName, one+long(longestLine+laterPiece/2)+strings.ReplaceAll(one, "one", "two")+strings.ReplaceAll(long(3*laterPiece), "long", "some")+strings.ReplaceAll(one, "one", "z"))
	if got := shown(t, looked(t, s), ""); got != "z two some one" {
		t.Error(got)
	}
}

// A store that is closed while it indexes is left in peace.
func TestCloseEndsIndexing(t *testing.T) {
	dir := t.TempDir() + "/data"
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, `{"v":1,"id":"%06d","state":"done","prompt":"a lighthouse"}`+"\n", i)
	}
	write(t, dir, historyName, b.String())
	s := reader(t, dir)
	x := index(t, s)
	must(t, s.Close())
	if x.Whole() {
		t.Error("the first index cannot be whole")
	}
}
