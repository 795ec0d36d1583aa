package paint

import "math"

// far turns a share of the water's height (0 at the horizon) into how many waves
// away that is: many lie behind one another far off, few at the feet.
func far(t float32) float32 { return float32(math.Log(float64(1+t*18))) * 7 }

// near is how much larger a wave is there than at the horizon.
func near(t float32) float32 { return 1 + t*18 }

// paintSea fills everything below the horizon with water that mirrors the sky
// and carries the light of the sun.
func (s *scene) paintSea(v *view) {
	if s.dice.chance(0.45) || s.plan.Has(Mountain) { // an island, or the other shore
		d := s.dice.fork()
		c := s.pal.far.mix(s.pal.sky[3], 0.25)
		line := s.crest(newNoise(d), ridgeMountain, v.horizon+0.02*s.u, 0.07, 0.7, d.in(0, 60))
		off := v.light * -1
		for x := range line {
			side := (float32(x)/float32(s.w) - 0.5) * off * 2 // towards the dark side
			line[x] = min(line[x]+step(0.3, -0.4, side)*0.2*s.u, v.horizon+1)
		}
		s.paintRange(v, line, s.level(v.horizon+1), ridgeLook{top: c, foot: c.mix(s.pal.sky[3], 0.5), fade: 0.08 * s.u, relief: 0.2}, 5)
	}
	s.paintWater(v, nil)
	s.paintGlitter(v, 1)
}

// paintLake is water under far mountains, and their reflection.
func (s *scene) paintLake(v *view) {
	d := s.dice.fork()
	shore := v.horizon
	var lines [][]float32
	var tones []col
	const count = 3
	for i := range count {
		t := float32(i) / count
		line := s.crest(newNoise(d), ridgeMountain, shore-(0.05-0.055*t)*s.u, lerp(0.22, 0.06, t), lerp(0.75, 0.4, t), d.in(0, 60))
		for x := range line {
			line[x] = min(line[x], shore)
		}
		lines = append(lines, line)
		tones = append(tones, s.pal.far.lab().mix(s.pal.near.lab(), t*0.8).col())
	}
	hidden := covered(append(lines[:count:count], s.level(shore+1)))
	for i, c := range tones {
		t := float32(i) / count
		s.paintRange(v, lines[i], hidden[i], ridgeLook{top: c, foot: c.mix(s.pal.sky[3], 0.5), fade: 0.2 * s.u, relief: 0.4, snow: s.snowOn(t)}, d.in(0, 99))
	}
	s.paintWater(v, func(x int, up float32) (col, float32) {
		for i := count - 1; i >= 0; i-- {
			if shore-up > lines[i][x] {
				return tones[i], 1
			}
		}
		return col{}, 0
	})
	s.paintGlitter(v, 0.6)
}

// paintWater mirrors the sky; mirror, if there is one, gives what stands up
// pixels above the shore in a column.
func (s *scene) paintWater(v *view, mirror func(x int, up float32) (col, float32)) {
	n, k := s.noise, 1/s.u
	depth, mid := float32(s.h)-v.horizon, s.x(0.5)
	deep := newRamp(s.pal.water.mix(s.pal.sky[3], 0.45), s.pal.water, s.pal.water.mix(s.pal.near, 0.55))
	sky, calm := v.sky, float32(1)
	if mirror != nil {
		calm = 0.45
	}
	s.add(func(b *band) {
		for y := max(b.y0, int(v.horizon)); y < b.y1; y++ {
			row := b.row(y)
			down := max(0, float32(y)+0.5-v.horizon)
			t := down / depth
			fy, fx := far(t), 9/near(t)*k*4
			deepC := deep.at(t)
			for x := range b.w {
				wave := n.fbm((float32(x)-mid)*fx, fy, 3) - 0.5
				up := down*0.92 + wave*(0.03+0.16*t)*s.u*calm
				c := sky.at(1-(up/v.horizon)*1.1).mix(deepC, 0.42+0.3*t)
				if mirror != nil {
					at := min(max(x+int(wave*0.04*s.u), 0), b.w-1)
					if m, a := mirror(at, up); a > 0 {
						c = c.mix(m.mix(deepC, 0.3), 0.8*a)
					}
				}
				over(row[3*x:3*x+3], c.mul(1+wave*0.25*calm), clamp01(down+0.5))
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
			wide := v.sunR * (0.8 + 1.6*t)
			fy, fx := far(t)*2.2, 9/near(t)*k*9
			for x := max(0, int(v.sun.x-3*wide)); x < min(b.w, int(v.sun.x+3*wide)); x++ {
				dx := float32(x) - v.sun.x
				light := fade(dx * dx / (wide * wide) * 1.5)
				wave := n.fbm(dx*fx+31, fy, 2)
				a := step(0.70-0.34*light, 0.78-0.30*light, wave) * light * (1 - 0.4*t)
				screen(row[3*x:3*x+3], c, (a*0.8+0.14*light)*strength)
			}
		}
	})
}
