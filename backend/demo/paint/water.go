package paint

// paintSea fills everything below the horizon with water that mirrors the sky
// and carries the light of the sun.
func (s *scene) paintSea(v *view) {
	s.paintWater(v, nil)
	s.paintGlitter(v, 1)
}

// paintLake is water under far mountains, and their reflection.
func (s *scene) paintLake(v *view) {
	d := s.dice.fork()
	shore := v.horizon
	var lines [][]float32
	var tones []col
	count := 3
	for i := range count {
		t := float32(i) / float32(count)
		line := s.crest(newNoise(d), ridgeMountain, shore-0.01*s.u-(1-t)*0.03*s.u, lerp(0.2, 0.06, t), lerp(0.6, 0.45, t), d.in(0, 60))
		for x := range line {
			line[x] = min(line[x], shore)
		}
		c := s.pal.far.lab().mix(s.pal.near.lab(), t*0.75).col()
		s.paintRange(v, line, ridgeLook{top: c, foot: c.mix(s.pal.sky[3], 0.5), fade: 0.2 * s.u, relief: 0.3, snow: s.snowOn(t)}, d.in(0, 99))
		lines, tones = append(lines, line), append(tones, c)
	}
	s.paintWater(v, func(x int, up float32) (col, float32) {
		for i := len(lines) - 1; i >= 0; i-- {
			if y := shore - up; y > lines[i][x] {
				return tones[i], 1
			}
		}
		return col{}, 0
	})
	s.paintGlitter(v, 0.5)
}

// paintWater mirrors the sky; mirror, if there is one, gives what stands up
// pixels above the shore in a column.
func (s *scene) paintWater(v *view, mirror func(x int, up float32) (col, float32)) {
	n, k := s.noise, 1/s.u
	depth := float32(s.h) - v.horizon
	deep := newRamp(s.pal.water.mix(s.pal.sky[3], 0.45), s.pal.water, s.pal.water.mix(s.pal.near, 0.55))
	s.add(func(b *band) {
		for y := max(b.y0, int(v.horizon)); y < b.y1; y++ {
			row := b.row(y)
			down := float32(y) + 0.5 - v.horizon
			t := down / depth
			long := 1 / (0.012 + 0.30*t) // waves are long and thin far off
			for x := range b.w {
				fx := float32(x) * k
				wave := n.fbm(fx*long*0.16+t*3, t*long*7, 3) - 0.5
				up := down*0.92 + wave*(0.03+0.14*t)*s.u
				c := v.sky.at(clamp01(1-(up/v.horizon)*1.1)).mix(deep.at(t), 0.42+0.3*t)
				if mirror != nil {
					at := min(max(x+int(wave*0.05*s.u), 0), b.w-1)
					if m, a := mirror(at, up); a > 0 {
						c = c.mix(m.mix(deep.at(t), 0.35), 0.75)
					}
				}
				c = c.mul(1 + wave*0.22)
				a := clamp01(down + 0.5)
				over(row[3*x:3*x+3], c, a)
			}
		}
	})
}

// paintGlitter is the road of light under the sun.
func (s *scene) paintGlitter(v *view, strength float32) {
	n, k := s.noise, 1/s.u
	depth := float32(s.h) - v.horizon
	c := s.pal.sun
	s.add(func(b *band) {
		for y := max(b.y0, int(v.horizon)+1); y < b.y1; y++ {
			row := b.row(y)
			t := (float32(y) - v.horizon) / depth
			wide := v.sunR * (0.9 + 2.4*t)
			long := 1 / (0.014 + 0.24*t)
			for x := max(0, int(v.sun.x-3*wide)); x < min(b.w, int(v.sun.x+3*wide)); x++ {
				dx := (float32(x) - v.sun.x) / wide
				near := exp(-dx * dx * 1.3)
				wave := n.fbm(float32(x)*k*long*0.22+31, t*long*11, 2)
				a := step(0.74-0.36*near, 0.80-0.34*near, wave) * near * (0.95 - 0.45*t)
				screen(row[3*x:3*x+3], c, a*strength*0.85+0.12*near*strength)
			}
		}
	})
}
