package paint

// beastLook is what makes a cat of a head, or a dog.
type beastLook struct {
	head      path
	ears      []path // of one side; the other is the mirror
	inner     []path
	back      bool // ears lie behind the head
	muzzle    path
	eye, eyeY float32 // half the distance of the eyes, and their height
	eyeR      float32
	slit      bool // a cat's pupils
	nose      path
	whiskers  bool
	furs      []uint32
	mark      marking
}

// marking is the pattern of a face.
type marking int

const (
	plain marking = iota
	tabby
	mask
	blaze
	cheeks
	patches
)

var beasts = map[Idea]beastLook{
	Cat: {
		head:   curve(pt{0, -0.86}, pt{0.52, -0.80}, pt{0.90, -0.42}, pt{1.02, 0.10}, pt{0.86, 0.50}, pt{0.45, 0.76}, pt{0, 0.82}, pt{-0.45, 0.76}, pt{-0.86, 0.50}, pt{-1.02, 0.10}, pt{-0.90, -0.42}, pt{-0.52, -0.80}),
		ears:   []path{{{0.30, -0.72}, {0.55, -1.05}, {0.80, -1.34}, {0.90, -1.30}, {0.97, -0.85}, {0.95, -0.25}}},
		inner:  []path{{{0.50, -0.76}, {0.78, -1.16}, {0.84, -0.85}, {0.85, -0.52}}},
		back:   true,
		muzzle: curve(pt{0, 0.18}, pt{0.36, 0.30}, pt{0.42, 0.55}, pt{0.22, 0.74}, pt{0, 0.77}, pt{-0.22, 0.74}, pt{-0.42, 0.55}, pt{-0.36, 0.30}),
		eye:    0.44, eyeY: -0.06, eyeR: 0.20, slit: true, whiskers: true,
		nose: path{{-0.10, 0.30}, {0.10, 0.30}, {0.05, 0.39}, {0, 0.42}, {-0.05, 0.39}},
		furs: []uint32{0xD98A4A, 0x8C8A8E, 0x3A3740, 0xE8DCC8, 0x9A7B5F}, mark: tabby,
	},
	Dog: {
		head:   curve(pt{0, -0.90}, pt{0.45, -0.85}, pt{0.80, -0.50}, pt{0.82, -0.02}, pt{0.62, 0.42}, pt{0.42, 0.80}, pt{0, 0.96}, pt{-0.42, 0.80}, pt{-0.62, 0.42}, pt{-0.82, -0.02}, pt{-0.80, -0.50}, pt{-0.45, -0.85}),
		ears:   []path{curve(pt{0.50, -0.80}, pt{0.85, -0.98}, pt{1.08, -0.70}, pt{1.12, -0.10}, pt{1.0, 0.32}, pt{0.82, 0.26}, pt{0.74, -0.20})},
		muzzle: curve(pt{0, 0.02}, pt{0.26, 0.22}, pt{0.46, 0.50}, pt{0.40, 0.82}, pt{0, 0.96}, pt{-0.40, 0.82}, pt{-0.46, 0.50}, pt{-0.26, 0.22}),
		eye:    0.37, eyeY: -0.14, eyeR: 0.125,
		nose: curve(pt{-0.19, 0.32}, pt{0, 0.27}, pt{0.19, 0.32}, pt{0.13, 0.46}, pt{0, 0.51}, pt{-0.13, 0.46}),
		furs: []uint32{0x2E2B30, 0xB4743C, 0xCFA66E, 0x6B4A35}, mark: blaze,
	},
	Fox: {
		head:   curve(pt{0, -0.84}, pt{0.50, -0.76}, pt{0.84, -0.36}, pt{1.02, 0.16}, pt{0.62, 0.46}, pt{0.26, 0.74}, pt{0, 0.86}, pt{-0.26, 0.74}, pt{-0.62, 0.46}, pt{-1.02, 0.16}, pt{-0.84, -0.36}, pt{-0.50, -0.76}),
		ears:   []path{{{0.24, -0.70}, {0.60, -1.36}, {0.70, -1.40}, {0.90, -0.90}, {0.88, -0.24}}},
		inner:  []path{{{0.46, -0.82}, {0.66, -1.22}, {0.79, -0.88}, {0.79, -0.55}}},
		back:   true,
		muzzle: curve(pt{0, 0.22}, pt{0.20, 0.12}, pt{0.55, -0.02}, pt{0.86, 0.06}, pt{1.00, 0.17}, pt{0.62, 0.46}, pt{0.26, 0.74}, pt{0, 0.86}, pt{-0.26, 0.74}, pt{-0.62, 0.46}, pt{-1.00, 0.17}, pt{-0.86, 0.06}, pt{-0.55, -0.02}, pt{-0.20, 0.12}),
		eye:    0.40, eyeY: -0.12, eyeR: 0.115,
		nose: curve(pt{-0.13, 0.50}, pt{0, 0.45}, pt{0.13, 0.50}, pt{0.08, 0.61}, pt{0, 0.64}, pt{-0.08, 0.61}),
		furs: []uint32{0xD2642A, 0xC8571F}, mark: cheeks,
	},
	Rabbit: {
		head:   curve(pt{0, -0.78}, pt{0.45, -0.72}, pt{0.78, -0.32}, pt{0.86, 0.18}, pt{0.66, 0.58}, pt{0.32, 0.80}, pt{0, 0.85}, pt{-0.32, 0.80}, pt{-0.66, 0.58}, pt{-0.86, 0.18}, pt{-0.78, -0.32}, pt{-0.45, -0.72}),
		ears:   []path{curve(pt{0.20, -0.62}, pt{0.22, -1.20}, pt{0.42, -1.86}, pt{0.60, -1.90}, pt{0.72, -1.40}, pt{0.62, -0.80}, pt{0.50, -0.48})},
		inner:  []path{curve(pt{0.34, -0.80}, pt{0.36, -1.22}, pt{0.48, -1.66}, pt{0.60, -1.40}, pt{0.54, -0.90})},
		back:   true,
		muzzle: curve(pt{0, 0.22}, pt{0.30, 0.34}, pt{0.34, 0.58}, pt{0, 0.76}, pt{-0.34, 0.58}, pt{-0.30, 0.34}),
		eye:    0.48, eyeY: -0.02, eyeR: 0.145, whiskers: true,
		nose: path{{-0.09, 0.32}, {0.09, 0.32}, {0.04, 0.40}, {0, 0.42}, {-0.04, 0.40}},
		furs: []uint32{0xE9DFCF, 0xB89F86, 0x8E8A88}, mark: plain,
	},
	Bear: {
		head:   ellipse(pt{0, 0}, 1.0, 0.90),
		ears:   []path{ellipse(pt{0.74, -0.72}, 0.32, 0.32)},
		inner:  []path{ellipse(pt{0.74, -0.70}, 0.18, 0.18)},
		back:   true,
		muzzle: ellipse(pt{0, 0.38}, 0.46, 0.38),
		eye:    0.40, eyeY: -0.10, eyeR: 0.10,
		nose: curve(pt{-0.17, 0.20}, pt{0, 0.15}, pt{0.17, 0.20}, pt{0.10, 0.34}, pt{0, 0.38}, pt{-0.10, 0.34}),
		furs: []uint32{0x7A5238, 0x5E4232, 0xA9784E}, mark: plain,
	},
	Panda: {
		head:   ellipse(pt{0, 0}, 1.05, 0.90),
		ears:   []path{ellipse(pt{0.78, -0.72}, 0.31, 0.31)},
		back:   true,
		muzzle: ellipse(pt{0, 0.40}, 0.40, 0.32),
		eye:    0.42, eyeY: -0.06, eyeR: 0.10,
		nose: curve(pt{-0.15, 0.24}, pt{0, 0.20}, pt{0.15, 0.24}, pt{0.09, 0.36}, pt{0, 0.39}, pt{-0.09, 0.36}),
		furs: []uint32{0xF2ECE0}, mark: patches,
	},
}

