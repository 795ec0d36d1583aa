package paint

// landscape paints a sky, a ground, and what stands and flies there.
func (s *scene) landscape() {
	d, g := s.dice, chooseGround(s.plan)
	v := s.chooseView(g)
	s.paintSky(v)
	switch {
	case s.pal.neon && (g == ridges || g == dunes || g == meadow):
		s.paintRidges(v, 1)
		s.paintGrid(v)
		return
	}
	switch g {
	case sea:
		s.paintSea(v)
	case lake:
		s.paintLake(v)
	case forest:
		s.paintForest(v)
	case city:
		s.paintCity(v)
	case dunes:
		s.paintDunes(v)
	case meadow:
		s.paintMeadow(v)
	default:
		s.paintRidges(v, d.between(4, 5))
	}
	s.paintThings(v, g)
}

// chooseView places the horizon and the sun.
func (s *scene) chooseView(g ground) *view {
	d, p := s.dice.fork(), s.plan
	tall := s.h > s.w
	h := d.in(0.52, 0.62)
	switch g {
	case sea:
		h = d.in(0.50, 0.62)
	case city, forest:
		h = d.in(0.62, 0.72)
	case dunes, meadow:
		h = d.in(0.48, 0.58)
	}
	if tall {
		h += 0.04
	}
	if s.style == Minimal {
		h = min(h+0.12, 0.76)
	}
	v := &view{horizon: s.y(h), moon: s.pal.night && !s.pal.neon && !p.Has(Sun), wet: g == sea || g == lake}
	fx := d.in(0.26, 0.44) // never in the very middle
	if d.chance(0.5) {
		fx = 1 - fx
	}
	v.sunR = s.u * d.in(0.055, 0.085)
	rise := d.in(0.10, 0.22)
	switch {
	case s.pal.neon:
		fx, v.sunR, rise = 0.5, 0.2*s.u, 0.12
	case v.moon:
		v.sunR *= 0.75
		rise = d.in(0.26, 0.38)
	case p.Has(Day):
		rise = d.in(0.26, 0.36)
	case s.style == Minimal || s.style == Ink:
		v.sunR *= 1.15
		rise = d.in(0.2, 0.3)
	}
	v.sun = pt{s.x(fx), v.horizon - rise*min(float32(s.h), 1.5*s.u)}
	v.light = 1
	if fx < 0.5 {
		v.light = -1
	}
	return v
}

// ridgeKind is the form of a range.
type ridgeKind int

const (
	ridgeMountain ridgeKind = iota
	ridgeHill
	ridgeDune
)

// crest gives the height of a range for each column. amp and wave are in units
// of the picture: how high, and how far from peak to peak.
func (s *scene) crest(n *noise, kind ridgeKind, base, amp, wave, shift float32) []float32 {
	line := make([]float32, s.w)
	k := 1 / (s.u * wave)
	octaves := 6
	if kind != ridgeMountain {
		octaves = 3
	}
	for x := range line {
		t := float32(x)*k + shift
		h, a, f := float32(0), float32(1), float32(1)
		for o := range octaves {
			v := n.line(t * f)
			if kind == ridgeMountain && o < 3 {
				v = 0.5 - abs(v)*1.6 // sharp peaks
			}
			if kind == ridgeDune {
				v = sin(v*2.6) * 0.7
			}
			h += a * v
			a *= 0.46
			f *= 2.03
		}
		line[x] = base - amp*s.u*h
	}
	return line
}

// slopes gives the steepness of a line, smoothed over reach pixels, negative
// where it rises to the right.
func slopes(line []float32, reach int) []float32 {
	out := make([]float32, len(line))
	for x := range line {
		a, b := max(0, x-reach), min(len(line)-1, x+reach)
		out[x] = (line[b] - line[a]) / float32(max(1, b-a))
	}
	return out
}

// paintRidges lays ranges from the horizon to the foot of the picture, the far
// ones pale, each fading into the mist before the next.
func (s *scene) paintRidges(v *view, count int) {
	d := s.dice.fork()
	if s.style == Minimal {
		count = min(count, 3)
	}
	land := newRamp(s.pal.far, s.pal.far.lab().mix(s.pal.near.lab(), 0.5).col(), s.pal.near)
	haze := s.pal.sky[3].mix(s.pal.far, 0.35)
	room := float32(s.h) - v.horizon
	lines := make([][]float32, count)
	for i := range lines {
		t := float32(i) / float32(max(1, count-1))
		amp, wave := lerp(0.20, 0.10, t)*d.in(0.8, 1.25), lerp(0.85, 1.2, t)*d.in(0.75, 1.3)
		if i == 1 {
			amp *= 1.35 // the range that one looks at
		}
		lines[i] = s.crest(newNoise(d), ridgeMountain, v.horizon+room*pow(t, 1.2)*0.86, amp, wave, d.in(0, 60))
	}
	for i, until := range covered(lines) {
		t := float32(i) / float32(max(1, count-1))
		c := land.at(t)
		s.paintRange(v, lines[i], until, ridgeLook{
			top: c, foot: c.mix(haze, lerp(0.8, 0.15, t)), fade: lerp(0.15, 0.34, t) * s.u,
			relief: lerp(0.15, 0.5, t), snow: s.snowOn(t),
		}, d.in(0, 99))
	}
}

