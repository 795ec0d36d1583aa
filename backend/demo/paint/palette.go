package paint

import (
	"cmp"
	"slices"
)

// palette is the colours of a picture by what they are for.
type palette struct {
	sky   [4]col // from the top to the horizon
	sun   col    // the sun or moon, and the light that it gives
	far   col    // the farthest land
	near  col    // the nearest
	water col
	hues  []col // flowers, roofs, sails, strokes: what may shine
	paper col   // light, under everything
	ink   col   // dark, for lines
	night bool
	neon  bool
}

// mood names when a palette suits.
type mood int

const (
	moodDay mood = iota
	moodSunrise
	moodSunset
	moodNight
	moodMist
	moodAutumn
	moodSpring
	moodWinter
	moodDesert
	moodNeon
	moodInk
)

// mk makes a palette from hex: four of the sky, sun, far, near, water, paper,
// ink, then the hues.
func mk(v [10]uint32, hues ...uint32) palette {
	p := palette{
		sky: [4]col{hex(v[0]), hex(v[1]), hex(v[2]), hex(v[3])},
		sun: hex(v[4]), far: hex(v[5]), near: hex(v[6]), water: hex(v[7]), paper: hex(v[8]), ink: hex(v[9]),
	}
	for _, h := range hues {
		p.hues = append(p.hues, hex(h))
	}
	return p
}

