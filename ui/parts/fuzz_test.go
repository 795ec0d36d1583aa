package parts_test

import (
	"maps"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"easel/ui/ask"
	"easel/ui/parts/files"
	"easel/ui/parts/partstest"
)

// steps are what a person, or the world, may do to a popup.
var steps = func() []func(d *partstest.Drive) {
	var out []func(d *partstest.Drive)
	for _, k := range []string{
		"enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown",
		"backspace", "delete", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+r", "ctrl+n", "ctrl+p", "ctrl+h", "ctrl+d",
		"alt+b", "alt+f", "alt+d", "ctrl+left", "ctrl+right", "j", "k", "g", "G", "y", "q", "?", "space", "a", "1", "0", "x", "/", "~", ".", "猫", "é",
	} {
		out = append(out, func(d *partstest.Drive) { d.Press(k) })
	}
	for _, s := range []string{"1600x1024", "https://e.com/a.png", "/home/", "../", "👨‍👩‍👧‍👦", "e\u0301", "\x1b[2J\x00\n\t", "\xff\xfe", "很长的一段文字很长的一段文字很长的一段文字", "mist"} {
		out = append(out, func(d *partstest.Drive) { d.Send(tea.PasteMsg{Content: s}) })
	}
	for _, size := range [][2]int{{40, 10}, {41, 11}, {80, 24}, {300, 100}, {20, 6}, {9, 5}, {4, 3}, {0, 0}} {
		out = append(out, func(d *partstest.Drive) { d.Env.Width, d.Env.Height = size[0], size[1] })
	}
	for _, b := range []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown} {
		out = append(out, func(d *partstest.Drive) { d.Send(tea.MouseWheelMsg{X: 5, Y: 5, Button: b}) })
	}
	for y := range 8 {
		out = append(out, func(d *partstest.Drive) { d.Send(tea.MouseClickMsg{X: 5, Y: y*3 - 1, Button: tea.MouseLeft}) })
	}
	return append(out,
		func(d *partstest.Drive) {
			d.Send(files.Listed{Asked: lastList(d), Path: "/x", Entries: []files.Entry{{Name: "\x1b.png"}, {Name: "d", Folder: true}}})
		},
		func(d *partstest.Drive) { d.Send(ask.Earlier{Prompts: []string{"a", "\x00b\nc", "猫"}}) },
		func(d *partstest.Drive) { d.Send(tea.FocusMsg{}) },
	)
}()

func lastList(d *partstest.Drive) files.List {
	for _, m := range slices.Backward(d.Msgs) {
		if l, ok := m.(files.List); ok {
			return l
		}
	}
	return files.List{Base: "/home/ann/Pictures"}
}

// FuzzPopups: whatever is pressed, pasted, clicked or resized, no popup panics,
// is drawn larger than its room, or has its cursor outside (Drive holds that
// after every step), and it answers at most what it was made to.
func FuzzPopups(f *testing.F) {
	names := slices.Sorted(maps.Keys(popups))
	for i := range names {
		f.Add(byte(i), []byte{33, 40, 47, 1, 5, 60, 4, 12, 70, 0})
		f.Add(byte(i), []byte{60, 52, 53, 54, 13, 13, 61, 20, 21, 2, 2, 62, 5, 5, 5, 0, 0})
	}
	f.Fuzz(func(t *testing.T, which byte, script []byte) {
		lang := []string{"en", "zh-CN"}[int(which)/len(names)%2]
		env := partstest.Env(t, lang, 80, 24)
		d := partstest.Open(t, env, popups[names[int(which)%len(names)]](env))
		for _, b := range script[:min(len(script), 60)] {
			if d.Done {
				break
			}
			steps[int(b)%len(steps)](d)
			d.Lines()
			for _, k := range d.Popup.Keys(d.Env) {
				if k.Help().Desc == "" || k.Help().Key == "" {
					t.Fatal("a key without help")
				}
			}
		}
	})
}
