package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"easel/backend"
)

var now = time.Date(2026, 11, 20, 17, 45, 0, 0, time.UTC)

func line(id, prompt, model, provider, state string, created time.Time) []byte {
	return fmt.Appendf(nil, `{"v":1,"id":%q,"state":%q,"provider":%q,"model":%q,"prompt":%q,"ratio":"16:9","size":"2K","created":%q,"files":[{"path":"/a.png"}]}`,
		id, state, provider, model, prompt, created.Format(time.RFC3339Nano))
}

func sample() *Index {
	x := NewIndex()
	add := func(id, prompt, model, provider, state string, ago time.Duration) {
		if !x.Add(line(id, prompt, model, provider, state, now.Add(-ago)), int64(x.Len()*100)) {
			panic(id)
		}
	}
	day := 24 * time.Hour
	add("a1", "a lighthouse in a storm, oil on canvas", "NanoBananaPro-2K", "uniall", "done", 40*day)
	add("b2", "a border collie selling leashes", "gpt-image-2", "grsai", "done", 10*day)
	add("c3", "白色暹罗猫,窗边,柔光", "nano-banana", "acedata", "done", 8*day)
	add("d4", "a red cube on a desk", "gpt-image-2", "haoee", "failed", 2*day)
	add("e5", "collie at the golden hour", "gpt-image-2-vip", "grsai", "done", time.Hour)
	x.Add([]byte(`{"v":1,"id":"b2","at":"2026-11-20T00:00:00Z","set":{"starred":true,"tags":["Dogs","shop"]}}`), 0)
	x.Add([]byte(`{"v":1,"id":"d4","set":{"tags":["red ones"]}}`), 0)
	return x
}

func found(t *testing.T, x *Index, query string) string {
	t.Helper()
	f, err := NewFinder(x).Find(context.Background(), Parse(query, now))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range f.Len() {
		ids = append(ids, f.At(i).ID)
	}
	return strings.Join(ids, " ")
}

