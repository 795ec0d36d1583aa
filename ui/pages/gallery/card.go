package gallery

import (
	"path/filepath"
	"strings"

	"easel/backend"
	"easel/history/search"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/preview"
	"easel/ui/parts/result"
	"easel/ui/picture"
)

// cardWant is the picture over the details; the zero value if there is none, or
// no room.
func (p *Page) cardWant() picture.Want {
	e, ok := p.Entry()
	h := p.lay.card.H * 2 / 5
	if !ok || e.Path == "" || e.Gone || h < 3 || p.lay.card.W < 8 || p.book.Terminal.Thumbs() == picture.Off {
		return picture.Want{}
	}
	path := e.Path
	if r, ok := p.looked(); ok {
		if f, _, ok := r.File(); ok {
			path = f.Path
		}
	}
	return picture.Want{Path: path, Cols: p.lay.card.W, Rows: h, Thumb: true}
}

// cardView draws the entry under the cursor beside the others: its picture, and
// all that is known of it.
func (p *Page) cardView(env parts.Env, right []string) {
	l := p.lay
	e, ok := p.Entry()
	if !ok || l.card.H < 3 {
		return
	}
	y := l.card.Y
	shown := preview.Show(env, p.book, p.cardWant(), e.Width, e.Height)
	for _, row := range shown.Rows {
		parts.Put(right, y, row)
		y++
	}
	if shown.OK {
		y++
	}
	for _, s := range p.cardLines(env, e, shown.Why, l.card.W, l.card.Y+l.card.H-y) {
		parts.Put(right, y, s)
		y++
	}
}

// mostFrom is how many entries are named from whose results one was made.
const mostFrom = 3

// cardLines are the words of the details. As long as the whole task is not
// known, they are what the index knows.
func (p *Page) cardLines(env parts.Env, e search.Entry, why string, w, h int) []string {
	th := env.Theme
	r, ok := p.looked()
	if !ok {
		var out []string
		for _, s := range parts.Wrap(clip(title(e), w*4), w) {
			out = append(out, th.Text.Render(s))
		}
		return out[:max(0, min(len(out), h))]
	}
	out := p.marksView(env, e, w)
	if n := len(details.Results(r.Task)); n > 1 {
		out = append(out, th.Quiet.Render(env.Words.Say("studio.value.of", number(min(r.At, n-1)+1), number(n))))
	}
	if len(out) > 0 {
		out = append(out, "")
	}
	from := e.From[:min(len(e.From), mostFrom)]
	out = append(out, details.View(env, p.facts, r.Task, r.At, why, w, max(h-len(out)-len(from), 0))...)
	for _, id := range from {
		out = append(out, p.fromView(env, id, w))
	}
	return out[:max(0, min(len(out), h))]
}

// marksView says the star and the tags.
func (p *Page) marksView(env parts.Env, e search.Entry, w int) []string {
	th := env.Theme
	var out []string
	if e.Starred {
		out = append(out, th.Accent.Render(th.Icons.Star)+" "+th.Text.Render(env.Words.Say("gallery.starred")))
	}
	if len(e.Tags) > 0 {
		text := "#" + strings.Join(e.Tags, "  #")
		for _, s := range parts.Wrap(text, w) {
			out = append(out, th.Running.Render(parts.Clip(s, w)))
		}
	}
	return out
}

// fromView says what an entry was made from.
func (p *Page) fromView(env parts.Env, id string, w int) string {
	name := id
	if e, ok := p.index.Get(id); ok {
		name = title(e)
	}
	return env.Theme.Quiet.Render(parts.Clip(env.Words.Say("gallery.from", clip(name, 4*w)), w))
}

// pictured says whether the large view has a picture to show.
func (p *Page) pictured(env parts.Env) bool {
	r, ok := p.looked()
	return ok && p.largeShown(env, r)
}

func (p *Page) largeShown(env parts.Env, r result.Result) bool {
	f, _, _ := r.File()
	return preview.Show(env, p.book, preview.Large(env, p.book, r).Want, f.Width, f.Height).OK
}

// overView draws what lies over the page.
func (p *Page) overView(env parts.Env, lines []string) {
	e, ok := p.Entry()
	if !ok {
		return
	}
	r, known := p.looked()
	why := ""
	if p.over == largeOver {
		if !known {
			clear(lines) // it comes before the next frame
			return
		}
		if preview.LargeView(env, p.book, r, p.largeTitle(env, e), lines) {
			return
		}
		f, _, _ := r.File()
		why = preview.Show(env, p.book, preview.Large(env, p.book, r).Want, f.Width, f.Height).Why
	}
	w := min(env.Width-4, 76)
	h := max(len(lines), 3)
	box := parts.Frame{Title: env.Words.Say("studio.title.details"), Note: p.noteOf(e)}
	iw, ih := parts.Inside(w, h)
	rows := make([]string, ih)
	copy(rows, p.cardLines(env, e, why, iw, ih))
	parts.Lay(lines, box.View(env, w, h, rows), (env.Width-w)/2, 0)
}

// largeTitle heads the large view: the marks, and the prompt.
func (p *Page) largeTitle(env parts.Env, e search.Entry) string {
	s := title(e)
	if e.Starred {
		s = env.Theme.Icons.Star + " " + s
	}
	if p.picks.has(p.near, e.ID, p.near) {
		s = env.Theme.Icons.Picked + " " + s
	}
	return s
}

// noteOf is the name of the file, where there is one.
func (p *Page) noteOf(e search.Entry) string {
	if e.Path == "" {
		return ""
	}
	return backend.Clean(filepath.Base(e.Path))
}
