package paint

// pond is carp from above, among the leaves of water lilies.
func (s *scene) pond() {
	d, p := s.dice.fork(), s.pal
	n, k := s.noise, 1/s.u
	water := newRamp(p.water.light(-0.04), p.water.mix(p.near, 0.35), p.water.mix(p.near, 0.7))
	if s.style == Ink || s.style == Minimal {
		water = newRamp(p.paper, p.paper.mix(p.water, 0.12), p.paper.mix(p.water, 0.25))
	}
	ox, oy := d.in(0, 9), d.in(0, 9)
	s.wash(func(x, y float32) col {
		warp := n.at(x*k*2+ox, y*k*2+oy)
		web := abs(n.fbm(x*k*4.5+warp*1.2, y*k*4.5+oy, 2)-0.5) * 9 // the net of light on the ground
		c := water.at(0.2 + 0.6*n.fbm(x*k*1.1+ox, y*k*1.1+oy, 2))
		return c.mix(p.sky[2], 0.13*step(1, 0, web))
	})
	count := d.between(3, 5)
	if s.style == Minimal {
		count = 2
	}
	turn := d.in(0, 2*pi)
	mid := pt{s.x(0.5), s.y(0.5)}
	for i := range count {
		a := turn + float32(i)/float32(count)*2*pi
		r := s.u * d.in(0.20, 0.30)
		at := mid.add(pt{r * cos(a) * float32(s.w) / s.u, r * sin(a) * float32(s.h) / s.u})
		s.carp(d, at, a+pi/2+d.in(-0.4, 0.4), s.u*d.in(0.38, 0.50), i)
	}
	s.ripples(d)
	if s.style != Minimal || s.plan.Has(Flower) {
		for range d.between(5, 9) {
			a := d.in(0, 2*pi)
			at := mid.add(pt{s.x(0.52) * cos(a) * d.in(0.75, 1.1), s.y(0.52) * sin(a) * d.in(0.75, 1.1)})
			s.lily(d, at, s.u*d.in(0.06, 0.13))
		}
	}
}

// carp is one fish; angle is where it swims.
func (s *scene) carp(d *dice, at pt, angle, long float32, which int) {
	bendBy := d.in(-0.16, 0.16)
	spine := bend(10, pt{0.5, 0}, pt{0.25, bendBy * 0.2}, pt{0, bendBy * 0.1}, pt{-0.3, -bendBy * 0.5}, pt{-0.5, -bendBy * 1.4})
	put := func(p path) path { return p.place(at, long, angle) }
	body := put(ribbon(spine, func(t float32) float32 { return 0.125 * pow(hump(0.10+0.9*pow(t, 0.62)), 0.62) }))
	white := s.pal.paper.mix(hex(0xFFF6EA), 0.5)
	hue := s.pal.hues[which%2%len(s.pal.hues)]
	if len(s.plan.Palette) == 0 && len(s.plan.named()) == 0 {
		hue = []col{hex(0xD9481F), hex(0xE27A24), hex(0xB9341C)}[which%3]
	}
	shadow := make(path, len(body))
	for i, q := range body {
		shadow[i] = q.add(pt{0.03 * s.u, 0.045 * s.u})
	}
	s.fill(func(x, y float32) (col, float32) { return s.pal.near, 0.28 }, shadow)
	fin := func(root, tip, back pt) {
		p := put(curve(root, root.mix(tip, 0.6).add(pt{0.02, 0}), tip, tip.mix(back, 0.5), back))
		s.fill(func(x, y float32) (col, float32) { return white.mix(hue, 0.25), 0.72 }, p)
	}
	for _, side := range []float32{-1, 1} {
		fin(pt{0.24, side * 0.10}, pt{0.10, side * 0.30}, pt{0.14, side * 0.10})
		fin(pt{-0.10, side*0.08 - bendBy*0.1}, pt{-0.22, side*0.19 - bendBy*0.2}, pt{-0.18, side*0.06 - bendBy*0.2})
		tail := pt{-0.45, -bendBy * 1.2}
		fin(tail.add(pt{0.03, 0}), tail.add(pt{-0.27, side*0.15 - bendBy*0.8}), tail.add(pt{-0.15, -bendBy * 0.5}))
	}
	n, o := newNoise(d), d.in(0, 60)
	ca, sa := cos(angle), sin(angle)
	gold := d.chance(0.2)
	s.fill(func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/long, (y-at.y)/long
		along, across := dx*ca+dy*sa, dy*ca-dx*sa
		spots := n.fbm(along*5.2+o, across*5.2, 2)
		var c col
		if !gold {
			c = white.mix(hue, step(0.50, 0.545, spots))
			c = c.mix(s.pal.ink, 0.85*step(0.64, 0.68, n.at(along*9+o*2, across*9)))
		} else {
			c = hue.mix(hex(0xF0B23C), 0.5)
		}
		scales := sin(along*150) * sin(across*150+float32(int(along*24)&1)) * 0.03
		return c.mul(1.02 - 0.3*step(0.02, 0.14, abs(across+bendBy*0.3*along)) + scales), 1
	}, body)
	for _, side := range []float32{-1, 1} {
		eye := pt{0.40, side * 0.066}.mul(long).turn(angle).add(at)
		s.spot(eye.x, eye.y, 0.014*long, s.pal.ink, 1)
	}
}

// ripples are thin rings on the water.
func (s *scene) ripples(d *dice) {
	for range d.between(2, 4) {
		at := pt{s.x(d.in(0.1, 0.9)), s.y(d.in(0.1, 0.9))}
		r0 := s.u * d.in(0.04, 0.11)
		for ring := range 3 {
			r := r0 * (1 + 0.55*float32(ring))
			w := s.u * 0.0018
			s.veil(at.x-r-3*w, at.y-r-3*w, at.x+r+3*w, at.y+r+3*w, func(x, y float32) (col, float32) {
				off := abs(hypot(x-at.x, y-at.y) - r)
				return s.pal.paper, 0.34 * step(w+0.7, 0, off) / (1 + 0.7*float32(ring))
			})
		}
	}
}

// lily is a leaf with a notch, now and then with a flower.
func (s *scene) lily(d *dice, at pt, r float32) {
	notch := d.in(0, 2*pi)
	green := s.green(d).light(d.in(0.0, 0.10))
	lit := green.mix(s.pal.sun, 0.22)
	n, o := s.noise, d.in(0, 9)
	pad := func(at pt, f shader) {
		s.disc(at.x, at.y, r, func(x, y float32) (col, float32) {
			a := atan2(y-at.y, x-at.x) - notch
			a -= 2 * pi * float32(floor(a/(2*pi)+0.5))
			l := hypot(x-at.x, y-at.y) / r
			cut := step(0.10, 0.16, abs(a)+max(0, 0.25-l))
			if l > 0.96+0.05*n.at(a*4+o, 2) {
				return col{}, 0
			}
			c, k := f(a, l)
			return c, k * cut
		})
	}
	pad(at.add(pt{0.012 * s.u, 0.02 * s.u}), func(a, l float32) (col, float32) { return s.pal.near, 0.3 })
	pad(at, func(a, l float32) (col, float32) {
		vein := step(0.86, 1, cos(a*11)) * step(0.05, 0.3, l) * 0.25
		return green.mix(lit, clamp01(0.35+0.4*sin(a+1)+vein)).mul(1 - 0.12*l*l), 1
	})
	if d.chance(0.3) || s.plan.Has(Flower) {
		s.flower(d, peony, at.add(pt{0.1 * r, -0.1 * r}), 0.5*r, 0, s.pal.hues[0].mix(s.pal.paper, 0.4))
	}
}
