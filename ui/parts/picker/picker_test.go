package picker_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/parts/partstest"
	"easel/ui/parts/picker"
)

func sizes(judge func(string) error) ask.Pick {
	p := ask.Pick{Tag: "size", Title: "Size", Current: "2048x1152", Judge: judge}
	for _, s := range []string{"1024x1024 1K", "1280x720 1K", "2048x2048 2K", "2048x1152 2K", "3840x2160 4K"} {
		v, n, _ := strings.Cut(s, " ")
		p.Items = append(p.Items, ask.Item{Value: v, Note: n})
	}
	return p
}

func open(t *testing.T, p ask.Pick) *partstest.Drive {
	return partstest.Open(t, partstest.Env(t, "en", 80, 24), picker.New(p))
}

func TestPick(t *testing.T) {
	free := backend.FreeSize{MultipleOf: 16, MaxEdge: 3840}.Check
	for _, c := range []struct {
		name  string
		judge func(string) error
		do    func(d *partstest.Drive)
		want  string // "" for no answer
	}{
		{"the current one", nil, func(d *partstest.Drive) {}, "2048x1152"},
		{"the next", nil, func(d *partstest.Drive) { d.Press("down") }, "3840x2160"},
		{"not beyond the last", nil, func(d *partstest.Drive) { d.Press("down", "down", "down") }, "3840x2160"},
		{"the first", nil, func(d *partstest.Drive) { d.Press("home") }, "1024x1024"},
		{"by its value", nil, func(d *partstest.Drive) { d.Type("720") }, "1280x720"},
		{"by its note", nil, func(d *partstest.Drive) { d.Type("4k") }, "3840x2160"},
		{"by both", nil, func(d *partstest.Drive) { d.Type("2k 1152") }, "2048x1152"},
		{"filtered, then moved", nil, func(d *partstest.Drive) { d.Type("2k"); d.Press("down") }, "2048x1152"},
		{"a number is no letters", nil, func(d *partstest.Drive) { d.Type("180") }, ""},
		{"nothing fits", nil, func(d *partstest.Drive) { d.Type("zz") }, ""},
		{"the filter is taken back", nil, func(d *partstest.Drive) { d.Type("zz"); d.Press("ctrl+u") }, "1024x1024"},
		{"typed where it may not be", nil, func(d *partstest.Drive) { d.Type("1600x1024") }, ""},
		{"typed", free, func(d *partstest.Drive) { d.Type("1600x1024") }, "1600x1024"},
		{"typed against the rules", free, func(d *partstest.Drive) { d.Type("1600x1025") }, ""},
		{"typed one of the list", free, func(d *partstest.Drive) { d.Type("2048x2048") }, "2048x2048"},
		{"typed, with spaces", free, func(d *partstest.Drive) { d.Type(" 1600x1024 ") }, "1600x1024"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, sizes(c.judge))
			c.do(d)
			d.Press("enter")
			if c.want == "" {
				if d.Done || d.Last() != nil {
					t.Errorf("got %+v", d.Last())
				}
				return
			}
			if got := d.Last(); !d.Done || got != (ask.Picked{Tag: "size", Value: c.want}) {
				t.Errorf("got %+v, want %s\n%s", got, c.want, d.Text())
			}
		})
	}
}

// A typed value has a row over the list, which the cursor can leave.
func TestTypedAndListed(t *testing.T) {
	any := func(s string) error {
		if s == "bad" {
			return errors.New("not that")
		}
		return nil
	}
	d := open(t, sizes(any))
	d.Type("20")
	if got := d.Here(); !strings.HasPrefix(got, "20") || !strings.Contains(got, "as typed") {
		t.Errorf("the cursor is on %q", got)
	}
	d.Press("down")
	if got := d.Here(); !strings.HasPrefix(got, "2048x2048") {
		t.Errorf("one down is %q", got)
	}
	d.Press("down", "up", "up")
	if got := d.Here(); !strings.Contains(got, "as typed") {
		t.Errorf("back up is %q", got)
	}
	d.Press("down", "enter")
	if got := d.Last(); got != (ask.Picked{Tag: "size", Value: "2048x2048"}) {
		t.Errorf("got %+v", got)
	}
}

func TestVerdictOnEveryKey(t *testing.T) {
	free := backend.FreeSize{MultipleOf: 16, MaxEdge: 3840, MaxRatio: 3, MinPixels: 655360, MaxPixels: 8294400}.Check
	d := open(t, sizes(free))
	if d.Has("no size") {
		t.Error("judged before anything was typed")
	}
	for _, step := range []struct{ keys, says string }{
		{"5000", "“5000” is no size"}, {"x", "“5000x” is no size"}, {"1600", "at most 3840"},
	} {
		d.Type(step.keys)
		if !d.Has(step.says) {
			t.Errorf("after %q: %s", step.keys, d.Text())
		}
	}
	d.Press("ctrl+u")
	d.Type("1600x1000")
	if !d.Has("1600x1008") {
		t.Errorf("the nearest is not said: %s", d.Text())
	}
	before := len(d.Lines())
	d.Press("ctrl+u")
	if len(d.Lines()) != before {
		t.Error("the box jumps")
	}
}

func TestLabelsAndForeignText(t *testing.T) {
	d := open(t, ask.Pick{Tag: "q", Title: "Qual\x1b[2Jity", Items: []ask.Item{
		{Value: "", Label: "as the provider likes"}, {Value: "hi\x1b[31m", Note: "a\nb"},
	}})
	if !d.Has("Quality") || !d.Has("as the provider likes") || !d.Has("  hi  ") || !d.Has("a b") {
		t.Error(d.Text())
	}
	d.Press("enter")
	if got := d.Last(); got != (ask.Picked{Tag: "q"}) {
		t.Errorf("got %+v", got)
	}
}

func TestMouse(t *testing.T) {
	d := open(t, sizes(nil))
	y := -1
	for i, l := range d.Lines() {
		if strings.Contains(l, "1280x720") {
			y = i
		}
	}
	d.Send(tea.MouseClickMsg{X: 6, Y: 0, Button: tea.MouseLeft})
	d.Send(tea.MouseClickMsg{X: 6, Y: len(d.Lines()) - 1, Button: tea.MouseLeft})
	d.Send(tea.MouseClickMsg{X: 6, Y: y, Button: tea.MouseRight})
	if d.Done {
		t.Fatal("a click beside the list was taken")
	}
	d.Send(tea.MouseClickMsg{X: 6, Y: y, Button: tea.MouseLeft})
	if got := d.Last(); !d.Done || got != (ask.Picked{Tag: "size", Value: "1280x720"}) {
		t.Errorf("got %+v", got)
	}
}

func TestNoItems(t *testing.T) {
	d := open(t, ask.Pick{Tag: "x", Title: "Nothing"})
	d.Press("down", "up", "end", "enter")
	if d.Done || !d.Has("nothing matches") {
		t.Error(d.Text())
	}
	d.Press("esc")
	if !d.Done || d.Last() != nil {
		t.Error("esc answers nothing")
	}
}
