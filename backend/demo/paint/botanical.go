package paint

// bloom is a kind of flower.
type bloom int

const (
	poppy bloom = iota
	daisy
	tulip
	peony
	lavender
	blooms
)

// botanical is a bunch of flowers or leaves before a pale sun on paper.
func (s *scene) botanical() {
	d, p := s.dice.fork(), s.pal
	ground := p.paper.mix(p.sky[3], 0.35)
	if p.night {
		ground = p.sky[1]
	}
	s.paper(ground, d)
	r := s.u * d.in(0.27, 0.33)
	at := pt{s.x(0.5 + d.in(-0.06, 0.06)), s.y(0.42)}
	if s.style != Minimal && s.style != Ink {
		c := p.sky[1].mix(p.sun, 0.25)
		if p.night {
			c = p.sun.mix(p.sky[2], 0.25)
		}
		s.disc(at.x, at.y, r, func(x, y float32) (col, float32) {
			return c.mix(ground, 0.55*step(-0.6, 1.1, (y-at.y)/r)), 1
		})
	}
	if s.plan.Has(Leaf) && !s.plan.Has(Flower) {
		s.leaves(d)
		return
	}
	s.bouquet(d, pt{s.x(0.5), s.y(1.03)}, min(float32(s.h)*0.66, s.u*0.95), 1)
}

// paper is a plain ground with a soft light on it.
func (s *scene) paper(c col, d *dice) {
	n, k := newNoise(d), 1/s.u
	low := c.light(-0.05)
	s.wash(func(x, y float32) col {
		t := n.fbm(x*k*1.4, y*k*1.4, 3)
		return c.mix(low, t*0.8+0.4*y/float32(s.h)-0.2)
	})
}

// bouquet lets stems fan out from a foot, and sets a flower on each; tall is in
// pixels, k the size of a flower.
func (s *scene) bouquet(d *dice, foot pt, tall, k float32) {
	kind := bloom(d.pick(int(blooms)))
	count := d.between(5, 8)
	if s.style == Minimal {
		count = d.between(1, 3)
	}
	type stem struct {
		head pt
		line []pt
		r    float32
		kind bloom
	}
	var stems []stem
	for i := range count {
		fan := (float32(i)+0.5)/float32(count)*2 - 1
		up := tall * (1 - 0.32*fan*fan) * d.in(0.72, 1.12)
		head := pt{foot.x + k*(fan*0.36*s.u+d.in(-0.04, 0.04)*s.u), foot.y - up}
		mid := foot.mix(head, 0.55).add(pt{-k * fan * 0.07 * s.u, 0})
		which := kind
		if d.chance(0.35) {
			which = bloom(d.pick(int(blooms)))
		}
		stems = append(stems, stem{head, bend(12, pt{foot.x + k*k*fan*0.05*s.u, foot.y}, mid, head), k * s.u * d.in(0.075, 0.115), which})
	}
	green := s.green(d)
	order := d.r.Perm(count)
	for _, i := range order {
		st := stems[i]
		s.fill(flat(green), ribbon(st.line, func(t float32) float32 { return k * s.u * (0.006 - 0.003*t) }))
		for range d.between(2, 4) {
			at := d.between(len(st.line)/5, len(st.line)*3/4)
			side := float32(1)
			if d.chance(0.5) {
				side = -1
			}
			a := atan2(st.line[at].y-st.line[at-1].y, st.line[at].x-st.line[at-1].x)
			s.leaf(d, st.line[at], a+side*d.in(0.4, 0.9), k*s.u*d.in(0.10, 0.2), d.in(0.16, 0.26), green)
		}
	}
	for j, i := range order {
		hue := s.pal.hues[(j%3)%len(s.pal.hues)]
		n := len(stems[i].line)
		a := atan2(stems[i].line[n-1].y-stems[i].line[n-3].y, stems[i].line[n-1].x-stems[i].line[n-3].x)
		s.flower(d, stems[i].kind, stems[i].head, stems[i].r, a, hue)
	}
}

// green is the colour of stems and leaves in this light.
func (s *scene) green(d *dice) col {
	g := hex(0x3F6B4F).mix(s.pal.near, 0.35)
	if s.style == Ink {
		g = s.pal.ink
	}
	if s.pal.night {
		g = hex(0x4F8F78).mix(s.pal.far, 0.3)
	}
	return g
}

