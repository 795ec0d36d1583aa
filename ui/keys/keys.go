// Package keys holds every key binding of the screen, in one table. A binding
// is an action by name, the place where it works, and the keys that ask for it;
// pages and parts ask the Map which action a key means and never compare keys
// themselves. The help, the footer, the palette and the README are made of the
// same table. What an action does is not here.
package keys

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// Place is where a binding works.
type Place string

// The places. A key that works Everywhere has no other meaning anywhere but in
// a popup; Outside is every place of the page but the prompt.
const (
	Everywhere Place = "everywhere"
	Prompt     Place = "prompt"
	Outside    Place = "outside"
	References Place = "references"
	Parameters Place = "parameters"
	Tasks      Place = "tasks"
	Gallery    Place = "gallery"
	Popup      Place = "popup"
	Viewer     Place = "viewer" // a popup that is read: nothing is typed there
)

// Places lists the places in the order in which people read about them.
var Places = []Place{Everywhere, Prompt, References, Parameters, Tasks, Gallery, Outside, Popup, Viewer}

// Action is the name of what a key asks for. The catalogue says it under
// "keys." and the name.
type Action string

// Entry is a row of the table.
type Entry struct {
	Place  Place
	Action Action
	Keys   []string // as Bubble Tea spells them
	Shown  string   // how people read them; "" for the keys themselves
}

// Map answers which key means what. Say gives the words of the catalogue; the
// keys themselves do not depend on the language.
type Map struct {
	say   func(key string, args ...any) string
	byKey map[Place]map[string]Action
	bind  map[Action]key.Binding
}

// New makes the Map of the table with help in the words of say.
func New(say func(key string, args ...any) string) *Map {
	m := &Map{say: say, byKey: map[Place]map[string]Action{}, bind: map[Action]key.Binding{}}
	for _, e := range Table {
		if m.byKey[e.Place] == nil {
			m.byKey[e.Place] = map[string]Action{}
		}
		for _, k := range e.Keys {
			m.byKey[e.Place][k] = e.Action
		}
		if _, ok := m.bind[e.Action]; !ok {
			m.bind[e.Action] = key.NewBinding(key.WithKeys(e.Keys...), key.WithHelp(e.shown(), m.Name(e.Action)))
		}
	}
	return m
}

// shown is how people read the keys of the entry.
func (e Entry) shown() string {
	if e.Shown != "" || len(e.Keys) == 0 {
		return e.Shown
	}
	return e.Keys[0]
}

// Match gives the action that a key asks for at the places, the first place
// that knows the key deciding, and "" if none does.
func (m *Map) Match(pressed string, places ...Place) Action {
	for _, p := range places {
		if a, ok := m.byKey[p][pressed]; ok {
			return a
		}
	}
	return ""
}

// Binding gives the keys of an action with their help. An action without keys
// gives a binding that nothing matches.
func (m *Map) Binding(a Action) key.Binding { return m.bind[a] }

// Entry gives the keys of one row of the table with their help, all of them.
func (m *Map) Entry(e Entry) key.Binding {
	shown := e.Shown
	if shown == "" {
		shown = strings.Join(e.Keys, " ")
	}
	return key.NewBinding(key.WithKeys(e.Keys...), key.WithHelp(shown, m.Name(e.Action)))
}

// Bindings gives the bindings of actions, in order.
func (m *Map) Bindings(actions ...Action) []key.Binding {
	out := make([]key.Binding, len(actions))
	for i, a := range actions {
		out[i] = m.bind[a]
	}
	return out
}

// Moves says whether an action only moves about or edits text: such have keys,
// and no row in the palette.
func Moves(a Action) bool {
	switch a {
	case Newline, Earlier, Later, LineStart, LineEnd, WordLeft, WordRight, CutWord, CutWordNext, CutLine,
		TextStart, TextEnd, Up, Down, Top, Bottom, PageUp, PageDown, NextRef, PrevRef, NextPane, PrevPane,
		NextResult, PrevResult, RefLater, RefSooner, RemoveRef,
		Left, Right, PickLeft, PickRight, PickUp, PickDown:
		return true
	}
	return false
}

// Name says an action in a few words of the person's language.
func (m *Map) Name(a Action) string { return m.say("keys." + string(a)) }

// At gives the entries of a place, in the table's order.
func At(p Place) []Entry {
	var out []Entry
	for _, e := range Table {
		if e.Place == p {
			out = append(out, e)
		}
	}
	return out
}

// Markdown gives the table of all keys as the README shows it.
func (m *Map) Markdown() string {
	var b strings.Builder
	for _, p := range Places {
		b.WriteString("| " + m.say("keys.place."+string(p)) + " | |\n|---|---|\n")
		for _, e := range At(p) {
			if len(e.Keys) == 0 {
				continue
			}
			b.WriteString("| " + cell(e) + " | " + m.Name(e.Action) + " |\n")
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func cell(e Entry) string {
	shown := slices.Clone(e.Keys)
	if e.Shown != "" {
		shown = strings.Fields(e.Shown)
	}
	for i, k := range shown {
		shown[i] = "`" + strings.ReplaceAll(k, "|", "\\|") + "`"
	}
	return strings.Join(shown, " ")
}
