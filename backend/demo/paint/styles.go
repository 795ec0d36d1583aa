package paint

import "image"

// finishing gives the paper, paint or ink of the picture's style.
func (s *scene) finishing() finish {
	f := s.gouache()
	switch s.style {
	case Watercolour:
		f = s.watercolour()
	case Riso:
		f = s.riso()
	case Ink:
		f = s.sumi()
	case Pencil:
		f = s.pencil()
	}
	if s.plan.Has(Postcard) {
		f = s.postcard(f)
	}
	return f
}

// each makes a finish of a function of one pixel.
func each(margin int, f func(b *band, x, y int) col) finish {
	return finish{margin: margin, rows: func(b *band, out *image.RGBA, y0, y1 int) {
		for y := y0; y < y1; y++ {
			to := out.Pix[out.PixOffset(0, y):]
			for x := range b.w {
				put(to[4*x:4*x+4], f(b, x, y))
			}
		}
	}}
}

// steep is how much the light changes around a pixel, e pixels away.
func (b *band) steep(x, y, e int) float32 {
	if x >= e && x < b.w-e && y >= b.y0+e && y < b.y1-e {
		i, up := 3*(b.w*(y-b.y0)+x), 3*b.w*e
		return abs(b.luma(i+3*e)-b.luma(i-3*e)) + abs(b.luma(i+up)-b.luma(i-up))
	}
	dx := b.get(x+e, y).luma() - b.get(x-e, y).luma()
	dy := b.get(x, y+e).luma() - b.get(x, y-e).luma()
	return abs(dx) + abs(dy)
}

func (b *band) luma(i int) float32 { return 0.3*b.px[i] + 0.59*b.px[i+1] + 0.11*b.px[i+2] }

// inset is how far a pixel is from the nearest side of the picture, in units.
func (s *scene) inset(x, y int) float32 {
	return float32(min(x, y, s.w-1-x, s.h-1-y)) / s.u
}

// watercolour lets pigment run, gather at edges, and leave the paper's rim bare.
func (s *scene) watercolour() finish {
	n, k := s.noise, 1/s.u
	sheet := hex(0xFBF8F0)
	e := max(1, int(0.0022*s.u))
	reach := 0.011 * s.u
	return each(int(reach)+e+1, func(b *band, x, y int) col {
		fx, fy := float32(x)*k, float32(y)*k
		wet := n.fbm(fx*3.1+4, fy*3.1, 2)
		run := n.fbm(fx*16, fy*16+9, 2) - 0.5
		in := s.inset(x, y) - 0.034 - 0.035*wet - 0.02*run
		tooth := n.at(fx*230, fy*230)
		paper := sheet.mul(0.975 + 0.025*tooth)
		if in <= 0 {
			return paper
		}
		px, py := x+int(run*reach*1.6), y+int((wet-0.5)*reach*1.6)
		c := b.get(px, py)
		d := 0.58 + 0.56*wet + 0.22*(tooth-0.5)
		d += 0.32*clamp01(b.steep(px, py, e)*2.2) + 0.28*step(0.006, 0, in)
		d *= step(0, 0.003, in)
		return col{paper.r * (1 - (1-c.r)*d), paper.g * (1 - (1-c.g)*d), paper.b * (1 - (1-c.b)*d)}
	})
}

// riso prints three inks over one another, each a little out of place.
func (s *scene) riso() finish {
	sheet := hex(0xF6F0E2)
	dark, warm, third := s.pal.near.light(0.06).vivid(1.5), s.pal.hues[0].vivid(1.25), s.pal.hues[1%len(s.pal.hues)].vivid(1.25)
	if dark.lab().l < 0.34 {
		dark = dark.light(0.34 - dark.lab().l)
	}
	off := 0.0045 * s.u
	ax, ay := int(off), int(off*0.5)
	cell := 1 / max(2.2, 0.0062*s.u)
	toward := func(ink col) func(c col, l float32) float32 {
		il := ink.luma()
		v := col{ink.r - il, ink.g - il, ink.b - il}
		k := 1 / max(v.r*v.r+v.g*v.g+v.b*v.b, 0.02)
		return func(c col, l float32) float32 {
			return clamp01(((c.r-l)*v.r + (c.g-l)*v.g + (c.b-l)*v.b) * k)
		}
	}
	toWarm, toThird := toward(warm), toward(third)
	grain := max(1, int(s.u/900))
	return each(int(off)+1, func(b *band, x, y int) col {
		c := b.get(x, y)
		d := clamp01((1-c.luma())*1.35 - 0.22)
		u, v := float32(x+y)*0.7071*cell, float32(x-y)*0.7071*cell
		dot := 0.5 + 0.25*(cos(u*2*pi)+cos(v*2*pi))
		out := sheet.mul(0.97 + 0.03*hash(x, y, 5))
		cw := b.get(x+ax, y+ay)
		if w := toWarm(cw, cw.luma()); w > 0.06+0.94*hash(x/grain, y/grain, 21)*0.9 {
			out = out.times(warm)
		}
		ct := b.get(x-ay, y+ax)
		if t := toThird(ct, ct.luma()); t > 0.06+0.94*hash(x/grain, y/grain, 22)*0.9 {
			out = out.times(third.mix(col{1, 1, 1}, 0.1))
		}
		wear := 0.93 + 0.07*hash(x/grain, y/grain, 23)
		return out.mix(out.times(dark), step(dot-0.10, dot+0.10, d*1.1)*wear)
	})
}

