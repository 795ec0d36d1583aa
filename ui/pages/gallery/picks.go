package gallery

import (
	"easel/history/search"
	"easel/ui/keys"
)

// none is no place.
const none = -1

// picks are the entries that an action is for, where it is for several: by id,
// and those between where a range began and the cursor.
type picks struct {
	ids  map[string]bool
	from int // none: there is no range
}

func (s *picks) any() bool { return len(s.ids) > 0 || s.from != none }

func (s *picks) drop() { s.ids, s.from = nil, none }

// begin begins a range.
func (s *picks) begin(at int) {
	if s.from == none {
		s.from = at
	}
}

// has says whether an entry is picked; near is where the cursor is.
func (s *picks) has(at int, id string, near int) bool {
	if s.from != none && at >= min(s.from, near) && at <= max(s.from, near) {
		return true
	}
	return s.ids[id]
}

// count is how many are picked.
func (s *picks) count(found search.Found, near int) int {
	n := len(s.ids)
	if s.from != none {
		for i := min(s.from, near); i <= max(s.from, near) && i < found.Len(); i++ {
			if !s.ids[found.ID(i)] {
				n++
			}
		}
	}
	return n
}

// keep makes ids of the range: it may not be the same entries that lie between
// two places from now on.
func (s *picks) keep(found search.Found, near int) {
	if s.from == none {
		return
	}
	for i := min(s.from, near); i <= max(s.from, near) && i < found.Len(); i++ {
		s.put(found.ID(i))
	}
	s.from = none
}

func (s *picks) put(id string) {
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[id] = true
}

func (s *picks) turn(id string) {
	if s.ids[id] {
		delete(s.ids, id)
		return
	}
	s.put(id)
}

// pick picks the entry under the cursor and goes on, begins or ends a range, or
// picks all that was found.
func (p *Page) pick(a keys.Action) {
	n := p.found.Len()
	if n == 0 {
		return
	}
	switch a {
	case keys.Pick:
		p.picks.keep(p.found, p.near)
		p.picks.turn(p.cursor)
		p.on(p.near + 1)
		p.reveal()
	case keys.PickRange:
		if p.picks.from != none {
			p.picks.keep(p.found, p.near)
			return
		}
		p.picks.begin(p.near)
	case keys.PickAll:
		if len(p.picks.ids) == n {
			p.picks.drop()
			return
		}
		p.picks = picks{ids: make(map[string]bool, n), from: none}
		for i := range n {
			p.picks.ids[p.found.ID(i)] = true
		}
	}
}

// chosen gives the ids that an action is for: what is picked, the newest first,
// else the entry under the cursor.
func (p *Page) chosen() []string {
	if !p.picks.any() {
		if p.cursor == "" {
			return nil
		}
		return []string{p.cursor}
	}
	p.picks.keep(p.found, p.near)
	var out []string
	for i := range p.found.Len() {
		if id := p.found.ID(i); p.picks.ids[id] {
			if out = append(out, id); len(out) == len(p.picks.ids) {
				break
			}
		}
	}
	return out
}
