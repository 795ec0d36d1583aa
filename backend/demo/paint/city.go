package paint

// tower is one building of a skyline.
type tower struct {
	x0, x1 int
	top    float32
	crown  int
	seed   uint32
}

// skyline fills the width with towers. tall and wide are in units.
func (s *scene) skyline(d *dice, base, tall, wide float32) ([]tower, []float32) {
	line := make([]float32, s.w)
	var out []tower
	for x := -d.in(0, wide) * s.u; x < float32(s.w); {
		w := s.u * wide * d.in(0.55, 1.35)
		h := s.u * tall * (0.35 + 0.75*d.f()*d.f() + 0.3*d.f())
		mid := 1 - abs((x+w/2)/float32(s.w)-0.5)*0.7 // higher in the middle
		t := tower{x0: int(x), x1: int(x + w), top: base - h*mid, crown: d.pick(7), seed: uint32(d.pick(1 << 30))}
		for i := max(t.x0, 0); i < min(t.x1, s.w); i++ {
			line[i] = t.top - s.crown(t, (float32(i)-x)/w, w)
		}
		out = append(out, t)
		x += w
	}
	return out, line
}

// crown is what stands on the roof at t, 0 to 1 across it, in pixels.
func (s *scene) crown(t tower, at, w float32) float32 {
	mid := abs(at-0.5) * 2
	switch t.crown {
	case 0: // a mast
		if mid < 0.05+1.2/w {
			return 0.07 * s.u
		}
		return step(0.5, 0.4, mid) * 0.012 * s.u
	case 1: // steps
		return float32(floor((1-mid)*3.99)) * 0.016 * s.u
	case 2: // a slope
		return at * 0.05 * s.u
	case 3: // a tank
		if at > 0.55 && at < 0.8 {
			return 0.02 * s.u
		}
	case 4: // a dome
		return sqrt(max(0, 1-mid*mid)) * 0.3 * w
	}
	return 0
}

// paintCity is three skylines in the haze, with lit windows when it is dark, and
// often their reflection in a river.
func (s *scene) paintCity(v *view) {
	d := s.dice.fork()
	shore := float32(s.h) + 1
	if s.plan.Has(Sea, Lake) || s.plan.Seed>>30&1 == 0 {
		shore = s.y(0.8)
	}
	base := min(shore, s.y(1.02))
	late := s.pal.night || s.plan.Has(Sunset, Sunrise)
	var front func(x int, y, depth float32) (col, float32)
	var frontLine []float32
	lines, towers := make([][]float32, 3), make([][]tower, 3)
	for i := range lines {
		t := float32(i) / 2
		tall := lerp(0.62, 0.34, t) * min(1.25, float32(s.h)/s.u)
		towers[i], lines[i] = s.skyline(d, base, tall, lerp(0.075, 0.13, t))
		for x := range lines[i] {
			lines[i][x] = min(lines[i][x], shore)
		}
	}
	hidden := covered(append(lines[:3:3], s.level(min(shore, float32(s.h))+1)))
	for i := range lines {
		t := float32(i) / 2
		c := s.pal.far.lab().mix(s.pal.near.lab(), 0.12+0.88*t).col()
		haze := c.mix(s.pal.sky[3], 0.65-0.45*t)
		f := s.windows(towers[i], windowLook{wall: c, foot: haze, lit: 0.10 + 0.30*t, cell: lerp(0.011, 0.019, t) * s.u, fade: base - s.u*0.45, base: base, late: late, glow: 0.45 + 0.55*t})
		s.below(lines[i], hidden[i], f)
		front, frontLine = f, lines[i]
	}
	if shore < float32(s.h) {
		v.horizon = shore
		s.paintWater(v, func(x int, up float32) (col, float32) {
			y := shore - up
			if y < frontLine[x] {
				return col{}, 0
			}
			return front(x, y, y-frontLine[x])
		})
		s.paintGlitter(v, 0.5)
	}
}

// windowLook is how a skyline is painted.
type windowLook struct {
	wall, foot col
	lit        float32 // the share of windows with light
	cell       float32 // pixels from window to window
	fade, base float32 // rows between which the haze thickens
	late       bool    // lamps are on
	glow       float32 // how bright
}

// windows gives the shader of a skyline.
func (s *scene) windows(towers []tower, look windowLook) func(x int, y, depth float32) (col, float32) {
	at := make([]int16, s.w)
	for i, t := range towers {
		for x := max(t.x0, 0); x < min(t.x1, s.w); x++ {
			at[x] = int16(i)
		}
	}
	lamps := []col{s.pal.sun, s.pal.sun.mix(s.pal.hues[0], 0.4), s.pal.hues[1%len(s.pal.hues)].mix(s.pal.sun, 0.3)}
	lit, dark := look.wall.mix(s.pal.sun, 0.10), look.wall.light(-0.035)
	crisp := step(1.6, 4, look.cell)
	return func(x int, y, depth float32) (col, float32) {
		t := towers[at[x]]
		c := look.wall
		if across := float32(x-t.x0) / float32(max(1, t.x1-t.x0)); across < 0.22 {
			c = lit
		} else if across > 0.8 {
			c = dark
		}
		c = c.mix(look.foot, step(look.fade, look.base, y))
		fx, fy := float32(x-t.x0)/look.cell, (y-t.top)/(look.cell*1.3)
		cx, cy := floor(fx), floor(fy)
		fx, fy = fx-float32(cx), fy-float32(cy)
		if cy < 1 || fx < 0.25 || fx > 0.8 || fy < 0.2 || fy > 0.75 {
			return c, 1
		}
		h := hash(cx, cy, t.seed)
		switch {
		case look.late && h < look.lit:
			c = c.mix(lamps[int(h*977)%len(lamps)], look.glow*crisp)
		default:
			c = c.mix(dark, 0.5*crisp)
		}
		return c, 1
	}
}
