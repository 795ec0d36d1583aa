// Package parts holds what the components of the screen share: what they may
// read when they draw, and what a popup is. Each component has a folder of its
// own below. A part does no I/O: what it wants done it asks for with a message.
package parts

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
	"easel/ui/theme"
	"easel/ui/words"
)

// Env is what every part may read when it updates and draws.
type Env struct {
	Theme         theme.Theme
	Words         *words.Words
	Keys          *keys.Map
	Now           time.Time
	Width, Height int  // of the whole screen
	Focused       bool // the terminal is
}

// Popup lies over the page and has the input until it is done. What was chosen
// comes back as a message.
type Popup interface {
	Update(env Env, msg tea.Msg) (cmd tea.Cmd, done bool)
	// View gives the popup's own box, border included, of at most w x h cells.
	View(env Env, w, h int) string
	// Cursor is where the terminal's cursor stands, relative to the box as View
	// drew it last.
	Cursor(env Env) (x, y int, ok bool)
	Keys(env Env) []key.Binding
	Title(env Env) string
}
