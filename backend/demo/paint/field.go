package paint

// paintDunes lays dunes with one lit and one shaded side, parted by a soft edge
// that winds down from the crest.
func (s *scene) paintDunes(v *view) {
	d := s.dice.fork()
	count := 5
	if s.style == Minimal {
		count = 3
	}
	room := float32(s.h) - v.horizon
	land := newRamp(s.pal.far.mix(s.pal.sky[3], 0.35), s.pal.far, s.pal.far.lab().mix(s.pal.near.lab(), 0.45).col())
	lines := make([][]float32, count)
	for i := range lines {
		t := float32(i) / float32(count-1)
		lines[i] = s.crest(newNoise(d), ridgeDune, v.horizon+room*(0.06+0.72*t*t), lerp(0.035, 0.10, t), lerp(0.5, 1.1, t), d.in(0, 60))
	}
	for i, until := range covered(lines) {
		t := float32(i) / float32(count-1)
		s.paintDune(v, d, lines[i], until, land.at(t), t)
	}
}

func (s *scene) paintDune(v *view, d *dice, line, until []float32, c col, t float32) {
	n, k := newNoise(d), 1/s.u
	tilt := slopes(line, max(1, int(0.05*s.u)))
	lit := c.mix(s.pal.sun, 0.38)
	dark := c.mix(s.pal.near, 0.42)
	foot := c.mix(s.pal.sky[3], 0.3*(1-t))
	side := -v.light * lerp(0.5, 1.1, t)
	s.below(line, until, func(x int, y, depth float32) (col, float32) {
		fx := float32(x) * k
		wind := n.at(fx*3, depth*k*3) - 0.5
		at := min(max(x+int(depth*side+wind*depth*0.9), 0), len(tilt)-1)
		face := step(-0.05, 0.05, -tilt[at]*v.light)
		c := dark.mix(lit, face).mix(foot, step(0, 0.34*s.u, depth))
		waves := sin((depth*k+wind*0.06+0.03*sin(fx*5))*lerp(260, 130, t)) * 0.012 * face * t
		return c.mul(1 + waves), 1
	})
}

// paintMeadow is rolling hills, some with rows of crops, and flowers in front.
func (s *scene) paintMeadow(v *view) {
	d := s.dice.fork()
	far, near := s.pal.far, s.pal.near
	if s.style != Ink && !s.pal.neon && !s.plan.Has(Autumn, Winter, Snow) && len(s.plan.named()) == 0 && len(s.plan.Palette) == 0 {
		far, near = far.tint(hex(0x8FA85A), 0.75), near.tint(hex(0x3E6B45), 0.7).light(0.05)
	}
	land := newRamp(far, far.lab().mix(near.lab(), 0.6).col(), near)
	room := float32(s.h) - v.horizon
	lines := make([][]float32, 4)
	for i := range lines {
		t := float32(i) / 3
		lines[i] = s.crest(newNoise(d), ridgeHill, v.horizon+room*(0.03+0.45*t*t), lerp(0.05, 0.04, t), lerp(0.6, 1.2, t), d.in(0, 60))
	}
	for i, until := range covered(lines) {
		t := float32(i) / 3
		c := land.at(0.1 + 0.75*t)
		s.paintHill(v, d, lines[i], until, c, t)
		if t > 0 && t < 0.8 {
			s.plantBushes(d, lines[i], c.mix(s.pal.near, 0.55), t)
		}
	}
	s.scatterFlowers(d, lines[3], 620, near)
	s.paintGrass(d, near, far)
	s.nearFlowers(d, near)
}

func (s *scene) paintHill(v *view, d *dice, line, until []float32, c col, t float32) {
	n, k := newNoise(d), 1/s.u
	tilt := slopes(line, max(1, int(0.04*s.u)))
	lit, foot := c.mix(s.pal.sun, 0.28), c.mix(s.pal.near, 0.25+0.25*t)
	rows := d.chance(0.6)
	lean := d.in(-1.2, 1.2)
	s.below(line, until, func(x int, y, depth float32) (col, float32) {
		fx := float32(x) * k
		face := step(-0.3, 0.3, -tilt[x]*v.light)
		out := foot.mix(lit, (0.25+0.75*face)*step(0.3*s.u, 0, depth))
		stroke := n.fbm(fx*9+depth*k*lean*6, depth*k*26, 2) - 0.5
		if rows {
			furrow := sin((fx+depth*k*lean)*lerp(120, 60, t)/(0.3+3*depth*k+0.3*t) + stroke*2)
			stroke += furrow * 0.16 * step(0, 0.05, depth*k)
		}
		return out.mul(1 + 0.22*stroke), 1
	})
}

