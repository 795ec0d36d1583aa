package search

import (
	"encoding/binary"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"easel/backend"
)

// Entry is what the index knows of a task. It is a value. All of it is clean,
// but the path, which is as the file is called.
type Entry struct {
	ID       string
	Prompt   string // on one line
	Provider string
	Model    string
	Ratio    string
	Size     string
	State    backend.State
	Created  time.Time
	Finished time.Time
	Cost     string // "0.500000 credits"; "" where that is not known
	Files    int
	Path     string // of the first file, and what follows too
	Width    int
	Height   int
	Bytes    int64
	Starred  bool
	Trashed  bool // in the trash
	Gone     bool // it was in the trash when that was emptied
	Tags     []string
	From     []string // the tasks whose results it was made from
	Offset   int64    // of its last whole line in the file
	Length   int
	Sets     []Span // of the lines that change it
}

// row is an entry as it is kept: a hundred thousand are to be cheap.
type row struct {
	id   string
	low  string // the prompt in lower case
	caps string // what makes the prompt of low; see capitals
	name string // of the first file, in its folder

	created, finished int64 // in microseconds since 1970; 0 if not known
	offset, bytes     int64
	length            int32
	width, height     int32

	provider, model, ratio, size, state, folder, cost, tags uint32

	files uint16
	flags uint8
}

// The flags of a row.
const (
	starred uint8 = 1 << iota
	trashed
	gone
)

// The bounds of what a line may say.
const (
	longestID   = 128
	longestWord = 256
	mostTags    = 64
	mostFrom    = 16
)

func (x *Index) entry(at int32) Entry {
	r := x.row(at)
	e := Entry{
		ID: r.id, Prompt: capitals(r.low, r.caps), Provider: x.providers.list[r.provider], Model: x.models.list[r.model],
		Ratio: x.ratios.list[r.ratio], Size: x.sizes.list[r.size], State: backend.State(x.states.list[r.state]),
		Created: moment(r.created), Finished: moment(r.finished), Cost: x.costs.list[r.cost],
		Files: int(r.files), Width: int(r.width), Height: int(r.height), Bytes: r.bytes,
		Starred: r.flags&starred != 0, Trashed: r.flags&trashed != 0, Gone: r.flags&gone != 0,
		Tags: slices.Clone(x.tags[r.tags]), Offset: r.offset, Length: int(r.length),
	}
	if r.name != "" {
		e.Path = x.folders.list[r.folder] + r.name
	}
	if m := x.more[at]; m != nil {
		e.From, e.Sets = slices.Clone(m.from), slices.Clone(m.sets)
	}
	return e
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

// read takes the fields of a line, or of a change, into a row; false if one is
// of another kind than it must be.
func (x *Index) read(r *row, at int32, known bool, root gjson.Result) bool {
	ok := true
	word := func(to *uint32, w *words, v gjson.Result) {
		if v.Type == gjson.String {
			*to = w.once(v.Str)
		} else if v.Type != gjson.Null {
			ok = false
		}
	}
	root.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "prompt":
			if ok = v.Type == gjson.String || v.Type == gjson.Null; ok && v.Type == gjson.String {
				x.prompt(r, v.Str)
			}
		case "provider":
			word(&r.provider, x.providers, v)
		case "model":
			word(&r.model, x.models, v)
		case "ratio":
			word(&r.ratio, x.ratios, v)
		case "size":
			word(&r.size, x.sizes, v)
		case "state":
			word(&r.state, x.states, v)
		case "created":
			r.created = micro(v)
		case "finished":
			r.finished = micro(v)
		case "cost":
			if amount := v.Get("amount").String(); amount != "" {
				r.cost = x.costs.once(strings.TrimSpace(amount + " " + v.Get("unit").String()))
			}
		case "files":
			x.file(r, v)
		case "references":
			if from := refs(v); known && from != nil {
				x.extra(at).from = from
			}
		}
		return ok
	})
	if ok {
		x.marks(r, root)
	}
	return ok
}

// marks takes how an entry is marked: {"starred":true,"tags":["a"],"trashed":false}.
func (x *Index) marks(r *row, root gjson.Result) {
	flag := func(bit uint8, v gjson.Result) {
		if r.flags &^= bit; v.Bool() {
			r.flags |= bit
		}
	}
	root.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "starred":
			flag(starred, v)
		case "trashed":
			flag(trashed, v)
		case "gone":
			flag(gone, v)
		case "tags":
			var tags []string
			v.ForEach(func(_, t gjson.Result) bool {
				if tag := short(backend.Clean(t.String())); tag != "" {
					tags = append(tags, tag)
				}
				return len(tags) < mostTags
			})
			r.tags = x.tagged(tags)
		}
		return true
	})
}

