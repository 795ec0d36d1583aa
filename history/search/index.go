// Package search finds tasks in the history while a person types: over prompt,
// model, provider, tags and date, fuzzy and ranked, within a frame at 100,000
// entries.
//
// It holds of every task what a search and a grid need, and where its line
// stands in history.jsonl; the rest is read when it is shown. How lines are
// written and read belongs to history.
package search

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"easel/backend"
)

// Entry is what the index knows of a task. It is a value; its tags are never
// written after they were put in.
type Entry struct {
	ID       string
	Prompt   string // clean, on one line
	Provider string
	Model    string
	Ratio    string
	Size     string
	State    backend.State
	Created  time.Time
	Finished time.Time
	Files    int
	Starred  bool
	Trashed  bool
	Tags     []string
	Offset   int64 // of its last whole line in the file
	Length   int

	low, lowModel string // prompt and model in lower case, for the matcher
}

// Index is all entries, in the order in which they came. One goroutine may add
// while others search.
type Index struct {
	mu      sync.RWMutex
	entries []Entry
	byID    map[uint64]int32 // by the hash of the id: 12 bytes for each
	seed    maphash.Seed
	words   map[string]string // providers, models and the like, once each
	epoch   int               // grows when something was added or changed
}

// NewIndex gives an empty index.
func NewIndex() *Index {
	return &Index{byID: map[uint64]int32{}, seed: maphash.MakeSeed(), words: map[string]string{}}
}

// Add takes a line of history.jsonl in, which stands at the offset. A line of an
// id that is there already changes that entry: later fields win, what the line
// does not have stays. It says whether the line was understood; one that was
// not changes nothing.
func (x *Index) Add(line []byte, offset int64) bool {
	if !gjson.ValidBytes(line) {
		return false
	}
	root := gjson.ParseBytes(line)
	id := root.Get("id").String()
	if id == "" {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.epoch++
	key := maphash.String(x.seed, id)
	at, known := x.byID[key]
	if set := root.Get("set"); set.IsObject() {
		if known {
			x.entries[at].set(set)
		}
		return true
	}
	e := Entry{ID: strings.Clone(id)}
	if known {
		e = x.entries[at]
	}
	x.read(&e, root)
	e.Offset, e.Length = offset, len(line)
	if known {
		x.entries[at] = e
		return true
	}
	x.byID[key] = int32(len(x.entries))
	x.entries = append(x.entries, e)
	return true
}

// read takes the fields of a whole line.
func (x *Index) read(e *Entry, root gjson.Result) {
	root.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "prompt":
			e.Prompt = strings.Clone(backend.Clean(v.String()))
			e.low = strings.ToLower(e.Prompt) // the same memory where it is that already
		case "provider":
			e.Provider = x.once(v.String())
		case "model":
			e.Model = x.once(v.String())
			e.lowModel = x.once(strings.ToLower(e.Model))
		case "ratio":
			e.Ratio = x.once(v.String())
		case "size":
			e.Size = x.once(v.String())
		case "state":
			e.State = backend.State(x.once(v.String()))
		case "created":
			e.Created, _ = time.Parse(time.RFC3339Nano, v.String())
		case "finished":
			e.Finished, _ = time.Parse(time.RFC3339Nano, v.String())
		case "files":
			e.Files = int(v.Get("#").Int())
		}
		return true
	})
}

// set takes a change: {"starred":true,"tags":["a"],"trashed":false}.
func (e *Entry) set(change gjson.Result) {
	change.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "starred":
			e.Starred = v.Bool()
		case "trashed":
			e.Trashed = v.Bool()
		case "tags":
			var tags []string
			for _, t := range v.Array() {
				tags = append(tags, backend.Clean(t.String()))
			}
			e.Tags = tags
		}
		return true
	})
}

func (x *Index) once(s string) string {
	s = backend.Clean(s)
	if w, ok := x.words[s]; ok {
		return w
	}
	s = strings.Clone(s)
	x.words[s] = s
	return s
}

// Len is the number of entries, those in the trash with them.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.entries)
}

// Get gives the entry of an id.
func (x *Index) Get(id string) (Entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, ok := x.byID[maphash.String(x.seed, id)]
	if !ok || x.entries[at].ID != id {
		return Entry{}, false
	}
	return x.entries[at], true
}

// Tags lists every tag that an entry outside of the trash has, in order.
func (x *Index) Tags() []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []string
	for i := range x.entries {
		if !x.entries[i].Trashed {
			out = append(out, x.entries[i].Tags...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
