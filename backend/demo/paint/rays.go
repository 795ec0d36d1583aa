package paint

// trace gives the light that comes along a ray, and the number of what it meets:
// solid and side. Without look it only gives the number.
func (t *table) trace(from, dir vec, px, py int, look bool) (col, int) {
	best, n, who := float32(1e9), vec{}, -1
	for i := range t.solids {
		if o := &t.solids[i]; o.near(from, dir) {
			if d, m, ok := o.hit(from, dir); ok && d < best {
				best, n, who = d, m, i
			}
		}
	}
	face := who * 16
	if who >= 0 && t.solids[who].kind != egg {
		face += int(n.x*1.5+2) + int(n.y*1.5)*4
		if t.solids[who].kind == drum {
			face = who*16 + int(n.y)
		}
	}
	if !look {
		return col{}, face
	}
	if who < 0 {
		return t.room(from, dir, px, py), face
	}
	p := from.add(dir.mul(best))
	if t.solids[who].glass {
		return t.through(&t.solids[who], p, n, dir, px, py), face
	}
	return t.surface(&t.solids[who], p, n, dir, px, py), face
}

// room is table and wall, which meet in a soft bend.
func (t *table) room(from, dir vec, px, py int) col {
	c, n := t.wall, vec{0, 0, -1}
	d := (t.wallZ - from.z) / max(dir.z, 1e-4)
	if dir.z <= 0 {
		d = 1e4
	}
	if dir.y < 0 {
		if f := from.y / -dir.y; f < d {
			d, c, n = f, t.floor, vec{0, 1, 0}
		}
	}
	if d > 1e3 { // behind the eye: the room itself
		return t.dim.mul(0.9)
	}
	p := from.add(dir.mul(d))
	bend := step(t.wallZ-0.5, t.wallZ, p.z) // a sheet of paper, curved up
	if n.y == 1 {
		c = c.mix(t.wall, bend)
	}
	grain := 1 + 0.05*(t.noise.fbm(p.x*2.2+5, (p.y+p.z)*2.2, 2)-0.5)
	light := t.shine(p, n, px, py) * t.window(p, n)
	near := t.touch(p)
	return col{
		c.r * (t.dim.r*near + t.lit.r*light) * grain,
		c.g * (t.dim.g*near + t.lit.g*light) * grain,
		c.b * (t.dim.b*near + t.lit.b*light) * grain,
	}
}

// window is the shape of the light on the wall: two panes, soft at the edges.
func (t *table) window(p, n vec) float32 {
	if n.y == 1 {
		return 0.9
	}
	x := p.x + (p.y-1)*0.35*sign(t.light.x)
	y := p.y
	a := step(-1.5, -1.25, x) * step(1.6, 1.3, x) * step(0.25, 0.6, y) * step(3.1, 2.6, y)
	bar := min(1, step(0.03, 0.09, abs(x-0.05))+0.25)
	return 0.35 + 0.75*a*bar
}

func sign(f float32) float32 {
	if f < 0 {
		return -1
	}
	return 1
}

// shine is how much of the window a point sees: rays to several places of it.
func (t *table) shine(p, n vec, px, py int) float32 {
	l := n.dot(t.light)
	if n.z == -1 && n.y == 0 {
		l = 0.62
	}
	if l <= 0 {
		return 0
	}
	seen := float32(0)
	p = p.add(n.mul(0.004))
	first := int(hash(px, py, 40) * 256)
	for i := range t.rays {
		at := t.spots[(first+i*256/t.rays)&255]
		to := t.light.add(vec{at.x, at.y, 0})
		open := float32(1)
		for j := range t.solids {
			if o := &t.solids[j]; o.near(p, to) {
				if _, _, ok := o.hit(p, to); ok {
					open = 0
					if o.glass {
						open = 0.62
					}
					break
				}
			}
		}
		seen += open
	}
	return l * seen / float32(t.rays)
}

// touch darkens what lies right under a solid.
func (t *table) touch(p vec) float32 {
	open := float32(1)
	for i := range t.solids {
		o := &t.solids[i]
		q := o.at.sub(p)
		r := max(o.half.x, o.half.z) * 1.05
		if d2 := (q.x*q.x + q.z*q.z) / (r * r); d2 < 6 {
			open *= 1 - 0.62*fade(d2*1.1+max(0, p.y)*2.5)*clamp01(1.3-(o.at.y-o.half.y)*2)
		}
	}
	return open
}

// surface is a solid in the light, with a little of the table's colour from
// below.
func (t *table) surface(o *solid, p, n, dir vec, px, py int) col {
	light := t.shine(p, n, px, py)
	up := 0.5 + 0.5*n.y
	bounce := t.floor.mul((1 - up) * 0.45 * fade(max(0, p.y)*1.2))
	amb := 0.45 + 0.55*up
	c := col{
		o.c.r*(t.dim.r*amb+t.lit.r*light) + o.c.r*bounce.r,
		o.c.g*(t.dim.g*amb+t.lit.g*light) + o.c.g*bounce.g,
		o.c.b*(t.dim.b*amb+t.lit.b*light) + o.c.b*bounce.b,
	}
	if o.shine > 0 {
		r := dir.mirror(n)
		spot := step(0.955, 0.985, r.dot(t.light))
		rim := 1 - clamp01(-dir.dot(n))
		rim *= rim
		rim *= rim * 0.35
		c = c.mix(t.lit, clamp01(spot*o.shine+rim*o.shine))
	}
	return c
}

// through is glass: the room upside down, tinted, with a bright rim.
func (t *table) through(o *solid, p, n, dir vec, px, py int) col {
	const bend = 1 / 1.35
	cosI := -dir.dot(n)
	in := dir.mul(bend).add(n.mul(bend*cosI - sqrt(max(0, 1-bend*bend*(1-cosI*cosI))))).norm()
	q := o.at.sub(p)
	far := p.add(in.mul(2 * q.dot(in))) // where it leaves the ball
	m := o.at.sub(far).norm()
	out := in.mul(1 / bend)
	cosO := -out.dot(m) * bend
	out = in.mul(1.35).add(m.mul(1.35*cosO - sqrt(max(0.02, 1-1.35*1.35*(1-cosO*cosO))))).norm()
	c := t.traceBut(o, far.add(out.mul(0.01)), out, px, py)
	tint := o.c.mix(col{1, 1, 1}, 0.35)
	c = col{c.r * tint.r * 1.25, c.g * tint.g * 1.25, c.b * tint.b * 1.25}
	fresnel := 0.04 + 0.96*pow(1-clamp01(cosI), 5)
	r := dir.mirror(n)
	c = c.mix(t.lit.mul(0.9), fresnel*0.7)
	return c.mix(t.lit.mul(1.1), step(0.95, 0.985, r.dot(t.light))*0.95+0.25*step(0.9, 1, r.dot(t.light.mul(-1).mirror(vec{0, 1, 0}))))
}

// traceBut is trace without one solid, so that glass does not meet itself.
func (t *table) traceBut(but *solid, from, dir vec, px, py int) col {
	best, n, who := float32(1e9), vec{}, -1
	for i := range t.solids {
		if o := &t.solids[i]; o != but {
			if d, m, ok := o.hit(from, dir); ok && d < best {
				best, n, who = d, m, i
			}
		}
	}
	if who >= 0 && !t.solids[who].glass {
		return t.surface(&t.solids[who], from.add(dir.mul(best)), n, dir, px, py)
	}
	return t.room(from, dir, px, py)
}
