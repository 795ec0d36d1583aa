package picture

import (
	"container/list"
	"slices"
)

// pieceBytes is about how much is written at a time: the answer to a key comes
// between two pieces.
const pieceBytes = 48 << 10

// wire is what goes to the terminal past the frames. One write is on its way at
// a time, for two of them may overtake each other. A picture is written in
// pieces of whole sequences; until its last one nothing else that has to do with
// graphics may be written, for the terminal would take it for a part of the
// picture. Text may.
type wire struct {
	busy bool     // what was given last is not written yet
	open *Page    // the picture of which the terminal has a part
	rest []string // what it has not
	goes []*Page  // those that it has when what was given last is written
	ends string   // what ends a picture that is given up halfway
	gone string   // what makes the terminal drop pictures that were left out
	says string   // what is to be written between two pictures
}

// Send gives the next piece of what the terminal must be sent: "" if there is
// nothing, or one is on its way. Sent must be called when it was written.
func (b *Book) Send() string {
	w := &b.wire
	if w.busy {
		return ""
	}
	if w.open != nil && !slices.Contains(b.sight, w.open.want) {
		b.cut() // nobody looks at it any more
	}
	s := w.ends
	w.ends = ""
	if w.open == nil && w.says != "" {
		s += w.gone + w.says
		w.gone, w.says = "", ""
	} else {
		s += b.piece()
	}
	w.busy = s != ""
	return s
}

// piece gives the sequences of what is in sight and not at the terminal, from
// where it was left.
func (b *Book) piece() (s string) {
	w := &b.wire
	for len(s) < pieceBytes {
		if w.open == nil {
			if w.says == "" {
				w.open = b.unsent()
			}
			if w.open == nil {
				break
			}
			w.rest = w.open.Drawn.Once
			s, w.gone = s+w.gone, ""
		}
		s += w.rest[0]
		if w.rest = w.rest[1:]; len(w.rest) == 0 {
			w.goes, w.open = append(w.goes, w.open), nil
		}
	}
	return s
}

// unsent gives the first picture in sight that the terminal must be sent.
func (b *Book) unsent() *Page {
	for _, want := range b.sight {
		e, ok := b.pages[want]
		if !ok {
			continue
		}
		p := e.Value.(*Page)
		if (!p.sent || p.due) && len(p.Drawn.Once) > 0 && !slices.Contains(b.wire.goes, p) {
			return p
		}
	}
	return nil
}

// Sent says that what Send gave was written: something else may be.
func (b *Book) Sent() {
	b.wire.busy = false
	for _, p := range b.wire.goes {
		p.sent, p.due = true, false
	}
	b.wire.goes = nil
}

// Busy says whether something is on its way to the terminal.
func (b *Book) Busy() bool { return b.wire.busy }

// Open says whether the terminal has a part of a picture.
func (b *Book) Open() bool { return b.wire.open != nil }

// Say has something written that must not come in the middle of a picture.
func (b *Book) Say(s string) { b.wire.says += s }

// cut gives up a picture of which the terminal has a part. It must be told that
// there is no more, or it takes the next picture, whoever's it is, for the rest;
// and what it has made of the part is of no use.
func (b *Book) cut() {
	p := b.wire.open
	b.wire.open, b.wire.rest, p.sent = nil, nil, false
	b.wire.ends += finish(b.Terminal) + Forget(b.Terminal, p.id)
}

// Break gives what must be written before the terminal is somebody else's: ""
// if it has no part of a picture.
func (b *Book) Break() string {
	if b.wire.open != nil {
		b.cut()
	}
	s := b.wire.ends
	b.wire.ends = ""
	return s
}

// Lost says that the terminal may have lost what it was sent, or is another one:
// everything is sent again when it is next shown.
func (b *Book) Lost() {
	if b.wire.open != nil {
		b.cut()
	}
	b.wire.goes = nil
	for e := b.used.Front(); e != nil; e = e.Next() {
		e.Value.(*Page).sent = false
	}
}

// Close gives what makes the terminal drop all pictures, and forgets them: when
// another way to show them is taken, and at the end. What Break gives comes
// before it.
func (b *Book) Close(t Terminal) string {
	b.stop()
	if b.wire.open != nil {
		b.cut()
	}
	s := b.wire.gone
	for e := b.used.Front(); e != nil; e = e.Next() {
		if p := e.Value.(*Page); p.id > 0 {
			s += Forget(b.Terminal, p.id)
		}
	}
	b.Terminal, b.sight, b.ahead, b.bytes, b.ids = t, nil, nil, 0, [256]bool{}
	b.pages, b.used, b.wire.gone, b.wire.goes = map[Want]*list.Element{}, list.New(), "", nil
	return s
}
