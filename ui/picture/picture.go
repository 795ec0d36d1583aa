// Package picture shows a picture in a rectangle of a terminal's cells by the
// best way that the terminal has: kitty graphics with Unicode placeholders,
// iTerm2 inline, sixel, coloured blocks, or a card of text.
//
// What a terminal can do, how a file is decoded without trust in it, and how
// pixels become cells or escape sequences belongs here. Which picture is shown,
// where and when belongs to the pages. Decoding, scaling and encoding take their
// time: call Draw from a command, never from Update or View.
package picture

import (
	"context"
	"image"
)

// Way is a way to show a picture.
type Way string

// The ways, best first.
const (
	Kitty  Way = "kitty"
	ITerm2 Way = "iterm2"
	Sixel  Way = "sixel"
	Blocks Way = "blocks"
	Off    Way = "off" // a card of text
)

// Drawn is a picture made ready for a rectangle of cells.
type Drawn struct {
	// Cells are the lines for View, each of the same width: placeholders,
	// blocks, or blanks where the terminal paints over them. They may be fewer
	// and narrower than the rectangle: a picture keeps its shape.
	Cells      []string
	Cols, Rows int

	// Once is what the terminal must be sent once, before or with the cells:
	// the pixels, for kitty. They are whole sequences, in their order; text may
	// come between them, and no other graphics.
	Once []string

	// Over is what must be written over the blank cells, with the cursor at the
	// first of them, after every frame that touched them: iTerm2 and sixel.
	Over string

	// Less says that the pixels are fewer than the cells have, for the sake of the
	// bytes.
	Less bool

	Width, Height int // of the file, in pixels
}

// Draw makes a decoded picture ready for a rectangle of at most cols x rows
// cells. id names it at a kitty terminal, 1 to 255. The context is looked at
// between the steps: a picture that nobody waits for costs little.
func Draw(ctx context.Context, t Terminal, img image.Image, id, cols, rows int) (Drawn, error) {
	b := img.Bounds()
	if cols < 1 || rows < 1 || b.Empty() {
		return Drawn{}, nil
	}
	cell := t.cell()
	c, r := Fit(b.Dx(), b.Dy(), cols, rows, cell)
	var d Drawn
	var err error
	switch t.Way() {
	case Kitty:
		d, err = drawKitty(ctx, t, img, id, c, r)
	case ITerm2:
		d, err = drawITerm2(ctx, t, img, c, r)
	case Sixel:
		d, err = drawSixel(ctx, t, img, c, r)
	case Blocks:
		d, err = drawBlocks(ctx, t, img, c, r)
	}
	d.Cols, d.Rows, d.Width, d.Height = c, r, b.Dx(), b.Dy()
	return d, err
}

// Fit gives the largest rectangle of cells inside cols x rows that has the shape
// of a picture of w x h pixels, where a cell measures cell pixels. It is at
// least one cell.
func Fit(w, h, cols, rows int, cell image.Point) (c, r int) {
	if w <= 0 || h <= 0 || cols < 1 || rows < 1 {
		return 1, 1
	}
	// Compare cols*cellW / (rows*cellH) with w/h without dividing.
	if cols*cell.X*h <= rows*cell.Y*w {
		c = cols
		r = (cols*cell.X*h + w*cell.Y/2) / (w * cell.Y)
	} else {
		r = rows
		c = (rows*cell.Y*w + h*cell.X/2) / (h * cell.X)
	}
	return min(max(c, 1), cols), min(max(r, 1), rows)
}