func TestFind(t *testing.T) {
	x := sample()
	for query, want := range map[string]string{
		"":                            "e5 d4 c3 b2 a1",
		"  ":                          "e5 d4 c3 b2 a1",
		"collie":                      "e5 b2",
		"COLLIE":                      "e5 b2",
		"lgthse":                      "a1",
		"collie selling":              "b2",
		"selling collie":              "b2",
		"暹罗":                          "c3",
		"猫 柔光":                        "c3",
		"zzzz":                        "",
		`"golden hour"`:               "e5",
		`"hour golden"`:               "",
		"“golden hour”":               "e5",
		"“golden hour”collie":         "e5",
		"-“golden hour” collie":       "b2",
		"model：nanobanana　storm":      "a1",
		"is：starred":                  "b2",
		"a：b":                         "",
		"collie -golden":              "b2",
		"model:gpt-image-2":           "e5 d4 b2",
		"model:nanobanana":            "a1",
		"vip":                         "e5",
		"provider:grsai":              "e5 b2",
		"haoee":                       "d4",
		"-provider:grsai -model:nano": "d4",
		"since:7d":                    "e5 d4",
		"since:today":                 "e5",
		"since:yesterday":             "e5",
		"before:2026-11-01":           "a1",
		"since:2026-11 before:1w":     "c3 b2",
		"since:3":                     "e5 d4 c3 b2 a1", // still being typed
		"is:starred":                  "b2",
		"-is:starred":                 "e5 d4 c3 a1",
		"is:failed":                   "d4",
		"state:failed":                "d4",
		"tag:dogs":                    "b2",
		"tag:do":                      "b2", // as it is typed
		"tag:ogs":                     "",
		`tag:"red ones" cube`:         "d4",
		`tag:"red o`:                  "d4",
		`-tag:"red ones" gpt cube`:    "",
		"is:st":                       "e5 d4 c3 b2 a1", // still being typed
		"is:stx":                      "",
		"state:fai cube":              "d4",
		"is:picture since:3d":         "e5 d4",
		"shop":                        "b2",
		"tag:":                        "e5 d4 c3 b2 a1",
		"id:d4":                       "d4",
		"size:2k ratio:16:9 cube":     "d4",
		"model:gpt-image-2 since:30d is:starred collie": "b2",
		"http://x":      "",
		`"never closed`: "",
		"-":             "e5 d4 c3 b2 a1", // still being typed
	} {
		if got := found(t, x, query); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestWordsThatStandThereComeFirst(t *testing.T) {
	x := NewIndex()
	x.Add(line("a-spread", "cold art in the tower", "m", "p", "done", now), 0)
	x.Add(line("b-whole", "a cart", "m", "p", "done", now.Add(-time.Hour)), 0)
	x.Add(line("c-later", "the cart again", "m", "p", "done", now), 0)
	if got := found(t, x, "cart"); got != "c-later b-whole a-spread" {
		t.Errorf("%q", got)
	}
}

func TestAddFolds(t *testing.T) {
	x := sample()
	x.Add(line("b2", "a border collie selling hats", "gpt-image-2", "grsai", "done", now), 7000)
	e, ok := x.Get("b2")
	if !ok || e.Prompt != "a border collie selling hats" || !e.Starred || e.Offset != 7000 || e.Files != 1 || x.Len() != 5 {
		t.Errorf("%+v", e)
	}
	x.Add([]byte(`{"v":1,"id":"b2","set":{"starred":false,"trashed":true}}`), 0)
	if got := found(t, x, "collie"); got != "e5" {
		t.Errorf("the trash is shown: %q", got)
	}
	if got := found(t, x, "is:trashed"); got != "b2" {
		t.Errorf("the trash: %q", got)
	}
	if tags := x.Tags(); !slices.Equal(tags, []string{"red ones"}) {
		t.Errorf("tags of the trash: %v", tags)
	}
	for _, bad := range []string{"", "{", "null", `{"v":1}`, `{"id":"`} {
		if x.Add([]byte(bad), 0) {
			t.Errorf("%q was understood", bad)
		}
	}
	if x.Add([]byte(`{"v":9,"id":"new","set":{"starred":true,"mood":"x"}}`), 0); x.Len() != 5 {
		t.Error("a change of what is not there made an entry")
	}
}

func TestLinesThatAreNested(t *testing.T) {
	x := NewIndex()
	deep := `{"id":"a","state":"done","x":` + strings.Repeat("[", 20<<20)
	if x.Add([]byte(deep), 0) || x.Add([]byte(deep+strings.Repeat("]", 20<<20)+"}"), 0) || x.Len() != 0 {
		t.Error("it was understood")
	}
	if !x.Add([]byte(`{"id":"a","state":"done","x":`+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+"}"), 0) {
		t.Error("it was not understood")
	}
}

func TestForeignTextIsClean(t *testing.T) {
	x := NewIndex()
	x.Add([]byte(`{"id":"a","prompt":"red\u001b[2J\ncat","model":"m\u001b]0;x\u0007","provider":"p","state":"done"}`), 0)
	e, _ := x.Get("a")
	if e.Prompt != "red cat" || e.Model != "m" {
		t.Errorf("%+v", e)
	}
}

// A query that grows letter by letter finds the same as one that is new.
func TestTypingFindsTheSame(t *testing.T) {
	x := large(3000)
	for _, text := range []string{"cyber neon", "kodakportra", "lighthouse -storm", "provider:grsai mist model:gpt", `"oil on" canvas`, "a b c", "is:starred s", `"done"`, "01k00000123"} {
		f := NewFinder(x)
		var lengths []int
		for i := 1; i <= len(text); i++ {
			lengths = append(lengths, i)
		}
		for i := len(text) - 1; i >= 0; i-- {
			lengths = append(lengths, i) // and taken back
		}
		for _, i := range lengths {
			q := Parse(text[:i], now)
			a, err1 := f.Find(context.Background(), q)
			b, err2 := NewFinder(x).Find(context.Background(), q)
			if err1 != nil || err2 != nil || !slices.Equal(a.order, b.order) {
				t.Fatalf("%q: %d and %d found (%v %v)", text[:i], a.Len(), b.Len(), err1, err2)
			}
		}
	}
	// And one that follows new entries sees them.
	f := NewFinder(x)
	f.Find(context.Background(), Parse("zebra", now))
	x.Add(line("new", "zebras", "m", "p", "done", now), 0)
	if r, _ := f.Find(context.Background(), Parse("zebras", now)); r.Len() != 1 {
		t.Error("what came while a person typed is not found")
	}
}

func TestFindEndsWhenThePersonTypesOn(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := NewFinder(sample())
	if _, err := f.Find(ctx, Parse("c", now)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if r, err := f.Find(context.Background(), Parse("co", now)); err != nil || r.Len() != 2 {
		t.Error("after a search that was given up:", r.Len(), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "-", `"`, "since:", "a:b:c", "-\"x y", "since:99999999d", "é-:", "is:trashed", "collie -fail b2", "selling collie is:starred", "c3 猫 from:a", "gptt image"} {
		f.Add(s)
	}
	x := sample()
	f.Fuzz(func(t *testing.T, s string) {
		typing := NewFinder(x)
		for i := range s + "." {
			q := Parse(s[:i], now)
			a, err1 := typing.Find(context.Background(), q)
			b, err2 := NewFinder(x).Find(context.Background(), q)
			if err1 != nil || err2 != nil || !slices.Equal(a.order, b.order) {
				t.Fatalf("%q: %d and %d found (%v, %v)", s[:i], a.Len(), b.Len(), err1, err2)
			}
		}
	})
}

func TestPlainWordsFindStatesAndIDs(t *testing.T) {
	x := NewIndex()
	x.Add(line("01kq2v7w8x9k3f9x2", "a red cube", "m", "p", "failed", now), 0)
	x.Add(line("01kq2v7w8xak3f9x3", "a red ball", "m", "p", "done", now), 0)
	for query, want := range map[string]string{
		"fail": "01kq2v7w8x9k3f9x2", "done ball": "01kq2v7w8xak3f9x3", "k3f9x2": "01kq2v7w8x9k3f9x2", "9x2": "",
		"-failed": "01kq2v7w8xak3f9x3", "-k3f9x2": "01kq2v7w8xak3f9x3",
	} {
		if got := found(t, x, query); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

// Where an entry came from, and what came from it.
func TestDescent(t *testing.T) {
	x := NewIndex()
	x.Add(line("parent-k3f9x2", "a cat", "m", "p", "done", now), 0)
	x.Add([]byte(`{"v":1,"id":"qchild","state":"done","references":[{"path":"/a.png","task":"parent-k3f9x2","index":1},{"url":"u"}]}`), 0)
	x.Add([]byte(`{"v":1,"id":"rother","state":"done","references":[{"task":""}]}`), 0)
	for query, want := range map[string]string{
		"from:parent-k3f9x2": "qchild", "from:k3f9x2": "qchild", "from:qchild": "", "-from:k3f9x2 -cat": "rother",
	} {
		if got := found(t, x, query); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	if e, _ := x.Get("qchild"); !slices.Equal(e.From, []string{"parent-k3f9x2"}) {
		t.Errorf("%+v", e)
	}
}

func TestTheTrashIsApart(t *testing.T) {
	x := sample()
	x.Add([]byte(`{"id":"a1","set":{"trashed":true}}`), 0)
	x.Add([]byte(`{"id":"b2","set":{"trashed":true}}`), 0)
	x.Add([]byte(`{"id":"b2","set":{"gone":true}}`), 0)
	for query, want := range map[string]string{
		"": "e5 d4 c3", "is:trashed": "a1", "is:gone": "b2", "-is:trashed": "e5 d4 c3", "is:trashed storm": "a1", "storm": "",
	} {
		if got := found(t, x, query); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	f, _ := NewFinder(x).Find(context.Background(), Parse("", now).Everywhere())
	if f.Len() != 5 {
		t.Errorf("everywhere: %d", f.Len())
	}
	// It came again, with its pictures.
	x.Add(line("a1", "a lighthouse", "m", "p", "done", now), 0)
	if got := found(t, x, "lighthouse"); got != "a1" {
		t.Error(got)
	}
}

// Entries stand by their ids, in whatever order they come, and a place in a
// result is found by the id.
func TestOrderAndPlaces(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := NewIndex()
	var want []string
	for _, n := range rng.Perm(5000) {
		id := fmt.Sprintf("%05d", n)
		if l := line(id, "cat "+id, "m", "p", "done", now); n%2 == 0 {
			x.Add(l, 0)
		} else {
			x.AddAll(string(l)+"\n", 0)
		}
	}
	for i := range 5000 {
		want = append(want, fmt.Sprintf("%05d", 4999-i))
	}
	f, _ := NewFinder(x).Find(context.Background(), Query{})
	for i, id := range want {
		if at, ok := f.Find(id); f.At(i).ID != id || f.ID(i) != id || !ok || at != i {
			t.Fatalf("%s stands at %d, %v", id, at, ok)
		}
	}
	f, _ = NewFinder(x).Find(context.Background(), Parse("00123", now))
	if at, ok := f.Find("00123"); !ok || at != 0 {
		t.Error(at, ok)
	}
	x.Add(line("later", "cat", "m", "p", "done", now), 0)
	for _, id := range []string{"00124", "later", "nobody"} {
		if at, ok := f.Find(id); ok {
			t.Errorf("%s stands at %d", id, at)
		}
	}
	if _, ok := (Found{}).Find("x"); ok {
		t.Error("found in nothing")
	}
}

func TestEntryIsWhole(t *testing.T) {
	x := NewIndex()
	l := `{"v":1,"id":"a","state":"done","provider":"Uniall","model":"M-1","prompt":"A Cat IN the hat","ratio":"16:9","size":"2048x1152","files":[{"path":"/P/2026-11-20/A.png","width":2048,"height":1152,"bytes":812345},{"path":"/P/b.png"}],"cost":{"amount":"0.50","unit":"credits"},"created":"2026-11-20T17:45:00.5+08:00","finished":"2026-11-20T17:46:00+08:00","starred":true,"tags":["x","y\u001b[0m"]}`
	x.AddAll("\n"+l+"\n", 10)
	e, ok := x.Get("a")
	want := Entry{ID: "a", Prompt: "A Cat IN the hat", Provider: "Uniall", Model: "M-1", Ratio: "16:9", Size: "2048x1152", State: "done",
		Created: time.Date(2026, 11, 20, 9, 45, 0, 5e8, time.UTC), Finished: time.Date(2026, 11, 20, 9, 46, 0, 0, time.UTC), Cost: "0.50 credits",
		Files: 2, Path: "/P/2026-11-20/A.png", Width: 2048, Height: 1152, Bytes: 812345, Starred: true, Tags: []string{"x", "y"}, Offset: 11, Length: len(l)}
	e.Created, e.Finished = e.Created.UTC(), e.Finished.UTC()
	if !ok || !reflect.DeepEqual(e, want) {
		t.Errorf("%+v\nwant\n%+v", e, want)
	}
}

// Capitals are kept beside the letters that a search looks at.
func TestCapitals(t *testing.T) {
	for _, s := range []string{"", "a", "A", "ABC DEF", "aB", "É", "é A", "İstanbul A", "ẞ", "K kelvin", strings.Repeat("x", 500) + "Y", "白 Cat", "Ω"} {
		low := strings.ToLower(s)
		if got := capitals(low, capsOf(s, low)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
}

// FuzzWithin holds: a word is found where strings.Index finds it, and a text
// that cannot hold its characters in their order is said to only if that is so.
func FuzzWithin(f *testing.F) {
	f.Add("a lighthouse in a storm", "storm")
	f.Add("白色暹罗猫", "罗猫")
	f.Add("aaab", "ab")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, text, word string) {
		if word == "" {
			return
		}
		at, possible := within(text, word, rarest(word))
		if at != strings.Index(text, word) {
			t.Fatalf("%q in %q: %d", word, text, at)
		}
		if !possible && near(text, word, 1<<20) > 0 {
			t.Fatalf("%q in %q is possible", word, text)
		}
	})
}

// FuzzAdd holds, for any lines: nothing panics, what is shown is clean, entries
// stand in order and are found by their ids, and the same file gives the same
// index in pieces and as a whole.
func FuzzAdd(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"a","state":"done","prompt":"A cat","files":[{"path":"/a/b.png"}]}` + "\n" + `{"id":"a","set":{"starred":true,"tags":["x"]}}`))
	f.Add([]byte(`{"id":"a","set":{"prompt":"\u001b[2JX"}}` + "\n" + `{"id":"a","state":"failed"}`))
	f.Add([]byte(`{"id":"b","state":"x","files":{"path":7},"references":[{"task":"\u0007"}],"tags":"none"}` + "\n\n{}"))
	f.Add([]byte(`{"id":"\u202e","state":"done"}` + "\n" + `{"id":7,"state":"done","prompt":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, y := NewIndex(), NewIndex()
		x.AddAll(string(data), 0)
		at := int64(0)
		for l := range bytes.SplitSeq(data, []byte("\n")) {
			y.Add(l, at)
			at += int64(len(l)) + 1
		}
		all, err := NewFinder(x).Find(context.Background(), Query{}.Everywhere())
		if err != nil || all.Len() != x.Len() || x.Len() != y.Len() {
			t.Fatal(all.Len(), x.Len(), y.Len(), err)
		}
		for i := range all.Len() {
			e := all.At(i)
			other, _ := y.Get(e.ID)
			if !reflect.DeepEqual(e, other) {
				t.Fatalf("%+v\n%+v", e, other)
			}
			if n, ok := all.Find(e.ID); !ok || n != i || i > 0 && all.ID(i-1) <= e.ID {
				t.Fatal("the order", i, n, ok)
			}
			for _, s := range append([]string{e.ID, e.Prompt, e.Provider, e.Model, e.Ratio, e.Size, string(e.State), e.Cost}, append(e.Tags, e.From...)...) {
				if backend.Clean(s) != s {
					t.Fatalf("%q is not clean", s)
				}
			}
			if e.Offset < 0 || e.Offset+int64(e.Length) > int64(len(data)) || e.Width < 0 || e.Files < 0 {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// The same prompt is kept once, whatever comes between, and whatever its
// capitals are.
func TestPromptsAreKeptOnce(t *testing.T) {
	long := strings.Repeat("a lighthouse in a storm, ", 400)
	x := NewIndex()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 3000 {
		p := long + fmt.Sprint(i%3)
		if i%2 == 0 {
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		x.Add(line(fmt.Sprintf("%06d", i), p, "m", "p", "done", now), 0)
		if e, _ := x.Get(fmt.Sprintf("%06d", i)); e.Prompt != p {
			t.Fatal(i, e.Prompt[:10])
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 5<<20 {
		t.Errorf("%d bytes are kept of 3 prompts of %d", kept, len(long))
	}
	runtime.KeepAlive(x)
}
