// Package search finds tasks in the history while a person types: over prompt,
// model, provider, tags and date, fuzzy and ranked, within a frame at 100,000
// entries.
//
// It holds of every task what a search and a grid need, and where its lines
// stand in history.jsonl; the rest is read when it is shown. How lines are
// written and read belongs to history.
package search

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"easel/backend"
)

// Index is all entries. One goroutine may add while others search. An entry
// keeps its row for as long as the index lives.
type Index struct {
	mu    sync.RWMutex
	rows  []*[chunk]row
	n     int
	order []int32          // rows by id, which is by time, the oldest first
	byID  map[uint64]int32 // by the hash of the id
	seed  maphash.Seed
	text  arena

	prompts map[string]wording // the last ones, by their text in lower case
	epoch   int                // grows when something was added or changed
	whole   bool               // nothing of the file is missing

	providers, models, ratios, sizes, states, folders, costs *words

	tags  [][]string // combinations of tags; the first is none
	tagAt map[string]uint32
	more  map[int32]*more // what few entries have
	early map[string][]early
	came  int // how many changes came before their record
}

// chunk is how many rows are made at once: they never move.
const chunk = 1024

// more is what few entries have.
type more struct {
	from []string // the tasks whose results it was made from
	sets []Span   // its changes
}

// early is a change that came before its record.
type early struct {
	set string
	at  Span
}

// mostNested bounds how deep a line may be nested: who checks it goes as deep.
const mostNested = 100_000

// mostEarly bounds how many are kept.
const mostEarly = 10_000

// Span is where a line stands in the file.
type Span struct {
	Offset int64
	Length int
}

// NewIndex gives an empty index.
func NewIndex() *Index {
	x := &Index{byID: map[uint64]int32{}, seed: maphash.MakeSeed(), prompts: map[string]wording{}, tags: [][]string{nil},
		tagAt: map[string]uint32{}, more: map[int32]*more{}, early: map[string][]early{}}
	for _, w := range []**words{&x.providers, &x.models, &x.ratios, &x.sizes, &x.states, &x.folders, &x.costs} {
		*w = &words{list: []string{""}, low: []string{""}, at: map[string]uint32{"": 0}}
	}
	return x
}

// Add takes a line of history.jsonl in, which stands at the offset. A line of an
// id that is there already changes that entry: later fields win, what the line
// does not have stays. It says whether the line was understood; one that was
// not changes nothing.
func (x *Index) Add(line []byte, offset int64) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := len(x.order)
	ok := x.add(string(line), offset)
	x.settle(before)
	return ok
}

// AddAll takes lines in, of which the first stands at the offset. Searches wait
// meanwhile: pieces of a megabyte are taken in at once, not files.
func (x *Index) AddAll(lines string, offset int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := len(x.order)
	for len(lines) > 0 {
		line, rest, _ := strings.Cut(lines, "\n")
		x.add(line, offset)
		offset += int64(len(line)) + 1
		lines = rest
	}
	x.settle(before)
}

func (x *Index) add(line string, offset int64) bool {
	if len(line) > mostNested && strings.Count(line, "[")+strings.Count(line, "{") > mostNested || !gjson.Valid(line) {
		return false
	}
	f := parse(gjson.Parse(line))
	id := f.id.Str
	if f.id.Type != gjson.String || id == "" || len(id) > longestID || backend.Clean(id) != id {
		return false
	}
	here := Span{offset, len(line)}
	key := maphash.String(x.seed, id)
	at, known := x.byID[key]
	known = known && x.row(at).id == id
	if f.set.Type != gjson.Null {
		return x.change(id, at, known, f.set, here)
	}
	r := row{id: id}
	if known {
		r = *x.row(at)
	}
	if !x.read(&r, &f) || r.state == 0 {
		return false
	}
	r.offset, r.length = offset, int32(len(line))
	x.epoch++
	if !known {
		r.id = x.text.keep(id)
		at = x.push(r, key)
		x.catchUp(at)
	} else {
		r.flags &^= trashed | gone // stars and tags stay, but what has come again is not in the trash
		*x.row(at) = r
	}
	x.made(at, &f)
	return true
}

