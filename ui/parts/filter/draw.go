package filter

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts"
)

// Query draws the line that is being typed.
func (l *List) Query(env parts.Env, w int, hint string) string {
	return env.Theme.Accent.Render(env.Theme.Icons.Cursor) + " " + l.Line.View(env, w-2, hint)
}

// QueryX is the column of the cursor in what Query drew last.
func (l *List) QueryX() int { return 2 + l.Line.Column() }

// Rows draws the rows that are in sight, at most h of them, each at most w
// cells wide. The cursor is drawn if the list is focused.
func (l *List) Rows(env parts.Env, w, h int, focused bool) []string {
	hits := l.match.hits
	l.rows = h
	if h < 1 || w < 4 {
		return nil
	}
	l.top = max(min(l.top, l.at, len(hits)-h), l.at-h+1, 0)
	end := min(l.top+h, len(hits))
	c := l.columns(l.top, end, w)
	out := make([]string, 0, h)
	for i := l.top; i < end; i++ {
		out = append(out, l.row(env, hits[i].index, focused && i == l.at, c))
	}
	return out
}

// columns are the widths of a row's parts.
type columns struct{ mark, text, note, key int }

// columns shares the room among the rows in sight; the text has what the others
// leave, and they go where it would have too little.
func (l *List) columns(from, to, w int) columns {
	var c columns
	for i := from; i < to; i++ {
		item := l.items[l.match.hits[i].index]
		if item.Mark != "" {
			c.mark = 2
		}
		c.text = max(c.text, ansi.StringWidth(item.Text))
		c.note = max(c.note, ansi.StringWidth(item.Note))
		c.key = max(c.key, ansi.StringWidth(item.Key))
	}
	room := w - 2 - c.mark
	if c.key > 0 {
		c.key += 2
		if room-c.key < 16 {
			c.key = 0
		}
		room -= c.key
	}
	if c.note > 0 {
		left := room - min(c.text, room)
		if short := min(c.note, 20) + 2; left < short && room-short >= 24 {
			left = short // a long text gives way to a short note
		}
		if left < c.note+2 && left < 8 {
			left = 0 // one that is cut too short says nothing
		}
		c.note = min(c.note+2, left)
	}
	c.text = min(c.text, room-c.note)
	if c.key > 0 {
		c.text = room - c.note
	}
	return c
}

func (l *List) row(env parts.Env, index int, here bool, c columns) string {
	t, item := env.Theme, l.items[index]
	lead, style := "  ", t.Text
	if item.Dim {
		style = t.Quiet
	}
	if here {
		lead, style = t.Accent.Render(t.Icons.Cursor)+" ", t.Selected
	}
	if c.mark > 0 {
		lead += parts.Fit(item.Mark, c.mark)
	}
	found := l.match.found(index)
	text := parts.Clip(item.Text, c.text)
	s := lead + highlight(text, found, 0, style, t.Match)
	if c.note > 0 && item.Note != "" {
		s += parts.Blank(c.text - ansi.StringWidth(text) + 2)
		s += highlight(cut(item.Note, c.note-2), found, len([]rune(item.Text))+1, t.Quiet, t.Match)
	}
	if c.key > 0 && item.Key != "" {
		s = parts.Fit(s, 2+c.mark+c.text+c.note) + t.Key.Render(parts.Right(item.Key, c.key))
	}
	return s
}

// cut makes a note fit: what stands behind two spaces is the first to go.
func cut(note string, w int) string {
	for ansi.StringWidth(note) > w {
		i := strings.LastIndex(note, "  ")
		if i < 0 || strings.TrimSpace(note[:i]) == "" {
			break
		}
		note = note[:i]
	}
	return parts.Clip(note, w)
}

// highlight draws text with the characters that were found in another style;
// its first character is at number offset of what was matched.
func highlight(text string, found map[int]bool, offset int, plain, match lipgloss.Style) string {
	if len(found) == 0 {
		return plain.Render(text)
	}
	var b strings.Builder
	run, inside, i := 0, false, offset
	flush := func(to int) {
		if to > run {
			style := plain
			if inside {
				style = match
			}
			b.WriteString(style.Render(text[run:to]))
		}
		run = to
	}
	for at := 0; at < len(text); {
		n, _ := parts.Cluster(text[at:])
		hit := false
		for range text[at : at+n] {
			hit = hit || found[i]
			i++
		}
		if hit != inside {
			flush(at)
			inside = hit
		}
		at += n
	}
	flush(len(text))
	return b.String()
}
