package paint

// vec is a point or a direction in the still life: x to the right, y up, z away.
type vec struct{ x, y, z float32 }

func (a vec) add(b vec) vec     { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec     { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(k float32) vec { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) dot(b vec) float32 { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) norm() vec         { return a.mul(1 / max(sqrt(a.dot(a)), 1e-9)) }
func (a vec) mirror(n vec) vec  { return a.sub(n.mul(2 * a.dot(n))) }

// solid is one thing on the table: a ball (or an egg), a box or a cylinder.
type solid struct {
	kind     solidKind
	at       vec // the middle
	half     vec // radii, or half edges
	cos, sin float32
	c        col
	glass    bool
	shine    float32
}

type solidKind int

const (
	egg solidKind = iota
	block
	drum
)

// hit finds where a ray meets the solid: the distance and the normal there.
func (o *solid) hit(from, dir vec) (float32, vec, bool) {
	p := from.sub(o.at)
	switch o.kind {
	case block:
		p, d := o.into(p), o.into(dir)
		t, n, ok := hitBox(p, d, o.half)
		return t, o.out(n), ok
	case drum:
		return hitDrum(p, dir, o.half.x, o.half.y)
	}
	return hitEgg(p, dir, o.half)
}

// into and out turn a vector about the upright axis.
func (o *solid) into(v vec) vec { return vec{v.x*o.cos - v.z*o.sin, v.y, v.x*o.sin + v.z*o.cos} }
func (o *solid) out(v vec) vec  { return vec{v.x*o.cos + v.z*o.sin, v.y, -v.x*o.sin + v.z*o.cos} }

func hitEgg(p, d, r vec) (float32, vec, bool) {
	q, e := vec{p.x / r.x, p.y / r.y, p.z / r.z}, vec{d.x / r.x, d.y / r.y, d.z / r.z}
	a, b, c := e.dot(e), q.dot(e), q.dot(q)-1
	det := b*b - a*c
	if det < 0 {
		return 0, vec{}, false
	}
	t := (-b - sqrt(det)) / a
	if t < 1e-4 {
		return 0, vec{}, false
	}
	h := q.add(e.mul(t))
	return t, vec{h.x / r.x, h.y / r.y, h.z / r.z}.norm(), true
}

func hitBox(p, d, half vec) (float32, vec, bool) {
	near, far := float32(-1e9), float32(1e9)
	var n vec
	slab := func(p, d, h float32, axis vec) bool {
		if abs(d) < 1e-6 {
			return abs(p) <= h
		}
		t0, t1 := (-h-p)/d, (h-p)/d
		sign := float32(-1)
		if t0 > t1 {
			t0, t1, sign = t1, t0, 1
		}
		if t0 > near {
			near, n = t0, axis.mul(sign)
		}
		far = min(far, t1)
		return near <= far
	}
	ok := slab(p.x, d.x, half.x, vec{1, 0, 0}) && slab(p.y, d.y, half.y, vec{0, 1, 0}) && slab(p.z, d.z, half.z, vec{0, 0, 1})
	return near, n, ok && near > 1e-4
}

func hitDrum(p, d vec, r, h float32) (float32, vec, bool) {
	a, b, c := d.x*d.x+d.z*d.z, p.x*d.x+p.z*d.z, p.x*p.x+p.z*p.z-r*r
	if det := b*b - a*c; det >= 0 && a > 1e-9 {
		t := (-b - sqrt(det)) / a
		if y := p.y + t*d.y; t > 1e-4 && abs(y) <= h {
			return t, vec{(p.x + t*d.x) / r, 0, (p.z + t*d.z) / r}, true
		}
	}
	if abs(d.y) > 1e-6 { // the lid
		t := (h - p.y) / d.y
		if x, z := p.x+t*d.x, p.z+t*d.z; t > 1e-4 && x*x+z*z <= r*r {
			return t, vec{0, 1, 0}, true
		}
	}
	return 0, vec{}, false
}

// table is a still life: solids on a table before a wall, in the light of a
// window.
type table struct {
	*scene
	solids   []solid
	eye      vec
	wallZ    float32
	floor    col
	wall     col
	light    vec // towards the window
	lit, dim col // the light of the window, and of the room
	rays     int // to the window, for soft shadows
	spots    [256]pt
}

// stillLife paints solids on a table: a ray for each pixel, and four where an
// outline passes.
func (s *scene) stillLife() {
	t := s.setTable()
	faces := [2][]int{make([]int, s.w), make([]int, s.w)}
	s.add(func(b *band) {
		last, here := faces[0], faces[1]
		for x := range last {
			_, last[x] = t.trace(t.eye, t.ray(float32(x), float32(b.y0-1)), x, b.y0-1, false)
		}
		for y := b.y0; y < b.y1; y++ {
			row := b.row(y)
			for x := range b.w {
				var c col
				c, here[x] = t.trace(t.eye, t.ray(float32(x), float32(y)), x, y, true)
				if x > 0 && here[x] != here[x-1] || here[x] != last[x] {
					c = t.fine(x, y)
				}
				row[3*x], row[3*x+1], row[3*x+2] = gammaFast(c.r), gammaFast(c.g), gammaFast(c.b)
			}
			last, here = here, last
		}
	})
}

// ray is where the eye looks through a pixel.
func (t *table) ray(x, y float32) vec {
	k := 0.8 / t.u
	return vec{(x - float32(t.w)/2) * k, (float32(t.h)/2-y)*k - 0.17, 1}.norm()
}

// fine is a pixel with four rays.
func (t *table) fine(x, y int) col {
	var sum col
	for i := range 4 {
		c, _ := t.trace(t.eye, t.ray(float32(x)-0.5+float32(i&1)*0.5, float32(y)-0.5+float32(i>>1)*0.5), x, y, true)
		sum = col{sum.r + c.r/4, sum.g + c.g/4, sum.b + c.b/4}
	}
	return sum
}

// gammaFast turns light into sRGB, near enough.
func gammaFast(f float32) float32 {
	f = max(f, 0)
	return sqrt(f / (f + 0.045) * f * 1.045)
}

// toLight turns a colour of the palette into how much light it gives back.
func toLight(c col) col { return col{float32(linear(c.r)), float32(linear(c.g)), float32(linear(c.b))} }

func (s *scene) setTable() *table {
	d, p := s.dice.fork(), s.pal
	t := &table{scene: s, eye: vec{0, 1.35, -4.2}, wallZ: d.in(1.2, 2), rays: []int{2, 3, 6}[s.quality]}
	side := float32(-1)
	if d.chance(0.3) {
		side = 1
	}
	t.light = vec{side * d.in(0.75, 1.0), d.in(0.9, 1.2), -0.75}.norm()
	wall, floor := p.sky[1].mix(p.paper, 0.5), p.paper.mix(p.sky[3], 0.3)
	t.lit, t.dim = col{1.18, 1.10, 0.98}, col{0.40, 0.43, 0.50}
	if s.plan.Has(White, Minimal) {
		wall, floor = p.paper, p.paper.mix(col{1, 1, 1}, 0.4)
	}
	if p.night || s.plan.Has(Dark) {
		wall, floor = p.sky[1], p.near.mix(p.sky[2], 0.5)
		t.dim = col{0.25, 0.28, 0.40}
	}
	t.wall, t.floor = toLight(wall), toLight(floor)
	for i, j := range d.r.Perm(256) { // places of the window, well spread
		a, r := float32(i)*2.39996, 0.17*sqrt((float32(i)+0.5)/256)
		t.spots[j] = pt{r * cos(a), r * sin(a)}
	}
	t.arrange(d)
	return t
}

// arrange sets what the prompt names on the table, or a company of solids.
func (t *table) arrange(d *dice) {
	hues := t.pal.hues
	next := d.pick(2)
	if len(t.plan.named()) > 0 {
		next = 0
	}
	hue := func() col {
		c := hues[next%len(hues)]
		next++
		return toLight(c)
	}
	put := func(o solid) {
		a := d.in(0.2, 0.9)
		o.cos, o.sin = cos(a), sin(a)
		t.solids = append(t.solids, o)
	}
	size := d.in(0.50, 0.60)
	switch {
	case t.plan.Has(Fruit):
		t.fruit(d, hue)
	case t.plan.Has(Vase):
		t.vessel(d, hue())
	case t.plan.Has(Cube) && !t.plan.Has(Sphere):
		put(solid{kind: block, at: vec{0, size, 0}, half: vec{size, size, size}, c: hue()})
	case t.plan.Has(Sphere, Glass) && !t.plan.Has(Cube):
		put(solid{kind: egg, at: vec{0, size * 1.1, 0}, half: vec{1, 1, 1}.mul(size * 1.1), c: hue(), glass: t.plan.Has(Glass), shine: 0.7})
	}
	if len(t.solids) > 0 && (t.style == Minimal || t.plan.Has(White)) {
		return
	}
	lone := len(t.solids) == 0
	if lone {
		put(solid{kind: block, at: vec{-0.1, size * 0.85, 0.35}, half: vec{size, size, size}.mul(0.85), c: hue()})
		put(solid{kind: egg, at: vec{0.62, 0.40, -0.35}, half: vec{0.40, 0.40, 0.40}, c: hue(), glass: t.plan.Has(Glass), shine: 0.6})
	}
	for _, x := range []float32{-1.15, 1.15} { // companions, to the sides
		r := d.in(0.16, 0.30)
		z := d.in(-0.5, 0.5)
		switch d.pick(3) {
		case 0:
			put(solid{kind: egg, at: vec{x, r, z}, half: vec{r, r, r}, c: hue(), shine: 0.5})
		case 1:
			h := d.in(0.35, 0.8)
			put(solid{kind: drum, at: vec{x, h, z + 0.3}, half: vec{r, h, r}, c: hue()})
		default:
			put(solid{kind: block, at: vec{x, r * 0.9, z}, half: vec{r, r * 0.9, r}, c: hue()})
		}
	}
}

// fruit is round things in a row, each with its leaf painted later.
func (t *table) fruit(d *dice, hue func() col) {
	c := hue()
	for i, x := range []float32{-0.55, 0.42, 0.05} {
		r := d.in(0.34, 0.42)
		z := []float32{0.15, 0.30, -0.45}[i]
		tone := col{c.r * d.in(0.85, 1.1), c.g * d.in(0.8, 1.15), c.b * d.in(0.85, 1.1)}
		t.solids = append(t.solids, solid{kind: egg, at: vec{x, r * 0.92, z}, half: vec{r, r * 0.92, r}, c: tone, shine: 0.35},
			solid{kind: drum, at: vec{x + 0.01, r*1.84 + 0.03, z}, half: vec{0.018, 0.075, 0}, c: col{0.05, 0.04, 0.02}})
	}
}

// vessel is a vase: belly, neck and lip.
func (t *table) vessel(d *dice, c col) {
	r, neck := d.in(0.42, 0.52), d.in(0.14, 0.2)
	h := d.in(0.45, 0.62)
	t.solids = append(t.solids,
		solid{kind: egg, at: vec{0, h, 0}, half: vec{r, h, r}, c: c, shine: 0.45},
		solid{kind: drum, at: vec{0, 2*h + 0.08, 0}, half: vec{neck, 0.24, neck}, c: c, shine: 0.3},
		solid{kind: drum, at: vec{0, 2*h + 0.32, 0}, half: vec{neck * 1.3, 0.025, 0}, c: c, shine: 0.3},
		solid{kind: drum, at: vec{0, 2*h + 0.322, 0}, half: vec{neck * 1.05, 0.026, 0}, c: c.mul(0.12)})
}

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

// near says whether a ray comes near the solid at all.
func (o *solid) near(p, dir vec) bool {
	q := o.at.sub(p)
	along := q.dot(dir)
	r2 := o.half.dot(o.half) * 1.02
	if o.kind == egg {
		r2 = max(o.half.x*o.half.x, o.half.y*o.half.y) * 1.02
	}
	off := q.dot(q) - along*along/dir.dot(dir)
	return off < r2 && (along > 0 || q.dot(q) < r2)
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
