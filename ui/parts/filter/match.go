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

// prepare fills fzf's tables of character classes.
var prepare = sync.OnceFunc(func() { algo.Init("default") })

// hit is an item that matches, and how well.
type hit struct{ index, score int }

// matcher finds the items that hold every word of a query, each fuzzily: its
// letters in order, in any case, best where they stand together or begin words.
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

// find makes the hits those of a query: the best first, equal ones in their own
// order. A query that only grew is looked for among the hits that there were.
func (m *matcher) find(query string) {
	if query == m.query {
		return
	}
	if m.query == "" || !strings.HasPrefix(query, m.query) {
		m.all()
	}
	words := patterns(query)
	m.query = query
	m.hits = slices.DeleteFunc(m.hits, func(h hit) bool { return !m.matches(h.index, words) })
	for i, h := range m.hits {
		m.hits[i].score = m.score(h.index, words)
	}
	slices.SortStableFunc(m.hits, func(a, b hit) int {
		if a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		return cmp.Compare(a.index, b.index)
	})
}

func patterns(query string) [][]rune {
	var out [][]rune
	for _, w := range strings.Fields(strings.ToLower(query)) {
		out = append(out, algo.NormalizeRunes([]rune(w)))
	}
	return out
}

func (m *matcher) matches(index int, words [][]rune) bool {
	for _, w := range words {
		if r, _ := algo.FuzzyMatchV1(false, true, true, &m.texts[index], w, false, m.slab); r.Start < 0 {
			return false
		}
	}
	return true
}

func (m *matcher) score(index int, words [][]rune) int {
	sum := 0
	for _, w := range words {
		r, _ := algo.FuzzyMatchV2(false, true, true, &m.texts[index], w, false, m.slab)
		sum += r.Score
	}
	return sum
}

// found gives the positions, in characters, of what a query matches in an item.
func (m *matcher) found(index int) map[int]bool {
	words := patterns(m.query)
	if len(words) == 0 {
		return nil
	}
	at := map[int]bool{}
	for _, w := range words {
		if _, pos := algo.FuzzyMatchV2(false, true, true, &m.texts[index], w, true, m.slab); pos != nil {
			for _, p := range *pos {
				at[p] = true
			}
		}
	}
	return at
}
