package picture

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // the first frame
	_ "image/jpeg" // so that it can be decoded
	_ "image/png"  // so that it can be decoded
	"io"

	_ "golang.org/x/image/webp" // so that it can be decoded
)

// MaxPixels is the most that a picture may claim and still be decoded: 8192 x
// 8192, which NanoBananaPro-8K may reach, is 268 MB in memory.
const MaxPixels = 8192 * 8192

// maxBytes is the most memory that decoding may take. Pixels of 16 bits and
// progressive JPEGs, whose waves are all kept until the end, reach it sooner.
const maxBytes = 4 * MaxPixels

// TooLarge is the error for a picture that claims more than MaxPixels, or would
// take more memory to decode than that many.
type TooLarge struct{ Width, Height int }

func (e TooLarge) Error() string {
	return fmt.Sprintf("too large to be shown: %d x %d pixels", e.Width, e.Height)
}

// Decode decodes a picture from what can be read twice. It reads the claimed size
// before anything is allocated for it; a GIF gives its first frame. The error says
// what is wrong with the bytes, and that they are cut or broken is an error. It
// never panics, whatever they are.
func Decode(ctx context.Context, r io.ReadSeeker) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("cannot be decoded: %v", p)
		}
	}()
	c, format, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("cannot be decoded: %w", err)
	}
	facts := photo{turn: 1}
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		facts = readPhoto(bufio.NewReader(r))
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxBytes/c.Height/perPixel(c.ColorModel, facts.progressive) {
		return nil, TooLarge{c.Width, c.Height}
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err = image.Decode(bufio.NewReaderSize(cancelable{ctx, r}, 64<<10))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot be decoded: %w", err)
	}
	return turned(img, facts.turn), nil
}

// perPixel is how many bytes a pixel takes while a picture is decoded; four at
// least, for it is made of four to be shown.
func perPixel(m color.Model, progressive bool) int {
	switch {
	case progressive:
		return 15
	case m == color.RGBA64Model || m == color.NRGBA64Model:
		return 8
	}
	return 4
}

// cancelable ends a decoding when nobody waits for it any more.
type cancelable struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
