package paint

// band is some rows of the picture, three floats a pixel.
type band struct {
	w, h   int // of the whole picture
	y0, y1 int // the rows that are here
	px     []float32
	brush  brush
}

// row gives the pixels of row y of the picture, which must be here.
func (b *band) row(y int) []float32 { return b.px[3*b.w*(y-b.y0) : 3*b.w*(y-b.y0+1)] }

// get reads a pixel; outside of what is here it takes the nearest.
func (b *band) get(x, y int) col {
	x, y = min(max(x, 0), b.w-1), min(max(y, b.y0), b.y1-1)
	p := b.px[3*(b.w*(y-b.y0)+x):]
	return col{p[0], p[1], p[2]}
}

// over lays c over a pixel, a covering it from 0 to 1.
func over(p []float32, c col, a float32) {
	p[0] += (c.r - p[0]) * a
	p[1] += (c.g - p[1]) * a
	p[2] += (c.b - p[2]) * a
}

// screen adds light, and never more than white.
func screen(p []float32, c col, a float32) {
	p[0] += c.r * a * (1 - p[0])
	p[1] += c.g * a * (1 - p[1])
	p[2] += c.b * a * (1 - p[2])
}

// shader gives the colour and the cover of a pixel.
type shader func(x, y float32) (col, float32)

func flat(c col) shader { return func(x, y float32) (col, float32) { return c, 1 } }

// wash fills everything from row top to row bottom, which fade in and out over
// soft pixels.
func (s *scene) wash(f func(x, y float32) col) {
	s.add(func(b *band) {
		for y := b.y0; y < b.y1; y++ {
			row := b.row(y)
			for x := 0; x < b.w; x++ {
				c := f(float32(x), float32(y))
				row[3*x], row[3*x+1], row[3*x+2] = c.r, c.g, c.b
			}
		}
	})
}

// veil lays a shader over a rectangle of the picture.
func (s *scene) veil(x0, y0, x1, y1 float32, f shader) {
	s.add(func(b *band) {
		xa, xb := max(0, floor(x0)), min(b.w, floor(x1)+1)
		for y := max(b.y0, floor(y0)); y < min(b.y1, floor(y1)+1); y++ {
			row := b.row(y)
			for x := xa; x < xb; x++ {
				if c, a := f(float32(x), float32(y)); a > 0 {
					over(row[3*x:3*x+3], c, a)
				}
			}
		}
	})
}

// glow adds light around a point that falls off like a bell; r is where a tenth
// is left.
func (s *scene) glow(cx, cy, r float32, c col, strength float32) {
	const steps = 1024
	var table [steps + 1]float32
	for i := range table {
		d := float32(i) / steps * 1.6 // in r, squared below
		table[i] = max(0, strength*(exp(-2.3*d*d)-exp(-2.3*1.6*1.6)))
	}
	reach := r * 1.6
	s.add(func(b *band) {
		xa, xb := max(0, floor(cx-reach)), min(b.w, floor(cx+reach)+1)
		for y := max(b.y0, floor(cy-reach)); y < min(b.y1, floor(cy+reach)+1); y++ {
			row, dy := b.row(y), float32(y)-cy
			for x := xa; x < xb; x++ {
				dx := float32(x) - cx
				if d := sqrt(dx*dx+dy*dy) / reach; d < 1 {
					screen(row[3*x:3*x+3], c, table[int(d*steps)])
				}
			}
		}
	})
}

// disc lays a shader over a circle with a soft edge of one pixel.
func (s *scene) disc(cx, cy, r float32, f shader) {
	s.veil(cx-r-1, cy-r-1, cx+r+1, cy+r+1, func(x, y float32) (col, float32) {
		a := clamp01(r + 0.5 - hypot(x-cx, y-cy))
		if a == 0 {
			return col{}, 0
		}
		c, k := f(x, y)
		return c, a * k
	})
}

// below fills what lies under a line, which gives the height in pixels for each
// column, down to the line until, where something else will cover it (nil: to the
// foot). depth is how far under the line a pixel is.
func (s *scene) below(line, until []float32, f func(x int, y, depth float32) (col, float32)) {
	top, low := line[0], float32(0)
	for x, l := range line {
		top = min(top, l)
		if until != nil {
			low = max(low, until[x])
		}
	}
	end := s.h
	if until != nil {
		end = min(s.h, floor(low)+2)
	}
	s.add(func(b *band) {
		for y := max(b.y0, floor(top)-1); y < min(b.y1, end); y++ {
			row, fy := b.row(y), float32(y)
			for x, l := range line {
				depth := fy - l
				if depth <= -0.5 || until != nil && fy > until[x]+1 {
					continue
				}
				c, a := f(x, fy, max(depth, 0))
				if depth < 0.5 {
					a *= depth + 0.5
				}
				over(row[3*x:3*x+3], c, a)
			}
		}
	})
}

// covered gives, for each of several lines from back to front, the line under
// which the later ones hide it; nil for the last.
func covered(lines [][]float32) [][]float32 {
	out := make([][]float32, len(lines))
	for i := len(lines) - 2; i >= 0; i-- {
		out[i] = make([]float32, len(lines[i]))
		for x := range out[i] {
			out[i][x] = lines[i+1][x]
			if out[i+1] != nil {
				out[i][x] = min(out[i][x], out[i+1][x])
			}
		}
	}
	return out
}

// level is a line that is flat.
func (s *scene) level(y float32) []float32 {
	out := make([]float32, s.w)
	for x := range out {
		out[x] = y
	}
	return out
}
