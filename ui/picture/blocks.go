package picture

import (
	"context"
	"image"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// quadrants are the block characters by which of the four quarters of a cell
// are in the foreground: 1 upper left, 2 upper right, 4 lower left, 8 lower
// right.
var quadrants = [16]rune{' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'}

// cellBudget is how many bytes a cell of blocks may take on the wire in the
// mean: 60 x 25 cells stay under 60,000.
const cellBudget = 37

// drawBlocks shows two colours and one of sixteen shapes in every cell: the
// split of its four quarters into two groups that loses least. A picture that
// changes so much from cell to cell that it weighs too much keeps colours that
// are near enough to those of the cell before.
func drawBlocks(ctx context.Context, t Terminal, img image.Image, cols, rows int) (Drawn, error) {
	small, err := Scale(ctx, img, 2*cols, 2*rows)
	if err != nil {
		return Drawn{}, err
	}
	small = t.flatten(small)
	if t.profile < colorprofile.TrueColor {
		small = dither(small)
	}
	var lines []string
	for near := 0; near < 1<<16; near = 3*near + 48 {
		lines = t.blocksOf(small, cols, rows, near)
		n := 0
		for _, line := range lines {
			n += len(line)
		}
		if n <= cellBudget*cols*rows || ctx.Err() != nil {
			break
		}
	}
	return Drawn{Cells: lines}, ctx.Err()
}

// blocksOf draws the lines. A colour within the squared distance near of the one
// before is taken for the same.
func (t Terminal) blocksOf(small *image.RGBA, cols, rows, near int) []string {
	lines := make([]string, rows)
	var b strings.Builder
	for r := range rows {
		b.Reset()
		var last [2]string
		var was [2]rgb
		for c := range cols {
			shape, fg, bg := split(small, 2*c, 2*r)
			if c > 0 && distance(bg, was[1]) <= near {
				bg = was[1]
			}
			if c > 0 && (shape == 0 || last[0] != "" && distance(fg, was[0]) <= near) {
				fg = was[0] // a blank has no foreground
			}
			was = [2]rgb{fg, bg}
			f, g := t.color(fg, "38"), t.color(bg, "48")
			if shape == 0 {
				f = last[0]
			}
			if f != last[0] || g != last[1] {
				b.WriteString("\x1b[")
				if f != last[0] {
					b.WriteString(f)
				}
				if f != last[0] && g != last[1] {
					b.WriteByte(';')
				}
				if g != last[1] {
					b.WriteString(g)
				}
				b.WriteByte('m')
				last = [2]string{f, g}
			}
			b.WriteRune(quadrants[shape])
		}
		b.WriteString("\x1b[m")
		lines[r] = b.String()
	}
	return lines
}

type rgb [3]int

// split finds the shape and the two colours of the cell whose upper left
// quarter is at x, y. Of a shape and its complement, the one with the upper
// left quarter in the background is taken, so that even areas are blanks.
func split(m *image.RGBA, x, y int) (shape int, fg, bg rgb) {
	var q [4]rgb
	for i := range q {
		p := m.Pix[m.PixOffset(x+i%2, y+i/2):]
		q[i] = rgb{int(p[0]), int(p[1]), int(p[2])}
	}
	best := -1
	for s := 0; s < 16; s += 2 { // the upper left quarter is never in the foreground
		f, g, loss := colors(q, s)
		if best < 0 || loss < best {
			best, shape, fg, bg = loss, s, f, g
		}
		if loss == 0 && s == 0 {
			break
		}
	}
	return shape, fg, bg
}

// colors gives the mean colours of the two groups and the squared loss.
func colors(q [4]rgb, shape int) (fg, bg rgb, loss int) {
	var sum [2]rgb
	var n [2]int
	for i, c := range q {
		g := shape >> i & 1
		n[g]++
		for k := range 3 {
			sum[g][k] += c[k]
		}
	}
	for g := range 2 {
		for k := range 3 {
			if n[g] > 0 {
				sum[g][k] = (sum[g][k] + n[g]/2) / n[g]
			}
		}
	}
	for i, c := range q {
		m := sum[shape>>i&1]
		for k, weight := range [3]int{3, 6, 1} { // as bright as the eye sees them
			d := c[k] - m[k]
			loss += weight * d * d
		}
	}
	return sum[1], sum[0], loss
}

// color gives the SGR parameters of a colour under the terminal's profile.
func (t Terminal) color(c rgb, plane string) string {
	if t.profile >= colorprofile.TrueColor {
		return plane + ";2;" + strconv.Itoa(c[0]) + ";" + strconv.Itoa(c[1]) + ";" + strconv.Itoa(c[2])
	}
	return plane + ";5;" + strconv.Itoa(index256(c))
}

// index256 gives the nearest of the 240 fixed colours of a 256-colour terminal:
// of the cube, or of the greys.
func index256(c rgb) int {
	level := func(v int) int {
		switch {
		case v < 48:
			return 0
		case v < 115:
			return 1
		default:
			return (v - 35) / 40
		}
	}
	steps := [6]int{0, 95, 135, 175, 215, 255}
	var cube, grey rgb
	var i [3]int
	for k := range 3 {
		i[k] = level(c[k])
		cube[k] = steps[i[k]]
	}
	g := min(max(((c[0]+c[1]+c[2])/3-3)/10, 0), 23)
	grey = rgb{8 + 10*g, 8 + 10*g, 8 + 10*g}
	if distance(c, grey) < distance(c, cube) {
		return 232 + g
	}
	return 16 + 36*i[0] + 6*i[1] + i[2]
}

// fixed256 gives what a 256-colour terminal shows of a fixed colour.
func fixed256(i int) rgb {
	if i >= 232 {
		g := 8 + 10*(i-232)
		return rgb{g, g, g}
	}
	steps := [6]int{0, 95, 135, 175, 215, 255}
	i -= 16
	return rgb{steps[i/36], steps[i/6%6], steps[i%6]}
}

// dither spreads what 240 colours lose over the neighbours, half of it: the
// colours come out right in the mean, and even areas stay even enough that they
// cost few bytes.
func dither(src *image.RGBA) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rows := [2][]rgb{make([]rgb, w+2), make([]rgb, w+2)} // what is owed, in sixteenths; one cell of margin
	for y := range h {
		now, next := rows[y%2], rows[(y+1)%2]
		clear(next)
		for x := range w {
			p := src.Pix[src.PixOffset(x, y):]
			var c rgb
			for k := range c {
				c[k] = min(max(int(p[k])+now[x+1][k]/32, 0), 255)
			}
			got := fixed256(index256(c))
			q := m.Pix[m.PixOffset(x, y):]
			for k := range c {
				q[k] = uint8(got[k])
				owed := c[k] - got[k]
				if max(owed, -owed) < 14 {
					continue // it is not seen, and dots on paper are
				}
				now[x+2][k] += 7 * owed
				next[x][k] += 3 * owed
				next[x+1][k] += 5 * owed
				next[x+2][k] += owed
			}
			q[3] = 255
		}
	}
	return m
}

func distance(a, b rgb) int {
	d := 0
	for k := range 3 {
		d += (a[k] - b[k]) * (a[k] - b[k])
	}
	return d
}
