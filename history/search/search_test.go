package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
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
	x.Add(line("spread", "cold art in the tower", "m", "p", "done", now), 0)
	x.Add(line("whole", "a cart", "m", "p", "done", now.Add(-time.Hour)), 0)
	x.Add(line("later", "the cart again", "m", "p", "done", now), 0)
	if got := found(t, x, "cart"); got != "later whole spread" {
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
	if tags := x.Tags(); tags != nil {
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
	for _, text := range []string{"cyber neon", "kodakportra", "lighthouse -storm", "provider:grsai mist model:gpt", `"oil on" canvas`, "a b c", "is:starred s"} {
		f := NewFinder(x)
		for i := 1; i <= len(text); i++ {
			q := Parse(text[:i], now)
			a, err1 := f.Find(context.Background(), q)
			b, err2 := NewFinder(x).Find(context.Background(), q)
			if err1 != nil || err2 != nil || !reflect.DeepEqual(a.order, b.order) {
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
	for _, s := range []string{"", "-", `"`, "since:", "a:b:c", "-\"x y", "since:99999999d", "é-:", "is:trashed"} {
		f.Add(s)
	}
	x := sample()
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := NewFinder(x).Find(context.Background(), Parse(s, now)); err != nil {
			t.Fatal(err)
		}
	})
}

var subjects = strings.Fields("lighthouse storm harbour collie siamese cat cube sphere glass desk leash stream ridge mist sun moon forest city neon cyber street portra kodak gouache ink canvas oil lamp window flower peony mountain river boat")

func large(n int) *Index {
	rng := rand.New(rand.NewPCG(7, 7))
	x := NewIndex()
	models := []string{"gpt-image-2", "nano-banana-2", "NanoBananaPro-4K", "google/gempix2"}
	for i := range n {
		words := make([]string, 14)
		for k := range words {
			words[k] = subjects[rng.IntN(len(subjects))]
		}
		l := line(fmt.Sprintf("01k%08d", i), strings.Join(words, " "), models[i%4], "grsai", "done", now.Add(-time.Duration(n-i)*time.Minute))
		x.Add(l, int64(i)*500)
		if i%50 == 0 {
			x.Add(fmt.Appendf(nil, `{"id":"01k%08d","set":{"starred":true}}`, i), 0)
		}
	}
	return x
}

// BenchmarkTyping types queries letter by letter over 100,000 entries; ns/op is
// of one key. The figures that count are the median and the 99th percentile.
func BenchmarkTyping(b *testing.B) {
	x := large(100_000)
	texts := []string{"lighthouse storm", "cyber neon", "kodakportra", "lgthse", "model:gpt-image-2 since:7d is:starred collie", "zzzz"}
	var keys []time.Duration
	for b.Loop() {
		for _, text := range texts {
			f := NewFinder(x)
			for i := 1; i <= len(text); i++ {
				start := time.Now()
				r, _ := f.Find(context.Background(), Parse(text[:i], now))
				for k := range min(r.Len(), 40) {
					_ = r.At(k)
				}
				keys = append(keys, time.Since(start))
			}
		}
	}
	slices.Sort(keys)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(keys[len(keys)/2].Microseconds())/1000, "ms/key-p50")
	b.ReportMetric(float64(keys[len(keys)*99/100].Microseconds())/1000, "ms/key-p99")
	b.ReportMetric(float64(keys[len(keys)-1].Microseconds())/1000, "ms/key-max")
}

func BenchmarkIndex100k(b *testing.B) {
	lines := make([][]byte, 100_000)
	for i := range lines {
		lines[i] = line(fmt.Sprintf("01k%08d", i), strings.Repeat("a lighthouse in mist ", 5), "gpt-image-2", "grsai", "done", now)
	}
	for b.Loop() {
		x := NewIndex()
		for i, l := range lines {
			x.Add(l, int64(i))
		}
	}
}
