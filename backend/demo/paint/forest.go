package paint

// pine gives a fir of height 1 that stands on the origin, each a little different.
func pine(d *dice, slim float32) path {
	tiers := d.between(8, 13)
	left, right := make([]pt, 0, 2*tiers), make([]pt, 0, 2*tiers)
	for i := range tiers {
		t := float32(i+1) / float32(tiers)
		y := -1 + t*0.93
		out := func() float32 { return slim * (0.04 + 0.20*pow(t, 0.85)) * d.in(0.72, 1.15) }
		l, r := out(), out()
		left = append(left, pt{-l, y + d.in(0, 0.025)}, pt{-l * 0.45, y - 0.012})
		right = append(right, pt{r, y + d.in(0, 0.025)}, pt{r * 0.45, y - 0.012})
	}
	p := path{{0, -1.04}}
	p = append(p, right...)
	p = append(p, pt{0.018, -0.06}, pt{0.02, 0.02}, pt{-0.02, 0.02}, pt{-0.018, -0.06})
	for i := len(left) - 1; i >= 0; i-- {
		p = append(p, left[i])
	}
	return p
}

// paintForest is pines in the mist, row behind row, and sometimes great trunks
// in front that let the light through between them.
func (s *scene) paintForest(v *view) {
	d := s.dice.fork()
	rows := 6
	if s.style == Minimal {
		rows = 3
	}
	land := newRamp(s.pal.far.mix(s.pal.sky[3], 0.45), s.pal.far, s.pal.near)
	haze := s.pal.sky[3].mix(s.pal.far, 0.25)
	room := float32(s.h) - v.horizon
	for i := range rows {
		t := float32(i) / float32(rows-1)
		line := s.crest(newNoise(d), ridgeHill, v.horizon+room*(0.02+0.80*t*t), 0.045, 0.7, d.in(0, 60))
		c := land.at(t)
		foot := c.mix(haze, 0.75-0.45*t)
		tall := s.u * lerp(0.11, 0.50, t*t) * min(1.5, float32(s.h)/s.u)
		s.plantRow(d, line, tall, lerp(0.33, 0.62, t*t), func(x, y, ground float32) (col, float32) {
			return c.mix(foot, step(tall*0.9, -0.2*tall, ground-y)), 1
		}, t == 1)
		s.below(line, nil, func(x int, y, depth float32) (col, float32) {
			return foot.mix(c, step(0, 0.35*s.u, depth)*(0.3+0.7*t)), 1
		})
	}
	if !s.pal.night && s.style != Ink {
		s.paintShafts(v, d)
	}
}

// plantRow sets pines along a line. The nearest row leaves the middle open.
func (s *scene) plantRow(d *dice, line []float32, tall, gap float32, f func(x, y, ground float32) (col, float32), open bool) {
	for x := d.in(-0.3, 0.1) * tall; x < float32(s.w)+0.3*tall; x += tall * gap * d.in(0.35, 1) {
		at := min(max(int(x), 0), s.w-1)
		if open && abs(x/float32(s.w)-0.5) < d.in(0.12, 0.34) {
			continue
		}
		ground := line[at] + 0.03*tall
		p := pine(d, d.in(0.8, 1.25)).place(pt{x, ground}, tall*d.in(0.62, 1.12), d.in(-0.02, 0.02))
		s.fill(func(x, y float32) (col, float32) { return f(x, y, ground) }, p)
	}
}

// paintShafts lets light fall through the trees.
func (s *scene) paintShafts(v *view, d *dice) {
	n, k := newNoise(d), 1/s.u
	lean := -v.light * 0.55
	from := pt{v.sun.x, v.sun.y - 0.4*s.u}
	s.add(func(b *band) {
		for y := b.y0; y < b.y1; y++ {
			row := b.row(y)
			dy := (float32(y) - from.y) * k
			for x := range b.w {
				side := (float32(x)-from.x)*k - lean*dy
				a := step(0.35, 0.95, n.at(side*7/(0.6+0.5*abs(dy)), 3)) * fade(side*side*2.2)
				if a > 0.01 {
					screen(row[3*x:3*x+3], s.pal.sun, a*0.24*step(1.6, 0.3, dy))
				}
			}
		}
	})
}
