package strict

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

type size struct{ Width int }

func (s *size) UnmarshalTOML(v any) error {
	text, ok := v.(string)
	if _, err := fmt.Sscanf(text, "%dpx", &s.Width); !ok || err != nil {
		return errors.New(`must be pixels such as "12px"`)
	}
	return nil
}

type thing struct {
	Name   string            `toml:"name"`
	Ratios []string          `toml:"ratios"`
	Count  int               `toml:"count"`
	Part   float64           `toml:"part"`
	On     bool              `toml:"on"`
	First  time.Duration     `toml:"first"`
	Size   size              `toml:"size"`
	Any    any               `toml:"any"`
	Rule   *rule             `toml:"rule"`
	By     map[string][]size `toml:"by"`
	Things []thing           `toml:"things"`
	shared
}

type shared struct {
	Path string `toml:"path"`
}

type rule struct {
	Max int `toml:"max"`
}

const whole = `name = "a" # a comment = "x"
ratios = [
  "1:1", # [one]
  '16:9',
]
count = 2
part = 3
on = true
first = "3s"
size = "12px"
any = { "a b" = [1, { c = "}" }] }
rule.max = 7
by."16:9" = ["1px", "2px"]
by.auto = []

[[things]]
name = """
several "lines"
"""
[things.rule]
max = 8
[[things]]
name = 'b'
[[things.things]]
name = "inner"
`

func TestDecode(t *testing.T) {
	var got thing
	if err := Decode("x.toml", []byte(whole), &got); err != nil {
		t.Fatal(err)
	}
	want := thing{
		Name: "a", Ratios: []string{"1:1", "16:9"}, Count: 2, Part: 3, On: true, First: 3 * time.Second, Size: size{12},
		Any: map[string]any{"a b": []any{int64(1), map[string]any{"c": "}"}}}, Rule: &rule{7},
		By: map[string][]size{"16:9": {{1}, {2}}, "auto": {}},
		Things: []thing{
			{Name: "several \"lines\"\n", Rule: &rule{8}},
			{Name: "b", Things: []thing{{Name: "inner"}}},
		},
	}
	if fmt.Sprintf("%+v", got.Rule) != fmt.Sprintf("%+v", want.Rule) || fmt.Sprintf("%+v", got.Things[0].Rule) != "&{Max:8}" {
		t.Errorf("rules: %+v %+v", got.Rule, got.Things[0].Rule)
	}
	got.Rule, want.Rule, got.Things[0].Rule, want.Things[0].Rule = nil, nil, nil, nil
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func TestWhereThingsStand(t *testing.T) {
	doc, err := Read("x.toml", []byte(whole), new(thing))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		line int
	}{
		{"name", 1}, {"ratios", 2}, {"ratios #1", 4}, {"any a b", 11}, {"any a b/#1/c", 11}, {"by 16:9 #1", 13}, {"by 16:9 #9", 13},
		{"things #0", 16}, {"things #0 name", 17}, {"things #0 rule max", 21}, {"things #1 name", 23},
		{"things #1 things #0 name", 25}, {"things #1 nothing", 22}, {"nothing", 0},
	} {
		path := strings.Fields(c.path)
		if strings.Contains(c.path, "a b") {
			path = append([]string{"any"}, strings.Split(strings.TrimPrefix(c.path, "any "), "/")...)
		}
		if got := doc.Line(path...); got != c.line {
			t.Errorf("%q stands in line %d, want %d", path, got, c.line)
		}
	}
	if got := doc.Keys("by"); !slices.Equal(got, []string{"16:9", "auto"}) {
		t.Errorf("the keys of by are %q", got)
	}
	if got := doc.Keys("things", "#0"); !slices.Equal(got, []string{"name", "rule"}) {
		t.Errorf("the keys of the first thing are %q", got)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"name = \"a\"\nratois = []":               `x.toml:2: unknown key "ratois" (did you mean "ratios"?)`,
		"Name = \"a\"":                            `x.toml:1: unknown key "Name" (did you mean "name"?)`,
		"\n[[things]]\n\n[things.rule]\nmin=1":    `x.toml:5: unknown key "min" (there are: max)`,
		"things = [{name = \"a\"},\n {nmae = 1}]": `x.toml:2: unknown key "nmae" (did you mean "name"?)`,
		"name = 1":                   `x.toml:1: name must be a text, not a number`,
		"name = 2020-01-01":          `x.toml:1: name must be a text, not a date`,
		"ratios = \"1:1\"":           `x.toml:1: ratios must be a list, not a text`,
		"ratios = [\"1:1\",\n 2]":    `x.toml:2: each of ratios must be a text, not a number`,
		"count = 1.5":                `x.toml:1: count must be a whole number, not a number`,
		"count = \"1\"":              `x.toml:1: count must be a whole number, not a text`,
		"on = 1":                     `x.toml:1: on must be true or false, not a number`,
		"part = \"x\"":               `x.toml:1: part must be a number, not a text`,
		"first = 3":                  `x.toml:1: first must be a time such as "3s" or "2h", not a number`,
		"first = \"soon\"":           `x.toml:1: first must be a time such as "3s" or "2h", not a text`,
		"size = \"12\"":              `x.toml:1: size must be pixels such as "12px"`,
		"by = []":                    `x.toml:1: by must be a table, not a list`,
		"rule = 1":                   `x.toml:1: rule must be a table, not a number`,
		"name = \"a\"\nname = \"b\"": `x.toml:2: bad TOML: `,
		"name = \"a":                 `x.toml:1: bad TOML: `,
		"name = 1\nfoo = 2":          "x.toml:1: name must be a text, not a number\nx.toml:2: unknown key \"foo\" (there are: name ratios",
	} {
		err := Decode("x.toml", []byte(text), new(thing))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q\n gives %v\n want  %s", text, err, want)
			continue
		}
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%q: no *Error: %T", text, err)
		}
	}
}

