package parts

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Frame is the box of a popup: thin, with a title in its upper rule and a quiet
// note in its lower one.
type Frame struct{ Title, Note string }

// FrameX and FrameY are where the inside of a Frame begins: behind a blank
// column that parts the box from the page, the border, and a column of room. It
// has as many columns again at its right, and one row under it.
const FrameX, FrameY = 3, 1

// Inside gives the room in a box of w x h cells.
func Inside(w, h int) (iw, ih int) { return max(w-2*FrameX, 0), max(h-2*FrameY, 0) }

// View draws lines into a box that is w cells wide and two rows higher than
// there are lines, but at most h. What does not fit is cut; where nothing does,
// there is no box.
func (f Frame) View(env Env, w, h int, lines []string) string {
	t := env.Theme
	iw, ih := Inside(w, h)
	if iw < 1 || ih < 1 {
		return ""
	}
	lines = lines[:min(len(lines), ih)]
	side := t.Faint.Render("│")
	var b strings.Builder
	b.Grow((len(lines) + 2) * (w + 48))
	b.WriteString(" " + t.Faint.Render("╭─"))
	rest := w - 5
	if f.Title != "" && w > 10 {
		title := " " + Clip(f.Title, w-8) + " "
		b.WriteString(t.Accent.Render(title))
		rest -= ansi.StringWidth(title)
	}
	b.WriteString(t.Faint.Render(strings.Repeat("─", max(rest, 0))+"╮") + " ")
	for _, line := range lines {
		b.WriteString("\n " + side + " " + Fit(line, iw) + " " + side + " ")
	}
	note := ""
	if f.Note != "" && w > 10 {
		note = " " + Clip(f.Note, w-8) + " "
	}
	b.WriteString("\n " + t.Faint.Render("╰"+strings.Repeat("─", max(w-5-ansi.StringWidth(note), 0))))
	b.WriteString(t.Quiet.Render(note) + t.Faint.Render("─╯") + " ")
	return b.String()
}

// Lay lays a box over lines, its upper left corner at x, y. Rows of the box that
// are above or under the lines are left out.
func Lay(lines []string, box string, x, y int) {
	rows := strings.Split(box, "\n")
	w := 0
	for _, row := range rows {
		w = max(w, ansi.StringWidth(row))
	}
	for i, row := range rows {
		if at := y + i; at >= 0 && at < len(lines) {
			lines[at] = Over(lines[at], Fit(row, w), max(x, 0), w)
		}
	}
}

// Centre gives the place for a box in the middle of a screen of w x h cells, a
// little above it where there is room: that is where people look first.
func Centre(box string, w, h int) Rect {
	r := Rect{H: strings.Count(box, "\n") + 1}
	for row := range strings.SplitSeq(box, "\n") {
		r.W = max(r.W, ansi.StringWidth(row))
	}
	r.X, r.Y = max((w-r.W)/2, 0), max((h-r.H)*2/5, 0)
	return r
}

// Tail gives the end of s in w cells, with an ellipsis for what is lost.
func Tail(s string, w int) string {
	over := ansi.StringWidth(s) - w
	switch {
	case over <= 0:
		return s
	case w < 2:
		return Clip("……", w)
	}
	end := ansi.TruncateLeft(s, over+1, "…")
	if ansi.StringWidth(end) > w { // it keeps a wide character that it cuts
		end = ansi.TruncateLeft(s, over+2, "…")
	}
	return end
}
