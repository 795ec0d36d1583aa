// Package paint is the artist of the demo provider: a pure function from a
// prompt to a picture. The same plan, size and index give the same picture,
// and every size of one ratio the same composition.
//
// What a prompt says belongs in lexicon.go, what it means for the picture in
// compose.go, each kind of thing that can be painted in a file of its own, and
// the ways in which it is painted (gouache, ink, risograph …) in finish files.
// It does not belong here if it knows of tasks, HTTP or files.
package paint

import "image"

// Quality is how much care a picture gets. The composition does not depend on it.
type Quality int

// The qualities.
const (
	Low Quality = iota
	Medium
	High
)

// Request is a picture that is wanted.
type Request struct {
	Plan          Plan
	Width, Height int // pixels, at least 1
	Index         int // which of several variations, from 0
	Quality       Quality
	Sketch        bool // drawn with a pencil
}

// Paint paints a picture of exactly Width x Height pixels. It takes one core,
// and memory for the picture itself and a band of it.
func Paint(r Request) *image.RGBA {
	s := newScene(r)
	s.paint()
	return s.render()
}

// bandRows is how much of a picture is worked on at once: a band of 2,048 pixels
// stays in the second cache.
const bandRows = 40

// scene is a picture in the making: layers that are laid over one another, and
// the finish that makes paper, paint or ink of them.
type scene struct {
	w, h    int
	u       float32 // the unit of sizes: the shorter side, in pixels
	quality Quality
	plan    Plan
	dice    *dice // of the composition
	noise   *noise
	pal     palette
	style   Idea // how it is painted: Gouache, Ink …
	layers  []layer
	finish  finish
}

// layer paints its part of a band over what is there.
type layer func(b *band)

// finish turns a band into pixels. margin is how many rows above and below it
// wants to see.
type finish struct {
	margin int
	rows   func(b *band, out *image.RGBA, y0, y1 int)
}

func newScene(r Request) *scene {
	w, h := max(1, r.Width), max(1, r.Height)
	s := &scene{w: w, h: h, u: float32(min(w, h)), quality: r.Quality, plan: r.Plan}
	s.dice = newDice(r.Plan.Seed, 100+uint64(r.Index))
	s.noise = newNoise(s.dice.fork())
	s.pal = choosePalette(r.Plan, newDice(r.Plan.Seed, 1), r.Index)
	s.style = chooseStyle(r)
	return s
}

// add puts a layer on top.
func (s *scene) add(l layer) { s.layers = append(s.layers, l) }

// x and y turn fractions of the picture into pixels.
func (s *scene) x(f float32) float32 { return f * float32(s.w) }
func (s *scene) y(f float32) float32 { return f * float32(s.h) }

func (s *scene) render() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, s.w, s.h))
	m := s.finish.margin
	px := make([]float32, 3*s.w*(bandRows+2*m))
	b := &band{w: s.w, h: s.h}
	for y := 0; y < s.h; y += bandRows {
		end := min(y+bandRows, s.h)
		b.y0, b.y1 = max(0, y-m), min(s.h, end+m)
		b.px = px[:3*s.w*(b.y1-b.y0)]
		for _, l := range s.layers {
			l(b)
		}
		s.finish.rows(b, out, y, end)
	}
	return out
}
