package paint

import "math"

// RGB is a colour in sRGB bytes: what a plan carries.
type RGB [3]uint8

// col is a colour in sRGB, 0 to 1 each. Paint is mixed in sRGB, as on a screen
// of flat gouache tones; gradients and tints go through OKLab.
type col struct{ r, g, b float32 }

func hex(v uint32) col {
	return col{float32(v>>16&255) / 255, float32(v>>8&255) / 255, float32(v&255) / 255}
}

func (c RGB) col() col { return hex(uint32(c[0])<<16 | uint32(c[1])<<8 | uint32(c[2])) }

func (c col) rgb() RGB { return RGB{to8(c.r), to8(c.g), to8(c.b)} }

func to8(f float32) uint8 { return uint8(clamp01(f)*255 + 0.5) }

func clamp01(f float32) float32 { return min(max(f, 0), 1) }

// mix goes from c to d.
func (c col) mix(d col, t float32) col {
	return col{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

func (c col) mul(k float32) col { return col{c.r * k, c.g * k, c.b * k} }

// times multiplies as ink on paper does.
func (c col) times(d col) col { return col{c.r * d.r, c.g * d.g, c.b * d.b} }

func (c col) luma() float32 { return 0.3*c.r + 0.59*c.g + 0.11*c.b }

// lab is a colour in OKLab.
type lab struct{ l, a, b float32 }

func linear(f float32) float64 {
	if f <= 0.04045 {
		return float64(f) / 12.92
	}
	return math.Pow((float64(f)+0.055)/1.055, 2.4)
}

func gamma(f float64) float32 {
	if f <= 0.0031308 {
		return float32(max(0, f) * 12.92)
	}
	return float32(min(1.055*math.Pow(f, 1/2.4)-0.055, 1))
}

func (c col) lab() lab {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return lab{
		float32(0.2104542553*l + 0.7936177850*m - 0.0040720468*s),
		float32(1.9779984951*l - 2.4285922050*m + 0.4505937099*s),
		float32(0.0259040371*l + 0.7827717662*m - 0.8086757660*s),
	}
}

func (c lab) col() col {
	l := float64(c.l) + 0.3963377774*float64(c.a) + 0.2158037573*float64(c.b)
	m := float64(c.l) - 0.1055613458*float64(c.a) - 0.0638541728*float64(c.b)
	s := float64(c.l) - 0.0894841775*float64(c.a) - 1.2914855480*float64(c.b)
	l, m, s = l*l*l, m*m*m, s*s*s
	return col{
		gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

func (c lab) mix(d lab, t float32) lab {
	return lab{c.l + (d.l-c.l)*t, c.a + (d.a-c.a)*t, c.b + (d.b-c.b)*t}
}

func (c lab) chroma() float32 { return float32(math.Hypot(float64(c.a), float64(c.b))) }

// light makes a colour lighter or darker by d of OKLab's lightness (0 to 1).
func (c col) light(d float32) col {
	l := c.lab()
	l.l = clamp01(l.l + d)
	return l.col()
}

// vivid scales the chroma.
func (c col) vivid(k float32) col {
	l := c.lab()
	l.a, l.b = l.a*k, l.b*k
	return l.col()
}

// tint turns the hue towards d by t, and keeps the lightness.
func (c col) tint(d col, t float32) col {
	from, to := c.lab(), d.lab()
	k := float32(1)
	if ch := to.chroma(); ch > 0.02 {
		k = min(1, max(from.chroma(), 0.75*ch)/ch)
	}
	return lab{from.l, from.a + (to.a*k-from.a)*t, from.b + (to.b*k-from.b)*t}.col()
}

// ramp is a gradient, ready to be looked up.
type ramp [257]col

// newRamp goes through the stops in equal steps, in OKLab.
func newRamp(stops ...col) *ramp {
	labs := make([]lab, len(stops))
	for i, c := range stops {
		labs[i] = c.lab()
	}
	var r ramp
	for i := range r {
		t := float32(i) / 256 * float32(len(labs)-1)
		k := min(int(t), max(0, len(labs)-2))
		r[i] = labs[k].mix(labs[min(k+1, len(labs)-1)], t-float32(k)).col()
	}
	return &r
}

// at gives the colour at t, from 0 to 1.
func (r *ramp) at(t float32) col {
	f := clamp01(t) * 256
	i := min(int(f), 255)
	return r[i].mix(r[i+1], f-float32(i))
}
