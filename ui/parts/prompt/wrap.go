package prompt

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// next gives the length in bytes and the width in cells of the first grapheme
// cluster of s. Plain ASCII, which most prompts are, takes the short way.
func next(s string) (n, width int) {
	if s[0] >= ' ' && s[0] < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1, 1
	}
	cluster, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return len(cluster), w
}

// What may not begin or end a row in Chinese and Japanese text.
const (
	noStart = "、。，．！？；：）】》」』〉〕〗”’…—～·,.!?;:)]}"
	noEnd   = "（【《「『〈〔〖“‘([{"
)

// wrap gives the offsets in text at which its rows begin when no row may be
// wider than width cells; the first is 0. A row ends behind a space or beside a
// wide character where there is one, else anywhere. Spaces at the end of a row
// hang over its edge and take no room.
func wrap(text string, width int) []int {
	starts := []int{0}
	x, breakAt, breakX := 0, 0, 0 // the last place where the row may end, and its column
	space, wide, open := false, false, false
	for i := 0; i < len(text); {
		n, w := next(text[i:])
		cluster := text[i : i+n]
		isSpace := cluster == " "
		if i > starts[len(starts)-1] && !isSpace &&
			(space || (wide || w > 1) && !open && !strings.Contains(noStart, cluster)) {
			breakAt, breakX = i, x
		}
		for x+w > width && !isSpace && i > starts[len(starts)-1] {
			if breakAt <= starts[len(starts)-1] {
				breakAt, breakX = i, x
			}
			starts = append(starts, breakAt)
			x, breakX = x-breakX, 0
		}
		x += w
		space, wide, open = isSpace, w > 1, strings.Contains(noEnd, cluster)
		i += n
	}
	return starts
}

// columnOf gives the column of offset col in a row that begins at start.
func columnOf(text string, start, col int) int {
	x := 0
	for i := start; i < col; {
		n, w := next(text[i:])
		x += w
		i += n
	}
	return x
}

// offsetAt gives the offset of the cluster at column x of the row of text from
// start to end; the end if the row is shorter.
func offsetAt(text string, start, end, x int) int {
	at := 0
	for i := start; i < end; {
		n, w := next(text[i:])
		if at+w > x {
			return i
		}
		at += w
		i += n
	}
	return end
}
