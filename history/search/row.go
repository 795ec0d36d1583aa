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

// fields are what a line, or a change, says of what is of interest here.
type fields struct {
	id, set, prompt, provider, model, ratio, size, state, created, finished,
	cost, files, references, starred, trashed, gone, tags gjson.Result
}

// of is where a field goes; nil if it is of no interest.
func (f *fields) of(key string) *gjson.Result {
	switch key {
	case "id":
		return &f.id
	case "set":
		return &f.set
	case "prompt":
		return &f.prompt
	case "provider":
		return &f.provider
	case "model":
		return &f.model
	case "ratio":
		return &f.ratio
	case "size":
		return &f.size
	case "state":
		return &f.state
	case "created":
		return &f.created
	case "finished":
		return &f.finished
	case "cost":
		return &f.cost
	case "files":
		return &f.files
	case "references":
		return &f.references
	case "starred":
		return &f.starred
	case "trashed":
		return &f.trashed
	case "gone":
		return &f.gone
	case "tags":
		return &f.tags
	}
	return nil
}

func parse(object gjson.Result) (f fields) {
	object.ForEach(func(k, v gjson.Result) bool {
		if to := f.of(k.Str); to != nil {
			*to = v
		}
		return true
	})
	return f
}

// read takes the fields of a line, or of a change, into a row; false if one is
// of another kind than it must be.
func (x *Index) read(r *row, f *fields) bool {
	for _, v := range []*gjson.Result{&f.prompt, &f.provider, &f.model, &f.ratio, &f.size, &f.state} {
		if v.Type != gjson.String && v.Type != gjson.Null {
			return false
		}
	}
	for _, v := range []*gjson.Result{&f.files, &f.references, &f.tags} {
		if v.Type != gjson.Null && !v.IsArray() {
			return false
		}
	}
	if f.prompt.Type == gjson.String {
		x.prompt(r, f.prompt.Str)
	}
	word := func(to *uint32, w *words, v *gjson.Result) {
		if v.Type == gjson.String {
			*to = w.once(v.Str)
		}
	}
	word(&r.provider, x.providers, &f.provider)
	word(&r.model, x.models, &f.model)
	word(&r.ratio, x.ratios, &f.ratio)
	word(&r.size, x.sizes, &f.size)
	word(&r.state, x.states, &f.state)
	if f.created.Exists() {
		r.created = micro(f.created)
	}
	if f.finished.Exists() {
		r.finished = micro(f.finished)
	}
	if amount := f.cost.Get("amount").String(); amount != "" {
		r.cost = x.costs.once(strings.TrimSpace(amount + " " + f.cost.Get("unit").String()))
	}
	if f.files.Exists() {
		x.file(r, f.files)
	}
	x.marks(r, f)
	return true
}

// marks takes how an entry is marked: {"starred":true,"tags":["a"],"trashed":false}.
func (x *Index) marks(r *row, f *fields) {
	flag := func(bit uint8, v *gjson.Result) {
		if !v.Exists() {
			return
		}
		if r.flags &^= bit; v.Bool() {
			r.flags |= bit
		}
	}
	flag(starred, &f.starred)
	flag(trashed, &f.trashed)
	flag(gone, &f.gone)
	if !f.tags.Exists() {
		return
	}
	var tags []string
	each(f.tags, func(t gjson.Result) bool {
		if tag := short(backend.Clean(t.String())); tag != "" {
			tags = append(tags, tag)
		}
		return len(tags) < mostTags
	})
	r.tags = x.tagged(tags)
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

// lately is how many prompts are remembered, to keep the same one once: people
// roll again and again, and ask several providers.
const lately = 4096

// prompt keeps the prompt in lower case, and what its capitals were.
func (x *Index) prompt(r *row, text string) {
	text = backend.Clean(text)
	low := strings.ToLower(text)
	caps := capsOf(text, low)
	last, ok := x.prompts[low]
	if !ok {
		if len(x.prompts) >= lately {
			clear(x.prompts)
		}
		last = wording{low: x.text.keep(low)}
	}
	if last.caps != caps {
		last.caps = x.text.keep(caps)
	}
	x.prompts[last.low] = last
	r.low, r.caps = last.low, last.caps
}

// wording is a prompt as it is kept.
type wording struct{ low, caps string }

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
	n, path := 0, ""
	r.width, r.height, r.bytes = 0, 0, 0
	each(files, func(v gjson.Result) bool {
		if n++; n > 1 {
			return n < math.MaxUint16
		}
		v.ForEach(func(k, v gjson.Result) bool {
			switch k.Str {
			case "path":
				path = v.String()
			case "width":
				r.width = pixels(v)
			case "height":
				r.height = pixels(v)
			case "bytes":
				r.bytes = max(v.Int(), 0)
			}
			return true
		})
		return true
	})
	r.files = uint16(n)
	folder, name := filepath.Split(path)
	if r.name != name {
		r.name = x.text.keep(name)
	}
	r.folder = x.folders.exactly(folder)
}

// each calls f for what is in a list; null is one without anything.
func each(list gjson.Result, f func(gjson.Result) bool) {
	if list.IsArray() {
		list.ForEach(func(_, v gjson.Result) bool { return f(v) })
	}
}

func pixels(v gjson.Result) int32 { return int32(min(max(v.Int(), 0), math.MaxInt32)) }

// refs gives the tasks that the references of a record name.
func refs(list gjson.Result) []string {
	var out []string
	each(list, func(v gjson.Result) bool {
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
