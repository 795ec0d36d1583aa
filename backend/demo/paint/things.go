package paint

// paintThings adds what the prompt names to a landscape: birds, a boat, a house,
// balloons, a tree, a person, an animal.
func (s *scene) paintThings(v *view, g ground) {
	p, d := s.plan, s.dice.fork()
	if p.Has(Boat) || g == sea && !p.Has(Minimal, Lighthouse) && d.chance(0.4) {
		s.paintBoat(v, d)
	}
	if p.Has(Lighthouse) {
		s.paintLighthouse(v, d)
	}
	if p.Has(Balloon) {
		for i := range d.between(2, 4) {
			at := pt{s.x(d.in(0.12, 0.88)), v.horizon * d.in(0.15, 0.75)}
			s.paintBalloon(d, at, s.u*lerp(0.10, 0.03, float32(i)/3)*d.in(0.8, 1.2))
		}
	}
	stands := p.first(Cat, Dog, Fox, Rabbit, Bear, Panda, Person, House, Tree)
	if stands != 0 || p.Has(Bird) && g != sea && g != lake {
		s.paintForeground(v, d, stands)
	}
	if p.Has(Bird) || (!s.pal.night && d.chance(0.45)) {
		s.paintBirds(v, d)
	}
	if p.Has(Snow) && p.Has(Winter, Snow) && !p.Has(Sunrise, Sunset) {
		s.paintFlakes(d)
	}
	if p.Has(Rain) {
		s.paintRain(d)
	}
}

// paintForeground lays a dark hill at the foot, and sets somebody on it.
func (s *scene) paintForeground(v *view, d *dice, who Idea) {
	c := s.pal.near.light(-0.03)
	side := 0.5 - v.light*d.in(0.14, 0.24) // across from the sun
	line := s.crest(newNoise(d), ridgeHill, float32(s.h)*0.93, 0.03, 1.1, d.in(0, 60))
	for x := range line {
		off := (float32(x)/float32(s.w) - side) * 2.2
		line[x] -= 0.06 * s.u * exp(-off*off*2)
	}
	x := s.x(side)
	at := pt{x, line[min(int(x), s.w-1)] + 0.008*s.u}
	tall := 0.21 * s.u
	switch who {
	case Tree:
		s.paintTree(d, at, 0.42*s.u)
	case House:
		s.paintHouse(d, pt{at.x, at.y + 0.012*s.u}, 0.15*s.u)
	case Person:
		s.paintPerson(d, at, tall*0.75, c)
	case 0:
	default:
		s.fill(flat(c), place(silhouettes[who], at, tall, v.light > 0)...)
	}
	s.below(line, nil, func(x int, y, depth float32) (col, float32) {
		return c.mix(s.pal.ink, step(0, 0.15*s.u, depth)*0.4), 1
	})
	if who == Person && s.plan.Has(Dog) {
		s.fill(flat(c), place(silhouettes[Dog], pt{at.x + 0.13*s.u, line[min(int(x+0.13*s.u), s.w-1)] + 0.008*s.u}, tall*0.45, true)...)
	}
}

func place(paths []path, at pt, scale float32, flip bool) []path {
	out := make([]path, len(paths))
	for i, p := range paths {
		if flip {
			p = p.flip()
		}
		out[i] = p.place(at, scale, 0)
	}
	return out
}

// paintBirds is a flock that flies towards the light.
func (s *scene) paintBirds(v *view, d *dice) {
	at := pt{s.x(d.in(0.2, 0.8)), v.horizon * d.in(0.25, 0.6)}
	for range d.between(3, 9) {
		b := at.add(pt{d.bell(0, 0.16) * s.u, d.bell(0, 0.08) * s.u})
		span, up := s.u*d.in(0.010, 0.024), d.in(0.15, 0.5)
		wing := bend(5, pt{-1, -up}, pt{-0.5, -up * 0.9}, pt{0, 0.12}, pt{0.5, -up * 0.9}, pt{1, -up})
		p := ribbon(wing, func(t float32) float32 { return 0.10 * (1 - abs(2*t-1)*0.85) })
		s.fill(flat(s.pal.near.mix(s.pal.sky[1], 0.15)), p.place(b, span, d.in(-0.25, 0.25)))
	}
}