// sitter is a beast that sits for its portrait.
type sitter struct {
	*scene
	look  beastLook
	at    pt
	r     float32
	tilt  float32
	fur   col
	dark  col // the colour of marks, ears, patches
	light col // muzzle, chest
	d     *dice
}

// beast is a portrait before a plain wall.
func (s *scene) beast() {
	who := s.plan.first(Cat, Dog, Fox, Rabbit, Bear, Panda)
	d := s.dice.fork()
	b := &sitter{scene: s, look: beasts[who], d: d, r: 0.255 * s.u, tilt: d.in(-0.10, 0.10)}
	if s.style == Minimal {
		b.r *= 0.75
	}
	b.at = pt{s.x(0.5 + d.in(-0.05, 0.05)), s.y(0.5) + 0.02*s.u}
	b.chooseFur(who)
	b.wall()
	b.body(who)
	b.face(who)
	if s.plan.Has(Flower, Leaf, Spring) {
		s.frame(d)
	}
}

func (b *sitter) chooseFur(who Idea) {
	b.fur = hex(b.look.furs[b.d.pick(len(b.look.furs))])
	if list := b.plan.named(); len(list) > 0 && who != Panda {
		b.fur = list[0]
		if b.plan.Has(White) {
			b.fur = hex(0xEFE8DB)
		}
	}
	b.dark, b.light = b.fur.light(-0.20), b.fur.mix(hex(0xFBF5E9), 0.8)
	if b.pal.neon {
		b.fur, b.dark = b.fur.tint(b.pal.hues[0], 0.8), b.pal.near
	}
	switch {
	case who == Panda:
		b.dark = hex(0x2B2A2E)
	case who == Cat && (b.plan.Has(White) || b.fur.lab().l > 0.85):
		b.look.mark, b.dark = mask, hex(0x6E5446)
	case who == Cat && b.fur.lab().l < 0.4:
		b.look.mark = plain
	case who == Dog && b.plan.Has(White):
		b.fur, b.dark = hex(0x2E2B30), hex(0x1F1D22)
	}
	if b.style == Ink {
		b.fur, b.dark, b.light = b.pal.paper.light(-0.06), b.pal.ink, b.pal.paper
	}
}

