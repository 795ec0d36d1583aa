package studio

import (
	"path/filepath"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/preview"
	"easel/ui/picture"
)

// under is how many rows beneath the preview are kept for words.
const under = 1

// Picture is the picture that the page shows now, and where; the zero value if
// it shows none.
func (p *Page) Picture(env parts.Env) picture.Spot {
	t, ok := p.tasks.Selected(p.facts)
	if !ok {
		return picture.Spot{}
	}
	if p.large() {
		return preview.Large(env, p.book, p.seen(t))
	}
	f, _, ok := p.seen(t).File()
	if !ok || p.book.Terminal.Way() == picture.Off {
		return picture.Spot{}
	}
	p.arrange(env)
	r := p.frame()
	if r.W < 4 || r.H < 2 {
		return picture.Spot{}
	}
	return picture.Spot{Want: picture.Want{Path: f.Path, Cols: r.W, Rows: r.H}, X: r.X, Y: r.Y, Covered: p.over != nothing}
}

// Pictures is Picture, as the root asks for it.
func (p *Page) Pictures(env parts.Env) (sight []picture.Spot, ahead []picture.Want) {
	if s := p.Picture(env); s.Want != (picture.Want{}) {
		sight = append(sight, s)
	}
	return sight, nil
}

// large says whether the picture has the whole page.
func (p *Page) large() bool { return p.over == detailsOver && !p.text }

// frame is the room for the picture beside the list: what lies under the
// parameters.
func (p *Page) frame() parts.Rect {
	if !p.lay.wide || p.lay.card.H < 5 {
		return parts.Rect{}
	}
	r := p.lay.card
	r.H -= under
	return r
}

// shown gives the picture of a task as it is drawn now.
func (p *Page) shown(env parts.Env, t task.Task) preview.Shown {
	f, _, _ := p.seen(t).File()
	return preview.Show(env, p.book, p.Picture(env).Want, f.Width, f.Height)
}

// previewView draws the picture of the selected task on the right, and what is
// most worth knowing of it; false if there is no picture.
func (p *Page) previewView(env parts.Env, right []string, t task.Task) bool {
	shown := p.shown(env, t)
	if !shown.OK || p.large() {
		return false
	}
	card, r := p.lay.card, p.seen(t)
	put(right, card.Y-1, preview.Caption(env, r, env.Words.Say("studio.title.preview"), card.W))
	for i, row := range shown.Rows {
		put(right, card.Y+i, row)
	}
	y := card.Y + len(shown.Rows)
	f, _, _ := r.File()
	put(right, y, env.Theme.Quiet.Render(parts.Tail(backend.Clean(filepath.Base(f.Path)), card.W)))
	if room := card.Y + card.H - y - 2; room >= 3 {
		for i, s := range details.Under(env, p.facts, t, card.W, room) {
			put(right, y+2+i, s)
		}
	}
	return true
}

// largeView draws the picture over the whole page; false if there is none.
func (p *Page) largeView(env parts.Env, lines []string, t task.Task) bool {
	return preview.LargeView(env, p.book, p.seen(t), backend.Clean(t.Request.Prompt), lines)
}

// why is the reason for which the picture of a task is not shown, "" if it is or
// there is none.
func (p *Page) why(env parts.Env, t task.Task) string {
	if p.book.Terminal.Way() == picture.Off {
		return ""
	}
	return p.shown(env, t).Why
}
