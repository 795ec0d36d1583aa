package paint

import "image"

// chooseStyle takes the way of painting that the prompt names first.
func chooseStyle(r Request) Idea {
	if r.Sketch {
		return Pencil
	}
	if i := r.Plan.first(Gouache, Watercolour, Riso, Neon, Minimal, Ink, Oil, Pencil); i != 0 {
		return i
	}
	return Gouache
}

// gouache is matt paint on grained paper: the look of everything that asks for
// no other.
func (s *scene) gouache() finish {
	n, k := s.noise, 1/s.u
	grain := 0.045 * min(1, max(0.15, s.u/900))
	cx, cy := float32(s.w)/2, float32(s.h)/2
	far := 1 / (cx*cx + cy*cy)
	return finish{rows: func(b *band, out *image.RGBA, y0, y1 int) {
		for y := y0; y < y1; y++ {
			row, to := b.row(y), out.Pix[out.PixOffset(0, y):]
			dy := float32(y) - cy
			for x := range b.w {
				dx := float32(x) - cx
				edge := (dx*dx + dy*dy) * far
				tone := 1 - 0.13*edge*edge + 0.05*(n.fbm(float32(x)*k*38, float32(y)*k*38, 2)-0.5)
				h := hash(x, y, 1)
				fine := h*512 - float32(int(h*512)) // the lower bits are chance of their own
				g := (h+fine-1)*grain + (fine-0.5)/255
				put(to[4*x:4*x+4], col{row[3*x]*tone + g, row[3*x+1]*tone + g, row[3*x+2]*tone + g*0.9})
			}
		}
	}}
}

func put(p []byte, c col) {
	p[0], p[1], p[2], p[3] = to8(c.r), to8(c.g), to8(c.b), 255
}

// raw is no finish at all.
func (s *scene) raw() finish {
	return finish{rows: func(b *band, out *image.RGBA, y0, y1 int) {
		for y := y0; y < y1; y++ {
			row, to := b.row(y), out.Pix[out.PixOffset(0, y):]
			for x := range b.w {
				put(to[4*x:4*x+4], col{row[3*x], row[3*x+1], row[3*x+2]})
			}
		}
	}}
}
