package search

import (
	"context"
	"slices"
	"strings"
)

// matcher is a query made ready for one search: what can be answered once for
// all entries of a model, a provider and the like, is.
type matcher struct {
	x       *Index
	q       *Query
	words   []lookup
	filters []lookup
}

// lookup is what is known of a word or a filter beforehand, by the number of the
// model and so on. A nil table says no.
type lookup struct {
	providers, models, states, tags, ratios, sizes []bool

	rare int // where in the word the byte stands that is least common in prompts
}

// idFrom is how long a word must be to be looked for in ids and states: ids are
// made of letters by chance, and a short word would be in many.
const idFrom = 4

func (x *Index) matcher(q *Query) *matcher {
	m := &matcher{x: x, q: q}
	for i := range q.words {
		w := q.words[i].text
		l := lookup{providers: x.providers.with(w), models: x.models.with(w), tags: x.tagsWith(w), rare: rarest(w)}
		if len(w) >= idFrom {
			l.states = x.states.with(w)
		}
		m.words = append(m.words, l)
	}
	for i := range q.filters {
		m.filters = append(m.filters, x.lookup(&q.filters[i]))
	}
	return m
}

func (x *Index) lookup(f *filter) (l lookup) {
	switch v := f.value; f.key {
	case "model":
		l.models = x.models.with(v)
	case "provider":
		l.providers = x.providers.with(v)
	case "ratio":
		l.ratios = x.ratios.like(func(s string) bool { return s == v })
	case "size":
		l.sizes = x.sizes.with(v)
	case "state", "is":
		l.states = x.states.like(func(s string) bool { return s == v })
	case "tag":
		l.tags = make([]bool, len(x.tags))
		for i, tags := range x.tags {
			l.tags[i] = slices.ContainsFunc(tags, func(t string) bool { return strings.HasPrefix(strings.ToLower(t), v) })
		}
	}
	return l
}

// like says of each word whether it fulfils a condition; nil if none does.
func (w *words) like(is func(low string) bool) []bool {
	var out []bool
	for i, low := range w.low {
		if is(low) {
			if out == nil {
				out = make([]bool, len(w.low))
			}
			out[i] = true
		}
	}
	return out
}

func (w *words) with(part string) []bool {
	return w.like(func(low string) bool { return strings.Contains(low, part) })
}

// tagsWith says of each combination of tags whether one has a part.
func (x *Index) tagsWith(part string) []bool {
	var out []bool
	for i, tags := range x.tags {
		if slices.ContainsFunc(tags, func(t string) bool { return strings.Contains(strings.ToLower(t), part) }) {
			if out == nil {
				out = make([]bool, len(x.tags))
			}
			out[i] = true
		}
	}
	return out
}

func in(table []bool, n uint32) bool { return table != nil && table[n] }

// match finds among the rows of the order, or among earlier hits, from a place
// to another.
func (m *matcher) match(ctx context.Context, from []hit, lo, hi int) []hit {
	var out []hit
	told := memo{}
	if from == nil && len(m.words) == 0 {
		out = make([]hit, 0, hi-lo)
	}
	for i := lo; i < hi; i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil
		}
		var at int32
		if from != nil {
			at = from[i].at
		} else {
			at = m.x.order[i]
		}
		r := m.x.row(at)
		if !m.holds(r, at) {
			continue
		}
		if score, ok := m.score(r, &told); ok {
			out = append(out, hit{at, score})
		}
	}
	return out
}

// holds says whether a row passes the filters.
func (m *matcher) holds(r *row, at int32) bool {
	if m.q.side != everywhere && m.q.side != r.side() {
		return false
	}
	for i := range m.q.filters {
		if m.passes(i, r, at) == m.q.filters[i].not {
			return false
		}
	}
	return true
}

func (m *matcher) passes(i int, r *row, at int32) bool {
	f, l := &m.q.filters[i], &m.filters[i]
	switch f.key {
	case "model":
		return in(l.models, r.model)
	case "provider":
		return in(l.providers, r.provider)
	case "ratio":
		return in(l.ratios, r.ratio)
	case "size":
		return in(l.sizes, r.size)
	case "state":
		return in(l.states, r.state)
	case "tag":
		return in(l.tags, r.tags)
	case "id":
		return isID(r.id, f.value)
	case "from":
		e := m.x.more[at]
		return e != nil && slices.ContainsFunc(e.from, func(id string) bool { return isID(id, f.value) })
	case "since":
		return r.when() >= f.at
	case "before":
		return r.when() < f.at
	}
	switch f.value {
	case "starred":
		return r.flags&starred != 0
	case "tagged":
		return r.tags != 0
	case "picture":
		return r.files > 0
	case "trashed":
		return r.side() == thrown
	case "gone":
		return r.side() == emptied
	}
	return in(l.states, r.state)
}

func (r *row) side() side {
	switch {
	case r.flags&gone != 0:
		return emptied
	case r.flags&trashed != 0:
		return thrown
	}
	return kept
}