// leaf is a pointed leaf with a mid-rib, one half in the light.
func (s *scene) leaf(d *dice, at pt, angle, long, slim float32, c col) {
	n, k := s.noise, 1/s.u
	sag := d.in(-0.12, 0.12)
	line := bend(8, pt{}, pt{0.35, sag * 0.4}, pt{0.7, sag}, pt{1, sag * 0.4})
	out := ribbon(line, func(t float32) float32 { return slim * pow(hump(pow(t, 0.8)), 0.9) }).place(at, long, angle)
	ca, sa := cos(angle), sin(angle)
	c = c.light(d.in(-0.05, 0.06))
	lit, dark := c.mix(s.pal.sun, 0.22), c.light(-0.05)
	s.fill(func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/long, (y-at.y)/long
		along, across := dx*ca+dy*sa, dy*ca-dx*sa
		vein := sin((along*1.0 - abs(across)*1.6) * 46)
		t := step(-0.015, 0.015, across-sag*4*along*(1-along))
		out := lit.mix(dark, t)
		return out.mul(1 + 0.035*vein + 0.12*(n.at(x*k*30, y*k*30)-0.5)), 1
	}, out)
	rib := ribbon(line, func(t float32) float32 { return 0.010 * (1 - t) }).place(at, long, angle)
	s.fill(flat(lit.mix(s.pal.paper, 0.25)), rib)
}

// petal lays one petal: from the base colour at the heart to the tip, streaked.
func (s *scene) petal(d *dice, at pt, angle, long, wide, round float32, base, tip col) {
	shape := path{}
	const steps = 22
	for i := range steps {
		t := float32(i) / (steps - 1)
		shape = append(shape, pt{t, wide * pow(hump(pow(t, round)), 0.75)})
	}
	for i := steps - 2; i > 0; i-- {
		shape = append(shape, pt{shape[i].x, -shape[i].y * d.in(0.9, 1.05)})
	}
	ca, sa := cos(angle), sin(angle)
	n, o := s.noise, d.in(0, 90)
	s.fill(func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/long, (y-at.y)/long
		along, across := dx*ca+dy*sa, dy*ca-dx*sa
		streak := n.at(across/(0.25+along)*16+o, along*2.4) - 0.5
		c := base.mix(tip, clamp01(pow(max(along, 0), 0.8)+streak*0.35))
		edge := abs(across) / max(wide, 0.01)
		return c.mul(1 - 0.13*edge*edge + 0.06*streak), 1
	}, shape.place(at, long, angle))
}

// flower paints a bloom of about radius r; angle is where its stem points.
func (s *scene) flower(d *dice, kind bloom, at pt, r, angle float32, c col) {
	deep := c.light(-0.16).vivid(1.1)
	pale := c.light(0.06).mix(s.pal.paper, 0.15)
	turn := d.in(0, 2*pi)
	switch kind {
	case poppy:
		for ring := range 2 {
			for i := range 4 {
				a := turn + float32(i)*pi/2 + float32(ring)*pi/4
				k := 1.15 - 0.25*float32(ring)
				s.petal(d, at, a, r*k*d.in(0.92, 1.1), 0.62, 1.7, deep.mix(c, 0.35*float32(ring)), pale.mix(c, 0.5))
			}
		}
		s.heart(d, at, r*0.24, s.pal.ink, 26, r*0.42)
	case daisy:
		n := d.between(13, 19)
		for i := range n {
			a := turn + float32(i)/float32(n)*2*pi
			s.petal(d, at, a, r*d.in(0.95, 1.15), 0.13, 1.2, c.mix(deep, 0.3), pale)
		}
		heart := hex(0xE3A72F)
		if c.lab().l > 0.72 && c.lab().b > 0.09 {
			heart = hex(0x6B4226)
		}
		s.heart(d, at, r*0.34, heart, 0, 0)
	case tulip:
		up := pt{cos(angle), sin(angle)}
		base := at.add(up.mul(-0.7 * r))
		for _, a := range []float32{-0.42, 0.42, -0.2, 0.2, 0} {
			s.petal(d, base, angle+a, r*1.75*(1-0.12*abs(a)), 0.27, 0.95, deep.mix(c, 0.6-abs(a)), pale.mix(c, abs(a)))
		}
	case peony:
		s.peony(d, at, r, turn, c)
	case lavender:
		for i := range 30 {
			t := float32(i) / 29
			b := at.add(pt{cos(angle), sin(angle)}.mul(r * (1.5 - 3.2*t)))
			b.x += d.bell(0, 0.24*(0.4+t)) * r
			s.petal(d, b, angle+d.in(-0.7, 0.7), r*0.34, 0.42, 1.1, deep, pale.mix(c, d.f()))
		}
	}
}

