// Package preview draws the picture of a result on a page, large or small, with
// the words that belong to it. It asks the book for what is ready; when there is
// nothing yet, it keeps the room. Where a picture stands is the page's.
package preview

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/result"
	"easel/ui/picture"
)

// Shown is a picture as it is drawn now.
type Shown struct {
	Rows  []string // blank while it is not ready
	Cols  int
	Why   string // the reason for which it is not shown, if there is one worth saying
	OK    bool   // there is a picture, or will be
	Ready bool   // it is there: every row is Cols cells wide
}

// Show gives the picture that is wanted; w and h are its pixels, as far as they
// are known.
func Show(env parts.Env, book *picture.Book, want picture.Want, w, h int) Shown {
	if want == (picture.Want{}) {
		return Shown{}
	}
	page, ready := book.Find(want)
	if ready && page.Err != nil {
		return Shown{Why: Reason(env, page.Err)}
	}
	if ready {
		return Shown{Rows: page.Drawn.Cells, Cols: page.Drawn.Cols, OK: true, Ready: true}
	}
	c, r := Extent(book, want, w, h)
	rows := make([]string, r)
	rows[r/2] = parts.Blank(c/2) + env.Theme.Quiet.Render(env.Theme.Icons.More)
	return Shown{Rows: rows, Cols: c, OK: true}
}

// Extent is how many cells the picture takes: as it was drawn, else as it will
// be by its pixels.
func Extent(book *picture.Book, want picture.Want, w, h int) (cols, rows int) {
	if page, ok := book.Find(want); ok && page.Err == nil {
		return page.Drawn.Cols, page.Drawn.Rows
	}
	if w == 0 || h == 0 {
		return want.Cols, want.Rows
	}
	return book.Terminal.Fit(w, h, want.Cols, want.Rows)
}

// Reason says why a file is not shown.
func Reason(env parts.Env, err error) string {
	say := env.Words.Say
	var large picture.TooLarge
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("studio.preview.gone")
	case errors.As(err, &picture.Slow{}):
		return say("studio.preview.slow")
	case errors.As(err, &large):
		return say("studio.preview.too_large", large.Width, large.Height)
	}
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return say("studio.preview.unreadable", backend.Clean(err.Error()))
}

// Caption heads a picture: which of the results it is, its size, and whether
// that is what was asked for.
func Caption(env parts.Env, r result.Result, title string, w int) string {
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
	if n := len(details.Results(r.Task)); n > 1 {
		add(say("studio.value.of", strconv.Itoa(min(r.At, n-1)+1), strconv.Itoa(n)), th.Quiet.Render, gap)
		gap = " " + th.Icons.Separator + " "
	}
	f, _, _ := r.File()
	size, fit := details.Size(env, r.Task, f)
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

// Large is where the picture of a result is when it has the whole page: all but
// a row of words over it and one under it. The zero value if it has none.
func Large(env parts.Env, book *picture.Book, r result.Result) picture.Spot {
	f, _, ok := r.File()
	room := parts.Rect{X: 1, Y: parts.Top + 1, W: env.Width - 2, H: env.Height - parts.Top - parts.Bottom - 2}
	if !ok || book.Terminal.Way() == picture.Off || room.W < 4 || room.H < 2 {
		return picture.Spot{}
	}
	s := picture.Spot{Want: picture.Want{Path: f.Path, Cols: room.W, Rows: room.H}}
	c, rows := Extent(book, s.Want, f.Width, f.Height)
	s.X, s.Y = room.X+(room.W-c)/2, room.Y+(room.H-rows)/2
	return s
}

// LargeView draws the picture over the lines of a page, under title; false if
// there is none.
func LargeView(env parts.Env, book *picture.Book, r result.Result, title string, lines []string) bool {
	spot := Large(env, book, r)
	f, _, _ := r.File()
	shown := Show(env, book, spot.Want, f.Width, f.Height)
	if !shown.OK {
		return false
	}
	clear(lines)
	th, w := env.Theme, env.Width
	parts.Put(lines, parts.Top, " "+th.Text.Render(parts.Clip(title, w-2)))
	for i, row := range shown.Rows {
		parts.Put(lines, spot.Y+i, parts.Blank(spot.X)+row)
	}
	foot := Caption(env, r, parts.Bytes(f.Bytes), w-4)
	room := max(w-4-ansi.StringWidth(foot), 0)
	name := parts.Tail(backend.Clean(filepath.Base(f.Path)), room)
	parts.Put(lines, parts.Top+len(lines)-1, " "+foot+"  "+th.Quiet.Render(parts.Right(name, room)))
	return true
}
