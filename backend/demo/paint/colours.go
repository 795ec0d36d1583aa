package paint

import (
	"cmp"
	"image"
	"slices"
)

// Colours finds the main colours of a picture, from dark to light: all that is
// kept of a reference. There are none if nothing of it can be seen.
func Colours(img image.Image) []RGB {
	points := sample(img)
	if len(points) == 0 {
		return nil
	}
	const groups = 5
	slices.SortFunc(points, func(a, b lab) int { return cmp.Compare(a.l, b.l) })
	middles := make([]lab, groups)
	for i := range middles {
		middles[i] = points[(2*i+1)*len(points)/(2*groups)]
	}
	for range 8 {
		middles = means(points, middles)
	}
	out := make([]RGB, 0, groups)
	slices.SortFunc(middles, func(a, b lab) int { return cmp.Compare(a.l, b.l) })
	for _, m := range middles {
		out = append(out, m.col().rgb())
	}
	return out
}

// sample looks at some 1,600 places of a picture.
func sample(img image.Image) []lab {
	const across = 40
	r := img.Bounds()
	var out []lab
	for j := range across {
		for i := range across {
			x, y := r.Min.X+(2*i+1)*r.Dx()/(2*across), r.Min.Y+(2*j+1)*r.Dy()/(2*across)
			red, green, blue, a := img.At(x, y).RGBA()
			if a < 0x8000 {
				continue
			}
			k := 1 / float32(a)
			out = append(out, col{float32(red) * k, float32(green) * k, float32(blue) * k}.lab())
		}
	}
	return out
}

// means moves each middle to the mean of the points that are nearest to it.
func means(points, middles []lab) []lab {
	sums, counts := make([]lab, len(middles)), make([]float32, len(middles))
	for _, p := range points {
		best, near := 0, float32(1e9)
		for i, m := range middles {
			dl, da, db := p.l-m.l, (p.a-m.a)*2, (p.b-m.b)*2
			if d := dl*dl + da*da + db*db; d < near {
				best, near = i, d
			}
		}
		sums[best] = lab{sums[best].l + p.l, sums[best].a + p.a, sums[best].b + p.b}
		counts[best]++
	}
	out := slices.Clone(middles)
	for i, n := range counts {
		if n > 0 {
			out[i] = lab{sums[i].l / n, sums[i].a / n, sums[i].b / n}
		}
	}
	return out
}

// Mix adds the colours of a reference to a plan; at most maxColours stay, spread
// from dark to light.
func (p *Plan) Mix(colours []RGB) {
	all := slices.Concat(p.Palette, colours)
	slices.SortStableFunc(all, func(a, b RGB) int { return cmp.Compare(a.col().lab().l, b.col().lab().l) })
	if n := len(all); n > maxColours {
		spread := make([]RGB, maxColours)
		for i := range spread {
			spread[i] = all[i*(n-1)/(maxColours-1)]
		}
		all = spread
	}
	p.Palette = all
}
