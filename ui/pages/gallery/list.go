package gallery

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/history/search"
	"easel/ui/parts"
)

// listView draws the entries in sight, a row for each.
func (p *Page) listView(env parts.Env, lines []string) {
	l := p.lay
	from, to := p.place.visible(p.found.Len(), l)
	for i := from; i < to; i++ {
		parts.Put(lines, l.body.Y+i-from, " "+p.rowView(env, p.found.At(i), i, l.body.W))
	}
}

// rowView draws an entry in a row: what says least goes first where there is
// little room.
func (p *Page) rowView(env parts.Env, e search.Entry, at, w int) string {
	th := env.Theme
	icon, _, style := state(env, e)
	mark, text := " ", th.Text
	if p.picks.has(at, e.ID, p.near) {
		mark = th.Accent.Render(th.Icons.Picked)
	}
	cursor := " "
	if at == p.near {
		cursor, text = th.Accent.Render(th.Icons.Cursor), th.Selected
		if p.typing {
			cursor = th.Quiet.Render(th.Icons.Cursor)
		}
	}
	star := " "
	if e.Starred {
		star = th.Accent.Render(th.Icons.Star)
	}
	tail := "  " + th.Quiet.Render(parts.Right(when(e, env.Now), 11))
	if w >= 56 {
		tail = "  " + th.Quiet.Render(parts.Fit(pixels(e), 12)) + tail
	}
	if w >= 90 {
		tail = "  " + th.Quiet.Render(parts.Fit(e.Model, 18)) + tail
	}
	if w >= 110 {
		tail = "  " + th.Quiet.Render(parts.Fit(strings.Join(e.Tags, ", "), 16)) + tail
	}
	room := w - 7 - ansi.StringWidth(tail)
	return cursor + mark + style.Render(icon) + " " + text.Render(parts.Fit(clip(e.Prompt, 8*w), max(room, 0))) + " " + star + tail
}

// pixels is the size of the first picture, with how many there are.
func pixels(e search.Entry) string {
	s := ""
	if e.Width > 0 {
		s = strconv.Itoa(e.Width) + "x" + strconv.Itoa(e.Height)
	}
	if e.Files > 1 {
		s += " ×" + strconv.Itoa(e.Files)
	}
	return s
}

// when says when an entry was asked for: the less of the date, the nearer it is.
func when(e search.Entry, now time.Time) string {
	t := e.Created
	if t.IsZero() {
		t = e.Finished
	}
	if t.IsZero() {
		return ""
	}
	t, now = t.Local(), now.Local()
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("01-02 15:04")
	}
	return t.Format("2006-01-02")
}

// title is the prompt of an entry on one line, clean.
func title(e search.Entry) string { return backend.Clean(e.Prompt) }