// wall is the ground of a portrait: two tones, and a disc behind the head.
func (b *sitter) wall() {
	s, p := b.scene, b.pal
	c := p.sky[1].mix(p.paper, 0.25)
	if d := c.lab().l - b.fur.lab().l; abs(d) < 0.14 { // so that the head stands out
		c = c.light(0.16)
		if b.fur.lab().l > 0.7 {
			c = p.sky[0].light(-0.12)
		}
	}
	if b.style == Ink || b.style == Minimal {
		c = p.paper
	}
	s.paper(c, b.d)
	if b.style == Ink {
		return
	}
	r := b.r * 1.62
	halo := p.sun.mix(p.hues[0], 0.35)
	if abs(halo.lab().l-b.fur.lab().l) < 0.13 {
		halo = p.hues[0].light(-0.08)
	}
	at := b.at.add(pt{0, -0.25 * b.r})
	s.disc(at.x, at.y, r, func(x, y float32) (col, float32) {
		return halo.mix(c, 0.35*step(-0.5, 1.2, (y-at.y)/r)), 1
	})
}

// furred is the shader of fur: lit from one side, with fine strokes.
func (b *sitter) furred(c col, at pt, r float32) shader {
	n, k := b.noise, 1/b.u
	lit, dark := c.mix(hex(0xFFF3DD), 0.20), c.light(-0.085)
	return func(x, y float32) (col, float32) {
		dx, dy := (x-at.x)/r, (y-at.y)/r
		stroke := n.fbm(x*k*55+dx*6, y*k*16, 2) - 0.5
		t := step(1.1, -0.9, dx*0.55+dy*0.6+stroke*0.5)
		return dark.mix(lit, t).mul(1 + 0.10*stroke), 1
	}
}

// draw fills a part of the head, which tilts with it.
func (b *sitter) draw(f shader, paths ...path) {
	for _, p := range paths {
		b.fill(f, p.place(b.at, b.r, b.tilt))
	}
}

// both draws a part and its mirror image.
func (b *sitter) both(f shader, paths ...path) {
	for _, p := range paths {
		b.draw(f, p, p.flip())
	}
}

