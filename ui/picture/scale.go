package picture

import (
	"context"
	"image"
	"image/draw"
	"slices"

	xdraw "golang.org/x/image/draw"
)

// Scale gives the picture in w x h pixels, which may be the picture itself. A picture is first halved by averaging until it is
// less than twice as large, and then resampled: that costs a fifth of
// resampling at once, and does not alias.
func Scale(ctx context.Context, img image.Image, w, h int) (*image.RGBA, error) {
	var src *image.RGBA
	if b := img.Bounds(); b.Dx() >= 2*w && b.Dy() >= 2*h {
		src = halveAny(img)
	} else {
		src = toRGBA(img)
	}
	for src.Rect.Dx() >= 2*w && src.Rect.Dy() >= 2*h {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src = halve(src)
	}
	if src.Rect.Dx() == w && src.Rect.Dy() == h {
		return src, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.BiLinear.Scale(dst, dst.Rect, src, src.Rect, xdraw.Src, nil)
	return dst, nil
}

// flatten gives a picture that can be seen through as it stands over the
// terminal's background, over black where that is not known.
func (t Terminal) flatten(m *image.RGBA) *image.RGBA {
	if m.Opaque() {
		return m
	}
	m = &image.RGBA{Pix: slices.Clone(m.Pix), Stride: m.Stride, Rect: m.Rect}
	back := [3]int{int(t.back.R), int(t.back.G), int(t.back.B)}
	for i := 0; i+4 <= len(m.Pix); i += 4 {
		p := m.Pix[i : i+4 : i+4]
		clear := 255 - int(p[3])
		for k, v := range back {
			p[k] = uint8(min(255, int(p[k])+(v*clear+127)/255))
		}
		p[3] = 255
	}
	return m
}

func toRGBA(img image.Image) *image.RGBA {
	if m, ok := img.(*image.RGBA); ok && m.Rect.Min == (image.Point{}) {
		return m
	}
	b := img.Bounds()
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, img, b.Min, draw.Src)
	return m
}

// halveAny is halve for any kind of picture. It is made four bytes a pixel band by
// band: a whole large one would take more memory than the rest of the program.
func halveAny(img image.Image) *image.RGBA {
	if m, ok := img.(*image.RGBA); ok && m.Rect.Min == (image.Point{}) {
		return halve(m)
	}
	const rows = 64
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	band := image.NewRGBA(image.Rect(0, 0, b.Dx(), rows))
	for y := 0; y < b.Dy()-1; y += rows {
		band.Rect.Max.Y = min(rows, b.Dy()-y)
		draw.Draw(band, band.Rect, img, b.Min.Add(image.Pt(0, y)), draw.Src)
		copy(dst.Pix[y/2*dst.Stride:], halve(band).Pix)
	}
	return dst
}

// halve averages squares of four pixels. An odd last row or column goes.
func halve(src *image.RGBA) *image.RGBA {
	w, h := src.Rect.Dx()/2, src.Rect.Dy()/2
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		a := src.Pix[2*y*src.Stride:]
		b := src.Pix[(2*y+1)*src.Stride:]
		d := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for x := 0; x < len(d); x += 4 {
			p, q := a[2*x:2*x+8:2*x+8], b[2*x:2*x+8:2*x+8]
			for i := range 4 {
				d[x+i] = uint8((uint(p[i]) + uint(p[i+4]) + uint(q[i]) + uint(q[i+4]) + 2) / 4)
			}
		}
	}
	return dst
}
