package gallery

import "easel/ui/parts"

// change is what is written of entries in one go: several things where they are
// not all alike, and what is said when all of it is done.
type change struct {
	asks []any
	say  string
	back *undo // what it takes back; where that fails, it can be tried again
}

// undo is how something that was done is taken back, and what is said then.
type undo struct {
	asks []any
	say  string
}

// undos is how many steps can be taken back.
const undos = 30

// changes are made one after the other: what takes something back must not come
// before it. The first is under way.
type changes struct {
	list []change
	done int // of what the first is made of
	err  error
}

// change has something written as soon as all that was asked for before is.
func (p *Page) change(c change) []any {
	if len(c.asks) == 0 {
		return nil
	}
	p.changes.list = append(p.changes.list, c)
	if len(p.changes.list) > 1 {
		return nil
	}
	return c.asks[:1]
}

// changed goes on when something was written, or was not. What is said is said
// when all of it is over.
func (p *Page) changed(env parts.Env, err error) (out []any) {
	c := &p.changes
	if len(c.list) == 0 {
		return nil
	}
	if c.err == nil {
		c.err = err
	}
	first := c.list[0]
	if c.done++; c.done < len(first.asks) {
		return first.asks[c.done : c.done+1]
	}
	switch {
	case c.err != nil:
		if first.back != nil {
			p.canUndo(*first.back)
		}
		out = bad(env.Words.Say("gallery.say.failed", env.Words.Err(c.err)))
	case first.say != "":
		out = good(first.say)
	}
	if c.list, c.done, c.err = c.list[1:], 0, nil; len(c.list) > 0 {
		out = append(out, c.list[0].asks[0])
	}
	return out
}

func (p *Page) canUndo(u undo) {
	if p.undo = append(p.undo, u); len(p.undo) > undos {
		p.undo = p.undo[1:]
	}
}
