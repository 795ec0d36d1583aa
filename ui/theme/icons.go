package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Icons are the signs of states and places. Each is one cell wide, also where a
// terminal takes ambiguous characters for wide ones, as far as it can be; a test
// holds them to what the renderer reckons.
type Icons struct {
	Spinner   []string // frames of what is being painted
	Pending   string   // here, not sent yet
	Done      string
	Failed    string
	Unsure    string
	Paused    string // stopped until something changes
	Canceled  string
	Cursor    string // the row that the person is on
	Info      string
	Warn      string
	More      string // text goes on
	Star      string
	Picked    string // among those that an action is for
	Separator string // between bits of a line
}

var icons = Icons{
	Spinner:   []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	Pending:   "○",
	Done:      "✓",
	Failed:    "✗",
	Unsure:    "?",
	Paused:    "‖",
	Canceled:  "–",
	Cursor:    "›",
	Info:      "·",
	Warn:      "!",
	More:      "…",
	Star:      "✦",
	Picked:    "▪",
	Separator: "·",
}

// Progress draws how far something is (0 to 1) in w cells, to half a cell: the
// full part in the style of full, the rest as a rule.
func (t Theme) Progress(part float64, w int, full lipgloss.Style) string {
	if w <= 0 {
		return ""
	}
	halves := int(min(max(part, 0), 1)*float64(2*w) + 0.5)
	if !t.Color { // two kinds of line, for there are no two colours
		n := (halves + 1) / 2
		return full.Render(strings.Repeat("━", n)) + t.Faint.Render(strings.Repeat("─", w-n))
	}
	bar := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		bar += "╸"
	}
	s := ""
	if bar != "" {
		s = full.Render(bar)
	}
	if rest := w - (halves+1)/2; rest > 0 {
		s += t.Faint.Render(strings.Repeat("━", rest))
	}
	return s
}

// Rule draws a thin line of w cells.
func (t Theme) Rule(w int) string {
	if w <= 0 {
		return ""
	}
	return t.Faint.Render(strings.Repeat("─", w))
}
