package palette_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
	"easel/ui/parts/palette"
	"easel/ui/parts/partstest"
)

func TestPalette(t *testing.T) {
	actions := []keys.Action{keys.Generate, keys.PickModel, keys.Search, keys.Quit}
	env := partstest.Env(t, "en", 80, 24)
	d := partstest.Open(t, env, palette.New(env, actions))
	for _, a := range actions {
		if !d.Has(env.Keys.Name(a)) || !d.Has(env.Keys.Binding(a).Help().Key) {
			t.Errorf("%s is not there:\n%s", a, d.Text())
		}
	}
	d.Type("chmdl")
	if got := d.Here(); !strings.HasPrefix(got, env.Keys.Name(keys.PickModel)) {
		t.Errorf("the cursor is on %q", got)
	}
	d.Press("enter")
	if got := d.Last(); !d.Done || got != (palette.Chosen{Action: keys.PickModel}) {
		t.Errorf("got %+v", got)
	}
}

func TestPaletteInChinese(t *testing.T) {
	env := partstest.Env(t, "zh-CN", 80, 24)
	d := partstest.Open(t, env, palette.New(env, []keys.Action{keys.Generate, keys.PickModel, keys.Quit}))
	name := []rune(env.Keys.Name(keys.PickModel))
	d.Send(tea.PasteMsg{Content: string(name[len(name)-2:])})
	d.Press("enter")
	if got := d.Last(); got != (palette.Chosen{Action: keys.PickModel}) {
		t.Errorf("got %+v", got)
	}
}

func TestPaletteThatFindsNothing(t *testing.T) {
	env := partstest.Env(t, "en", 40, 10)
	d := partstest.Open(t, env, palette.New(env, []keys.Action{keys.Quit}))
	d.Type("qqq")
	d.Press("enter", "down", "enter")
	if d.Done || d.Last() != nil || !d.Has("nothing matches") {
		t.Error(d.Text())
	}
	d.Press("esc")
	if !d.Done || d.Last() != nil {
		t.Error("it does not close")
	}
}