func (b *sitter) body(who Idea) {
	s := b.scene
	foot := (float32(b.h)*1.02 - b.at.y) / b.r
	body := curve(pt{-0.62, 0.45}, pt{0.62, 0.45}, pt{1.02, 1.35}, pt{1.22, foot}, pt{1.15, foot + 0.5}, pt{-1.15, foot + 0.5}, pt{-1.22, foot}, pt{-1.02, 1.35})
	c := b.fur
	if who == Panda {
		c = b.dark
	}
	s.fill(b.furred(c, b.at.add(pt{0, 1.6 * b.r}), 1.6*b.r), body.place(b.at, b.r, 0))
	if who != Panda {
		chest := curve(pt{0, 0.7}, pt{0.46, 0.95}, pt{0.50, 1.5}, pt{0.2, 2.1}, pt{0, 2.35}, pt{-0.2, 2.1}, pt{-0.50, 1.5}, pt{-0.46, 0.95})
		s.fill(b.furred(b.light, b.at.add(pt{0, 1.4 * b.r}), b.r), chest.place(b.at, b.r, 0))
	}
	hue := b.pal.hues[b.d.pick(min(3, len(b.pal.hues)))]
	if abs(hue.lab().l-b.fur.lab().l) < 0.12 {
		hue = b.pal.hues[len(b.pal.hues)-1]
	}
	collar := ribbon(bend(8, pt{-0.80, 0.66}, pt{-0.4, 0.98}, pt{0, 1.08}, pt{0.4, 0.98}, pt{0.80, 0.66}), func(float32) float32 { return 0.10 })
	knot := path{{-0.30, 1.02}, {0.30, 1.02}, {0.06, 1.52}, {-0.06, 1.52}}
	s.fill(flat(hue), collar.place(b.at, b.r, 0))
	if b.d.chance(0.6) {
		s.fill(flat(hue.light(-0.05)), knot.place(b.at, b.r, 0))
	} else {
		at := b.at.add(pt{0, 1.2 * b.r})
		s.heart(b.d, at, 0.12*b.r, hex(0xE3B04B), 0, 0)
	}
}

func (b *sitter) face(who Idea) {
	l := b.look
	ear := b.fur
	if l.mark == mask || l.mark == patches || who == Dog {
		ear = b.dark
	}
	fur := b.furred(b.fur, b.at, b.r)
	if l.back {
		b.both(b.furred(ear, b.at, b.r*1.3), l.ears...)
		b.both(flat(hex(0xD9938A).mix(ear, 0.35)), l.inner...)
	}
	b.draw(fur, l.head)
	b.markings(who)
	muzzle := b.light
	if l.mark == mask {
		muzzle = b.dark
	}
	b.draw(b.furred(muzzle, b.at.add(pt{0, 0.5 * b.r}), b.r*0.7), l.muzzle)
	if !l.back {
		b.both(b.furred(ear, b.at, b.r*1.3), l.ears...)
	}
	b.eyes(who)
	b.mouth(who)
}

// markings lays the pattern of the face.
func (b *sitter) markings(who Idea) {
	dark := b.furred(b.dark, b.at, b.r)
	switch b.look.mark {
	case tabby:
		for _, x := range []float32{-0.2, 0, 0.2} {
			b.draw(dark, ribbon(bend(5, pt{x * 1.5, -0.80 + abs(x)*0.2}, pt{x, -0.50}, pt{x * 0.7, -0.34}), func(t float32) float32 { return 0.052 * (1 - 0.7*t) }))
		}
		for _, y := range []float32{0.14, 0.34} {
			b.both(dark, ribbon(bend(4, pt{0.99, y - 0.06}, pt{0.74, y}, pt{0.56, y + 0.02}), func(t float32) float32 { return 0.042 * (1 - t) }))
		}
	case mask:
		n := b.noise
		b.draw(func(x, y float32) (col, float32) {
			dx, dy := (x-b.at.x)/b.r, (y-b.at.y)/b.r
			d := hypot(dx*1.05, (dy-0.25)*0.95) + 0.25*(n.fbm(dx*4+9, dy*4, 2)-0.5)
			return b.dark, step(0.80, 0.35, d)
		}, b.look.head)
	case blaze:
		b.draw(b.furred(b.light, b.at, b.r), curve(pt{0, -0.86}, pt{0.13, -0.5}, pt{0.14, 0.1}, pt{0.24, 0.4}, pt{-0.24, 0.4}, pt{-0.14, 0.1}, pt{-0.13, -0.5}))
		if b.fur.lab().l < 0.4 {
			b.both(flat(hex(0xB4743C)), ellipse(pt{0.34, -0.36}, 0.075, 0.055))
		}
	case patches:
		b.both(dark, ellipse(pt{}, 0.25, 0.31).place(pt{0.44, -0.02}, 1, 0.5))
	}
}

