package paint

// abstract is one of four ways to fill a sheet with shapes.
func (s *scene) abstract() {
	d := s.dice.fork()
	s.paper(s.pal.paper, d)
	switch d.pick(4) {
	case 0:
		s.tiles(d)
	case 1:
		s.arches(d)
	case 2:
		s.strata(d)
	default:
		s.mobile(d)
	}
}

// inks are the colours of a print: what may shine, and the dark ones.
func (s *scene) inks() []col {
	out := append([]col{}, s.pal.hues...)
	return append(out, s.pal.near, s.pal.sky[1], s.pal.far)
}

// grainy fills with a colour that wears off towards one side.
func (s *scene) grainy(c col, at pt, r, angle float32) shader {
	dx, dy := cos(angle)/r, sin(angle)/r
	dark := c.light(-0.10)
	return func(x, y float32) (col, float32) {
		t := (x-at.x)*dx + (y-at.y)*dy
		if hash(int(x), int(y), 77) < 0.5*step(-0.2, 1.1, t) {
			return dark, 1
		}
		return c, 1
	}
}

// tiles are quarter circles, halves and leaves on a grid.
func (s *scene) tiles(d *dice) {
	across := d.between(3, 5)
	if s.style == Minimal {
		across = 3
	}
	edge := s.u * 0.88 / float32(across)
	nx, ny := int(float32(s.w)*0.94/edge), int(float32(s.h)*0.94/edge)
	ox, oy := (float32(s.w)-float32(nx)*edge)/2, (float32(s.h)-float32(ny)*edge)/2
	inks := s.inks()
	for j := range ny {
		for i := range nx {
			if s.style == Minimal && d.chance(0.55) {
				continue
			}
			at := pt{ox + (float32(i)+0.5)*edge, oy + (float32(j)+0.5)*edge}
			a, b := d.pick(len(inks)), d.pick(len(inks))
			if a == b {
				b = (b + 1) % len(inks)
			}
			s.tile(d, at, edge, inks[a], inks[b])
		}
	}
}

func (s *scene) tile(d *dice, at pt, edge float32, a, b col) {
	h := edge / 2
	angle := float32(d.pick(4)) * pi / 2
	if d.chance(0.7) {
		s.fill(s.grainy(a, at, h, angle), box(-h, -h, h, h).place(at, 1, 0))
	}
	put := func(c col, p path) { s.fill(s.grainy(c, at, h, angle+0.8), p.place(at, h, angle)) }
	switch d.pick(6) {
	case 0:
		put(b, pie(pt{-1, -1}, 2, 0, pi/2))
	case 1:
		put(b, pie(pt{0, -1}, 1, 0, pi))
		put(b.mix(s.pal.paper, 0.4), pie(pt{0, 0}, 1, 0, pi))
	case 2:
		put(b, ellipse(pt{}, 0.72, 0.72))
		put(a.mix(s.pal.paper, 0.7), ellipse(pt{}, 0.30, 0.30))
	case 3:
		leaf := append(pie(pt{-1, 1}, 2, -pi/2, 0)[1:], pie(pt{1, -1}, 2, pi/2, pi)[1:]...)
		put(b, leaf)
	case 4:
		for i := range 4 {
			y := -1 + float32(i)*0.5
			put(b, box(-1, y, 1, y+0.25))
		}
	default:
		put(b, pie(pt{-1, -1}, 2, 0, pi/2))
		put(s.pal.paper, pie(pt{-1, -1}, 1.33, 0, pi/2))
		put(a.mix(b, 0.5).light(0.05), pie(pt{-1, -1}, 0.66, 0, pi/2))
	}
}

// pie is a sector of a circle around c.
func pie(c pt, r, from, to float32) path {
	p := path{c}
	for i := range 33 {
		a := lerp(from, to, float32(i)/32)
		p = append(p, c.add(pt{r * cos(a), r * sin(a)}))
	}
	return p
}

