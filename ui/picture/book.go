package picture

import (
	"container/list"
	"context"
	"math/rand/v2"
)

// Want names a picture in a rectangle: the file, and the most cells that it may
// take. The zero value wants nothing.
type Want struct {
	Path       string
	Cols, Rows int
}

// Spot is a wanted picture and the cell of the screen where its upper left
// corner is.
type Spot struct {
	Want
	X, Y int
	// Covered is true while something lies over it: text may, pixels that the
	// terminal painted (Drawn.Over) may not.
	Covered bool
}

// Book keeps the pictures that were made ready for the terminal as it is known
// now, as many as fit into its memory, and knows which one is wanted. It is for
// the event loop only; what takes time is a Job.
type Book struct {
	Terminal Terminal

	most, bytes int
	pages       map[Want]*list.Element
	used        *list.List // the last used first
	ids         [256]bool  // taken, of a kitty terminal
	next        int
	now         Want
	number      int    // of the last job
	gone        string // what makes the terminal drop pictures that were left out
	cancel      context.CancelFunc
	gate        chan struct{}
}

// Page is a picture that is ready, or the reason why there is none.
type Page struct {
	Drawn Drawn
	Err   error

	want Want
	id   int
	sent bool // Drawn.Once is at the terminal
	goes bool // it is on its way there
}

// Job makes a picture ready. Its Do is to be run from a command.
type Job struct {
	ctx    context.Context
	number int
	want   Want
	id     int
	term   Terminal
	gate   chan struct{}
}

// Made is what became of a Job.
type Made struct {
	number int
	id     int
	want   Want
	drawn  Drawn
	err    error
}

// NewBook makes a Book for at most memory bytes. It has ids of its own to begin
// with, so that two easels in one window do not take each other's.
func NewBook(t Terminal, memory int) *Book {
	return &Book{
		Terminal: t, most: memory, next: 1 + rand.IntN(255),
		pages: map[Want]*list.Element{}, used: list.New(), gate: make(chan struct{}, Workers),
	}
}

// Find gives the page of a wanted picture; false as long as it is not ready, or
// its pixels are not at the terminal.
func (b *Book) Find(w Want) (Page, bool) {
	e, ok := b.pages[w]
	if !ok {
		return Page{}, false
	}
	p := e.Value.(*Page)
	return *p, p.sent || p.Drawn.Once == ""
}

// Turn says which picture is wanted now. What was under way for another one is
// given up. It gives the job to be done; nil if there is none.
func (b *Book) Turn(w Want) *Job {
	if w == b.now {
		return nil
	}
	b.stop()
	if e, ok := b.pages[b.now]; ok && e.Value.(*Page).Err != nil {
		b.drop(e) // another time it may be there
	}
	b.now = w
	if w == (Want{}) {
		return nil
	}
	if e, ok := b.pages[w]; ok {
		b.used.MoveToFront(e)
		return nil
	}
	b.number++
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	j := &Job{ctx: ctx, number: b.number, want: w, term: b.Terminal, gate: b.gate}
	if b.Terminal.Way() == Kitty {
		j.id = b.free()
	}
	return j
}

func (b *Book) stop() {
	if b.cancel != nil {
		b.cancel()
		b.cancel = nil
	}
}

// free gives an id that no picture has; the one that was used longest ago gives
// up its own if all are taken.
func (b *Book) free() int {
	for range len(b.ids) {
		b.next = b.next%255 + 1
		if !b.ids[b.next] && b.next != queryID {
			return b.next
		}
	}
	for {
		if id := b.drop(b.used.Back()); id > 0 {
			return id
		}
	}
}

// Do makes the picture ready. One at a time is: a large one takes much memory
// while it is decoded.
func (j *Job) Do() Made {
	m := Made{number: j.number, id: j.id, want: j.want}
	select {
	case j.gate <- struct{}{}:
		defer func() { <-j.gate }()
	case <-j.ctx.Done():
		m.err = j.ctx.Err()
		return m
	}
	img, err := Load(j.ctx, j.want.Path)
	if err == nil {
		m.drawn, err = Draw(j.ctx, j.term, img, j.id, j.want.Cols, j.want.Rows)
	}
	m.err = err
	return m
}

// Take puts in what was made. One that nobody waits for any more is left out:
// false.
func (b *Book) Take(m Made) bool {
	if m.number != b.number || m.want != b.now {
		return false
	}
	b.stop()
	b.number++ // it is taken once
	p := &Page{Drawn: m.drawn, Err: m.err, want: m.want, id: m.id}
	if m.err != nil {
		p.Drawn, p.id = Drawn{}, 0
	}
	b.ids[p.id] = p.id > 0
	b.pages[m.want] = b.used.PushFront(p)
	b.bytes += p.weight()
	for b.bytes > b.most && b.used.Len() > 1 {
		b.drop(b.used.Back())
	}
	return true
}

func (p *Page) weight() int {
	n := len(p.Drawn.Once) + len(p.Drawn.Over) + 500
	for _, line := range p.Drawn.Cells {
		n += len(line)
	}
	return n
}

// drop leaves a page out, and gives the id that is free now. The terminal is
// told before it hears of the next picture.
func (b *Book) drop(e *list.Element) int {
	p := b.used.Remove(e).(*Page)
	delete(b.pages, p.want)
	b.bytes -= p.weight()
	b.ids[p.id] = false
	if p.id > 0 {
		b.gone += Forget(b.Terminal, p.id)
	}
	return p.id
}

// Send gives what the terminal must be sent before the picture that is wanted
// now can be seen: "" if there is nothing, or it is on its way. Sent must be
// called when it was written.
func (b *Book) Send() string {
	e, ok := b.pages[b.now]
	if !ok {
		return ""
	}
	p := e.Value.(*Page)
	if p.sent || p.goes || p.Drawn.Once == "" {
		return ""
	}
	p.goes = true
	gone := b.gone
	b.gone = ""
	return gone + p.Drawn.Once
}

// Sent says that what Send gave for a picture was written.
func (b *Book) Sent(w Want) {
	if e, ok := b.pages[w]; ok {
		p := e.Value.(*Page)
		p.sent, p.goes = p.goes, false
	}
}

// Now is the picture that is wanted now.
func (b *Book) Now() Want { return b.now }

// Lost says that the terminal may have lost what it was sent, or is another one:
// everything is sent again when it is next shown.
func (b *Book) Lost() {
	for e := b.used.Front(); e != nil; e = e.Next() {
		p := e.Value.(*Page)
		p.sent, p.goes = false, false
	}
}

// Close gives what makes the terminal drop all pictures, and forgets them: when
// another way to show them is taken, and at the end.
func (b *Book) Close(t Terminal) string {
	b.stop()
	s := b.gone
	for e := b.used.Front(); e != nil; e = e.Next() {
		if p := e.Value.(*Page); p.id > 0 {
			s += Forget(b.Terminal, p.id)
		}
	}
	b.number++
	b.Terminal, b.now, b.bytes, b.ids, b.gone = t, Want{}, 0, [256]bool{}, ""
	b.pages, b.used = map[Want]*list.Element{}, list.New()
	return s
}