func TestWhatIsRightIsReadAllTheSame(t *testing.T) {
	var got thing
	err := Decode("x.toml", []byte("nmae = 1\nname = \"a\"\ncount = \"x\"\non = true\npath = \"p\""), &got)
	if err == nil || got.Name != "a" || !got.On || got.Count != 0 || got.Path != "p" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"ratios", "sizes", "sizes_for", "prompt_max", "id"}
	for word, want := range map[string]string{
		"ratio": "ratios", "sizesfor": "sizes_for", "promptmax": "prompt_max", "di": "id", "Sizes": "sizes", "xyz": "", "": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%q is near to %q, want %q", word, got, want)
		}
	}
}

// Whatever the TOML library reads, every key of it has a line.
func FuzzScan(f *testing.F) {
	f.Add(whole)
	for _, seed := range []string{
		"a.b = 1\n[c.d]\ne = '''\n[x]\n'''\n", "[[a]]\n[[a.b]]\n[a.c]\nd = [[1], [{e = 2}]]", `"a\"b" = "\\"`, "a = \"\"\"x\"\"\"\"\"\nb = 1",
		"a = [1, # ]\n2]\nb = {c = {d = 1}}", "'' = 1", "[", "a = {", "x = '", "a=\"\\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := &Document{File: "x", data: []byte(text)}
		doc.scan()
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err != nil {
			return
		}
		var walk func(path []string, v any)
		walk = func(path []string, v any) {
			if line, ok := doc.lines[join(path)]; len(path) > 0 && (!ok || line < 1 || line > 1+strings.Count(text, "\n")) {
				t.Errorf("%q stands in line %d", path, line)
			}
			switch v := v.(type) {
			case map[string]any:
				for k, one := range v {
					if k == "" || strings.ContainsAny(k, "\x00#\\") {
						return
					}
					walk(append(slices.Clone(path), k), one)
				}
			case []map[string]any:
				for i, one := range v {
					walk(append(slices.Clone(path), Index(i)), one)
				}
			case []any:
				for i, one := range v {
					walk(append(slices.Clone(path), Index(i)), one)
				}
			}
		}
		walk(nil, tree)
	})
}
