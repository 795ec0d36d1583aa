package picture

import (
	"container/list"
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"slices"
)

// Want names a picture in a rectangle: the file, and the most cells that it may
// take. The zero value wants nothing.
type Want struct {
	Path       string
	Cols, Rows int
	// Thumb wants a small one among many: made of the shelf's thumbnail, and
	// shown in cells whatever the terminal can paint over them.
	Thumb bool
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

// Ids is how many pictures a kitty terminal can show at a time: what wants more
// shows some of them not.
const Ids = 254

// Book keeps the pictures that were made ready for the terminal as it is known
// now, as many as fit into its memory, and knows which ones are wanted. It is
// for the event loop only; what takes time is a Job.
type Book struct {
	Terminal Terminal

	shelf        *Shelf
	most, bytes  int
	pages        map[Want]*list.Element
	used         *list.List // the last used first
	ids          [256]bool  // taken, of a kitty terminal
	next         int
	sight, ahead []Want
	number       int  // of the last job
	job          *Job // the one that is at work
	wire         wire
	waits        bool // for a file that was given up
}

// Page is a picture that is ready, or the reason why there is none.
type Page struct {
	Drawn Drawn
	Err   error

	want Want
	id   int
	sent bool // Drawn.Once is at the terminal
	full bool // it was made in all the pixels that may be sent
	due  bool // those are to be sent, in the place of what is at the terminal
}

// Job makes a picture ready. Its Do is to be run from a command.
type Job struct {
	ctx    context.Context
	cancel context.CancelFunc
	number int
	want   Want
	id     int
	term   Terminal
	shelf  *Shelf
}

// Made is what became of a Job.
type Made struct {
	number int
	id     int
	want   Want
	drawn  Drawn
	err    error
}

// NewBook makes a Book for at most memory bytes; shelf has the thumbnails. It
// has ids of its own to begin with, so that two easels in one window do not take
// each other's.
func NewBook(t Terminal, memory int, shelf *Shelf) *Book {
	return &Book{
		Terminal: t, most: memory, shelf: shelf, next: 1 + rand.IntN(255),
		pages: map[Want]*list.Element{}, used: list.New(),
	}
}

// Shelf is where its thumbnails are.
func (b *Book) Shelf() *Shelf { return b.shelf }

// Find gives the page of a wanted picture; false as long as it is not ready, or
// its pixels are not at the terminal.
func (b *Book) Find(w Want) (Page, bool) {
	e, ok := b.pages[w]
	if !ok {
		return Page{}, false
	}
	p := e.Value.(*Page)
	return *p, p.sent || len(p.Drawn.Once) == 0
}

// Turn says which pictures are wanted now: those in sight, in the order in which
// they are made, and those that may be next, which are made when there is
// nothing else to do. What was under way for another one is given up. It gives
// the job to be done; nil if there is none, or one is at work.
func (b *Book) Turn(sight, ahead []Want) *Job {
	sight = sight[:min(len(sight), Ids)]
	ahead = ahead[:min(len(ahead), Ids-len(sight))]
	if !slices.Equal(sight, b.sight) || !slices.Equal(ahead, b.ahead) {
		b.turn(sight, ahead)
	}
	w, seen := b.missing()
	if b.job != nil && seen && !slices.Contains(b.sight, b.job.want) {
		b.stop() // first what a person looks at
	}
	if b.job != nil || w == (Want{}) {
		return nil
	}
	b.begin(w, 0)
	if w.Thumb {
		b.job.term = b.Terminal.small()
	}
	if b.Terminal.Way() == Kitty {
		b.job.id = b.free()
	}
	return b.job
}

// Await gives what waits until a file answers that was given up, if one is in
// sight; nil if none is, or it is waited for already. Then Answered is to be
// called.
func (b *Book) Await() func() {
	for _, w := range b.sight {
		if slow, ok := b.slow(w); ok && !b.waits {
			b.waits = true
			return func() { <-slow.back }
		}
	}
	return nil
}

// Answered has what was given up tried again.
func (b *Book) Answered() {
	b.waits = false
	for w, e := range b.pages {
		if _, ok := b.slow(w); ok {
			b.drop(e)
		}
	}
}

func (b *Book) slow(w Want) (why Slow, ok bool) {
	e, ok := b.pages[w]
	return why, ok && errors.As(e.Value.(*Page).Err, &why)
}

func (b *Book) turn(sight, ahead []Want) {
	was := slices.Concat(b.sight, b.ahead)
	b.sight, b.ahead = slices.Clone(sight), slices.Clone(ahead)
	for _, w := range was {
		if e, ok := b.pages[w]; ok && e.Value.(*Page).Err != nil && !b.wants(w) {
			b.drop(e) // another time it may be there
		}
	}
	if b.job != nil && !b.wants(b.job.want) {
		b.stop()
	}
	for _, list := range [][]Want{ahead, sight} {
		for _, w := range slices.Backward(list) {
			if e, ok := b.pages[w]; ok {
				b.used.MoveToFront(e)
			}
		}
	}
}

func (b *Book) wants(w Want) bool { return slices.Contains(b.sight, w) || slices.Contains(b.ahead, w) }

// missing gives the next picture that is to be made, and whether it is in sight.
func (b *Book) missing() (w Want, seen bool) {
	for i, list := range [][]Want{b.sight, b.ahead} {
		for _, w := range list {
			if _, ok := b.pages[w]; !ok && w != (Want{}) {
				return w, i == 0
			}
		}
	}
	return Want{}, false
}

func (b *Book) stop() {
	if b.job != nil {
		b.job.cancel()
		b.job = nil
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

// Do makes the picture ready. One at a time is decoded: a large one takes much
// memory while it is.
func (j *Job) Do() Made {
	m := Made{number: j.number, id: j.id, want: j.want}
	m.drawn, m.err = j.draw()
	return m
}

func (j *Job) draw() (d Drawn, err error) {
	var img image.Image
	if j.want.Thumb {
		img, err = j.shelf.Thumb(j.ctx, j.want.Path)
	} else {
		if err := j.shelf.enter(j.ctx); err != nil {
			return Drawn{}, err
		}
		defer j.shelf.leave()
		img, err = j.shelf.disk.load(j.ctx, j.want.Path)
	}
	if err != nil {
		return Drawn{}, err
	}
	return Draw(j.ctx, j.term, img, j.id, j.want.Cols, j.want.Rows)
}

// Take puts in what was made. One that nobody waits for any more is left out:
// false.
func (b *Book) Take(m Made) bool {
	if b.job == nil || m.number != b.job.number {
		return false
	}
	full := b.job.term.full
	b.stop()
	if e, ok := b.pages[m.want]; ok { // made anew
		if m.err == nil {
			b.renew(e.Value.(*Page), m.drawn)
		}
		return m.err == nil
	}
	p := &Page{Drawn: m.drawn, Err: m.err, want: m.want, id: m.id, full: full}
	if m.err != nil {
		p.Drawn, p.id = Drawn{}, 0
	}
	b.ids[p.id] = p.id > 0
	b.pages[m.want] = b.used.PushFront(p)
	b.bytes += p.weight()
	for b.bytes > b.most && !b.wants(b.used.Back().Value.(*Page).want) { // those that are wanted are in front
		b.drop(b.used.Back())
	}
	return true
}

func (b *Book) renew(p *Page, d Drawn) {
	b.bytes -= p.weight()
	p.Drawn, p.full, p.due = d, true, len(d.Once) > 0
	b.bytes += p.weight()
}

// Renewed says whether what was made stands in the place of what was painted.
func (b *Book) Renewed(m Made) bool {
	e, ok := b.pages[m.want]
	return ok && e.Value.(*Page).full && m.drawn.Over != ""
}

// Stays says whether a picture is at the terminal in fewer pixels than it may
// have if a person looks at it for a while: over SSH it is sent so first.
func (b *Book) Stays(w Want) bool {
	e, ok := b.pages[w]
	if !ok || w.Thumb || !b.Terminal.remote {
		return false
	}
	p := e.Value.(*Page)
	return p.Drawn.Less && !p.full && (p.sent || len(p.Drawn.Once) == 0)
}

// Stay gives the job that makes such a picture in all its pixels; nil if it is
// not what a person looks at, or something in sight is at work.
func (b *Book) Stay(w Want) *Job {
	if len(b.sight) == 0 || b.sight[0] != w || !b.Stays(w) || b.job != nil && slices.Contains(b.sight, b.job.want) {
		return nil
	}
	b.stop()
	b.begin(w, b.pages[w].Value.(*Page).id)
	b.job.term.full = true
	return b.job
}

func (b *Book) begin(w Want, id int) {
	b.number++
	ctx, cancel := context.WithCancel(context.Background())
	b.job = &Job{ctx: ctx, cancel: cancel, number: b.number, want: w, term: b.Terminal, shelf: b.shelf, id: id}
}

func (p *Page) weight() int {
	n := len(p.Drawn.Over) + 500
	for _, lines := range [][]string{p.Drawn.Once, p.Drawn.Cells} {
		for _, line := range lines {
			n += len(line)
		}
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
	if b.wire.open == p {
		b.cut()
	} else if p.id > 0 {
		b.wire.gone += Forget(b.Terminal, p.id)
	}
	return p.id
}
