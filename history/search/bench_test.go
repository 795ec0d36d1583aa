package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	subjects = strings.Fields("lighthouse storm harbour collie siamese cat cube sphere glass desk leash stream ridge mist sun moon forest city neon cyber street portra kodak gouache ink canvas oil lamp window flower peony mountain river boat")
	styles   = strings.Fields("cinematic soft-light 35mm, f/1.8, ultra-detailed Hasselblad, volumetric fog, golden hour, depth of field, award-winning photograph, minimalism pastel isometric watercolour; trending --ar 16:9 no text, in the style of a 1970s poster, with a")
	chinese  = strings.Fields("一只 边境牧羊犬 直播间 卖货 暹罗猫 窗边 柔光 赛博朋克 街道 霓虹灯 雨夜 山脉 日出 水墨 国风 人像 特写 高清 海报 排版")
)

// prompt writes one as people do: a subject, many style words, some capitals; one
// of ten is Chinese.
func prompt(rng *rand.Rand, words int) string {
	var out []string
	if rng.IntN(10) == 0 {
		for range words {
			out = append(out, chinese[rng.IntN(len(chinese))])
		}
		return strings.Join(out, "，")
	}
	for k := range words {
		from := subjects
		if k%2 == 1 {
			from = styles
		}
		w := from[rng.IntN(len(from))]
		if k == 0 || rng.IntN(20) == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// history writes so many lines as easel does, of about 1 kB each.
func history(n int) string {
	rng := rand.New(rand.NewPCG(7, 7))
	models := []string{"gpt-image-2", "nano-banana-2", "NanoBananaPro-4K", "google/gempix2"}
	providers := []string{"uniall", "grsai", "acedata", "haoee", "defapi"}
	var b strings.Builder
	last := ""
	for i := range n {
		p := prompt(rng, 8+rng.IntN(32))
		if rng.IntN(3) == 0 && last != "" {
			p = last // people roll again
		}
		last = p
		at := now.Add(-time.Duration(n-i) * time.Minute)
		id := fmt.Sprintf("1kq%08d%06x", i, rng.Uint32()>>8)
		fmt.Fprintf(&b, `{"v":1,"id":%q,"state":"done","provider":%q,"model":%q,"prompt":%q,"ratio":"16:9","size":"2048x1152","count":1,"options":{"quality":"medium"},"references":[],"ticket":"task_%032x","base_url":"https://api.example.com","files":[{"path":"/home/a/Pictures/easel/%s/%s-a-border-collie-selling-leashes-on-a-live-%s-1.png","url":"https://cdn.example.com/%032x.png","width":2048,"height":1152,"format":"png","bytes":812345,"sha256":"%064x"}],"error":null,"cost":{"amount":"0.500000","unit":"credits"},"usage":null,"revised_prompt":"","created":%q,"finished":%q,"sent":%q,"ready":%q}`+"\n",
			id, providers[rng.IntN(5)], models[rng.IntN(4)], p, i, at.Format("2006-01-02"), at.Format("150405"), id[len(id)-6:], i, i,
			at.Format(time.RFC3339Nano), at.Add(40*time.Second).Format(time.RFC3339Nano), at.Format(time.RFC3339Nano), at.Add(39*time.Second).Format(time.RFC3339Nano))
		if i%50 == 0 {
			fmt.Fprintf(&b, `{"v":1,"id":%q,"at":%q,"set":{"starred":true,"tags":["shop"]}}`+"\n", id, at.Format(time.RFC3339Nano))
		}
	}
	return b.String()
}

// pieces takes the lines of a history in as a reader of the file does.
func pieces(x *Index, text string) {
	for at := 0; at < len(text); {
		end := min(at+1<<20, len(text))
		end = at + strings.LastIndexByte(text[at:end], '\n') + 1
		x.AddAll(text[at:end-1], int64(at))
		at = end
	}
	x.Complete()
}

func large(n int) *Index {
	x := NewIndex()
	pieces(x, history(n))
	return x
}

// typed are what a person types into the search, letter by letter.
var typed = []string{
	"lighthouse storm", "Cyber Neon", "kodakportra", "lgthse", "e", "a b c", "the quick brown fox", "zzzz", "xq",
	"model:gpt-image-2 since:7d is:starred collie", "provider:grsai -cat", `"golden hour"`, "边境牧羊犬 霓虹灯", "雨", "不存在",
	"is:starred tag:shop hasselblad", "size:2048 ratio:16:9 fog", "cinmatic volumtric", "eeeeeeee", "in the style of",
}

// BenchmarkKeystroke types and deletes queries letter by letter, and looks at the
// first screen of what each finds. The figures that count are the median and the
// 99th percentile of a key.
func BenchmarkKeystroke(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million takes a gigabyte")
			}
			x := large(n)
			runtime.GC()
			var keys []time.Duration
			slowest, of := time.Duration(0), ""
			key := func(f *Finder, text string) {
				start := time.Now()
				r, err := f.Find(context.Background(), Parse(text, now))
				if err != nil {
					b.Fatal(err)
				}
				for k := range min(r.Len(), 40) {
					_ = r.At(k)
				}
				if r.Len() > 0 {
					r.Find(r.ID(r.Len() / 2))
				}
				took := time.Since(start)
				keys = append(keys, took)
				if took > slowest {
					slowest, of = took, text
				}
			}
			for b.Loop() {
				for _, text := range typed {
					f := NewFinder(x)
					letters := []rune(text)
					for i := 1; i <= len(letters); i++ {
						key(f, string(letters[:i]))
					}
					for i := len(letters) - 1; i >= 0; i-- {
						key(f, string(letters[:i]))
					}
				}
			}
			slices.Sort(keys)
			b.ReportMetric(0, "ns/op")
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(keys[len(keys)/2]), "ms/key-p50")
			b.ReportMetric(ms(keys[len(keys)*99/100]), "ms/key-p99")
			b.ReportMetric(ms(slowest), "ms/key-max")
			b.Logf("slowest: %q", of)
		})
	}
}

// BenchmarkIndex takes a whole history in.
func BenchmarkIndex(b *testing.B) {
	text := history(100_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		pieces(NewIndex(), text)
	}
}

// BenchmarkMemory says what an index keeps.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million takes a gigabyte")
			}
			var x *Index
			var before, after runtime.MemStats
			for b.Loop() {
				text := history(n)
				x = nil
				runtime.GC()
				runtime.ReadMemStats(&before)
				x = NewIndex()
				pieces(x, text)
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(text)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/entry")
			runtime.KeepAlive(x)
		})
	}
}