var palettes = map[mood][]palette{
	moodDay: {
		mk([10]uint32{0x4F8FB8, 0x86B8CF, 0xBFDCDD, 0xF3EBD3, 0xFFF6DC, 0x93B3BC, 0x2B4A4A, 0x3F7F95, 0xF6F0E1, 0x1E2F36}, 0xE4572E, 0xF2B134, 0x2E86AB, 0x76B041, 0xF4EDE0),
		mk([10]uint32{0x6FA8C9, 0xA5CBD6, 0xDCE6D6, 0xFBE9C6, 0xFFF3CF, 0xA8BFA9, 0x33503A, 0x5C9AA3, 0xFAF3E3, 0x24342B}, 0xD8573C, 0xF0A202, 0x3C6E71, 0xB5C99A, 0xFFFFFF),
		mk([10]uint32{0x3D7EA6, 0x5FA3BF, 0xA3D2CF, 0xE9F0D5, 0xFFF9E6, 0x7FA6A8, 0x20424F, 0x2B6F8A, 0xF3EFE0, 0x16303A}, 0xFF6B5A, 0xFFC145, 0x5B8E7D, 0x275DAD, 0xF7E7CE),
	},
	moodSunrise: {
		mk([10]uint32{0xFFB26B, 0xE79A84, 0xC58AA0, 0xB083A6, 0xFFEEC2, 0x8E7896, 0x263245, 0x8A7C9C, 0xF7EBD9, 0x242B3A}, 0xE8694A, 0xF6C667, 0x6B6D97, 0x2F4858, 0xF9E2C4),
		mk([10]uint32{0x7FA0B4, 0xC3B6B2, 0xF2C3A0, 0xFFDFB0, 0xFFF4D6, 0xB99C93, 0x3A3640, 0xB69A95, 0xFAF0E0, 0x2B2930}, 0xD9704A, 0xEFB366, 0x7A8B99, 0xA44A3F, 0xFFE9CC),
		mk([10]uint32{0x5B7C99, 0xA79AA8, 0xEFA98B, 0xFFD08A, 0xFFF1C4, 0x9C8597, 0x2A3447, 0x8F8AA0, 0xF8EDDC, 0x20293A}, 0xF07B5A, 0xFFC66E, 0x5C6B8A, 0xB5566B, 0xFCEBD2),
	},
	moodSunset: {
		mk([10]uint32{0x3B2F5C, 0x8C4A6E, 0xE0705C, 0xFBB15A, 0xFFE3A0, 0x8A4F68, 0x1E1B33, 0x5C3A63, 0xF8E8D4, 0x1B1729}, 0xF25C54, 0xF7B267, 0x6D597A, 0x355070, 0xFFE5B4),
		mk([10]uint32{0x2E4468, 0x6E5F86, 0xCF7A78, 0xF6B48A, 0xFFE0B0, 0x77648A, 0x1C2338, 0x54597F, 0xF6E9DA, 0x1A2033}, 0xEF6F6C, 0xF6AE6D, 0x56638A, 0x8D5B7F, 0xFFE8CF),
		mk([10]uint32{0xC5483B, 0xE56A3D, 0xF59A4A, 0xFBC66B, 0xFFF0BF, 0xB44A3E, 0x2B1A26, 0xA3433F, 0xFBEBD3, 0x27171F}, 0xD7263D, 0xF46036, 0x2E294E, 0x1B998B, 0xFFE9B8),
	},
	moodNight: {
		mk([10]uint32{0x0B132B, 0x14213D, 0x22345C, 0x3B4F7A, 0xF6EFD2, 0x31456B, 0x070C18, 0x1A2A4A, 0xE9E4D2, 0x060A14}, 0xF2C14E, 0xF78154, 0x5FAD8C, 0x4D9DE0, 0xE8E3D0),
		mk([10]uint32{0x10142A, 0x1F2147, 0x3A3468, 0x6A4E84, 0xFBE7C6, 0x463F6E, 0x0B0D1C, 0x2C2B54, 0xECE3DA, 0x0A0B17}, 0xFFB86B, 0xE56B8C, 0x7EA8F8, 0xB79CED, 0xF6E7D0),
		mk([10]uint32{0x041B24, 0x08313A, 0x12505A, 0x2C7A7B, 0xF4F1D0, 0x1F5F63, 0x021015, 0x0D3F49, 0xE6EBDD, 0x020D11}, 0xF4D35E, 0xEE964B, 0x7AE7C7, 0x5BC0BE, 0xEAF2D7),
	},
	moodMist: {
		mk([10]uint32{0x8FA3A8, 0xB3C0BE, 0xD3D8CE, 0xEAE6D8, 0xFBF4E2, 0xB5C0BC, 0x2F4145, 0x90A5A6, 0xF2EEE2, 0x263336}, 0xC8553D, 0xD9A441, 0x588B8B, 0x93A8AC, 0xF4ECD8),
		mk([10]uint32{0xA79B94, 0xC5B7A8, 0xE0D2BC, 0xF2E6CF, 0xFFF3DA, 0xC4B5A3, 0x3C3A3B, 0xA59A8E, 0xF5EDDD, 0x302E2F}, 0xB5533C, 0xC98B3B, 0x6B7A7F, 0x8A7968, 0xF6E9D2),
	},
	moodAutumn: {
		mk([10]uint32{0x7BA3A8, 0xB7C4B1, 0xEBD9A9, 0xF9E2B0, 0xFFF3CC, 0xC9955C, 0x3B2A20, 0x7E8F86, 0xF7ECD6, 0x2C2018}, 0xC8441B, 0xE58A1F, 0xF2BE3E, 0x8C2F1B, 0x6B7A3A),
		mk([10]uint32{0xD98A4E, 0xE8AD68, 0xF4CE8E, 0xFBE6B8, 0xFFF5D2, 0xB5653A, 0x2E1D1A, 0xA06B4A, 0xF9EEDA, 0x261815}, 0xB23A1E, 0xDB6B1C, 0xEFB335, 0x7A2A1B, 0x556B2F),
	},
	moodSpring: {
		mk([10]uint32{0x9CC7D8, 0xC5DEDF, 0xF3DCE0, 0xFBE9DC, 0xFFF8EC, 0xB9CFC0, 0x39594B, 0x86B5BC, 0xFBF5EC, 0x2A3F38}, 0xF191A8, 0xF7C3CB, 0xE0567A, 0xFFE3B3, 0x8DB38B),
		mk([10]uint32{0x86B9C4, 0xB7D8CB, 0xE3ECCB, 0xFBF1CF, 0xFFF9E3, 0xA9C9A0, 0x2F5239, 0x74AFAE, 0xFAF6E8, 0x243B2B}, 0xFF8FA3, 0xFFC94D, 0x7A9E7E, 0xEE6C4D, 0xFFF2E0),
	},
	moodWinter: {
		mk([10]uint32{0x6E8FB0, 0xA3BBD0, 0xD3DFE8, 0xF4EEE9, 0xFFF7EC, 0xB3C6D6, 0x2A3B54, 0x7C9BB8, 0xF7F6F3, 0x1F2B3E}, 0xC44536, 0xE0A458, 0x3D5A80, 0x98C1D9, 0xFFFFFF),
		mk([10]uint32{0x8C8FB5, 0xBDB5CF, 0xE9CFD6, 0xFBE6DC, 0xFFF4E6, 0xC3C0D6, 0x313554, 0x9495BC, 0xF9F5F4, 0x262940}, 0xD1495B, 0xEDAE49, 0x66729B, 0xA9B4DA, 0xFFFFFF),
	},
	moodDesert: {
		mk([10]uint32{0x4E8FA6, 0x9EBFB4, 0xEBD9A8, 0xF8DFA6, 0xFFF6DA, 0xE0A868, 0x7A3B24, 0x5DA0A0, 0xFAEED6, 0x43231A}, 0xC1440E, 0xE88D3A, 0x2A7F86, 0x6B8E4E, 0xFFE6BD),
		mk([10]uint32{0xE98B5F, 0xF3AE74, 0xF9CF92, 0xFDE7B9, 0xFFF7DC, 0xD9794A, 0x5A2333, 0xB06A55, 0xFCEFD8, 0x3B1722}, 0xA4243B, 0xD8973C, 0x5B2A4A, 0x2F6F73, 0xFFE8C2),
	},
	moodNeon: {
		mk([10]uint32{0x120A2E, 0x2B0F54, 0x6A1B7E, 0xE0458B, 0xFFD166, 0x4A1A74, 0x0A0618, 0x1C0D45, 0xF3E6FF, 0x0A0618}, 0xFF2E88, 0x00E5FF, 0xFFD23F, 0x7C4DFF, 0x3DFFB0),
		mk([10]uint32{0x04101F, 0x08263F, 0x0B4F6C, 0x1FB7B5, 0xFF5FA2, 0x0E4763, 0x030911, 0x072A45, 0xE6FBFF, 0x02070F}, 0x00F5D4, 0xFF477E, 0xFEE440, 0x3A86FF, 0xB388FF),
	},
	moodInk: {
		mk([10]uint32{0xEFE8D8, 0xF1EADB, 0xF3EDDF, 0xF2ECDD, 0xC8402E, 0xC9C5BA, 0x1E1D1C, 0xDAD5C8, 0xF3EDDF, 0x1A1918}, 0xB8392A, 0x3A3936, 0x6E6A62, 0xA8A296, 0x23211F),
	},
}