// paintBoat is a sail on the water, and its shadow.
func (s *scene) paintBoat(v *view, d *dice) {
	side := 0.5 - v.light*d.in(0.08, 0.3)
	t := d.in(0.12, 0.4)
	at := pt{s.x(side), v.horizon + t*(float32(s.h)-v.horizon)}
	tall := s.u * lerp(0.08, 0.22, t)
	hull := path{{-0.42, -0.08}, {0.46, -0.10}, {0.30, 0.04}, {-0.28, 0.04}}
	main := path{{0.0, -1.0}, {0.05, -0.13}, {-0.40, -0.13}, {-0.22, -0.5}}
	jib := path{{0.05, -0.86}, {0.10, -0.14}, {0.42, -0.15}, {0.26, -0.45}}
	mast := path{{0.015, -1.04}, {0.035, -1.04}, {0.045, -0.06}, {0.015, -0.06}}
	sail := s.pal.paper.mix(s.pal.hues[0], 0.12)
	dark := s.pal.near
	n, k := s.noise, 1/s.u
	lo := at.y + 0.03*tall
	s.veil(at.x-0.6*tall, lo, at.x+0.6*tall, lo+0.95*tall, func(x, y float32) (col, float32) {
		down := (y - lo) / tall
		wave := (n.at(x*k*14, y*k*60) - 0.5) * (0.1 + 0.35*down)
		a := step(0.34*(1-down), 0.24*(1-down), abs((x-at.x)/tall+wave))
		return sail.mix(dark, 0.55), a * 0.5 * (1 - down)
	})
	s.fill(flat(dark), place([]path{hull, mast}, at, tall, v.light < 0)...)
	s.fill(flat(sail.mix(s.pal.sky[2], 0.15)), place([]path{main}, at, tall, v.light < 0)...)
	s.fill(flat(s.pal.hues[0]), place([]path{jib}, at, tall, v.light < 0)...)
}

// paintBalloon is a striped balloon with a basket.
func (s *scene) paintBalloon(d *dice, at pt, r float32) {
	a, b := s.pal.hues[d.pick(len(s.pal.hues))], s.pal.paper.mix(s.pal.hues[d.pick(len(s.pal.hues))], 0.2)
	skin := curve(pt{0, -1}, pt{0.72, -0.72}, pt{1, -0.05}, pt{0.72, 0.6}, pt{0.2, 1.18}, pt{-0.2, 1.18}, pt{-0.72, 0.6}, pt{-1, -0.05}, pt{-0.72, -0.72})
	s.fill(func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		bulge := sqrt(max(0.02, 1-dy*dy*0.62))
		t := dx / bulge
		c := a
		if floor((t+3)*2.5+0.5)%2 == 0 {
			c = b
		}
		return c.mul(1-0.35*step(-0.4, 1.1, t*0.8+dy*0.3)).mix(s.pal.sky[2], 0.12), 1
	}, skin.place(at, r, 0))
	dark := s.pal.near.mix(s.pal.hues[0], 0.15)
	for _, x := range []float32{-0.14, 0.12} {
		s.fill(flat(dark), path{{x, 1.15}, {x + 0.025, 1.15}, {x*0.8 + 0.02, 1.5}, {x * 0.8, 1.5}}.place(at, r, 0))
	}
	s.fill(flat(dark), path{{-0.15, 1.46}, {0.15, 1.46}, {0.12, 1.72}, {-0.12, 1.72}}.place(at, r, 0))
}

