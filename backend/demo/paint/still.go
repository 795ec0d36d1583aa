package paint

// table is a still life: solids on a table before a wall, in the light of a
// window.
type table struct {
	*scene
	solids   []solid
	eye      vec
	down     float32 // how far the eye looks down
	wallZ    float32
	floor    col
	wall     col
	light    vec // towards the window
	lit, dim col // the light of the window, and of the room
	rays     int // to the window, for soft shadows
	spots    [256]pt
	mouth    vec // of the vase
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
	if t.plan.Has(Vase) && t.plan.Has(Flower, Leaf, Spring) {
		s.bouquet(s.dice.fork(), t.onPicture(t.mouth), 0.34*s.u, 0.62)
	}
}

// onPicture gives the pixel where a point of the room is seen.
func (t *table) onPicture(p vec) pt {
	q, k := p.sub(t.eye), t.u/0.8
	return pt{float32(t.w)/2 + q.x/q.z*k, float32(t.h)/2 - (q.y/q.z+t.down)*k}
}

// ray is where the eye looks through a pixel.
func (t *table) ray(x, y float32) vec {
	k := 0.8 / t.u
	return vec{(x - float32(t.w)/2) * k, (float32(t.h)/2-y)*k - t.down, 1}.norm()
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
	t := &table{scene: s, eye: vec{0, 1.35, -4.2}, down: 0.17, wallZ: d.in(1.2, 2), rays: []int{2, 3, 6}[s.quality]}
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
	if t.plan.Has(Flower, Leaf, Spring) {
		r, neck, h = r*0.8, neck*0.9, h*0.72
		t.down = 0.06
	}
	t.mouth = vec{0, 2*h + 0.33, -0.02}
	t.solids = append(t.solids,
		solid{kind: egg, at: vec{0, h, 0}, half: vec{r, h, r}, c: c, shine: 0.45},
		solid{kind: drum, at: vec{0, 2*h + 0.08, 0}, half: vec{neck, 0.24, neck}, c: c, shine: 0.3},
		solid{kind: drum, at: vec{0, 2*h + 0.32, 0}, half: vec{neck * 1.3, 0.025, 0}, c: c, shine: 0.3},
		solid{kind: drum, at: vec{0, 2*h + 0.322, 0}, half: vec{neck * 1.05, 0.026, 0}, c: c.mul(0.12)})
}
