package studio

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/parts"
	"easel/ui/parts/details"
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
	f, _, ok := p.file(t)
	if !ok || p.book.Terminal.Way() == picture.Off {
		return picture.Spot{}
	}
	p.arrange(env)
	r := p.frame(env)
	if r.W < 4 || r.H < 2 {
		return picture.Spot{}
	}
	s := picture.Spot{Want: picture.Want{Path: f.Path, Cols: r.W, Rows: r.H}, X: r.X, Y: r.Y}
	s.Covered = p.over != nothing && !p.large()
	if p.large() {
		c, rows := p.extent(s.Want, f)
		s.X, s.Y = r.X+(r.W-c)/2, r.Y+(r.H-rows)/2
	}
	return s
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

// frame is the room for the picture: all of the page but a row of words over it
// and one under it, or what lies under the parameters.
func (p *Page) frame(env parts.Env) parts.Rect {
	if p.large() {
		return parts.Rect{X: 1, Y: Top + 1, W: env.Width - 2, H: env.Height - Top - Bottom - 2}
	}
	if !p.lay.wide || p.lay.card.H < 5 {
		return parts.Rect{}
	}
	r := p.lay.card
	r.H -= under
	return r
}

// extent is how many cells the picture takes: as it was drawn, else as it will
// be by what the record says of the file.
func (p *Page) extent(w picture.Want, f task.File) (cols, rows int) {
	if page, ok := p.book.Find(w); ok && page.Err == nil {
		return page.Drawn.Cols, page.Drawn.Rows
	}
	if f.Width == 0 || f.Height == 0 {
		return w.Cols, w.Rows
	}
	return p.book.Terminal.Fit(f.Width, f.Height, w.Cols, w.Rows)
}

// shown gives the rows of the picture of a task: blank ones while it is not
// ready. ok is false where there is none to be shown; why says the reason, if
// there is one worth saying.
func (p *Page) shown(env parts.Env, t task.Task) (rows []string, spot picture.Spot, why string, ok bool) {
	spot = p.Picture(env)
	if spot.Want == (picture.Want{}) {
		return nil, spot, "", false
	}
	page, ready := p.book.Find(spot.Want)
	if ready && page.Err != nil {
		return nil, spot, reason(env, page.Err), false
	}
	if ready {
		return page.Drawn.Cells, spot, "", true
	}
	f, _, _ := p.file(t)
	c, r := p.extent(spot.Want, f)
	rows = make([]string, r)
	rows[r/2] = parts.Blank(c/2) + env.Theme.Quiet.Render("…")
	return rows, spot, "", true
}

// reason says why a file is not shown.
func reason(env parts.Env, err error) string {
	say := env.Words.Say
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("studio.preview.gone")
	case errors.Is(err, picture.ErrTooLarge):
		return say("studio.preview.too_large", strconv.Itoa(picture.MaxPixels/1_000_000))
	}
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return say("studio.preview.unreadable", backend.Clean(err.Error()))
}

// previewView draws the picture of the selected task on the right, and what is
// most worth knowing of it; false if there is no picture.
func (p *Page) previewView(env parts.Env, right []string, t task.Task) bool {
	rows, _, _, ok := p.shown(env, t)
	if !ok || p.large() {
		return false
	}
	card := p.lay.card
	put(right, card.Y-1, p.caption(env, t, env.Words.Say("studio.title.preview"), card.W))
	for i, row := range rows {
		put(right, card.Y+i, row)
	}
	y := card.Y + len(rows)
	f, _, _ := p.file(t)
	put(right, y, env.Theme.Quiet.Render(parts.Tail(backend.Clean(filepath.Base(f.Path)), card.W)))
	if room := card.Y + card.H - y - 2; room >= 3 {
		for i, s := range details.Under(env, p.facts, t, card.W, room) {
			put(right, y+2+i, s)
		}
	}
	return true
}

// caption heads a picture: which of the results it is, its size, and whether
// that is what was asked for.
func (p *Page) caption(env parts.Env, t task.Task, title string, w int) string {
	th, say := env.Theme, env.Words.Say
	s, used := th.Quiet.Render(title), ansi.StringWidth(title)
	add := func(text string, render func(...string) string, gap string) {
		if text != "" && used+len(gap)+4 < w {
			text = parts.Clip(text, w-used-ansi.StringWidth(gap))
			s += th.Quiet.Render(gap) + render(text)
			used += ansi.StringWidth(gap) + ansi.StringWidth(text)
		}
	}
	gap := "  "
	if list, at := p.results(t); len(list) > 1 {
		add(say("studio.value.of", strconv.Itoa(at+1), strconv.Itoa(len(list))), th.Quiet.Render, gap)
		gap = " " + th.Icons.Separator + " "
	}
	f, _, _ := p.file(t)
	size, fit := details.Size(env, t, f)
	style := th.Quiet
	switch fit {
	case details.Other:
		style = th.Unsure
	case details.Same:
		style = th.Text
	}
	add(size, style.Render, gap)
	return s
}

// largeView draws the picture over the whole page; false if there is none.
func (p *Page) largeView(env parts.Env, lines []string, t task.Task) bool {
	rows, spot, _, ok := p.shown(env, t)
	if !ok {
		return false
	}
	for i := range lines {
		lines[i] = ""
	}
	th, w := env.Theme, env.Width
	prompt := backend.Clean(t.Request.Prompt)
	put(lines, Top, " "+th.Text.Render(parts.Clip(prompt, w-2)))
	for i, row := range rows {
		put(lines, spot.Y+i, parts.Blank(spot.X)+row)
	}
	f, _, _ := p.file(t)
	name := backend.Clean(filepath.Base(f.Path))
	foot := p.caption(env, t, parts.Bytes(f.Bytes), w-4)
	room := w - 4 - ansi.StringWidth(foot)
	put(lines, Top+len(lines)-1, " "+foot+"  "+th.Quiet.Render(parts.Right(parts.Tail(name, max(room, 0)), max(room, 0))))
	return true
}

// why is the reason for which the picture of a task is not shown, "" if it is or
// there is none.
func (p *Page) why(env parts.Env, t task.Task) string {
	if p.book.Terminal.Way() == picture.Off {
		return ""
	}
	_, _, why, _ := p.shown(env, t)
	return why
}
