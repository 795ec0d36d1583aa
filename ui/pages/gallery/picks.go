package gallery

import (
	"easel/history/search"
	"easel/ui/keys"
	"easel/ui/parts"
)

// none is no place.
const none = -1

// picks are the entries that an action is for, where it is for several: by id,
// and those between where a range began and the cursor. They stay while another
// search is typed; an action is for those that it finds.
type picks struct {
	ids  map[string]bool
	seen int // how many of ids are among what was found
	from int // none: there is no range
}

func (s *picks) any() bool { return len(s.ids) > 0 || s.from != none }

func (s *picks) drop() { s.ids, s.seen, s.from = nil, 0, none }

// hidden is how many were not found.
func (s *picks) hidden() int { return len(s.ids) - s.seen }

// look finds out which of them were found.
func (s *picks) look(found search.Found) {
	s.seen = 0
	if found.Len() < len(s.ids) { // whatever is less
		for i := range found.Len() {
			if s.ids[found.ID(i)] {
				s.seen++
			}
		}
		return
	}
	for id := range s.ids {
		if _, ok := found.Find(id); ok {
			s.seen++
		}
	}
}

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

// count is how many are picked of what was found.
func (s *picks) count(found search.Found, near int) int {
	n := s.seen
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

// put picks an entry that was found, turn picks it or drops it.
func (s *picks) put(id string) {
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	if !s.ids[id] {
		s.ids[id] = true
		s.seen++
	}
}

func (s *picks) turn(id string) {
	if s.ids[id] {
		delete(s.ids, id)
		s.seen--
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
		p.picks.from = none
		all := p.picks.seen == n
		for i := range n {
			if id := p.found.ID(i); all || !p.picks.ids[id] {
				p.picks.turn(id)
			}
		}
	}
}

// nothing says why an action is for no entry.
func (p *Page) nothing(env parts.Env) []any {
	if p.picks.any() {
		return warn(env.Words.Say("gallery.say.hidden"))
	}
	return warn(env.Words.Say("gallery.say.none"))
}

// chosen gives the ids that an action is for: what is picked and was found, the
// newest first; where nothing is picked, the entry under the cursor.
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
			if out = append(out, id); len(out) == p.picks.seen {
				break
			}
		}
	}
	return out
}
