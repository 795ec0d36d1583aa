package gallery

import (
	"easel/ui/parts"
	"easel/ui/picture"
)

// From where on the details have a column of their own, and a list a preview.
const (
	wideWidth, wideHeight = 100, 18
	sideWidth, sideHeight = 64, 12
)

// layout is where everything is. It is computed here, from the size, and nowhere
// else.
type layout struct {
	grid  bool
	wide  bool       // the details have a column of their own
	body  parts.Rect // the entries
	card  parts.Rect // the details, or what has room of them; empty where nothing has
	split int        // the column of the rule between the two; 0 for none

	cols, rows   int // of entries in sight
	cellW, cellH int // of an entry, with the room around it
	thumb        parts.Rect
}

// How a cell of the grid is made: a bar and a blank left of the thumbnail, and a
// line of words and a blank one under it.
const (
	cellLead = 2
	cellFoot = 2
	// cellWish is the width of a cell that there are as many columns for as fit.
	cellWish = 26
)

// arrange computes the layout for the screen's size.
func (p *Page) arrange(env parts.Env) {
	w, h := env.Width, env.Height
	top := parts.Top + 2 // the search, and a row of room
	l := layout{wide: w >= wideWidth && h >= wideHeight}
	can := p.book.Terminal.Thumbs() != picture.Off
	l.grid = can && !p.plain && (l.wide || p.forced)
	l.body = parts.Rect{X: 1, Y: top, W: w - 2, H: max(h-parts.Bottom-top, 0)}
	side := 0
	switch {
	case l.wide:
		side = max(36, min(w*30/100, 64))
	case !l.grid && w >= sideWidth && h >= sideHeight:
		side = w * 36 / 100
	}
	if side > 0 {
		l.split = w - side - 3
		l.body.W = l.split - 2
		l.card = parts.Rect{X: l.split + 2, Y: top, W: side, H: l.body.H}
	}
	l.cells(p.cell())
	was := p.lay
	p.lay = l
	p.place.reshape(was, l, p.near, p.found.Len())
}

// cell is how high a cell of the screen is, in its own widths: about 2.
func (p *Page) cell() float64 {
	_, rows := p.book.Terminal.Fit(1000, 1000, 1000, 1000)
	return 1000 / float64(max(rows, 1))
}

// cells divides the body: as many columns as fit, and as many rows as are about
// as high as a picture of 4:3 is.
func (l *layout) cells(tall float64) {
	if !l.grid {
		l.cols, l.rows, l.cellW, l.cellH = 1, max(l.body.H, 1), l.body.W, 1
		return
	}
	wish := cellWish
	for l.body.W/wish*(l.body.H/max(wish*3/10, 1)) > picture.Ids/2 { // a huge screen: larger ones
		wish++
	}
	l.cols = max(1, l.body.W/wish)
	l.cellW = l.body.W / l.cols
	ideal := float64(l.cellW-cellLead)*3/4/tall + cellFoot
	l.rows = max(1, int(float64(l.body.H)/ideal+0.4))
	l.cellH = max(l.body.H/l.rows, cellFoot+1)
	l.thumb = parts.Rect{X: cellLead, W: l.cellW - cellLead - 1, H: max(l.cellH-cellFoot, 1)}
}

// slot gives the place on the screen of an entry in sight.
func (p *Page) slot(at int) (x, y int) {
	s := p.place.pad + at - p.place.top*p.lay.cols
	return p.lay.body.X + s%p.lay.cols*p.lay.cellW, p.lay.body.Y + s/p.lay.cols*p.lay.cellH
}

// under gives the entry at a place of the screen; false if there is none.
func (p *Page) under(x, y int) (at int, ok bool) {
	l := p.lay
	if !l.body.Holds(x, y) {
		return 0, false
	}
	col, row := (x-l.body.X)/l.cellW, (y-l.body.Y)/l.cellH
	if col >= l.cols || row >= l.rows {
		return 0, false
	}
	at = (p.place.top+row)*l.cols + col - p.place.pad
	return at, at >= 0 && at < p.found.Len()
}
