package parts

import (
	tea "charm.land/bubbletea/v2"

	"easel/ui/keys"
)

// Scroll is the place in a text that is longer than its window. The zero value
// is its beginning.
type Scroll struct {
	top, rows, total int
}

// Window gives the lines that are in sight in h rows; it keeps to what there is.
func (s *Scroll) Window(lines []string, h int) []string {
	s.rows, s.total = max(h, 0), len(lines)
	s.top = max(min(s.top, s.total-s.rows), 0)
	return lines[s.top:min(s.top+s.rows, s.total)]
}

// Top is the first line in sight; To goes to a line.
func (s *Scroll) Top() int { return s.top }

// To makes a line the first one in sight, as far as there are lines under it.
func (s *Scroll) To(line int) { s.top = max(line, 0) }

// End goes to the end.
func (s *Scroll) End() { s.top = 1 << 30 }

// Fits says whether all lines were in sight when Window was last asked.
func (s *Scroll) Fits() bool { return s.total <= s.rows }

// Percent is how much was seen when the last line in sight is read, 0 to 100.
func (s *Scroll) Percent() int {
	if s.total == 0 {
		return 100
	}
	return min(s.top+s.rows, s.total) * 100 / s.total
}

// Update handles the keys and the wheel that move; false if it is none of them.
func (s *Scroll) Update(env Env, msg tea.Msg) bool {
	page := max(s.rows-1, 1)
	last := max(s.total-s.rows, 0)
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			s.top -= 3
		case tea.MouseWheelDown:
			s.top += 3
		}
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Viewer, keys.Popup) {
		case keys.Up:
			s.top--
		case keys.Down:
			s.top++
		case keys.PageUp:
			s.top -= page
		case keys.PageDown:
			s.top += page
		case keys.Top:
			s.top = 0
		case keys.Bottom:
			s.top = last
		default:
			return false
		}
	default:
		return false
	}
	s.top = max(min(s.top, last), 0)
	return true
}
