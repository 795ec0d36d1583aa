package gallery

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// trashed is the filter that shows the trash.
const trashed = "is:trashed"

// past takes in the index as it is now, and searches it anew.
func (p *Page) past(env parts.Env, msg ask.Past) []any {
	if msg.Err != nil {
		p.wrong, p.open = env.Words.Say("studio.say.history", backend.Clean(msg.Err.Error())), false
		return []any{ask.Say{Level: ask.Bad, Text: p.wrong}}
	}
	p.index, p.epoch, p.whole, p.tags, p.wrong = msg.Index, msg.Epoch, msg.Whole, msg.Tags, ""
	if !p.shown {
		p.due = true
		return nil
	}
	return p.search()
}

// search asks for what the line says.
func (p *Page) search() []any {
	p.due = false
	if p.index == nil {
		return nil
	}
	p.asked++
	return []any{ask.Find{Number: p.asked, Index: p.index, Text: p.line.Value()}}
}

// type_ handles a key while the search is typed: enter goes to what was found,
// esc drops the search, and if there is none, leaves it.
func (p *Page) type_(env parts.Env, k tea.KeyPressMsg) []any {
	switch env.Keys.Match(k.String(), keys.Popup) {
	case keys.Accept, keys.Complete:
		p.typing = false
	case keys.Cancel:
		if p.line.Value() == "" {
			p.typing = false
			return nil
		}
		p.line.Set("")
		return p.search()
	case keys.Down:
		p.typing = false
	case keys.Up:
	case keys.PageUp, keys.PageDown:
		p.jump(env.Keys.Match(k.String(), keys.Popup))
	default:
		if p.line.Press(env, k) {
			return p.search()
		}
	}
	return nil
}

// take takes in what a search found; a late answer is dropped. The same search
// finds more, or less, because something happened: then nothing moves before the
// person's eyes, as long as the cursor stays in sight. Another one begins at its
// best, unless the entry under the cursor is there to be seen; and when the search
// ends, the cursor stays.
func (p *Page) take(env parts.Env, msg ask.Found) {
	if msg.Number != p.asked {
		return
	}
	was, same := p.found, p.known && msg.Text == p.text
	wider := p.known && strings.HasPrefix(p.text, msg.Text)
	p.found, p.text, p.known = msg.Found, msg.Text, true
	at, ok := p.found.Find(p.cursor)
	p.picks.keep(was, p.near)
	p.picks.look(p.found)
	from, to := 0, 0
	if p.lay.cols > 0 {
		from, to = p.place.visible(was.Len(), p.lay)
	}
	seen := p.near >= from && p.near < to
	if same {
		p.place.hold(was, p.found, p.lay)
	} else {
		p.place = place{}
		if ok = ok && (wider || at < p.lay.cols*p.lay.rows); !ok {
			p.near = 0
		}
	}
	if ok {
		p.near = at
	} else {
		p.on(p.near)
	}
	if !same || seen { // an entry that comes back may push it out of sight
		p.reveal()
	}
}

// on puts the cursor on a place of what was found, the nearest that there is.
func (p *Page) on(at int) {
	id := ""
	if n := p.found.Len(); n > 0 {
		at = max(0, min(at, n-1))
		id = p.found.ID(at)
	} else {
		at = 0
	}
	if id != p.cursor {
		p.at = 0
	}
	p.near, p.cursor = at, id
	if id == "" {
		p.over = nothing
	}
}

func (p *Page) reveal() {
	if p.cursor != "" {
		p.place.reveal(p.near, p.lay)
	}
}

// inTrash says whether the trash is shown.
func (p *Page) inTrash() bool {
	for word := range strings.FieldsSeq(p.text) {
		if strings.EqualFold(word, trashed) {
			return true
		}
	}
	return false
}

// showTrash shows the trash, and if it is shown, all the rest.
func (p *Page) showTrash() []any {
	if p.inTrash() {
		p.line.Set("")
	} else {
		p.line.Set(trashed)
	}
	p.over, p.typing = nothing, false
	p.picks.drop() // what is there is done something else with
	return p.search()
}

// count gives how many there are of what was found.
func (p *Page) count() (found, all int) {
	if p.index != nil {
		all = p.index.Len()
	}
	return p.found.Len(), all
}

// entries gives the entries of ids that there are.
func (p *Page) entries(ids []string) []search.Entry {
	var out []search.Entry
	for _, id := range ids {
		if e, ok := p.index.Get(id); ok {
			out = append(out, e)
		}
	}
	return out
}
