package ui

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts"
)

// between is how many blanks are between two hints of the footer.
const between = 3

// footer names the keys that work here, as many as have room.
func (m *model) footer() string {
	t := m.env.Theme
	var items []string
	for _, b := range m.named() {
		items = append(items, t.Key.Render(b.Help().Key)+" "+t.Quiet.Render(b.Help().Desc))
	}
	return " " + parts.Clip(strings.Join(items, parts.Blank(between)), m.env.Width-2)
}

// named gives the keys that the footer has room for. The first, and the last two,
// which lead to all others, stay.
func (m *model) named() []key.Binding {
	var list []key.Binding
	used := -between
	for _, b := range m.hints() {
		if b.Help().Key != "" {
			list = append(list, b)
			used += between + hintWidth(b)
		}
	}
	for len(list) > 2 && used > m.env.Width-2 {
		i := max(len(list)-3, 1)
		used -= between + hintWidth(list[i])
		list = append(list[:i], list[i+1:]...)
	}
	return list
}

func hintWidth(b key.Binding) int {
	return ansi.StringWidth(b.Help().Key) + 1 + ansi.StringWidth(b.Help().Desc)
}

func (m *model) hints() []key.Binding {
	if len(m.popups) > 0 {
		return m.popups[len(m.popups)-1].Keys(m.env)
	}
	return m.env.Keys.Bindings(m.page.Hints(m.env)...)
}

// clickFooter does what the key does whose hint was clicked on.
func (m *model) clickFooter(x int) []tea.Cmd {
	from := 1
	for _, b := range m.named() {
		w := hintWidth(b)
		if x >= from && x < from+w && len(b.Keys()) > 0 {
			if k, ok := pressOf(b.Keys()[0]); ok {
				return m.input(k)
			}
			return nil
		}
		from += w + between
	}
	return nil
}

// keyCodes are the keys that have no character of their own, as far as the
// footer may name them.
var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "delete": tea.KeyDelete,
	"backspace": tea.KeyBackspace, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4,
}

// pressOf makes the key of its name; false if there is none.
func pressOf(name string) (tea.KeyPressMsg, bool) {
	var k tea.Key
	rest := name
	for _, mod := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if s, ok := strings.CutPrefix(rest, mod.name); ok && s != "" {
			rest, k.Mod = s, k.Mod|mod.mod
		}
	}
	if code, ok := keyCodes[rest]; ok {
		k.Code = code
	} else if r, n := utf8.DecodeRuneInString(rest); n == len(rest) && r != utf8.RuneError {
		k.Code = r
	} else {
		return tea.KeyPressMsg{}, false
	}
	if k.Mod == 0 && (rest == "space" || keyCodes[rest] == 0) {
		k.Text = string(k.Code)
	}
	return tea.KeyPressMsg(k), tea.KeyPressMsg(k).String() == name
}
