package studio

import "easel/ui/parts"

// The least room that the page works in, and from where on panes stand side by
// side.
const (
	MinWidth, MinHeight   = 40, 10
	wideWidth, wideHeight = 100, 18
)

// layout is where everything is. It is computed here, from the size, and
// nowhere else.
type layout struct {
	wide   bool
	w, h   int
	prompt parts.Rect // the text, without bar and heading
	refs   parts.Rect // one row
	params parts.Rect // the rows, or the one that they fold to
	title  int        // the row that heads the list
	list   parts.Rect // the rows of tasks
	card   parts.Rect // the details; empty when narrow
	split  int        // the column of the rule between the panes; 0 when narrow
	bottom int        // the row of the message
}

// wants is what the layout depends on beside the size.
type wants struct {
	text func(w int) int // the rows that the prompt takes in w cells
	rows int             // of the parameters
	hint bool            // a text under them
}

// plan computes the layout for w x h cells. The prompt grows with its text, to a
// third of the page.
func plan(w, h int, want wants) layout {
	if w >= wideWidth && h >= wideHeight {
		return planWide(w, h, want)
	}
	l := layout{w: w, h: h, bottom: h - 2}
	edit := max(1, min(want.text(w-3), (h-5)/3))
	if h >= 14 {
		edit = max(edit, 3)
	}
	l.prompt = parts.Rect{X: 2, Y: 2, W: w - 3, H: edit}
	l.refs = parts.Rect{X: 2, Y: 2 + edit, W: w - 3, H: 1}
	l.params = l.refs
	l.title = 3 + edit
	l.list = parts.Rect{X: 0, Y: l.title + 1, W: w - 1, H: max(l.bottom-l.title-1, 0)}
	return l
}

func planWide(w, h int, want wants) layout {
	l := layout{wide: true, w: w, h: h, bottom: h - 2}
	left := w * 59 / 100
	l.split = left
	body := h - 4
	edit := max(3, min(body/6, 8), min(want.text(left-5), body/3))
	l.prompt = parts.Rect{X: 3, Y: 3, W: left - 5, H: edit}
	y := 3 + edit
	if body >= 22 {
		y++
	}
	l.refs = parts.Rect{X: 1, Y: y, W: left - 3, H: 1}
	y++
	if body >= 18 {
		y++
	}
	l.title = y
	l.list = parts.Rect{X: 1, Y: y + 1, W: left - 3, H: l.bottom - y - 1}
	right := parts.Rect{X: left + 2, W: w - left - 3}
	l.params = parts.Rect{X: right.X, Y: 3, W: right.W, H: min(want.rows, max(3, body/2))}
	y = 3 + l.params.H + 1
	if want.hint {
		y += 3
	}
	l.card = parts.Rect{X: right.X, Y: y + 1, W: right.W, H: max(l.bottom-y-1, 0)}
	return l
}

// box is where something that lies over the page is drawn: under the folded
// parameters when narrow, over the right half when wide.
func (l layout) box(rows int) parts.Rect {
	w := min(l.w-4, 76)
	h := min(rows+2, l.h-4)
	r := parts.Rect{X: (l.w - w) / 2, Y: l.title, W: w, H: h}
	r.Y = max(1, min(r.Y, l.h-2-h))
	return r
}