// paintGrid is the plane of light that runs to the horizon in neon pictures.
func (s *scene) paintGrid(v *view) {
	top := v.horizon + 0.10*s.u
	ground, line := s.pal.near, s.pal.hues[1%len(s.pal.hues)]
	deep := ground.mix(s.pal.sky[2], 0.55)
	s.veil(0, top, float32(s.w), float32(s.h), func(x, y float32) (col, float32) {
		down := max((y-top)/s.u, 0) + 0.010
		dist := 0.8 / down // rows of the grid from the eye
		side := (x - v.sun.x) / s.u * dist * 1.5
		near := gridLine(dist*1.5, dist*1.5/(down*s.u)) // and how much of a row a pixel is
		cross := gridLine(side, dist*1.5/s.u)
		a := max(near, cross) * step(20, 3, dist)
		return deep.mix(ground, step(0, 0.3, down)).mix(line, clamp01(a)*0.95), clamp01((y - top) + 0.5)
	})
	s.glow(v.sun.x, top, 0.7*s.u, s.pal.hues[0], 0.25)
}

// gridLine is a line at each whole number with a glow around it; pixel is how
// much one pixel is there.
func gridLine(at, pixel float32) float32 {
	off := abs(at - float32(floor(at+0.5)))
	return min(1, 0.05/pixel)*step(0.012+1.3*pixel, 0.008, off) + 0.28*fade(off*14)
}

func (s *scene) snowOn(t float32) float32 {
	if s.plan.Has(Snow, Winter) {
		return 0.24 + 0.1*t
	}
	return 0
}

// ridgeLook is how a range is painted.
type ridgeLook struct {
	top, foot col
	fade      float32 // pixels from top to foot
	relief    float32 // how much light and shade differ, 0 to 1
	snow      float32 // how far it comes down, in units; 0 is none
}

// paintRange fills a range: lit and shaded faces that come down from its peaks,
// and a thin light along the crest.
func (s *scene) paintRange(v *view, line, until []float32, look ridgeLook, shift float32) {
	n, k := s.noise, 1/s.u
	tilt := slopes(line, max(1, int(0.012*s.u)))
	lit := look.top.mix(s.pal.sun, 0.30)
	dark := look.top.light(-0.055)
	rim := look.top.mix(s.pal.sun, 0.45)
	snow := s.pal.paper.mix(s.pal.sky[3], 0.25)
	snowShade := snow.mix(s.pal.sky[0], 0.42)
	if s.style == Ink {
		look.relief *= 0.5
	}
	deep := max(look.fade, look.snow*2.3*s.u)
	wander, soft := float32(1.5), float32(0.25)
	if look.snow > 0 {
		wander, soft = 0.7, 0.45
	}
	s.below(line, until, func(x int, y, depth float32) (col, float32) {
		if depth > deep {
			return look.foot, 1
		}
		fx, dk := float32(x)*k, depth*k
		rough := n.fbm(fx*5+shift, y*k*7, 3) - 0.5
		at := min(max(x+int(rough*min(depth, 0.22*s.u)*wander), 0), len(tilt)-1)
		face := step(-soft, soft, tilt[at]*v.light*-1+rough*0.35)
		c := look.top
		if depth < 2.2*look.fade {
			c = look.top.mix(dark.mix(lit, face), look.relief*(1-0.8*clamp01(depth/(1.6*look.fade))))
		}
		if look.snow > 0 {
			low := look.snow * (0.35 + 1.5*(rough+0.5))
			rock := step(0.55, 0.64, n.fbm(fx*13+shift, y*k*8+dk*9, 2)) * step(0.25, 0.9, abs(tilt[at])) * (1 - face)
			if a := step(low, low-0.015, dk) * (1 - 0.75*rock); a > 0 {
				c = c.mix(snowShade.mix(snow, face), a)
			}
		}
		if edge := 0.004 * s.u; depth < edge {
			c = c.mix(rim, 0.35*(1-depth/edge)*look.relief*2)
		}
		return c.mix(look.foot, step(0, 1, depth/look.fade)), 1
	})
}
