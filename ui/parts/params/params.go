// Package params is the parameters of the request that is being written: one
// row each, drawn from the model's description. It says which row the person is
// on and draws; changing a value, and what follows from it, is the page's.
package params

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/parts"
)

// Params knows the row that the person is on, by its field.
type Params struct{ field string }

// At finds the person's row among rows: the first if theirs is not there.
func (p *Params) At(rows []Row) int {
	for i, r := range rows {
		if r.Field == p.field {
			return i
		}
	}
	return 0
}

// Move goes by rows up or down, within the list.
func (p *Params) Move(rows []Row, by int) {
	if len(rows) > 0 {
		p.field = rows[min(max(p.At(rows)+by, 0), len(rows)-1)].Field
	}
}

// Select goes to the row of a field.
func (p *Params) Select(field string) { p.field = field }

// View draws the rows, at most h of them, around the person's own.
func (p *Params) View(env parts.Env, rows []Row, focused bool, w, h int) []string {
	at := p.At(rows)
	top := p.Top(rows, h)
	label := labels(rows, w)
	out := make([]string, 0, h)
	for i := top; i < len(rows) && len(out) < h; i++ {
		out = append(out, line(env, rows[i], focused && i == at, label, w))
	}
	return out
}

// labels is the width of the column of labels.
func labels(rows []Row, w int) int {
	n := 0
	for _, r := range rows {
		n = max(n, ansi.StringWidth(r.Label))
	}
	return min(n, max(w/3, 8))
}

// Arrows gives the columns of the two arrows beside the value of the person's
// own row; -1 where there are none.
func (p *Params) Arrows(_ parts.Env, rows []Row, w int) (left, right int) {
	r := rows[p.At(rows)]
	if r.Of < 2 {
		return -1, -1
	}
	left = 2 + labels(rows, w) + 2
	return left, left + 3 + ansi.StringWidth(backend.Clean(r.Value))
}

// Top is the first row that View draws in h lines.
func (p *Params) Top(rows []Row, h int) int {
	return max(0, min(p.At(rows)-h/2, len(rows)-h))
}

func line(env parts.Env, r Row, here bool, label, w int) string {
	t := env.Theme
	mark, name, value := "  ", t.Quiet, t.Text
	if here {
		mark, name, value = t.Accent.Render("›")+" ", t.Text, t.Accent
	}
	note := Note(env, r, here)
	room := w - 2 - label - 2
	text := backend.Clean(r.Value)
	if text == "" {
		text, value = env.Words.Say("studio.value.default"), quieter(here, value, t.Quiet)
	}
	if here && r.Of > 1 {
		text = "‹ " + text + " ›"
	}
	col := max(min(room*5/9, room-ansi.StringWidth(note)-1), min(room, ansi.StringWidth(text)+1))
	s := mark + name.Render(parts.Fit(r.Label, label)) + "  " + value.Render(parts.Clip(text, min(col, room)))
	if note != "" && room-col > 2 {
		s += parts.Blank(col-ansi.StringWidth(parts.Clip(text, col))) + t.Quiet.Render(parts.Clip(note, room-col))
	}
	return s
}

func quieter(here bool, value, quiet lipgloss.Style) lipgloss.Style {
	if here {
		return value
	}
	return quiet
}

// Note is the quiet text behind a value: the form of a ratio, the tier of a
// size, and how many values there are.
func Note(env parts.Env, r Row, here bool) string {
	var bits []string
	if r.Field == backend.FieldRatio {
		if s := Shape(r.Value); s != "" {
			bits = append(bits, s+" ")
		}
	}
	if r.Note != "" {
		bits = append(bits, r.Note+" ")
	}
	switch {
	case r.Field == backend.FieldCount:
		bits = append(bits, env.Words.Say("studio.value.max", strconv.Itoa(r.Of)))
	case r.At >= 0 && r.Of > 1 && (here || r.Field == backend.FieldRatio):
		bits = append(bits, env.Words.Say("studio.value.of", strconv.Itoa(r.At+1), strconv.Itoa(r.Of)))
	case r.At < 0 && r.From.Free != nil:
		bits = append(bits, env.Words.Say("studio.value.typed"))
	}
	return strings.TrimRight(strings.Join(bits, " "), " ")
}

// Summary says the parameters in one line of at most w cells: what the narrow
// page shows instead of the rows. Provider excepted, which the header shows.
func Summary(env parts.Env, rows []Row, w int) string {
	var bits []string
	for _, r := range rows {
		switch v := backend.Clean(r.Value); {
		case r.Field == Provider || v == "":
		case r.Field == backend.FieldCount:
			if v != "1" {
				bits = append(bits, "×"+v)
			}
		default:
			bits = append(bits, v)
		}
	}
	return parts.Clip(strings.Join(bits, " · "), w)
}
