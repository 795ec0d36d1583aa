package search

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// Finder searches an index again and again for one person, and is quick when a
// query only grows. It is for one goroutine at a time.
type Finder struct {
	index *Index
	epoch int
	last  Query
	hits  []hit // of last, in the order of the index
}

type hit struct {
	at    int32
	score int32
}

// NewFinder gives a Finder over the index.
func NewFinder(x *Index) *Finder { return &Finder{index: x, epoch: -1} }

// Found is what a search found: the entries' ids, best first, where equal the
// newest first. It holds positions only: entries are looked up when shown.
type Found struct {
	index *Index
	order []int32
}

// Len is the number of entries found.
func (f Found) Len() int { return len(f.order) }

// At gives the entry at a place of the result.
func (f Found) At(i int) Entry {
	f.index.mu.RLock()
	defer f.index.mu.RUnlock()
	return f.index.entries[f.order[i]]
}

// workers share a search; the machine that this must be quick on has two cores.
const workers = 2

// Find searches. It ends early with the context's error when the person has
// typed on.
func (f *Finder) Find(ctx context.Context, q Query) (Found, error) {
	f.index.mu.RLock()
	defer f.index.mu.RUnlock()
	from := f.hits
	if f.epoch != f.index.epoch || !q.narrows(f.last) {
		from = nil
	}
	n := len(f.index.entries)
	if from != nil {
		n = len(from)
	}
	parts := make([][]hit, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			lo, hi := n*w/workers, n*(w+1)/workers
			parts[w] = f.index.match(ctx, &q, from, lo, hi)
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	hits := slices.Concat(parts...)
	f.epoch, f.last, f.hits = f.index.epoch, q, hits
	return Found{f.index, rank(hits, len(q.words) > 0)}, nil
}

// narrows says whether everything that q finds was found by the query before:
// the same filters, and every earlier word grew or stayed. A word that is
// turned round finds less when it is shorter, so it must have stayed.
func (q Query) narrows(before Query) bool {
	if q.trash != before.trash || len(q.words) < len(before.words) || !slices.Equal(q.filters, before.filters) {
		return false
	}
	for i, w := range before.words {
		v := q.words[i]
		if v.exact != w.exact || v.not != w.not || (v.not && v.text != w.text) || !strings.HasPrefix(v.text, w.text) {
			return false
		}
		if v.fuzzy && !w.fuzzy {
			return false // it was looked for as it is, and is now fuzzy
		}
	}
	return true
}

func (x *Index) match(ctx context.Context, q *Query, from []hit, lo, hi int) []hit {
	var out []hit
	for i := lo; i < hi; i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil
		}
		at := int32(i)
		if from != nil {
			at = from[i].at
		}
		e := &x.entries[at]
		if !q.holds(e) {
			continue
		}
		if score, ok := q.score(e); ok {
			out = append(out, hit{at, score})
		}
	}
	return out
}

// fuzzyFrom is how long a word must be to be found fuzzily: shorter ones would
// be found in almost every prompt. Only ASCII is: a word of Chinese is as short
// as it can be.
const fuzzyFrom = 3

// slack is how many other characters may stand between those of a word. With
// it, what a word finds, every beginning of it finds too.
const slack = 10

func (q *Query) score(e *Entry) (int32, bool) {
	total := int32(0)
	for i := range q.words {
		w := &q.words[i]
		s, ok := w.find(e)
		if ok == w.not {
			return 0, false
		}
		if !w.not {
			total += s
		}
	}
	return total, true
}

func (w *word) find(e *Entry) (int32, bool) {
	if i := strings.Index(e.low, w.text); i >= 0 {
		return exactBonus + beginning(e.low, i), true
	}
	if strings.Contains(e.lowModel, w.text) || strings.Contains(e.Provider, w.text) || w.inTags(e) {
		return exactBonus, true
	}
	if !w.fuzzy {
		return 0, false
	}
	most := len(w.text) + slack
	span, at := near(e.low, w.text, most)
	if span == 0 {
		return 0, false
	}
	return int32(10*(most-span)) + beginning(e.low, at), true
}

// beginning is what a match is worth more at the beginning of a word.
func beginning(s string, at int) int32 {
	if at == 0 || s[at-1] == ' ' {
		return 50
	}
	return 0
}

// near finds the closest place at which the characters of a word stand in their
// order: how wide it is, at most most, and where it begins; 0 if there is none.
// The matchers of the known libraries find a first place, or the one that scores
// best, but do not say whether there is one that is close.
func near(text, word string, most int) (span, at int) {
	for start := 0; ; start++ {
		i := strings.IndexByte(text[start:], word[0])
		if i < 0 {
			return span, at
		}
		start += i
		limit, k, end := min(len(text), start+most), 1, start+1
		if span > 0 {
			limit = min(limit, start+span-1) // only a closer one is of interest
		}
		for ; end < limit && k < len(word); end++ {
			if text[end] == word[k] {
				k++
			}
		}
		if k == len(word) {
			span, at = end-start, start
		}
	}
}

// exactBonus puts a word that stands there as it is before one that is spread.
const exactBonus = 400

func (w *word) inTags(e *Entry) bool {
	for _, t := range e.Tags {
		if contains(t, w.text) {
			return true
		}
	}
	return false
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
