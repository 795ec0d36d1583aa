package words

import (
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"easel/assets"
	"easel/backend"
)

func load(t testing.TB, lang string) *Words {
	t.Helper()
	w, err := Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestLoadKnowsItsLanguages(t *testing.T) {
	for _, lang := range Languages {
		if w := load(t, lang); w.Language() != lang || !w.Has("errors.gone") {
			t.Errorf("%s: %q", lang, w.Language())
		}
	}
	if _, err := Load("fr"); err == nil {
		t.Error("words for a language that there are none of")
	}
}

// The quick reader must read what a general one reads.
func TestReaderAgreesWithTOML(t *testing.T) {
	for _, lang := range Languages {
		want := map[string]string{}
		files, err := assets.Locales.ReadDir("locales/" + lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, _ := assets.Locales.ReadFile("locales/" + lang + "/" + f.Name())
			var tree map[string]any
			if _, err := toml.Decode(string(text), &tree); err != nil {
				t.Fatalf("%s/%s: %v", lang, f.Name(), err)
			}
			flatten(t, strings.TrimSuffix(f.Name(), ".toml"), tree, want)
		}
		got := load(t, lang).texts
		if len(got) != len(want) {
			t.Errorf("%s: %d texts, want %d", lang, len(got), len(want))
		}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %s is %q, want %q", lang, k, got[k], v)
			}
		}
	}
}

func flatten(t *testing.T, prefix string, tree map[string]any, into map[string]string) {
	for k, v := range tree {
		switch v := v.(type) {
		case string:
			into[prefix+"."+k] = v
		case map[string]any:
			flatten(t, prefix+"."+k, v, into)
		default:
			t.Errorf("%s.%s is a %T", prefix, k, v)
		}
	}
}

func TestReaderRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"number":        "a = 1",
		"no value":      "a",
		"no end":        `a = "b`,
		"escaped end":   `a = "b\"`,
		"two values":    `a = "b" "c"`,
		"several lines": `a = """b`,
		"no key":        `= "b"`,
		"key in words":  `a b = "c"`,
		"twice":         "a = \"b\"\na = \"c\"",
		"table":         "[a b]",
		"open table":    "[a",
		"list":          "[[a]]",
		"bad escape":    `a = "\q"`,
	} {
		if err := read(text, "s", map[string]string{}); err == nil {
			t.Errorf("%s: %s was read", name, text)
		} else if !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%s: no line in %v", name, err)
		}
	}
	got := map[string]string{}
	if err := read("# c\n\n a.b = 'x\\y' # c\n[t]\n\"k.one\" = \"a\\\"\\u00e9\\n\"", "s", got); err != nil {
		t.Fatal(err)
	}
	if got["s.a.b"] != `x\y` || got["s.t.k.one"] != "a\"é\n" || len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestSay(t *testing.T) {
	w := &Words{texts: map[string]string{
		"a": "plain", "b": "{0} of {1}", "n": "{0} tasks", "n.one": "one task", "x": "{9} {x} {0", "e": "no {0} more",
	}}
	for _, c := range []struct {
		want, key string
		args      []any
	}{
		{"plain", "a", nil},
		{"plain", "a", []any{1}},
		{"3 of 4", "b", []any{3, "4"}},
		{"1.5 of true", "b", []any{1.5, true}},
		{"0 tasks", "n", []any{0}},
		{"one task", "n", []any{1}},
		{"1 tasks", "n", []any{"1"}},
		{"{9} {x} {0", "x", []any{"a"}},
		{"{0} of {1}", "b", nil},
		{"{1} of b", "b", []any{"{1}", "b"}}, // what is filled in is not filled
		{"missing.key", "missing.key", []any{1}},
	} {
		if got := w.Say(c.key, c.args...); got != c.want {
			t.Errorf("Say(%q, %v) is %q, want %q", c.key, c.args, got, c.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		want, setting, all, messages, lang string
	}{
		{"en", "auto", "", "", ""},
		{"en", "", "", "", "en_US.UTF-8"},
		{"zh-CN", "auto", "", "", "zh_CN.UTF-8"},
		{"zh-CN", "auto", "", "", "zh_TW"},
		{"zh-CN", "auto", "", "zh_CN", "en_US.UTF-8"},
		{"en", "auto", "C.UTF-8", "zh_CN", "zh_CN"},
		{"zh-CN", "auto", "ZH_CN.utf8", "", "en_US"},
		{"en", "en", "zh_CN", "zh_CN", "zh_CN"},
		{"zh-CN", "zh-CN", "en_US", "", ""},
		{"en", "auto", "", "", "de_DE"},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_MESSAGES": c.messages, "LANG": c.lang}
		if got := Choose(c.setting, func(k string) string { return env[k] }); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestError(t *testing.T) {
	w := load(t, "en")
	for _, c := range []struct {
		name string
		err  *backend.Error
		want string
	}{
		{"nil", nil, ""},
		{"a check", &backend.Error{Kind: backend.Invalid, Word: "check.size.multiple", Args: []string{"1600x1000", "16", "1600x1008"}, Message: "x"},
			"1600x1000: both edges must be multiples of 16; the nearest is 1600x1008"},
		{"a word that is not there", &backend.Error{Kind: backend.Invalid, Word: "check.nothing", Message: "as it was said"}, "as it was said"},
		{"the provider's words", &backend.Error{Kind: backend.Unauthorized, HTTP: 401, Message: "Invalid token (无效的令牌)"},
			"the key was rejected: Invalid token (无效的令牌)"},
		{"found here", &backend.Error{Kind: backend.Unauthorized, Message: "no key: UNIALL_API_KEY is empty"}, "no key: UNIALL_API_KEY is empty"},
		{"no words at all", &backend.Error{Kind: backend.Unpaid}, "the balance does not cover it"},
		{"a kind from elsewhere", &backend.Error{Kind: "odd"}, "odd"},
		{"said already", &backend.Error{Kind: backend.Timeout, Message: "No answer in time."}, "No answer in time."},
		{"control characters", &backend.Error{Kind: backend.Moderated, Message: "\x1b[2Jbad\nword"}, "refused for what it shows: bad word"},
		{"in an argument", &backend.Error{Kind: backend.Invalid, Word: "check.size.form", Args: []string{"\x1b]0;x\x07big"}}, "“big” is no size: write pixels such as 1536x1024"},
	} {
		if got := w.Error(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Every kind of error says what happened and what to do, in every language.
func TestEveryKindHasWords(t *testing.T) {
	for _, lang := range Languages {
		w := load(t, lang)
		for _, k := range backend.Kinds {
			e := &backend.Error{Kind: k}
			if got := w.Error(e); got == string(k) || got == "" {
				t.Errorf("%s: nothing says what %s is", lang, k)
			}
			if got := w.Advice(e, ""); got == "" || strings.Contains(got, "{") {
				t.Errorf("%s: nothing says what to do about %s: %q", lang, k, got)
			}
		}
		if got := w.Advice(&backend.Error{Kind: backend.Unauthorized}, "$NIGHT_KEY"); !strings.Contains(got, "$NIGHT_KEY") {
			t.Errorf("%s: where the key is looked for is not said: %q", lang, got)
		}
	}
}

// What Check says in English must be what the catalogue says in English, as far
// as its facts go: every argument that the message shows is shown.
func TestChecksKeepTheirFacts(t *testing.T) {
	m := backend.Model{
		ID: "vip", Ratios: []string{"1:1", "16:9"}, PromptMax: 9, Count: 4,
		SizesFor: map[string][]backend.Size{"1:1": {{Value: "1024x1024"}}, "16:9": {{Value: "1280x720"}}},
		FreeSize: &backend.FreeSize{MultipleOf: 16, MaxEdge: 3840, MaxRatio: 3, MinPixels: 655360, MaxPixels: 8294400},
		Options:  []backend.Option{{Name: "quality", Values: []string{"low", "high"}}, {Name: "seed", Number: true, Max: 9}},
	}
	ok := backend.Request{Prompt: "a cat", Ratio: "1:1", Size: "1024x1024", Count: 1}
	for name, change := range map[string]func(*backend.Request){
		"prompt": func(r *backend.Request) { r.Prompt = "0123456789" },
		"ratio":  func(r *backend.Request) { r.Ratio = "5:4" },
		"pair":   func(r *backend.Request) { r.Size = "1280x720" },
		"edges":  func(r *backend.Request) { r.Ratio, r.Size = "", "1600x1000" },
		"count":  func(r *backend.Request) { r.Count = 5 },
		"option": func(r *backend.Request) { r.Options = map[string]string{"quality": "x"} },
		"number": func(r *backend.Request) { r.Options = map[string]string{"seed": "10"} },
		"refs":   func(r *backend.Request) { r.References = []backend.Reference{{URL: "https://a/b"}} },
	} {
		r := ok.Clone()
		change(&r)
		e := backend.AsError(m.Check(r))
		if e == nil {
			t.Fatalf("%s passed", name)
		}
		for _, lang := range Languages {
			got := load(t, lang).Error(e)
			for _, a := range e.Args {
				if !strings.Contains(got, a) {
					t.Errorf("%s, %s: %q does not say %q", name, lang, got, a)
				}
			}
			if got == e.Message && lang != "en" {
				t.Errorf("%s: %s is said in English", lang, name)
			}
		}
	}
}

// The languages have the same keys with the same placeholders, and no empty
// text.
func TestLanguagesAgree(t *testing.T) {
	first := load(t, Languages[0]).texts
	for _, lang := range Languages[1:] {
		other := load(t, lang).texts
		for k, v := range first {
			o, ok := other[k]
			switch {
			case strings.HasSuffix(k, ".one"): // not every language has a singular
			case !ok:
				t.Errorf("%s has no %s", lang, k)
			case !slices.Equal(placeholders(v), placeholders(o)):
				t.Errorf("%s: %s has %v, but %v in %s", lang, k, placeholders(o), placeholders(v), Languages[0])
			}
		}
		for k := range other {
			if _, ok := first[k]; !ok {
				t.Errorf("%s has %s, which %s has not", lang, k, Languages[0])
			}
		}
	}
	for _, lang := range Languages {
		for k, v := range load(t, lang).texts {
			if strings.TrimSpace(v) == "" || v != strings.TrimSpace(v) || backend.CleanLines(v) != v {
				t.Errorf("%s: %s is %q", lang, k, v)
			}
		}
	}
}

// placeholders lists the placeholders of a text, each once, in order.
func placeholders(s string) []int {
	var out []int
	for i := range s {
		if n, width := placeholder(s[i:]); width > 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("zh-CN"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSay(b *testing.B) {
	w := load(b, "en")
	for b.Loop() {
		w.Say("check.size.multiple", "1600x1000", "16", "1600x1008")
	}
}