// sumi is ink on rice paper, with a seal.
func (s *scene) sumi() finish {
	n, k := s.noise, 1/s.u
	sheet, black := s.pal.paper, s.pal.ink
	reach := 0.005 * s.u
	seal := s.seal()
	return each(int(reach)+2, func(b *band, x, y int) col {
		fx, fy := float32(x)*k, float32(y)*k
		run := n.fbm(fx*26, fy*26, 2) - 0.5
		c := b.get(x+int(run*reach*1.8), y+int(run*reach))
		fibre := n.at(fx*9+n.at(fx*30, fy*30)*0.3, fy*190)*0.5 + n.at(fx*190, fy*9)*0.5
		paper := sheet.mul(0.965 + 0.05*fibre)
		if a := seal(float32(x), float32(y)); a > 0 {
			return paper.mix(hex(0xB5342A), a*(0.75+0.25*fibre))
		}
		d := clamp01((0.93 - c.luma()) * 1.25)
		d *= 0.80 + 0.36*n.fbm(fx*5, fy*5+3, 2) + 0.12*(fibre-0.5)
		out := paper.mix(black, clamp01(d))
		if red := c.r - max(c.g, c.b); red > 0.16 { // the one colour that it knows
			out = out.mix(paper.times(hex(0xC8402E)), step(0.16, 0.30, red))
		}
		return out
	})
}

// seal gives the cover of the painter's stamp at a pixel: a red square with
// strokes left free.
func (s *scene) seal() func(x, y float32) float32 {
	d := newDice(s.plan.Seed, 9)
	side := 0.055 * s.u
	x0, y0 := s.x(0.93)-side, s.y(0.90)-side
	if d.chance(0.5) {
		x0 = s.x(0.07)
	}
	var cuts [4]uint
	for i := range cuts {
		cuts[i] = uint(d.pick(14) + 1)
	}
	n := s.noise
	return func(x, y float32) float32 {
		u, v := (x-x0)/side, (y-y0)/side
		if u < 0 || v < 0 || u > 1 || v > 1 {
			return 0
		}
		rough := n.at(u*14, v*14)
		edge := min(min(u, v), min(1-u, 1-v))
		if edge < 0.03*rough {
			return 0
		}
		gu, gv := (u-0.12)/0.76*4, (v-0.12)/0.76*4
		if edge > 0.12 {
			i, j := min(int(gu), 3), min(int(gv), 3)
			if cuts[i]>>j&1 == 1 && abs(gu-float32(i)-0.5) < 0.36 && abs(gv-float32(j)-0.5) < 0.40 {
				return 0.1
			}
		}
		return 0.72 + 0.28*step(0.2, 0.5, rough)
	}
}

// pencil hatches: the darker, the more directions, over a pale wash of the
// picture's colours.
func (s *scene) pencil() finish {
	n, k := s.noise, 1/s.u
	sheet, lead := hex(0xF7F3E9), hex(0x34322F).mix(s.pal.ink, 0.4)
	gap := 1 / max(2.4, 0.0068*s.u)
	e := max(1, int(0.0016*s.u))
	dirs := [4]pt{{0.78, 0.62}, {0.30, 0.95}, {0.97, -0.26}, {-0.5, 0.86}}
	from := [4]float32{0.88, 0.66, 0.47, 0.30}
	low := float32(0.06) // nobody covers a sheet with lead for a night
	if s.pal.night {
		low = 0.34
	}
	return each(e+2, func(b *band, x, y int) col {
		fx, fy := float32(x)*k, float32(y)*k
		c := b.get(x, y)
		l := low + (1-low)*c.luma()
		tooth := n.at(fx*260, fy*260)
		wob := n.fbm(fx*7, fy*7, 2)
		mark := float32(0)
		for i, d := range dirs {
			dark := from[i] + 0.08*(wob-0.5) - l
			if dark <= 0 {
				break
			}
			t := (float32(x)*d.x+float32(y)*d.y)*gap + wob*1.5
			t -= float32(floor(t))
			wide := 0.13 + 0.28*min(dark, 0.5)
			mark += step(wide, wide*0.3, abs(t-0.5)) * 0.62 * clamp01(dark*4)
		}
		line := clamp01(b.steep(x, y, e)*3.4 - 0.16)
		rim := step(0, 0.05, s.inset(x, y)-0.015-0.06*wob)
		mark = max(min(mark, 0.9)*rim, line*0.9) * (0.35 + 0.5*tooth + 0.5*wob)
		pale := sheet.mul(0.97 + 0.04*tooth)
		wash := pale.times(c.mix(col{1, 1, 1}, 0.35))
		pale = pale.mix(wash, 0.5*rim)
		return pale.mix(lead, clamp01(mark))
	})
}

// postcard puts a white rim around a faded picture.
func (s *scene) postcard(f finish) finish {
	rows := f.rows
	n, k := s.noise, 1/s.u
	rim := hex(0xF6EFDF)
	f.rows = func(b *band, out *image.RGBA, y0, y1 int) {
		rows(b, out, y0, y1)
		for y := y0; y < y1; y++ {
			row := out.Pix[out.PixOffset(0, y):]
			for x := range b.w {
				p := row[4*x : 4*x+4]
				in := s.inset(x, y)
				stain := n.fbm(float32(x)*k*4, float32(y)*k*4, 3)
				c := RGB(p[:3]).col()
				c = c.mix(hex(0xD9B98A).mul(0.3+0.8*c.luma()), 0.22).mix(rim, 0.10*stain)
				paper := rim.mul(1 - 0.06*stain - 0.05*step(0.02, 0, in))
				put(p, paper.mix(c, clamp01((in-0.045)*s.u+0.5)))
			}
		}
	}
	return f
}
