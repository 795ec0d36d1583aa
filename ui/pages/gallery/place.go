package gallery

import (
	"easel/history/search"
	"easel/ui/keys"
	"easel/ui/parts"
)

// place is what of the found is in sight. Entries stand in slots, row by row;
// the first row may begin with empty slots (pad), so that the others stay where
// they are when new ones come.
type place struct {
	pad   int
	top   int // the first row in sight
	fresh int // entries that came above what is in sight, and were not seen
}

// rows is how many rows n entries take.
func (s *place) rows(n, cols int) int { return (s.pad + n + cols - 1) / cols }

// clamp keeps to what there is.
func (s *place) clamp(n int, l layout) {
	if s.pad >= l.cols {
		s.pad = 0
	}
	s.top = max(0, min(s.top, s.rows(n, l.cols)-l.rows))
	if s.top == 0 {
		s.fresh = 0
	}
	s.fresh = min(s.fresh, s.top*l.cols)
}

// reshape goes on from one layout to the next: the cursor stays in sight if it
// was, else what was the first entry in sight still is.
func (s *place) reshape(was, is layout, near, n int) {
	if was.cols == 0 || was.cols == is.cols && was.rows == is.rows {
		s.clamp(n, is)
		return
	}
	from, to := s.visible(n, was)
	if was.cols != is.cols {
		s.pad = 0
	}
	s.top = (s.pad + from) / is.cols
	s.clamp(n, is)
	if near >= from && near < to {
		s.reveal(near, is)
	}
}

// visible gives the entries in sight: from the first to before the second.
func (s *place) visible(n int, l layout) (from, to int) {
	return max(0, s.top*l.cols-s.pad), max(0, min((s.top+l.rows)*l.cols-s.pad, n))
}

// reveal scrolls as little as it takes to see an entry.
func (s *place) reveal(at int, l layout) {
	row := (s.pad + at) / l.cols
	s.top = max(min(s.top, row), row-l.rows+1)
}

// hold finds the place in what is found now at which everything is where it was:
// the first entry in sight that is still there keeps its slot on the screen.
func (s *place) hold(was, is search.Found, l layout) {
	if l.cols == 0 {
		return
	}
	s.clamp(was.Len(), l)
	from, to := s.visible(was.Len(), l)
	for i := from; i < to; i++ {
		at, ok := is.Find(was.ID(i))
		if !ok {
			continue
		}
		slot := s.pad + i
		pad := ((slot-at)%l.cols + l.cols) % l.cols
		s.top += (pad+at)/l.cols - slot/l.cols
		s.pad = pad
		if s.fresh += max(0, at-i); s.top < 0 {
			s.top = 0
		}
		break
	}
	s.clamp(is.Len(), l)
}

// step is a way to go: by columns and rows, and whether what one goes over is
// picked.
type step struct {
	x, y int
	pick bool
}

var steps = map[keys.Action]step{
	keys.Left: {x: -1}, keys.Right: {x: 1}, keys.Up: {y: -1}, keys.Down: {y: 1},
	keys.PickLeft: {x: -1, pick: true}, keys.PickRight: {x: 1, pick: true},
	keys.PickUp: {y: -1, pick: true}, keys.PickDown: {y: 1, pick: true},
	keys.NextResult: {x: 1}, keys.PrevResult: {x: -1},
}

// step moves the cursor. In the large view left and right go through the results
// of one entry, up and down through the entries.
func (p *Page) step(env parts.Env, by step) []any {
	n := p.found.Len()
	switch {
	case n == 0:
		return nil
	case p.over != nothing && by.x != 0:
		p.turn(by.x)
		return nil
	case p.over != nothing:
		p.on(p.near + by.y)
		p.reveal()
		return nil
	}
	if by.pick {
		p.picks.begin(p.near)
	}
	to := p.near + by.x + by.y*p.lay.cols
	if last := p.place.pad + n - 1; by.y > 0 && to >= n && (p.place.pad+p.near)/p.lay.cols == last/p.lay.cols {
		to = p.near
	}
	if by.y < 0 && to < 0 && (p.place.pad+p.near)/p.lay.cols == 0 {
		to = p.near
	}
	p.on(to)
	p.reveal()
	return nil
}

// jump goes far. The first entry is where new ones are: the rows begin anew.
func (p *Page) jump(a keys.Action) {
	cols, page := p.lay.cols, p.lay.rows*p.lay.cols
	switch a {
	case keys.Top:
		p.place = place{}
		p.on(0)
	case keys.Bottom:
		p.on(p.found.Len() - 1)
	case keys.PageDown:
		p.place.top += p.lay.rows
		p.on(min(p.near+page, p.found.Len()-1))
	case keys.PageUp:
		p.place.top -= p.lay.rows
		p.on(max(p.near-page, p.near%cols))
	}
	p.place.clamp(p.found.Len(), p.lay)
	p.reveal()
}
