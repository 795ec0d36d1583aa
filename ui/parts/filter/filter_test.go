package filter_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts/filter"
	"easel/ui/parts/partstest"
)

func list(texts ...string) *filter.List {
	items := make([]filter.Item, len(texts))
	for i, s := range texts {
		items[i].Text, items[i].Note, _ = strings.Cut(s, "|")
	}
	return filter.New(items, 0)
}

// found gives the texts that a query finds, best first.
func found(l *filter.List, texts []string, query string) []string {
	l.Filter(query)
	out := []string{}
	for range l.Found() {
		i, _ := l.Selected()
		out = append(out, texts[i])
		l.Move(1)
	}
	return out
}

func TestFilterRanks(t *testing.T) {
	texts := []string{
		"nano-banana", "nano-banana-pro", "gpt-image-2", "gpt-image-2-vip", "白色暹罗猫，窗边", "Été au café", "1536x1024", "160 steps",
	}
	l := list(texts...)
	for query, want := range map[string][]string{
		"":          texts,
		"gpt":       {"gpt-image-2", "gpt-image-2-vip"},
		"GPT VIP":   {"gpt-image-2-vip"},
		"nbp":       {"nano-banana-pro"},
		"pro nano":  {"nano-banana-pro"},
		"猫":         {"白色暹罗猫，窗边"},
		"白猫":        {"白色暹罗猫，窗边"},
		"猫白":        {},
		"ete cafe":  {"Été au café"},
		"160":       {"160 steps"},
		"1536":      {"1536x1024"},
		"xyz":       {},
		"image 2":   {"gpt-image-2", "gpt-image-2-vip"},
		"  gpt   2": {"gpt-image-2", "gpt-image-2-vip"},
	} {
		if got := found(l, texts, query); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestWhatBeginsWithItIsFirst(t *testing.T) {
	texts := []string{"choose the ratio", "run again", "remove the reference", "quit"}
	if got := found(list(texts...), texts, "r"); got[0] != "run again" || got[1] != "remove the reference" {
		t.Errorf("%q", got)
	}
}

// Typing on must find the same as asking at once: the hits of the query before
// are only a shortcut.
func TestNarrowingFindsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("ab2x 16猫")
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	texts := make([]string, 200)
	for i := range texts {
		texts[i] = word(12)
	}
	for range 300 {
		query, growing := word(5), list(texts...)
		for i := range []rune(query) {
			part := string([]rune(query)[:i+1])
			if got, want := found(growing, texts, part), found(list(texts...), texts, part); !slices.Equal(got, want) {
				t.Fatalf("%q, typed on: %q, want %q", part, got, want)
			}
		}
	}
}

func TestRowsKeepTheCursorInSight(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	var texts []string
	for i := range 50 {
		texts = append(texts, fmt.Sprintf("row %02d|note %d", i, i))
	}
	l := list(texts...)
	for _, step := range []struct{ by, want int }{{0, 0}, {7, 7}, {1, 8}, {30, 38}, {-3, 35}, {-30, 5}, {100, 49}, {-100, 0}} {
		l.Move(step.by)
		rows := l.Rows(env, 40, 8, true)
		i := slices.IndexFunc(rows, func(s string) bool { return strings.Contains(s, "›") })
		if len(rows) != 8 || i < 0 || !strings.Contains(rows[i], fmt.Sprintf("row %02d", step.want)) {
			t.Errorf("after %d: %q", step.by, rows)
		}
	}
}

func TestColumns(t *testing.T) {
	env := partstest.Env(t, "en", 80, 24)
	env.Theme.Text, env.Theme.Selected = env.Theme.Faint, env.Theme.Faint
	l := filter.New([]filter.Item{
		{Text: "a-rather-long-file-name-of-a-picture.png", Note: "1.2 MB"},
		{Text: "b.png", Note: "3 KB"},
	}, 0)
	plain := func(w int) []string {
		d := l.Rows(env, w, 5, false)
		for i := range d {
			d[i] = strip(d[i])
			if n := len([]rune(d[i])); n > w {
				t.Errorf("%d cells of %d: %q", n, w, d[i])
			}
		}
		return d
	}
	if got := plain(60); !strings.HasSuffix(got[0], ".png  1.2 MB") || !strings.HasPrefix(got[1], "  b.png ") || !strings.HasSuffix(got[1], "3 KB") {
		t.Errorf("wide: %q", got)
	}
	if got := plain(40); !strings.HasSuffix(got[0], "…  1.2 MB") {
		t.Errorf("a long text must give way to a short note: %q", got)
	}
	if got := plain(20); strings.Contains(got[0], "MB") {
		t.Errorf("narrow: %q", got)
	}
	for w := range 20 {
		plain(w)
	}
}

func strip(s string) string { return strings.TrimRight(ansi.Strip(s), " ") }

func BenchmarkFilter(b *testing.B) {
	texts := make([]string, 5000)
	for i := range texts {
		texts[i] = fmt.Sprintf("Sunrise over %d misty ridges, a single pale sun, warm haze, muted ochre and slate, 留白 %d", i, i*7)
	}
	l := list(texts...)
	for b.Loop() {
		l.Filter("")
		for _, q := range []string{"m", "mi", "mis", "mist ", "mist o", "mist oc"} {
			l.Filter(q)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/6, "µs/key")
}

func BenchmarkRows(b *testing.B) {
	env := partstest.Env(b, "en", 120, 40)
	l := list(slices.Repeat([]string{"Sunrise over three misty ridges, a single pale sun|uniall"}, 200)...)
	l.Filter("mist")
	for b.Loop() {
		l.Rows(env, 80, 20, true)
	}
}