// choosePalette picks colours for the time and the weather of the plan, and
// bends them towards the references and the colours that are named. Variations
// take another palette of the same mood.
func choosePalette(p Plan, d *dice, index int) palette {
	m := chooseMood(p, d)
	list := palettes[m]
	pal := list[(d.pick(len(list))+index)%len(list)]
	pal.hues = slices.Clone(pal.hues)
	pal.night, pal.neon = m == moodNight || m == moodNeon, m == moodNeon
	if len(p.Palette) > 0 {
		pal = pal.from(p.Palette)
	}
	if m != moodInk {
		pal = pal.named(p)
	}
	if p.Has(Minimal) && !pal.night {
		for i, c := range pal.sky {
			pal.sky[i] = c.mix(pal.paper, 0.4)
		}
	}
	switch {
	case p.Has(Pastel):
		pal = pal.each(func(c col) col { return c.mix(pal.paper, 0.28).vivid(0.95) })
	case p.Has(Dark) && !pal.night:
		pal = pal.each(func(c col) col { return c.light(-0.13) })
	}
	if p.Has(Warm) {
		pal = pal.each(func(c col) col { return c.times(col{1.03, 0.99, 0.91}) })
	}
	if p.Has(Cool) {
		pal = pal.each(func(c col) col { return c.times(col{0.92, 0.99, 1.03}) })
	}
	return pal
}