// eyes look a little to one side, or are shut.
func (b *sitter) eyes(who Idea) {
	l := b.look
	ink := hex(0x1E1B1C)
	iris := []col{hex(0xB9B23C), hex(0x6FA75C), hex(0xD9A13B), hex(0x5E9BD6)}[b.d.pick(4)]
	if l.mark == mask {
		iris = hex(0x5AA0DE)
	}
	gaze := b.d.in(-0.04, 0.04)
	shut := b.d.chance(0.22)
	for _, side := range []float32{-1, 1} {
		c := pt{side * l.eye, l.eyeY}
		if shut {
			lid := ink
			if l.mark == patches || b.fur.lab().l < 0.4 {
				lid = b.light
			}
			b.draw(flat(lid), ribbon(bend(6, c.add(pt{-l.eyeR, -0.02}), c.add(pt{0, 0.09}), c.add(pt{l.eyeR, -0.02})), func(t float32) float32 { return 0.028 }))
			continue
		}
		if !l.slit {
			if b.fur.lab().l < 0.4 || l.mark == patches {
				b.draw(flat(hex(0x8A5A34)), ellipse(c, l.eyeR*1.12, l.eyeR*1.12))
			}
			b.draw(flat(ink), ellipse(c, l.eyeR, l.eyeR*1.08))
		} else {
			almond := curve(pt{-l.eyeR * 1.1, 0.03}, pt{-0.05, -l.eyeR * 0.85}, pt{l.eyeR * 1.05, -0.05}, pt{0.06, l.eyeR * 0.8}).place(c, 1, side*-0.12)
			b.draw(flat(ink), almond.place(pt{c.x * -0.10, c.y * -0.10}, 1.10, 0))
			b.draw(flat(iris), almond)
			b.draw(flat(ink), ellipse(c.add(pt{gaze, 0}), 0.055, l.eyeR*0.72))
		}
		b.draw(flat(hex(0xFFFDF6)), ellipse(c.add(pt{gaze - 0.05, -0.07}), 0.035, 0.04))
	}
}

// mouth is nose, lips and whiskers.
func (b *sitter) mouth(who Idea) {
	l := b.look
	ink := hex(0x2A2224)
	nose := ink
	if who == Cat || who == Rabbit {
		nose = hex(0xC9776F)
	}
	if l.mark == mask {
		nose, ink = hex(0x3A2B28), hex(0x2A1F1D)
	}
	b.draw(flat(nose), l.nose)
	_, low := l.nose.bounds()
	y := low.y
	line := func(t float32) float32 { return 0.020 }
	b.draw(flat(ink), ribbon([]pt{{0, y}, {0, y + 0.08}}, line))
	b.both(flat(ink), ribbon(bend(5, pt{0, y + 0.07}, pt{0.10, y + 0.15}, pt{0.22, y + 0.10}), line))
	if who == Dog && b.d.chance(0.6) {
		b.draw(flat(hex(0xD8707A)), curve(pt{-0.10, y + 0.13}, pt{0.10, y + 0.13}, pt{0.11, y + 0.30}, pt{0, y + 0.37}, pt{-0.11, y + 0.30}))
	}
	if l.whiskers {
		pale := hex(0xFBF6EC)
		if b.fur.lab().l > 0.75 {
			pale = hex(0x5C5048)
		}
		for i, dy := range []float32{-0.05, 0.04, 0.13} {
			tip := pt{1.28, 0.30 + float32(i-1)*0.17}
			b.both(flat(pale), ribbon(bend(6, pt{0.30, 0.50 + dy}, pt{0.75, 0.40 + dy*1.6}, tip), func(t float32) float32 { return 0.011 * (1 - t) }))
		}
	}
}

// frame lets leaves and flowers grow in from the lower corners.
func (s *scene) frame(d *dice) {
	green := s.green(d)
	for _, side := range []float32{-1, 1} {
		foot := pt{s.x(0.5 + side*0.5), s.y(1.0)}
		for i := range 7 {
			a := -pi/2 - side*(0.15+float32(i)*0.2) + d.in(-0.1, 0.1)
			s.leaf(d, foot.add(pt{d.in(-0.05, 0.05) * s.u, d.in(-0.05, 0) * s.u}), a, s.u*d.in(0.18, 0.34), d.in(0.16, 0.24), green)
		}
		for i := range 4 {
			at := foot.add(pt{-side * d.in(0.02, 0.24) * s.u, -d.in(0.02, 0.22) * s.u})
			s.flower(d, bloom(d.pick(4)), at, s.u*d.in(0.045, 0.08), -pi/2, s.pal.hues[i%len(s.pal.hues)])
		}
	}
}