// peony is ring over ring of broad petals.
func (s *scene) peony(d *dice, at pt, r, turn float32, c col) {
	deep, pale := c.light(-0.16).vivid(1.1), c.light(0.06).mix(s.pal.paper, 0.15)
	for ring := range 4 {
		n := 8 - ring
		k := 1.2 - 0.28*float32(ring)
		for i := range n {
			a := turn + (float32(i)+0.5*float32(ring))/float32(n)*2*pi
			t := float32(ring) / 3
			s.petal(d, at, a, r*k*d.in(0.9, 1.08), 0.46, 1.6, deep.mix(c, 0.4*(1-t)), pale.mix(c, t*0.8).light(d.in(-0.03, 0.03)))
		}
	}
	s.heart(d, at, r*0.14, deep, 0, 0)
}

// heart is the middle of a flower: a dotted dome, and stamens around it.
func (s *scene) heart(d *dice, at pt, r float32, c col, stamens int, reach float32) {
	for range stamens {
		a, l := d.in(0, 2*pi), reach*d.in(0.7, 1.15)
		tip := at.add(pt{l * cos(a), l * sin(a)})
		s.fill(flat(c), ribbon([]pt{at, tip}, func(float32) float32 { return 0.035 * r }))
		s.spot(tip.x, tip.y, 0.12*r, c, 1)
	}
	lit := c.mix(s.pal.sun, 0.35)
	n := s.noise
	s.disc(at.x, at.y, r, func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		return c.mix(lit, step(0.5, -0.9, dx+dy)).mul(0.8 + 0.4*n.at(dx*9+3, dy*9)), 1
	})
}

// leaves is foliage alone: great leaves that rise from the foot.
func (s *scene) leaves(d *dice) {
	foot := pt{s.x(0.5), s.y(1.02)}
	green := s.green(d)
	count := d.between(9, 13)
	for _, i := range d.r.Perm(count) {
		fan := (float32(i)+0.5)/float32(count)*2 - 1
		a := -pi/2 + fan*1.15 + d.in(-0.08, 0.08)
		long := s.u * d.in(0.30, 0.46) * min(1.3, float32(s.h)/s.u)
		stalk := long * d.in(0.35, 0.7)
		at := foot.add(pt{stalk * cos(a), stalk * sin(a)}).add(pt{fan * 0.05 * s.u, 0})
		s.fill(flat(green.light(-0.03)), ribbon(bend(6, foot, foot.mix(at, 0.5).add(pt{fan * -0.02 * s.u, 0}), at), func(float32) float32 { return 0.004 * s.u }))
		c := green
		if i%4 == 1 {
			c = green.tint(s.pal.hues[i%len(s.pal.hues)], 0.7).light(0.06)
		}
		if d.chance(0.3) {
			s.frond(d, at, a, long, c)
			continue
		}
		s.leaf(d, at, a, long, d.in(0.17, 0.27), c)
	}
}

// frond is a leaf of many leaflets along a bent rib.
func (s *scene) frond(d *dice, at pt, angle, long float32, c col) {
	sag := d.in(-0.3, 0.3)
	line := bend(10, pt{}, pt{0.5, sag * 0.3}, pt{1, sag})
	for i, p := range line {
		line[i] = p.mul(long).turn(angle).add(at)
	}
	s.fill(flat(c), ribbon(line, func(t float32) float32 { return 0.0035 * s.u * (1 - 0.7*t) }))
	for i := 1; i < len(line); i++ {
		t := float32(i) / float32(len(line)-1)
		a := atan2(line[i].y-line[i-1].y, line[i].x-line[i-1].x)
		l := long * 0.34 * pow(hump(0.12+0.82*t), 0.8)
		s.leaf(d, line[i], a-0.85, l, 0.13, c)
		s.leaf(d, line[i], a+0.85, l, 0.13, c)
	}
}