func chooseMood(p Plan, d *dice) mood {
	switch {
	case p.Has(Ink):
		return moodInk
	case p.Has(Neon):
		return moodNeon
	case p.Has(Sunrise):
		return moodSunrise
	case p.Has(Sunset):
		return moodSunset
	case p.Has(Night, Moon, Star, Aurora, Space):
		return moodNight
	case p.Has(Autumn):
		return moodAutumn
	case p.Has(Snow, Winter):
		return moodWinter
	case p.Has(Mist, Rain):
		return moodMist
	case p.Has(Desert):
		return moodDesert
	case p.Has(Spring):
		return moodSpring
	case p.Has(Day, Summer, Cloud):
		return moodDay
	}
	open := []mood{moodDay, moodSunrise, moodSunset, moodNight, moodMist, moodAutumn, moodSpring, moodDay, moodSunrise}
	return open[d.pick(len(open))]
}

// each changes every colour but paper and ink.
func (p palette) each(f func(col) col) palette {
	for i, c := range p.sky {
		p.sky[i] = f(c)
	}
	p.sun, p.far, p.near, p.water = f(p.sun), f(p.far), f(p.near), f(p.water)
	p.hues = slices.Clone(p.hues)
	for i, c := range p.hues {
		p.hues[i] = f(c)
	}
	return p
}

// from puts the colours of references, dark to light, in the places of the
// palette.
func (p palette) from(refs []RGB) palette {
	at := func(t float32) col {
		f := t * float32(len(refs)-1)
		i := min(int(f), len(refs)-1)
		return refs[i].col().lab().mix(refs[min(i+1, len(refs)-1)].col().lab(), f-float32(i)).col()
	}
	keep := func(was col, t float32) col { // the reference's hue, half of the scene's own light
		c := at(t).lab()
		c.l = lerp(c.l, was.lab().l, 0.55)
		return c.col()
	}
	sky := [4]float32{0.45, 0.65, 0.85, 1}
	if p.night {
		sky = [4]float32{0, 0.15, 0.3, 0.5}
	}
	for i, t := range sky {
		p.sky[i] = keep(p.sky[i], t)
	}
	p.far, p.near, p.water = keep(p.far, 0.55), keep(p.near, 0), keep(p.water, 0.35)
	p.sun, p.paper, p.ink = p.sun.mix(at(1), 0.4), p.paper.mix(at(1), 0.5), p.ink.mix(at(0), 0.5)
	p.hues = p.hues[:0]
	for _, c := range refs {
		p.hues = append(p.hues, c.col())
	}
	slices.SortStableFunc(p.hues, func(a, b col) int { return cmp.Compare(b.lab().chroma(), a.lab().chroma()) }) // the brightest first
	return p
}

// colourOf are the colours that can be named.
var colourOf = map[Idea]col{
	Red: hex(0xCF3A2E), Orange: hex(0xEB7F2F), Yellow: hex(0xE9B23A), Green: hex(0x4F8A5B), Teal: hex(0x2A9D9A),
	Blue: hex(0x2F6DB5), Purple: hex(0x7B559E), Pink: hex(0xEE8CA6), Brown: hex(0x8A5A3C),
	Black: hex(0x23222A), White: hex(0xF4EFE6), Grey: hex(0x8D9296),
}

// named gives the colours that the prompt names, in its order.
func (p Plan) named() []col {
	var out []col
	for _, i := range p.Ideas {
		if c, ok := colourOf[i]; ok {
			out = append(out, c)
		}
	}
	return out
}

// named bends the palette to the colours of the prompt: warm ones go to the sky,
// cool ones to the land, and all of them to what may shine.
func (p palette) named(plan Plan) palette {
	list := plan.named()
	if len(list) == 0 {
		return p
	}
	warm, cool := list[0], list[len(list)-1]
	if w, c := warm.lab(), cool.lab(); c.a+c.b > w.a+w.b {
		warm, cool = cool, warm
	}
	p.hues = append(list, p.hues...)
	for i, c := range p.sky {
		p.sky[i] = c.tint(warm, 0.55)
	}
	p.far, p.near, p.water = p.far.tint(cool, 0.6), p.near.tint(cool, 0.6), p.water.tint(cool, 0.6)
	return p
}
