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
