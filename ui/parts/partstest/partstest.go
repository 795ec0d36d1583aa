// Package partstest drives popups in tests: it presses keys, takes the answers,
// and holds every drawing to its size. It is for tests only.
package partstest

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/theme"
	"easel/ui/words"
)

// Now is the time that Env has.
var Now = time.Date(2026, 11, 20, 17, 45, 12, 0, time.Local)

// Env is what parts may read: dark, in a language, for a screen of w x h cells.
func Env(t testing.TB, lang string, w, h int) parts.Env {
	t.Helper()
	said, err := words.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return parts.Env{
		Theme: theme.New(true, true), Words: said, Keys: keys.New(said.Say),
		Now: Now, Width: w, Height: h, Focused: true,
	}
}

// Drive is a popup and who uses it.
type Drive struct {
	T     testing.TB
	Env   parts.Env
	Popup parts.Popup
	Done  bool      // the popup said that it is
	Msgs  []tea.Msg // what it answered and asked for, in order
}

// Open makes a Drive and draws the popup once.
func Open(t testing.TB, env parts.Env, p parts.Popup) *Drive {
	d := &Drive{T: t, Env: env, Popup: p}
	d.Lines()
	return d
}

// Send gives the popup a message, takes what comes back, and draws.
func (d *Drive) Send(msg tea.Msg) {
	d.T.Helper()
	cmd, done := d.Popup.Update(d.Env, msg)
	d.Done = d.Done || done
	if cmd != nil {
		d.Msgs = append(d.Msgs, cmd())
	}
	d.Lines()
}

// Press presses keys by the names that Bubble Tea gives them.
func (d *Drive) Press(names ...string) {
	d.T.Helper()
	for _, n := range names {
		d.Send(Key(n))
	}
}

// Type types text, a character at a time.
func (d *Drive) Type(text string) {
	d.T.Helper()
	for _, r := range text {
		d.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// Last is the last answer, nil if there is none.
func (d *Drive) Last() tea.Msg {
	if len(d.Msgs) == 0 {
		return nil
	}
	return d.Msgs[len(d.Msgs)-1]
}

// Lines draws the popup as the studio does, without styles, and fails the test
// if the box is larger than it may be, ragged, or has its cursor outside.
func (d *Drive) Lines() []string {
	d.T.Helper()
	w, h := max(d.Env.Width-4, 0), max(d.Env.Height-3, 0)
	lines := strings.Split(ansi.Strip(d.Popup.View(d.Env, w, h)), "\n")
	if len(lines) > max(h, 2) {
		d.T.Fatalf("%d rows, of %d: %q", len(lines), h, lines)
	}
	for _, l := range lines {
		if n := ansi.StringWidth(l); n > w || n != ansi.StringWidth(lines[0]) {
			d.T.Fatalf("a row of %d cells, of %d, the first has %d: %q", n, w, ansi.StringWidth(lines[0]), l)
		}
		if strings.ContainsFunc(l, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			d.T.Fatalf("a control character is drawn: %q", l)
		}
	}
	if x, y, ok := d.Popup.Cursor(d.Env); ok && w > 8 && (x < 0 || y < 0 || x >= ansi.StringWidth(lines[0]) || y >= len(lines)) {
		d.T.Fatalf("the cursor is at %d,%d outside of the box", x, y)
	}
	return lines
}

// Text is Lines in one.
func (d *Drive) Text() string { return strings.Join(d.Lines(), "\n") }

// Has says whether the drawing shows a text.
func (d *Drive) Has(text string) bool { return strings.Contains(d.Text(), text) }

// Before gives the text left of the cursor in its row, from the last "› " on:
// what the person typed must end there.
func (d *Drive) Before() string {
	d.T.Helper()
	x, y, ok := d.Popup.Cursor(d.Env)
	if !ok {
		d.T.Fatal("there is no cursor")
	}
	row := ansi.Truncate(d.Lines()[y], x, "")
	return row[strings.LastIndex(row, "› ")+len("› "):]
}

// Here gives the row under the line that the cursor mark stands in.
func (d *Drive) Here() string {
	for _, l := range slices.Backward(d.Lines()) {
		if _, row, ok := strings.Cut(l, "› "); ok {
			return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(row), "│"))
		}
	}
	return ""
}

var named = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1,
}

// Key makes the press of a key: "enter", "ctrl+r", "alt+b", "shift+tab", "space",
// or a character.
func Key(name string) tea.KeyPressMsg {
	k, rest := tea.Key{}, name
	for {
		mod, after, ok := strings.Cut(rest, "+")
		if !ok || after == "" {
			break
		}
		switch mod {
		case "ctrl":
			k.Mod |= tea.ModCtrl
		case "alt":
			k.Mod |= tea.ModAlt
		case "shift":
			k.Mod |= tea.ModShift
		}
		rest = after
	}
	switch code, ok := named[rest]; {
	case ok:
		k.Code = code
	case rest == "space":
		k.Code, k.Text = ' ', " "
	default:
		k.Code = []rune(rest)[0]
		if k.Mod == 0 {
			k.Text = rest
		}
	}
	return tea.KeyPressMsg(k)
}
