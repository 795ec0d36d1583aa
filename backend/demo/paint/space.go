package paint

// space is a planet, its rings and moons, before stars and a cloud of gas.
func (s *scene) space() {
	d, p := s.dice.fork(), s.pal
	n, k := s.noise, 1/s.u
	deep, gasA, gasB := p.sky[0].light(-0.04), p.hues[0].mix(p.sky[2], 0.35), p.hues[1%len(p.hues)].mix(p.sky[2], 0.4)
	lean := d.in(-1, 1)
	s.wash(func(x, y float32) col {
		fx, fy := (x-s.x(0.5))*k, (y-s.y(0.5))*k
		warp := n.fbm(fx*1.7+7, fy*1.7, 3)
		gas := n.fbm(fx*2.3+warp*1.5, fy*2.3+lean*fx, 4)
		along := exp(-pow(abs(fy-lean*fx*0.6+(warp-0.5)*0.5)*2.1, 2))
		a := step(0.36, 0.8, gas) * along
		c := deep.mix(p.sky[2], 0.4*along)
		return c.mix(gasA.mix(gasB, step(0.35, 0.65, warp)), 0.75*a)
	})
	v := &view{horizon: float32(s.h)}
	s.paintStars(v)
	s.paintStars(v)
	r := s.u * d.in(0.20, 0.27)
	at := pt{s.x(d.in(0.42, 0.58)), s.y(d.in(0.44, 0.58))}
	light := pt{-0.75, -0.6}
	ring := d.chance(0.6) || s.plan.Has(Star)
	tilt, flatness := d.in(-0.5, -0.15), d.in(0.16, 0.3)
	if ring {
		s.rings(at, r, tilt, flatness, false)
	}
	s.glow(at.x, at.y, r*1.6, p.hues[0].mix(p.sun, 0.4), 0.28)
	s.planet(d, at, r, light, p.hues[2%len(p.hues)], tilt)
	if ring {
		s.rings(at, r, tilt, flatness, true)
	}
	for range d.between(1, 2) {
		a := d.in(0, 2*pi)
		m := at.add(pt{cos(a) * s.u * 0.40, sin(a) * s.u * 0.36})
		s.planet(d, m, s.u*d.in(0.02, 0.055), light, p.sun.mix(p.sky[2], 0.4), 0)
	}
}

// planet is a ball with bands of cloud, in the light of a far sun.
func (s *scene) planet(d *dice, at pt, r float32, light pt, c col, tilt float32) {
	n, o := newNoise(d), d.in(0, 50)
	tones := newRamp(c.light(-0.12), c, c.mix(s.pal.sun, 0.45), c.light(-0.04), c.mix(s.pal.hues[0], 0.4))
	ct, st := cos(tilt), sin(tilt)
	night := s.pal.sky[0].light(-0.06)
	s.disc(at.x, at.y, r, func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		z := sqrt(max(0, 1-dx*dx-dy*dy))
		u, v := dx*ct+dy*st, dy*ct-dx*st
		bandAt := v*2.2 + 0.55*(n.fbm(u*1.6/(0.4+z)+o, v*6, 3)-0.5) + o
		tone := n.fbm(bandAt*1.7, 3, 2)
		lit := -(dx*-light.x + dy*-light.y) + 0.45*z
		a := step(-0.15, 0.85, lit)
		rim := pow(1-z, 3) * a * 0.5
		return night.mix(tones.at(step(0.2, 0.8, tone)), a).mix(s.pal.sun, rim), 1
	})
}

// rings lie around a planet; the front half is painted after it.
func (s *scene) rings(at pt, r, tilt, flatness float32, front bool) {
	ct, st := cos(tilt), sin(tilt)
	n := s.noise
	big := r * 2.2
	a, b := s.pal.sun, s.pal.hues[0].mix(s.pal.sun, 0.5)
	s.veil(at.x-big, at.y-big, at.x+big, at.y+big, func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		u, v := dx*ct+dy*st, (dy*ct-dx*st)/flatness
		if (v > 0) != front {
			return col{}, 0
		}
		l := hypot(u, v)
		if l < 1.25 || l > 2.15 {
			return col{}, 0
		}
		t := n.at(l*22, 1)*0.6 + n.at(l*60, 5)*0.4
		edge := step(1.25, 1.32, l) * step(2.15, 2.02, l) * (1 - 0.85*step(0.03, 0.015, abs(l-1.78)))
		shade := 1 - 0.75*step(0.9, 0.6, abs(v))*step(0.1, 0.5, u)*lerp(0, 1, step(-0.2, 0.2, -v))
		return a.mix(b, t).mul(shade), edge * (0.25 + 0.65*t)
	})
}