// isID says whether an id is meant by a part of it.
func isID(id, part string) bool {
	return strings.HasSuffix(id, part) || strings.HasPrefix(id, part)
}

// when is the time that a search by date means.
func (r *row) when() int64 {
	if r.created != 0 {
		return r.created
	}
	return r.finished
}

// fuzzyFrom is how long a word must be to be found fuzzily: shorter ones would
// be found in almost every prompt. Only ASCII is: a word of Chinese is as short
// as it can be.
const fuzzyFrom = 4

// slack is how many other characters may stand between those of a word. With
// it, what a word finds, every beginning of it finds too.
const slack = 10

// exactBonus puts a word that stands there as it is before one that is spread.
const exactBonus = 400

// memo is what was found out about a prompt: people roll again and again, so that
// the next one is often the same.
type memo struct {
	low    string
	scores []int32 // by word: notYet, notThere, or how well it fits
}

const (
	notYet   = -2
	notThere = -1
)

// score says how well a row fits the words.
func (m *matcher) score(r *row, told *memo) (int32, bool) {
	if told.scores == nil || told.low != r.low {
		told.low, told.scores = r.low, told.scores[:0]
		for range m.words {
			told.scores = append(told.scores, notYet)
		}
	}
	total := int32(0)
	for i := range m.words {
		if told.scores[i] == notYet {
			told.scores[i] = m.inPrompt(i, r.low)
		}
		s := told.scores[i]
		if s < exactBonus && m.beside(i, r) {
			s = exactBonus
		}
		if not := m.q.words[i].not; not == (s != notThere) {
			return 0, false
		} else if !not {
			total += s
		}
	}
	return total, true
}

// inPrompt says how well a word fits a prompt.
func (m *matcher) inPrompt(i int, low string) int32 {
	w := &m.q.words[i]
	at, possible := within(low, w.text, m.words[i].rare)
	if at >= 0 {
		return exactBonus + beginning(low, at)
	}
	if !w.fuzzy || !possible {
		return notThere
	}
	most := len(w.text) + slack
	span := near(low, w.text, most)
	if span == 0 {
		return notThere
	}
	return int32(10 * (most - span))
}

// beside says whether a word stands as it is in what a row has beside its prompt.
func (m *matcher) beside(i int, r *row) bool {
	l, text := &m.words[i], m.q.words[i].text
	return in(l.models, r.model) || in(l.providers, r.provider) || in(l.tags, r.tags) || in(l.states, r.state) ||
		len(text) >= idFrom && strings.Contains(r.id, text)
}

// common are the bytes of prompts, the most common first, those of texts that
// are not ASCII aside.
const common = " etaoinsrhldcumfpgwyb,vk.-xjqz"

// rarest says where in a word the byte stands that is least common in prompts: to
// look for that one is several times as quick as to look for the first one.
func rarest(word string) int {
	at, best := 0, -1
	for i := range len(word) {
		rank := strings.IndexByte(common, word[i])
		switch {
		case word[i] >= 0xC0:
			rank = 0 // the first of a character: a few stand before them all
		case rank < 0:
			rank = len(common)
		}
		if rank > best {
			at, best = i, rank
		}
	}
	return at
}

// within says where a word stands in a text, or -1, and then whether its
// characters may yet be there in their order.
func within(text, word string, rare int) (at int, possible bool) {
	for at, c := 0, word[rare]; at+len(word) <= len(text); at++ {
		i := strings.IndexByte(text[at+rare:], c)
		if i < 0 {
			return -1, at > 0
		}
		if at += i; at+len(word) <= len(text) && text[at:at+len(word)] == word {
			return at, true
		}
	}
	return -1, len(text) >= len(word)
}

// beginning is what a match is worth more at the beginning of a word.
func beginning(s string, at int) int32 {
	if at == 0 || !isLetter(s[at-1]) {
		return 50
	}
	return 0
}

// near finds the closest place at which the characters of a word stand in their
// order, the first of them at the beginning of a word: how wide it is, at most
// most; 0 if there is none. The matchers of the known
// libraries find a first place, or the one that scores best, but do not say
// whether there is one that is close.
func near(text, word string, most int) (span int) {
	first := word[0]
	for start := 0; ; start++ {
		i := strings.IndexByte(text[start:], first)
		if i < 0 {
			return span
		}
		if start += i; start > 0 && isLetter(text[start-1]) {
			continue
		}
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
			span = end - start
		}
	}
}

// isLetter says whether a byte is of a word: a letter, a digit, or a part of a
// character that is not ASCII.
func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= 0x80
}

// Fits says whether a line of history.jsonl, a whole record, is what the query
// looks for. Marks may be in it as further fields.
func (q Query) Fits(line []byte) bool {
	x := NewIndex()
	return x.Add(line, 0) && len(x.matcher(&q).match(context.Background(), nil, 0, 1)) == 1
}