// arches are rainbows and discs on a floor.
func (s *scene) arches(d *dice) {
	inks := s.inks()
	floorY := s.y(d.in(0.74, 0.84))
	sun := pt{s.x(d.in(0.25, 0.75)), s.y(d.in(0.22, 0.34))}
	s.fill(s.grainy(inks[0], sun, 0.2*s.u, 1), ellipse(sun, 0.15*s.u, 0.15*s.u))
	s.fill(s.grainy(s.pal.near.mix(s.pal.paper, 0.1), pt{s.x(0.5), floorY}, 0.5*s.u, 1), box(0, floorY, float32(s.w), float32(s.h)))
	count := d.between(2, 4)
	for i := range count {
		x := s.x((float32(i) + d.in(0.3, 0.7)) / float32(count))
		r, rise := s.u*d.in(0.14, 0.26), s.u*d.in(0.02, 0.24)
		bands := d.between(3, 5)
		for k := range bands {
			q := r * (1 - float32(k)/float32(bands))
			arch := pie(pt{x, floorY - rise}, q, pi, 2*pi)[1:]
			arch = append(arch, pt{x + q, floorY}, pt{x - q, floorY})
			c := inks[(i+k)%len(inks)]
			if k == bands-1 {
				c = s.pal.paper
			}
			s.fill(s.grainy(c, pt{x, floorY}, r, 0.5), arch)
		}
	}
	for range d.between(2, 4) {
		r := s.u * d.in(0.03, 0.06)
		at := pt{s.x(d.in(0.08, 0.92)), floorY - r + s.u*d.in(0.04, 0.12)}
		s.fill(s.grainy(inks[d.pick(len(inks))], at, r, 0.7), ellipse(at, r, r))
	}
}

// strata are waves of colour, one over another, with fine lines in some.
func (s *scene) strata(d *dice) {
	inks := s.inks()
	layers := d.between(7, 10)
	angle := d.in(-0.25, 0.25)
	for i := range layers {
		n := newNoise(d)
		base := float32(s.h) * (float32(i) + 0.6) / float32(layers)
		amp, wave := d.in(0.03, 0.10)*s.u, 1/(d.in(0.35, 0.8)*s.u)
		line := make([]float32, s.w)
		for x := range line {
			line[x] = base + amp*(n.line(float32(x)*wave+9)*1.4+0.4*n.line(float32(x)*wave*2.3)) + angle*(float32(x)-s.x(0.5))
		}
		c := inks[(i*2+1)%len(inks)]
		dark, lines := c.light(-0.09), d.chance(0.4)
		gap := s.u * d.in(0.012, 0.02)
		s.below(line, nil, func(x int, y, depth float32) (col, float32) {
			if lines && depth < gap*6 {
				if f := depth/gap - float32(floor(depth/gap)); f > 0.72 {
					return s.pal.paper, 0.8
				}
			}
			if hash(x, int(y), uint32(i)) < 0.55*step(0.0, 0.22*s.u, depth) {
				return dark, 1
			}
			return c, 1
		})
	}
}

// mobile is discs, bars and arcs in balance.
func (s *scene) mobile(d *dice) {
	inks := s.inks()
	big := pt{s.x(d.in(0.36, 0.64)), s.y(d.in(0.36, 0.6))}
	r := s.u * d.in(0.24, 0.31)
	s.fill(s.grainy(inks[0], big, r, d.in(0, 6)), ellipse(big, r, r))
	for i := range d.between(9, 14) {
		a := d.in(0, 2*pi)
		at := big.add(pt{cos(a) * d.in(0.2, 0.5) * float32(s.w) * 0.8, sin(a) * d.in(0.2, 0.5) * float32(s.h) * 0.8})
		q := s.u * d.in(0.04, 0.17)
		c := inks[(i+1)%len(inks)]
		f := s.multiply(c)
		angle := float32(d.pick(8)) * pi / 4
		switch d.pick(5) {
		case 0:
			s.fillOver(ink, f, ellipse(at, q, q))
		case 1:
			s.fillOver(ink, f, pie(at, q*1.5, angle, angle+pi))
		case 2:
			s.fillOver(ink, f, box(-2.2, -0.16, 2.2, 0.16).place(at, q, angle))
		case 3:
			for k := range 5 {
				s.fillOver(ink, f, ellipse(at.add(pt{float32(k-2) * q * 0.5, 0}.turn(angle)), q*0.16, q*0.16))
			}
		default:
			arc := bend(8, pt{-1, 0}, pt{-0.7, -0.7}, pt{0, -1}, pt{0.7, -0.7}, pt{1, 0})
			s.fillOver(ink, f, ribbon(arc, func(float32) float32 { return 0.14 }).place(at, q*1.4, angle))
		}
	}
}

// multiply is a grained ink that lets what lies under it show.
func (s *scene) multiply(c col) shader {
	return func(x, y float32) (col, float32) { return c, 0.86 + 0.14*hash(int(x), int(y), 9) }
}

// ink multiplies, as a second print does.
func ink(p []float32, c col, a float32) {
	over(p, col{p[0] * c.r, p[1] * c.g, p[2] * c.b}.mix(c, 0.45), a)
}