// paintTree is one broad tree.
func (s *scene) paintTree(d *dice, at pt, tall float32) {
	trunk := s.pal.near
	leaf := s.pal.near.lab().mix(s.pal.far.lab(), 0.35).col()
	if s.plan.Has(Spring, Autumn, Flower) || s.plan.Has(Pink, Red, Orange) {
		leaf = s.pal.hues[0]
	}
	s.fill(flat(trunk), ribbon(bend(6, at, at.add(pt{0.02 * tall, -0.3 * tall}), at.add(pt{-0.01 * tall, -0.62 * tall})), func(t float32) float32 { return tall * (0.034 - 0.022*t) }))
	for range 5 {
		lean := d.in(-0.3, 0.3)
		s.fill(flat(trunk), ribbon(bend(5, at.add(pt{0, -0.38 * tall}), at.add(pt{lean * 0.6 * tall, -0.58 * tall}), at.add(pt{lean * tall, -0.78 * tall})), func(t float32) float32 { return tall * 0.012 * (1 - 0.7*t) }))
	}
	for i := range 17 {
		a, r := d.in(0, 2*pi), sqrt(d.f())
		c := at.add(pt{0.33 * tall * r * cos(a), tall * (-0.72 + 0.21*r*sin(a))})
		s.foliage(d, c, tall*d.in(0.09, 0.15), leaf.light(float32(i%5)*0.015-0.05), 0.5)
	}
}

// paintHouse is a hut with a lit window and smoke.
func (s *scene) paintHouse(d *dice, at pt, w float32) {
	wall := s.pal.near.mix(s.pal.paper, 0.22)
	roof := s.pal.hues[0].mix(s.pal.near, 0.45)
	lamp := hex(0xFFD98A)
	if !s.pal.night {
		lamp = lamp.mix(wall, 0.3)
	}
	put := func(c col, p path) { s.fill(flat(c), p.place(at, w, 0)) }
	put(s.pal.near, path{{0.25, -0.95}, {0.36, -0.95}, {0.36, -0.5}, {0.25, -0.5}})
	put(wall, path{{-0.5, -0.48}, {0, -0.8}, {0.5, -0.48}, {0.5, 0.06}, {-0.5, 0.06}})
	put(wall.light(-0.05), path{{0.1, -0.72}, {0.5, -0.48}, {0.5, 0.06}, {0.1, 0.06}})
	put(roof, path{{-0.62, -0.40}, {0, -0.86}, {0.62, -0.40}, {0.56, -0.34}, {0, -0.74}, {-0.56, -0.34}})
	put(lamp, box(-0.34, -0.34, -0.12, -0.14))
	put(s.pal.near, box(-0.235, -0.34, -0.222, -0.14))
	put(s.pal.near, box(-0.34, -0.245, -0.12, -0.232))
	put(roof.light(-0.1), box(0.2, -0.32, 0.38, 0.06))
	s.glow(at.x-0.23*w, at.y-0.24*w, 0.6*w, lamp, 0.3)
	for i := range 7 {
		t := float32(i) / 6
		s.disc(at.x+w*(0.3+0.25*t*t+0.03*sin(float32(i)*2)), at.y-w*(1.02+0.7*t), w*(0.03+0.07*t), func(x, y float32) (col, float32) {
			return s.pal.paper, 0.30 * (1 - t)
		})
	}
}

// paintLighthouse is a striped tower on a rock, across from the sun, with its
// beam when it is dark.
func (s *scene) paintLighthouse(v *view, d *dice) {
	side := -v.light
	foot := pt{s.x(0.5 + side*0.24), v.horizon + 0.10*s.u}
	tall := 0.46 * s.u
	rock := s.pal.near
	n := newNoise(d)
	line := make([]float32, s.w)
	for x := range line {
		off := (float32(x) - foot.x) / s.u * side
		up := step(-0.30, 0.02, off) + 0.10*n.line(float32(x)/s.u*9) + 0.06*n.line(float32(x)/s.u*26)
		line[x] = foot.y + 0.13*s.u - 0.15*s.u*up
	}
	if s.pal.night || s.plan.Has(Sunset, Mist, Rain) {
		s.beam(foot.add(pt{0, -tall}), -side)
	}
	red := s.pal.hues[0]
	put := func(c col, p path) {
		s.fill(func(x, y float32) (col, float32) {
			return c.mul(1 - 0.22*step(-0.07, 0.09, (x-foot.x)/tall*-v.light)), 1
		}, p.place(foot, tall, 0))
	}
	for i := range 5 {
		t0, t1 := float32(i)/5, float32(i+1)/5
		w0, w1 := 0.105-0.035*t0, 0.105-0.035*t1
		c := s.pal.paper
		if i%2 == 0 {
			c = red
		}
		put(c, path{{-w0, -0.8 * t0}, {w0, -0.8 * t0}, {w1, -0.8 * t1}, {-w1, -0.8 * t1}})
	}
	put(rock, box(-0.10, -0.83, 0.10, -0.80))
	put(hex(0xFFE6A0), box(-0.05, -0.93, 0.05, -0.83))
	put(red, path{{-0.075, -0.93}, {0, -1.03}, {0.075, -0.93}})
	s.glow(foot.x, foot.y-0.88*tall, 0.3*tall, hex(0xFFE6A0), 0.5)
	s.below(line, nil, func(x int, y, depth float32) (col, float32) {
		return rock.mix(s.pal.far, 0.25*n.at(float32(x)/s.u*14, y/s.u*22)), 1
	})
}

