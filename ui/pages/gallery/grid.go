package gallery

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/history/search"
	"easel/ui/parts"
	"easel/ui/parts/preview"
	"easel/ui/picture"
)

// Pictures are those in sight, and those a page further down and up.
func (p *Page) Pictures(env parts.Env) (sight []picture.Spot, ahead []picture.Want) {
	p.arrange(env)
	if p.over == largeOver {
		if r, ok := p.looked(); ok {
			if s := preview.Large(env, p.book, r); s.Want != (picture.Want{}) {
				return []picture.Spot{s}, nil
			}
		}
		return nil, nil
	}
	if w := p.cardWant(); w != (picture.Want{}) && p.over == nothing {
		sight = append(sight, picture.Spot{Want: w, X: p.lay.card.X, Y: p.lay.card.Y})
	}
	if !p.lay.grid || p.over != nothing {
		return sight, nil
	}
	n, l := p.found.Len(), p.lay
	from, to := p.place.visible(n, l)
	for i := from; i < to; i++ {
		if w := p.want(p.found.At(i)); w != (picture.Want{}) {
			x, y := p.slot(i)
			sight = append(sight, picture.Spot{Want: w, X: x + l.thumb.X, Y: y})
		}
	}
	page := l.rows * l.cols
	for i := to; i < min(to+page, n); i++ {
		ahead = append(ahead, p.want(p.found.At(i)))
	}
	for i := from - 1; i >= max(from-l.cols, 0); i-- {
		ahead = append(ahead, p.want(p.found.At(i)))
	}
	return sight, ahead
}

// want is the thumbnail of an entry in the grid; the zero value if it has none.
func (p *Page) want(e search.Entry) picture.Want {
	if e.Path == "" || e.Gone {
		return picture.Want{}
	}
	return picture.Want{Path: e.Path, Cols: p.lay.thumb.W, Rows: p.lay.thumb.H, Thumb: true}
}

// gridView draws the entries in sight into the lines of the page. Their widths
// are known, and not measured: a line of coloured blocks is long.
func (p *Page) gridView(env parts.Env, lines []string) {
	n, l := p.found.Len(), p.lay
	from, to := p.place.visible(n, l)
	first := p.place.top*l.cols - p.place.pad // the entry of the first slot, also where there is none
	for row := range l.rows {
		b := make([]strings.Builder, l.cellH)
		for col := range l.cols {
			at := first + row*l.cols + col
			if at < from || at >= to {
				for y := range b {
					b[y].WriteString(parts.Blank(l.cellW))
				}
				continue
			}
			for y, s := range p.cellView(env, at) {
				b[y].WriteString(s)
			}
		}
		rest := parts.Blank(l.split - 1 - l.cols*l.cellW)
		for y := range b {
			parts.Put(lines, l.body.Y+row*l.cellH+y, " "+b[y].String()+rest)
		}
	}
}

// cellView draws an entry in cellH lines of cellW cells.
func (p *Page) cellView(env parts.Env, at int) []string {
	l, th := p.lay, env.Theme
	e := p.found.At(at)
	here := at == p.near
	lead := parts.Blank(cellLead)
	if here {
		bar := th.Accent
		if p.typing {
			bar = th.Quiet
		}
		lead = bar.Render("▌") + " "
	}
	out := make([]string, 0, l.cellH)
	tail := parts.Blank(l.cellW - cellLead - l.thumb.W)
	shown := preview.Show(env, p.book, p.want(e), e.Width, e.Height)
	for _, s := range p.thumbView(env, e, shown) {
		out = append(out, lead+s+tail)
	}
	out = append(out, lead+p.captionView(env, e, at, shown.Why, l.thumb.W)+tail)
	for len(out) < l.cellH {
		out = append(out, parts.Blank(l.cellW))
	}
	return out[:l.cellH]
}

// thumbView draws the thumbnail of an entry, or a card of text where it has
// none. It stands at the bottom of its room, over its words.
func (p *Page) thumbView(env parts.Env, e search.Entry, shown preview.Shown) []string {
	w, h := p.lay.thumb.W, p.lay.thumb.H
	out := make([]string, h)
	if !shown.OK {
		for i, s := range p.textCard(env, e, shown.Why, w, h) {
			out[i] = s
		}
		for i := range out {
			out[i] = parts.Fit(out[i], w)
		}
		return out
	}
	top := h - len(shown.Rows)
	for i := range out {
		row := ""
		if i >= top {
			row = shown.Rows[i-top]
		}
		switch {
		case row == "":
			out[i] = parts.Blank(w)
		case shown.Ready:
			out[i] = row + parts.Blank(w-shown.Cols)
		default:
			out[i] = parts.Fit(row, w)
		}
	}
	return out
}

// textCard says of an entry what there is to say where there is no picture.
func (p *Page) textCard(env parts.Env, e search.Entry, why string, w, h int) []string {
	th := env.Theme
	icon, word, style := state(env, e)
	if why == "" {
		why = word
	} else {
		icon, style = th.Icons.Unsure, th.Unsure
	}
	out := []string{"", style.Render(icon + " " + parts.Clip(why, w-2)), ""}
	for _, s := range parts.Wrap(clip(e.Prompt, w*h), max(w-2, 1)) {
		out = append(out, th.Quiet.Render(s))
	}
	return out[:min(len(out), h)]
}

func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// captionView is the line of words under a thumbnail; why says why there is none.
func (p *Page) captionView(env parts.Env, e search.Entry, at int, why string, w int) string {
	th := env.Theme
	icon, _, style := state(env, e)
	text, tail := th.Quiet, ""
	if at == p.near {
		text = th.Selected
	}
	mark := ""
	if p.picks.has(at, e.ID, p.near) {
		mark = th.Accent.Render(th.Icons.Picked) + " "
		text = th.Text
		if at == p.near {
			text = th.Selected
		}
	}
	if why != "" {
		mark += th.Unsure.Render(th.Icons.Unsure) + " "
	} else if e.State != backend.Done {
		mark += style.Render(icon) + " "
	}
	if e.Files > 1 {
		tail = th.Quiet.Render(" ×" + number(e.Files))
	}
	if e.Starred {
		tail += " " + th.Accent.Render(th.Icons.Star)
	}
	room := w - ansi.StringWidth(mark) - ansi.StringWidth(tail)
	return mark + text.Render(parts.Fit(clip(e.Prompt, 8*w), room)) + tail
}

// state says how an entry stands.
func state(env parts.Env, e search.Entry) (icon, word string, style lipgloss.Style) {
	th, say := env.Theme, env.Words.Say
	switch {
	case e.Gone:
		return th.Icons.Canceled, say("gallery.gone"), th.Quiet
	case e.State == backend.Done && e.Path == "":
		return th.Icons.Unsure, say("studio.preview.gone"), th.Unsure
	case e.State == backend.Done:
		return th.Icons.Done, say("studio.state.done"), th.Done
	case e.State == backend.Failed:
		return th.Icons.Failed, say("studio.state.failed"), th.Failed
	case e.State == backend.Canceled:
		return th.Icons.Canceled, say("studio.state.canceled"), th.Quiet
	}
	return th.Icons.Info, backend.Clean(string(e.State)), th.Quiet
}
