//go:build unix

package e2e

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Screen is what a terminal showed at one moment. It does not change any more.
type Screen struct {
	Width, Height int
	Lines         []string // Height of them, without spaces at their ends
	X, Y          int      // the cursor's cell, from 0
	Cursor        bool     // it can be seen
	Title         string   // of the window
	Alternate     bool     // the alternate screen is on
}

func (t *Terminal) snapshot() Screen {
	e := t.emu
	s := Screen{Width: e.Width(), Height: e.Height(), Cursor: t.visible, Title: t.title, Alternate: e.IsAltScreen()}
	at := e.CursorPosition()
	s.X, s.Y = at.X, at.Y
	for y := range s.Height {
		s.Lines = append(s.Lines, line(e, y, s.Width))
	}
	return s
}

func line(e *vt.Emulator, y, w int) string {
	var b strings.Builder
	for x := 0; x < w; {
		c := e.CellAt(x, y)
		if c == nil || c.Content == "" {
			b.WriteByte(' ')
			x++
			continue
		}
		b.WriteString(c.Content)
		x += max(c.Width, 1)
	}
	return strings.TrimRight(b.String(), " ")
}

// Text is the whole screen.
func (s Screen) Text() string { return strings.Join(s.Lines, "\n") + "\n" }

// Has says whether every one of the texts is on the screen, each within a line.
func (s Screen) Has(texts ...string) bool {
	for _, text := range texts {
		if _, _, ok := s.Find(text); !ok {
			return false
		}
	}
	return true
}

// Find gives the first cell of a text within a line.
func (s Screen) Find(text string) (x, y int, ok bool) {
	for y, line := range s.Lines {
		if i := strings.Index(line, text); i >= 0 {
			return ansi.StringWidth(line[:i]), y, true
		}
	}
	return 0, 0, false
}

// Row gives the first line that holds every one of the texts; "" if none does.
func (s Screen) Row(texts ...string) string {
	for _, line := range s.Lines {
		all := true
		for _, text := range texts {
			all = all && strings.Contains(line, text)
		}
		if all {
			return line
		}
	}
	return ""
}

// String shows the screen in a frame, for messages.
func (s Screen) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "┌%s┐ %dx%d", strings.Repeat("─", s.Width), s.Width, s.Height)
	for _, line := range s.Lines {
		fmt.Fprintf(&b, "\n│%s%s│", line, strings.Repeat(" ", max(s.Width-ansi.StringWidth(line), 0)))
	}
	fmt.Fprintf(&b, "\n└%s┘ cursor %d,%d seen %v, title %q", strings.Repeat("─", s.Width), s.X, s.Y, s.Cursor, s.Title)
	return b.String()
}
