package history

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// Two easels write to the same history at the same time: each sees what the
// other one did, and nothing of either is lost.
func TestTwoEaselsInOneHistory(t *testing.T) {
	a, folder, ids := gallery(t, 1, 1, 1, 1)
	b := again(t, a.dir)
	looked(t, a)
	y := index(t, b)
	if y.Len() != len(ids) {
		t.Fatal(y.Len())
	}
	check := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	const n = 40
	var both sync.WaitGroup
	for k, s := range []*Store{a, b} {
		both.Go(func() {
			for i := range n {
				check(s.Finish(record(fmt.Sprintf("of-%d-%03d", k, i), 1)))
				check(s.Mark(tagged(fmt.Sprint("t", k, "-", i)), ids[k]))
				check(s.Mark(starred(i%2 == 1), ids[2]))
			}
		})
	}
	both.Go(func() { // and both move the same pictures
		for range 4 {
			check(a.Trash(ids[3]))
			check(b.Restore(ids[3], ids[2]))
			check(b.Trash(ids[3]))
			check(a.Restore(ids[3]))
		}
	})
	for y.Len() < len(ids)+2*n { // b's index hears of it as it comes
		var err error
		if y, err = b.IndexNews(context.Background(), y, y.Epoch()); err != nil {
			t.Fatal(err)
		}
	}
	both.Wait()
	for _, s := range []*Store{a, b} {
		x := looked(t, s)
		for k := range 2 {
			if e, _ := x.Get(ids[k]); len(e.Tags) != 1 || e.Tags[0] != fmt.Sprint("t", k, "-", n-1) {
				t.Errorf("%+v", e)
			}
		}
		if e, _ := x.Get(ids[2]); !e.Starred || x.Len() != len(ids)+2*n {
			t.Errorf("%d entries, %+v", x.Len(), e)
		}
		if r := entryOf(t, s, ids[3]); r.Trashed || !exists(r.Files[0].Path) {
			t.Errorf("%+v", r)
		}
	}
	if got := files(t, folder); len(got) != len(ids) {
		t.Errorf("%v", got)
	}
	if p := append(a.Problems(), b.Problems()...); len(p) > 0 {
		t.Errorf("%+v", p)
	}
	if recent, err := reader(t, a.dir).Recent(1000); err != nil || len(recent) != len(ids)+2*n {
		t.Error(len(recent), err)
	}
}
