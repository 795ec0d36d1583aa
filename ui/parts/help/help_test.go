package help_test

import (
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"

	"easel/ui/keys"
	"easel/ui/parts/help"
	"easel/ui/parts/partstest"
)

// Every key of the places must be there, however narrow the screen is.
func TestHelpShowsEveryKey(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		env := partstest.Env(t, "en", size[0], size[1])
		places := []keys.Place{keys.Tasks, keys.Outside, keys.Everywhere}
		d := partstest.Open(t, env, help.New(help.Groups(env, places...)))
		seen := d.Text()
		for range 100 {
			d.Press("down")
			seen += d.Text()
		}
		for _, p := range places {
			for _, e := range keys.At(p) {
				if len(e.Keys) == 0 {
					continue
				}
				what := []rune(env.Keys.Name(e.Action))
				if !strings.Contains(seen, string(what[:min(len(what), 12)])) {
					t.Errorf("%v: %s is not there", size, string(what))
				}
			}
		}
	}
}

func TestHelpFitsWhereItCan(t *testing.T) {
	env := partstest.Env(t, "en", 120, 40)
	d := partstest.Open(t, env, help.New(help.Groups(env, keys.Tasks, keys.Outside, keys.Everywhere)))
	if d.Has("%") {
		t.Errorf("all of it has room at 120x40:\n%s", d.Text())
	}
	for i, l := range d.Lines() {
		if strings.Contains(l, env.Words.Say("keys.place.everywhere")) && i+2 >= len(d.Lines()) {
			t.Errorf("a title stands alone at the end of a column:\n%s", d.Text())
		}
	}
}

func TestHelpCloses(t *testing.T) {
	for _, k := range []string{"esc", "q", "enter", "?", "ctrl+g", "f1"} {
		env := partstest.Env(t, "zh-CN", 80, 24)
		d := partstest.Open(t, env, help.New(help.Groups(env, keys.Prompt)))
		if d.Press("j"); d.Done {
			t.Fatal("j scrolls")
		}
		if d.Press(k); !d.Done {
			t.Errorf("%s does not close it", k)
		}
	}
}

func TestHelpOfNothing(t *testing.T) {
	d := partstest.Open(t, partstest.Env(t, "en", 80, 24), help.New(nil))
	d.Press("down", "G")
	d = partstest.Open(t, partstest.Env(t, "en", 80, 24), help.New([]help.Group{{Title: "Empty"}, {Title: "One", Bindings: []key.Binding{
		key.NewBinding(key.WithKeys("x"), key.WithHelp("x", "do it")), key.NewBinding(key.WithKeys("y")),
	}}}))
	if !d.Has("x  do it") {
		t.Error(d.Text())
	}
}