// tagged gives the number of a combination of tags.
func (x *Index) tagged(tags []string) uint32 {
	key := strings.Join(tags, "\x00")
	if n, ok := x.tagAt[key]; ok || key == "" {
		return n
	}
	for i := range tags {
		tags[i] = strings.Clone(tags[i])
	}
	n := uint32(len(x.tags))
	x.tags = append(x.tags, tags)
	x.tagAt[strings.Clone(key)] = n
	return n
}

// prompt keeps the prompt in lower case, and what its capitals were. One that is
// as that of the row before is not kept twice: people roll again and again.
func (x *Index) prompt(r *row, text string) {
	text = backend.Clean(text)
	low := strings.ToLower(text)
	caps := capsOf(text, low)
	if x.n > 0 {
		if last := x.row(int32(x.n - 1)); last.low == low && last.caps == caps {
			r.low, r.caps = last.low, last.caps
			return
		}
	}
	r.low, r.caps = x.text.keep(low), x.text.keep(caps)
}

// capsOf says how a text differs from itself in lower case: "" not at all; the
// distances between the ASCII letters that are capitals; or, behind a zero, the
// text, where it differs by more.
func capsOf(text, low string) string {
	if text == low {
		return ""
	}
	if len(text) != len(low) {
		return "\x00" + text
	}
	var out []byte
	last := -1
	for i := range len(text) {
		switch c := text[i]; {
		case c == low[i]:
		case 'A' <= c && c <= 'Z' && c|0x20 == low[i]:
			out = binary.AppendUvarint(out, uint64(i-last))
			last = i
		default:
			return "\x00" + text
		}
		if len(out) >= len(text) {
			return "\x00" + text
		}
	}
	return string(out)
}

// capitals is the opposite of capsOf.
func capitals(low, caps string) string {
	switch {
	case caps == "":
		return low
	case caps[0] == 0:
		return caps[1:]
	}
	out, rest, at := []byte(low), []byte(caps), -1
	for len(rest) > 0 {
		d, n := binary.Uvarint(rest)
		at, rest = at+int(d), rest[n:]
		out[at] &^= 0x20
	}
	return string(out)
}

// file takes what is known of the first file.
func (x *Index) file(r *row, files gjson.Result) {
	r.files = uint16(min(files.Get("#").Int(), math.MaxUint16))
	first := files.Get("0")
	folder, name := filepath.Split(first.Get("path").String())
	if r.name != name {
		r.name = x.text.keep(name)
	}
	r.folder = x.folders.exactly(folder)
	r.width, r.height = pixels(first.Get("width")), pixels(first.Get("height"))
	r.bytes = first.Get("bytes").Int()
}

func pixels(v gjson.Result) int32 { return int32(min(max(v.Int(), 0), math.MaxInt32)) }

// refs gives the tasks that the references of a record name.
func refs(list gjson.Result) []string {
	if list.IsObject() {
		list = list.Get("references")
	}
	var out []string
	list.ForEach(func(_, v gjson.Result) bool {
		id := v.Get("task").String()
		if id != "" && len(id) <= longestID && !slices.Contains(out, id) {
			out = append(out, strings.Clone(backend.Clean(id)))
		}
		return len(out) < mostFrom
	})
	return out
}

func micro(v gjson.Result) int64 {
	t, err := time.Parse(time.RFC3339Nano, v.String())
	if err != nil || t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// words are those that many entries have, once each, in both cases.
type words struct {
	list, low []string
	at        map[string]uint32
}

// once gives the number of a word, cleaned.
func (w *words) once(s string) uint32 {
	if n, ok := w.at[s]; ok {
		return n
	}
	return w.exactly(short(backend.Clean(s)))
}

func (w *words) exactly(s string) uint32 {
	if n, ok := w.at[s]; ok {
		return n
	}
	s = strings.Clone(s)
	n := uint32(len(w.list))
	w.list, w.low = append(w.list, s), append(w.low, strings.ToLower(s))
	w.at[s] = n
	return n
}

// short cuts what nobody calls a word.
func short(s string) string {
	if len(s) <= longestWord {
		return s
	}
	return strings.ToValidUTF8(s[:longestWord], "")
}

// arena keeps texts behind one another: one alone costs what it is long.
type arena struct{ b *strings.Builder }

const arenaSize = 64 << 10

func (a *arena) keep(s string) string {
	switch {
	case s == "":
		return ""
	case len(s) > arenaSize/8:
		return strings.Clone(s)
	case a.b == nil || a.b.Cap()-a.b.Len() < len(s):
		a.b = &strings.Builder{}
		a.b.Grow(arenaSize)
	}
	from := a.b.Len()
	a.b.WriteString(s)
	return a.b.String()[from:]
}
