package ui

import (
	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/picture"
)

// page is what has the screen between header and footer. It draws, and says what
// it wants done (ui/ask); it waits for nothing.
type page interface {
	Update(env parts.Env, msg tea.Msg) []any
	Do(env parts.Env, a keys.Action) []any
	View(env parts.Env) []string
	// Cursor is where the terminal's cursor stands on the screen.
	Cursor(env parts.Env) (x, y int, ok bool)
	// Pictures are those that the page shows now, the most wanted first, and
	// those that it may show next.
	Pictures(env parts.Env) (sight []picture.Spot, ahead []picture.Want)
	// Moving says whether something that is drawn changes with time.
	Moving(env parts.Env) bool
	Hints(env parts.Env) []keys.Action
	Places() []keys.Place
}

// pictured is what the page shows of pictures.
func (m *model) pictured() (spots []picture.Spot, sight, ahead []picture.Want) {
	if m.small() {
		return nil, nil, nil
	}
	spots, ahead = m.page.Pictures(m.env)
	for _, s := range spots {
		sight = append(sight, s.Want)
	}
	return spots, sight, ahead
}
