// Package theme holds every colour, style and icon of the screen: one warm
// accent that says "here you are", a colour for each state, quiet greys for
// what is secondary. Icons and words carry the state too, so that nothing is
// lost without colour. The background is the terminal's own, always.
package theme

import "charm.land/lipgloss/v2"

// Theme is the look of the screen. It is a value, made once by New.
type Theme struct {
	Text     lipgloss.Style // what people read and write: the terminal's own colour
	Quiet    lipgloss.Style // what is secondary: labels, notes, times
	Faint    lipgloss.Style // rules, borders, the empty part of a bar; never for text
	Accent   lipgloss.Style // here you are: the focused pane, the cursor in a list
	Selected lipgloss.Style // the text of the row that the cursor is on
	Running  lipgloss.Style
	Done     lipgloss.Style
	Failed   lipgloss.Style
	Unsure   lipgloss.Style
	Key      lipgloss.Style // a key in the footer and in help
	Match    lipgloss.Style // the letters that a filter found
	Tab      lipgloss.Style // the page or section that is shown

	Icons Icons
	Dark  bool
	Color bool
}

// New makes the theme for a dark or a light terminal. Without color, only
// attributes and icons are used.
func New(dark, color bool) Theme {
	p := Light
	if dark {
		p = Dark
	}
	if !color {
		return plain(dark)
	}
	fg := func(c string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(c)) }
	return Theme{
		Text:     lipgloss.NewStyle(),
		Quiet:    fg(p.Quiet),
		Faint:    fg(p.Rule),
		Accent:   fg(p.Accent).Bold(true),
		Selected: lipgloss.NewStyle().Bold(true),
		Running:  fg(p.Running),
		Done:     fg(p.Done),
		Failed:   fg(p.Failed),
		Unsure:   fg(p.Unsure),
		Key:      fg(p.Accent),
		Match:    fg(p.Accent).Bold(true),
		Tab:      lipgloss.NewStyle().Underline(true),
		Icons:    icons,
		Dark:     dark,
		Color:    true,
	}
}

// plain has attributes only. Secondary text is not dimmed: how dim that is, is
// up to the terminal, and often too much.
func plain(dark bool) Theme {
	none := lipgloss.NewStyle()
	bold := none.Bold(true)
	return Theme{
		Text: none, Quiet: none, Faint: none.Faint(true),
		Accent: bold, Selected: bold,
		Running: none, Done: none, Failed: bold, Unsure: bold,
		Key: bold, Match: none.Underline(true), Tab: none.Underline(true),
		Icons: icons, Dark: dark,
	}
}

// Palette is the colours for one kind of background, as #RRGGBB.
type Palette struct {
	Background string // what the contrasts are reckoned against; never painted
	Quiet      string
	Rule       string
	Accent     string
	Running    string
	Done       string
	Failed     string
	Unsure     string
}

// Dark is the palette for dark terminals.
var Dark = Palette{
	Background: "#1B1916",
	Quiet:      "#9A9488",
	Rule:       "#57524A",
	Accent:     "#F2C14E",
	Running:    "#7DB3E8",
	Done:       "#93C47D",
	Failed:     "#E8706A",
	Unsure:     "#EE9048",
}

// Light is the palette for light terminals.
var Light = Palette{
	Background: "#FBF8F1",
	Quiet:      "#645E54",
	Rule:       "#B8B0A2",
	Accent:     "#845500",
	Running:    "#1F5FA8",
	Done:       "#2C6A1E",
	Failed:     "#B3261E",
	Unsure:     "#9C4508",
}
