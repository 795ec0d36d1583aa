package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"easel/ui/ask"
	"easel/ui/parts/inspect"
	"easel/ui/parts/partstest"
)

const answer = `{"code":"success","data":{"task_id":"t\"1","urls":["https://cdn.example.com/a/long/path/that/does/not/fit/into/a/line/1.png"],"n":2,"ok":true}}`

func open(t *testing.T, w, h int, s ...inspect.Section) *partstest.Drive {
	return partstest.Open(t, partstest.Env(t, "en", w, h), inspect.New("Task k3f9x2", s...))
}

func TestSections(t *testing.T) {
	d := open(t, 80, 24,
		inspect.Section{Title: "Sent", Text: "curl -X POST \\\n  -d '{}'"},
		inspect.Section{Title: "Nothing", Text: " \n"},
		inspect.Section{Title: "Came back", Text: answer, JSON: true})
	if !d.Has("Sent   Came back") || !d.Has("curl -X POST \\") || d.Has("success") {
		t.Error(d.Text())
	}
	d.Press("y")
	if got := d.Last(); d.Done || got != (ask.Copy{Text: "curl -X POST \\\n  -d '{}'", What: "Sent"}) {
		t.Errorf("copied %+v", got)
	}
	d.Press("tab")
	for _, s := range []string{`│ {`, `│   "code": "success",`, `│     "task_id": "t\"1",`, `│     "n": 2,`} {
		if !d.Has(s) {
			t.Errorf("%s is not there:\n%s", s, d.Text())
		}
	}
	d.Press("y")
	if got := d.Last().(ask.Copy); got.What != "Came back" || !strings.Contains(got.Text, "path/that/does/not/fit/into/a/line/1.png\"\n") {
		t.Errorf("what is copied must be whole, without the breaks of the screen: %q", got.Text)
	}
	d.Press("left", "left", "right")
	if !d.Has("curl") {
		t.Errorf("round and round:\n%s", d.Text())
	}
	d.Press("q")
	if !d.Done {
		t.Error("q closes")
	}
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, text := range []string{"<html>502</html>", `{"cut": "her`, "null", "[1", `"a: b"`} {
		d := open(t, 80, 24, inspect.Section{Title: "Came back", Text: text, JSON: true})
		if !d.Has(text) {
			t.Errorf("%s is not shown:\n%s", text, d.Text())
		}
	}
	d := open(t, 80, 24, inspect.Section{Title: "Came back", Text: "a\x1b[2Jb\x00\tc", JSON: true})
	if !d.Has("ab c") {
		t.Errorf("foreign text is not clean: %q", d.Text())
	}
}

func TestLongLinesFold(t *testing.T) {
	words := "  -d " + strings.Repeat("word ", 40) + strings.Repeat("留白", 40) + strings.Repeat("x", 300)
	for _, w := range []int{40, 41, 47, 80, 120} {
		d := open(t, w, 60, inspect.Section{Title: "Sent", Text: words})
		all := ""
		for _, l := range d.Lines()[3 : len(d.Lines())-1] {
			all += strings.TrimSpace(strings.Trim(strings.TrimSpace(l), "│"))
		}
		if strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(words, " ", "") {
			t.Errorf("%d cells: something is lost or doubled:\n%s", w, d.Text())
		}
	}
}

func TestScroll(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "line %02d\n", i)
	}
	d := open(t, 80, 24, inspect.Section{Title: "A", Text: b.String()}, inspect.Section{Title: "B", Text: "short"})
	for _, step := range []struct{ key, has, hasNot string }{
		{"j", "line 01", "line 00"}, {"k", "line 00", "line 30"}, {"G", "line 99", "line 00"},
		{"pgup", "line 75", "line 99"}, {"g", "line 00", "line 99"}, {"space", "line 20", "line 00"},
	} {
		if d.Press(step.key); !d.Has(step.has) || d.Has(step.hasNot) {
			t.Errorf("after %s:\n%s", step.key, d.Text())
		}
	}
	d.Press("tab", "tab")
	if !d.Has("line 20") || d.Has("line 00") {
		t.Errorf("a section forgets its place:\n%s", d.Text())
	}
	d.Env.Height = 200
	if !d.Has("line 00") || !d.Has("line 99") {
		t.Error("a larger screen must show all")
	}
}

func TestNothingToInspect(t *testing.T) {
	d := open(t, 80, 24)
	d.Press("j", "tab", "y")
	if d.Last() != nil || !d.Has("nothing came back") {
		t.Error(d.Text())
	}
}

func BenchmarkOpen(b *testing.B) {
	env := partstest.Env(b, "en", 120, 40)
	text := `{"prompt":"` + strings.Repeat("留白,像一张旧明信片。 warm haze ", 4000) + `"}` // 150 kB
	for b.Loop() {
		inspect.New("x", inspect.Section{Title: "Sent", Text: text, JSON: true}).View(env, 100, 30)
	}
}
