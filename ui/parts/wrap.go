package parts

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Cluster gives the length in bytes and the width in cells of the first grapheme
// cluster of s. Plain ASCII, which most prompts are, takes the short way.
func Cluster(s string) (n, width int) {
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

// Rows gives the offsets in text at which its rows begin when no row may be
// wider than width cells; the first is 0. A row ends behind a space or beside a
// wide character where there is one, else anywhere. Spaces at the end of a row
// hang over its edge and take no room.
func Rows(text string, width int) []int {
	starts := []int{0}
	x, breakAt, breakX := 0, 0, 0 // the last place where the row may end, and its column
	space, wide, open := false, false, false
	for i := 0; i < len(text); {
		n, w := Cluster(text[i:])
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

// Wrap breaks a text of one or more lines into rows of at most w cells, at spaces
// or beside wide characters where there are such (ansi.Wrap knows only spaces,
// and breaks Chinese in odd places). Nothing is styled in it.
func Wrap(text string, w int) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		starts := Rows(line, max(w, 1))
		for i, start := range starts {
			end := len(line)
			if i+1 < len(starts) {
				end = starts[i+1]
			}
			out = append(out, strings.TrimRight(line[start:end], " "))
		}
	}
	return out
}
