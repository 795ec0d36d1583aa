package paint

import "slices"

// field is nothing but strokes of a broad brush that follow a flow.
func (s *scene) field() {
	d := s.dice.fork()
	s.paper(s.pal.sky[1].mix(s.pal.near, 0.3), d)
	tones := newRamp(s.pal.near, s.pal.far, s.pal.sky[0], s.pal.sky[2], s.pal.sun)
	flow, colour := newNoise(d), newNoise(d)
	k := 1 / s.u
	swirl := pt{s.x(d.in(0.3, 0.7)), s.y(d.in(0.35, 0.65))}
	scale, turn := d.in(0.7, 1.3), d.in(0, 2*pi)
	dir := func(p pt) float32 {
		a := turn + flow.fbm(p.x*k*scale, p.y*k*scale, 2)*2.2*pi
		q := pt{p.x - swirl.x, p.y - swirl.y}
		pull := exp(-(q.x*q.x + q.y*q.y) * k * k * 5)
		return a*(1-pull) + (atan2(q.y, q.x)+pi/2)*pull
	}
	hues := s.pal.hues
	tone := func(p pt) col {
		t := colour.fbm(p.x*k*1.1+3, p.y*k*1.1, 2)
		c := tones.at(step(0.30, 0.70, t))
		if colour.fbm(p.x*k*2.1+60, p.y*k*2.1, 2) > 0.53 {
			c = hues[int(colour.at(p.x*k*1.3, p.y*k*1.3+90)*0.999*float32(len(hues)))]
		}
		return c
	}
	s.strokes(d, dir, tone, []float32{0.034, 0.021, 0.012})
}

// strokes covers the picture with brush marks, broad ones first, each in the
// colour of where it begins.
func (s *scene) strokes(d *dice, dir func(pt) float32, tone func(pt) col, widths []float32) {
	area := float32(s.w) * float32(s.h) / (s.u * s.u)
	var marks []mark
	for pass, w := range widths {
		if w*s.u < 0.6 {
			continue // nobody sees it
		}
		count := int(area * lerp(1.5, 0.75, float32(pass)/2) * 0.19 / (w * w))
		if s.quality == Low {
			count = count * 2 / 3
		}
		for range count {
			at := pt{d.in(-0.02, 1.02) * float32(s.w), d.in(-0.02, 1.02) * float32(s.h)}
			marks = append(marks, s.mark(d, at, w*s.u*d.in(0.75, 1.25), 7.5-float32(pass), dir, tone(at).light(d.bell(0, 0.045))))
		}
	}
	s.addMarks(marks)
}

func (s *scene) addMarks(marks []mark) {
	s.add(func(b *band) {
		for i := range marks {
			m := &marks[i]
			if m.hi < float32(b.y0) || m.lo > float32(b.y1) {
				continue
			}
			for j, p := range m.bristles {
				b.fill(over, flat(m.tones[j]), p)
			}
		}
	})
}

// mark is one stroke: a few bristles side by side.
type mark struct {
	lo, hi   float32 // rows
	bristles []path
	tones    []col
}

func (s *scene) mark(d *dice, at pt, w, longer float32, dir func(pt) float32, c col) mark {
	const steps = 6
	long := w * d.in(0.6, 1) * longer
	line := make([]pt, steps)
	for i := range line {
		line[i] = at
		a := dir(at)
		at = at.add(pt{cos(a), sin(a)}.mul(long / steps))
	}
	m := mark{lo: 1e9, hi: -1e9}
	n := 4
	if w < 0.008*s.u {
		n = 2
	}
	for j := range n {
		side := ((float32(j)+0.5)/float32(n) - 0.5) * w
		early, late := d.in(0, 0.12), d.in(0.82, 1)
		hair := ribbon(line, func(t float32) float32 {
			return w * 0.5 / float32(n) * 1.35 * step(early-0.05, early+0.12, t) * step(late+0.06, late-0.12, t)
		})
		for i := range hair { // beside the middle, square to the line
			k := i
			if i >= steps {
				k = 2*steps - 1 - i
			}
			a, b := line[max(k-1, 0)], line[min(k+1, steps-1)]
			l := max(hypot(b.x-a.x, b.y-a.y), 1e-4)
			hair[i] = hair[i].add(pt{-(b.y - a.y) / l * side, (b.x - a.x) / l * side})
		}
		lo, hi := hair.bounds()
		m.lo, m.hi = min(m.lo, lo.y), max(m.hi, hi.y)
		m.bristles, m.tones = append(m.bristles, hair), append(m.tones, c.light(d.bell(0, 0.03)))
	}
	return m
}

// oil paints the picture that is there with strokes: it is rendered small, and
// each stroke takes the colour and the lie of what it covers.
func (s *scene) oil() {
	small := &scene{plan: s.plan, pal: s.pal, style: Gouache, quality: Low, dice: s.dice, noise: s.noise}
	k := min(1, 260/s.u)
	small.w, small.h = max(1, int(float32(s.w)*k+0.5)), max(1, int(float32(s.h)*k+0.5))
	small.u = float32(min(small.w, small.h))
	compose(small)
	small.finish = small.raw()
	img := small.render()
	at := func(p pt) (x, y int) {
		return min(max(int(p.x*k), 0), small.w-1), min(max(int(p.y*k), 0), small.h-1)
	}
	tones := make([]col, small.w*small.h)
	for i := range tones {
		tones[i] = RGB(img.Pix[4*i : 4*i+3]).col().vivid(1.15)
	}
	tone := func(p pt) col {
		x, y := at(p)
		return tones[y*small.w+x]
	}
	luma := func(x, y int) float32 {
		o := img.PixOffset(min(max(x, 0), small.w-1), min(max(y, 0), small.h-1))
		return float32(img.Pix[o])*0.3 + float32(img.Pix[o+1])*0.6 + float32(img.Pix[o+2])*0.1
	}
	flow, ku := s.noise, 1/s.u
	dir := func(p pt) float32 {
		x, y := at(p)
		gx, gy := luma(x+3, y)-luma(x-3, y), luma(x, y+3)-luma(x, y-3)
		a := (flow.fbm(p.x*ku*1.6+5, p.y*ku*1.6, 2) - 0.5) * 2.4
		if g := hypot(gx, gy); g > 9 {
			edge := atan2(gy, gx) + pi/2
			if cos(edge-a) < 0 {
				edge += pi
			}
			a = edge
		}
		return a
	}
	s.layers = slices.Clip(s.layers[:0])
	s.wash(func(x, y float32) col { return tone(pt{x, y}) }) // the ground, thin and rough
	d := s.dice.fork()
	s.strokes(d, dir, tone, []float32{0.036, 0.020, 0.011})
	busy := func(p pt) bool { // where there is much to see, a small brush goes over it
		x, y := at(p)
		return hypot(luma(x+2, y)-luma(x-2, y), luma(x, y+2)-luma(x, y-2)) > 20
	}
	s.details(d, dir, tone, busy)
}

// details adds small strokes where there is much to see.
func (s *scene) details(d *dice, dir func(pt) float32, tone func(pt) col, busy func(pt) bool) {
	const w = 0.0052
	if w*s.u < 0.6 {
		return
	}
	var marks []mark
	for range int(float32(s.w) * float32(s.h) / (s.u * s.u) * 0.45 / (w * w)) {
		if at := (pt{d.f() * float32(s.w), d.f() * float32(s.h)}); busy(at) {
			marks = append(marks, s.mark(d, at, w*s.u*d.in(0.7, 1.2), 4, dir, tone(at)))
		}
	}
	s.addMarks(marks)
}
