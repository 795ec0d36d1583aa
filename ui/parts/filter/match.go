package filter

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/junegunn/fzf/src/algo"
	"github.com/junegunn/fzf/src/util"
)

// longest is how much of a text is matched, in bytes: a prompt may be 100 KB.
const longest = 2000

// carefully is up to how many hits the best match of each is looked for, not
// just any: that takes several times as long, and a person who is shown more
// than these types on.
const carefully = 500

// prepare fills fzf's tables of character classes.
var prepare = sync.OnceFunc(func() { algo.Init("default") })

// hit is an item that matches, how well, and where the match begins.
type hit struct{ index, score, start int }

// matcher finds the items that hold every word of a query, each fuzzily: its
// letters in order, in any case, best where they stand together or begin words.
// A number must be there as it is: 160 is not 1536x1024.
type matcher struct {
	texts []util.Chars
	slab  *util.Slab
	query string
	hits  []hit
}

func newMatcher(texts []string) *matcher {
	prepare()
	m := &matcher{texts: make([]util.Chars, len(texts)), slab: util.MakeSlab(16<<10, 2048)}
	for i, t := range texts {
		if len(t) > longest {
			t = strings.ToValidUTF8(t[:longest], "")
		}
		m.texts[i] = util.ToChars([]byte(t))
	}
	m.all()
	return m
}

// all makes every item a hit, in its own order.
func (m *matcher) all() {
	m.query, m.hits = "", make([]hit, len(m.texts))
	for i := range m.hits {
		m.hits[i].index = i
	}
}

// find makes the hits those of a query: the best first; of equal ones those
// that begin with it, then in their own order. A query that only grew is looked for among the hits that there were.
func (m *matcher) find(query string) {
	if query == m.query {
		return
	}
	if !narrows(query, m.query) {
		m.all()
	}
	words := split(query)
	m.query = query
	m.match(words, true)
	if len(m.hits) <= carefully {
		m.match(words, false)
	}
	slices.SortStableFunc(m.hits, func(a, b hit) int {
		switch {
		case a.score != b.score:
			return cmp.Compare(b.score, a.score)
		case (a.start == 0) != (b.start == 0):
			return cmp.Compare(min(a.start, 1), min(b.start, 1))
		}
		return cmp.Compare(a.index, b.index)
	})
}

// narrows says whether what matches a query is among what matched an earlier
// one: it only grew, and no number became a word by that ("2k" is not in all
// that has "2").
func narrows(query, was string) bool {
	if was == "" || !strings.HasPrefix(query, was) {
		return false
	}
	now := split(query)
	for i, w := range split(was) {
		if w.exact && (i >= len(now) || !now[i].exact) {
			return false
		}
	}
	return true
}

// word is one word of a query.
type word struct {
	runes []rune
	exact bool
}

func split(query string) []word {
	var out []word
	for _, w := range strings.Fields(strings.ToLower(query)) {
		exact := strings.Trim(w, "0123456789x×:.") == "" && strings.Trim(w, "x×:.") != ""
		out = append(out, word{algo.NormalizeRunes([]rune(w)), exact})
	}
	return out
}

// in says how well and from where on the word is found in a text, and with
// positions at which characters; a start below 0 means that it is not there.
// quick looks for any match, not for the best.
func (w word) in(text *util.Chars, slab *util.Slab, quick, positions bool) (score, start int, at []int) {
	match := algo.FuzzyMatchV2
	switch {
	case w.exact:
		match = algo.ExactMatchNaive
	case quick:
		match = algo.FuzzyMatchV1
	}
	r, pos := match(false, true, true, text, w.runes, positions, slab)
	if pos != nil {
		return r.Score, r.Start, *pos
	}
	for i := r.Start; positions && i >= 0 && i < r.End; i++ { // an exact match gives none
		at = append(at, i)
	}
	return r.Score, r.Start, at
}

// match drops the hits that do not hold every word, and scores the others.
func (m *matcher) match(words []word, quick bool) {
	kept := m.hits[:0]
	for _, h := range m.hits {
		h.score, h.start = 0, -1
		for i, w := range words {
			score, start, _ := w.in(&m.texts[h.index], m.slab, quick, false)
			if h.score += score; i == 0 || start < 0 {
				h.start = start
			}
			if start < 0 {
				break
			}
		}
		if h.start >= 0 || len(words) == 0 {
			kept = append(kept, h)
		}
	}
	m.hits = kept
}

// found gives the positions, in characters, of what a query matches in an item.
func (m *matcher) found(index int) map[int]bool {
	if m.query == "" {
		return nil
	}
	at := map[int]bool{}
	for _, w := range split(m.query) {
		_, _, pos := w.in(&m.texts[index], m.slab, false, true)
		for _, p := range pos {
			at[p] = true
		}
	}
	return at
}
