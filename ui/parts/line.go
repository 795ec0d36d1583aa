package parts

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Rect is a piece of the screen, in cells.
type Rect struct{ X, Y, W, H int }

// Holds says whether the cell is in r.
func (r Rect) Holds(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Clip cuts s to w cells, with an ellipsis for what is lost. Styles in s stay
// whole.
func Clip(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if len(s) <= w || ansi.StringWidth(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, "…")
}

// Fit makes s exactly w cells wide.
func Fit(s string, w int) string {
	s = Clip(s, w)
	return s + Blank(w-ansi.StringWidth(s))
}

// Right is s at the right edge of w cells.
func Right(s string, w int) string {
	s = Clip(s, w)
	return Blank(w-ansi.StringWidth(s)) + s
}

// Blank is n spaces.
func Blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

const blanks = "                                                                                                                                "

// Bytes says a weight as people read it: "812 KB", "1.2 MB".
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 999_500:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	case n < 99_950_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
	return strconv.FormatInt((n+500_000)/1_000_000, 10) + " MB"
}

// Over lays row, w cells wide, over line from column x on. A wide character
// that is cut in half becomes a space.
func Over(line, row string, x, w int) string {
	left := ansi.Truncate(line, x, "")
	s := left + Blank(x-ansi.StringWidth(left)) + row
	if rest := ansi.StringWidth(line) - x - w; rest > 0 {
		right := ansi.TruncateLeft(line, x+w, "")
		if ansi.StringWidth(right) > rest { // it keeps a wide character that it cuts
			right = ansi.TruncateLeft(line, x+w+1, "")
		}
		s += Blank(rest-ansi.StringWidth(right)) + right
	}
	return s
}
