package search

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// Finder searches an index again and again for one person, and is quick while
// they type on, or take back what they typed. It is for one goroutine at a time.
type Finder struct {
	index  *Index
	epoch  int
	levels []level // each narrows the one before
}

// level is what a query found on the way to the last one.
type level struct {
	q    Query
	hits []hit // the oldest first
}

// remembered bounds how many hits of earlier queries are kept.
const remembered = 300_000

type hit struct {
	at    int32
	score int32
}

// NewFinder gives a Finder over the index.
func NewFinder(x *Index) *Finder { return &Finder{index: x, epoch: -1} }

// Found is what a search found, best first, and where equal, or where no word
// was searched for, the newest first: by the id, which is when a person asked
// for it, so that nothing ever changes its place. It holds rows only: entries
// are looked up when shown, as they are by then.
type Found struct {
	index  *Index
	order  []int32
	places *places
}

// places says where the rows stand in a result. It is made when first asked for.
type places struct {
	once sync.Once
	of   []int32 // by row, from 1; 0: it was not found
}

// Len is the number of entries found.
func (f Found) Len() int { return len(f.order) }

// At gives the entry at a place of the result.
func (f Found) At(i int) Entry {
	f.index.mu.RLock()
	defer f.index.mu.RUnlock()
	return f.index.entry(f.order[i])
}

// ID gives the id at a place of the result, which costs less than the entry.
func (f Found) ID(i int) string {
	f.index.mu.RLock()
	defer f.index.mu.RUnlock()
	return f.index.row(f.order[i]).id
}

// Find says where in the result the entry of an id stands.
func (f Found) Find(id string) (int, bool) {
	if f.index == nil {
		return 0, false
	}
	f.index.mu.RLock()
	row, ok := f.index.find(id)
	n := f.index.n
	f.index.mu.RUnlock()
	if !ok {
		return 0, false
	}
	f.places.once.Do(func() {
		f.places.of = make([]int32, n)
		for i, at := range f.order {
			f.places.of[at] = int32(i + 1)
		}
	})
	if int(row) >= len(f.places.of) || f.places.of[row] == 0 {
		return 0, false
	}
	return int(f.places.of[row]) - 1, true
}

// workers share a search; the machine that this must be quick on has two cores.
const workers = 2

// Find searches. It ends early with the context's error when the person has
// typed on.
func (f *Finder) Find(ctx context.Context, q Query) (Found, error) {
	f.index.mu.RLock()
	defer f.index.mu.RUnlock()
	from, same := f.before(&q)
	if same {
		return Found{f.index, rank(from, len(q.words) > 0), &places{}}, ctx.Err()
	}
	n := f.index.n
	if from != nil {
		n = len(from)
	}
	m := f.index.matcher(&q)
	parts := make([][]hit, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			lo, hi := n*w/workers, n*(w+1)/workers
			parts[w] = m.match(ctx, from, lo, hi)
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	hits := slices.Concat(parts...)
	if hits == nil {
		hits = []hit{} // nothing is known to be among nothing
	}
	f.remember(q, hits)
	return Found{f.index, rank(hits, len(q.words) > 0), &places{}}, nil
}

// before gives the hits among which those of a query are, nil if that is not
// known, and whether they are just those.
func (f *Finder) before(q *Query) (from []hit, same bool) {
	if f.epoch != f.index.epoch {
		f.levels, f.epoch = nil, f.index.epoch
	}
	for n := len(f.levels); n > 0; n-- {
		if l := f.levels[n-1]; q.narrows(l.q) {
			f.levels = f.levels[:n]
			return l.hits, l.q.narrows(*q)
		}
	}
	f.levels = nil
	return nil, false
}

func (f *Finder) remember(q Query, hits []hit) {
	f.levels = append(f.levels, level{q, hits})
	sum := 0
	for i, l := range slices.Backward(f.levels) {
		if sum += len(l.hits); sum > remembered && i < len(f.levels)-1 {
			f.levels = slices.Clone(f.levels[i+1:])
			return
		}
	}
}

// narrows says whether everything that q finds was found by the query before:
// the same filters, and every earlier word grew or stayed. A word that is
// turned round finds less when it is shorter, so it must have stayed.
func (q Query) narrows(before Query) bool {
	if q.side != before.side || len(q.words) < len(before.words) || !slices.Equal(q.filters, before.filters) {
		return false
	}
	for i, w := range before.words {
		v := q.words[i]
		if v.exact != w.exact || v.not != w.not || (v.not && v.text != w.text) || !strings.HasPrefix(v.text, w.text) {
			return false
		}
		if v.fuzzy && !w.fuzzy || len(v.text) >= idFrom && len(w.text) < idFrom {
			return false // it was not looked for in all places yet
		}
	}
	return true
}

// rank orders the hits: by score where there are words, and by age. The scores
// are small numbers, so counting them is quicker than comparing.
func rank(hits []hit, byScore bool) []int32 {
	order := make([]int32, len(hits))
	if !byScore {
		for i, h := range hits {
			order[len(hits)-1-i] = h.at
		}
		return order
	}
	most := int32(0)
	for _, h := range hits {
		most = max(most, h.score)
	}
	first := make([]int, most+2) // where the hits of a score begin, the best first
	for _, h := range hits {
		first[most-h.score+1]++
	}
	for i := 1; i < len(first); i++ {
		first[i] += first[i-1]
	}
	for _, h := range slices.Backward(hits) {
		order[first[most-h.score]] = h.at
		first[most-h.score]++
	}
	return order
}