// plantBushes sets round trees and hedges along a hill.
func (s *scene) plantBushes(d *dice, line []float32, c col, t float32) {
	r0 := s.u * lerp(0.012, 0.035, t)
	for range d.between(4, 10) {
		x := d.in(0, 1) * float32(s.w)
		for range d.between(2, 5) {
			x += d.in(-1.6, 1.6) * r0
			i := min(max(int(x), 0), s.w-1)
			r := r0 * d.in(0.6, 1.2)
			s.foliage(d, pt{x, line[i] - 0.5*r}, r, c, 0.3)
		}
	}
}

// foliage is a ball of leaves: ragged at the edge, lit from above.
func (s *scene) foliage(d *dice, at pt, r float32, c col, ragged float32) {
	n := s.noise
	ox := d.in(0, 99)
	lit, dark := c.mix(s.pal.sun, 0.3), c.light(-0.06)
	s.veil(at.x-r*1.4, at.y-r*1.4, at.x+r*1.4, at.y+r*1.4, func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		rough := n.fbm(dx*2.6+ox, dy*2.6, 3) - 0.5
		l := hypot(dx, dy) + rough*2*ragged
		a := clamp01((1-l)*r*0.5 + 0.5)
		if a == 0 {
			return col{}, 0
		}
		return dark.mix(lit, step(0.7, -0.8, dy-dx*0.3+rough*1.4)), a
	})
}

// scatterFlowers strews blossoms over the ground below a line: small far off,
// large at the feet.
func (s *scene) scatterFlowers(d *dice, line []float32, count int, green col) {
	hues := s.pal.hues[:min(3, len(s.pal.hues))]
	if s.plan.Has(Flower, Spring) {
		count *= 2
	}
	for i := range count {
		t := float32(i) / float32(count)
		x := d.f() * float32(s.w)
		ground := line[min(int(x), s.w-1)]
		y := ground + (float32(s.h)*1.03-ground)*pow(t, 0.75)
		r := s.u * lerp(0.0024, 0.015, t*t) * d.in(0.6, 1.2)
		c := hues[d.pick(len(hues))].mix(green, 0.25*(1-t)).light(d.in(-0.06, 0.06))
		if r < 0.006*s.u || r < 1.2 {
			s.spot(x, y, r, c, 0.9)
			continue
		}
		stem := ribbon(bend(4, pt{x + d.in(-0.5, 0.5)*r, y + 5*r}, pt{x, y}), func(float32) float32 { return 0.10 * r })
		s.fill(flat(green.mix(c, 0.1)), stem)
		s.blossom(d, pt{x, y}, r, c)
	}
}

// blossom is a small flower seen from the side: a few petals.
func (s *scene) blossom(d *dice, at pt, r float32, c col) {
	petals := d.between(5, 7)
	turn := d.in(0, 2)
	for i := range petals {
		a := turn + float32(i)/float32(petals)*2*pi
		s.fill(flat(c.light(d.in(-0.04, 0.04))), ellipse(pt{}, 0.55*r, 0.34*r).place(pt{at.x + 0.5*r*cos(a), at.y + 0.4*r*sin(a)}, 1, a))
	}
	s.spot(at.x, at.y, 0.25*r, s.pal.sun, 1)
}

// paintGrass is blades at the foot of the picture.
func (s *scene) paintGrass(d *dice, near, far col) {
	for range 280 {
		x, l := d.in(-0.02, 1.02)*float32(s.w), s.u*d.in(0.04, 0.13)
		foot, lean := float32(s.h)*1.01, d.in(-0.4, 0.4)*l
		blade := ribbon(bend(5, pt{x, foot}, pt{x + lean*0.3, foot - l*0.6}, pt{x + lean, foot - l}), func(t float32) float32 { return 0.0026 * s.u * (1 - t) })
		s.fill(flat(near.mix(far, d.in(0, 0.4))), blade)
	}
}

// nearFlowers are a few that stand right before the eye.
func (s *scene) nearFlowers(d *dice, green col) {
	hues := s.pal.hues[:min(3, len(s.pal.hues))]
	for range d.between(7, 11) {
		x := d.in(0, 1)
		if abs(x-0.5) < 0.18 && d.chance(0.7) { // the view stays free
			continue
		}
		r := s.u * d.in(0.022, 0.042)
		head := pt{s.x(x), float32(s.h) - s.u*d.in(0.06, 0.24)}
		foot := pt{head.x + d.in(-0.05, 0.05)*s.u, float32(s.h) * 1.02}
		line := bend(8, foot, foot.mix(head, 0.5).add(pt{d.in(-0.02, 0.02) * s.u, 0}), head)
		s.fill(flat(green), ribbon(line, func(t float32) float32 { return s.u * (0.0034 - 0.0016*t) }))
		s.leaf(d, line[len(line)/3], -pi/2+d.in(-0.8, 0.8), s.u*d.in(0.06, 0.1), 0.2, green)
		s.flower(d, bloom(d.pick(4)), head, r, -pi/2+d.in(-0.2, 0.2), hues[d.pick(len(hues))])
	}
}
