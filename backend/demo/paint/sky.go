package paint

// view is what the parts of a landscape agree on.
type view struct {
	horizon float32 // row
	sun     pt
	sunR    float32
	moon    bool
	light   float32 // -1: the light comes from the left, 1: from the right
	wet     bool    // water below the horizon
	sky     *ramp
}

// paintSky fills the sky down to the horizon and a little below, with the sun or
// the moon, stars and clouds.
func (s *scene) paintSky(v *view) {
	n := s.noise
	v.sky = newRamp(s.pal.sky[0], s.pal.sky[1], s.pal.sky[2], s.pal.sky[3])
	k, end := 1/s.u, v.horizon+0.04*s.u
	last := v.sky.at(1)
	s.wash(func(x, y float32) col {
		if y > end*1.06 {
			return last
		}
		wobble := n.fbm(x*k*1.3, y*k*2.6, 2) - 0.5
		return v.sky.at(y/end + wobble*0.10)
	})
	if s.pal.night && s.style != Ink {
		s.paintStars(v)
	}
	if s.plan.Has(Aurora) {
		s.paintAurora(v)
	}
	s.paintSun(v)
	if s.style != Minimal || s.plan.Has(Cloud, Rain) {
		s.paintClouds(v)
	}
}

func (s *scene) paintSun(v *view) {
	if s.plan.Has(Rain) || s.style == Ink && s.plan.Has(Mist) {
		return
	}
	p := s.pal
	switch {
	case p.neon:
		s.glow(v.sun.x, v.sun.y, v.sunR*2.4, p.hues[0], 0.45)
	case s.style != Ink:
		s.glow(v.sun.x, v.sun.y, v.sunR*7, p.sun, 0.35)
		s.glow(v.sun.x, v.sun.y, v.sunR*2.6, p.sun, 0.5)
	}
	switch {
	case v.moon && s.plan.Has(Moon) && s.plan.Seed&3 == 0: // a crescent
		off := pt{v.sun.x + 0.45*v.sunR*v.light, v.sun.y - 0.2*v.sunR}
		s.disc(v.sun.x, v.sun.y, v.sunR, func(x, y float32) (col, float32) {
			return p.sun, clamp01(hypot(x-off.x, y-off.y) - 0.9*v.sunR + 0.5)
		})
	case v.moon:
		n, k := s.noise, 1/v.sunR
		s.disc(v.sun.x, v.sun.y, v.sunR, func(x, y float32) (col, float32) {
			spots := step(0.42, 0.75, n.fbm((x-v.sun.x)*k*1.7+40, (y-v.sun.y)*k*1.7, 3))
			return p.sun.mix(p.sky[2], 0.22*spots), 1
		})
	case p.neon:
		s.neonSun(v)
	default:
		edge := p.sun.mix(p.sky[3], 0.25)
		s.disc(v.sun.x, v.sun.y, v.sunR, func(x, y float32) (col, float32) {
			return p.sun.mix(edge, step(-1, 1.2, (y-v.sun.y)/v.sunR)), 1
		})
	}
}

// neonSun is the striped one of the eighties.
func (s *scene) neonSun(v *view) {
	r := newRamp(s.pal.sun, s.pal.sky[3], s.pal.hues[0])
	s.disc(v.sun.x, v.sun.y, v.sunR, func(x, y float32) (col, float32) {
		t := (y - v.sun.y + v.sunR) / (2 * v.sunR)
		line := t*9 - float32(floor(t*9))
		if t > 0.45 && line < (t-0.4)*0.9 {
			return col{}, 0
		}
		return r.at(t), 1
	})
}

func (s *scene) paintStars(v *view) {
	d := s.dice.fork()
	n := 170
	if s.plan.Has(Star, Space) {
		n = 420
	}
	for range n {
		x, y := d.in(0, 1)*float32(s.w), d.f()*d.f()*v.horizon*1.05
		r := s.u * (0.0009 + 0.0022*d.f()*d.f()*d.f())
		bright := d.in(0.3, 1) * (1 - 0.7*y/v.horizon)
		c := s.pal.sun.mix(col{1, 1, 1}, d.f())
		if r > 0.0022*s.u {
			s.glow(x, y, r*5, c, 0.35)
		}
		s.spot(x, y, r, c, bright)
	}
}

// spot is a dot that may be smaller than a pixel.
func (s *scene) spot(cx, cy, r float32, c col, a float32) {
	if r < 0.7 {
		a, r = a*max(0.25, r*r/0.5), 0.7
	}
	s.disc(cx, cy, r, func(x, y float32) (col, float32) { return c, a })
}

// paintAurora hangs curtains of light.
func (s *scene) paintAurora(v *view) {
	n, k := s.noise, 1/s.u
	green, violet := hex(0x5CF2B5).tint(s.pal.hues[0], 0.25), hex(0x8C6BFF)
	s.add(func(b *band) {
		for y := b.y0; y < min(b.y1, int(v.horizon)); y++ {
			row, fy := b.row(y), float32(y)
			for x := range b.w {
				fx := float32(x) * k
				foot := v.horizon * (0.62 + 0.5*(n.fbm(fx*1.6+3, 7, 3)-0.5))
				up := (foot - fy) * k
				if up < -0.03 {
					continue
				}
				rays := 0.45 + 0.55*n.at(fx*26+4*n.at(fx*3, 1), 3)
				a := rays * step(-0.03, 0.02, up) * fade(max(up, 0)*4.2) * (0.35 + 0.9*n.fbm(fx*2.1, 21, 2))
				screen(row[3*x:3*x+3], green.mix(violet, clamp01(up*2.6)), clamp01(a))
			}
		}
	})
}

// paintClouds lays long soft banks, lit from the side of the sun.
func (s *scene) paintClouds(v *view) {
	d, n, k := s.dice.fork(), s.noise, 1/s.u
	dense := d.in(0.48, 0.62)
	switch {
	case s.plan.Has(Cloud, Rain):
		dense = 0.40
	case s.style == Ink, s.style == Pencil, s.pal.neon:
		return
	case s.pal.night:
		dense = 0.60
	}
	lit, shade := s.pal.sun.mix(s.pal.sky[3], 0.35), s.pal.sky[1].mix(s.pal.sky[2], 0.5)
	if s.pal.night {
		lit, shade = s.pal.sky[3], s.pal.sky[1]
	}
	ox, oy := d.in(0, 50), d.in(0, 50)
	octaves := 4
	if s.quality == Low {
		octaves = 3
	}
	s.veil(0, 0, float32(s.w), v.horizon, func(x, y float32) (col, float32) {
		t := y / v.horizon
		flatness := 2.2 + 5*t // clouds lie flatter towards the horizon
		c := n.fbm(x*k*1.5+ox, y*k*flatness+oy, octaves)
		a := step(dense, dense+0.22, c) * (0.25 + 0.6*t*(1-step(0.9, 1, t)))
		if a == 0 {
			return col{}, 0
		}
		up := n.fbm(x*k*1.5+ox, (y+0.02*s.u)*k*flatness+oy, 2)
		return shade.mix(lit, clamp01(0.55+(c-up)*4)), a
	})
}
