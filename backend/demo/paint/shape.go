package paint

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"
)

// pt is a point in pixels.
type pt struct{ x, y float32 }

func (p pt) add(q pt) pt            { return pt{p.x + q.x, p.y + q.y} }
func (p pt) mul(k float32) pt       { return pt{p.x * k, p.y * k} }
func (p pt) mix(q pt, t float32) pt { return pt{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t} }
func (p pt) turn(angle float32) pt {
	s, c := sin(angle), cos(angle)
	return pt{p.x*c - p.y*s, p.x*s + p.y*c}
}

// path is a closed outline.
type path []pt

// place moves a path from a drawing around the origin onto the picture: scaled,
// turned, shifted.
func (p path) place(at pt, scale, angle float32) path {
	out := make(path, len(p))
	for i, q := range p {
		out[i] = q.mul(scale).turn(angle).add(at)
	}
	return out
}

// flip mirrors a path left to right.
func (p path) flip() path {
	out := make(path, len(p))
	for i, q := range p {
		out[i] = pt{-q.x, q.y}
	}
	return out
}

// bounds gives the corners of the box around a path.
func (p path) bounds() (lo, hi pt) {
	lo, hi = p[0], p[0]
	for _, q := range p {
		lo = pt{min(lo.x, q.x), min(lo.y, q.y)}
		hi = pt{max(hi.x, q.x), max(hi.y, q.y)}
	}
	return lo, hi
}

// curve draws a smooth closed line through the points.
func curve(points ...pt) path {
	n := len(points)
	out := make(path, 0, n*8)
	for i := range points {
		a, b, c, d := points[(i+n-1)%n], points[i], points[(i+1)%n], points[(i+2)%n]
		for k := range 8 {
			out = append(out, catmull(a, b, c, d, float32(k)/8))
		}
	}
	return out
}

// bend draws a smooth open line through the points, k steps between each two.
func bend(k int, points ...pt) []pt {
	n := len(points)
	var out []pt
	for i := range n - 1 {
		a, b, c, d := points[max(i-1, 0)], points[i], points[i+1], points[min(i+2, n-1)]
		for j := range k {
			out = append(out, catmull(a, b, c, d, float32(j)/float32(k)))
		}
	}
	return append(out, points[n-1])
}

func catmull(a, b, c, d pt, t float32) pt {
	f := func(a, b, c, d float32) float32 {
		return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
	}
	return pt{f(a.x, b.x, c.x, d.x), f(a.y, b.y, c.y, d.y)}
}

// ribbon gives a line a width: wide(t) is half of it at t, 0 to 1 along the line.
func ribbon(line []pt, wide func(t float32) float32) path {
	n := len(line)
	out := make(path, 2*n)
	for i, p := range line {
		a, b := line[max(i-1, 0)], line[min(i+1, n-1)]
		dx, dy := b.x-a.x, b.y-a.y
		l := max(hypot(dx, dy), 1e-4)
		w := wide(float32(i) / float32(max(n-1, 1)))
		out[i] = pt{p.x - dy/l*w, p.y + dx/l*w}
		out[2*n-1-i] = pt{p.x + dy/l*w, p.y - dx/l*w}
	}
	return out
}

func ellipse(c pt, rx, ry float32) path {
	out := make(path, 48)
	for i := range out {
		a := float32(i) / 48 * 2 * pi
		out[i] = pt{c.x + rx*cos(a), c.y + ry*sin(a)}
	}
	return out
}

func box(x0, y0, x1, y1 float32) path { return path{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}} }

// fill lays a shader over the inside of paths (the winding of all of them
// together), with smooth edges.
func (s *scene) fill(f shader, paths ...path) { s.fillOver(over, f, paths...) }

// lay is how a colour meets what is there: over or screen.
type lay func(p []float32, c col, a float32)

func (s *scene) fillOver(how lay, f shader, paths ...path) {
	s.add(func(b *band) {
		for _, p := range paths {
			b.fill(how, f, p)
		}
	})
}

// brush holds what rasterising needs, so that a thousand shapes do not allocate.
type brush struct {
	z    *vector.Rasterizer
	mask *image.Alpha
}

// fill rasterises the part of a path that is on the band.
func (b *band) fill(how lay, f shader, p path) {
	if len(p) < 3 {
		return
	}
	lo, hi := p.bounds()
	x0, x1 := max(0, floor(lo.x)), min(b.w, floor(hi.x)+2)
	y0, y1 := max(b.y0, floor(lo.y)), min(b.y1, floor(hi.y)+2)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	if b.brush.z == nil {
		b.brush.z, b.brush.mask = vector.NewRasterizer(1, 1), &image.Alpha{}
	}
	w, h := x1-x0, y1-y0
	z, mask := b.brush.z, b.brush.mask
	z.Reset(w, h)
	ox, oy := float32(x0), float32(y0)
	z.MoveTo(p[0].x-ox, p[0].y-oy)
	for _, q := range p[1:] {
		z.LineTo(q.x-ox, q.y-oy)
	}
	z.ClosePath()
	if cap(mask.Pix) < w*h {
		mask.Pix = make([]uint8, w*h)
	}
	mask.Pix, mask.Stride, mask.Rect = mask.Pix[:w*h], w, image.Rect(0, 0, w, h)
	z.DrawOp = draw.Src // the mask is written whole
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for y := range h {
		row, cover := b.row(y0 + y)[3*x0:], mask.Pix[y*w:(y+1)*w]
		for x, a := range cover {
			if a == 0 {
				continue
			}
			c, k := f(float32(x0+x), float32(y0+y))
			how(row[3*x:3*x+3], c, k*float32(a)*(1./255))
		}
	}
}