// beam is the light that a lamp throws to one side.
func (s *scene) beam(from pt, side float32) {
	c := hex(0xFFE9B0)
	from.y += 0.055 * s.u
	s.add(func(b *band) {
		for y := b.y0; y < b.y1; y++ {
			row, dy := b.row(y), float32(y)-from.y
			for x := range b.w {
				dx := (float32(x) - from.x) * side
				if dx <= 0 || abs(dy+0.08*dx) > 0.17*dx {
					continue
				}
				across := abs(dy+0.08*dx) / (0.17 * dx)
				screen(row[3*x:3*x+3], c, 0.42*(1-across)*fade(dx/s.u*1.6))
			}
		}
	})
}

// paintPerson is somebody in a long coat who looks into the distance, with an
// umbrella when it rains.
func (s *scene) paintPerson(d *dice, at pt, tall float32, c col) {
	coat := curve(pt{-0.10, -0.72}, pt{0.10, -0.72}, pt{0.16, -0.45}, pt{0.20, -0.12}, pt{0.0, -0.10}, pt{-0.19, -0.12}, pt{-0.15, -0.45})
	head := ellipse(pt{0.0, -0.86}, 0.085, 0.10)
	legs := []path{box(-0.10, -0.16, -0.03, 0.03), box(0.03, -0.16, 0.10, 0.03)}
	scarf := curve(pt{-0.09, -0.76}, pt{0.09, -0.76}, pt{0.26, -0.66}, pt{0.36, -0.7}, pt{0.2, -0.62}, pt{0.0, -0.69})
	for _, p := range append(legs, coat, head) {
		s.fill(flat(c), p.place(at, tall, 0))
	}
	s.fill(flat(s.pal.hues[0]), scarf.place(at, tall, 0))
	if s.plan.Has(Rain) {
		top := curve(pt{-0.5, -1.0}, pt{-0.3, -1.24}, pt{0, -1.32}, pt{0.3, -1.24}, pt{0.5, -1.0}, pt{0.25, -1.04}, pt{0, -1.0}, pt{-0.25, -1.04})
		s.fill(flat(s.pal.hues[0]), top.place(at, tall, 0))
		s.fill(flat(c), box(0.10, -1.02, 0.12, -0.4).place(at, tall, 0))
	}
}

func (s *scene) paintFlakes(d *dice) {
	for range 260 {
		r := s.u * lerp(0.0012, 0.0055, d.f()*d.f())
		s.spot(d.f()*float32(s.w), d.f()*float32(s.h), r, col{1, 1, 1}, d.in(0.4, 0.95))
	}
}

func (s *scene) paintRain(d *dice) {
	for range 420 {
		at, l := pt{d.in(-0.1, 1) * float32(s.w), d.in(-0.05, 1) * float32(s.h)}, s.u*d.in(0.02, 0.06)
		p := ribbon([]pt{at, at.add(pt{0.22 * l, l})}, func(float32) float32 { return 0.0007 * s.u })
		a := d.in(0.15, 0.5)
		s.fill(func(x, y float32) (col, float32) { return s.pal.paper, a }, p)
	}
}
