package parts

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/charmbracelet/x/vt"
)

// A cell of a picture is a character with two marks: a box that is laid over it
// takes whole cells away, and leaves each of the others naming its own place.
func TestOverPictures(t *testing.T) {
	const cols, row = 12, 7
	var b strings.Builder
	b.WriteString("ab\x1b[38;5;9m")
	for c := range cols {
		b.WriteString(string([]rune{kitty.Placeholder, kitty.Diacritic(row), kitty.Diacritic(c)}))
	}
	b.WriteString("\x1b[39mcd")
	line := b.String()
	for x := range cols + 4 {
		for w := 1; x+w <= cols+4; w++ {
			got := Over(line, strings.Repeat("#", w), x, w)
			if n := ansi.StringWidth(got); n != cols+4 {
				t.Fatalf("%d cells over %d: %d wide", w, x, n)
			}
			term := vt.NewEmulator(40, 1)
			_, _ = term.WriteString(got)
			for c := range cols {
				want := string([]rune{kitty.Placeholder, kitty.Diacritic(row), kitty.Diacritic(c)})
				if at := c + 2; at >= x && at < x+w {
					want = "#"
				}
				if cell := term.CellAt(c+2, 0); cell == nil || cell.Content != want {
					t.Fatalf("%d cells over %d: cell %d is %q", w, x, c, cell.Content)
				}
			}
			term.Close()
		}
	}
}