// made takes what an entry was made from.
func (x *Index) made(at int32, f *fields) {
	if from := refs(f.references); from != nil {
		x.extra(at).from = from
	}
}

// catchUp gives a new entry the changes that came before it. Of these only stars
// and tags hold: the fields of the record are later.
func (x *Index) catchUp(at int32) {
	r := x.row(at)
	for _, e := range x.early[r.id] {
		f := parse(gjson.Parse(e.set))
		x.marks(r, &f)
		x.extra(at).sets = append(x.extra(at).sets, e.at)
		r.flags &^= trashed | gone
	}
	delete(x.early, r.id)
}

// change takes a line that changes an entry.
func (x *Index) change(id string, at int32, known bool, set gjson.Result, here Span) bool {
	if !set.IsObject() {
		return false
	}
	if !known {
		if x.came++; x.came <= mostEarly {
			id = strings.Clone(id)
			x.early[id] = append(x.early[id], early{strings.Clone(set.Raw), here})
		}
		return true
	}
	r, f := *x.row(at), parse(set)
	if f.id.Exists() && f.id.Str != r.id || !x.read(&r, &f) {
		return false
	}
	x.epoch++
	*x.row(at) = r
	x.made(at, &f)
	m := x.extra(at)
	if n := len(m.sets); n == 0 || m.sets[n-1] != here {
		m.sets = append(m.sets, here)
	}
	return true
}

// push adds a row. It is in the order after settle.
func (x *Index) push(r row, key uint64) int32 {
	if x.n%chunk == 0 {
		x.rows = append(x.rows, new([chunk]row))
	}
	at := int32(x.n)
	x.n++
	*x.row(at) = r
	x.byID[key] = at
	x.order = append(x.order, at)
	return at
}

func (x *Index) row(at int32) *row { return &x.rows[at/chunk][at%chunk] }

func (x *Index) extra(at int32) *more {
	m := x.more[at]
	if m == nil {
		m = &more{}
		x.more[at] = m
	}
	return m
}

// settle brings the rows of the order from a place on to where they belong,
// which is almost always where they are.
func (x *Index) settle(from int) {
	byID := func(a, b int32) int { return cmp.Compare(x.row(a).id, x.row(b).id) }
	fresh := x.order[from:]
	if len(fresh) == 0 {
		return
	}
	slices.SortFunc(fresh, byID)
	first, _ := slices.BinarySearchFunc(x.order[:from], fresh[0], byID)
	if first == from {
		return
	}
	old := slices.Clone(x.order[first:from])
	fresh = slices.Clone(fresh)
	for i := first; i < len(x.order); i++ {
		if len(fresh) == 0 || len(old) > 0 && byID(old[0], fresh[0]) < 0 {
			x.order[i], old = old[0], old[1:]
		} else {
			x.order[i], fresh = fresh[0], fresh[1:]
		}
	}
}

// find gives the row of an id.
func (x *Index) find(id string) (int32, bool) {
	at, ok := x.byID[maphash.String(x.seed, id)]
	return at, ok && x.row(at).id == id
}

// Epoch grows whenever something is added or changed.
func (x *Index) Epoch() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.epoch
}

// Whole says whether all that the file has is in the index.
func (x *Index) Whole() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.whole
}

// Complete notes that the index is whole.
func (x *Index) Complete() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.whole = true
	x.epoch++
}

// Len is the number of entries, those in the trash with them.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.n
}

// Get gives the entry of an id.
func (x *Index) Get(id string) (Entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, ok := x.find(id)
	if !ok {
		return Entry{}, false
	}
	return x.entry(at), true
}

// Tags lists every tag that an entry outside of the trash has, in order.
func (x *Index) Tags() []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	used := make([]bool, len(x.tags))
	for _, at := range x.order {
		if r := x.row(at); r.flags&(trashed|gone) == 0 {
			used[r.tags] = true
		}
	}
	var out []string
	for i, tags := range x.tags {
		if used[i] {
			out = append(out, tags...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
